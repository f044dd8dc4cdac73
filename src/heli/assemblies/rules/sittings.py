"""A sitting before and after: who decides a matter, what it needs in whole persons and days, and the case its counts make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from heli.assemblies.rules.deciding import DECIDING, SittingResult, decide
from heli.assemblies.rules.law import LawShelf
from heli.assemblies.types import LawOfDay, LawRule
from heli.kernel.faults import Unsound
from heli.kernel.forms import Case
from heli.kernel.quantities import round_half_up

CHANGES = ("merge_village", "convert_village")
"""Matters of a reform: their votes are consent."""
MILLION = 1_000_000
LAW_MATTERS = {"convert_village": "merge_village"}
"""What a matter is called in the packs: setting a village up, ending it or changing its bounds is one point of the law."""
COUNTED = {"for": "votes_for", "against": "votes_against", "abstain": "votes_abstain"}
MAKE_UP = ("members", "representatives", "women", "women_present")
PETITION = ("voters", "voters_signed", "representatives", "representatives_signed")
BESIDE = tuple(dict.fromkeys((*MAKE_UP, *PETITION)))
ELECTORATES = {
    "party_members": "party", "villagers_congress": "representatives", "residents_congress": "representatives",
    "villagers_assembly:households": "households", "residents_assembly:households": "households",
}  # fmt: skip
"""The three electorates whose votes are counted beside the assembly's decision, by who sits."""


def sits(body: str, mode: str) -> str:
    """Who sits, in one word: "villagers_assembly:households"; a body of one way of meeting by itself."""
    return f"{body}:{mode}" if mode else body


def electorate_of(body: str, mode: str, matter: str) -> str:
    """Whose consent to a reform is counted by a sitting; "" for none."""
    return ELECTORATES.get(sits(body, mode), "") if matter in CHANGES else ""


def case_of(given: Mapping[str, Any], jurisdiction: str) -> Case:
    """The case of heli.decide/1 that a sitting's columns make; what was not said (None) is left out."""
    body = given["body"]
    is_recall = body.startswith("recall_")
    beside = {name: given[name] for name in (PETITION if is_recall else MAKE_UP) if given.get(name) is not None}
    matter, called_on = given.get("matter", ""), given.get("called_on")
    counts = {name: given[name] for name in ("entitled", "present")}
    return {
        "id": "sitting", "on": given["held_on"].isoformat(), "jurisdiction": jurisdiction, "body": body,
        "mode": given.get("mode", ""), "urgent": given.get("is_urgent", False), "delegated": given.get("is_delegated", False),
        "counts": counts | {name: given[column] for name, column in COUNTED.items()},
        **({"matter": LAW_MATTERS.get(matter, matter)} if matter else {}),
        **({"called_on": called_on.isoformat()} if called_on else {}),
        **({"petition" if is_recall else "make_up": beside} if beside else {}),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decider:
    """A body that decides a matter, with the article; `is_entrusted`: only when the assembly has entrusted it."""

    body: str
    article: str
    is_entrusted: bool


def deciders(matter: str, jurisdiction: str, on: date, shelf: LawShelf) -> list[Decider]:
    """Who decides a matter by the law of a day. Raises `Unsound` for a day or a province without law."""
    found, wanted = [], LAW_MATTERS.get(matter, matter)
    for body in DECIDING:
        law = shelf.law_of(str(shelf.kind_of(body)), jurisdiction, on)
        one = law.bodies[body]
        if one.matters is not None and wanted in one.matters:
            found.append(Decider(body, one.article, wanted in one.delegated))
    return found


def call_rule(law: LawOfDay, body: str, mode: str, matter: str, *, urgent: bool) -> LawRule | None:
    """How many days before it must be called; None where the law asks none or the urgency excuses it."""
    if urgent and law.reads("urgent_call", body):
        return None
    rules = law.rules_for(body, mode, LAW_MATTERS.get(matter, matter))
    return next((rule for rule in rules if rule.test == "called"), None)


def asked_beside(law: LawOfDay, body: str, mode: str, matter: str) -> tuple[str, ...]:
    """The numbers besides the votes that the law asks of a sitting: of the make-up of a congress, of a petition."""
    rules = law.rules_for(body, mode, LAW_MATTERS.get(matter, matter))
    named = {name for rule in rules for name in (rule.quantity, rule.base)}
    return tuple(name for name in BESIDE if name in named)


@dataclass(frozen=True, slots=True)
class SittingNeed:
    """What a sitting needs: `present` people at least, `votes` for of so many, `votes_of_all` when all come; None: none asked.

    `result` is what holds when just so many come and agree; `call` the rule of the call and `days` before it: the latest day
    of the call for a day of the meeting, or the earliest day of the meeting after a call (`is_late`: the day chosen is before it).
    """

    result: SittingResult
    present: int | None
    votes: int | None
    votes_of_all: int | None
    call: LawRule | None
    call_by: date | None
    earliest_on: date | None
    is_late: bool


def need_of(given: Mapping[str, Any], jurisdiction: str, shelf: LawShelf) -> SittingNeed:
    """What a sitting needs by `entitled`, its day and, where they are known, the day of the call and its make-up."""

    def as_if(present: int, votes: int) -> SittingResult:
        counts = {"present": present, "votes_for": votes, "votes_against": 0, "votes_abstain": 0}
        return decide(case_of({**given, **counts}, jurisdiction), shelf)

    entitled = given["entitled"]
    full = as_if(entitled, entitled)
    if full.law is None:
        raise Unsound(*full.findings)
    present = full.need_present
    least = as_if(present or entitled, 0)
    votes = least.need_for
    # Where the law asks votes of all, more must come than the quorum: nobody votes who is not there.
    here = max(present or 0, votes or 0) or entitled
    call = call_rule(full.law, given["body"], given.get("mode", ""), given.get("matter", ""), urgent=given["is_urgent"])
    days = timedelta(days=call.of) if call is not None else None
    called_on = given.get("called_on")
    earliest = called_on + days if called_on and days is not None else None
    return SittingNeed(
        result=as_if(here, votes if votes is not None else here),
        present=present,
        votes=votes,
        votes_of_all=full.need_for,
        call=call,
        call_by=given["held_on"] - days if days is not None else None,
        earliest_on=earliest,
        is_late=earliest is not None and given["held_on"] < earliest,
    )


def ways_of(shelf: LawShelf) -> list[tuple[str, str]]:
    """Every body with each of its ways of meeting, by any law."""
    found: dict[tuple[str, str], None] = {}
    for body in DECIDING:
        modes = {mode for pack in shelf.packs if body in pack.bodies for mode in pack.bodies[body].modes}
        found |= dict.fromkeys((body, mode) for mode in sorted(modes))
    return list(found)


def mean_rate(rates: Sequence[Fraction]) -> tuple[int, int]:
    """The mean of exact rates as (millionths, 1,000,000), rounded half up once, at the very end."""
    mean = sum(rates, Fraction()) / len(rates)
    return round_half_up(mean.numerator * MILLION, mean.denominator), MILLION
