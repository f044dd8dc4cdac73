"""Reads of anonymous surveys."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from heli.consultation.catalogues import survey_pack
from heli.consultation.models import Survey, SurveyTally, SurveyTurnout
from heli.consultation.rules import is_shown, rate
from heli.consultation.types import AnswerKind, Question
from heli.kernel.access import Actor
from heli.kernel.quantities import Ratio
from heli.records.abouts import About
from heli.records.queries import names_for, part_of


def questions_of(survey: Survey) -> list[Question]:
    """The questions of a survey, in order."""
    return [
        Question(
            key=data["key"],
            text=data["text"],
            options=tuple((key, text) for key, text in data["options"]),
            answering=AnswerKind(data["answering"]),
            role=data["role"],
        )
        for data in survey.questions
    ]


def surveys_of(about: About) -> list[Survey]:
    """The surveys about something, newest first: everybody who sees it sees that they run."""
    return list(Survey.objects.filter(about=about.id))


def survey_by_address(public_id: str) -> Survey | None:
    """A survey by its unguessable address."""
    return Survey.objects.filter(public_id=public_id).first()


@dataclass(frozen=True, slots=True)
class OptionLine:
    """An option with how often it was chosen, and its share of those who returned the questionnaire."""

    text: str
    count: int
    share: Ratio


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """A question with its options; `rate` where it counts for one."""

    question: Question
    options: list[OptionLine]
    rate: Ratio | None


@dataclass(frozen=True, slots=True)
class TurnoutRow:
    """A village's turnout; results of few answers are kept back."""

    place_id: int
    place: str
    town: str
    given: int
    returned: int
    aware: Ratio | None
    support: Ratio | None

    @property
    def participation(self) -> Ratio:
        """Returned over given."""
        return Ratio(self.returned, self.given)


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """All that a survey says about the actor's part."""

    given: int
    returned: int
    questions: list[QuestionResult]
    villages: list[TurnoutRow]
    is_shown: bool

    @property
    def participation(self) -> Ratio:
        """Returned over given."""
        return Ratio(self.returned, self.given)


def result_of(actor: Actor, about: About, survey: Survey, on: date) -> SurveyResult:
    """Totals, and the rates of each village, of the actor's part; six queries."""
    mine = part_of(actor, about, "campaigns.read")
    turnouts = list(SurveyTurnout.objects.filter(mine, survey=survey))
    names = names_for(turnouts, about, on)
    tallies: dict[int, dict[str, Counter[str]]] = {}
    total: dict[str, Counter[str]] = {}
    rows = SurveyTally.objects.filter(mine, survey=survey).values_list("place_id", "question", "option", "count")
    for place_id, question, option, count in rows:
        tallies.setdefault(place_id, {}).setdefault(question, Counter())[option] += count
        total.setdefault(question, Counter())[option] += count
    questions = questions_of(survey)
    returned = sum(row.returned for row in turnouts)
    by_role = {question.role: question for question in questions if question.role}

    def rate_of(place_id: int, returned: int, role: str) -> Ratio | None:
        if role not in by_role or not is_shown(returned, survey_pack()):
            return None
        return rate(by_role[role], tallies.get(place_id, {}).get(by_role[role].key, Counter()))

    return SurveyResult(
        given=sum(row.given for row in turnouts),
        returned=returned,
        questions=[
            QuestionResult(
                question,
                [
                    OptionLine(
                        text,
                        total.get(question.key, Counter())[key],
                        Ratio(total.get(question.key, Counter())[key], returned),
                    )
                    for key, text in question.options
                ],
                rate(question, total.get(question.key, Counter())) if question.role else None,
            )
            for question in questions
        ],
        villages=[
            TurnoutRow(
                row.place_id,
                names.of(row.place_id),
                names.of(row.town_id),
                row.given,
                row.returned,
                rate_of(row.place_id, row.returned, "aware"),
                rate_of(row.place_id, row.returned, "support"),
            )
            for row in turnouts
        ],
        is_shown=is_shown(returned, survey_pack()),
    )
