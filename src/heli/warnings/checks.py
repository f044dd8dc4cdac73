"""Invariants of warnings that no constraint can say; asked by `heli check`. Reads only."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from heli.campaigns.queries.colours import rules_of
from heli.campaigns.rules.colours import Coloured
from heli.campaigns.types import Colour, SeatLevel
from heli.kernel.faults import Fault
from heli.warnings.models import Forecast, FrozenColour, FrozenWeek
from heli.warnings.queries.forecasting import Expected
from heli.warnings.services.weeks import digest
from heli.warnings.texts import week_words


def check_invariants() -> Iterator[Fault]:
    """Frozen weeks fit their hash."""
    for week in FrozenWeek.objects.select_related("campaign").order_by("pk").iterator(50):
        if digest_again(week) != week.sha256:
            text = _("The frozen %(week)s of “%(campaign)s” does not fit its hash.")
            given = {"week": week_words(week.label), "campaign": week.campaign.name}
            yield Fault("week_broken", text % given, source=f"campaign {week.campaign.public_id}")


def digest_again(week: FrozenWeek) -> str:
    """The hash of a frozen week from what is stored of it."""
    coloured = [
        Coloured(
            one.place_id, one.level, one.above_id or 0, Colour(one.colour), one.days_late, one.worst_key, one.open, one.late,
            one.done,
        )
        for one in FrozenColour.objects.filter(week=week)
    ]  # fmt: skip
    expected = [
        Expected(one.place_id, SeatLevel(one.level), one.p50_on, one.p80_on)
        for one in Forecast.objects.filter(week=week)
    ]
    return digest(
        week.campaign,
        ends_at=week.ends_at,
        number=week.number,
        rules=rules_of(week),
        why_not=week.why_not,
        coloured=coloured,
        expected=expected,
    )
