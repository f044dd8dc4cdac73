"""Lineage events: what they do to places, and what is refused."""

from datetime import date
from typing import Any

import pytest

from heli.kernel.access import PUBLIC, SYSTEM
from heli.kernel.faults import Forbidden, Refused
from heli.places import queries, services
from heli.places.models import LineageEvent, Place, PlaceVersion
from heli.places.testing import BEGINNING, Register, arrows, draw_register, merge
from heli.places.types import UNKNOWN, EventKind, EventSpec, LinkSpec, PlaceKind, PlaceSpec, Share

pytestmark = pytest.mark.django_db
DAY = date(2020, 5, 1)
LATER = date(2021, 5, 1)


@pytest.fixture
def qianfeng() -> Register:
    return draw_register({"T": "A B C (K)", "U": "D E"})


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [fault.code for fault in caught.value.faults]


def names_on(places: Register, on: date) -> str:
    return " ".join(sorted(row.name for row in queries.villages_of(places.district, on)))


def record(*events: EventSpec) -> list[dict[str, int]]:
    return [dict(event.founded) for event in services.record_events(actor=SYSTEM, events=events)]


def village(name: str, parent: int | str, **more: Any) -> PlaceSpec:
    return PlaceSpec(name=name, kind=PlaceKind.VILLAGE, parent=parent, **more)


def test_a_merger_ends_its_members_and_founds_a_new_place(qianfeng: Register) -> None:
    _, new = merge(qianfeng, "A B", "N", DAY, parent="T")
    assert names_on(qianfeng, date(2020, 4, 30)) == "A B C D E K"
    assert names_on(qianfeng, DAY) == "C D E K N"
    assert queries.predecessors(new) == [qianfeng["A"], qianfeng["B"]]
    assert queries.successors(qianfeng["A"]) == [new]


def test_a_host_that_absorbs_keeps_its_own_identity(qianfeng: Register) -> None:
    record(EventSpec(kind=EventKind.ABSORB, on=DAY, links=arrows((qianfeng["A"], qianfeng["K"], 10_000))))
    assert names_on(qianfeng, DAY) == "B C D E K"
    assert queries.version_on(qianfeng["K"], DAY).valid_from == BEGINNING  # type: ignore[union-attr]  # None fails the test too


def test_part_of_a_village_goes_and_the_rest_stays(qianfeng: Register) -> None:
    part = LinkSpec(
        source=qianfeng["A"],
        target=qianfeng["B"],
        population=Share(3, 10),
        area=Share(2, 10),
        is_part=True,
        note="groups 1–3",
    )
    rest = LinkSpec(source=qianfeng["A"], target=qianfeng["A"], population=Share(7, 10), area=Share(8, 10))
    record(EventSpec(kind=EventKind.SPLIT, on=DAY, links=(part, rest)))
    assert names_on(qianfeng, DAY) == "A B C D E K"
    assert queries.events_of([qianfeng["B"]])[-1].links[0].note == "groups 1–3"


def test_a_merger_undone_later_brings_the_same_places_back(qianfeng: Register) -> None:
    _, new = merge(qianfeng, "A B", "N", DAY, parent="T")
    back: dict[int | str, PlaceSpec] = {
        qianfeng["A"]: village("A", qianfeng["T"], code="511603100200"),
        qianfeng["B"]: village("B", qianfeng["T"], code="511603100201"),
    }
    links = arrows((new, qianfeng["A"], 6_000), (new, qianfeng["B"], 4_000))
    record(EventSpec(kind=EventKind.SPLIT, on=LATER, links=links, becomes=back))
    assert names_on(qianfeng, DAY) == "C D E K N"
    assert names_on(qianfeng, LATER) == "A B C D E K"
    assert len(queries.versions_of(qianfeng["A"])) == 2


