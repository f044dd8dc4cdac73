"""Anonymous surveys: questions as data, counts as answers. No row anywhere holds what one household said."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.anchor import keyed_digest
from heli.audit.services import writing
from heli.consultation.models import Survey, SurveyCode, SurveyTally, SurveyTurnout
from heli.consultation.queries.surveys import questions_of
from heli.consultation.rules import check_answers, check_questions, check_tally
from heli.consultation.types import Question
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.records.abouts import About
from heli.records.fields import check_values
from heli.records.services import refuse_finished, towns_at

WHAT, MATTERS, OPINE = "campaigns.surveys", "campaigns.matters", "campaigns.opine"
CODE_LENGTH = 10
MOST_CODES = 50_000


def open_survey(
    *,
    actor: Actor,
    about: About,
    title: str,
    questions: Sequence[Question],
    first_on: date,
    last_on: date,
    intro: str = "",
    at: datetime | None = None,
) -> Survey:
    """Open a survey. Its questions never change afterwards, so that counts stay comparable."""
    refuse_finished(about)
    given = {"title": title.strip(), "intro": intro.strip(), "first_on": first_on, "last_on": last_on}
    texts = {
        "questions_number": _("Ask between 1 and 30 questions."),
        "question_empty": _("Question %(number)s has no text."),
        "options_number": _("Question %(number)s needs between 2 and 12 options."),
        "option_twice": _("Question %(number)s has the same option twice."),
        "role_needs_one": _("Question %(number)s counts for a rate, so one option only may be chosen."),
    }
    wrong = check_questions(questions)
    found = [Fault(code, texts[code] % {"number": number}, field="questions") for code, number in wrong]
    found += check_values(Survey, given, timezone.localdate())
    if last_on < first_on:
        found.append(Fault("days_crossed", _("The last day lies before the first."), field="last_on"))
    if found:
        raise Refused(found)
    with writing(actor, WHAT, action=MATTERS, place_id=about.district_id, at=at) as act:
        survey = Survey.objects.create(
            **given, public_id=new_public_id(24), about=about.id, district_id=about.district_id, opened_by=actor.name,
            opened_at=act.at, questions=[_as_data(question) for question in questions],
        )  # fmt: skip
        act.subject = f"consultation:{about.id}"
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
        raise Refused(Fault("count_outside", _("Give how many households get a code."), field="count"))
    town = towns_at(survey.district_id, place_ids=[place_id], on=timezone.localdate())[place_id]
    codes = sorted({new_public_id(CODE_LENGTH) for _number in range(count)})
    with writing(actor, WHAT, action=MATTERS, place_id=place_id, at=at) as act:
        digests = sorted(digest_of(survey, code=code) for code in codes)
        kept = [SurveyCode(survey=survey, place_id=place_id, digest=digest) for digest in digests]
        SurveyCode.objects.bulk_create(kept, batch_size=500)
        turnout, made = SurveyTurnout.objects.get_or_create(
            survey=survey, place_id=place_id, defaults={"town_id": town, "given": len(codes)}
        )
        if not made:
            SurveyTurnout.objects.filter(pk=turnout.pk).update(given=F("given") + len(codes))
        act.subject = f"survey:{survey.pk}"
        act.after = {"did": "codes", "count": len(codes)}
    return codes


def digest_of(survey: Survey, *, code: str) -> str:
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
    wrong = check_answers(questions, chosen)
    found = [Fault("answer_missing", _("Choose an answer."), field=key) for key in wrong]
    if not survey.first_on <= day <= survey.last_on:
        found.insert(0, Fault("survey_closed", _("This survey is not open today.")))
    if found:
        raise Refused(found)
    with writing(actor, WHAT, action=OPINE, place_id=survey.district_id) as act:
        codes = SurveyCode.objects.filter(survey=survey, digest=digest_of(survey, code=code), is_used=False)
        place_id = codes.values_list("place_id", flat=True).first()
        if place_id is None or not codes.update(is_used=True):
            raise Refused(Fault("code_unknown", _("This code is unknown or has been used already."), field="code"))
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
        text = _("The households of this village answer online: nothing is typed here.")
        found.append(Fault("answers_online", text))
    if not 0 <= returned <= given:
        found.append(Fault("returned_over_given", _("More came back than were given out."), field="returned"))
    for question in questions:
        if not check_tally(question, counts.get(question.key, {}), returned):
            message = _("The counts of “%(question)s” do not fit the number of questionnaires that came back.")
            found.append(Fault("tally_wrong", message % {"question": question.text}, field=question.key))
    if found:
        raise Refused(found)
    town = towns_at(survey.district_id, place_ids=[place_id], on=timezone.localdate())[place_id]
    with writing(actor, WHAT, action=MATTERS, place_id=place_id, at=at) as act:
        turnout, made = SurveyTurnout.objects.select_for_update(of=("self",)).get_or_create(
            survey=survey, place_id=place_id, defaults={"town_id": town, "given": given, "returned": returned}
        )
        act.before = {} if made else {"given": turnout.given, "returned": turnout.returned}
        turnout.given, turnout.returned = given, returned
        turnout.save(update_fields=["given", "returned"])
        for question in questions:
            for option, _text in question.options:
                key: dict[str, Any] = {
                    "survey": survey,
                    "place_id": place_id,
                    "question": question.key,
                    "option": option,
                }
                count = counts.get(question.key, {}).get(option, 0)
                SurveyTally.objects.update_or_create(**key, defaults={"count": count})
        act.subject = f"survey:{survey.pk}"
        act.after = {"did": "tally", "given": given, "returned": returned}
    return turnout
