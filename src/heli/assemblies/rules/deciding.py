"""Whether a sitting decided: routing, calling, make-up, quorum and majority as inequalities in whole numbers.

Readings of unclear law: proxies and lawful online attendance are in `present`; a recall's `present` are the ballots cast; both
bases of the co-operative are its members of full capacity. What was not said (day of the call, make-up, petition) is not
tested and a warning says so.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from heli.assemblies.rules.law import LawShelf, law_findings
from heli.assemblies.types import LawOfDay, LawRule, ProofLine
from heli.kernel.faults import Fault, Finding, Unsound
from heli.kernel.forms import Case, check_shape, read_day
from heli.kernel.packs import Key, Shape

DECIDE_FORM = "heli.decide/1"
MATTERS = (
    "merge_village", "village_affairs", "resignation", "merge_coop", "charter", "membership", "land_and_shares",
    "compensation", "annual_budget", "elect_board", "nonmember_benefits",
)  # fmt: skip
DECIDING = (
    "villagers_assembly", "villagers_congress", "group_meeting", "residents_assembly", "residents_congress",
    "coop_members", "coop_delegates", "coop_board", "party_members", "recall_village", "recall_residents",
)  # fmt: skip


def _counts(*names: str, required: tuple[str, ...] = ()) -> tuple[Key, ...]:
    return tuple(Key(name, Shape.WHOLE, "a whole number", name in required, least=0) for name in names)


CASE_KEYS = (
    Key("id", Shape.TEXT, "its name"),
    Key("on", Shape.TEXT, "the day of the meeting"),
    Key("jurisdiction", Shape.TEXT, "CN, or CN- and the two digits of a province"),
    Key("body", Shape.TEXT, f"one of {', '.join(DECIDING)}", choices=DECIDING),
    Key("mode", Shape.TEXT, "the way of meeting"),
    Key("matter", Shape.TEXT, f"one of {', '.join(MATTERS)}", False, choices=MATTERS),
    Key("called_on", Shape.TEXT, "the day of the call", False),
    Key("urgent", Shape.YES_NO, "true or false", False),
    Key("delegated", Shape.YES_NO, "true or false", False),
    Key("counts", Shape.TABLE, "a table of numbers", keys=_counts(
        "entitled", "present", "for", "against", "abstain", required=("entitled", "present", "for"))),
    Key("make_up", Shape.TABLE, "a table of numbers", False, _counts("members", "representatives", "women", "women_present")),
    Key("petition", Shape.TABLE, "a table of numbers", False, _counts(
        "voters", "voters_signed", "representatives", "representatives_signed")),
)  # fmt: skip
PARTS = (
    ("present", "entitled"), ("voters_signed", "voters"), ("representatives_signed", "representatives"),
    ("representatives", "members"), ("women", "members"), ("women_present", "women"),
)  # fmt: skip
"""What cannot be more than what it is part of."""


Say = Callable[[Finding], Fault]


@dataclass(frozen=True, slots=True)
class SittingResult:
    """What the law of the day says of a sitting: the first status that applies, and every inequality with its numbers.

    `need_present` and `need_for` are the least whole numbers; None where the law asks for none.
    """

    id: str
    status: str
    need_present: int | None = None
    need_for: int | None = None
    law: LawOfDay | None = None
    lines: tuple[ProofLine, ...] = ()
    findings: tuple[Finding, ...] = ()

    def as_json(self, language: str, say: Say) -> dict[str, object]:
        """A result of heli.decide/1; `say` makes a sentence of a finding."""
        return {
            "id": self.id,
            "status": self.status,
            "need_present": self.need_present,
            "need_for": self.need_for,
            "pack": pack_json(self.law),
            "tests": [line.as_json(language) for line in self.lines],
            "problems": [say(finding).as_json() for finding in self.findings],
        }


def pack_json(law: LawOfDay | None) -> dict[str, object] | None:
    """The national pack with its province's and the lines of it that were set aside."""
    if law is None:
        return None
    aside = [{"set_aside": old.article, "by": new.article, "text": old.words.zh} for old, new in law.set_aside]
    return {
        **law.packs[0].as_json(),
        "overlay": law.packs[1].as_json() if len(law.packs) > 1 else None,
        "set_aside": aside,
    }


def decide(case: Case, shelf: LawShelf) -> SittingResult:
    """What the law of the day says of a case of heli.decide/1; what is wrong with the case is in its findings."""
    key = case["id"]
    try:
        law, values = _read(case, shelf)
    except Unsound as unsound:
        return SittingResult(key, "refused", findings=unsound.findings)
    body, mode, matter = case["body"], case["mode"], case.get("matter", "")
    rules = [rule for rule in law.rules_for(body, mode, matter) if rule.test != "shown"]
    asked = [rule for rule in rules if rule.can_be_asked(values) and not _is_excused(rule, values, case, law)]
    lines = {rule: rule.line(values) for rule in asked}
    findings = (*law_findings(law), *_not_said(rules, values, key), *_routing(case, law))
    return SittingResult(
        key,
        _status(lines, findings),
        _need(asked, "quorum", "present", values),
        _need(asked, "passing", "for", values),
        law,
        tuple(lines.values()),
        findings,
    )


