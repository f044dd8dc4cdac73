"""Words of weeks, statements, forecasts and key villages."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from heli.campaigns.types import Colour, SeatLevel
from heli.warnings.types import ContestStatus, ProposalStatus, StatementStatus, Tier

Text = str | Promise

GLYPHS: Mapping[Colour, str] = {Colour.GREEN: "○", Colour.YELLOW: "△", Colour.ORANGE: "◆", Colour.RED: "■"}
"""A shape for each colour, so that colour is never the only sign."""
WHY_NOT: Mapping[str, Text] = {"holiday": _("holiday week"), "paused": pgettext_lazy("week", "at rest")}
SEATS: Mapping[SeatLevel, Text] = {
    SeatLevel.DISTRICT: _("District"),
    SeatLevel.TOWN: _("Town"),
    SeatLevel.VILLAGE: _("Village"),
}
CONTESTS: Mapping[ContestStatus, Text] = {
    ContestStatus.OPEN: _("to be decided"),
    ContestStatus.UPHELD: _("red found wrong"),
    ContestStatus.REJECTED: _("red found right"),
}
CONTEST_TONES: Mapping[ContestStatus, str] = {
    ContestStatus.OPEN: "info",
    ContestStatus.UPHELD: "good",
    ContestStatus.REJECTED: "quiet",
}
STATEMENTS: Mapping[StatementStatus, Text] = {
    StatementStatus.DEMANDED: _("demanded"),
    StatementStatus.GIVEN: _("given"),
    StatementStatus.ACKNOWLEDGED: _("noted"),
    StatementStatus.WITHDRAWN: _("demand withdrawn"),
}
STATEMENT_TONES: Mapping[StatementStatus, str] = {
    StatementStatus.DEMANDED: "warn",
    StatementStatus.GIVEN: "info",
    StatementStatus.ACKNOWLEDGED: "good",
    StatementStatus.WITHDRAWN: "quiet",
}
PROPOSALS: Mapping[ProposalStatus, Text] = {
    ProposalStatus.PROPOSED: _("to be decided"),
    ProposalStatus.CONFIRMED: pgettext_lazy("proposal", "confirmed"),
    ProposalStatus.DISMISSED: _("left out"),
    ProposalStatus.LAPSED: _("lapsed with the demand"),
}
PROPOSAL_TONES: Mapping[ProposalStatus, str] = {
    ProposalStatus.PROPOSED: "info",
    ProposalStatus.CONFIRMED: "good",
    ProposalStatus.DISMISSED: "quiet",
    ProposalStatus.LAPSED: "quiet",
}
TIERS: Mapping[Tier, Text] = {
    Tier.CITY: _("city level"),
    Tier.DISTRICT: _("district level"),
    Tier.TOWN: _("town level"),
}


def week_words(label: str) -> str:
    """A week as offices write it: 2026年第48周 for "2026-W48"."""
    year, _sign, number = label.partition("-W")
    return gettext("week %(number)s of %(year)s") % {"year": year, "number": int(number)}
