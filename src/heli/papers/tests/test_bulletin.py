"""What the bulletin of a district fills by itself: the pressing problems, the towns that are red again."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from heli.accounts.testing import build_world
from heli.campaigns.testing import campaign_of
from heli.files.documents import PaperTable, plain
from heli.files.documents.types import texts_of
from heli.files.templating.documents import Values, fill
from heli.kernel.levels import Per
from heli.papers.queries.papers import load_papers
from heli.papers.queries.templates import catalogue, shipped_templates
from heli.problems.testing import draft, enter, team_key

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 20)


def said(values: Values) -> str:
    document = fill(shipped_templates()["bulletin"], values, catalogue().fields)
    return "\n".join(plain(text) for block in document.blocks for text in texts_of(block))


def test_problems_are_filled_with_who_leads_them_and_overdue_ones_first() -> None:
    world = build_world()
    campaign = campaign_of(world.a)
    at = datetime(2026, 3, 4, 8, tzinfo=UTC)
    given: dict[str, Any] = {"leader": team_key(world.a), "found_on": date(2026, 3, 3)}
    later = draft(world.a, title="后到期", due_on=date(2026, 3, 30), **given)
    late = draft(world.a, title="已到期", due_on=date(2026, 3, 12), **given)
    enter(world.a, campaign, later, late, on=date(2026, 3, 4), at=at)
    values = load_papers(campaign, ON, [campaign.district_id]).of(Per.DISTRICT, campaign.district_id)
    problems = values["problems"]
    assert isinstance(problems, list)
    assert [(row["title"], row["due"], row["state"]) for row in problems] == [
        ("已到期", "3月12日", "是"),
        ("后到期", "3月30日", "否"),
    ]
    assert all(row["who"] and row["town"] and row["place"] for row in problems)
    assert "已到期" in said(values)


def test_towns_that_are_red_again_are_named_and_the_rule_is_where_there_are_none() -> None:
    assert "连续红色的甲镇、乙街道，由党委（党工委）书记限期作出书面表态" in said({"red_again": "甲镇、乙街道"})
    assert "连续两周为红色的乡镇、街道" in said({})
    document = fill(shipped_templates()["bulletin"], {}, catalogue().fields)
    assert [len(block.rows) for block in document.blocks if isinstance(block, PaperTable)] == [6, 3]
