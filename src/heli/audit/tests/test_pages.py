"""The auditor's pages: only the own district's entries, filtered by day and act, one entry, the verdict."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from heli.audit import alarms
from heli.audit.catalogues import act_words
from heli.audit.models import Entry
from heli.audit.services import record
from heli.audit.testing import last_entry_of, unaudited
from heli.audit.texts import sentence
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Fault

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings: Any) -> Any:
    """Tests may reach upwards; the context itself does not know accounts."""
    from heli.accounts.testing import build_world

    settings.SECOND_FACTOR = False
    return build_world()


def rows(client: Client, query: str = "") -> list[Entry]:
    page = client.get(reverse("audit:list") + query)
    assert page.status_code == 200
    return list(page.context["table"].page.object_list)


def test_an_auditor_sees_the_entries_of_the_own_district_only(world: Any) -> None:
    record(SYSTEM, "installation.backed_up")
    seen = {entry.place_id for entry in rows(world.client("auditor"))}
    assert world.a.district.pk in seen
    assert not {world.b.district.pk, world.b.village.pk, None} & seen


def test_an_auditor_of_everything_sees_entries_without_a_place_too(world: Any) -> None:
    from heli.accounts import services
    from heli.accounts.testing import BEGINNING

    services.grant_role(actor=SYSTEM, user=world.nobody, role="auditor", on=BEGINNING)
    seen = {entry.place_id for entry in rows(world.client("nobody"), "?rows=all")}
    assert {world.a.district.pk, world.b.district.pk, None} <= seen


def test_the_list_is_narrowed_by_act_and_day_and_taken_away_as_a_file(world: Any) -> None:
    client = world.client("auditor")
    assert {entry.what for entry in rows(client, "?f_what=bodies.add_link")} == {"bodies.add_link"}
    assert rows(client, "?end=2000-01-01") == []
    assert rows(client, "?begin=2000-01-01")
    assert rows(client, "?begin=nonsense"), "a day that cannot be read narrows nothing, and is said at its field"
    answer = client.get(reverse("audit:list") + "?export=csv")
    assert "bodies.add_link" in b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()


def test_the_trail_speaks_in_sentences_and_shows_marks_to_experts_only(world: Any) -> None:
    client = world.client("auditor")
    page = client.get(reverse("audit:list")).content.decode()
    assert "合里授予角色（代市镇）" in page
    assert ">accounts.grant_role<" not in page
    assert ">accounts.grant_role<" in client.get(reverse("audit:list") + "?expert=1").content.decode().replace(
        " ", ""
    ).replace("\n", "")


def test_an_act_is_called_in_the_readers_language() -> None:
    assert sentence("区专班甲", act_words()["places.import"], "代市镇") == "区专班甲导入底册（代市镇）"
    assert sentence("system", "x.y", "") == "合里x.y"
    with translation.override("en"):
        assert sentence("区专班甲", act_words()["places.import"], "Q") == "区专班甲 imported into the register: Q"
        assert act_words()["problems.close"] == "Problems: closed"


def test_an_entry_shows_what_was_written_and_its_hash(world: Any) -> None:
    seq = last_entry_of(world.a.district.pk)
    page = world.client("auditor").get(reverse("audit:entry", args=[seq]))
    text = page.content.decode()
    entry = Entry.objects.get(seq=seq)
    assert entry.hash in text
    assert entry.previous_hash in text


def test_verify_now_says_that_the_trail_is_in_order(world: Any) -> None:
    page = world.client("auditor").post(reverse("audit:verify"))
    assert page.context["verdict"].is_sound
    assert page.context["verdict"].checked == Entry.objects.count()


def test_verify_now_names_a_row_that_was_changed_past_heli(world: Any) -> None:
    from heli.places.models import PlaceVersion

    with unaudited():
        PlaceVersion.objects.filter(place=world.a.village).update(name="另一村")
    text = world.client("auditor").post(reverse("audit:verify")).content.decode()
    assert "有数据绕过本系统被改动" in text
    assert "places.PlaceVersion" in text


def test_markup_in_a_reason_is_shown_as_text(world: Any) -> None:
    record(SYSTEM, "x.y", place_id=world.a.district.pk, reason="<script>alert(1)</script>")
    text = world.client("auditor").get(reverse("audit:list")).content.decode()
    assert "<script>alert(1)" not in text


def test_every_page_of_who_may_read_the_trail_says_that_it_does_not_fit(
    world: Any, settings: Any, tmp_path: Path
) -> None:
    settings.TRAIL_ANCHOR = tmp_path / "anchor.log"
    settings.TRAIL_ANCHOR_DATABASE = str(connection.settings_dict["NAME"])

    def says_so(role: str) -> bool:
        pages = [world.client(role).get(path).content.decode() for path in ("/", "/notices/", "/places/")]
        said = {"history_rewritten" in page for page in pages}
        assert len(said) == 1
        return said.pop()

    assert not says_so("administrator")
    alarms.sound(Fault("history_rewritten", "x", source="entry 3"))
    assert says_so("administrator")
    assert says_so("auditor")
    assert not says_so("village_cadre")
    assert "history_rewritten" not in Client().get("/accounts/login/").content.decode()
