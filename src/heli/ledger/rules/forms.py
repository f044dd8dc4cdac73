"""Cases of heli.carry/1 and heli.dividend/1: read strictly, worked out, and told with what is wrong with them."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from heli.kernel.faults import Fault, Finding, Unsound
from heli.kernel.forms import Case, check_shape, read_day
from heli.kernel.packs import Key, Shape, fits
from heli.ledger.rules.carrying import carry
from heli.ledger.rules.dividend import check_roll, share_out
from heli.ledger.types import (
    CarriedBooks,
    CarriedItem,
    Carrying,
    CarryMove,
    CarryProof,
    Dividend,
    DividendAsked,
    DividendLaw,
)

CARRY_FORM = "heli.carry/1"
DIVIDEND_FORM = "heli.dividend/1"
COMMON = (Key("id", Shape.TEXT, "its name"), Key("on", Shape.TEXT, "the day, such as 2026-07-01"))
ITEM_KEYS = (
    Key("id", Shape.TEXT, "a text that no other item has"),
    Key("kind", Shape.TEXT, "a text"),
    Key("account", Shape.TEXT, "an account such as 151", False),
    Key("value_fen", Shape.WHOLE, "whole fen", False),
    Key("area_dm2", Shape.WHOLE, "whole 0.01 m²", False),
)
CONTRACT_KEYS = (
    Key("id", Shape.TEXT, "a text"),
    Key("item", Shape.TEXT, "the id of an item of the same holder"),
    Key("rent_fen", Shape.WHOLE, "whole fen"),
    Key("until", Shape.TEXT, "the last day, such as 2031-12-31"),
)
HOLDER_KEYS = (
    Key("id", Shape.TEXT, "a text that no other holder has"),
    Key("members", Shape.WHOLE, "how many members", least=0),
    Key("net_operating_fen", Shape.WHOLE, "whole fen", False),
    Key("balances", Shape.TABLE, "a table of accounts in whole fen"),
    Key("items", Shape.TABLES, "a list of items", keys=ITEM_KEYS),
    Key("contracts", Shape.TABLES, "a list of contracts", keys=CONTRACT_KEYS),
    *(
        Key(name, Shape.TABLES, "a list of holders and fen", False,
            (Key(other, Shape.TEXT, "the id of a holder"), Key("fen", Shape.WHOLE, "whole fen", least=0)))
        for name, other in (("claims", "on"), ("debts", "to"))
    ),
)  # fmt: skip
MOVE_KEYS = (
    Key("from", Shape.TEXT, "the id of a holder"),
    Key("to", Shape.TEXT, "the id of the successor"),
    Key("share_bp", Shape.WHOLE, "basis points; 10000 is all"),
)
CARRY_KEYS = (
    *COMMON,
    Key("holders", Shape.TABLES, "a list of holders", keys=HOLDER_KEYS),
    Key("moves", Shape.TABLES, "a list of moves", keys=MOVE_KEYS),
    Key("assign", Shape.TABLE, "a table of items and where they go", False),
    Key("equalise", Shape.TEXT, "none or level", False, choices=("none", "level")),
    Key("balance_on", Shape.TEXT, "an account such as 311", False),
)
MEMBER_KEYS = (
    Key("no", Shape.WHOLE, "a number that no other line of the roll has"),
    Key("class", Shape.TEXT, "a text", False),
    Key("shares", Shape.WHOLE, "whole hundredths of a share"),
)
DIVIDEND_KEYS = (
    *COMMON,
    Key("jurisdiction", Shape.TEXT, "CN, or CN- and the two digits of a province"),
    Key("income_fen", Shape.WHOLE, "whole fen"),
    Key("expense_fen", Shape.WHOLE, "whole fen"),
    Key("brought_forward_fen", Shape.WHOLE, "whole fen; losses are below zero"),
    Key("reserve_bp", Shape.WHOLE, "basis points"),
    Key("welfare_bp", Shape.WHOLE, "basis points", False),
    Key("pot_fen", Shape.WHOLE, "whole fen", False),
    Key("per_share_fen", Shape.WHOLE, "whole fen", False),
    Key("unit_fen", Shape.WHOLE, "whole fen", False),
    Key("holders", Shape.TABLES, "a list of lines of the roll", keys=MEMBER_KEYS),
)

Say = Callable[[Finding], Fault]


def carry_result(case: Case, say: Say) -> dict[str, Any]:
    """A result of heli.carry/1: `proven`, `blocked` with names, or `refused` with codes and, as `faults`, their sentences."""
    try:
        done = carry(_carrying(case))
    except Unsound as wrong:
        return _refused(case, wrong, say) | {"problems": list(dict.fromkeys(one.code for one in wrong.findings))}
    if not isinstance(done, CarryProof):
        return {
            "id": case["id"],
            "status": "blocked",
            "missing": list(done.missing),
            "disagree": [list(pair) for pair in done.disagree],
            "negative": list(done.negative),
            "no_members": list(done.no_members),
        }
    return {
        "id": case["id"],
        "status": "proven",
        "successors": [one.as_json() for one in done.successors],
        "eliminated": [list(one) for one in done.eliminated],
        "equalise": [
            {"holder": holder, "put_in_fen": put_in, "kept_fen": kept} for holder, put_in, kept in done.levelled
        ],
    }


def _refused(case: Case, wrong: Unsound, say: Say) -> dict[str, Any]:
    faults = [say(replace(finding, source=case["id"])).as_json() for finding in wrong.findings]
    return {"id": case["id"], "status": "refused", "faults": faults}


def _carrying(case: Case) -> Carrying:
    source = case["id"]
    found = list(check_shape(case, CARRY_KEYS, source)) or [
        *_check_table(case.get("assign", {}), Shape.TEXT, "assign", "the id of a successor"),
        *(
            finding
            for number, one in enumerate(case["holders"])
            for finding in _check_table(one["balances"], Shape.WHOLE, f"holders.{number}.balances", "whole fen")
        ),
    ]
    if found:
        raise Unsound(*found)
    read_day(case, "on", source)
    return Carrying(
        tuple(_books(one, source) for one in case["holders"]),
        tuple(CarryMove(one["from"], one["to"], one["share_bp"]) for one in case["moves"]),
        case.get("assign", {}),
        case.get("equalise") == "level",
        case.get("balance_on", "311"),
    )


def _check_table(table: Mapping[str, Any], shape: Shape, field: str, meaning: str) -> Iterator[Finding]:
    for name, value in table.items():
        if not fits(value, shape):
            yield Finding("shape", {"key": f"{field}.{name}", "meaning": meaning}, f"{field}.{name}")


def _books(one: Mapping[str, Any], source: str) -> CarriedBooks:
    for contract in one["contracts"]:
        read_day(contract, "until", source)
    return CarriedBooks(
        one["id"],
        one["members"],
        one["balances"],
        tuple(
            CarriedItem(item["id"], item.get("account", ""), item.get("value_fen", 0), item.get("area_dm2", 0))
            for item in one["items"]
        ),
        tuple((contract["id"], contract["item"]) for contract in one["contracts"]),
        _owed(one.get("claims", ()), "on"),
        _owed(one.get("debts", ()), "to"),
        one.get("net_operating_fen", 0),
    )


def _owed(rows: Sequence[Mapping[str, Any]], other: str) -> Mapping[str, int]:
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        found[row[other]] += row["fen"]
    return found


def dividend_result(case: Case, laws: Mapping[str, DividendLaw], say: Say) -> dict[str, Any]:
    """A result of heli.dividend/1 with the keys of its status; `refused` with `faults` in sentences."""
    try:
        asked = _dividend(case)
        done = share_out(asked, laws.get(case["jurisdiction"], laws["CN"]))
    except Unsound as wrong:
        return _refused(case, wrong, say)
    return {"id": case["id"], "status": done.status, **_told(done)}


def _told(done: Dividend) -> dict[str, Any]:
    if done.left is None:
        return {"need_bp": done.need_bp}
    told: dict[str, Any] = asdict(done.left)
    if done.status == "too_much":
        told["short_fen"] = done.short_fen
    if done.status == "planned":
        told["paid_fen"], told["carried_fen"] = done.paid_fen, done.carried_fen
        told["amounts"] = [{"no": number, "fen": fen} for number, fen in done.amounts.items()]
        told["over_holding"] = list(done.over_holding)
    return told


def _dividend(case: Case) -> DividendAsked:
    source = case["id"]
    if found := list(check_shape(case, DIVIDEND_KEYS, source)):
        raise Unsound(*found)
    read_day(case, "on", source)
    if not re.fullmatch(r"CN(-\d\d)?", case["jurisdiction"]):
        raise Unsound(Finding("jurisdiction", {"code": case["jurisdiction"]}, "jurisdiction"))
    if found := list(check_roll([one["no"] for one in case["holders"]])):
        raise Unsound(*found)
    return DividendAsked(
        case["income_fen"],
        case["expense_fen"],
        case["brought_forward_fen"],
        case["reserve_bp"],
        {one["no"]: one["shares"] for one in case["holders"]},
        case.get("welfare_bp", 0),
        case.get("pot_fen"),
        case.get("per_share_fen"),
        case.get("unit_fen", 1),
    )
