"""Three readings of one figure, and totals that never change on the way."""

from datetime import date, timedelta

import pytest

from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.kernel.quantities import Ratio
from heli.places import queries, services
from heli.places.joint import Joint
from heli.places.testing import Register, arrows, draw_register, merge
from heli.places.types import UNKNOWN, EventKind, EventSpec, FactSpec, LinkSpec, PlaceKind, PlaceSpec, Share

pytestmark = pytest.mark.django_db
CENSUS = date(2019, 12, 31)
DAY = date(2020, 5, 1)
AFTER = date(2020, 6, 30)


def count(places: Register, values: dict[str, int], on: date = CENSUS, measure: str = "registered_population") -> None:
    facts = [FactSpec(place_id=places[name], measure=measure, on=on, value=value) for name, value in values.items()]
    services.record_facts(actor=SYSTEM, facts=facts)


def by_name(places: Register, restated: queries.Restated) -> dict[str, int]:
    names = {key: name for name, key in places.keys.items()}
    return {names[key]: value for key, value in restated.as_dict().items()}


@pytest.fixture
def three() -> Register:
    """The worked example of docs/explanation/lineage-and-restatement.md."""
    places = draw_register({"T": "A B C (D)"})
    count(places, {"A": 1_201, "B": 800, "C": 501})
    event = EventSpec(
        kind=EventKind.MERGE,
        on=DAY,
        links=(
            *arrows((places["A"], "N", 10_000), (places["B"], "N", 10_000)),
            *arrows((places["C"], "N", 6_667), (places["C"], places["D"], 3_333)),
        ),
        founds={"N": PlaceSpec(name="N", kind=PlaceKind.VILLAGE, parent=places["T"])},
    )
    places.keys["N"] = services.record_event(actor=SYSTEM, event=event).founded["N"]
    return places


def test_the_worked_example_of_the_documentation_comes_out(three: Register) -> None:
    restated = queries.restate("registered_population", CENSUS, AFTER, district_ids=[three.district])
    assert by_name(three, restated) == {"N": 2_335, "D": 167}
    assert restated.total == 2_502
    assert restated.gone == 0


def test_as_it_was_and_as_of_stay_what_was_recorded(three: Register) -> None:
    as_it_was = queries.restate("registered_population", CENSUS, CENSUS, district_ids=[three.district])
    assert by_name(three, as_it_was) == {"A": 1_201, "B": 800, "C": 501}
    count(three, {"N": 2_400}, on=AFTER)
    as_of = queries.facts_on([three["N"], three["D"]], "registered_population", AFTER)
    assert {key: row.value for key, row in as_of.items()} == {three["N"]: 2_400}
    assert queries.restated_series(three["N"], "registered_population", AFTER) == [
        (CENSUS, 2_335, True),
        (AFTER, 2_400, True),
    ]


def test_a_newer_figure_replaces_what_was_carried(three: Register) -> None:
    count(three, {"N": 2_400}, on=AFTER)
    assert by_name(three, queries.restate("registered_population", AFTER, AFTER)) == {"N": 2_400, "D": 167}


def test_what_ends_without_a_successor_is_told_apart(three: Register) -> None:
    services.record_event(
        actor=SYSTEM, event=EventSpec(kind=EventKind.DISSOLVE, on=AFTER, links=arrows((three["D"], None, 10_000)))
    )
    restated = queries.restate("registered_population", CENSUS, AFTER)
    assert (by_name(three, restated), restated.gone, restated.total) == ({"N": 2_335}, 167, 2_502)


def test_ratios_are_restated_from_their_two_integers(three: Register) -> None:
    count(three, {"A": 400, "B": 200, "C": 150}, measure="households")
    ratios = queries.restate_ratio("people_per_household", CENSUS, AFTER)
    assert ratios[three["N"]] == Ratio(2_335, 700)
    assert ratios[three["D"]] == Ratio(167, 50)


@pytest.mark.parametrize(
    ("measure", "end", "code"),
    [
        ("people_per_household", AFTER, "measure_not_additive"),
        ("farthest_group_distance", AFTER, "measure_not_additive"),
        ("nonsense", AFTER, "measure_unknown"),
        ("registered_population", date(2001, 1, 1), "backwards"),
    ],
)
def test_what_cannot_be_restated_is_refused_in_words(measure: str, end: date, code: str) -> None:
    with pytest.raises(Refused) as caught:
        queries.restate(measure, CENSUS, end)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_what_nobody_counted_restates_to_nothing(three: Register) -> None:
    restated = queries.restate("households", CENSUS, AFTER)
    assert (restated.as_dict(), restated.total, restated.gone) == ({}, 0, 0)


