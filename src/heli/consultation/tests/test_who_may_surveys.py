"""Who may open a survey, print its codes, type what came back on paper, and answer it."""

from datetime import date

import pytest

from heli.accounts.testing import World, WriteCase
from heli.consultation.queries.surveys import questions_of
from heli.consultation.services import surveys as service
from heli.consultation.testing import campaign_about, survey_of
from heli.kernel.access import SYSTEM
from heli.records.testing import DAY
from heli.ui.testing import Kwargs

KEEPERS = ("district_officer", "town_officer", "department_liaison")
OVER_DISTRICT = ("district_officer", "department_liaison")
LATER = date(2026, 3, 9)


def questions(world: World) -> Kwargs:
    known = survey_of(world.a)
    asked = questions_of(known)
    return {"about": campaign_about(world.a), "title": "再问", "questions": asked, "first_on": DAY, "last_on": LATER}


def paper(world: World) -> Kwargs:
    return {"survey": survey_of(world.a), "place_id": world.a.village.pk}


def code(world: World) -> Kwargs:
    [only] = service.print_codes(actor=SYSTEM, **paper(world), count=1)
    [question] = questions_of(survey_of(world.a))
    return {"survey": survey_of(world.a), "code": only, "chosen": {question.key: [question.options[0][0]]}, "on": LATER}


CASES = [
    WriteCase(service.open_survey, OVER_DISTRICT, questions),
    WriteCase(service.print_codes, KEEPERS, lambda w: {**paper(w), "count": 2}),
    WriteCase(service.record_tally, KEEPERS, lambda w: {**paper(w), "given": 0, "returned": 0, "counts": {}}),
    WriteCase(service.answer_survey, ("public", "district_officer"), code),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
