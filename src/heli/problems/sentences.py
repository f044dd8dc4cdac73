"""What reports say of the ledger of problems."""

from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from heli.kernel.declare import Ask, Sentence, Writing
from heli.kernel.telling import Telling, Told
from heli.problems.catalogues import problem_kinds
from heli.problems.ledger import PROBLEMS
from heli.records.figures import Past

NAMED = 3
"""So many are named."""


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


def named(w: Writing) -> list[Any] | None:
    """The problems that press most, each with its kind and whoever leads it: late ones first."""
    rows = w.told("problems.open")[:NAMED]
    if not rows:
        return None
    return w.sentence(w.say(_("Most pressing: {problems}"), problems=w.listed([_one(w, row) for row in rows])))


def _one(w: Writing, row: Any) -> list[Any]:
    place = w.row(row.place) if row.place is not None else None
    text = _("{place}: {title} ({why}; nobody leads it yet)")
    if row.who and row.due_on is not None:
        text = _("{place}: {title} ({why}; led by {who}, due {day})")
        if row.due_on < w.on:
            text = _("{place}: {title} ({why}; led by {who}, overdue since {day})")
    why = (
        _("cause: %(cause)s") % {"cause": row.cause}
        if row.cause
        else problem_kinds().text(row.kind, get_language() or "")
    )
    day = w.day(row.due_on) if row.due_on is not None else ""
    return w.say(text, place=place.name if place else w.subject, title=row.title, why=why, who=w.who(row), day=day)


def settle(w: Writing) -> list[Any] | None:
    """Overdue problems are to be settled, by whoever leads them."""
    late = [row for row in w.told("problems.open") if row.due_on is not None and row.due_on < w.on]
    leads = list(dict.fromkeys(row.who for row in late if row.who and not row.person))
    if not leads:
        return None
    return w.sentence(w.say(_("Settle the overdue problems, led by {bodies}"), bodies=w.listed(leads[:NAMED])))


def open_ones(ask: Ask, about: str) -> list[Told]:
    """The problems of an about that stood open at the moment, the earliest due first; one query."""
    return Past(PROBLEMS, ()).told(ask, about)


TELLINGS = (Telling("problems.open", open_ones),)
SENTENCES = (
    Sentence("problems.closed", "matters", closed, order=10),
    Sentence("problems.late", "matters", late, order=11),
    Sentence("problems.named", "matters", named, order=12),
    Sentence("problems.settle", "requests", settle, order=30),
)