def test_a_figure_of_the_day_of_an_event_is_of_the_places_as_they_were_after_it() -> None:
    places = draw_register({"T": "A B"})
    count(places, {"A": 1_000, "B": 500})
    links = arrows((places["A"], places["A"], 7_000), (places["A"], places["B"], 3_000))
    services.record_event(actor=SYSTEM, event=EventSpec(kind=EventKind.SPLIT, on=DAY, links=links))
    assert by_name(places, queries.restate("registered_population", CENSUS, DAY)) == {"A": 700, "B": 800}
    count(places, {"A": 710, "B": 790}, on=DAY)
    for start in (DAY, DAY + timedelta(days=1)):
        assert by_name(places, queries.restate("registered_population", start, AFTER)) == {"A": 710, "B": 790}


def test_area_goes_by_its_own_shares() -> None:
    places = draw_register({"T": "A B"})
    count(places, {"A": 1_000}, measure="area")
    count(places, {"A": 1_000})
    links = (
        LinkSpec(source=places["A"], target=places["B"], population=Share(1, 10), area=Share(9, 10), is_part=True),
        LinkSpec(source=places["A"], target=places["A"], population=Share(9, 10), area=Share(1, 10)),
    )
    services.record_event(actor=SYSTEM, event=EventSpec(kind=EventKind.SPLIT, on=DAY, links=links))
    assert by_name(places, queries.restate("area", CENSUS, AFTER)) == {"A": 100, "B": 900}
    assert by_name(places, queries.restate("registered_population", CENSUS, AFTER)) == {"A": 900, "B": 100}


def split(places: Register, source: str, day: date, **parts: Share) -> None:
    """Divide a place among new ones by shares of people; the area is divided as nobody counted."""
    founds = {name: PlaceSpec(name=name, kind=PlaceKind.VILLAGE, parent=places["T"]) for name in parts}
    links = tuple(
        LinkSpec(source=places[source], target=name, population=share, area=UNKNOWN) for name, share in parts.items()
    )
    event = EventSpec(kind=EventKind.SPLIT, on=day, links=links, founds=founds)
    places.keys.update(services.record_event(actor=SYSTEM, event=event).founded)


PARTS = {"X": Share(16_107, 48_321), "Y": Share(12_003, 48_321), "Z": Share(20_211, 48_321)}


# A (48,321 people) → X 16,107, Y 12,003, Z 20,211, as they were counted.
def test_parts_that_were_counted_come_out_as_they_were_counted() -> None:
    places = draw_register({"T": "A B"})
    count(places, {"A": 48_321})
    count(places, {"A": 15_002}, measure="households")
    split(places, "A", DAY, **PARTS)
    assert by_name(places, queries.restate("registered_population", CENSUS, AFTER)) == {
        "X": 16_107, "Y": 12_003, "Z": 20_211,
    }  # fmt: skip
    # Households were counted only together: by largest remainder, 5000.69, 3726.53, 6274.78.
    assert by_name(places, queries.restate("households", CENSUS, AFTER)) == {"X": 5_001, "Y": 3_726, "Z": 6_275}
    merge(places, "X Z", "N", AFTER, parent="T")
    assert by_name(places, queries.restate("registered_population", CENSUS, AFTER)) == {"N": 36_318, "Y": 12_003}


