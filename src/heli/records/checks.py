"""Invariants of ledgers that no constraint can say; asked by `heli check`. Reads only."""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from heli.kernel.faults import Fault
from heli.records.ledgers import Ledger, ledgers
from heli.records.models import Event, LedgerEvidence

SHOWN = 20
"""So many broken rows of one rule are named."""


def check_invariants() -> Iterator[Fault]:
    """Rows stand where their history says; what must say why says it, what must be shown is shown; history is of a row."""
    for ledger in ledgers().values():
        yield from _rows(ledger)
        yield from _history(ledger)


def _rows(ledger: Ledger) -> Iterator[Fault]:
    last = Event.objects.filter(ledger=ledger.name, row=OuterRef("public_id")).order_by("-pk").values("status")[:1]
    rows: Any = ledger.model._default_manager.annotate(logged=Subquery(last))
    for row in rows.filter(~Q(logged=F("status")) | Q(logged=None)).order_by("pk")[:SHOWN]:
        text = _("%(row)s stands at “%(status)s”, its history at “%(logged)s”.")
        given = {"row": row, "status": row.status, "logged": row.logged or ""}
        yield Fault("row_off_its_history", text % given, source=f"{ledger.name} {row.public_id}")


def _history(ledger: Ledger) -> Iterator[Fault]:
    events = Event.objects.filter(ledger=ledger.name).order_by("pk")
    silent = Q(did__in=[step.did for step in ledger.moves if step.reason], reason="")
    shown = LedgerEvidence.objects.filter(ledger=ledger.name, row=OuterRef("row"), added_at=OuterRef("at"))
    bare = Q(did__in=[step.did for step in ledger.moves if step.evidence]) & ~Exists(shown)
    lost = ~Exists(ledger.model._default_manager.filter(public_id=OuterRef("row"), about=OuterRef("about")))
    for event in events.filter(reduce(or_, (silent, bare, Q(lost))))[:SHOWN]:
        text = _("The entry “%(did)s” of %(day)s has no reason, nothing that shows it, or no row.")
        given = {"did": event.did, "day": event.at.date()}
        yield Fault("history_incomplete", text % given, source=f"{ledger.name} {event.row}")
