"""What reports say of opinions and talks."""

from collections import Counter
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from heli.consultation.catalogues import opinion_topics
from heli.consultation.queries.notices import READ, voices_of
from heli.kernel.declare import Ask, Sentence, Writing
from heli.kernel.telling import Telling, Told

NAMED = 3
"""So many topics are named."""


def opinions(w: Writing) -> list[Any] | None:
    """How many voices came in, and which share is answered."""
    answered = w.value("campaigns.opinions_answered")
    if answered is None:
        return None
    text = ngettext("{n} voice came in, {share} answered", "{n} voices came in, {share} answered", answered.denominator)
    main = w.say(text, n=w.below(answered), share=w.number(answered))
    left = answered.denominator - answered.numerator
    if not left:
        return w.sentence(main)
    text = ngettext("{m} still to be answered", "{m} still to be answered", left)
    return w.sentence(main, w.say(text, m=w.worked_out(left, answered)))


def talks(w: Writing) -> list[Any] | None:
    """How widely talks were held, as counts by class."""
    members, others = w.value("campaigns.talks_members"), w.value("campaigns.talks_representatives")
    parts = []
    if members is not None:
        parts.append(w.say(_("Talked with {share} of the Party members"), share=w.number(members)))
    if others is not None:
        text = _("with {share} of the representatives") if parts else _("Talked with {share} of the representatives")
        parts.append(w.say(text, share=w.number(others)))
    return w.sentence(*parts) if parts else None


def unanswered(w: Writing) -> list[Any] | None:
    """What the voices that wait for an answer are about, the most frequent first."""
    topics = Counter[str]()
    for row in w.told("consultation.open"):
        topics[row.kind] += row.count
    if not topics:
        return None
    named = [
        w.say(ngettext("{topic} ({n} voice)", "{topic} ({n} voices)", number), topic=_topic(key), n=f"{number:,}")
        for key, number in sorted(topics.items(), key=lambda pair: (-pair[1], pair[0]))[:NAMED]
    ]
    return w.sentence(w.say(_("Those that wait are mostly about {topics}"), topics=w.listed(named)))


def answer(w: Writing) -> list[Any] | None:
    """Voices are to be answered."""
    waiting = sum(row.count for row in w.told("consultation.open"))
    if not waiting:
        return None
    text = ngettext(
        "Answer the {n} voice that waits, one by one", "Answer the {n} voices that wait, one by one", waiting
    )
    return w.sentence(w.say(text, n=f"{waiting:,}"))


def _topic(key: str) -> str:
    return opinion_topics().text(key, get_language() or "")


def open_opinions(ask: Ask, about: str) -> list[Told]:
    """The opinions of an about that had no answer on the day; one query."""
    voices = (one for one in voices_of(ask.district_ids, ask.on, READ) if one.about == about)
    return [
        Told(place=one.place_id, town=one.town_id, kind=one.topic, count=one.count)
        for one in voices
        if not one.is_answered(ask.on)
    ]


TELLINGS = (Telling("consultation.open", open_opinions),)
SENTENCES = (
    Sentence("consultation.opinions", "matters", opinions, order=30),
    Sentence("consultation.unanswered", "matters", unanswered, order=30),
    Sentence("consultation.answer", "requests", answer, order=40),
    Sentence("consultation.talks", "matters", talks, order=31),
)
