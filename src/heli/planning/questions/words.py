"""What the kinds of questions, their numbers and their answers are called."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from heli.planning.questions.grids import COUNT
from heli.planning.questions.joined import is_joined
from heli.planning.questions.types import QuestionMaterial
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
REMARK = _("Remark")


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
    note: Promise = REMARK
    remark: Promise | str = ""


WORDS: Mapping[str, KindWords] = {
    PlanKind.GROUPS: KindWords(
        lead=_(
            "Which villagers' groups of a village are merged so that the new ones are of like size and the ways short."
        ),
        things=_("Groups before"),
        unit=_("Group afterwards"),
        members=pgettext_lazy("question", "Made of"),
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
    PlanKind.GRIDS: KindWords(
        lead=_(
            "Buildings and estates of communities become grids of even load; the shortest way from every building to the "
            "grid's centre stays inside the grid."
        ),
        things=_("Buildings and estates"),
        unit=_("Grid"),
        members=_("Buildings and estates"),
        size=_("Households"),
        cost=_("Household-metres with balance"),
        paper=_("Plan of the grids of a community (网格划分方案)"),
        one=_("Building"),
        other=_("A building of the grid it goes to"),
        move=_("Move it to this grid"),
        applied=_("Founds the grids under their communities on this day; grids that stand there end."),
    ),
    PlanKind.LAYOUT: KindWords(
        lead=_(
            "Urban villages join a community of their town or found a new one; every row names its runner-up and its price."
        ),
        things=_("Urban villages and communities"),
        unit=_("Community afterwards"),
        members=_("Urban villages that join"),
        size=_("Households"),
        cost=_("Household-metres with balance"),
        paper=_("One village, one policy: urban villages into communities (城中村改社区一村一策表)"),
        one=_("Urban village"),
        other=_("Seat"),
        lock=_("Must have this seat"),
        ban=_("Must not have this seat"),
        note=_("Runner-up and what it would cost more"),
        applied=_(
            "Decides which village joins which community. The register changes when the campaign of each village is "
            "done."
        ),
    ),
    PlanKind.POINTS: KindWords(
        lead=_(
            "The fewest further service points so that every group is within reach, then the nearest ones of that number."
        ),
        things=_("Groups and sites"),
        unit=_("Counter or service point"),
        members=_("Groups it serves"),
        size=_("Households"),
        cost=_("Household-metres"),
        paper=_("Table of service points (代办点设置表)"),
        one=_("Site"),
        lock=_("Must be a service point"),
        ban=_("Must not be a service point"),
        applied=_("Decides the service points from this day; the handover of service items takes them from here."),
    ),
    PlanKind.PAIRING: KindWords(
        lead=_("Departments are shared out over areas: key areas first, needs met, as few changes as possible."),
        things=_("Departments and areas"),
        unit=pgettext_lazy("question", "Area"),
        members=_("Departments"),
        size=_("Staff"),
        cost=_("Pressure (weight per thousand staff)"),
        paper=_("Table of departments and the areas they answer for (部门包联责任表)"),
        one=pgettext_lazy("question", "Department"),
        other=pgettext_lazy("question", "Area"),
        lock=_("Must be paired"),
        ban=_("Must not be paired"),
        note=_("New to the area"),
        applied=_(
            "Links the departments to the villages of their areas from this day; links of theirs that no longer hold end."
        ),
    ),
}
LARGE = replace(
    WORDS[PlanKind.GRIDS],
    things=pgettext_lazy("question", "Grids"),
    unit=_("Large grid"),
    members=pgettext_lazy("question", "Grids"),
    paper=_("Plan of the large grids of a community (大网格划分方案)"),
    one=pgettext_lazy("question", "grid"),
    other=_("A grid of the large grid it goes to"),
    applied=_("Decides which grids make a large grid from this day; the grids themselves stay as they are."),
)


def words_of(material: QuestionMaterial) -> KindWords:
    """How a question speaks: its kind's words, and those of large grids where grids are joined."""
    return LARGE if is_joined(material) else WORDS[material.kind]


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
    (PlanKind.GRIDS, "low"): (
        _("Fewest households of a grid"),
        _("300 to 500 is usual; the locality decides, no law does."),
    ),
    (PlanKind.GRIDS, "high"): (_("Most households of a grid"), _("An estate above it is split into parts.")),
    (PlanKind.GRIDS, "target"): (_("Wanted households of a grid"), ""),
    (PlanKind.GRIDS, "balance"): (_("What a household off the target costs (household-metres)"), ""),
    ("large", "low"): (_("Fewest households of a large grid"), ""),
    ("large", "high"): (_("Most households of a large grid"), ""),
    ("large", "target"): (_("Wanted households of a large grid"), ""),
    ("large", "balance"): (_("What a household off the target costs (household-metres)"), ""),
    (PlanKind.LAYOUT, "low"): (
        _("Fewest households of a new community"),
        _("1,000 to 3,000 by the Law of Residents' Committees (2025), Art. 3."),
    ),
    (PlanKind.LAYOUT, "high"): (_("Most households of a community that gains"), ""),
    (PlanKind.LAYOUT, "target"): (_("Wanted households of a community"), ""),
    (PlanKind.LAYOUT, "reach"): (_("Farthest way to the seat (m)"), ""),
    (PlanKind.LAYOUT, "open_cost"): (_("What founding a community costs (household-metres)"), ""),
    (PlanKind.LAYOUT, "balance"): (_("What a household off the target costs (household-metres)"), ""),
    (PlanKind.POINTS, "reach"): (_("Farthest way to a counter (m)"), _("Roads count as 1.3 times the straight line.")),
    (PlanKind.POINTS, "further"): (_("Exactly so many further points"), _("Empty: as few as reach everybody.")),
    (PlanKind.PAIRING, "org_low"): (_("Areas of a department, at least"), ""),
    (PlanKind.PAIRING, "org_high"): (_("Areas of a department, at most"), ""),
    (PlanKind.PAIRING, "area_low"): (_("Departments of an area, at least"), ""),
    (PlanKind.PAIRING, "area_high"): (_("Departments of an area, at most"), ""),
    (PlanKind.PAIRING, "key_least"): (_("Departments of a key area, at least"), ""),
    (PlanKind.PAIRING, "key_strong"): (_("of these strong ones, at least"), ""),
    (PlanKind.PAIRING, "cap"): (_("Greatest pressure (weight per thousand staff)"), ""),
}
"""Label and help of every number."""


