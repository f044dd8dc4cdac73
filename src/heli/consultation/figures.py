"""Figures of consultation: notices and how often they were opened, opinions and answers, talks, surveys."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _

from heli.consultation.catalogues import opinion_topics, survey_pack
from heli.consultation.models import (
    Notice,
    OpinionChannel,
    PolicyQuestion,
    SurveyTally,
    SurveyTurnout,
    TalkCount,
)
from heli.consultation.queries.notices import READ, voices_of
from heli.consultation.queries.surveys import questions_of
from heli.consultation.rules import is_shown
from heli.kernel.declare import Ask, Direction, Figure
from heli.places.counted import CountedRow, Reader, counted, figure, moment_of
from heli.records.abouts import read_by

NOTICES, OPINIONS = _("Campaigns: public notices"), _("Campaigns: register of opinions")
TALKS, SURVEYS = _("Campaigns: counts of talks"), _("Campaigns: counts of anonymous surveys")
BANK = _("Campaigns: question bank")


def _notices(ask: Ask, *, opened: bool) -> list[CountedRow]:
    """Notices posted up to the day; one that hangs in a single place counts there, others in the district."""
    known = {"district_id__in": ask.district_ids, "posted_at__lte": moment_of(ask)}
    posted = Notice.objects.filter(read_by(READ), first_on__lte=ask.on, **known)
    views = dict(posted.filter(views__on__lte=ask.on).order_by().values_list("pk").annotate(total=Sum("views__count")))
    found = []
    for one in posted.prefetch_related("places").order_by("pk"):
        hung, district = list(one.places.all()), one.district_id
        where = (hung[0].place_id, hung[0].town_id, district) if len(hung) == 1 else (district, None, district)
        cells = [one.title, one.first_on, one.last_on, views.get(one.pk, 0)]
        url = reverse("consultation:notice_sheet", args=[one.about, one.public_id])
        found.append(counted(ask, where, (views.get(one.pk, 0) if opened else 1, 1), cells, url))
    return found


def posted(ask: Ask) -> list[CountedRow]:
    """Notices."""
    return _notices(ask, opened=False)


def views(ask: Ask) -> list[CountedRow]:
    """Times they were opened."""
    return _notices(ask, opened=True)


def _opinions(ask: Ask) -> Iterator[tuple[CountedRow, bool]]:
    language = get_language() or "zh-hans"
    for one in voices_of(ask.district_ids, ask.on, READ):
        done, channel = one.is_answered(ask.on), str(OpinionChannel(one.channel).label)
        cells = [one.number, one.received_on, channel, opinion_topics().text(one.topic, language), one.count]
        cells.append(one.answered_on if done else "")
        where, url = (one.place_id, one.town_id, one.district_id), reverse("consultation:opinions", args=[one.about])
        yield counted(ask, where, (one.count, one.count), cells, url), done


def received(ask: Ask) -> list[CountedRow]:
    """Voices received."""
    return [one for one, _done in _opinions(ask)]


def answered(ask: Ask) -> list[CountedRow]:
    """Voices answered over voices received."""
    return [
        CountedRow(one.place, one.village, one.above if done else 0, one.below, one.cells, one.url)
        for one, done in _opinions(ask)
    ]


def bank(ask: Ask) -> list[CountedRow]:
    """Questions of the policy with their answers."""
    found = PolicyQuestion.objects.filter(district_id__in=ask.district_ids, changed_at__lte=moment_of(ask)).order_by(
        "pk"
    )
    return [
        counted(
            ask, (one.district_id, None, one.district_id), (1, 1), [one.number, one.question],
            reverse("consultation:questions", args=[one.about]),
        )
        for one in found
    ]  # fmt: skip


def _talks(ask: Ask, kind: str) -> list[CountedRow]:
    """The newest counts of a class by village and about."""
    known = {"district_id__in": ask.district_ids, "recorded_at__lte": moment_of(ask)}
    rows = TalkCount.objects.filter(kind=kind, on__lte=ask.on, **known).order_by("on", "pk")
    newest = {(row.about, row.place_id): row for row in rows}
    return [
        counted(
            ask, (row.place_id, row.town_id, row.district_id), (row.done, row.base), [row.on, row.done, row.base],
            reverse("consultation:talks", args=[row.about]),
        )
        for row in newest.values()
    ]  # fmt: skip


def talks_members(ask: Ask) -> list[CountedRow]:
    """Party members talked with over all of them."""
    return _talks(ask, "party_members")


def talks_representatives(ask: Ask) -> list[CountedRow]:
    """Representatives talked with over all of them."""
    return _talks(ask, "representatives")


def _turnouts(ask: Ask) -> list[SurveyTurnout]:
    known = {"survey__district_id__in": ask.district_ids, "survey__first_on__lte": ask.on}
    return list(SurveyTurnout.objects.filter(**known).select_related("survey").order_by("pk"))


def _of_survey(ask: Ask, row: SurveyTurnout, pair: tuple[int, int]) -> CountedRow:
    url = reverse("consultation:survey", args=[row.survey.about, row.survey.public_id])
    where = (row.place_id, row.town_id, row.survey.district_id)
    return counted(ask, where, pair, [row.survey.title, row.given, row.returned], url)


def participation(ask: Ask) -> list[CountedRow]:
    """Questionnaires that came back over those given out."""
    return [_of_survey(ask, row, (row.returned, row.given)) for row in _turnouts(ask)]


def _rate(ask: Ask, role: str) -> list[CountedRow]:
    """First options over all answers to the questions of a rate; villages with too few answers are left out."""
    turnouts = [row for row in _turnouts(ask) if is_shown(row.returned, survey_pack())]
    surveys = {row.survey_id: row.survey for row in turnouts}
    asked = {
        (key, question.key): question.options[0][0]
        for key, survey in surveys.items()
        for question in questions_of(survey)
        if question.role == role
    }
    sums: dict[tuple[int, int], list[int]] = {}
    tallies = SurveyTally.objects.filter(survey_id__in=surveys).values_list(
        "survey_id", "place_id", "question", "option", "count"
    )
    for survey, place, question, option, count in tallies:
        if (first := asked.get((survey, question))) is not None:
            pair = sums.setdefault((survey, place), [0, 0])
            pair[0] += count if option == first else 0
            pair[1] += count
    return [
        _of_survey(ask, row, (sums[row.survey_id, row.place_id][0], sums[row.survey_id, row.place_id][1]))
        for row in turnouts
        if (row.survey_id, row.place_id) in sums
    ]


def awareness(ask: Ask) -> list[CountedRow]:
    """Who knows, over who answered."""
    return _rate(ask, "aware")


def support(ask: Ask) -> list[CountedRow]:
    """Who agrees, over who answered."""
    return _rate(ask, "support")


NOTICE_HEADS = (_("Notice"), _("Posted on"), _("Hangs until"), _("Times opened"))
OPINION_HEADS = (_("No."), _("Received"), _("How it came in"), _("What it is about"), _("Voices"), _("Answered on"))
TALK_HEADS = (_("As of"), _("talked with"), _("there are"))
SURVEY_HEADS = (_("Survey"), _("Given out"), _("Came back"))


def counts(name: str, title: str, meaning: str, read: Reader, heads: Sequence[str], **more: Any) -> Figure:
    return figure(f"campaigns.{name}", title, meaning, read, heads, action=READ, **more)


FIGURES: tuple[Figure, ...] = (
    counts("notices", _("Notices posted"), _("Public notices posted up to the day."), posted, NOTICE_HEADS, unit=_("notices"),
           source=NOTICES),
    counts("notice_views", _("Times notices were opened"),
           _("How often the pages of notices were opened up to the day; openings, not people. A notice that hangs in several "
             "places counts in the district."), views, NOTICE_HEADS, unit=_("times"), source=NOTICES),
    counts("opinions", _("Opinions received in campaigns"), _("Voices received through all channels up to the day."), received,
           OPINION_HEADS, unit=_("voices"), source=OPINIONS),
    counts("opinions_answered", _("Opinions answered in campaigns"), _("Voices answered, over voices received."), answered,
           OPINION_HEADS, unit="%", decimals=2, source=OPINIONS, direction=Direction.UP),
    counts("policy_questions", _("Policy questions answered"), _("Questions in the question bank with an answer."), bank,
           (_("No."), _("Question")), unit=_("questions"), source=BANK),
    counts("talks_members", _("Talks with party members"), _("Party members talked with, over all of them."), talks_members,
           TALK_HEADS, unit="%", decimals=2, source=TALKS, direction=Direction.UP),
    counts("talks_representatives", _("Talks with representatives"), _("Representatives talked with, over all of them."),
           talks_representatives, TALK_HEADS, unit="%", decimals=2, source=TALKS, direction=Direction.UP),
    counts("survey_participation", _("Participation in surveys"), _("Questionnaires that came back, over those given out."),
           participation, SURVEY_HEADS, unit="%", decimals=2, source=SURVEYS, direction=Direction.UP),
    counts("survey_awareness", _("Awareness in surveys"),
           _("Answers that know the plan, over all answers to that question; villages with too few answers are left out, so "
             "that nobody can be guessed."), awareness, SURVEY_HEADS, unit="%", decimals=2, source=SURVEYS,
           direction=Direction.UP),
    counts("survey_support", _("Support in surveys"),
           _("Answers that agree, over all answers to that question; villages with too few answers are left out, so that "
             "nobody can be guessed."), support, SURVEY_HEADS, unit="%", decimals=2, source=SURVEYS, direction=Direction.UP),
)  # fmt: skip
