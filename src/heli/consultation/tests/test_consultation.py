"""Notices hang as long as the law asks, opinions have no names, talks are counts, surveys are tallies."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World
from heli.audit.models import Entry
from heli.audit.services import writing
from heli.consultation.catalogues import survey_pack
from heli.consultation.gates import notice_hung, talks_covered
from heli.consultation.models import (
    Notice,
    NoticeViews,
    Opinion,
    OpinionChannel,
    Survey,
    SurveyCode,
    SurveyTally,
    SurveyTurnout,
    TalkCount,
)
from heli.consultation.rules import (
    check_answers,
    check_questions,
    check_tally,
    days_posted,
    earliest_end,
    is_covered,
    missing_talks,
    parse_questions,
)
from heli.consultation.services import notices as service
from heli.consultation.services import surveys
from heli.consultation.types import AnswerKind
from heli.files.testing import draw_photo
from heli.kernel.access import SYSTEM, Actor, Grant
from heli.kernel.declare import Subject
from heli.kernel.faults import Forbidden, Refused
from heli.records.services import FormFile
from heli.records.testing import DAY, district_of

QUESTIONS = "您知道调整方案吗？[aware] | 知道 | 不知道\n您支持吗？[support] | 支持 | 不支持 | 说不清\n最关心什么？* | 资产 | 服务"
LAST = DAY + timedelta(days=15)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def stranger(world: World) -> Actor:
    return Actor(None, "public", (Grant("public", place_id=world.a.district.pk),))


def asked_at(world: World, place: Any) -> Subject:
    """What gates are asked about: a place, and the district as what the rows are about."""
    district = world.a.district
    return Subject(district=district.pk, place=place.pk, about=district.public_id)


def posted(world: World, **more: Any) -> Notice:
    given: dict[str, Any] = {
        "kind": "plan",
        "title": "调整方案公示",
        "text": "拟将两村合并。",
        "first_on": DAY,
        "last_on": LAST,
        **more,
    }
    about = district_of(world.a)
    return service.post_notice(
        actor=world.a.actor("town_officer"), about=about, place_ids=[world.a.village.pk], on=DAY, **given
    )


# -- notices -----------------------------------------------------------------------------------------------------------


def test_a_notice_of_fifteen_days_does_not_count_the_day_of_posting(world: World) -> None:
    assert posted(world).days == 15
    with pytest.raises(Refused) as refused:
        posted(world, last_on=LAST - timedelta(days=1))
    assert codes(refused) == ["notice_too_short"]
    assert "三十五" in refused.value.faults[0].source


def test_the_gate_opens_when_the_days_are_over(world: World) -> None:
    posted(world)
    ask: dict[str, Any] = {"subject": asked_at(world, world.a.village)}
    assert [p.code for p in notice_hung(on=LAST - timedelta(days=1), **ask)] == ["notice_still_hangs"]
    assert not list(notice_hung(on=LAST, **ask))
    assert [p.code for p in notice_hung(on=LAST, subject=asked_at(world, world.a.other_village))] == ["notice_missing"]


def test_a_notice_taken_down_early_no_longer_counts_and_says_why(world: World) -> None:
    notice = posted(world)
    with pytest.raises(Refused):
        service.take_down(actor=world.a.actor("town_officer"), notice=notice, reason="", on=DAY)
    service.take_down(actor=world.a.actor("town_officer"), notice=notice, reason="方案有误", on=DAY + timedelta(days=3))
    ask: dict[str, Any] = {"subject": asked_at(world, world.a.village)}
    assert [p.code for p in notice_hung(on=LAST, **ask)] == ["notice_missing"]


def test_a_notice_without_words_file_or_place_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refused:
        service.post_notice(
            actor=world.a.actor("town_officer"), about=district_of(world.a), kind="gossip", title=" ",
            place_ids=[], first_on=DAY, last_on=LAST, on=DAY,
        )  # fmt: skip
    assert codes(refused) == ["kind_unknown", "title_empty", "notice_empty", "place_missing"]


def test_the_wall_copy_is_photographed(world: World) -> None:
    hung = posted(world).places.get()
    photo = service.add_wall_photo(
        actor=world.a.actor("town_officer"), hung=hung, upload=FormFile("wall.jpg", [draw_photo()]), on=DAY
    )
    assert (photo.file.action, photo.file.place_id) == ("campaigns.read", world.a.village.pk)


def test_views_are_a_number_per_day_and_leave_no_trace(world: World) -> None:
    notice, before = posted(world), Entry.objects.count()
    for day in (DAY, DAY, DAY + timedelta(days=1)):
        service.count_view(notice=notice, on=day)
    assert list(NoticeViews.objects.values_list("count", flat=True)) == [2, 1]
    assert Entry.objects.count() == before
    assert {field.name for field in NoticeViews._meta.fields} == {"id", "notice", "on", "count"}


# -- opinions ----------------------------------------------------------------------------------------------------------


def say(world: World, notice: Notice, **more: Any) -> Opinion:
    usual = {"channel": OpinionChannel.ONLINE, "topic": "name", "text": "村名请保留老地名", "on": DAY}
    given: dict[str, Any] = {**usual, **more}
    return service.add_opinion(
        actor=stranger(world), about=district_of(world.a), notice=notice, place_id=world.a.village.pk, **given
    )


def test_a_stranger_writes_on_the_notice_page_and_keeps_a_code(world: World) -> None:
    opinion = say(world, posted(world))
    assert (opinion.number, opinion.taken_by, len(opinion.code)) == (1, "", 10)
    assert "person" not in {field.name for field in Opinion._meta.fields}


def test_outside_its_days_a_notice_takes_no_opinion(world: World) -> None:
    notice = posted(world)
    with pytest.raises(Refused) as refused:
        say(world, notice, on=LAST + timedelta(days=1))
    assert codes(refused) == ["notice_closed"]


def test_a_stranger_types_nothing_into_the_other_channels(world: World) -> None:
    with pytest.raises(Forbidden):
        say(world, posted(world), channel=OpinionChannel.PHONE)


def test_an_empty_opinion_on_nothing_by_nobody_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refused:
        say(world, posted(world), text=" ", topic="people", count=0)
    assert codes(refused) == ["topic_unknown", "text_empty", "number_outside"]


def test_only_the_officers_words_are_published_never_the_raw_text(world: World) -> None:
    opinion = say(world, posted(world))
    officer = world.a.actor("town_officer")
    with pytest.raises(Refused) as refused:
        service.answer_opinion(actor=officer, opinion=opinion, answer="将组织讨论", publish=True)
    assert codes(refused) == ["gist_missing"]
    done = service.answer_opinion(
        actor=officer, opinion=opinion, answer="将组织讨论", gist="建议保留老村名", publish=True, on=DAY
    )
    assert (done.is_published, done.answered_on) == (True, DAY)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"channel": "wire"}, "campaign_opinion_channel_known"),
        ({"text": ""}, "campaign_opinion_not_empty"),
        ({"answer": "x"}, "campaign_opinion_answered_whole"),
        (
            {"answer": "x", "answered_by": "y", "answered_on": DAY, "is_published": True},
            "campaign_opinion_published_gist",
        ),
    ],
)
def test_the_database_refuses_half_an_answer(world: World, change: dict[str, Any], name: str) -> None:
    opinion = say(world, posted(world))
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), writing(SYSTEM, "campaigns.opinions"):
        Opinion.objects.filter(pk=opinion.pk).update(**change)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"last_on": DAY - timedelta(days=1)}, "notice_runs_forward"),
        ({"days": 14}, "notice_hangs_long_enough"),
        ({"text": ""}, "notice_has_content"),
        ({"taken_down_on": DAY}, "notice_taken_down_with_reason"),
    ],
)
def test_the_database_refuses_a_notice_that_is_too_short_or_empty(
    world: World, change: dict[str, Any], name: str
) -> None:
    notice = posted(world)
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), writing(SYSTEM, "campaigns.notices"):
        Notice.objects.filter(pk=notice.pk).update(**change)


def test_the_question_bank_answers_what_people_ask(world: World) -> None:
    about, actor = district_of(world.a), world.a.actor("district_officer")
    kept = service.keep_question(
        actor=actor,
        about=about,
        topic="assets",
        question="合并后原村的钱归谁？",
        answer="权属不变。",
        is_public=True,
    )
    changed = service.keep_question(
        actor=actor,
        about=about,
        topic="assets",
        question=kept.question,
        answer="权属不变，账目分开。",
        known=kept,
    )
    assert (changed.number, changed.pk, changed.answer) == (1, kept.pk, "权属不变，账目分开。")
    with pytest.raises(Refused):
        service.keep_question(actor=actor, about=about, topic="assets", question="", answer="")


# -- talks -------------------------------------------------------------------------------------------------------------


def talk(world: World, **counts: tuple[int, int]) -> list[TalkCount]:
    return service.record_talks(
        actor=world.a.actor("town_officer"),
        about=district_of(world.a),
        place_id=world.a.village.pk,
        counts=counts,
        on=DAY,
    )


def missing(world: World) -> list[str]:
    return [p.message for p in talks_covered(subject=asked_at(world, world.a.village), on=DAY)]


def test_all_members_and_three_of_five_representatives_open_the_gate(world: World) -> None:
    talk(world, party_members=(29, 30), representatives=(17, 30))
    assert len(missing(world)) == 2
    talk(world, party_members=(30, 30), representatives=(18, 30))
    assert missing(world) == []


def test_unchanged_counts_make_no_row_and_more_talks_than_people_are_refused(world: World) -> None:
    assert len(talk(world, party_members=(30, 30))) == 1
    assert talk(world, party_members=(30, 30)) == []
    with pytest.raises(Refused):
        talk(world, party_members=(31, 30))
    with pytest.raises(Refused):
        talk(world, party_members=(0, 0))


def test_the_database_refuses_more_talks_than_people(world: World) -> None:
    (row,) = talk(world, party_members=(30, 30))
    row.pk, row.done = None, 31
    with (
        pytest.raises(IntegrityError, match="talks_within_base"),
        transaction.atomic(),
        writing(SYSTEM, "campaigns.talks"),
    ):
        row.save()


@given(st.integers(1, 500), st.integers(0, 500))
def test_so_many_more_talks_cover_exactly(base: int, done: int) -> None:
    done = min(done, base)
    more = missing_talks(done, base, 3, 5)
    assert is_covered(done + more, base, 3, 5)
    assert more == 0 or not is_covered(done + more - 1, base, 3, 5)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 60))
def test_a_notice_until_the_earliest_end_hangs_just_long_enough(first: date, least: int) -> None:
    assert days_posted(first, earliest_end(first, least)) == least


# -- surveys -----------------------------------------------------------------------------------------------------------


def opened(world: World) -> Survey:
    return surveys.open_survey(
        actor=world.a.actor("district_officer"), about=district_of(world.a), title="群众意愿问卷",
        questions=parse_questions(QUESTIONS, survey_pack()), first_on=DAY, last_on=LAST,
    )  # fmt: skip


ANSWERS = {"q1": ["o1"], "q2": ["o1"], "q3": ["o1", "o2"]}


def test_questions_are_typed_as_lines() -> None:
    first, second, third = parse_questions(QUESTIONS, survey_pack())
    assert (first.text, first.role, second.role, third.answering) == (
        "您知道调整方案吗？",
        "aware",
        "support",
        AnswerKind.SEVERAL,
    )
    assert check_questions([first, second, third]) == []
    assert [code for code, _ in check_questions(parse_questions("只有题目", survey_pack()))] == ["options_number"]


def test_a_code_counts_once_and_is_tied_to_no_answer(world: World) -> None:
    survey = opened(world)
    printed = surveys.print_codes(
        actor=world.a.actor("town_officer"), survey=survey, place_id=world.a.village.pk, count=3
    )
    assert len(printed) == 3
    surveys.answer_survey(actor=stranger(world), survey=survey, code=printed[0].upper(), chosen=ANSWERS, on=DAY)
    with pytest.raises(Refused) as refused:
        surveys.answer_survey(actor=stranger(world), survey=survey, code=printed[0], chosen=ANSWERS, on=DAY)
    assert codes(refused) == ["code_unknown"]
    counts = Counter({(t.question, t.option): t.count for t in SurveyTally.objects.all()})
    assert counts == {("q1", "o1"): 1, ("q2", "o1"): 1, ("q3", "o1"): 1, ("q3", "o2"): 1}
    turnout = SurveyTurnout.objects.get()
    assert (turnout.given, turnout.returned) == (3, 1)
    assert {field.name for field in SurveyCode._meta.fields} == {"id", "survey", "place", "digest", "is_used"}
    last = Entry.objects.order_by("-seq")[0]
    assert "q1" not in str(last.after)
    assert last.place_id == world.a.district.pk
    assert not SurveyCode.objects.filter(digest__in=printed).exists()


def test_an_answer_that_does_not_fit_uses_no_code(world: World) -> None:
    survey = opened(world)
    (code,) = surveys.print_codes(
        actor=world.a.actor("town_officer"), survey=survey, place_id=world.a.village.pk, count=1
    )
    for chosen in ({}, {**ANSWERS, "q1": ["o1", "o2"]}, {**ANSWERS, "q2": ["o9"]}):
        with pytest.raises(Refused):
            surveys.answer_survey(actor=stranger(world), survey=survey, code=code, chosen=chosen, on=DAY)
    with pytest.raises(Refused):
        surveys.answer_survey(
            actor=stranger(world), survey=survey, code=code, chosen=ANSWERS, on=LAST + timedelta(days=1)
        )
    assert SurveyCode.objects.filter(is_used=False).count() == 1


def test_paper_questionnaires_are_typed_as_counts_that_must_add_up(world: World) -> None:
    survey, officer = opened(world), world.a.actor("town_officer")
    given: dict[str, Any] = {
        "actor": officer,
        "survey": survey,
        "place_id": world.a.village.pk,
        "given": 100,
        "returned": 90,
    }
    with pytest.raises(Refused) as refused:
        surveys.record_tally(**given, counts={"q1": {"o1": 80, "o2": 11}})
    assert codes(refused) == ["tally_wrong"]
    surveys.record_tally(**given, counts={"q1": {"o1": 80, "o2": 10}, "q3": {"o1": 90, "o2": 90}})
    assert SurveyTally.objects.get(question="q1", option="o1").count == 80


def test_who_answers_online_is_not_typed_over(world: World) -> None:
    survey, officer = opened(world), world.a.actor("town_officer")
    surveys.print_codes(actor=officer, survey=survey, place_id=world.a.village.pk, count=3)
    with pytest.raises(Refused) as refused:
        surveys.record_tally(actor=officer, survey=survey, place_id=world.a.village.pk, given=3, returned=4, counts={})
    assert codes(refused) == ["answers_online", "returned_over_given"]


def test_the_database_refuses_more_returned_than_given(world: World) -> None:
    survey = opened(world)
    surveys.print_codes(actor=world.a.actor("town_officer"), survey=survey, place_id=world.a.village.pk, count=3)
    with (
        pytest.raises(IntegrityError, match="survey_returned_within_given"),
        transaction.atomic(),
        writing(SYSTEM, "x.y"),
    ):
        SurveyTurnout.objects.update(returned=4)


@given(st.dictionaries(st.sampled_from(["o1", "o2"]), st.integers(0, 50)), st.integers(0, 100))
def test_a_tally_holds_exactly_when_it_fits_the_returned(counts: dict[str, int], returned: int) -> None:
    question = parse_questions("问 | 是 | 否", survey_pack())[0]
    assert check_tally(question, counts, returned) == (sum(counts.values()) <= returned)
    assert check_answers([question], {"q1": ["o1"]}) == []
