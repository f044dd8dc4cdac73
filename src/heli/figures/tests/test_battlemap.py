"""The battle map: what it shows to whom, at which moment, in which classes; and what its script gets."""

import json
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
from django.test import Client

from heli.accounts.testing import World, build_world
from heli.audit.services import writing
from heli.figures import catalogue, services, shapes
from heli.figures.classing import Scale, classes_of, scale_for
from heli.figures.testing import people
from heli.figures.types import SnapshotKind
from heli.kernel.access import SYSTEM
from heli.kernel.pairs import Pairs
from heli.places.models import PlaceVersion
from heli.places.queries import Footprint, Shapes
from heli.places.services import add_outline
from heli.places.testing import merge
from heli.warnings.services.weeks import freeze_missing
from heli.warnings.testing import DrawnCampaign, moment

pytestmark = pytest.mark.django_db
POPULATION = "places.registered_population"


@pytest.fixture
def world(settings: Any) -> World:
    """Two districts with people in every role."""
    settings.SECOND_FACTOR = False
    return build_world()


def give_outlines(world: World) -> None:
    """A row of squares for the villages of the first district."""
    villages = PlaceVersion.objects.filter(place__district_id=world.a.register.district, place__level="village")
    with writing(SYSTEM, "test.outlines") as act:
        act.after = {}
        for at, version in enumerate(villages.order_by("place_id")):
            square = shapely.box(106 + at / 10, 30, 106.1 + at / 10, 30.1)
            version.outline = add_outline(shape=square)
            version.save(update_fields=["outline"])


def values(client: Client, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/figures/map/values/?{query}")
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.content)
    return found


# --- classes -----------------------------------------------------------------------------------------------------------


def counts(*numbers: int) -> Pairs:
    return Pairs(np.arange(1, len(numbers) + 1), np.array(numbers, np.int64))


def test_quantiles_put_about_as_many_places_in_each_class_and_equal_values_in_one() -> None:
    figure = catalogue.find(POPULATION, date(2026, 1, 1))
    assert figure is not None
    pairs = counts(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
    classes = classes_of(figure, pairs, Scale.QUANTILES)
    assert np.bincount(classes.of(pairs)).tolist() == [2, 2, 2, 2, 2]
    assert classes.labels(pairs) == ["< 3", "3 – < 5", "5 – < 7", "7 – < 9", "≥ 9"]
    same = counts(7, 7, 7)
    assert classes_of(figure, same, Scale.QUANTILES).limits == ()
    assert classes_of(figure, same, Scale.QUANTILES).labels(same) == ["7"]


def test_percentages_are_cut_in_fifths_and_a_ratio_over_nothing_has_no_class() -> None:
    figure = catalogue.find("campaigns.progress", date(2026, 1, 1))
    assert figure is not None
    assert scale_for(figure, "") is Scale.FIFTHS
    pairs = Pairs(np.arange(1, 6), np.array([0, 1, 1, 5, 0]), np.array([5, 5, 4, 5, 0]))
    classes = classes_of(figure, pairs, Scale.FIFTHS)
    assert classes.of(pairs).tolist() == [0, 1, 1, 4, -1]
    assert classes.labels(pairs)[0] == "< 20.0"


def test_only_percentages_have_fifths() -> None:
    figure = catalogue.find(POPULATION, date(2026, 1, 1))
    assert figure is not None
    assert scale_for(figure, "fifths") is Scale.QUANTILES


# --- shapes ------------------------------------------------------------------------------------------------------------


def test_simplified_neighbours_still_meet_and_towns_are_drawn_from_their_villages() -> None:
    wavy = shapely.segmentize(shapely.box(0, 0, 1, 1), 0.0001)
    other = shapely.segmentize(shapely.box(1, 0, 2, 1), 0.0001)
    drawn = np.array([wavy, other], object)
    found = Shapes(np.array([1, 2]), np.array([9, 9]), drawn)
    thin = shapes.simplified(found)
    assert shapely.get_num_coordinates(thin).sum() < 20
    assert thin[0].intersection(thin[1]).length == pytest.approx(1)
    town = shapes.dissolved(found, [9, 8])
    assert town.places.tolist() == [9]
    assert town.geometries[0].area == pytest.approx(2)


def test_a_crowd_is_drawn_as_from_afar_and_still_meets(monkeypatch: pytest.MonkeyPatch) -> None:
    def wavy(west: float) -> Any:
        """A square whose sides wave by less than a thousandth of its width; neighbours wave alike."""
        steps = np.linspace(0, 1, 201)
        wave = np.sin(np.arange(201) * 2.5) / 2_000
        wave[[0, -1]] = 0
        left, right = (np.column_stack([west + at + wave, steps]) for at in (0, 1))
        return shapely.Polygon([*left, *right[::-1]])

    drawn = Shapes(np.array([1, 2]), np.array([9, 9]), np.array([wavy(0), wavy(1)], object))
    near = shapes.simplified(drawn)
    monkeypatch.setattr(shapes, "CROWD", 1)
    far = shapes.simplified(drawn)
    assert shapely.get_num_coordinates(far).sum() < shapely.get_num_coordinates(near).sum() / 5
    assert far[0].intersection(far[1]).length == pytest.approx(1, abs=0.01)
    feet = [Footprint(key, f"p{key}", f"村{key}", 9, key) for key in (1, 2)]
    assert len(shapes.geojson_text(drawn, feet)) < 1_800


def test_outlines_that_cross_each_other_are_simplified_one_by_one() -> None:
    tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    pinched = shapely.union_all([shapely.box(0, 0, 1, 1), shapely.box(1, 1, 2, 2)])
    found = Shapes(np.array([1, 2]), np.array([9, 9]), np.array([tie, pinched], object))
    assert not shapely.is_missing(shapes.simplified(found)).any()


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("106,30,107,31", (106, 30, 107, 31)),
        ("107,30,106,31", None),
        ("106,30,107", None),
        ("106,30,107,nan", None),
        ("106,30,1e9,31", None),
        ("a,b,c,d", None),
        ("", None),
    ],
)
def test_a_box_is_four_degrees_or_nothing(text: str, box: tuple[float, ...] | None) -> None:
    assert shapes.read_box(text) == box


