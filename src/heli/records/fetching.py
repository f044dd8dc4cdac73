"""Who fetches files of rows that the place alone does not open: those who see the row (`Ledger.named`)."""

from typing import Any

from django.db.models import Q

from heli.kernel.access import Actor, may
from heli.records.fields import FieldKind
from heli.records.ledgers import Ledger, ledgers
from heli.records.models import LedgerEvidence
from heli.records.queries import by_name


def sees_its_row(actor: Actor, stored: Any) -> bool:
    """Whether a file of such a ledger belongs to a row that the actor sees; true for every other file."""
    guarded = [one for one in ledgers().values() if one.named[1] and one.reads == stored.action]
    return not guarded or any(
        may(actor, one.named[1], stored.place_id) or _is_of_a_row(one, actor, stored) for one in guarded
    )


def _is_of_a_row(ledger: Ledger, actor: Actor, stored: Any) -> bool:
    shown = LedgerEvidence.objects.filter(ledger=ledger.name, file=stored).values("row")
    holds = Q(public_id__in=shown)
    for field in ledger.fields.values():
        if field.kind is FieldKind.FILE:
            holds |= Q(**{field.name: stored})
    return ledger.model._default_manager.filter(holds, by_name(ledger, actor)).exists()


FETCHING = (sees_its_row,)
