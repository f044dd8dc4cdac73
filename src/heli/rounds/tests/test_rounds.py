"""Rounds that cover every place, findings that become problems once."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from heli.accounts.testing import World
from heli.audit.services import writing
from heli.campaigns.abouts import about_of
from heli.campaigns.models import Campaign
from heli.campaigns.testing.matters import DAY, bare_campaign
from heli.campaigns.testing.runs import campaign_of
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Forbidden, Refused
from heli.problems.models import ProblemSource, ProblemState
from heli.problems.testing import team_key
from heli.records.abouts import About
from heli.rounds import services as rounds
from heli.rounds.models import InspectionRound, VisitFinding

END = date(2026, 3, 13)


def opened(world: World) -> InspectionRound:
    return rounds.open_round(
        actor=world.a.actor("district_officer"),
        about=about_of(bare_campaign(world.a)),
        first_on=DAY,
        last_on=END,
        subject="程序",
    )


def about_for(round_: InspectionRound) -> About:
    return about_of(Campaign.objects.get(public_id=round_.about))


def test_a_visit_is_recorded_once_and_its_finding_becomes_a_problem_once(world: World) -> None:
    round_, officer = opened(world), world.a.actor("town_officer")
    found = rounds.FindingSpec("procedure", "公示张贴未留照片")
    given: dict[str, Any] = {
        "actor": officer,
        "round": round_,
        "team": team_key(world.a),
        "place_ids": [world.a.village.pk],
        "visited_on": DAY,
        "on": DAY,
    }
    (visit,) = rounds.record_visits(**given, findings=[found])
    assert rounds.record_visits(**given) == [visit]
    finding = VisitFinding.objects.get()
    problem = rounds.to_problem(actor=officer, about=about_for(round_), finding=finding, on=DAY)
    assert (problem.source, problem.status) == (ProblemSource.INSPECTION, ProblemState.OPEN)
    assert problem.title == "公示张贴未留照片"
    finding.refresh_from_db()
    assert finding.problem_id == problem.pk
    with pytest.raises(Refused) as refused:
        rounds.to_problem(actor=officer, about=about_for(round_), finding=finding, on=DAY)
    assert refused.value.faults[0].code == "finding_entered"


def test_visits_lie_within_the_round_and_go_to_a_team(world: World) -> None:
    round_ = opened(world)
    given: dict[str, Any] = {
        "actor": world.a.actor("district_officer"),
        "round": round_,
        "place_ids": [world.a.village.pk, world.a.other_village.pk],
    }
    with pytest.raises(Refused) as refused:
        rounds.record_visits(
            **given,
            team=team_key(world.a),
            visited_on=date(2026, 3, 20),
            findings=[rounds.FindingSpec("x", "")],
            on=date(2026, 3, 20),
        )
    assert [p.code for p in refused.value.faults] == [
        "outside_round",
        "findings_of_one",
        "kind_unknown",
        "text_empty",
    ]
    assert len(rounds.record_visits(**given, team=team_key(world.a), visited_on=DAY, on=DAY)) == 2


def test_a_town_officer_records_no_visit_of_another_town(world: World) -> None:
    with pytest.raises(Forbidden):
        rounds.record_visits(
            actor=world.a.actor("town_officer"), round=opened(world), team=team_key(world.a),
            place_ids=[world.a.other_village.pk], visited_on=DAY, on=DAY,
        )  # fmt: skip


def test_a_round_runs_forward(world: World) -> None:
    with pytest.raises(Refused):
        rounds.open_round(
            actor=world.a.actor("district_officer"), about=about_of(bare_campaign(world.a)), first_on=END, last_on=DAY
        )
    with (
        pytest.raises(IntegrityError, match="inspection_round_runs_forward"),
        transaction.atomic(),
        writing(SYSTEM, "x.y"),
    ):
        InspectionRound.objects.filter(pk=opened_pk(world)).update(last_on=date(2020, 1, 1))


def opened_pk(world: World) -> int:
    about = about_of(bare_campaign(world.a, "另一项"))
    return rounds.open_round(actor=world.a.actor("district_officer"), about=about, first_on=DAY, last_on=END).pk


def test_the_page_of_meetings_shows_the_rounds_and_opens_one(world: World) -> None:
    campaign, client = campaign_of(world.a), world.client("district_officer")
    meetings, own = (reverse(f"{room}:list", args=[campaign.public_id]) for room in ("meetings", "rounds"))
    assert f'action="{own}"' in client.get(meetings).content.decode()
    wrong = client.post(own, {"first_on": "2026-03-13", "last_on": "2026-03-02"})
    assert (wrong.status_code, InspectionRound.objects.count()) == (422, 0)
    done = client.post(own, {"first_on": "2026-03-02", "last_on": "2026-03-13", "subject": "程序"})
    assert (done.status_code, done["Location"]) == (303, meetings)
    assert reverse("rounds:round", args=[campaign.public_id, 1]) in client.get(meetings).content.decode()
    assert f'action="{own}"' not in world.client("village_cadre").get(meetings).content.decode()
