"""What the register offers as figures: how many places of each kind, what was counted about them, what a reform changed."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import partial

import numpy as np
from django.utils.translation import gettext_noop as _

from heli.kernel.declare import Additivity, Ask, Direction, Figure, Pair, Rows
from heli.kernel.pairs import Ints, Pairs
from heli.places import queries
from heli.places.figure_rows import fact_rows, place_rows, reform_rows
from heli.places.joint import Joint
from heli.places.queries import Counted, Structure
from heli.places.types import Level, PlaceKind

READ = "places.read"
REGISTER = _("Register of places: codes and events")
FACTS = _("Register of places: figures of villages, typed or imported")

VILLAGES = (PlaceKind.VILLAGE,)
COMMUNITIES = (PlaceKind.COMMUNITY,)
ELECTORATES = ("party", "representatives", "households")

COUNTED = (
    "registered_population", "resident_population", "households", "members", "party_members", "villager_groups", "grids",
    "cadre_posts", "collective_income", "area", "farmland",
)  # fmt: skip
VOTES = tuple(f"{name}_votes_{side}" for name in ELECTORATES for side in ("for", "base"))


def structure_of(ask: Ask) -> Structure:
    """The places of the question, read once for all figures."""
    return ask.shared("places.structure", lambda: queries.structure_on(ask.district_ids, ask.on))


def counted_of(ask: Ask) -> Mapping[str, Counted]:
    """All measures that figures use, read once for all of them."""
    return ask.shared("places.counted", lambda: _lowest(structure_of(ask), _counted(ask, ask.district_ids, ask.on)))


def _counted(ask: Ask, districts: Collection[int], on: date) -> Mapping[str, Counted]:
    return queries.counted_on((*COUNTED, *VOTES), districts, on, ask.at)


def _lowest(structure: Structure, counted: Mapping[str, Counted]) -> Mapping[str, Counted]:
    """Without the figures of places below which somebody counted too: a town's total would count its villages twice."""
    return {
        name: Counted(*structure.with_joint(*structure.lowest(one.places, one.values), one.joint))
        for name, one in counted.items()
    }


def with_zeros(ask: Ask, places: Ints, *columns: Ints) -> Pairs:
    """Values by place, and a nought at every town and district, so that a town that has none says so."""
    above = structure_of(ask).of_level(Level.DISTRICT, Level.TOWNSHIP)
    noughts = np.zeros(len(above), np.int64)
    return Pairs.summed(np.concatenate([places, above]), *(np.concatenate([column, noughts]) for column in columns))


# -- how many ----------------------------------------------------------------------------------------------------------


def count_kinds(ask: Ask, kinds: Sequence[PlaceKind]) -> Mapping[int, Pair]:
    """One for each place of the kinds."""
    structure = structure_of(ask)
    places = structure.places[structure.is_kind(*kinds)]
    return with_zeros(ask, places, np.ones(len(places), np.int64))


def _places(*kinds: PlaceKind) -> Callable[[Ask, Collection[int]], Rows]:
    return lambda ask, ids: place_rows(ask, ids, kinds)


TOWNS = (PlaceKind.STREET, PlaceKind.TOWN, PlaceKind.TOWNSHIP)


def count_figure(name: str, title: str, meaning: str, unit: str, kinds: tuple[PlaceKind, ...]) -> Figure:
    """How many places of some kinds there are."""
    return Figure(
        id=f"places.{name}", version=1, title=title, meaning=meaning, unit=unit, action=READ, source=REGISTER,
        evaluate=partial(count_kinds, kinds=kinds), rows=_places(*kinds),
    )  # fmt: skip


# -- what was counted --------------------------------------------------------------------------------------------------


def measure_of(ask: Ask, measure: str) -> Mapping[int, Pair]:
    """The newest figure of each place, carried through the events since it was counted."""
    counted = counted_of(ask)[measure]
    return Pairs(counted.places, counted.values)


