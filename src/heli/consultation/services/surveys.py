"""Anonymous surveys: questions as data, counts as answers. No row anywhere holds what one household said."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.anchor import keyed_digest
from heli.audit.services import writing
from heli.campaigns.models import Campaign
from heli.campaigns.services.matters import (
    MATTERS,
    OPINE,
    check_day,
    problem,
    raise_found,
    refuse_finished,
    refuse_long,
    town_of,
)
from heli.consultation.models import Survey, SurveyCode, SurveyTally, SurveyTurnout
from heli.consultation.queries.surveys import questions_of
from heli.consultation.rules import check_answers, check_questions, check_tally
from heli.consultation.types import Question
from heli.kernel.access import Actor, require
from heli.kernel.ids import new_public_id
from heli.kernel.problems import Refused

WHAT = "campaigns.surveys"
CODE_LENGTH = 10
MOST_CODES = 50_000


def open_survey(
    *,
    actor: Actor,
    campaign: Campaign,
    title: str,
    questions: Sequence[Question],
    first_on: date,
    last_on: date,
    intro: str = "",
    at: datetime | None = None,
) -> Survey:
    """Open a survey over the campaign. Its questions never change afterwards, so that counts stay comparable."""
    refuse_finished(campaign)
    found = refuse_long(title, "title", 120) + refuse_long(intro, "intro")
    texts = {
        "questions_number": _("Ask between 1 and 30 questions."),
        "question_empty": _("Question %(number)s has no text."),
        "options_number": _("Question %(number)s needs between 2 and 12 options."),
        "option_twice": _("Question %(number)s has the same option twice."),
        "role_needs_one": _("Question %(number)s counts for a rate, so one option only may be chosen."),
    }
    found += [
        problem(code, texts[code] % {"number": number}, "questions") for code, number in check_questions(questions)
    ]
    if not title.strip():
        found.append(problem("title_empty", _("Give the survey a title."), "title"))
    found += check_day(first_on, "first_on") + check_day(last_on, "last_on")
    if last_on < first_on:
        found.append(problem("days_crossed", _("The last day lies before the first."), "last_on"))
    raise_found(found)
    with writing(actor, WHAT, action=MATTERS, place_id=campaign.district_id, at=at) as act:
        survey = Survey.objects.create(
            public_id=new_public_id(24),
            campaign=campaign,
            title=title.strip(),
            intro=intro.strip(),
            questions=[_as_data(question) for question in questions],
            first_on=first_on,
            last_on=last_on,
            opened_by=actor.name,
            opened_at=act.at,
        )
        act.subject = f"campaign:{campaign.public_id}"
        act.after = {"did": "open", "questions": len(questions), "first_on": str(first_on), "last_on": str(last_on)}
    return survey


def _as_data(question: Question) -> dict[str, object]:
    return {
        "key": question.key,
        "text": question.text,
        "options": [list(option) for option in question.options],
        "answering": str(question.answering),
        "role": question.role,
    }


def print_codes(*, actor: Actor, survey: Survey, place_id: int, count: int, at: datetime | None = None) -> list[str]:
    """One-time codes for a village's households, to be printed and cut: shown now and never again; digests are kept.

    Codes carry no household, and are handed out by drawing them from the pile.
    """
    if not 1 <= count <= MOST_CODES:
        raise Refused(problem("count_outside", _("Give how many households get a code."), "count"))
    town = town_of(survey.campaign, place_id, timezone.localdate())
    codes = sorted({new_public_id(CODE_LENGTH) for _number in range(count)})
    with writing(actor, WHAT, action=MATTERS, place_id=place_id, at=at) as act:
        SurveyCode.objects.bulk_create(
            sorted(
                (SurveyCode(survey=survey, place_id=place_id, digest=digest_of(survey, code)) for code in codes),
                key=lambda row: row.digest,
            ),
            batch_size=500,
        )
        turnout, made = SurveyTurnout.objects.get_or_create(
            survey=survey, place_id=place_id, defaults={"town_id": town, "given": len(codes)}
        )
        if not made:
            SurveyTurnout.objects.filter(pk=turnout.pk).update(given=F("given") + len(codes))
        act.subject = f"survey:{survey.pk}"
        act.after = {"did": "codes", "count": len(codes)}
    return codes


def digest_of(survey: Survey, code: str) -> str:
    """What is kept of a code."""
    return keyed_digest(f"survey:{survey.pk}:{code.strip().lower()}")


def answer_survey(
    *, actor: Actor, survey: Survey, code: str, chosen: Mapping[str, Sequence[str]], on: date | None = None
) -> None:
    """Take the answers of a household: the code is used up, the options' counts go up, nothing ties the two together.

    The trail says only that somebody answered, neither where nor what. Raises `Refused` for a code that is unknown or
    used, an answer that does not fit, or outside the survey's days.
    """
    day = on or timezone.localdate()
    questions = questions_of(survey)
    found = []
    if not survey.first_on <= day <= survey.last_on:
        found.append(problem("survey_closed", _("This survey is not open today.")))
    wrong = check_answers(questions, chosen)
    found += [problem("answer_missing", _("Choose an answer."), key) for key in wrong]
    raise_found(found)
    require(actor, OPINE, survey.campaign.district_id)
    with writing(actor, WHAT, action=OPINE, place_id=survey.campaign.district_id) as act:
        codes = SurveyCode.objects.filter(survey=survey, digest=digest_of(survey, code), is_used=False)
        place_id = codes.values_list("place_id", flat=True).first()
        if place_id is None or not codes.update(is_used=True):
            raise Refused(problem("code_unknown", _("This code is unknown or has been used already."), "code"))
        for question in questions:
            for option in chosen.get(question.key, ()):
                _count_up(survey, place_id, question.key, option)
        SurveyTurnout.objects.filter(survey=survey, place_id=place_id).update(returned=F("returned") + 1)
        act.subject, act.after = f"survey:{survey.pk}", {"did": "answer"}


def _count_up(survey: Survey, place_id: int, question: str, option: str) -> None:
    key: dict[str, Any] = {"survey": survey, "place_id": place_id, "question": question, "option": option}
    SurveyTally.objects.get_or_create(**key)
    SurveyTally.objects.filter(**key).update(count=F("count") + 1)


def record_tally(
    *,
    actor: Actor,
    survey: Survey,
    place_id: int,
    given: int,
    returned: int,
    counts: Mapping[str, Mapping[str, int]],
    at: datetime | None = None,
) -> SurveyTurnout:
    """Type the counts of the paper questionnaires of a village: {question: {option: count}}; replaces earlier typed counts.

    Refused for a village whose households answer online, and for counts that cannot be.
    """
    questions = questions_of(survey)
    found = []
    if SurveyCode.objects.filter(survey=survey, place_id=place_id).exists():
        found.append(
            problem("answers_online", _("The households of this village answer online: nothing is typed here."))
        )
    if not 0 <= returned <= given:
        found.append(problem("returned_over_given", _("More came back than were given out."), "returned"))
    for question in questions:
        if not check_tally(question, counts.get(question.key, {}), returned):
            message = _("The counts of “%(question)s” do not fit the number of questionnaires that came back.")
            found.append(problem("tally_wrong", message % {"question": question.text}, question.key))
    raise_found(found)
    town = town_of(survey.campaign, place_id, timezone.localdate())
    with writing(actor, WHAT, action=MATTERS, place_id=place_id, at=at) as act:
        turnout, made = SurveyTurnout.objects.select_for_update(of=("self",)).get_or_create(
            survey=survey, place_id=place_id, defaults={"town_id": town, "given": given, "returned": returned}
        )
        act.before = {} if made else {"given": turnout.given, "returned": turnout.returned}
        turnout.given, turnout.returned = given, returned
        turnout.save(update_fields=["given", "returned"])
        for question in questions:
            for option, _text in question.options:
                SurveyTally.objects.update_or_create(
                    survey=survey,
                    place_id=place_id,
                    question=question.key,
                    option=option,
                    defaults={"count": counts.get(question.key, {}).get(option, 0)},
                )
        act.subject = f"survey:{survey.pk}"
        act.after = {"did": "tally", "given": given, "returned": returned}
    return turnout
