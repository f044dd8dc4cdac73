"""Surveys are tallies: a code counts once and is tied to no answer, counts typed from paper must add up."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World
from heli.audit.models import Entry
from heli.audit.services import writing
from heli.consultation.catalogues import survey_pack
from heli.consultation.models import Survey, SurveyCode, SurveyTally, SurveyTurnout
from heli.consultation.rules import check_answers, check_questions, check_tally, parse_questions
from heli.consultation.services import surveys
from heli.consultation.tests.test_consultation import LAST, codes, stranger
from heli.consultation.types import AnswerKind
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.records.testing import DAY, district_of

QUESTIONS = "您知道调整方案吗？[aware] | 知道 | 不知道\n您支持吗？[support] | 支持 | 不支持 | 说不清\n最关心什么？* | 资产 | 服务"


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
