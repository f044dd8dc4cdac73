"""Numbers of steps that are days: typed as days, kept in their order, refused where they cannot follow each other."""

import re
from datetime import UTC, date, datetime

import pytest

from heli.accounts.testing import World, build_world
from heli.campaigns.models import Evidence
from heli.campaigns.services import evidence
from heli.campaigns.services.filling import FilledRow, fill_many
from heli.campaigns.testing import draw_playbook, open_drawn
from heli.campaigns.testing.runs import step_of
from heli.kernel.faults import Refused
from heli.kernel.relations import day_number

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 3, 20, 9, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return build_world()


DAYS = {
    "ask": 'evidence = [{kind = "number", key = "posted", name = {zh = "张贴日期", en = "Posted"}, unit = "date"}, '
    '{kind = "number", key = "held", name = {zh = "会议日期", en = "Held"}, unit = "date"}]\n'
    'relations = [{lt = ["posted", "held"]}]'
}


def test_days_out_of_order_are_refused_where_they_are_typed_on_a_page_and_in_excel(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3", playbook=draw_playbook("ask village 3", more=DAYS))
    step, cadre = step_of(campaign, world.a.village, "ask"), world.a.actor("village_cadre")

    def given(*days: date) -> list[evidence.GivenProof]:
        return [evidence.GivenProof(at, number=day_number(day)) for at, day in enumerate(days)]

    with pytest.raises(Refused) as refused:
        evidence.hand_in(
            actor=cadre, step=step, pieces=given(date(2026, 3, 9), date(2026, 3, 9)), submit=True, at=LATER
        )
    assert [(fault.code, fault.field) for fault in refused.value.faults] == [("numbers_impossible", "evidence-0")]
    assert refused.value.faults[0].message == "张贴日期（2026-03-09）必须早于会议日期（2026-03-09）。"
    for wrong in ("三月九日", "2026-02-30"):
        row = FilledRow(2, world.a.village.public_id, "ask", 0, wrong, None, submit=False)
        with pytest.raises(Refused) as refused:
            fill_many(actor=cadre, campaign=campaign, rows=[row], at=LATER)
        assert [fault.code for fault in refused.value.faults] == ["day_missing"]
    rows = [
        FilledRow(at, world.a.village.public_id, "ask", at, day, None, submit=False)
        for at, day in enumerate(("2026年3月1日", "2026-03-11"))
    ]
    fill_many(actor=cadre, campaign=campaign, rows=rows, at=LATER)
    kept = Evidence.objects.filter(step=step).order_by("requirement").values_list("number", flat=True)
    assert list(kept) == [20260301, 20260311]
    path = f"/campaigns/c/{campaign.public_id}/p/{world.a.village.public_id}/ask/"
    page = world.client("village_cadre").get(path).content.decode()
    assert re.search('<input type="date" name="evidence-0-number" value="2026-03-01"', page)
    sent = {"did": "submit", "evidence-0-number": "2026-03-12", "evidence-1-number": "2026-03-11"}
    answer = world.client("village_cadre").post(path, sent)
    assert answer.status_code == 422
    assert "张贴日期（2026-03-12）必须早于会议日期（2026-03-11）" in answer.content.decode()