def test_a_drawing_is_named_by_outlines_and_names() -> None:
    row = Footprint(1, "abc", "清溪村", 9, 5)
    assert shapes.digest_of([row]) == shapes.digest_of([row])
    assert shapes.digest_of([row]) != shapes.digest_of([row._replace(outline=6)])
    assert shapes.digest_of([row]) != shapes.digest_of([row._replace(name="石桥村")])


# --- pages -------------------------------------------------------------------------------------------------------------


def test_the_map_and_its_table_show_the_same_places(world: World) -> None:
    people(world.a.village.pk, 1_200)
    client = world.client("district_officer")
    found = values(client, f"by={POPULATION}")
    page = client.get(f"/figures/map/?by={POPULATION}").content.decode()
    assert len(found["i"]) == 5
    assert found["c"].count(-1) == 4
    assert "1,200" in page
    assert page.count("data-id=") == 5


def test_shapes_are_kept_for_ever_under_their_digest_and_asked_again_without_it(world: World) -> None:
    give_outlines(world)
    client = world.client("district_officer")
    page = client.get("/figures/map/").content.decode()
    state = json.loads(page.split('id="map-script" type="application/json">')[1].split("</script")[0])
    named = client.get(state["shapes"])
    assert "immutable" in named["Cache-Control"]
    assert len(json.loads(named.content)["features"]) == 5
    plain = client.get("/figures/map/shapes/")
    assert plain["Cache-Control"] == "private, no-cache"
    assert client.get("/figures/map/shapes/", headers={"If-None-Match": plain["ETag"]}).status_code == 304


def test_of_a_box_only_what_lies_in_it_is_sent_under_its_own_tag(world: World) -> None:
    give_outlines(world)
    client = world.client("district_officer")
    whole = client.get("/figures/map/shapes/")
    part = client.get("/figures/map/shapes/?box=106,30,106.2,30.1")
    assert [len(json.loads(one.content)["features"]) for one in (whole, part)] == [5, 2]
    assert part["ETag"] != whole["ETag"]
    assert json.loads(client.get("/figures/map/shapes/?box=10,30,11,31").content)["features"] == []
    # Who sees a town sees of the box what stands in the town.
    town = world.client("town_officer").get("/figures/map/shapes/?box=106,30,107,30.1")
    assert len(json.loads(town.content)["features"]) == 3


def test_values_answer_304_until_one_changes(world: World) -> None:
    client = world.client("district_officer")
    url = f"/figures/map/values/?by={POPULATION}"
    tag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
    people(world.a.village.pk, 900)
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 200


def test_towns_are_drawn_from_the_villages_in_them(world: World) -> None:
    give_outlines(world)
    client = world.client("district_officer")
    drawn = json.loads(client.get("/figures/map/shapes/?show=towns").content)["features"]
    assert len(drawn) == 2
    assert all(feature["geometry"]["type"] in ("Polygon", "MultiPolygon") for feature in drawn)