def measure_figure(name: str, title: str, unit: str, *, direction: Direction = Direction.NEITHER) -> Figure:
    """A measure of the register, added up."""
    return Figure(
        id=f"places.{name}", version=1, title=title, unit=unit, action=READ, source=FACTS, direction=direction,
        meaning=_("The newest figure of every place, carried through mergers and splits since it was counted, added up."),
        evaluate=partial(measure_of, measure=name), rows=partial(fact_rows, measures=(name,)),
        decimals=3 if unit == "km²" else 2 if unit == "yuan" else 0,
        carried_by="area" if unit == "km²" else "population",
    )  # fmt: skip


def per(ask: Ask, above: str, below: str, kinds: Sequence[PlaceKind] = ()) -> Mapping[int, Pair]:
    """One measure over another, in places that have both; with `kinds` only in places of these."""
    counted = counted_of(ask)
    first, second = counted[above], counted[below]
    common = np.intersect1d(first.places, second.places, assume_unique=True)
    if kinds:
        structure = structure_of(ask)
        common = np.intersect1d(common, structure.places[structure.is_kind(*kinds)], assume_unique=True)
    return Pairs(common, first.values[np.isin(first.places, common)], second.values[np.isin(second.places, common)])


def mean_over(ask: Ask, measure: str, kinds: Sequence[PlaceKind]) -> Mapping[int, Pair]:
    """A measure over the number of places of the kinds; places without a figure count in neither."""
    counted = counted_of(ask)[measure]
    structure = structure_of(ask)
    keep = np.isin(counted.places, structure.places[structure.is_kind(*kinds)])
    return Pairs(counted.places[keep], counted.values[keep])


def ratio_figure(
    name: str, title: str, meaning: str, unit: str, *, evaluate: Callable[[Ask], Mapping[int, Pair]],
    rows: Callable[[Ask, Collection[int]], Rows], decimals: int, direction: Direction = Direction.NEITHER, source: str = FACTS,
    over_places: Additivity = Additivity.SUM,
) -> Figure:  # fmt: skip
    """A number over another."""
    return Figure(
        id=f"places.{name}", version=1, title=title, meaning=meaning, unit=unit, action=READ, source=source, is_ratio=True,
        evaluate=evaluate, rows=rows, decimals=decimals, direction=direction, over_places=over_places,
    )  # fmt: skip


# -- what a reform changed ---------------------------------------------------------------------------------------------


def bases_of(ask: Ask) -> Mapping[int, date]:
    """Each district's day before its latest year of reform."""
    return ask.shared("places.bases", lambda: queries.reform_bases(ask.district_ids, ask.on))


def village_reduction(ask: Ask) -> Mapping[int, Pair]:
    """Villages fewer than before the reform, over the villages before it; told where their successors stand."""
    return ask.shared("places.village_reduction", lambda: villages_since(ask, bases_of(ask)))


def villages_since(ask: Ask, bases: Mapping[int, date]) -> Pairs:
    """(villages of the base day − villages now, villages of the base day) by place of today, {district: base day} given."""
    before = queries.structure_of_days(dict(bases), VILLAGES)
    ones = np.ones(len(before.places), np.int64)
    structure = structure_of(ask)
    [moved] = queries.carried(before.places, [ones], after=bases, until=ask.on, district_ids=tuple(bases))
    places, then = structure.with_joint(moved.places, moved.values, moved.joint)
    reformed = np.isin(structure.districts, np.array(sorted(bases), np.int64))
    now = structure.places[structure.is_kind(*VILLAGES) & reformed]
    return Pairs.summed(
        np.concatenate([places, structure.moved_to_holders(now, moved.joint)]),
        np.concatenate([then, -np.ones(len(now), np.int64)]),
        np.concatenate([then, np.zeros(len(now), np.int64)]),
    )


def measure_reduction(ask: Ask, measure: str) -> Mapping[int, Pair]:
    """How much less of a measure there is than before the reform, over what there was."""
    bases = bases_of(ask)
    now = counted_of(ask)[measure]
    if not bases:
        return {}
    before = ask.shared(f"places.before.{measure}", lambda: _before(ask, bases, measure))
    structure = structure_of(ask)
    inside = structure.places[np.isin(structure.districts, np.array(sorted(bases), np.int64))]
    keep = np.isin(now.places, inside)
    return Pairs.summed(
        np.concatenate([before.places, structure.moved_to_holders(now.places[keep], before.joint)]),
        np.concatenate([before.values, -now.values[keep]]),
        np.concatenate([before.values, np.zeros(int(keep.sum()), np.int64)]),
    )