def test_a_village_is_recoded_there_and_back(qianfeng: Register) -> None:
    for on, code in ((DAY, "511603100299"), (LATER, "511603100200")):
        becomes: dict[int | str, PlaceSpec] = {qianfeng["A"]: village("A", qianfeng["T"], code=code)}
        record(
            EventSpec(
                kind=EventKind.RECODE, on=on, links=arrows((qianfeng["A"], qianfeng["A"], 10_000)), becomes=becomes
            )
        )
    assert [row.code[-3:] for row in queries.versions_of(qianfeng["A"])] == ["200", "299", "200"]


def test_two_villages_swap_their_codes_on_one_day(qianfeng: Register) -> None:
    a, b = qianfeng["A"], qianfeng["B"]
    becomes: dict[int | str, PlaceSpec] = {
        a: village("A", qianfeng["T"], code="511603100201"),
        b: village("B", qianfeng["T"], code="511603100200"),
    }
    record(EventSpec(kind=EventKind.RECODE, on=DAY, links=arrows((a, a, 10_000), (b, b, 10_000)), becomes=becomes))
    assert queries.version_on(a, DAY).code == "511603100201"  # type: ignore[union-attr]  # None fails the test too


def test_several_events_of_one_day_are_taken_in_order(qianfeng: Register) -> None:
    first = EventSpec(
        kind=EventKind.MERGE, on=DAY, links=arrows((qianfeng["A"], "X", 10_000), (qianfeng["B"], "X", 10_000)),
        founds={"X": village("X", qianfeng["T"])},
    )  # fmt: skip
    second = EventSpec(
        kind=EventKind.MERGE, on=DAY, links=arrows(("X", "Y", 10_000), (qianfeng["C"], "Y", 10_000)),
        founds={"Y": village("Y", qianfeng["T"])},
    )  # fmt: skip
    founded = record(first, second)
    assert names_on(qianfeng, DAY) == "D E K Y"
    assert set(queries.predecessors(founded[1]["Y"])) == {founded[0]["X"], *(qianfeng[name] for name in "ABC")}
    assert [event.sequence for event in queries.events_in(qianfeng.district, DAY)] == [1, 2]


def test_abolition_leaves_no_successor_and_founding_has_no_predecessor(qianfeng: Register) -> None:
    record(EventSpec(kind=EventKind.DISSOLVE, on=DAY, links=arrows((qianfeng["A"], None, 10_000))))
    new = services.create_place(actor=SYSTEM, spec=village("Z", qianfeng["T"]), on=DAY)
    assert names_on(qianfeng, DAY) == "B C D E K Z"
    assert queries.successors(qianfeng["A"]) == []
    assert queries.predecessors(new) == []


def test_the_villages_of_a_vanishing_town_follow_it(qianfeng: Register) -> None:
    event = EventSpec(
        kind=EventKind.ABSORB, on=DAY, links=arrows((qianfeng["U"], qianfeng["T"], 10_000)), children_follow=True
    )  # fmt: skip
    assert len(record(event)) == 2
    assert queries.version_on(qianfeng["D"], DAY).parent_id == qianfeng["T"]  # type: ignore[union-attr]  # None fails the test too
    assert [row.name for row in queries.towns_of(qianfeng.district, DAY)] == ["T"]


def test_a_town_cannot_end_while_villages_stand_under_it(qianfeng: Register) -> None:
    with pytest.raises(Refused) as caught:
        record(EventSpec(kind=EventKind.ABSORB, on=DAY, links=arrows((qianfeng["U"], qianfeng["T"], 10_000))))
    assert codes(caught) == ["children_left"]
    assert "U" in caught.value.faults[0].message