def _read(case: Case, shelf: LawShelf) -> tuple[LawOfDay, Mapping[str, int]]:
    """The law of the day and the numbers by name. Raises `Unsound` with everything that cannot be."""
    key = case["id"]
    if found := list(check_shape(case, CASE_KEYS, key)):
        raise Unsound(*found)
    counts, body = case["counts"], case["body"]
    beside = case.get("petition" if body.startswith("recall_") else "make_up", {})
    values: dict[str, int] = {**beside, **counts}
    on, called_on = read_day(case, "on", key), read_day(case, "called_on", key)
    law = law_of_case(case, on, shelf)
    found = list(_impossible(values, counts, key))
    if case["mode"] not in law.bodies[body].modes:
        modes = ", ".join(f"“{mode}”" for mode in sorted(law.bodies[body].modes))
        found.append(Finding("unknown_mode", {"modes": modes}, "mode", key))
    if found:
        raise Unsound(*found)
    if called_on is not None and on is not None:
        values["days_called"] = (on - called_on).days
    return law, values


def law_of_case(case: Case, on: date | None, shelf: LawShelf) -> LawOfDay:
    """The law for the body and place of a case on its day. Raises `Unsound`."""
    kind = shelf.kind_of(case["body"])
    if kind is None or on is None:
        raise Unsound(Finding("no_law", field="body", source=case["id"]))
    try:
        return shelf.law_of(kind, case["jurisdiction"], on)
    except Unsound as unsound:
        raise Unsound(*(replace(one, source=case["id"]) for one in unsound.findings)) from unsound


def _impossible(values: Mapping[str, int], counts: Mapping[str, int], source: str) -> Iterator[Finding]:
    if not counts["entitled"]:
        yield Finding("nobody_entitled", field="counts.entitled", source=source)
    for part, whole in PARTS:
        if part in values and whole in values and values[part] > values[whole]:
            facts = {"part": part, "whole": whole, "a": values[part], "b": values[whole]}
            yield Finding("too_many", facts, part, source)
    votes = sum(counts.get(name, 0) for name in ("for", "against", "abstain"))
    if votes > counts["present"]:
        yield Finding("too_many_votes", {"votes": votes, "present": counts["present"]}, "counts.for", source)


def _is_excused(rule: LawRule, values: Mapping[str, int], case: Case, law: LawOfDay) -> bool:
    """An urgent matter needs no days; nobody's share is no share of a petition."""
    if rule.test == "called":
        return bool(case.get("urgent", False)) and law.reads("urgent_call", case["body"])
    return rule.test == "petition" and not values[rule.base]


def _not_said(rules: list[LawRule], values: Mapping[str, int], source: str) -> Iterator[Finding]:
    for rule in rules:
        # One of the two shares of a petition suffices; the other need not be said.
        said = any(other.can_be_asked(values) for other in rules if other.test == rule.test == "petition")
        if not rule.can_be_asked(values) and not said:
            facts = {"name": rule.quantity, "article": rule.article}
            yield Finding("not_said", facts, rule.quantity, source, severity="warning")


def _routing(case: Case, law: LawOfDay) -> Iterator[Finding]:
    """Whether the matter is the body's own."""
    body, matter = law.bodies[case["body"]], case.get("matter")
    if matter is None or body.matters is None:
        return
    if matter not in body.matters:
        yield Finding("wrong_body", {"article": body.article}, "body", case["id"])
    elif matter in body.delegated and not case.get("delegated", False):
        yield Finding("not_entrusted", {"article": body.article}, "delegated", case["id"])


def _status(lines: Mapping[LawRule, ProofLine], findings: tuple[Finding, ...]) -> str:
    """The first that applies."""
    if any(finding.code in {"wrong_body", "not_entrusted"} for finding in findings):
        return "wrong_body"

    def fails(*tests: str) -> bool:
        return any(not line.holds for rule, line in lines.items() if rule.test in tests)

    petition = [line.holds for rule, line in lines.items() if rule.test == "petition"]
    if fails("called", "make_up", "delegates") or (petition and not any(petition)):
        return "void"
    if fails("quorum", "women_present"):
        return "no_quorum"
    return "failed" if fails("passing") else "passed"


def _need(rules: list[LawRule], test: str, quantity: str, values: Mapping[str, int]) -> int | None:
    needs = [rule.least(values) for rule in rules if rule.test == test and rule.quantity == quantity]
    return max(needs, default=None)