def _structure_before(ask: Ask, districts: tuple[int, ...], day: date) -> Structure:
    return ask.shared(f"places.structure.{day}", lambda: queries.structure_on(districts, day))


def _before(ask: Ask, bases: Mapping[int, date], measure: str) -> Counted:
    """A measure of each district's base day on the places of today."""
    parts = []
    joint: tuple[Joint, ...] = ()
    for day in sorted(set(bases.values())):
        districts = tuple(sorted(key for key, base in bases.items() if base == day))
        structure = _structure_before(ask, districts, day)
        then = _lowest(structure, queries.counted_on([measure], districts, day, ask.at))[measure]
        [moved] = queries.carried(then.places, [then.values], after=day, until=ask.on, district_ids=districts)
        parts.append(structure_of(ask).with_joint(moved.places, moved.values, moved.joint))
        joint += moved.joint
    both = Pairs.summed(np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts]))
    return Counted(both.places, both.numerators, joint)


# -- votes of consent --------------------------------------------------------------------------------------------------


def consents(ask: Ask) -> tuple[Ints, Ints, Ints]:
    """(places, votes for, votes counted) of every electorate that voted; a place stands once for each."""
    parts = [Pairs.of(per(ask, f"{name}_votes_for", f"{name}_votes_base")) for name in ELECTORATES]
    keys = np.concatenate([part.places for part in parts])
    above, below = (np.concatenate([getattr(part, side) for part in parts]) for side in ("numerators", "denominators"))
    real = below > 0
    return keys[real], above[real], below[real]


def consent(ask: Ask) -> Mapping[int, Pair]:
    """All votes for over all votes counted: pooled, not a mean of means."""
    return Pairs.summed(*consents(ask))


def consent_counted(ask: Ask) -> Mapping[int, Pair]:
    """One for each place that counted votes."""
    places = np.unique(consents(ask)[0])
    return with_zeros(ask, places, np.ones(len(places), np.int64))


def consent_full(ask: Ask) -> Mapping[int, Pair]:
    """One for each place in which every electorate was unanimous."""
    places, above, below = consents(ask)
    missed = Pairs.summed(places, below - above)
    whole = missed.places[missed.numerators == 0]
    return with_zeros(ask, whole, np.ones(len(whole), np.int64))


def consent_lowest(ask: Ask) -> Mapping[int, Pair]:
    """The lowest rate of consent of any electorate, of each place and of each place above."""
    structure = structure_of(ask)
    above = dict(zip(structure.places.tolist(), structure.parents.tolist(), strict=True))
    lowest: dict[int, Pair] = {}
    for place, votes, base in zip(*(column.tolist() for column in consents(ask)), strict=True):
        at = place
        while at in above:
            known = lowest.get(at)
            if known is None or votes * known[1] < known[0] * base:
                lowest[at] = (votes, base)
            at = above[at]
    return lowest


