"""Figures of points as they stood at a moment: sums and counts of organisations, never a person.

Members are counted where they stand now: when somebody leaves they were never there.
"""

from collections import Counter
from functools import partial

from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop as _

from heli.bodies.queries import joint_links
from heli.bodies.types import LinkKind
from heli.kernel.declare import Ask, Direction
from heli.places.counted import CountedRow, counted, figure, moment_of
from heli.points.catalogues import act_words
from heli.points.ledger import READ
from heli.points.models import Member, PointsEntry


def linked(ask: Ask, kind: LinkKind) -> list[CountedRow]:
    """Links of a kind on the day: which organisation, since when."""
    links = ask.shared("points.links", lambda: joint_links(ask.district_ids, ask.on))
    return [
        counted(ask, (place, None, district), (1, 1), (name, since))
        for place, district, one, name, since in links
        if one is kind
    ]


def members(ask: Ask) -> list[CountedRow]:
    """How many live, or else work, at a place and have consented by the day: a number for each place, no row of theirs."""
    found = Member.objects.filter(district_id__in=ask.district_ids, consented_on__lte=ask.on)
    columns = found.values_list(Coalesce("home_id", "work_id"), "district_id")
    where = Counter((int(place), int(district)) for place, district in columns)
    return [
        counted(ask, (place, None, district), (number, 1), (number,))
        for (place, district), number in sorted(where.items())
    ]


def earned(ask: Ask, column: str) -> list[CountedRow]:
    """Sums of a column by place and act, over the lines known at the moment."""
    lines = PointsEntry.objects.filter(
        district_id__in=ask.district_ids, on__lte=ask.on, confirmed_at__lte=moment_of(ask)
    )
    sums: Counter[tuple[int, int | None, int, str]] = Counter()
    for place, town, district, act, value in lines.values_list("place_id", "town_id", "district_id", "act", column):
        sums[place, town, district, act] += value
    words = act_words()
    return [
        counted(ask, (place, town, district), (value, 1), (words.get(act, act), value))
        for (place, town, district, act), value in sums.items()
        if value
    ]


declared = partial(figure, source=_("Volunteering"), action=READ)
SINCE = (_("Organisation"), _("Since"))
FIGURES = (
    declared("points.units", _("Organisations that reported in"), _("Organisations linked to a community as reported in 双报到."),
             partial(linked, kind=LinkKind.REPORTS_IN), SINCE, unit=_("organisations")),
    declared("points.partners", _("Partner organisations"), _("Organisations linked to a community as partners 结对共建."),
             partial(linked, kind=LinkKind.PARTNER), SINCE, unit=_("organisations")),
    declared("points.part_time", _("Part-time members of committees"),
             _("Persons of other organisations linked to a community as part-time members 兼职委员."),
             partial(linked, kind=LinkKind.PART_TIME), SINCE, unit=_("persons")),
    declared("points.members", _("Members who reported in"),
             _("Members who have reported in by own consent, counted where they live, or else where they work."), members,
             (_("Members"),), unit=_("persons")),
    declared("points.earned", _("Points earned"), _("Points confirmed up to the day, less what was taken back."),
             partial(earned, column="points"), (_("Counts as"), _("Volunteer points")), unit=_("volunteer points"),
             direction=Direction.UP),
    declared("points.minutes", _("Minutes of volunteering"), _("Minutes confirmed up to the day, less what was taken back."),
             partial(earned, column="minutes"), (_("Counts as"), _("minutes")), unit=_("minutes"), direction=Direction.UP),
)  # fmt: skip
