"""Who may open which page of a campaign's matters, and one of each kind in both halves of the world."""

from collections.abc import Callable
from datetime import date
from typing import Any

from heli.campaigns.models import Campaign, Inquiry, Meeting, Notice, Opinion, Survey
from heli.campaigns.rules.catalogues import forms, survey_pack
from heli.campaigns.rules.consultation import parse_questions
from heli.campaigns.services import consultation, meetings, questionnaires, surveys
from heli.campaigns.services.problems import add_issue
from heli.campaigns.testing.matters import DAY, spec
from heli.campaigns.testing.runs import FILLERS, READERS, campaign_of
from heli.campaigns.types_matters import Channel
from heli.kernel.access import Actor, Grant
from heli.ui.testing import EVERYONE, STRANGER, AccessCase, Kwargs

EDITORS = ("district_officer", "town_officer", "department_liaison")
OVER_DISTRICT = ("district_officer", "department_liaison")
PART = ("town_officer", "village_cadre")
FOREVER = date(2099, 1, 1)
Build = Callable[[Any], Kwargs]


def kept(half: Any, name: str, build: Callable[[], str]) -> str:
    """Something of that half, made when first asked for; its public id."""
    if name not in half.links:
        half.links[name] = build()
    return str(half.links[name])


def notice_of(half: Any) -> Notice:
    """A notice that hangs in the cadre's village since 2026-03-02."""
    campaign = campaign_of(half)
    address = kept(
        half,
        "matter_notice",
        lambda: (
            consultation.post_notice(
                actor=half.actor("district_officer"),
                campaign=campaign,
                kind="plan",
                title="调整方案公示",
                text="拟将两村合并。",
                place_ids=[half.village.pk],
                first_on=DAY,
                last_on=FOREVER,
                on=DAY,
            ).public_id
        ),
    )
    return Notice.objects.get(public_id=address)


def opinion_of(half: Any) -> Opinion:
    """An opinion written on that notice's page."""
    found = notice_of(half)
    code = kept(
        half,
        "matter_opinion",
        lambda: (
            consultation.add_opinion(
                actor=Actor(None, "public", (Grant("public", place_id=half.district.pk),)),
                campaign=found.campaign,
                notice=found,
                place_id=half.village.pk,
                channel=Channel.ONLINE,
                topic="plan",
                text="希望保留老村名",
                on=DAY,
            ).code
        ),
    )
    return Opinion.objects.get(code=code)


def survey_of(half: Any) -> Survey:
    """A survey with one question."""
    campaign = campaign_of(half)
    address = kept(
        half,
        "matter_survey",
        lambda: (
            surveys.open_survey(
                actor=half.actor("district_officer"),
                campaign=campaign,
                title="问卷",
                questions=parse_questions("您支持吗？[support] | 支持 | 不支持", survey_pack()),
                first_on=DAY,
                last_on=FOREVER,
            ).public_id
        ),
    )
    return Survey.objects.get(public_id=address)


def meeting_of(half: Any, place: Any = None) -> Meeting:
    """A meeting in the cadre's village, or in another place."""
    campaign, where = campaign_of(half), place or half.village
    found = kept(
        half,
        f"matter_meeting_{where.pk}",
        lambda: (
            meetings.record_meeting(
                actor=half.actor("district_officer"),
                campaign=campaign,
                place_id=where.pk,
                kind="report",
                title="汇报会",
                held_on=DAY,
                attendance={"cadres": 3},
                on=DAY,
            ).public_id
        ),
    )
    return Meeting.objects.get(public_id=found)


def inquiry_of(half: Any) -> Inquiry:
    """The basic facts, asked of two villages."""
    campaign = campaign_of(half)
    found = kept(
        half,
        "matter_inquiry",
        lambda: (
            questionnaires.send_inquiry(
                actor=half.actor("district_officer"),
                campaign=campaign,
                form=forms()["basics"],
                title="基本情况",
                asked_on=DAY,
                due_on=date(2026, 3, 9),
                place_ids=[half.village.pk, half.other_village.pk],
                on=DAY,
            ).public_id
        ),
    )
    return Inquiry.objects.get(public_id=found)


def _campaign(half: Any) -> Kwargs:
    return {"public_id": campaign_of(half).public_id}


def _place(half: Any) -> Kwargs:
    return {**_campaign(half), "place": half.village.public_id}


def _other_place(half: Any) -> Kwargs:
    return {**_campaign(half), "place": half.other_village.public_id}


def _issue(half: Any, place: Any = None) -> Kwargs:
    campaign: Campaign = campaign_of(half)
    where = place or half.village

    def add() -> str:
        actor = half.actor("district_officer")
        return add_issue(actor=actor, campaign=campaign, spec=spec(half, place_id=where.pk), on=DAY).public_id

    return {**_campaign(half), "problem_id": kept(half, f"matter_issue_{where.pk}", add)}


def _notice(half: Any) -> Kwargs:
    return {**_campaign(half), "notice_id": notice_of(half).public_id}


def _survey(half: Any) -> Kwargs:
    return {**_campaign(half), "survey_id": survey_of(half).public_id}


