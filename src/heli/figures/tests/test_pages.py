"""The pages of figures: every number opens, other people's numbers do not, and the forms are named."""

from datetime import date

import pytest
from django.utils import translation

from heli.accounts.testing import World, build_world
from heli.figures import catalogue, presenting
from heli.figures.replacing import replaced
from heli.figures.testing import DAY, people, snapshot_of
from heli.figures.types import Value, number_text
from heli.kernel.access import SYSTEM
from heli.kernel.declare import Additivity, Ask, Figure, Rows
from heli.places import services as register
from heli.places.testing import arrows
from heli.places.types import EventKind, EventSpec

pytestmark = pytest.mark.django_db
PEOPLE = "/figures/places.registered_population/"


@pytest.fixture
def world() -> World:
    built = build_world()
    people(built.a.register["岩门村"], 1_000)
    people(built.a.register["光明村"], 800)
    return built


def test_the_registry_lists_every_figure_with_its_value(world: World) -> None:
    page = world.client("district_officer").get(f"/figures/?on={DAY}").content.decode()
    assert "places.registered_population" in page
    assert "1,800" in page
    assert world.client("district_officer").get("/figures/?export=xlsx").status_code == 200


def test_a_number_opens_its_parts_and_rows(world: World) -> None:
    client = world.client("district_officer")
    page = client.get(f"{PEOPLE}?place={world.a.district.public_id}&on={DAY}").content.decode()
    assert "1,800" in page
    assert f"place={world.a.town.public_id}" in page
    assert world.a.village.public_id in page
    village = client.get(f"{PEOPLE}?place={world.a.village.public_id}&on={DAY}").content.decode()
    assert "1,000" in village
    assert client.get(f"{PEOPLE}?place={world.a.district.public_id}&r-export=csv").status_code == 200


def test_what_belongs_to_the_place_itself_stands_among_its_parts(world: World) -> None:
    dissolved = EventSpec(kind=EventKind.DISSOLVE, on=DAY, links=arrows((world.a.register["水口村"], None, 10_000)))
    register.record_event(actor=SYSTEM, event=dissolved)
    address = f"/figures/places.village_reduction/?place={world.a.district.public_id}&on={DAY}"
    with translation.override("en"):
        page = world.client("district_officer").get(address, headers={"accept-language": "en"}).content.decode()
    assert "Q itself" in page
    assert "1 / 4" in page


def test_another_districts_or_towns_place_answers_404(world: World) -> None:
    assert world.client("district_officer").get(f"{PEOPLE}?place={world.b.village.public_id}").status_code == 404
    officer = world.client("town_officer")
    assert officer.get(f"{PEOPLE}?place={world.a.other_village.public_id}").status_code == 404
    assert officer.get(f"{PEOPLE}?place={world.a.district.public_id}").status_code == 404
    assert "1,000" in officer.get(f"{PEOPLE}?on={DAY}").content.decode()
    assert world.client("village_cadre").get("/figures/planning.target/").status_code == 404
    assert officer.get("/figures/places.nonsense/").status_code == 404


def test_a_number_of_a_snapshot_is_shown_as_reported(world: World) -> None:
    snapshot = snapshot_of(world.a)
    client = world.client("district_officer")
    address = f"{PEOPLE}?place={world.a.village.public_id}&snapshot={snapshot.public_id}"
    page = client.get(address).content.decode()
    assert "1,000" in page
    assert client.get(f"{PEOPLE}?place={world.b.village.public_id}&snapshot={snapshot.public_id}").status_code == 404
    assert world.client("district_officer", world.b).get(address).status_code == 404
    corrected = client.get(f"/figures/snapshots/{snapshot.public_id}/corrected/places.registered_population/")
    assert "1,010" in corrected.content.decode()
    assert client.get(f"/figures/snapshots/{snapshot.public_id}/corrected/places.villages/").status_code == 404


def test_numbers_restated_to_a_later_day_say_so(world: World) -> None:
    page = world.client("auditor").get(f"{PEOPLE}?on={DAY}&restated=2026-06-01").content.decode()
    assert "2026-06-01" in page
    assert "1,800" in page