def test_shares_are_asked_for_and_not_invented(qianfeng: Register) -> None:
    a = qianfeng["A"]
    for links, code in (
        ((LinkSpec(source=a, target=qianfeng["B"]), LinkSpec(source=a, target=qianfeng["C"])), "shares_missing"),
        (arrows((a, qianfeng["B"], 6_000), (a, qianfeng["C"], 3_000)), "shares_do_not_add_up"),
        (arrows((a, qianfeng["B"], 10_000), (a, qianfeng["C"], 0)), "share_empty"),
        (arrows((a, qianfeng["B"], 16_000), (a, qianfeng["C"], 0)), "share_out_of_range"),
    ):
        with pytest.raises(Refused) as caught:
            record(EventSpec(kind=EventKind.SPLIT, on=DAY, links=links))
        assert code in codes(caught)


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (EventSpec(kind=EventKind.MERGE, on=DAY, links=()), "event_without_links"),
        (EventSpec(kind=EventKind.DISSOLVE, on=DAY, links=arrows((99_999, None, 10_000))), "place_unknown"),
        (EventSpec(kind=EventKind.DISSOLVE, on=date(2001, 1, 1), links=arrows(("A", None, 10_000))), "later_history"),
        (
            EventSpec(kind=EventKind.ABSORB, on=DAY, links=arrows(("A", "B", 10_000), ("B", "A", 10_000))),
            "event_in_a_ring",
        ),
        (EventSpec(kind=EventKind.ABSORB, on=DAY, links=arrows(("A", "B", 10_000), ("A", "B", 10_000))), "link_twice"),
        (EventSpec(kind=EventKind.MERGE, on=DAY, links=arrows(("A", "B", 10_000))), "not_a_merge"),
        (EventSpec(kind=EventKind.SPLIT, on=DAY, links=arrows(("A", "B", 10_000))), "not_a_split"),
        (EventSpec(kind=EventKind.DISSOLVE, on=DAY, links=arrows(("A", "B", 10_000))), "not_a_dissolve"),
        (EventSpec(kind=EventKind.FOUND, on=DAY, links=arrows(("A", "B", 10_000))), "not_a_found"),
        (EventSpec(kind=EventKind.RENAME, on=DAY, links=arrows(("A", "A", 10_000))), "not_a_in_place"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused_by_name(qianfeng: Register, event: EventSpec, code: str) -> None:
    keys = qianfeng.keys
    links = tuple(
        LinkSpec(
            source=keys.get(link.source, link.source) if isinstance(link.source, str) else link.source,
            target=keys.get(link.target, link.target) if isinstance(link.target, str) else link.target,
            population=link.population,
            area=link.area,
        )
        for link in event.links
    )
    with pytest.raises(Refused) as caught:
        record(EventSpec(kind=event.kind, on=event.on, links=links))
    assert code in codes(caught)


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (Share(3, 10), Share(6, 10), "shares_do_not_add_up"),
        (Share(3, 10), Share(8, 10), "shares_do_not_add_up"),
        (Share(3, 10), Share(14, 20), "shares_of_two_bases"),
        (Share(10, 10), UNKNOWN, "shares_leave_nothing"),
        (Share(3, 10), None, "shares_missing"),
        (Share(-1, 10), Share(11, 10), "share_out_of_range"),
        (Share(0, 0), Share(0, 0), "share_out_of_range"),
        (Share(3, None), Share(7, 10), "share_out_of_range"),
    ],
)
def test_shares_that_do_not_make_a_whole_are_refused(
    qianfeng: Register, first: Share, second: Share | None, code: str
) -> None:
    def split(one: Share, other: Share | None) -> EventSpec:
        links = (
            LinkSpec(source=qianfeng["A"], target=qianfeng["B"], population=one, area=Share(1, 2)),
            LinkSpec(source=qianfeng["A"], target=qianfeng["A"], population=other, area=Share(1, 2)),
        )
        return EventSpec(kind=EventKind.SPLIT, on=DAY, links=links)

    with pytest.raises(Refused) as caught:
        record(split(first, second))
    assert codes(caught) == [code]
    assert record(split(Share(3, 10), UNKNOWN))


def test_a_code_in_use_is_refused_and_a_dropped_one_may_come_back(qianfeng: Register) -> None:
    spec = village("Z", qianfeng["T"], code="511603100200")
    with pytest.raises(Refused) as caught:
        services.create_place(actor=SYSTEM, spec=spec, on=DAY)
    assert codes(caught) == ["code_taken"]
    record(EventSpec(kind=EventKind.DISSOLVE, on=DAY, links=arrows((qianfeng["A"], None, 10_000))))
    assert services.create_place(actor=SYSTEM, spec=spec, on=DAY)


