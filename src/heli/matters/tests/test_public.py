"""The public pages: two steps without an account, nothing shown before it is filed, a code to follow, canaries nowhere."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.db.transaction import atomic
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from heli.accounts.testing import World, build_world
from heli.audit.services import writing
from heli.files.models import StoredFile
from heli.files.queries import path_of
from heli.files.testing import draw_photo
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.matters import queries
from heli.matters.ledger import MATTERS
from heli.matters.models import Matter, MatterVoice
from heli.matters.testing import filed, moved, photo, reported, shut, whistled
from heli.places.models import Place
from heli.places.services import add_outline, change_version, create_place
from heli.places.types import PlaceKind, PlaceSpec
from heli.records.testing import DAY, codes
from heli.ui.limits import MOST

CANARY, NAME = "13912345678", "王翠花"
BOX = shapely.box(106.9, 30.5, 106.91, 30.51)


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def at(world: World, page: str, *more: str) -> str:
    return reverse(f"matter:{page}", args=[world.a.district.public_id, *more])


def what(world: World, **more: Any) -> dict[str, Any]:
    return {"place": world.a.village.pk, "text": f"村口路灯不亮，{NAME}电话{CANARY}", "item": "street_lamp", **more}


def text_of(client: Client, address: str, code: str = "") -> str:
    answer = client.post(address, {"code": code}) if code else client.get(address)
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    return answer.content.decode()


def test_a_report_goes_in_two_steps_and_its_code_follows_it(world: World) -> None:
    client = Client()
    assert client.post(at(world, "report"), what(world, text="")).status_code == 422
    step = client.post(at(world, "report"), what(world))
    assert step.status_code == 200
    photos = [SimpleUploadedFile(f"{n}.jpg", draw_photo(320, 240), "image/jpeg") for n in range(2)]
    sent = client.post(at(world, "send"), what(world, contact=CANARY, photos=photos))
    assert sent.status_code == 303
    voice = MatterVoice.objects.get()
    assert len(voice.code) == 10
    assert voice.code in text_of(client, sent["Location"])
    told = text_of(client, reverse("matter:follow"), voice.code)
    assert "＊＊＊" in told
    assert CANARY not in told
    for stored in StoredFile.objects.all():
        with Image.open(BytesIO(path_of(stored).read_bytes())) as image:
            assert not image.getexif()
    assert client.post(reverse("matter:follow"), {"code": "nothing"}).status_code == 422


def test_nothing_is_shown_before_it_is_filed_and_then_in_the_offices_words(world: World) -> None:
    client, pages = Client(), [at(world, "public_list")]
    voice = reported(world.a, f"村口路灯不亮，{NAME}电话{CANARY}", contact=f"{CANARY} {NAME}")
    same = what(world, text="村口路灯不亮")
    assert "灯" not in text_of(client, pages[0])
    assert (
        "matter/in"
        not in client.post(at(world, "report"), same).content.decode().split("<form")[0].split("</header>")[-1]
    )
    matter = moved(world.a, "town_officer", voice.matter, "file", values={"title": "路灯不亮", "item": "street_lamp"})
    assert "路灯不亮" in text_of(client, pages[0])
    alike = client.post(at(world, "report"), same).content.decode()
    assert at(world, "too", matter.public_id) in alike
    crawled = [alike, text_of(client, pages[0]), text_of(client, at(world, "too", matter.public_id))]
    shut(world.a, voice)
    crawled += [text_of(client, pages[0]), text_of(client, reverse("matter:follow"), voice.code)]
    assert not [one for one in crawled if CANARY in one]
    assert not [one for one in crawled[:-1] if NAME in one]


def test_me_too_adds_a_voice_and_not_a_matter(world: World) -> None:
    client, matter = Client(), filed(world.a)
    sent = client.post(at(world, "too", matter.public_id), {"contact": ""})
    matter.refresh_from_db()
    assert (sent.status_code, matter.voices, Matter.objects.count()) == (303, 1, 1)


def test_what_is_alike_is_shown_with_the_picture_that_the_office_shows(world: World) -> None:
    matter = reported(world.a, photos=[photo()]).matter
    matter = moved(world.a, "district_officer", matter, "file", values={"title": "路灯不亮", "item": "street_lamp"})
    client, picture = Client(), '<img src="data:image/jpeg;base64,'
    assert picture not in client.post(at(world, "report"), what(world)).content.decode()
    matter = moved(world.a, "town_officer", matter, "show_photo")
    step = client.post(at(world, "report"), what(world)).content.decode()
    assert "路灯不亮" in step
    assert picture in step
    matter = moved(world.a, "town_officer", matter, "hide_photo")
    assert picture not in client.post(at(world, "report"), what(world)).content.decode()
    with pytest.raises(Refused) as refused:
        moved(world.a, "town_officer", matter, "hide_photo")
    assert codes(refused) == {"no_photo"}


def test_a_machine_and_a_flood_are_turned_away(world: World) -> None:
    client = Client()
    assert client.post(at(world, "send"), what(world, website="x")).status_code == 303
    for _time in range(MOST - 1):
        assert client.post(at(world, "send"), what(world)).status_code == 303
    assert client.post(at(world, "send"), what(world)).status_code == 429
    assert Matter.objects.count() == MOST - 1


def test_the_reporter_opens_it_again_on_the_page(world: World) -> None:
    voice = reported(world.a, contact=CANARY)
    shut(world.a, voice)
    client, follow = Client(), reverse("matter:follow")
    assert 'name="reason"' in text_of(client, follow, voice.code)
    assert client.post(follow, {"code": voice.code, "reason": ""}).status_code == 422


def test_the_code_on_the_wall_knows_where_it_hangs(world: World) -> None:
    page = Client().get(f"{at(world, 'report')}?at={world.a.village.public_id}").content.decode()
    assert f'<option value="{world.a.village.pk}" selected>' in page
    assert "selected" not in Client().get(f"{at(world, 'report')}?at={world.b.village.public_id}").content.decode().split(
        'name="place"')[1].split("</select>")[0].replace('value="" selected', "")  # fmt: skip


def test_pages_ask_the_same_few_questions_for_many_rows(world: World) -> None:
    client, about = world.client("district_officer"), world.a.district.public_id
    home = MATTERS.url("list", about)
    pages = [
        home,
        reverse("matter:board", args=[about]),
        reverse("whistles:list", args=[about]),
        f"{home}?q=路灯&only=1",
    ]
    counted = []
    for many in (1, 5):
        for _time in range(many):
            whistled(world.a, filed(world.a))
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page).status_code == 200
            found.append(len([one for one in asked.captured_queries if one["sql"].startswith("SELECT")]))
        counted.append(found)
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 13, counted  # short lists say at once what adds up by groups


def test_a_public_page_asks_few_questions(world: World) -> None:
    for _time in range(5):
        filed(world.a, on=DAY)
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(at(world, "public_list")).status_code == 200
    assert len(asked) <= 12


def drawn(place: Place, shape: shapely.Geometry) -> None:
    """An outline for a place of the small world."""
    with writing(SYSTEM, "places.edit"):
        outline = add_outline(shape=shape)
    more: dict[str, Any] = {"reason": "图", "outline_id": outline.pk}
    change_version(actor=SYSTEM, place_id=place.pk, on=DAY - timedelta(days=30), **more)


def test_where_it_is_told_by_a_point_on_the_map_too(world: World) -> None:
    client = Client()
    drawn(world.a.village, BOX)
    told = client.get(at(world, "public_places"))
    assert told["Content-Type"] == "application/geo+json"
    (one,) = told.json()["features"]
    assert one["id"] == world.a.village.pk
    assert set(one["properties"]) == {"name", "town"}
    step = client.post(at(world, "report"), what(world, place="", lon=106.905, lat=30.505))
    assert step.status_code == 200
    assert f'name="place" value="{world.a.village.pk}"' in step.content.decode()
    assert client.post(at(world, "report"), what(world, place="", lon=0, lat=0)).status_code == 422
    assert "geolocation=(self)" in client.get(at(world, "report"))["Permissions-Policy"]
    assert "geolocation=()" in client.get(at(world, "public_list"))["Permissions-Policy"]


def test_of_a_home_the_grid_is_told(world: World) -> None:
    village = world.a.village
    drawn(village, BOX)
    below: dict[str, Any] = {"actor": SYSTEM, "on": DAY - timedelta(days=40)}
    grid = create_place(spec=PlaceSpec(name="第三网格", kind=PlaceKind.GRID, parent=village.pk), **below)
    home = create_place(spec=PlaceSpec(name="5幢2单元", kind=PlaceKind.BUILDING, parent=grid), **below)
    drawn(Place.objects.get(pk=grid), BOX)
    at_home = Matter(pk=1_000_000, place_id=home, district=world.a.district)
    voice = reported(world.a, point=(106_905_000, 30_505_000), spot="5幢2单元301")
    pointed = moved(world.a, "town_officer", voice.matter, "file", values={"title": "楼道灯", "item": "street_lamp"})
    told = queries.public_places_of([at_home, pointed], DAY)
    assert told == {at_home.pk: "第三网格", pointed.pk: "岩门村 第三网格"}
    page = text_of(Client(), at(world, "public_list"))
    assert "5幢" not in page
    assert "第三网格" in page
    hung = Client().get(f"{at(world, 'report')}?at={Place.objects.get(pk=home).public_id}").content.decode()
    assert f'<option value="{village.pk}" selected>' in hung
    assert 'value="第三网格5幢2单元"' in hung


def test_what_a_device_sends_again_is_taken_once(world: World) -> None:
    client, key = Client(), "0123456789abcdef-0123456789abcdef"
    sent = [client.post(at(world, "send"), what(world, key=key))["Location"] for _time in range(3)]
    assert len(set(sent)) == 1
    assert Matter.objects.count() == 1
    assert client.post(at(world, "send"), what(world, key="short"))["Location"] not in sent
    voice = reported(world.a)
    with (
        pytest.raises(IntegrityError, match=r"matter_voice_taken_once|mattervoice\.key"),
        atomic(),
        writing(SYSTEM, "x"),
    ):
        MatterVoice.objects.filter(pk=voice.pk).update(key=key)


def test_a_strangers_photo_goes_on_where_the_line_broke(world: World) -> None:
    client, photo = Client(), draw_photo(320, 240)
    step = client.post(at(world, "report"), what(world)).content.decode()
    purpose = re.search(r'data-purpose="([^"]+)"', step)
    assert purpose is not None
    begun = client.post(
        reverse("files:open_uploads"), {"purpose": purpose[1], "name": "a.jpg", "size": len(photo)}
    ).json()
    kind = "application/offset+octet-stream"
    for first, last in ((0, 500), (500, len(photo))):
        head = Client().head(begun["url"])
        assert head["Upload-Offset"] == str(first)
        piece = client.patch(begun["url"], photo[first:last], kind, headers={"Upload-Offset": str(first)})
        assert piece.status_code == 204
    assert Client().head(begun["url"].replace(begun["id"], begun["id"][:24])).status_code == 404
    assert world.client("district_officer").head(reverse("files:upload", args=[begun["id"][:24]])).status_code == 404
    form = what(world, **{"photos-upload": f"{begun['id']} a.jpg", "key": "f" * 32})
    assert client.post(at(world, "send"), form).status_code == 303
    (stored,) = StoredFile.objects.all()
    with Image.open(BytesIO(path_of(stored).read_bytes())) as image:
        assert not image.getexif()
    other = client.post(reverse("files:open_uploads"), {"purpose": purpose[1] + "x", "name": "a.jpg", "size": 3})
    assert other.status_code == 422