def test_a_snapshot_is_taken_by_hand_once_a_day_and_never_of_tomorrow(world: World) -> None:
    client = world.client("district_officer")
    given = {"district": world.a.district.public_id, "on": DAY.isoformat()}
    first = client.post("/figures/snapshots/freeze/", given)
    assert first.status_code == 303
    assert client.post("/figures/snapshots/freeze/", given)["Location"] == first["Location"]
    assert client.post("/figures/snapshots/freeze/", {**given, "on": "2999-01-01"}).status_code == 422


def test_the_burden_page_names_the_forms_that_screens_replace(world: World) -> None:
    page = world.client("town_officer").get("/figures/burden/?f-rows=all").content.decode()
    assert "统计指标解释" in page
    assert {"places", "planning", "figures", "campaigns"} <= {one.area for one in replaced()}
    assert all(one.form for one in replaced())


def figure(**changes: object) -> Figure:
    given = {
        "id": "places.x", "version": 1, "title": "x", "meaning": "x", "unit": "people", "action": "places.read", "source": "x",
        "evaluate": lambda ask: {}, "rows": lambda ask, ids: Rows([], []),
    }  # fmt: skip
    return Figure(**{**given, **changes})  # type: ignore[arg-type]  # whatever the test changes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": "nonsense"}, "context.name"),
        ({"version": 0}, "no version"),
        ({"meaning": ""}, "lacks title, meaning"),
        ({"unit": "%"}, "a percentage is a ratio"),
        ({"decimals": 9}, "decimals"),
        ({"carried_by": "hand"}, "carried by"),
        ({"valid_to": date(2000, 1, 1)}, "period is empty"),
        ({"over_time": Additivity.SUM, "over_places": Additivity.NONE}, "over places"),
    ],
)
def test_a_bad_declaration_is_named_before_anything_starts(changes: dict[str, object], words: str) -> None:
    assert catalogue.mistakes_in([figure()]) == []
    [mistake] = catalogue.mistakes_in([figure(**changes)])
    assert words in mistake


def test_a_doubled_id_stops_the_start_and_a_new_version_has_its_own_period() -> None:
    assert len(catalogue.mistakes_in([figure(), figure()])) == 2
    ends = date(2026, 1, 1)
    assert catalogue.mistakes_in([figure(valid_to=ends), figure(version=2, valid_from=ends)]) == []
    assert len(catalogue.mistakes_in([figure(), figure(version=2, valid_from=ends)])) == 1


@pytest.mark.parametrize(
    ("changes", "pair", "text"),
    [
        ({}, (1_234_567, 1), "1,234,567"),
        ({"unit": "%", "is_ratio": True, "decimals": 2}, (138, 254), "54.33"),
        ({"unit": "percentage points", "is_ratio": True, "decimals": 2}, (-1, 8), "-12.50"),
        ({"unit": "yuan", "decimals": 2}, (123_456_789, 1), "1,234,567.89"),
        ({"unit": "km²", "decimals": 3}, (998_000_000, 1), "9.980"),
        ({"is_ratio": True, "decimals": 1}, (5, 2), "2.5"),
        ({"is_ratio": True}, (5, 0), None),
    ],
)
def test_numbers_are_written_in_their_unit_rounded_half_up(
    changes: dict[str, object], pair: tuple[int, int], text: str | None
) -> None:
    assert number_text(figure(**changes), pair) == text


def test_a_mark_links_to_where_the_number_is_opened() -> None:
    value = Value(figure(id="places.villages"), 116, 1)
    mark = str(presenting.number(value, presenting.where_of(value, "abc", DAY, "xyz")))
    assert 'href="/figures/places.villages/?place=abc&amp;snapshot=xyz&amp;on=2026-01-01"' in mark
    assert "116" in mark
    assert Ask(district_ids=(1,), on=DAY) == Ask(district_ids=(1,), on=DAY)