def test_the_same_code_twice_in_one_batch_is_refused(qianfeng: Register) -> None:
    founds = {name: village(name, qianfeng["T"], code="511603100277") for name in ("Y", "Z")}
    links = arrows((None, "Y", 10_000), (None, "Z", 10_000))
    with pytest.raises(Refused) as caught:
        record(EventSpec(kind=EventKind.FOUND, on=DAY, links=links, founds=founds))
    assert codes(caught) == ["code_twice"]


def test_nothing_is_written_when_one_event_of_several_is_wrong(qianfeng: Register) -> None:
    before = (Place.objects.count(), PlaceVersion.objects.count(), LineageEvent.objects.count())
    good = EventSpec(kind=EventKind.DISSOLVE, on=DAY, links=arrows((qianfeng["A"], None, 10_000)))
    with pytest.raises(Refused) as caught:
        record(good, good)
    assert codes(caught) == ["place_not_valid"]
    assert caught.value.faults[0].source == "#2"
    assert (Place.objects.count(), PlaceVersion.objects.count(), LineageEvent.objects.count()) == before


def test_a_stranger_may_not_record_events(qianfeng: Register) -> None:
    event = EventSpec(kind=EventKind.DISSOLVE, on=DAY, links=arrows((qianfeng["A"], None, 10_000)))
    with pytest.raises(Forbidden):
        services.record_event(actor=PUBLIC, event=event)


def test_reversing_an_event_restores_what_was(qianfeng: Register) -> None:
    before = queries.villages_of(qianfeng.district, DAY)
    event, new = merge(qianfeng, "A B", "N", DAY, parent="T")
    services.reverse_event(actor=SYSTEM, event_id=event, reason="wrong list")
    assert queries.villages_of(qianfeng.district, DAY) == before
    assert queries.predecessors(new) == []
    assert [row.in_force for row in queries.events_of([new])] == [False, False]


def test_an_event_that_others_build_on_is_not_reversed(qianfeng: Register) -> None:
    event, _ = merge(qianfeng, "A B", "N", DAY, parent="T")
    second, _ = merge(qianfeng, "N C", "M", LATER, parent="T")
    with pytest.raises(Refused) as caught:
        services.reverse_event(actor=SYSTEM, event_id=event, reason="wrong list")
    assert codes(caught) == ["event_built_upon"]
    services.reverse_events(actor=SYSTEM, event_ids=[event, second], reason="wrong list")
    assert names_on(qianfeng, LATER) == "A B C D E K"
    with pytest.raises(Refused) as caught:
        services.reverse_event(actor=SYSTEM, event_id=event, reason="again")
    assert codes(caught) == ["event_already_reversed"]


def test_a_change_outside_an_event_keeps_the_mistake_as_an_empty_version(qianfeng: Register) -> None:
    services.change_version(actor=SYSTEM, place_id=qianfeng["A"], on=BEGINNING, reason="misspelt", name="AA")
    assert [(row.name, row.valid_from, row.valid_to) for row in queries.versions_of(qianfeng["A"])] == [
        ("A", BEGINNING, BEGINNING),
        ("AA", BEGINNING, None),
    ]
    with pytest.raises(Refused) as caught:
        services.change_version(actor=SYSTEM, place_id=qianfeng["A"], on=DAY, reason=" ", name="AA")
    assert codes(caught) == ["reason_missing"]


def test_a_border_longer_than_any_is_refused() -> None:
    drawn = draw_register({"代市镇": "甲村 乙村"})
    for metres in (-1, 10**40):
        pair = services.NeighbourSpec(a_id=drawn["甲村"], b_id=drawn["乙村"], border_m=metres)
        with pytest.raises(Refused) as refused:
            services.edit_neighbour(actor=SYSTEM, pair=pair, on=date(2026, 1, 1))
        assert refused.value.faults[0].code == "length_negative"
