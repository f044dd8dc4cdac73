"""The published figures of posts, printed by Heli from papers, posts, links and recruitments (docs/explanation/acceptance.md)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from heli.accounts.models import User
from heli.audit.services import writing
from heli.bodies.models import Body, BodyLink, Person
from heli.bodies.types import BodyKind, LinkKind
from heli.figures import catalogue
from heli.figures.wording import title_of
from heli.kernel.access import SYSTEM
from heli.kernel.ids import new_public_id
from heli.places.models import Place
from heli.places.testing import draw_register
from heli.points.models import Member
from heli.posts.catalogues import kinds
from heli.posts.ledger import RECRUITMENTS
from heli.posts.queries.offices import posts_on
from heli.posts.services.offices import establish, write_regular
from heli.records.abouts import DISTRICT
from heli.records.services import Draft, enter
from tests.test_acceptance import AFTER, BEFORE, DOC, draw_qianfeng, reform, spread, value

pytestmark = pytest.mark.django_db
SINCE = date(2018, 1, 1)
PUBLISHED = (
    ("Qianfeng 2020", "1.29", "posts.regular", "399 posts"),
    ("Daguan 2018", "4.24", "points.units", "59 organisations"),
    ("Daguan 2018", "4.24", "points.members", "600 persons"),
    ("Daguan 2018", "4.39", "points.partners", "42 organisations"),
    ("Daguan 2018", "4.39", "points.part_time", "23 persons"),
    ("Ouhai", "3.4", "posts.roles", "102 posts"),
)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def bodies_of(
    place_ids: Sequence[int], on: date, name: str = "Body", kind: BodyKind = BodyKind.COMMITTEE
) -> list[Body]:
    with writing(SYSTEM, "bodies.add_body", place_id=place_ids[0]):
        return Body.objects.bulk_create(
            Body(public_id=new_public_id(), name=f"{name} {number}", kind=kind, place_id=place, valid_from=on)
            for number, place in enumerate(place_ids)
        )


def papers(bodies: Sequence[Body], seats: Sequence[dict[str, int]], on: date, joint: bool = False) -> None:
    with writing(SYSTEM, "posts.set_posts", place_id=bodies[0].place_id):
        for body, given in zip(bodies, seats, strict=True):
            establish(body, seats=given, on=on, document_number="1号", joint=joint)


@pytest.mark.slow
def test_507_posts_become_399_under_papers_and_nobody_types_the_number() -> None:
    register = draw_qianfeng()
    old = [key for name, key in register.keys.items() if name.startswith("V")]
    before = share_posts(507, old, register, BEFORE, {})
    found = reform(register)
    share_posts(399, [*found.villages, *found.communities], register, AFTER, before)
    assert value(register.district, "places.cadre_posts", BEFORE) == "507 posts"
    assert value(register.district, "places.cadre_posts") == "399 posts"
    assert value(register.district, "posts.regular") == "399 posts"
    assert value(register.district, "places.post_reduction", decimals=1) == "21.3 %"


def share_posts(
    total: int, places: Sequence[int], register: Any, on: date, known: Mapping[int, Body]
) -> dict[int, Body]:
    """So many regular posts of the committees of some places under a paper; those that were there before get another."""
    new = [place for place in places if place not in known]
    bodies = {**known, **dict(zip(new, bodies_of(new, on), strict=True))}
    mine = [bodies[place] for place in places]
    papers(mine, [seats(number, place, register) for place, number in spread(total, places).items()], on, joint=True)
    write_regular(actor=SYSTEM, place_ids=list(places), on=on)
    return bodies


def seats(regular: int, place: int, register: Any) -> dict[str, int]:
    """Regular posts of a lawful committee whose head is secretary too; part-time members fill it up to three, or five."""
    least = 5 if any(key == place for name, key in register.keys.items() if name.startswith("C")) else 3
    return {"secretary": 1, "head": 1, "member": regular - 1, "part_time": max(0, least - regular)}


@pytest.fixture
def daguan() -> Any:
    return draw_register({"T": " ".join(f"(C{number})" for number in range(40))}, on=date(2010, 1, 1))


def of_kinds(bodies: Sequence[Body]) -> Counter[str]:
    return Counter(posts_on(AFTER).filter(body__in=bodies).values_list("kind", flat=True))


@pytest.mark.slow
def test_studios_and_stations_of_forty_units(daguan: Any) -> None:
    """54 heads and 310 staff over 40 units, 1.35 and 7.75 each; 1,920 unit heads and 403 members of stations are volunteers."""
    units = [key for name, key in daguan.keys.items() if name.startswith("C")]
    studios = bodies_of([units[number % 40] for number in range(54)], SINCE, "Studio", BodyKind.OTHER)
    papers(studios, [{"station_head": 1, "station_member": many} for many in spread(310, range(54)).values()], SINCE)
    assert of_kinds(studios) == {"station_head": 54, "station_member": 310}
    assert len({one.place_id for one in studios}) == 40
    stations = bodies_of(units, SINCE, "Station", BodyKind.OTHER)
    papers(stations, [{"unit_leader": 48, "station_member": many} for many in spread(403, units).values()], SINCE)
    assert of_kinds(stations) == {"unit_leader": 1_920, "station_member": 403}
    volunteer = {key for key, entry in kinds().entries.items() if entry.more["how"] == "volunteer"}
    assert {"unit_leader", "station_member", "station_head"} <= volunteer
    assert (54 * 100 // 40, 310 * 100 // 40) == (135, 775)
    assert value(daguan.district, "posts.regular") in ("0 posts", "–", "—", "")


def test_key_villages_have_teams_of_six(daguan: Any) -> None:
    units = [key for name, key in daguan.keys.items() if name.startswith("C")][:17]
    six = {key: 1 for key in kinds().entries if key.startswith("role_")}
    papers(bodies_of(units, SINCE, "Team", BodyKind.OTHER), [six] * 17, SINCE)
    assert value(daguan.district, "posts.roles") == "102 posts"


def test_units_members_partners_and_part_time_members_are_links(daguan: Any) -> None:
    units = [key for name, key in daguan.keys.items() if name.startswith("C")]
    bodies = bodies_of([daguan.district] * 101, SINCE, "Unit", BodyKind.OTHER)
    with writing(SYSTEM, "bodies.link", place_id=daguan.district):
        people = Person.objects.bulk_create(
            Person(public_id=new_public_id(), name=f"P{number}", office="x", body=bodies[number], valid_from=SINCE)
            for number in range(23)
        )
        links: list[dict[str, Any]] = [{"kind": LinkKind.REPORTS_IN, "body": one} for one in bodies[:59]]
        links += [{"kind": LinkKind.PARTNER, "body": one} for one in bodies[59:]]
        links += [{"kind": LinkKind.PART_TIME, "person": one} for one in people]
        BodyLink.objects.bulk_create(
            BodyLink(public_id=new_public_id(), place_id=units[number % 40], valid_from=SINCE, **one)
            for number, one in enumerate(links)
        )
        users = User.objects.bulk_create(User(username=f"u{number}", name=f"u{number}") for number in range(600))
        Member.objects.bulk_create(
            Member(public_id=new_public_id(), user=one, district_id=daguan.district, home_id=units[number % 40],
                   unit=bodies[number % 59], consented_on=SINCE)
            for number, one in enumerate(users)
        )  # fmt: skip
    names = [(name, text) for _where, _row, name, text in PUBLISHED if name.startswith("points.")]
    assert [(name, value(daguan.district, name)) for name, _text in names] == names


def test_recruitments_stand_as_published_and_the_unstated_relation_is_flagged(daguan: Any) -> None:
    about = DISTRICT.about(daguan.district, Place.objects.get(pk=daguan.district).public_id)
    unclear = "The source does not say whether the 40 are among the 116."
    said: dict[str, Any] = {
        "place": daguan.district,
        "kind": "community_worker",
        "who": "anybody",
        "source": "公开招考",
    }
    rows: list[Any] = enter(
        actor=SYSTEM, ledger=RECRUITMENTS, about=about, on=AFTER,
        drafts=[
            Draft({**said, "title": str(quota), "quota": quota, "unclear": unclear if quota in (116, 40) else ""})
            for quota in (122, 116, 40, 350)
        ],
    )  # fmt: skip
    assert [(row.quota, bool(row.unclear)) for row in rows] == [(122, False), (116, True), (40, True), (350, False)]
    assert (40 * 3, 40 * 5) == (120, 200)


def test_the_document_prints_these_rows() -> None:
    def title(name: str) -> str:
        figure = catalogue.find(name, AFTER)
        assert figure is not None
        return title_of(figure)

    document = DOC.read_text("utf-8")
    lines = [f"| {where} | {row} | {title(name)} | `{name}` | {text} |" for where, row, name, text in PUBLISHED]
    assert [line for line in lines if line not in document] == []
