"""Who reaches which place, and how places stood on a day."""

from datetime import date

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heli.audit.services import writing
from heli.kernel.access import SYSTEM, Scope
from heli.places import queries, services
from heli.places.models import Place
from heli.places.picture import LineagePicture, draw_history
from heli.places.presenting import picture_of
from heli.places.testing import Register, arrows, draw_register, merge
from heli.places.types import EventKind, EventSpec, Level, PlaceKind, PlaceSpec

pytestmark = pytest.mark.django_db
DAY, LATER = date(2020, 5, 1), date(2021, 5, 1)


@pytest.fixture
def qianfeng() -> Register:
    return draw_register({"T": "A B C (K)", "U": "D E"})


def reached(places: Register, *roots: str, on: date | None = None) -> str:
    scope = Scope(place_ids=frozenset(places[root] for root in roots))
    keys = {key: name for name, key in places.keys.items()}
    return " ".join(sorted(keys[key] for key in queries.in_scope(scope, on).values_list("pk", flat=True)))


def test_a_town_officer_reaches_the_own_town_only(qianfeng: Register) -> None:
    assert reached(qianfeng, "T") == "A B C K T"
    assert reached(qianfeng, "U") == "D E U"
    assert reached(qianfeng, "A") == "A"
    assert reached(qianfeng, "Q") == "A B C D E K Q T U"
    assert queries.in_scope(Scope()).count() == 0
    assert queries.in_scope(Scope(everything=True)).count() == 9


def test_former_units_stay_within_reach_of_their_successors_town(qianfeng: Register) -> None:
    merge(qianfeng, "A D", "N", DAY, parent="T")
    assert reached(qianfeng, "T") == "A B C D K N T"
    assert reached(qianfeng, "N") == "A D N"
    assert reached(qianfeng, "T", on=LATER) == "B C K N T"
    assert reached(qianfeng, "U") == "D E U"


def test_another_districts_places_are_never_within_reach(qianfeng: Register) -> None:
    other = draw_register({"V": "F G"}, district="L", code="330302")
    assert reached(qianfeng, "Q") == "A B C D E K Q T U"
    for name in ("F", "V", "L"):
        assert not queries.is_within(other[name], {qianfeng.district})
        assert (
            queries.find(Place.objects.get(pk=other[name]).public_id, Scope(place_ids=frozenset({qianfeng.district})))
            is None
        )


def test_a_village_that_moved_to_another_district_is_reached_from_both(qianfeng: Register) -> None:
    other = draw_register({"V": "F G"}, district="L", code="330302")
    becomes: dict[int | str, PlaceSpec] = {
        qianfeng["A"]: PlaceSpec(name="A", kind=PlaceKind.VILLAGE, parent=other["V"])
    }
    services.record_event(
        actor=SYSTEM,
        event=EventSpec(
            kind=EventKind.MOVE, on=DAY, links=arrows((qianfeng["A"], qianfeng["A"], 10_000)), becomes=becomes
        ),
    )
    assert queries.is_within(qianfeng["A"], {qianfeng.district})
    assert queries.is_within(qianfeng["A"], {other.district})
    assert Place.objects.get(pk=qianfeng["A"]).district_id == other.district
    assert {row.name for row in queries.villages_of(other.district, DAY)} == {"A", "F", "G"}


@pytest.mark.parametrize("root", ["Q", "T", "U", "A", "N"])
def test_both_ways_of_asking_agree(qianfeng: Register, root: str) -> None:
    """`in_scope` goes down from the roots, `is_within` up from the place."""
    merge(qianfeng, "A D", "N", DAY, parent="T")
    services.record_event(
        actor=SYSTEM,
        event=EventSpec(
            kind=EventKind.ABSORB, on=LATER, links=arrows((qianfeng["U"], qianfeng["T"], 10_000)), children_follow=True
        ),
    )
    down = set(queries.in_scope(Scope(place_ids=frozenset({qianfeng[root]}))).values_list("pk", flat=True))
    up = {key for key in qianfeng.keys.values() if queries.is_within(key, {qianfeng[root]})}
    assert down == up


def test_counts_of_all_districts_take_one_query(qianfeng: Register) -> None:
    other = draw_register({"V": "F (G)"}, district="L", code="330302")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        counts = queries.counts_on(DAY)
    assert len(asked) == 1
    assert counts[qianfeng.district] == {
        PlaceKind.DISTRICT: 1,
        PlaceKind.TOWN: 2,
        PlaceKind.VILLAGE: 5,
        PlaceKind.COMMUNITY: 1,
    }
    assert counts[other.district] == {
        PlaceKind.DISTRICT: 1,
        PlaceKind.TOWN: 1,
        PlaceKind.VILLAGE: 1,
        PlaceKind.COMMUNITY: 1,
    }


def test_one_place_on_a_day_takes_one_query_and_knows_its_parent(qianfeng: Register) -> None:
    with CaptureQueriesContext(connection) as asked:
        row = queries.version_on(qianfeng["A"], DAY)
    assert len(asked) == 1
    assert row is not None
    assert (row.name, row.parent_name, row.level, row.kind) == ("A", "T", Level.VILLAGE, PlaceKind.VILLAGE)
    assert queries.version_on(qianfeng["A"], date(2001, 1, 1)) is None


