"""Migrations and the rows that the trail witnesses: what fitted before them is witnessed anew after them, and only that."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from heli.audit.models import Entry
from heli.audit.services import writing
from heli.audit.types import Head
from heli.audit.witnesses import offered
from heli.audit.witnessing import find_changed, is_as_offered
from heli.kernel.access import SYSTEM
from heli.kernel.db import snapshot


@dataclass(frozen=True, slots=True)
class Before:
    """The migrations that were applied before, and whether every witnessed row was what the trail said of it."""

    applied: frozenset[tuple[str, str]]
    fitted: bool


def survey() -> Before | None:
    """Asked before tables change; None where nothing is witnessed yet."""
    applied = frozenset(MigrationRecorder(connection).applied_migrations())
    if ("audit", "0004_witnesses") not in applied:
        return None
    state, head = _head()
    if not state:
        return None
    with snapshot():
        return Before(applied, not list(find_changed(state, head, as_kept=True)))


def follow(before: Before | None, say: Callable[[str], object]) -> None:
    """After tables changed: witness the rows anew when migrations were applied or other columns are offered."""
    fresh = sorted(frozenset(MigrationRecorder(connection).applied_migrations()) - before.applied) if before else []
    if before is None or (not fresh and is_as_offered()):
        return
    if not before.fitted:
        say("Rows were not what the audit trail says of them before these migrations: they are not witnessed anew.")
        say("Run heli check and look into it, then heli audit accept.")
        return
    with writing(SYSTEM, "audit.follow_migrations") as act:
        act.renews = True
        act.after = {"migrations": [f"{app}.{name}" for app, name in fresh], "tables": sorted(offered())}


def _head() -> tuple[str, Head]:
    last = Entry.objects.order_by("-seq").values_list("state", "seq", "hash").first()
    return (last[0], Head(last[1], last[2])) if last else ("", Head(0, ""))