def test_the_picture_names_the_towns_around_its_villages(world: World) -> None:
    give_outlines(world)
    picture = world.client("district_officer").get("/figures/map/picture.svg").content.decode()
    assert picture.count(">代市镇<") == 1
    small = world.client("district_officer").get("/figures/map/picture.svg?small=1").content.decode()
    assert "<title>前锋区" not in small
    cadre = world.client("village_cadre").get("/figures/map/picture.svg").content.decode()
    assert ">代市镇<" not in cadre


def test_inside_a_town_only_its_villages_are_shown(world: World) -> None:
    client = world.client("district_officer")
    found = values(client, f"by={POPULATION}&place={world.a.town.public_id}")
    below = PlaceVersion.objects.filter(parent_id=world.a.town.pk).values_list("place_id", flat=True)
    assert set(found["i"]) == set(below)


def test_a_town_or_campaign_out_of_reach_answers_404(world: World) -> None:
    client = world.client("district_officer")
    run = DrawnCampaign.over(world.b.register, {"s": 5}, towns=list(world.b.towns))
    for part in ("", "values/", "shapes/", "picture.svg"):
        assert client.get(f"/figures/map/{part}?place={world.b.town.public_id}").status_code == 404
        assert client.get(f"/figures/map/{part}?campaign={run.campaign.public_id}").status_code == 404


def test_a_cadre_sees_the_own_village_only(world: World) -> None:
    people(world.a.village.pk, 1_200)
    people(world.a.other_village.pk, 800)
    assert values(world.client("village_cadre"), f"by={POPULATION}")["i"] == [world.a.village.pk]


def test_an_earlier_snapshot_shows_the_places_and_values_of_its_day(world: World) -> None:
    first, second = world.a.village, world.a.other_village
    day = date(2026, 1, 5)
    people(first.pk, 1_200, on=day)
    people(second.pk, 800, on=day)
    taken = services.take_snapshot(actor=SYSTEM, district_id=world.a.register.district, kind=SnapshotKind.DAILY, on=day)
    names = dict(PlaceVersion.objects.values_list("place_id", "name"))
    in_town = list(
        PlaceVersion.objects.filter(parent_id=world.a.town.pk, kind="village").values_list("name", flat=True)
    )
    merge(
        world.a.register,
        " ".join(in_town),
        "新村",
        date(2026, 1, 13),
        parent=names[world.a.town.pk],
    )
    client = world.client("district_officer")
    then = values(client, f"by={POPULATION}&at={taken.public_id}")
    now = values(client, f"by={POPULATION}")
    assert first.pk in then["i"]
    assert first.pk not in now["i"]
    assert world.a.register["新村"] in now["i"]
    assert then["n"][then["i"].index(first.pk)].startswith("1,200")


# --- colours -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(world: World) -> DrawnCampaign:
    """A campaign of five days over the first district, long overdue but for one village."""
    run = DrawnCampaign.over(world.a.register, {"visit": 5}, towns=list(world.a.towns))
    run.do("岩门村", "visit", moment(2))
    return run


def test_colours_are_told_by_word_shape_and_letter(world: World, run: DrawnCampaign) -> None:
    client = world.client("district_officer")
    found = values(client)
    tints = dict(zip(found["i"], found["c"], strict=True))
    assert tints[run.register["岩门村"]] == 0
    assert tints[run.register["大石村"]] == 3
    assert {(key["shape"], bool(key["letter"])) for key in found["legend"]} == {
        ("dot", False), ("triangle", True), ("diamond", True), ("square", True),
    }  # fmt: skip
    picture = client.get("/figures/map/picture.svg")
    assert picture["Content-Type"] == "image/svg+xml"


def test_a_frozen_week_stays_as_it_was_while_now_goes_on(world: World, run: DrawnCampaign) -> None:
    freeze_missing(actor=SYSTEM, campaign=run.campaign, at=moment(20))
    run.do("大石村", "visit", moment(30))
    client = world.client("district_officer")
    place = run.register["大石村"]
    last = values(client, "at=w2")
    now = values(client)
    assert last["c"][last["i"].index(place)] == 2  # five working days late: orange
    assert now["c"][now["i"].index(place)] == 0


def test_the_number_of_queries_does_not_grow_with_the_places(
    world: World, run: DrawnCampaign, django_assert_max_num_queries: Any
) -> None:
    client = world.client("district_officer")
    values(client)
    with django_assert_max_num_queries(40):
        values(client)
