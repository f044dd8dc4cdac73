"""What waits for whom until when: offered by every context, gathered once for reminders, work points, home and inbox."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from heli.kernel.access import Actor, scope
from heli.kernel.declare import Due, Waiting
from heli.kernel.offers import offered
from heli.records.abouts import About
from heli.records.ledgers import Ledger
from heli.records.queries import holder_of
from heli.records.words import WordEnum


@cache
def dues() -> tuple[Due, ...]:
    """Everything on offer."""
    return tuple(offered("due", "DUES"))


def gather(about: About, until: date) -> list[tuple[Due, Waiting]]:
    """All that waits within the about and is due by the day, the most pressing first; what has no day comes last."""
    found = [(due, one) for due in dues() for one in due.waiting(about.id, until)]
    return sorted(found, key=lambda pair: pair[1].due_on or date.max)


def is_for(actor: Actor, due: Due, one: Waiting) -> bool:
    """Whether it is the actor's own work: by role, by place, and not as the second person after themselves."""
    if not any(grant.role in due.roles for grant in actor.grants):
        return False
    where = {key for key in (one.place, one.town, one.district) if key is not None}
    return bool(where & scope(actor, due.action).place_ids) and (one.first is None or one.first != actor.id)


def counts_for(actor: Actor, gathered: Iterable[tuple[Due, Waiting]]) -> dict[Due, int]:
    """How many of the things wait for the actor, by what they are, in the order of the offers."""
    counts: dict[Due, int] = {}
    for due, one in gathered:
        if is_for(actor, due, one):
            counts[due] = counts.get(due, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: dues().index(pair[0])))


def work(
    ledger: Ledger, states: Sequence[WordEnum], *, roles: tuple[str, ...], says: Callable[[int], str], leader: str = ""
) -> Due:
    """Rows in these states with a due day, for those who enter rows of the ledger; `leader` names the holder who leads one."""
    return Due(
        id=f"{ledger.name}.work", action=ledger.enters, roles=roles, says=says,
        waiting=lambda about, until: _waiting(ledger, about, {"due_on__lte": until, "status__in": states}, leader),
    )  # fmt: skip


def judgement(ledger: Ledger, move: str, *, roles: tuple[str, ...], says: Callable[[int], str]) -> Due:
    """Rows on which a second person makes this move; not for whoever took the first step."""
    step = ledger.by_name[move]
    return Due(
        id=f"{ledger.name}.{move}", action=step.right, roles=roles, says=says,
        waiting=lambda about, _until: _waiting(ledger, about, {"status__in": list(step.sources)}, first=step.never),
    )  # fmt: skip


def _waiting(ledger: Ledger, about: str, asked: dict[str, object], leader: str = "", first: str = "") -> list[Waiting]:
    rows: Any = ledger.model._default_manager.filter(about=about, **asked).order_by("number")
    if leader:
        rows = rows.select_related(f"{leader}_person", f"{leader}_body")
    found = []
    for row in rows:
        holder = holder_of(row, leader) if leader else None
        named = {"title": getattr(row, ledger.title), "about": about, "public_id": row.public_id}
        stands = {"district": row.district_id, "town": row.town_id, "place": row.place_id}
        by: dict[str, Any] = {
            "who": holder.title if holder else "",
            "first": getattr(row, f"{first}_by_id") if first else None,
        }
        link, due_on = ledger.url("row", about, row.public_id), getattr(row, "due_on", None)
        found.append(Waiting(**named, **stands, **by, link=link, due_on=due_on))
    return found
