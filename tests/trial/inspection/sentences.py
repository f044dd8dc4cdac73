"""What reports say of inspections."""

from typing import Any

from django.utils.translation import ngettext

from heli.kernel.declare import Sentence, Writing


def in_order(w: Writing) -> list[Any] | None:
    """How many are closed."""
    counted = w.value("inspection.in_order")
    if counted is None:
        return None
    text = ngettext("{k} of {n} inspection is closed", "{k} of {n} inspections are closed", counted.denominator)
    return w.sentence(w.say(text, k=w.above(counted), n=w.below(counted)))


SENTENCES = (Sentence("inspection.in_order", "matters", in_order),)
