"""What documents of a village say of its collective property: the registers and the books give it, nobody copies it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import translation

from heli.files.documents import official_date
from heli.files.templating.documents import Value
from heli.kernel.quantities import MU, YUAN
from heli.ledger.queries.handover import HandedOver, handed_over, kind_said
from heli.ledger.rules.property import depreciated
from heli.papers.queries.figures import number
from heli.papers.queries.voted import voted_in

NONE = "无"
"""What a list says that is known to be empty: nobody writes anything between its lines later."""
Rows = list[dict[str, str]]


def entered_in(about: str, place_ids: Collection[int], on: date) -> Mapping[int, Mapping[str, Value]]:
    """What documents of places say that was entered elsewhere: of their sittings, and of their property."""
    voted, owned = voted_in(about, place_ids, on), owned_in(place_ids, on)
    return {place: {**owned.get(place, {}), **voted.get(place, {})} for place in place_ids}


def owned_in(place_ids: Collection[int], on: date) -> Mapping[int, Mapping[str, Value]]:
    """Fields of what is handed over, by place, in Chinese."""
    with translation.override("zh-hans"):
        return {place: dict(_fields(found, on)) for place, found in handed_over(place_ids, on).items()}


def whose(found: Mapping[str, Value], village: str, plan_on: Value) -> dict[str, Value]:
    """Those fields, where a holder without books is called by its village and its merger was approved with the plan."""
    approved = found.get("coop_approved_on") or plan_on
    return {"coop": f"{village}农村集体经济组织" if village else "", **found, "coop_approved_on": approved}


def _fields(found: HandedOver, on: date) -> Iterator[tuple[str, Value]]:
    if found.holder:
        total = [("合计", sum(fen for _name, fen in found.money))] if found.money else []
        yield "coop_money", _or_none([{"name": name, "yuan": yuan(fen)} for name, fen in [*found.money, *total]])
        sides: Sequence[tuple[str, list[tuple[str, int]]]] = (("债权", found.claims), ("债务", found.debts))
        debts = [{"kind": side, "name": name, "yuan": yuan(fen)} for side, some in sides for name, fen in some]
        yield "coop_debts", _or_none(debts)
        yield "coop", found.holder
    yield "coop_things", _or_none([_thing(one, on) for one in found.items if one.kind != "resource"])
    yield "coop_lands", _or_none([_land(one, found) for one in found.items if one.kind == "resource"])
    yield "coop_contracts", _or_none([
        {
            "name": one.title, "party": one.party, "code": one.object_code, "yuan": yuan(one.rent_fen),
            "term": f"{one.begins_on} 至 {one.due_on}", "arrears": yuan(one.arrears_fen) if one.arrears_fen else "",
        }
        for one in found.contracts
    ])  # fmt: skip
    if (moved := found.transfer) is not None:
        yield "coop_successor", moved.receiver.body.name if moved.receiver else moved.goes_to
        yield "coop_creditors", number(moved.creditors) if moved.creditors else ""
        yield "coop_approved_on", official_date(moved.approved_on) if moved.approved_on else ""
        yield "coop_moves_on", official_date(moved.on)


def _or_none(rows: Rows) -> Rows:
    return rows or [{"name": NONE}]


def _thing(one: Any, on: date) -> dict[str, str]:
    off = 0
    if one.life_months and one.acquired_on:
        off = depreciated(one.value_fen, one.residual_fen or 0, one.life_months, one.acquired_on, on)
    left = one.value_fen if one.counted_fen is None else one.counted_fen
    return {
        "code": one.public_id, "name": one.title, "kind": kind_said(one), "cost": yuan(one.value_fen), "left": yuan(left - off),
    }  # fmt: skip


def _land(one: Any, found: HandedOver) -> dict[str, str]:
    lets = [f"{row.party}，至 {row.due_on}" for row in found.contracts if row.object_code == one.public_id]
    area = f"{MU.typed(one.area_dm2):,}" if one.area_dm2 is not None else ""
    return {
        "code": one.public_id, "name": one.title, "area": area, "certificate": one.certificate,
        "owner": one.owner_group, "let": "；".join(lets),
    }  # fmt: skip


def yuan(fen: int) -> str:
    """Fen as documents write yuan."""
    return f"{YUAN.typed(fen):,}"
