"""What the yearbook says of a merger's villages: how many remain, who consented."""

from typing import Any

from django.utils.translation import gettext as _

from heli.kernel.declare import Sentence, Writing


def reduction(w: Writing) -> list[Any] | None:
    """How many villages there were and are."""
    fewer = w.value("places.village_reduction")
    if fewer is None or fewer.numerator <= 0:
        return None
    after = w.worked_out(fewer.denominator - fewer.numerator, fewer)
    return w.sentence(
        w.say(
            _("Of {before} villages {after} remain, a reduction by {share}"),
            before=w.below(fewer), after=after, share=w.number(fewer),
        )
    )  # fmt: skip


def consent(w: Writing) -> list[Any] | None:
    """Which share consented, where least, where all."""
    rate, lowest = w.value("places.consent"), w.value("places.consent_lowest")
    if rate is None:
        return None
    main = w.say(_("{share} of those asked consented"), share=w.number(rate))
    least = w.say(_("in no place less than {share}"), share=w.number(lowest)) if lowest is not None else None
    full, counted = w.value("places.consent_full"), w.value("places.consent_counted")
    every = None
    if full is not None and counted is not None and counted.numerator:
        every = w.say(_("{k} of {n} places unanimously"), k=w.number(full), n=w.number(counted))
    return w.sentence(main, least, every)


SENTENCES = (
    Sentence("places.reduction", "yearbook.villages", reduction, order=10),
    Sentence("places.consent", "yearbook.people", consent, order=10),
)
