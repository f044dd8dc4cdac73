"""What the kinds of questions, their numbers and their answers are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.planning.types import PlanKind

PLAN_KINDS: Mapping[str, Promise] = {
    PlanKind.VILLAGES: _("Merger of villages"),
    PlanKind.GROUPS: _("Villagers' groups"),
    PlanKind.GRIDS: _("Grids"),
    PlanKind.LAYOUT: _("Communities"),
    PlanKind.POINTS: _("Service points"),
    PlanKind.PAIRING: _("Departments and areas"),
}


FIRST, SECOND, TOGETHER, APART = _("First"), _("Second"), _("Must be together"), _("Must not be together")


@dataclass(frozen=True, slots=True)
class KindWords:
    """How a kind speaks: what it is for, its things and units, what counts as size, what cost is, the paper it replaces."""

    lead: Promise
    things: Promise
    unit: Promise
    members: Promise
    size: Promise
    cost: Promise
    paper: Promise
    applied: Promise
    one: Promise = FIRST
    other: Promise = SECOND
    lock: Promise = TOGETHER
    ban: Promise = APART
    move: Promise | str = ""
    remark: Promise | str = ""


WORDS: Mapping[str, KindWords] = {
    PlanKind.GROUPS: KindWords(
        lead=_(
            "Which villagers' groups of a village are merged so that the new ones are of like size and the ways short."
        ),
        things=_("Groups before"),
        unit=_("Group afterwards"),
        members=_("Made of"),
        size=_("Households"),
        cost=_("Points of the score"),
        paper=_("Table of the merger of villagers' groups (村民小组调整方案表)"),
        lock=_("Merge exactly these two"),
        ban=_("Keep the two apart"),
        applied=_("Writes the mergers of groups into the register as dated events, all or none."),
        remark=_(
            "Groups own land: a merged group keeps the land, contracts and accounts of the old groups apart. Applying writes "
            "the lineage of the groups and no change of property. Every group that is merged has to agree at a meeting of its "
            "own: two thirds of the households present, more than half of those in favour."
        ),
    ),
}
NUMBERS: Mapping[tuple[str, str], tuple[Promise, Promise | str]] = {
    (PlanKind.GROUPS, "at_most"): (_("At most so many groups afterwards"), _("Empty: as many as are cheapest.")),
    (PlanKind.GROUPS, "k"): (_("Groups in one merger, at most"), ""),
    (PlanKind.GROUPS, "low"): (_("Fewest households of a group"), _("Binds groups that stay alone, too.")),
    (PlanKind.GROUPS, "high"): (_("Most households of a merged group"), ""),
    (PlanKind.GROUPS, "radius"): (_("Farthest way to the centre (m)"), ""),
    (PlanKind.GROUPS, "target"): (_("Wanted households of a group"), _("Empty: the average at the wanted number.")),
    (PlanKind.GROUPS, "across"): (
        _("Groups of different villages may join (1: yes, 0: no)"),
        _("At a cost: what belongs to different villages has nothing in common."),
    ),
}
"""Label and help of every number."""
MARKS: Mapping[str, Promise] = {
    "merged": pgettext_lazy("question", "merged"),
    "kept": pgettext_lazy("question", "kept"),
}
MARK_COLOURS: Mapping[str, int] = {mark: number for number, mark in enumerate(MARKS)}
FIGURES: Mapping[str, Promise] = {
    "before": pgettext_lazy("question", "Before"),
    "after": _("Afterwards"),
}
