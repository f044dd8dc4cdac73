"""Numbers of the registers and books of a place, taken as proof instead of being typed."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext_noop

from heli.kernel.declare import Subject, SubjectFact
from heli.ledger.queries.books import balances
from heli.ledger.queries.clearing import changed_since_lock, totals_at, with_predecessors
from heli.ledger.queries.holders import collectives_at
from heli.ledger.queries.transfers import into_place
from heli.places import queries as register

FEN = 100
LIABILITIES = "2"


def contracts(places: list[int], _on: date) -> int:
    """Contracts in force."""
    return totals_at(places).contracts


def assets_yuan(places: list[int], _on: date) -> int:
    """Assets as counted, in whole yuan."""
    return totals_at(places).counted_fen // FEN


def debts_yuan(places: list[int], on: date) -> int:
    """What the holders of the places owe by their books, in whole yuan."""
    held = [one for found in collectives_at(places, on).values() for one in found]
    return sum(-fen for one in held for code, fen in balances(one, on).items() if code.startswith(LIABILITIES)) // FEN


def members(places: list[int], on: date) -> int:
    """Members on the rolls of the holders of the places; where no books are kept what the register says."""
    held = collectives_at(places, on)
    typed = register.facts_on([one for one in places if one not in held], "members", on)
    return sum(one.members for found in held.values() for one in found) + sum(one.value for one in typed.values())


def differing(places: list[int], on: date) -> int:
    """Contracts and facilities that differ from the day of the lock."""
    return len(changed_since_lock(places, on))


def creditors(places: list[int], _on: date) -> int:
    """Creditors of the holders that go into the place."""
    return sum(one.creditors or 0 for one in into_place(places[0]))


def creditors_told(places: list[int], _on: date) -> int:
    """Of these told."""
    return sum(one.creditors_told or 0 for one in into_place(places[0]))


def _fact(
    name: str, title: str, unit: str, count: Callable[[list[int], date], int], *, before: bool = False
) -> SubjectFact:
    """A number of a place; `before`: with all that went into it."""

    def value(subject: Subject, on: date) -> int | None:
        if subject.place is None:
            return None
        return count(with_predecessors(subject.place) if before else [subject.place], on)

    return SubjectFact(f"ledger.{name}", title, unit, value)


FACTS = (
    _fact("creditors", gettext_noop("Property: creditors"), "creditors", creditors),
    _fact("creditors_told", gettext_noop("Property: creditors told"), "creditors", creditors_told),
    _fact("contracts", gettext_noop("Property: contracts in force"), "contracts", contracts),
    _fact("assets_yuan", gettext_noop("Property: assets as counted"), "yuan", assets_yuan),
    _fact("debts_yuan", gettext_noop("Property: debts by the books"), "yuan", debts_yuan),
    _fact("members", gettext_noop("Property: members of the holders"), "people", members),
    _fact("carried_yuan", gettext_noop("Property: assets carried on"), "yuan", assets_yuan, before=True),
    _fact("carried_contracts", gettext_noop("Property: contracts carried on"), "contracts", contracts, before=True),
    _fact(
        "differing", gettext_noop("Property: what differs from the day of the lock"), "items", differing, before=True
    ),
)
