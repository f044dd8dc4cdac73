"""The archive of a place: everything that refers to it and to what went into it, for whoever may read it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.campaigns.services import evidence, steps
from heli.campaigns.testing import draw_playbook, open_drawn
from heli.campaigns.testing.runs import step_of
from heli.kernel.access import PUBLIC, SYSTEM
from heli.kernel.panels import sections_of
from heli.places.services import record_facts
from heli.places.testing import merge
from heli.places.types import FactSpec
from heli.web.dossier import dossier_document, lineage_in_reach

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)
MINUTES = (
    'evidence = [{ kind = "minutes", least = 1, name = { zh = "记录", en = "Minutes" } }, '
    '{ kind = "number", name = { zh = "到会", en = "Present" }, unit = "people" }]'
)


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    return build_world()


def test_it_gathers_what_every_context_keeps(world: World) -> None:
    village, officer = world.a.village, world.a.actor("district_officer")
    record_facts(
        actor=SYSTEM, facts=[FactSpec(place_id=village.pk, measure="households", on=date(2026, 1, 1), value=400)]
    )
    campaign = open_drawn(world.a, playbook=draw_playbook("ask village 3", more={"ask": MINUTES}))
    step = step_of(campaign, village, "ask")
    steps.start_step(actor=world.a.actor("village_cadre"), step=step)
    evidence.add_evidence(
        actor=world.a.actor("village_cadre"), step=step, requirement=0, text="村民会议记录", on=date(2026, 3, 3)
    )
    evidence.add_evidence(
        actor=world.a.actor("village_cadre"), step=step, requirement=1, number=1312, on=date(2026, 3, 3)
    )
    found = {section.id: section.rows for section in sections_of(officer, [village.pk], ON)}
    assert {"places.versions", "places.figures", "bodies.answers", "campaigns.steps", "campaigns.proof"} <= set(found)
    assert [line[3] for line in found["places.figures"].lines] == ["岩门村 400"]
    assert found["campaigns.steps"].lines[0][1] == "ask"
    assert "/campaigns/" in found["campaigns.steps"].links[0]
    assert found["campaigns.proof"].lines[0][3] == "村民会议记录"
    assert found["campaigns.proof"].lines[1][1:4] == ("到会", "数量", "1,312 人")
    assert found["campaigns.proof"].lines[0][5] == world.a.actor("village_cadre").name


def test_what_went_into_the_place_belongs_to_it(world: World) -> None:
    members = [world.a.register["岩门村"], world.a.register["大石村"]]
    _event, founded = merge(world.a.register, "岩门村 大石村", "新村", date(2026, 4, 1), parent="代市镇")
    record_facts(
        actor=SYSTEM, facts=[FactSpec(place_id=members[0], measure="households", on=date(2026, 1, 1), value=400)]
    )
    officer = world.a.actor("town_officer")
    lineage = lineage_in_reach(officer, founded)
    assert lineage[0] == founded
    assert set(lineage[1:]) == set(members)
    found = {section.id: section.rows for section in sections_of(officer, lineage, ON)}
    assert {"岩门村", "大石村", "新村"} <= {str(line[0]) for line in found["places.versions"].lines}
    assert any("新村" in str(line[3]) for line in found["places.events"].lines)
    assert found["places.figures"].lines


def test_a_stranger_to_campaigns_sees_none_of_them(world: World) -> None:
    open_drawn(world.a)
    for actor in (world.b.actor("district_officer"), world.a.actor("grid_worker"), PUBLIC):
        ids = {section.id for section in sections_of(actor, [world.a.village.pk], ON)}
        assert not {name for name in ids if name.startswith("campaigns.")}


def test_the_page_links_and_the_pdf_is_a_document(world: World) -> None:
    open_drawn(world.a)
    village = world.a.village
    client = world.client("village_cadre")
    place = client.get(reverse("places:place", args=[village.public_id])).content.decode()
    address = reverse("web:archive", args=[village.public_id])
    assert address in place
    page = client.get(address).content.decode()
    assert "岩门村" in page
    assert 'id="campaigns-steps"' in page
    assert client.get(reverse("web:archive_pdf", args=[village.public_id])).content.startswith(b"%PDF")
    assert client.get(reverse("web:archive", args=[world.a.district.public_id])).status_code == 404


def test_a_place_of_which_nothing_is_known_still_has_its_paper(world: World) -> None:
    from heli.places import queries as places

    row = places.version_on(world.a.village.pk, ON)
    assert row is not None
    assert dossier_document(row, [], ON).title
