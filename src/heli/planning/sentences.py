"""What the yearbook says of a plan: its target, the opinions on it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heli.kernel.declare import Sentence, Writing


def against_target(w: Writing) -> list[Any] | None:
    """The reduction beside the target."""
    fewer, target = w.value("places.village_reduction"), w.value("planning.target")
    if fewer is None or target is None or fewer.numerator <= 0 or target.numerator <= 0:
        return None
    by = w.change(fewer, target)
    if fewer.equals(target):
        return w.sentence(w.say(_("It meets the target of {target} exactly"), target=w.number(target)))
    if not fewer.is_ahead_of(target):
        text = _("It falls {points} percentage points short of the target of {target}")
        return w.sentence(w.say(text, points=by, target=w.number(target)))
    text = _("It goes {points} percentage points beyond the target of {target}, {share} of it")
    share = w.share(fewer, target)
    return w.sentence(w.say(text, points=by, target=w.number(target), share=share))


def opinions(w: Writing) -> list[Any] | None:
    """How many opinions came in on the plan."""
    answered = w.value("planning.opinions_answered")
    if answered is None:
        return None
    text = ngettext(
        "{n} opinion came in, {share} of them answered",
        "{n} opinions came in, {share} of them answered",
        answered.denominator,
    )
    return w.sentence(w.say(text, n=w.below(answered), share=w.number(answered)))


SENTENCES = (
    Sentence("planning.target", "yearbook.villages", against_target, order=20),
    Sentence("planning.opinions", "yearbook.people", opinions, order=20),
)
