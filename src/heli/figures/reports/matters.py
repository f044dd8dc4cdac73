"""Problems, risks, consultation and meetings in a weekly report."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heli.figures.reports.rules import ReportRules
from heli.figures.reports.sentences import Sentence
from heli.figures.reports.types import How, Mark, Pieces
from heli.figures.reports.writing import Counted, Writer, say, sentence

Words = Callable[[int], str]


def problems(w: Writer, _rules: ReportRules) -> Pieces | None:
    """How many problems of the ledger are closed, and what came and went since last week."""
    closed = w.value("campaigns.problems_closed")
    if closed is None:
        return None
    text = ngettext(
        "{k} of {n} problem is closed, {share}", "{k} of {n} problems are closed, {share}", closed.denominator
    )
    main = say(text, k=w.above(closed), n=w.below(closed), share=w.number(closed))
    then = w.then("campaigns.problems_closed")
    if then is None:
        return sentence(main)
    found, settled = closed.denominator - then.denominator, closed.numerator - then.numerator
    mark = Mark(How.DIFFERENCE, (*closed.sources, *then.sources))
    fresh = gone = None
    if found > 0:
        fresh = say(ngettext("{m} found anew", "{m} found anew", found), m=w.piece(f"{found:,}", mark))
    if settled > 0:
        gone = say(ngettext("{m} closed this week", "{m} closed this week", settled), m=w.piece(f"{settled:,}", mark))
    return sentence(main, fresh, gone)


def problems_late(w: Writer, _rules: ReportRules) -> Pieces | None:
    """Problems whose due day has ended."""
    late = w.value("campaigns.problems_late")
    if late is None or late.numerator == 0:
        return None
    text = ngettext("{n} problem is overdue", "{n} problems are overdue", late.numerator)
    return sentence(say(text, n=w.number(late)))


def opinions(w: Writer, _rules: ReportRules) -> Pieces | None:
    """How many voices came in, and which share is answered."""
    answered = w.value("campaigns.opinions_answered")
    if answered is None:
        return None
    text = ngettext("{n} voice came in, {share} answered", "{n} voices came in, {share} answered", answered.denominator)
    main = say(text, n=w.below(answered), share=w.number(answered))
    left = answered.denominator - answered.numerator
    if not left:
        return sentence(main)
    text = ngettext("{m} still to be answered", "{m} still to be answered", left)
    return sentence(main, say(text, m=w.piece(f"{left:,}", answered.mark)))


def talks(w: Writer, _rules: ReportRules) -> Pieces | None:
    """How widely talks were held, as counts by class."""
    members, others = w.value("campaigns.talks_members"), w.value("campaigns.talks_representatives")
    parts = []
    if members is not None:
        parts.append(say(_("Talked with {share} of the Party members"), share=w.number(members)))
    if others is not None:
        text = _("with {share} of the representatives") if parts else _("Talked with {share} of the representatives")
        parts.append(say(text, share=w.number(others)))
    return sentence(*parts) if parts else None


def risks(w: Writer, _rules: ReportRules) -> Pieces | None:
    """How many villages have a signed risk assessment, once there are any."""
    assessed = w.value("campaigns.risk_assessed")
    if assessed is None or assessed.numerator == 0:
        return None
    if assessed.numerator == assessed.denominator:
        return sentence(say(_("Every village has a signed risk assessment")))
    return sentence(
        say(_("{k} of {n} villages have a signed risk assessment"), k=w.above(assessed), n=w.below(assessed))
    )


def meetings(w: Writer, _rules: ReportRules) -> Pieces | None:
    """Meetings and trainings held so far, with how many came."""
    parts = [
        _held(
            w.value("campaigns.meetings"), w.value("campaigns.meeting_attendances"), w,
            lambda n: ngettext("{n} meeting was held", "{n} meetings were held", n),
        ),
        _held(
            w.value("campaigns.trainings"), w.value("campaigns.training_attendances"), w,
            lambda n: ngettext("{n} training was held", "{n} trainings were held", n),
        ),
    ]  # fmt: skip
    known = [one for one in parts if one is not None]
    return sentence(*known) if known else None


def _held(held: Counted | None, came: Counted | None, w: Writer, words: Words) -> Pieces | None:
    if held is None or held.numerator == 0:
        return None
    found = say(words(held.numerator), n=w.number(held))
    if came is None or came.numerator == 0:
        return found
    text = ngettext(" ({m} attendance)", " ({m} attendances)", came.numerator)
    return [*found, *say(text, m=w.number(came))]


SENTENCES: tuple[Sentence, ...] = (problems, problems_late, risks, opinions, talks, meetings)
