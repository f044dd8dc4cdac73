"""What reports say of risk assessments."""

from typing import Any

from django.utils.translation import gettext as _

from heli.kernel.declare import Sentence, Writing


def signed(w: Writing) -> list[Any] | None:
    """How many villages have a signed risk assessment, once there are any."""
    assessed = w.value("campaigns.risk_assessed")
    if assessed is None or assessed.numerator == 0:
        return None
    if assessed.numerator == assessed.denominator:
        return w.sentence(w.say(_("Every village has a signed risk assessment")))
    text = _("{k} of {n} villages have a signed risk assessment")
    return w.sentence(w.say(text, k=w.above(assessed), n=w.below(assessed)))


SENTENCES = (Sentence("risks.signed", "matters", signed, order=20),)
