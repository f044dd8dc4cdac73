"""What reports say of meetings and trainings."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import ngettext

from heli.kernel.declare import Sentence, Writing


def held(w: Writing) -> list[Any] | None:
    """Meetings and trainings held so far, with how many came."""
    parts = [
        _held(
            w, "campaigns.meetings", "campaigns.meeting_attendances",
            lambda n: ngettext("{n} meeting was held", "{n} meetings were held", n),
        ),
        _held(
            w, "campaigns.trainings", "campaigns.training_attendances",
            lambda n: ngettext("{n} training was held", "{n} trainings were held", n),
        ),
    ]  # fmt: skip
    known = [one for one in parts if one is not None]
    return w.sentence(*known) if known else None


def _held(w: Writing, figure: str, attendances: str, words: Callable[[int], str]) -> list[Any] | None:
    number, came = w.value(figure), w.value(attendances)
    if number is None or number.numerator == 0:
        return None
    found = w.say(words(number.numerator), n=w.number(number))
    if came is None or came.numerator == 0:
        return found
    text = ngettext(" ({m} attendance)", " ({m} attendances)", came.numerator)
    return [*found, *w.say(text, m=w.number(came))]


SENTENCES = (Sentence("meetings.held", "matters", held, order=40),)
