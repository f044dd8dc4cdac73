"""What planning offers as figures: the target of the accepted plan and how far it was passed, opinions and answers."""

from collections.abc import Collection, Mapping
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from heli.consultation.queries.notices import Voice, voices_of
from heli.kernel.declare import Additivity, Ask, Direction, Figure, Pair, Rows
from heli.kernel.quantities import Ratio
from heli.places import queries as places
from heli.places.figures import village_reduction, villages_since
from heli.planning import queries
from heli.planning.queries import Decided

READ = "planning.read"
PLANS = _("Merger plans: accepted scenarios and their documents")
OPINIONS = _("Merger plans: opinions on posted plans")
WHOLE = 10_000
"""Targets are hundredths of a percent."""


def decided_of(ask: Ask) -> Mapping[int, Decided]:
    """The accepted plans, read once."""
    return ask.shared("planning.decided", lambda: queries.decided_on(ask.district_ids, ask.on, ask.at))


def target(ask: Ask) -> Mapping[int, Pair]:
    """The reduction that the accepted plan was to reach."""
    return {district: (one.target, WHOLE) for district, one in decided_of(ask).items() if one.target is not None}


def planned(ask: Ask) -> Mapping[int, Pair]:
    """Villages that the accepted plan leaves."""
    return {district: (one.planned, 1) for district, one in decided_of(ask).items() if one.planned is not None}


def over_target(ask: Ask) -> Mapping[int, Pair]:
    """Reduction reached less the target: (fewer × 10,000 − target × base) over (base × 10,000)."""
    targets = {district: one for district, one in decided_of(ask).items() if one.target is not None}
    bases = {district: one.base for district, one in targets.items() if one.base is not None}
    reached = _by_district(ask, village_reduction(ask))
    if bases:
        reached |= _by_district(ask, villages_since(ask, bases))
    found = {}
    for district, one in targets.items():
        fewer, base = reached.get(district, (0, 0))
        if base and one.target is not None:
            found[district] = (fewer * WHOLE - one.target * base, base * WHOLE)
    return found


def _by_district(ask: Ask, values: Mapping[int, Pair]) -> dict[int, Pair]:
    """Pairs added up for whole districts."""
    structure = ask.shared("places.structure", lambda: places.structure_on(ask.district_ids, ask.on))
    district_of = dict(zip(structure.places.tolist(), structure.districts.tolist(), strict=True))
    sums: dict[int, Pair] = {}
    for place, (above, below) in values.items():
        if place in district_of:
            known = sums.get(district_of[place], (0, 0))
            sums[district_of[place]] = (known[0] + above, known[1] + below)
    return sums


def plan_rows(ask: Ask, place_ids: Collection[int]) -> Rows:
    """The accepted plans of the districts among the places."""
    plans = [one for district, one in sorted(decided_of(ask).items()) if district in set(place_ids)]
    heads = [gettext("Scenario"), gettext("Document"), gettext("Day"), gettext("Target"), gettext("Villages after")]
    lines = [
        [one.name, one.document_number, one.document_on, Ratio(one.target, WHOLE) if one.target is not None else "", one.planned]
        for one in plans
    ]  # fmt: skip
    return Rows(heads, lines, [reverse("planning:scenario", args=[one.scenario_public_id]) for one in plans])


def voices(ask: Ask) -> list[Voice]:
    """The opinions, read once."""
    return ask.shared("planning.opinions", lambda: voices_of(ask.district_ids, ask.on, READ))


def count_opinions(ask: Ask, *, answered: bool) -> Mapping[int, Pair]:
    """(voices answered or all of them, all) by village."""
    counts: dict[int, Pair] = {}
    for one in voices(ask):
        above, below = counts.get(one.place_id, (0, 0))
        met = one.count if one.is_answered(ask.on) or not answered else 0
        counts[one.place_id] = (above + met, below + one.count if answered else 1)
    return counts


def opinion_rows(ask: Ask, place_ids: Collection[int]) -> Rows:
    """The opinions on these villages, without their words: those are read under their scenario."""
    found = voices_of(ask.district_ids, ask.on, READ, place_ids)
    names = places.names_at({one.place_id for one in found}, ask.on)
    heads = [
        gettext("Village"),
        gettext("No."),
        gettext("Received"),
        gettext("Stance"),
        gettext("Voices"),
        gettext("Answered"),
    ]
    rows = [
        [names.get(one.place_id, ""), one.number, one.received_on, one.stance_label, one.count,
         gettext("yes") if one.is_answered(ask.on) else gettext("no")]
        for one in found
    ]  # fmt: skip
    return Rows(heads, rows, [reverse("consultation:opinions", args=[one.about]) for one in found])


FIGURES: tuple[Figure, ...] = (
    Figure(
        id="planning.target", version=1, title=_("Target of the reduction"), unit="%", decimals=2, is_ratio=True,
        meaning=_("The reduction of villages that the accepted plan of the district was to reach."), source=PLANS,
        action=READ, over_places=Additivity.NONE, evaluate=target, rows=plan_rows,
    ),
    Figure(
        id="planning.over_target", version=1, title=_("Reduction beyond the target"), unit=_("percentage points"), decimals=2,
        meaning=_("Reduction of villages reached less the target of the accepted plan: a difference of two percentages."),
        source=PLANS, is_ratio=True, action=READ, over_places=Additivity.NONE, direction=Direction.UP, evaluate=over_target,
        rows=plan_rows,
    ),
    Figure(
        id="planning.planned_villages", version=1, title=_("Villages in the accepted plan"), unit=_("villages"),
        meaning=_("How many villages the accepted plan of the district leaves."), source=PLANS, action=READ,
        over_places=Additivity.NONE, evaluate=planned, rows=plan_rows,
    ),
    Figure(
        id="planning.opinions", version=2, title=_("Opinions on the plan"), unit=_("voices"),
        meaning=_("Voices received on plans posted for comment, through all channels."), source=OPINIONS, action=READ,
        over_time=Additivity.SUM, evaluate=partial(count_opinions, answered=False), rows=opinion_rows,
    ),
    Figure(
        id="planning.opinions_answered", version=2, title=_("Opinions answered"), unit="%", decimals=1, is_ratio=True,
        meaning=_("Voices answered, over voices received on plans posted for comment."), source=OPINIONS,
        action=READ, direction=Direction.UP, evaluate=partial(count_opinions, answered=True), rows=opinion_rows,
    ),
)  # fmt: skip
