"""Risk assessments: four aspects, a second signature, new versions, and the gate before deciding."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World
from heli.audit.services import writing
from heli.campaigns.abouts import about_of
from heli.campaigns.models import Campaign
from heli.campaigns.testing import open_drawn
from heli.campaigns.testing.matters import DAY, bare_campaign
from heli.kernel.access import SYSTEM
from heli.kernel.declare import Subject
from heli.kernel.faults import Refused
from heli.records.due import gather_for
from heli.risks import services as service
from heli.risks.catalogues import risk_pack
from heli.risks.gates import risk_signed
from heli.risks.models import RiskAssessment, RiskItem
from heli.risks.rules import compute_level, compute_score, is_allowed, missing_aspects
from heli.risks.testing import four_factors
from heli.risks.types import Aspect, RiskFactor, RiskLevel

TALK = "设热线，分片走访，异常当日上报"


def written(world: World, **more: Any) -> RiskAssessment:
    given: dict[str, Any] = {"factors": four_factors(), "contingency": TALK, **more}
    about = given.pop("about", None) or about_of(bare_campaign(world.a))
    return service.write_assessment(
        actor=world.a.actor("town_officer"), about=about, place_id=world.a.village.pk, on=DAY, **given
    )


def again(world: World, first: RiskAssessment, **more: Any) -> RiskAssessment:
    """Written once more about the same campaign."""
    return written(world, about=about_of(Campaign.objects.get(public_id=first.about)), **more)


def open_for(world: World, assessment: RiskAssessment, on: date = DAY, place: Any = None) -> list[str]:
    where = (place or world.a.village).pk
    subject = Subject(district=assessment.district_id, about=assessment.about, place=where)
    return [fault.code for fault in risk_signed(subject=subject, on=on)]


def test_the_gate_opens_with_a_second_persons_signature(world: World) -> None:
    draft = written(world)
    assert (draft.score, draft.level, draft.version) == (4, RiskLevel.LOW, 1)
    assert open_for(world, draft) == ["risk_unsigned"]
    with pytest.raises(Refused) as refused:
        service.sign_assessment(actor=world.a.actor("town_officer"), assessment=draft, on=DAY)
    assert refused.value.faults[0].code == "same_person"
    service.sign_assessment(actor=world.a.actor("district_officer"), assessment=draft, on=DAY)
    assert open_for(world, draft) == []
    assert open_for(world, draft, date(2026, 3, 1)) == ["risk_unsigned"]


def test_a_later_change_closes_the_gate_until_it_is_signed(world: World) -> None:
    first = written(world)
    service.sign_assessment(actor=world.a.actor("district_officer"), assessment=first, on=DAY)
    second = again(world, first, factors=four_factors(3, 5))
    assert (second.version, second.level) == (2, RiskLevel.HIGH)
    assert open_for(world, first) == ["risk_unsigned"]
    service.sign_assessment(actor=world.a.actor("district_officer"), assessment=second, on=DAY)
    assert open_for(world, first) == ["risk_too_high"]
    assert first.items.count() == 4


def test_an_assessment_of_the_town_holds_for_its_villages(world: World) -> None:
    draft = service.write_assessment(
        actor=world.a.actor("town_officer"), about=about_of(bare_campaign(world.a)), place_id=world.a.town.pk,
        factors=four_factors(), contingency=TALK, on=DAY,
    )  # fmt: skip
    service.sign_assessment(actor=world.a.actor("district_officer"), assessment=draft, on=DAY)
    assert open_for(world, draft) == []
    assert open_for(world, draft, place=world.a.other_village) == ["risk_missing"]


def test_nothing_unfinished_is_signed(world: World) -> None:
    draft = written(world, factors=four_factors(3, 3, measures="")[:3], contingency="")
    with pytest.raises(Refused) as refused:
        service.sign_assessment(actor=world.a.actor("district_officer"), assessment=draft, on=DAY)
    assert [p.code for p in refused.value.faults] == ["aspect_missing", "measures_missing", "contingency_missing"]


def test_what_was_changed_meanwhile_is_not_signed_unread(world: World) -> None:
    draft = written(world)
    again(world, draft, contingency="另一方案")
    with pytest.raises(Refused) as refused:
        service.sign_assessment(actor=world.a.actor("district_officer"), assessment=draft, on=DAY)
    assert refused.value.faults[0].code == "stale"


def test_fewer_risks_drop_the_surplus_without_deleting(world: World) -> None:
    draft = written(world)
    again(world, draft, factors=four_factors()[:2])
    assert RiskItem.objects.filter(assessment=draft).count() == 4
    assert RiskItem.objects.filter(assessment=draft, dropped_at__isnull=True).count() == 2


def test_marks_go_from_one_to_five(world: World) -> None:
    with pytest.raises(Refused) as refused:
        written(world, factors=[RiskFactor(Aspect.LEGALITY, 0, 6, "")])
    assert {p.code for p in refused.value.faults} == {"number_outside", "what_empty"}


def test_the_database_seals_what_was_signed_and_bounds_the_marks(world: World) -> None:
    draft = written(world)
    outside: list[tuple[dict[str, Any], str]] = [
        ({"likelihood": 6}, "risk_scored_one_to_five"),
        ({"what": ""}, "risk_item_says_what"),
        ({"aspect": "x"}, "risk_aspect_known"),
    ]
    for change, name in outside:
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), writing(SYSTEM, "campaigns.risks"):
            RiskItem.objects.filter(assessment=draft).update(**change)
    user = world.a.users["town_officer"].pk
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"signed_by_name": "x"}, "risk_signed_whole"),
        ({"signed_by_id": user}, "risk_signed_by_a_second_person"),
        ({"level": "x"}, "risk_level_known"),
    ]
    for change, name in wrong:
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), writing(SYSTEM, "campaigns.risks"):
            RiskAssessment.objects.filter(pk=draft.pk).update(**change)
    service.sign_assessment(actor=world.a.actor("district_officer"), assessment=draft, on=DAY)
    for rows in (RiskAssessment.objects.filter(pk=draft.pk), RiskItem.objects.filter(assessment=draft)):
        with (
            pytest.raises(Exception, match=r"AppendOnly|sealed"),
            transaction.atomic(),
            writing(SYSTEM, "campaigns.risks"),
        ):
            rows.update(sealed_at=None)


factors = st.builds(
    RiskFactor, st.sampled_from(list(Aspect)), st.integers(1, 5), st.integers(1, 5), st.just("x"), st.just("y")
)


@given(st.lists(factors, max_size=8), factors)
def test_one_more_risk_never_lowers_the_level(some: list[RiskFactor], more: RiskFactor) -> None:
    pack = risk_pack()
    before, after = (compute_level(compute_score(f), pack) for f in (some, [*some, more]))
    levels = list(RiskLevel)
    assert levels.index(after) >= levels.index(before)
    assert set(missing_aspects([*some, more])) <= set(missing_aspects(some))


@pytest.mark.parametrize(
    ("score", "level", "may_decide"),
    [
        (5, RiskLevel.LOW, True),
        (6, RiskLevel.MEDIUM, True),
        (12, RiskLevel.MEDIUM, True),
        (13, RiskLevel.HIGH, False),
    ],
)
def test_a_score_at_the_threshold_has_reached_it(score: int, level: RiskLevel, may_decide: bool) -> None:
    assert compute_level(score, risk_pack()) is level
    assert is_allowed(level, risk_pack()) is may_decide


def test_a_finished_draft_waits_for_a_second_person_until_it_is_signed(world: World) -> None:
    def waiting(role: str, half: Any = None) -> list[str]:
        found = gather_for((half or world.a).actor(role), [draft.about], date.max, DAY)
        return [one.public_id for due, one in found if due.id == "risks.sign"]

    draft = written(world, about=about_of(open_drawn(world.a)), contingency="")
    assert waiting("district_officer") == []
    draft = again(world, draft)
    assert waiting("district_officer") == [draft.public_id]
    assert waiting("town_officer") == []
    assert waiting("village_cadre") == waiting("district_officer", world.b) == []
    service.sign_assessment(actor=world.a.actor("district_officer"), assessment=draft, on=DAY)
    assert waiting("district_officer") == []