def test_search_finds_former_names_and_codes_within_reach_only(qianfeng: Register) -> None:
    services.change_version(actor=SYSTEM, place_id=qianfeng["A"], on=DAY, reason="x", name="大桥村委会")
    services.change_version(actor=SYSTEM, place_id=qianfeng["A"], on=LATER, reason="x", name="新桥村村民委员会")
    everything = Scope(everything=True)
    [hit] = queries.search("大桥村", everything, LATER).hits
    assert (hit.row.name, hit.matched, hit.is_former) == ("新桥村", "大桥村", True)
    assert [one.row.id for one in queries.search("511603100200", everything, LATER).hits] == [qianfeng["A"]]
    assert queries.search("大桥", Scope(place_ids=frozenset({qianfeng["U"]})), LATER).count == 0
    assert queries.search("  ", everything, LATER).count == 0


NAMED = "新村村委会 新村 三新村村委会 新村坝村 新桥村 大新村社区 红新社区 铁路新村社区居委会"


def test_search_ranks_before_it_cuts_and_is_complete_page_by_page() -> None:
    register = draw_register({"甲镇": NAMED, "新村乡": "红星村"})
    merge(register, "新村 新桥村", "合村", DAY, parent="甲镇")
    everything = Scope(everything=True)

    def pages(text: str, most: int) -> list[str]:
        found = queries.search(text, everything, DAY, most=most)
        more = [queries.search(text, everything, DAY, first=at, most=most) for at in range(most, found.count, most)]
        assert {one.count for one in more} <= {found.count}
        return [hit.matched for one in (found, *more) for hit in one.hits]

    ranked = ["新村", "新村", "新村坝村", "新村乡", "三新村", "大新村社区", "铁路新村社区"]
    assert pages("新村", 50) == ranked
    assert pages("新村", 2) == ranked
    # Without its ending the name is looked for only where two letters are left of it.
    assert pages("红星社区", 50) == ["红星村"]
    assert "红新社区" not in pages("新村", 50)


def test_every_place_is_found_by_its_short_name_among_many() -> None:
    names = [f"红星{letter}村" for letter in "甲乙丙丁戊己庚辛壬癸"]
    register = draw_register({"甲镇": " ".join([*names, "红星村委会"]), "乙镇": "大石村 高桥村"})
    for number in range(0, 10, 2):
        merge(register, " ".join(names[number : number + 2]), f"合{number}村", DAY, parent="甲镇")
    reach = Scope(place_ids=frozenset({register.district}))
    with CaptureQueriesContext(connection) as one:
        found = queries.search("高桥", reach, DAY)
    assert [hit.row.id for hit in found.hits] == [register["高桥村"]]
    with CaptureQueriesContext(connection) as many:
        found = queries.search("红星", reach, DAY)
    assert found.hits[0].row.id == register["红星村委会"]
    assert {hit.row.id for hit in found.hits if hit.is_former} == {register[name] for name in names}
    # Ten former places ask for their last versions and the names above them, once for all.
    assert len(many) <= len(one) + 2


def test_a_code_is_found_by_its_beginning(qianfeng: Register) -> None:
    everything = Scope(everything=True)
    found = queries.search("511603100", everything, DAY)
    assert found.hits[0].row.id == qianfeng["T"]
    assert all(hit.row.code.startswith("511603100") for hit in found.hits)
    assert queries.search("0511", everything, DAY).count == 0
    assert queries.search("5116031002001", everything, DAY).count == 0


def test_a_merger_of_whole_villages_joins_their_outlines(qianfeng: Register) -> None:
    for number, name in enumerate("ABC"):
        with writing(SYSTEM, "places.edit") as _act:
            outline = services.add_outline(shape=shapely.box(106 + number, 30, 107 + number, 31), is_sample=name == "A")
        services.change_version(actor=SYSTEM, place_id=qianfeng[name], on=DAY, reason="survey", outline_id=outline.pk)
    merge(qianfeng, "A B", "N", LATER, parent="T")
    row = queries.version_on(qianfeng["N"], LATER)
    assert row is not None
    assert row.outline is not None
    assert shapely.from_wkb(row.outline).bounds == (106, 30, 108, 31)
    assert row.is_sample
    # C has an outline, D has none: nobody knows the line of the whole.
    merge(qianfeng, "C D", "M", LATER, parent="T")
    assert queries.version_on(qianfeng["M"], LATER).outline is None  # type: ignore[union-attr]  # None fails the test too


def pictured(place: int) -> LineagePicture | None:
    return picture_of(Place.objects.get(pk=place), queries.events_of(queries.lineage_of(place)))


def test_the_picture_of_a_history_stacks_its_family_by_time(qianfeng: Register) -> None:
    merge(qianfeng, "A B", "N", DAY, parent="T")
    merge(qianfeng, "N C", "M", LATER, parent="T")
    picture = pictured(qianfeng["N"])
    assert picture is not None
    height = {box.name: box.y for box in picture.boxes}
    assert height["A"] == height["B"] < height["N"] < height["M"]
    assert [caption.second for caption in picture.captions] == ["前府发〔2020〕1号", "前府发〔2020〕1号"]
    assert picture.width <= 390
    assert pictured(qianfeng["E"]) is None
    assert draw_history(1, {}, [], {}) is None
