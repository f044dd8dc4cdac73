"""Transfers: what the members' assembly must decide, how codes below the chart meet, what stands in the proof. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from heli.kernel.faults import Finding
from heli.ledger.rules.books import LEVEL

CREDITOR_DAYS = 10
"""Calendar days after the approval within which creditors are told (农村集体经济组织法第二十三条)."""


def check_told(due: int, told: int, approved_on: date, told_on: date) -> Iterator[Finding]:
    """No more told than there are, and not before the approval."""
    if told > due:
        yield Finding("more_told_than_due", {"due": due}, "creditors_told")
    if told_on < approved_on:
        yield Finding("told_before_approval", field="told_on")


def is_late(approved_on: date | None, told_on: date | None, on: date) -> bool:
    """Whether creditors were told too late, or are not told although the time is over."""
    return approved_on is not None and ((told_on or on) - approved_on).days > CREDITOR_DAYS


def compute_codes(own: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """Where each account of a giver below the chart ("10201": its name) goes among those of the receiver: to the one with the same
    name below the same account, else to the next number that is free there. Upper levels first.
    """
    taken, found = dict(theirs), dict[str, str]()
    for code in sorted(own, key=lambda one: (len(one), one)):
        above = found.get(code[:-2], code[:-2]) if len(code) > LEVEL + 2 else code[:LEVEL]
        below = {one: name for one, name in taken.items() if one[:-2] == above and len(one) == len(above) + 2}
        same = next((one for one, name in sorted(below.items()) if name == own[code]), "")
        if not same:
            wanted = above + code[-2:]
            free = (f"{above}{number:02d}" for number in range(1, 100))
            same = wanted if wanted not in taken else next(one for one in free if one not in taken)
            taken[same] = own[code]
        found[code] = same
    return found


def compute_lines(after: Mapping[str, int], before: Mapping[str, int]) -> list[tuple[str, int]]:
    """What a voucher must book so that balances become others: (account, fen), none that moves nothing, by account."""
    changes = ((account, after.get(account, 0) - before.get(account, 0)) for account in sorted({*after, *before}))
    return [(account, fen) for account, fen in changes if fen]


def read_pairs(text: str) -> list[tuple[str, str]]:
    """Lines as people type them, the first word and the last of each ("合作社 6000", "7f3k2m 门面房 北村合作社"); what stands
    between is for the reader. Raises ValueError with the line for one of a single word.
    """
    found = []
    for line in text.splitlines():
        words = line.split()
        if len(words) == 1:
            raise ValueError(line.strip())
        if words:
            found.append((words[0], words[-1]))
    return found


def joint_names(several: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The accounts below the chart of several holders as those of one: a code that they name differently is taken, by no name."""
    found: dict[str, str] = {}
    for names in several:
        for code, name in names.items():
            found[code] = name if found.get(code, name) == name else ""
    return found


def seal(proof: Mapping[str, Any]) -> str:
    """The hash of a proof: SHA-256 of its JSON with sorted keys."""
    return sha256(json.dumps(proof, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
