"""What reports say of the ledger of problems."""

from typing import Any

from django.utils.translation import ngettext

from heli.kernel.declare import Sentence, Writing


def closed(w: Writing) -> list[Any] | None:
    """How many problems are closed, and what came and went since last week."""
    now, then = w.value("campaigns.problems_closed"), w.then("campaigns.problems_closed")
    if now is None:
        return None
    text = ngettext("{k} of {n} problem is closed, {share}", "{k} of {n} problems are closed, {share}", now.denominator)
    main = w.say(text, k=w.above(now), n=w.below(now), share=w.number(now))
    if then is None:
        return w.sentence(main)
    found, settled = now.denominator - then.denominator, now.numerator - then.numerator
    fresh = gone = None
    if found > 0:
        fresh = w.say(ngettext("{m} found anew", "{m} found anew", found), m=w.worked_out(found, now, then))
    if settled > 0:
        text = ngettext("{m} closed this week", "{m} closed this week", settled)
        gone = w.say(text, m=w.worked_out(settled, now, then))
    return w.sentence(main, fresh, gone)


def late(w: Writing) -> list[Any] | None:
    """Problems whose due day has ended."""
    found = w.value("campaigns.problems_late")
    if found is None or found.numerator == 0:
        return None
    text = ngettext("{n} problem is overdue", "{n} problems are overdue", found.numerator)
    return w.sentence(w.say(text, n=w.number(found)))


SENTENCES = (
    Sentence("problems.closed", "matters", closed, order=10),
    Sentence("problems.late", "matters", late, order=11),
)
