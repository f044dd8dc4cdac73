"""What the page of an asset or a contract shows besides its fields: code and label, what is written off, rents, remarks."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from heli.files.documents.codes import qr_svg
from heli.kernel.faults import Fault
from heli.kernel.quantities import MU, YUAN
from heli.ledger.abouts import sitting_url
from heli.ledger.catalogues import contract_law
from heli.ledger.models import ContractKind, ContractState, TransferState
from heli.ledger.proof import is_division, levelled_said, pairs_said, points_said, proof_rows, stay_said
from heli.ledger.queries.clearing import lock_at, totals_at
from heli.ledger.queries.contracts import contracts_of_asset, find_asset, neighbours_of
from heli.ledger.queries.transfers import carry_case, gather, joined
from heli.ledger.rules.contracts import check_contract, read_steps, rent_schedule
from heli.ledger.rules.property import depreciated
from heli.ledger.rules.transfers import is_late
from heli.ledger.texts import as_fault
from heli.ledger.types import ContractFacts
from heli.records.panels import RowPart

DECIDABLE = frozenset({TransferState.OPEN, TransferState.DECIDED})
LAND = frozenset({ContractKind.LAND, ContractKind.GRASSLAND, ContractKind.WOODLAND, ContractKind.PASSED_ON})


def shown_asset(row: Any, on: date) -> dict[str, Any]:
    """Its code for life as a label to scan, what is written off by the day, the contracts about it."""
    off = None
    if row.life_months and row.acquired_on:
        off = depreciated(row.value_fen, row.residual_fen or 0, row.life_months, row.acquired_on, on)
    return {
        "label": mark_safe(qr_svg(f"HELI:{row.public_id}")),
        "written_off": None if off is None else YUAN.typed(off),
        "left": None if off is None else YUAN.typed(row.value_fen - off),
        "contracts": contracts_of_asset(row.public_id),
    }


def facts_of_contract(row: Any) -> ContractFacts:
    """A row as the rules see it."""
    return ContractFacts(
        row.kind, row.begins_on, row.due_on, row.rent_fen, row.area_dm2 or 0, row.kind in LAND,
        row.status != ContractState.ENDED, row.party_kind, row.votes_for or 0, row.votes_entitled or 0, row.approval,
        row.decision, row.arrears_fen or 0, row.void_from,
    )  # fmt: skip


def remarks_of(row: Any, neighbours: Sequence[tuple[int, int]], on: date) -> list[Fault]:
    """What is worth a second look at a contract, in sentences."""
    law = contract_law()
    found = check_contract(facts_of_contract(row), law.limits.get(row.kind), neighbours, law.neighbours, on)
    return [as_fault(one) for one in found]


def shown_contract(row: Any, on: date) -> dict[str, Any]:
    """What is worth a second look, the asset it is about, what each year brings and what is due by the day."""
    dues = rent_schedule(row.begins_on, row.due_on, row.rent_fen, read_steps(row.price_steps))
    asset = find_asset(row.object_code, row.district_id)
    return {
        "remarks": remarks_of(row, neighbours_of(row), on),
        "asset": asset,
        "asset_url": reverse("assets:row", args=[asset.about, asset.public_id]) if asset is not None else "",
        "dues": [(one.first, one.last, YUAN.typed(one.fen), one.first <= on) for one in dues],
        "due_by_now": YUAN.typed(sum(one.fen for one in dues if one.first <= on)),
        "due_in_all": YUAN.typed(sum(one.fen for one in dues)),
    }


def shown_clearance(row: Any, _on: date) -> dict[str, Any]:
    """What the registers of the place add up to, the notice, the lock."""
    held = totals_at([row.place_id])
    money = ((_("In the books"), held.book_fen), (_("As counted"), held.counted_fen), (_("Difference"), held.difference_fen),
             (_("Of this operating"), held.operating_fen), (_("Arrears"), held.arrears_fen))  # fmt: skip
    return {
        "totals": [
            (_("Assets"), held.assets),
            *((label, f"{YUAN.typed(fen):,} {_('yuan')}") for label, fen in money),
            (_("Area"), f"{MU.typed(held.area_dm2):,} {_('mu')}"),
            (_("Contracts in force"), held.contracts),
        ],
        "notice_url": reverse("consultation:notice", args=[row.notice]) if row.notice else "",
        "lock": lock_at(row.place_id),
    }


def shown_transfer(row: Any, on: date) -> dict[str, Any]:
    """The proof, once it is carried (of those carried along: the first one's); before that what would block it."""
    lead = row.lead or row
    proof = lead.proof if lead.sha256 else None
    blocked: list[Fault] = []
    if proof is None and row.status not in (TransferState.VOIDED, TransferState.KEPT_APART):
        if row.receiver_id is None and not row.parts:
            text = _(
                "Nobody takes over “%(name)s” yet: the successor keeps no books, or nobody said who gets how much."
            )
            blocked = [Fault("no_receiver", text % {"name": row.title})]
        else:
            done = carry_case(gather([row, *joined(row).exclude(pk=row.pk)], row.on))
            blocked = done if isinstance(done, list) else []
    return {
        "is_split": is_division(row),
        "is_late": is_late(row.approved_on, row.told_on, on),
        "blocked": blocked,
        "rows": proof_rows(proof) if proof else [],
        "eliminated": pairs_said(proof) if proof else [],
        "levelled": [*levelled_said(proof), *points_said(proof)] if proof else [],
        "sitting_url": sitting_url(row, "merge_coop", row.place_id) if row.status in DECIDABLE else "",
        "stay": stay_said(proof) if proof else [],
        "sha256": lead.sha256,
        "proof_url": reverse("property:proof", args=[lead.about, lead.public_id]) if proof else "",
    }


ROW_PARTS = (
    RowPart("transfers", shown_transfer),
    RowPart("assets", shown_asset),
    RowPart("contracts", shown_contract),
    RowPart("clearances", shown_clearance),
)
