"""What a list needs beside its rows, and what adds up over them."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.kernel.access import Actor, scope
from heli.places import queries as places
from heli.records import queries
from heli.records.abouts import About, whole, works_of
from heli.records.ledgers import Ledger
from heli.records.rules import AGES
from heli.records.tables import Listed, shown_value

SHORT = 5_000
"""A list of at most so many rows says at once what it adds up to by groups; of a longer one that is a link."""


def today() -> date:
    """The day of the office."""
    return timezone.localdate()


def listed_for(ledger: Ledger, actor: Actor, about: About | None, known: int | None = None) -> Listed:
    """What a list of an about, or of all the reader's works, needs beside its rows."""
    on = today()
    reached = scope(actor, ledger.reads)
    of = places.reached_districts(reached) if about is None else {about.district_id}
    if about is None:
        stand = [row.id for row in places.districts(on, of)]
        works, is_sample = works_of(actor), bool(places.sample_districts(stand, on))
    else:
        works, is_sample = None, about.is_sample
    sees = {one.seen_by for one in ledger.fields.values()} - {""}
    partly = {right for right in sees if about is None or not whole(actor, about, right)}
    return Listed(
        present=lambda part: queries.lines_of(ledger, actor, about, on, part), works=works, known=known,
        towns=places.towns_ever(of, on, reached), district_ids=of, is_sample=is_sample,
        hidden=frozenset(one.name for one in ledger.fields.values() if one.seen_by in partly),
    )  # fmt: skip


def statistics(ledger: Ledger, found: queries.Tallied, *, is_told: bool) -> dict[str, Any]:
    """What adds up: over all, by the fields the ledger names, by town, the open ones by age."""
    judged = {state.value for move in ledger.moves if move.never for state in move.sources}
    groups: list[tuple[Any, list[tuple[Any, queries.Tally]]]] = []
    if is_told:
        grouped = [ledger.fields[name] for name in ledger.groups]
        groups = [(one.label, [(shown_value(one, line.key), line) for line in found.by(one.name)]) for one in grouped]
        towns = found.by("town")
        names = places.names_at([int(line.key) for line in towns if line.key], today())
        by_town = [(names[int(line.key)] if line.key else _("whole district"), line) for line in towns]
        by_age = {line.key: line for line in found.by("age")}
        ages = [(age_text(name), by_age.get(name, queries.Tally(name))) for name, _last in AGES]
        groups += [(_("Town"), by_town), (_("Open for"), ages)]
    return {
        "tally": found.all(),
        "waiting": found.standing(judged),
        "groups": groups,
        "has_groups": bool(ledger.groups),
        "done_word": ledger.done.label,
    }


def age_text(name: str) -> str:
    """A class of age in words: "8-30" days."""
    first, _dash, last = name.partition("-")
    if not last:
        return _("%(days)s days and more") % {"days": first}
    return _("%(first)s to %(last)s days") % {"first": first, "last": last}