def _meeting(half: Any, place: Any = None) -> Kwargs:
    return {**_campaign(half), "meeting_id": meeting_of(half, place).public_id}


def _round(half: Any) -> Kwargs:
    campaign = campaign_of(half)

    def open_it() -> str:
        actor = half.actor("district_officer")
        return str(meetings.open_round(actor=actor, campaign=campaign, first_on=DAY, last_on=FOREVER).number)

    return {**_campaign(half), "number": int(kept(half, "matter_round", open_it))}


def _inquiry(half: Any) -> Kwargs:
    return {**_campaign(half), "inquiry_id": inquiry_of(half).public_id}


def _reply(half: Any) -> Kwargs:
    return {**_inquiry(half), "place": half.village.public_id}


def _case(name: str, allowed: tuple[str, ...], build: Build = _campaign, **more: Any) -> AccessCase:
    return AccessCase(
        f"campaigns:{name}", allowed, own=lambda world: build(world.a), foreign=lambda world: build(world.b), **more
    )


def _post(name: str, allowed: tuple[str, ...], build: Build = _campaign, did: str = "", **more: Any) -> AccessCase:
    given = {"success": (422,), "data": lambda world: {"did": did}, **more}
    return _case(name, allowed, build, method="post", **given)


def _everybody(name: str, build: Build, **more: Any) -> AccessCase:
    return AccessCase(f"campaigns:{name}", (*EVERYONE, STRANGER), own=lambda world: build(world.a), **more)


LISTS = (
    "problems", "risks", "consultation", "opinions", "questions", "talks", "surveys", "meetings", "work_points", "questionnaires",
)  # fmt: skip
ACCESS: list[AccessCase] = [
    *(_case(name, READERS) for name in LISTS),
    _case("work_points", READERS, query="?on=2026-03-04"),
    _case("problem_new", EDITORS),
    _post("problem_new", EDITORS),
    _case("problem_import", EDITORS),
    _case("problem_import", EDITORS, query="?template=1"),
    _post("problem_import", EDITORS),
    _case(
        "problem", READERS, _issue, narrow=PART, elsewhere=lambda world: _issue(world.a, world.a.other_village)
    ),
    _post("problem", EDITORS, _issue, "lead", refused=(403, 404)),
    _case("risk", READERS, _place, narrow=PART, elsewhere=lambda world: _other_place(world.a)),
    _post("risk", EDITORS, _place, "write", narrow=PART[:1], elsewhere=lambda world: _other_place(world.a)),
    _case("notice_new", EDITORS),
    _post("notice_new", EDITORS),
    _case("notice_sheet", READERS, _notice),
    _post("notice_sheet", EDITORS, _notice, "photo", refused=(403, 404)),
    _post("opinions", EDITORS, did="enter", refused=(403, 422)),
    _post("questions", OVER_DISTRICT, refused=(403, 404)),
    _case("talk", EDITORS, _place, narrow=PART[:1], elsewhere=lambda world: _other_place(world.a)),
    _post("talk", EDITORS, _place, narrow=PART[:1], elsewhere=lambda world: _other_place(world.a)),
    _case("survey_new", OVER_DISTRICT),
    _post("survey_new", OVER_DISTRICT),
    _case("survey", READERS, _survey),
    _case("survey_codes", EDITORS, _survey),
    _post("survey_codes", EDITORS, _survey),
    _case("survey_tally", EDITORS, _survey),
    _post("survey_tally", EDITORS, _survey),
    _post("meetings", OVER_DISTRICT, refused=(403, 422)),
    _case("meeting_new", EDITORS),
    _post("meeting_new", EDITORS),
    _case(
        "meeting", READERS, _meeting, narrow=PART, elsewhere=lambda world: _meeting(world.a, world.a.other_village)
    ),
    _post("meeting", EDITORS, _meeting, "decide", refused=(403, 404)),
    _case("round", READERS, _round),
    _post("round", EDITORS, _round, "visit", refused=(403, 422)),
    _case("questionnaire_new", EDITORS),
    _post("questionnaire_new", EDITORS),
    _case("questionnaire", READERS, _inquiry),
    _case(
        "reply", READERS, _reply, narrow=PART,
        elsewhere=lambda world: {**_inquiry(world.a), "place": world.a.other_village.public_id},
    ),
    _post("reply", FILLERS, _reply, "answer", refused=(403, 404)),
    _everybody("notice", lambda half: {"public_id": notice_of(half).public_id}),
    _everybody("notice", lambda half: {"public_id": notice_of(half).public_id}, method="post", success=(422,)),
    # This notice has no file of its own.
    _everybody("notice_file", lambda half: {"public_id": notice_of(half).public_id}, success=(404,)),
    _everybody(
        "notice_thanks", lambda half: {"public_id": notice_of(half).public_id, "code": opinion_of(half).code}
    ),
    _everybody("opinion_answer", lambda half: {}),
    _everybody("survey_page", lambda half: {"public_id": survey_of(half).public_id}),
    _everybody("survey_page", lambda half: {"public_id": survey_of(half).public_id}, method="post", success=(422,)),
]  # fmt: skip
