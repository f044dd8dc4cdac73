"""What waits for whom until when: offered by every context, gathered once for reminders, work points, home and inbox."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from heli.kernel.access import SYSTEM, Actor, scope, speaks_for
from heli.kernel.declare import Due, DueAsk, Waiting
from heli.kernel.offers import offered
from heli.records.abouts import About
from heli.records.fields import FieldKind
from heli.records.ledgers import Ledger
from heli.records.queries import holder_of
from heli.records.words import WordEnum


@cache
def dues() -> tuple[Due, ...]:
    """Everything on offer."""
    return tuple(offered("due", "DUES"))


def gather(about: About, until: date, on: date | None = None) -> list[tuple[Due, Waiting]]:
    """All that waits within the about and is due by the day, the most pressing first; what has no day comes last."""
    return gather_for(SYSTEM, [about.id], until, on or until)


def gather_for(actor: Actor, abouts: Collection[str], until: date, on: date) -> list[tuple[Due, Waiting]]:
    """The same over several public ids at once, as it stands on a day; of `SYSTEM` everything, of a person what is theirs.

    As many queries for many abouts as for one.
    """
    ask = DueAsk(abouts=abouts, until=until, on=on, actor=actor)
    roles = {grant.role for grant in actor.grants}
    offers = [due for due in dues() if actor.is_system or not due.roles or roles & set(due.roles)]
    found = [(due, one) for due in offers for one in due.waiting(ask) if actor.is_system or is_for(actor, due, one)]
    return sorted(found, key=lambda pair: pair[1].due_on or date.max)


def is_for(actor: Actor, due: Due, one: Waiting) -> bool:
    """Whether it is the actor's own work: by role, by place, by body, and not as the second person after themselves."""
    roles = one.roles or due.roles
    if one.body is not None and not speaks_for(actor, due.action, one.body):
        return False
    if actor.id in one.never or not any(grant.role in roles for grant in actor.grants):
        return False
    where = {key for key in (one.place, one.town, one.district) if key is not None}
    over = set(one.over) or where
    held = any(grant.role in roles and grant.place_id in over for grant in actor.grants)
    return held and bool(where & scope(actor, due.action).place_ids)


def counted(gathered: Iterable[tuple[Due, Waiting]]) -> dict[Due, int]:
    """How many things there are of each sort, in the order of the offers."""
    counts: dict[Due, int] = {}
    for due, _one in gathered:
        counts[due] = counts.get(due, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: dues().index(pair[0])))


def work(
    ledger: Ledger,
    states: Sequence[WordEnum],
    *,
    right: str = "",
    name: str = "work",
    speaks_for: str = "",
    more: Callable[[DueAsk], Mapping[str, object]] | None = None,
    **said: Any,
) -> Due:
    """Rows in these states with a due day, for those who have the `right` (to enter rows), of a body's own `speaks_for` (the
    holder named so) for those alone who speak for it; `said`: what else a `Due` has to say. A ledger with several such sorts
    gives each a `name`; `more` narrows the rows further, as a filter would.
    """
    action = right or ledger.enters

    def waiting(ask: DueAsk) -> list[Waiting]:
        asked: dict[str, object] = {"due_on__lte": ask.until, "status__in": states}
        if speaks_for and not ask.actor.is_system:
            asked[f"{speaks_for}_body__in"] = scope(ask.actor, action).body_ids
        asked |= more(ask) if more else {}
        return _waiting(ledger, ask, asked, body=speaks_for)

    return Due(id=f"{ledger.name}.{name}", action=action, waiting=waiting, **said)


def judgement(ledger: Ledger, move: str, **said: Any) -> Due:
    """Rows on which a second person makes this move, due or not; not for whoever took the first step."""
    step = ledger.by_name[move]
    return Due(
        id=f"{ledger.name}.{move}", action=step.right, judges=True, **said,
        waiting=lambda ask: _waiting(ledger, ask, {"status__in": list(step.sources)}, step.never),
    )  # fmt: skip


def _waiting(ledger: Ledger, ask: DueAsk, asked: dict[str, object], first: str = "", body: str = "") -> list[Waiting]:
    """The rows as they wait; the first holder among the ledger's fields leads one."""
    leader = next((one.name for one in ledger.fields.values() if one.kind is FieldKind.HOLDER), "")
    rows: Any = ledger.model._default_manager.filter(about__in=ask.abouts, **asked).order_by("about", "number")
    if leader:
        rows = rows.select_related(f"{leader}_person", f"{leader}_body")
    found = []
    for row in rows:
        holder = holder_of(row, leader) if leader else None
        named = {"title": getattr(row, ledger.title), "about": row.about, "public_id": row.public_id}
        stands = {"district": row.district_id, "town": row.town_id, "place": row.place_id}
        stepped = getattr(row, f"{first}_by_id") if first else None
        by: dict[str, Any] = {
            "who": holder.title if holder else "",
            "never": (stepped,) if stepped is not None else (),
            "body": getattr(row, f"{body}_body_id") if body else None,
        }
        link, due_on = ledger.url("row", row.about, row.public_id), getattr(row, "due_on", None)
        found.append(Waiting(**named, **stands, **by, link=link, due_on=due_on))
    return found