def number_words(kind: str, name: str, material: QuestionMaterial) -> tuple[str, str]:
    """Label and help of a number, those that a community brings with it included."""
    if name.startswith(COUNT):
        place = int(name.removeprefix(COUNT))
        called = next((thing.parent for thing in material.things if thing.parent_place == place), "")
        return gettext("Grids of %(community)s") % {"community": called}, gettext("Empty: by the target.")
    label, more = NUMBERS["large" if is_joined(material) else kind, name]
    return str(label), str(more)


MARKS: Mapping[str, Promise] = {
    "merged": pgettext_lazy("question", "merged"),
    "kept": pgettext_lazy("question", "kept"),
    "grid": pgettext_lazy("question", "grid"),
    "special": pgettext_lazy("question", "special grid"),
    "host": pgettext_lazy("question", "existing community"),
    "new": pgettext_lazy("question", "new"),
    "open": pgettext_lazy("question", "counter stays"),
    "key": pgettext_lazy("question", "key area"),
    "paired": pgettext_lazy("question", "paired"),
}
MARK_COLOURS: Mapping[str, int] = {mark: number for number, mark in enumerate(MARKS)}
FIGURES: Mapping[str, Promise] = {
    "before": pgettext_lazy("question", "Before"),
    "after": _("Afterwards"),
    "special": _("of these special grids"),
    "communities": _("Communities"),
    "undivided": _("Communities without grids"),
    "villages": _("Urban villages"),
    "hosts": _("Communities that stay"),
    "new": _("New communities"),
    "seats": _("Counters that stay"),
    "further": _("Further points"),
    "beyond": _("Groups beyond reach before"),
    "unreachable": _("Groups that no site reaches"),
    "orgs": _("Departments"),
    "areas": _("Areas"),
    "pairs": _("Pairs"),
    "unmet": _("Needs unmet (by village)"),
    "changes": _("Departments that change"),
    "pressure": _("Greatest pressure"),
}
QUIET_WHEN_NONE = frozenset({"special", "undivided", "unreachable"})
"""Figures that are shown only where there is something to be said."""
