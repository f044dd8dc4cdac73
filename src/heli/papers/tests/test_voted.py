"""Minutes and resolutions say what was voted as it was entered with the sitting: nobody types it again."""

from typing import Any

import pytest

from heli.accounts.testing import World
from heli.assemblies.services.sittings import withdraw_sitting
from heli.assemblies.testing.sittings import sitting_in
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import campaign_of
from heli.files.documents import render_html
from heli.files.templating.documents import GivenBy, Values, fill
from heli.kernel.levels import Per
from heli.papers.forms import typed_fields
from heli.papers.queries.papers import load_papers
from heli.papers.queries.templates import catalogue, shipped_templates

FEW: dict[str, Any] = {"entitled": 31, "present": 25, "votes_for": 20, "votes_against": 3, "votes_abstain": 2}


def values(world: World) -> Values:
    village = world.a.village.pk
    return load_papers(campaign_of(world.a), DAY, [village]).of(Per.VILLAGE, village)


def printed(world: World, key: str) -> str:
    return render_html(fill(shipped_templates()[key], values(world), catalogue().fields))


@pytest.mark.django_db
class TestVotes:
    def test_a_resolution_and_minutes_are_filled_from_their_sittings(self, world: World) -> None:
        assembly = sitting_in(world.a)
        sitting_in(world.a, body="party_members", mode="", **FEW)
        sitting_in(world.a, body="coop_members", mode="", matter="merge_coop", entitled=417, present=300, votes_for=290)
        found = values(world)
        assert (found["homes_entitled"], found["homes_present"], found["assembly_for"]) == ("300", "240", "230")
        assert "adults_entitled" not in found, "the households met, not the adults"
        assert [found[f"party_{name}"] for name in ("entitled", "present", "for", "against", "abstain")] == [
            "31", "25", "20", "3", "2",
        ]  # fmt: skip
        assert (found["members_entitled"], found["members_result"]) == ("417", "通过")
        text = printed(world, "assembly-resolution")
        assert "2026年2月10日" in text
        assert "同意230票" in text
        assert "☐" not in text, "what came of it is not ticked by hand"
        assert "实到会25人" in printed(world, "party-members-minutes")
        assert "同意290票" in printed(world, "members-resolution")
        withdraw_sitting(actor=world.a.actor("district_officer"), sitting=assembly, reason="误录", on=DAY)
        assert "assembly_for" not in values(world)

    def test_without_a_sitting_there_are_lines_to_write_on(self, world: World) -> None:
        text = printed(world, "assembly-resolution")
        assert "同意票超过到会人员的半数" in text
        assert "票：" not in text


def test_no_number_of_a_sitting_is_typed() -> None:
    given = {rule.id for rule in catalogue().fields.values() if rule.given_by is GivenBy.SITTING}
    assert {"assembly_present", "party_for", "members_abstain", "homes_entitled"} <= given
    assert not given & set(typed_fields())