FIGURES: tuple[Figure, ...] = (
    count_figure(
        "villages", _("Villages"), _("Villages that stood on the day; communities are counted apart."), _("villages"), VILLAGES
    ),
    count_figure("communities", _("Communities"), _("Communities that stood on the day."), _("communities"), COMMUNITIES),
    count_figure(
        "towns", _("Towns"), _("Subdistricts, towns and townships that stood on the day; zones are left out."), _("towns"), TOWNS
    ),
    measure_figure("villager_groups", _("Villager groups"), _("groups")),
    measure_figure("grids", _("Grids"), _("grids")),
    measure_figure("registered_population", _("Registered population"), _("people")),
    measure_figure("resident_population", _("Resident population"), _("people")),
    measure_figure("households", _("Households"), _("households")),
    measure_figure("members", _("Members of the collective"), _("people")),
    measure_figure("party_members", _("Party members"), _("people")),
    measure_figure("cadre_posts", _("Posts of regular cadres"), _("posts")),
    measure_figure("collective_income", _("Collective income"), _("yuan"), direction=Direction.UP),
    measure_figure("area", _("Area"), _("km²")),
    measure_figure("farmland", _("Farmland"), _("km²")),
    ratio_figure(
        "mean_population", _("Registered people per village"),
        _("Registered population of villages over the number of villages; communities count in neither."), _("people"),
        evaluate=partial(mean_over, measure="registered_population", kinds=VILLAGES),
        rows=partial(fact_rows, measures=("registered_population",), kinds=VILLAGES), decimals=0,
    ),
    ratio_figure(
        "mean_residents", _("Residents per community"),
        _("Resident population of communities over the number of communities; villages count in neither."), _("people"),
        evaluate=partial(mean_over, measure="resident_population", kinds=COMMUNITIES),
        rows=partial(fact_rows, measures=("resident_population",), kinds=COMMUNITIES), decimals=0,
    ),
    ratio_figure(
        "people_per_household", _("People per household"), _("Registered population over households, in places that counted both."),
        _("people"), evaluate=partial(per, above="registered_population", below="households"),
        rows=partial(fact_rows, measures=("registered_population", "households")), decimals=2,
    ),
    ratio_figure(
        "resident_share", _("Residents per registered person"),
        _("Resident over registered population, in places that counted both; may pass 100 %."), "%",
        evaluate=partial(per, above="resident_population", below="registered_population"),
        rows=partial(fact_rows, measures=("resident_population", "registered_population")), decimals=1,
    ),
    ratio_figure(
        "village_reduction", _("Reduction of villages"),
        _("Villages of the day before the latest year of reform less villages now, over the villages of that day."), "%",
        evaluate=village_reduction, rows=reform_rows, decimals=2, source=REGISTER,
    ),
    ratio_figure(
        "group_reduction", _("Reduction of villager groups"),
        _("Villager groups of the day before the latest year of reform less groups now, over the groups of that day."), "%",
        evaluate=partial(measure_reduction, measure="villager_groups"),
        rows=partial(fact_rows, measures=("villager_groups",), since_reform=True), decimals=2,
    ),
    ratio_figure(
        "post_reduction", _("Reduction of cadre posts"),
        _("Posts of the day before the latest year of reform less posts now, over the posts of that day."), "%",
        evaluate=partial(measure_reduction, measure="cadre_posts"),
        rows=partial(fact_rows, measures=("cadre_posts",), since_reform=True), decimals=1,
    ),
    ratio_figure(
        "consent", _("Rate of consent"),
        _("Votes for over votes counted, of party members, representatives and household delegates together."), "%",
        evaluate=consent, rows=partial(fact_rows, measures=VOTES), decimals=2, direction=Direction.UP,
    ),
    ratio_figure(
        "consent_lowest", _("Lowest rate of consent"),
        _("The lowest rate of any electorate of any place below."), "%",
        evaluate=consent_lowest, rows=partial(fact_rows, measures=VOTES), decimals=2, direction=Direction.UP,
        over_places=Additivity.NONE,
    ),
    Figure(
        id="places.consent_counted", version=1, title=_("Places that counted votes of consent"), unit=_("places"),
        meaning=_("Places in which at least one electorate voted and was counted."), action=READ, source=FACTS,
        evaluate=consent_counted, rows=partial(fact_rows, measures=VOTES),
    ),
    Figure(
        id="places.consent_full", version=1, title=_("Places of unanimous consent"), unit=_("places"),
        meaning=_("Places in which every vote of every electorate was for."), action=READ, source=FACTS,
        evaluate=consent_full, rows=partial(fact_rows, measures=VOTES), direction=Direction.UP,
    ),
    ratio_figure(
        "sample_share", _("Share of sample data"),
        _("Figures in use that come from sample data, over all figures in use."), "%",
        evaluate=lambda ask: queries.sample_facts(ask.district_ids, ask.on, ask.at),
        rows=partial(fact_rows, measures=COUNTED, only_sample=True), decimals=1, direction=Direction.DOWN,
    ),
)  # fmt: skip
