"""What reports say of opinions and talks."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heli.kernel.declare import Sentence, Writing


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


SENTENCES = (
    Sentence("consultation.opinions", "matters", opinions, order=30),
    Sentence("consultation.talks", "matters", talks, order=31),
)