# A → X (16,107 counted), Y and Z (nobody counted); then B joins Y; then Y and Z become N again.
def test_what_nobody_counted_is_known_only_together_until_one_place_holds_it() -> None:
    places = draw_register({"T": "A B C"})
    count(places, {"A": 48_321, "B": 79, "C": 5})
    split(places, "A", DAY, X=PARTS["X"], Y=UNKNOWN, Z=UNKNOWN)
    restated = queries.restate("registered_population", CENSUS, DAY)
    together = Joint((places["Y"], places["Z"]), 32_214)
    assert (by_name(places, restated), restated.joint) == ({"X": 16_107, "B": 79, "C": 5}, (together,))
    assert restated.total == int(restated.values.sum()) + restated.together == 48_405
    assert queries.restated_series(places["Y"], "registered_population", AFTER) == [(CENSUS, together, True)]
    later = DAY + timedelta(days=1)
    services.record_event(
        actor=SYSTEM, event=EventSpec(kind=EventKind.ABSORB, on=later, links=arrows((places["B"], places["Y"], 10_000)))
    )
    restated = queries.restate("registered_population", CENSUS, later)
    assert (by_name(places, restated), restated.together) == ({"X": 16_107, "C": 5}, 32_293)
    merge(places, "Y Z", "N", AFTER, parent="T")
    assert by_name(places, queries.restate("registered_population", CENSUS, AFTER)) == {
        "X": 16_107,
        "C": 5,
        "N": 32_293,
    }
    # Of the area nothing at all was said: three places hold it together.
    count(places, {"A": 900}, measure="area")
    assert [one.amount for one in queries.restate("area", CENSUS, DAY).joint] == [900]


def test_one_unknown_part_alone_is_the_rest() -> None:
    places = draw_register({"T": "A"})
    count(places, {"A": 48_321})
    split(places, "A", DAY, X=PARTS["X"], Y=PARTS["Y"], Z=UNKNOWN)
    assert by_name(places, queries.restate("registered_population", CENSUS, AFTER))["Z"] == 20_211


def test_a_new_count_of_one_leaves_the_other_unknown() -> None:
    places = draw_register({"T": "A"})
    count(places, {"A": 100})
    split(places, "A", DAY, X=UNKNOWN, Y=UNKNOWN)
    count(places, {"X": 60}, on=AFTER)
    restated = queries.restate("registered_population", AFTER, AFTER)
    assert (by_name(places, restated), restated.joint) == (
        {"X": 60}, (Joint((places["Y"],), 0, is_whole=False),),
    )  # fmt: skip
    assert restated.total == 60


def test_totals_of_town_and_district_keep_what_is_known_only_together() -> None:
    places = draw_register({"T": "A B", "U": "C"})
    count(places, {"A": 100, "B": 7, "C": 1})
    split(places, "A", DAY, X=UNKNOWN, Y=UNKNOWN)
    [counted] = queries.counted_on(["registered_population"], [places.district], AFTER).values()
    structure = queries.structure_on([places.district], AFTER)
    keys, values = structure.with_joint(counted.places, counted.values, counted.joint)
    names = {key: name for name, key in places.keys.items()}
    assert dict(zip((names[key] for key in keys.tolist()), values.tolist(), strict=True)) == {"T": 100, "B": 7, "C": 1}


def test_figures_are_corrected_by_superseding_and_refused_where_wrong() -> None:
    places = draw_register({"T": "A B"})
    count(places, {"A": 10})
    fact = FactSpec(place_id=places["A"], measure="registered_population", on=CENSUS, value=11)
    assert services.record_facts(actor=SYSTEM, facts=[fact]) == {"new": 0, "corrected": 1, "unchanged": 0}
    assert services.record_facts(actor=SYSTEM, facts=[fact]) == {"new": 0, "corrected": 0, "unchanged": 1}
    assert [row.value for row in queries.facts_of(places["A"])] == [11]
    wrong = [
        FactSpec(place_id=places["A"], measure="nonsense", on=CENSUS, value=1),
        FactSpec(place_id=places["A"], measure="density", on=CENSUS, value=1),
        FactSpec(place_id=places["A"], measure="households", on=CENSUS, value=-1),
        FactSpec(place_id=places["A"], measure="members", on=CENSUS, value=10**15),
        FactSpec(place_id=places["A"], measure="households", on=date(1999, 1, 1), value=1),
        FactSpec(place_id=99_999, measure="households", on=CENSUS, value=1),
        FactSpec(place_id=places["A"], measure="members", on=CENSUS, value=1),
    ]
    with pytest.raises(Refused) as caught:
        services.record_facts(actor=SYSTEM, facts=wrong)
    assert [fault.code for fault in caught.value.faults] == [
        "measure_unknown", "measure_is_ratio", "value_negative", "value_too_large", "place_not_valid", "place_unknown",
        "fact_twice",
    ]  # fmt: skip
