"""Builders of notices, opinions and surveys, and who may open which page."""

from typing import Any

from heli.campaigns.abouts import about_of
from heli.campaigns.testing.matter_pages import EDITORS, FOREVER, OVER_DISTRICT, PART, case, everybody, kept, post
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import READERS, campaign_of
from heli.consultation.catalogues import survey_pack
from heli.consultation.models import Notice, Opinion, OpinionChannel, Survey
from heli.consultation.rules import parse_questions
from heli.consultation.services import notices as consultation
from heli.consultation.services import surveys
from heli.kernel.access import Actor, Grant
from heli.records.abouts import About
from heli.ui.testing import AccessCase, Kwargs


def campaign_about(half: Any) -> About:
    """The campaign of that half, which the notices, opinions and surveys built here are about."""
    return about_of(campaign_of(half))


def notice_of(half: Any) -> Notice:
    """A notice that hangs in the cadre's village since 2026-03-02."""
    address = kept(
        half,
        "matter_notice",
        lambda: (
            consultation.post_notice(
                actor=half.actor("district_officer"),
                about=campaign_about(half),
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
                about=campaign_about(half),
                notice=found,
                place_id=half.village.pk,
                channel=OpinionChannel.ONLINE,
                topic="plan",
                text="希望保留老村名",
                on=DAY,
            ).code
        ),
    )
    return Opinion.objects.get(code=code)


def survey_of(half: Any) -> Survey:
    """A survey with one question."""
    address = kept(
        half,
        "matter_survey",
        lambda: (
            surveys.open_survey(
                actor=half.actor("district_officer"),
                about=campaign_about(half),
                title="问卷",
                questions=parse_questions("您支持吗？[support] | 支持 | 不支持", survey_pack()),
                first_on=DAY,
                last_on=FOREVER,
            ).public_id
        ),
    )
    return Survey.objects.get(public_id=address)


def _about(half: Any) -> Kwargs:
    return {"about_id": campaign_of(half).public_id}


def _village(half: Any) -> Kwargs:
    return {**_about(half), "place": half.village.public_id}


def _other_village(world: Any) -> Kwargs:
    return {**_about(world.a), "place": world.a.other_village.public_id}


def _notice(half: Any) -> Kwargs:
    return {**_about(half), "notice_id": notice_of(half).public_id}


def _survey(half: Any) -> Kwargs:
    return {**_about(half), "survey_id": survey_of(half).public_id}


ACCESS: list[AccessCase] = [
    AccessCase("consultation:all", READERS),
    *(case(f"consultation:{name}", READERS, _about) for name in ("home", "opinions", "questions", "talks", "surveys")),
    case("consultation:notice_new", EDITORS, _about),
    post("consultation:notice_new", EDITORS, _about),
    case("consultation:notice_sheet", READERS, _notice),
    post("consultation:notice_sheet", EDITORS, _notice, "photo", refused=(403, 404)),
    post("consultation:opinions", EDITORS, _about, did="enter"),
    post("consultation:questions", OVER_DISTRICT, _about, refused=(403, 404)),
    case("consultation:talk", EDITORS, _village, narrow=PART[:1], elsewhere=_other_village),
    post("consultation:talk", EDITORS, _village, narrow=PART[:1], elsewhere=_other_village),
    case("consultation:survey_new", OVER_DISTRICT, _about),
    post("consultation:survey_new", OVER_DISTRICT, _about),
    case("consultation:survey", READERS, _survey),
    case("consultation:survey_codes", EDITORS, _survey),
    post("consultation:survey_codes", EDITORS, _survey),
    case("consultation:survey_tally", EDITORS, _survey),
    post("consultation:survey_tally", EDITORS, _survey),
    everybody("consultation:notice", lambda half: {"public_id": notice_of(half).public_id}),
    everybody("consultation:notice", lambda half: {"public_id": notice_of(half).public_id}, method="post", success=(422,)),
    # This notice has no file of its own.
    everybody("consultation:notice_file", lambda half: {"public_id": notice_of(half).public_id}, success=(404,)),
    everybody("consultation:notice_thanks", lambda half: {"public_id": notice_of(half).public_id, "code": opinion_of(half).code}),
    everybody("consultation:opinion_answer", lambda half: {}),
    everybody("consultation:survey_page", lambda half: {"public_id": survey_of(half).public_id}),
    everybody("consultation:survey_page", lambda half: {"public_id": survey_of(half).public_id}, method="post", success=(422,)),
]  # fmt: skip
