"""What paper ballots say: identities of every sheet, box, turnout, who is elected, and whether outstanding ballots could change it.

Readings of unclear law: who took part are the ballots returned, invalid ones included; where a province counts heads, the
participants. The third of a second ballot is of the ballots returned.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from heli.assemblies.rules.completing import completions
from heli.assemblies.rules.deciding import pack_json
from heli.assemblies.rules.electing import POSTS, ElectionTerms, PostOnBallot, PostResult, elect
from heli.assemblies.rules.forms import Case, check_shape, fault_maker, read_day
from heli.assemblies.rules.law import LawShelf, law_faults
from heli.assemblies.types import LawOfDay, LawRule, ProofLine
from heli.kernel.faults import Fault, Refused
from heli.kernel.packs import Key, Shape

COUNT_FORM = "heli.count/1"
ELECTING = ("village_committee", "residents_committee")


def _whole(name: str, required: bool = True, least: int | None = 0) -> Key:
    return Key(name, Shape.WHOLE, "a whole number", required, least=least)


CANDIDATE_KEYS = (
    Key("id", Shape.TEXT, "a text that no other candidate of the post has"),
    Key("woman", Shape.YES_NO, "true or false"),
    _whole("votes", required=False, least=None),
)
POST_KEYS = (
    Key("post", Shape.TEXT, f"one of {', '.join(POSTS)}", choices=POSTS),
    _whole("seats", least=1),
    _whole("extra", required=False),
    Key("candidates", Shape.TABLES, "a list of candidates", keys=CANDIDATE_KEYS),
)
SHEET_NUMBERS = ("issued", "returned", "unreturned", "invalid", "valid")
SHEET_KEYS = (
    Key("station", Shape.TEXT, "the name of the counting table"),
    *(_whole(name, least=None) for name in SHEET_NUMBERS),
    Key("votes", Shape.NAMED, "votes by post and candidate"),
)
TOTALS = ("issued", "returned", "invalid", "participants")
CONTEST_KEYS = (
    Key("id", Shape.TEXT, "its name"),
    Key("on", Shape.TEXT, "the day of the election"),
    Key("jurisdiction", Shape.TEXT, "CN, or CN- and the two digits of a province"),
    Key("body", Shape.TEXT, f"one of {', '.join(ELECTING)}", choices=ELECTING),
    Key("mode", Shape.TEXT, "the way of electing"),
    _whole("round"),
    _whole("registered"),
    _whole("unreachable", required=False),
    *(_whole(name, required=False, least=None) for name in TOTALS),
    _whole("women_elected", required=False),
    _whole("outstanding", required=False),
    Key("posts", Shape.TABLES, "a list of posts", keys=POST_KEYS),
    Key("sheets", Shape.TABLES, "a list of sheets", False, SHEET_KEYS),
)


@dataclass(frozen=True, slots=True)
class ContestCount:
    """A contest ready to be counted: numbers by name, votes by post and candidate, and the rules of its day."""

    law: LawOfDay
    values: Mapping[str, int]
    posts: tuple[PostOnBallot, ...]
    votes: Mapping[str, Mapping[str, int]]
    terms: ElectionTerms
    rules: Mapping[str, LawRule]
    threshold: LawRule
    outstanding: int

    def with_more(self, returned: int) -> Mapping[str, int]:
        """The numbers when so many ballots more have come back."""
        names = ("issued", "returned", "participants", "took_part")
        return {name: count + returned if name in names else count for name, count in self.values.items()}


@dataclass(frozen=True, slots=True)
class CountResult:
    """What a contest came to: the first status that applies; `sheet` and `field` name the identity that breaks."""

    id: str
    status: str
    posts: tuple[PostResult, ...] = ()
    sheet: str = ""
    field: str = ""
    law: LawOfDay | None = None
    lines: tuple[ProofLine, ...] = ()
    faults: tuple[Fault, ...] = ()

    def as_json(self, language: str) -> dict[str, object]:
        """A result of heli.count/1; `sheet` and `field` only where a sheet is refused."""
        broken = {name: text for name, text in (("sheet", self.sheet), ("field", self.field)) if text}
        return {
            "id": self.id,
            "status": self.status,
            "posts": [post.as_json() for post in self.posts],
            **broken,
            "pack": pack_json(self.law),
            "tests": [line.as_json(language) for line in self.lines],
            "problems": [fault.as_json() for fault in self.faults],
        }


def count(case: Case, shelf: LawShelf) -> CountResult:
    """What a contest of heli.count/1 came to; what is wrong with it is in its faults."""
    key = case["id"]
    try:
        contest = read_contest(case, shelf)
    except Refused as refused:
        first = refused.faults[0]
        sheet, _colon, field = first.field.partition(":")
        broken = (sheet, field) if first.code == "identity" else ("", first.field)
        return CountResult(key, "refused", sheet=broken[0], field=broken[1], faults=refused.faults)
    lines = (*(rule.line(contest.values) for rule in contest.rules.values()),)
    status, posts = outcome(contest, 0, contest.votes)
    if status not in {"void_box"} and contest.outstanding and is_open(contest, (status, posts)):
        status, posts = "undecidable", ()
    return CountResult(key, status, posts, law=contest.law, lines=lines, faults=tuple(law_faults(contest.law)))


Outcome = tuple[str, tuple[PostResult, ...]]


def outcome(contest: ContestCount, returned: int, votes: Mapping[str, Mapping[str, int]]) -> Outcome:
    """Status and posts when so many ballots more came back and the votes are these."""
    values = contest.with_more(returned) if returned else contest.values
    for test in ("box", "turnout"):
        if not contest.rules[test].line(values).holds:
            return f"void_{test}", ()
    posts = elect(contest.posts, votes, contest.threshold.least(values), contest.terms)
    if any(post.revote for post in posts):
        return "revote", posts
    return ("incomplete" if any(post.seats_left for post in posts) else "complete"), posts


def is_open(contest: ContestCount, found: Outcome) -> bool:
    """Whether some completion of the outstanding ballots comes to another result."""
    if contest.rules["turnout"].line(contest.with_more(contest.outstanding)).holds != (found[0] != "void_turnout"):
        return True
    if found[0] == "void_turnout":
        return False
    seen = _sight(found)
    need = contest.threshold.least(contest.with_more(contest.outstanding))
    return any(
        _sight(outcome(contest, returned, votes)) != seen
        for returned, votes in completions(
            contest.posts, contest.votes, contest.terms, need=need, outstanding=contest.outstanding, found=found[1]
        )
    )


def _sight(found: Outcome) -> object:
    """What must not change: status, elected, voted on again and seats left."""
    return found[0], [(frozenset(post.elected), frozenset(post.revote), post.seats_left) for post in found[1]]


# --- reading -----------------------------------------------------------------------------------------------------------


def read_contest(case: Case, shelf: LawShelf) -> ContestCount:
    """A case of heli.count/1 with its law. Raises `Refused`; a broken identity has the code "identity", field "sheet:check"."""
    key = case["id"]
    fault = fault_maker(key)
    faults = [*check_shape({name: value for name, value in case.items() if name != "relatives"}, CONTEST_KEYS, key)]
    if not faults:
        faults = [*_check_names(case, fault)]
    if faults:
        raise Refused(faults)
    on, kind = read_day(case, "on", key), shelf.kind_of(case["body"])
    assert on is not None
    assert kind is not None
    try:
        law = shelf.law_of(kind, case["jurisdiction"], on)
    except Refused as refused:
        raise Refused([replace(one, source=key) for one in refused.faults]) from refused
    if case["mode"] not in law.bodies[case["body"]].modes:
        raise Refused(fault("unknown_mode", "mode", _("This committee is not elected in this way. Correct the mode.")))
    posts = tuple(
        PostOnBallot(
            post["post"],
            post["seats"],
            tuple(one["id"] for one in post["candidates"]),
            frozenset(one["id"] for one in post["candidates"] if one["woman"]),
        )
        for post in sorted(case["posts"], key=lambda post: POSTS.index(post["post"]))
    )
    totals, votes = _from_sheets(case, posts, fault) if case.get("sheets") else _from_totals(case, posts, fault)
    body = case["body"]
    heads = law.reads("participants", body)
    if heads and "participants" not in totals:
        raise Refused(fault("missing_key", "participants", _("This province counts heads: write the participants.")))
    left_out = case.get("unreachable", 0) if law.reads("unreachable", body) else 0
    values = {
        **totals,
        "registered": case["registered"] - left_out,
        "took_part": totals["participants" if heads else "returned"],
    }
    rules = {rule.test: rule for rule in law.rules_for(body, case["mode"])}
    threshold = rules["elected" if case["round"] == 1 else "second_ballot"]
    tests = {test: rules[test] for test in ("box", "turnout")}
    return ContestCount(law, values, posts, votes, _terms(case, law), tests, threshold, case.get("outstanding", 0))


def _terms(case: Case, law: LawOfDay) -> ElectionTerms:
    body, first = case["body"], case["round"] == 1
    kin: dict[str, set[str]] = {}
    if law.reads("relatives", body) or law.reads("relatives_order", body):
        for a, b in case.get("relatives", ()):
            kin.setdefault(a, set()).add(b)
            kin.setdefault(b, set()).add(a)
    return ElectionTerms(
        woman_seat=first and law.reads("woman_seat", body) and not case.get("women_elected", 0),
        roll_down=first and law.reads("roll_down", body),
        next_follows=law.reads("next_follows", body),
        kin={one: frozenset(others) for one, others in kin.items()} or None,
    )


def _check_names(case: Case, fault: Any) -> Iterator[Fault]:
    if case["round"] not in {1, 2}:
        yield fault("round", "round", _("The round is 1 or 2."))
    if not case["registered"]:
        yield fault("nobody", "registered", _("Nobody is registered. Write how many there are."))
    if case.get("unreachable", 0) > case["registered"]:
        yield fault("too_many", "unreachable", _("More cannot be reached than are registered. Count again."))
    names = [post["post"] for post in case["posts"]]
    if not names or len(set(names)) < len(names):
        yield fault("posts", "posts", _("Every post is there once, and at least one. Correct the list."))
    for post in case["posts"]:
        ids = [one["id"] for one in post["candidates"]]
        if len(set(ids)) < len(ids):
            yield fault(
                "twice",
                "candidates",
                _("A candidate is there twice for “%(post)s”. Give one another id."),
                post=post["post"],
            )
    pairs = case.get("relatives", [])
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and _is_pair(pair) for pair in pairs):
        yield fault("relatives", "relatives", _("Relatives are pairs of two candidates, such as [“a”, “b”]."))


def _is_pair(pair: list[object]) -> bool:
    return len(pair) == 2 and all(isinstance(one, str) for one in pair) and pair[0] != pair[1]


def _from_totals(
    case: Case, posts: Sequence[PostOnBallot], fault: Any
) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    for name in TOTALS[:3]:
        if name not in case:
            raise Refused(
                fault("missing_key", name, _("“%(key)s” is missing: write the sheets or the totals."), key=name)
            )
    votes = {}
    for post in case["posts"]:
        votes[post["post"]] = {one["id"]: one.get("votes") for one in post["candidates"]}
        if None in votes[post["post"]].values():
            raise Refused(fault("missing_key", "votes", _("A candidate has no votes: write the sheets or the votes.")))
    totals = {name: case[name] for name in TOTALS if name in case}
    sheet = {"returned": totals["returned"], "invalid": totals["invalid"]}
    checked = {**totals, "valid": sheet["returned"] - sheet["invalid"]}
    broken = "negative" if min(totals.values()) < 0 else "returned" if checked["valid"] < 0 else ""
    if broken := broken or _broken_votes(checked["valid"], votes, posts):
        raise Refused(_identity(fault, "", broken))
    return totals, votes


def _from_sheets(
    case: Case, posts: Sequence[PostOnBallot], fault: Any
) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    votes = {post.name: dict.fromkeys(post.candidates, 0) for post in posts}
    for sheet in case["sheets"]:
        if broken := _broken(sheet, votes, posts):
            raise Refused(_identity(fault, sheet["station"], broken))
        for name, given in sheet["votes"].items():
            for one, number in given.items():
                votes[name][one] += number
    totals = {name: sum(sheet[name] for sheet in case["sheets"]) for name in ("issued", "returned", "invalid")}
    if "participants" in case:
        totals["participants"] = case["participants"]
    return totals, votes


def _broken(sheet: Mapping[str, Any], votes: Mapping[str, Mapping[str, int]], posts: Sequence[PostOnBallot]) -> str:
    """The first identity of a sheet that does not hold; empty when all do."""
    for name, given in sheet["votes"].items():
        if name not in votes or any(
            one not in votes[name] or not isinstance(number, int) or isinstance(number, bool)
            for one, number in given.items()
        ):
            return "votes"
    if (
        min(*(sheet[name] for name in SHEET_NUMBERS), *(n for given in sheet["votes"].values() for n in given.values()))
        < 0
    ):
        return "negative"
    if sheet["issued"] != sheet["returned"] + sheet["unreturned"]:
        return "issued"
    if sheet["returned"] != sheet["valid"] + sheet["invalid"]:
        return "returned"
    return _broken_votes(sheet["valid"], sheet["votes"], posts)


def _broken_votes(valid: int, votes: Mapping[str, Mapping[str, int]], posts: Sequence[PostOnBallot]) -> str:
    given = [number for by_one in votes.values() for number in by_one.values()]
    if min(given, default=0) < 0:
        return "negative"
    if max(given, default=0) > valid:
        return "votes"
    over = any(sum(votes.get(post.name, {}).values()) > valid * post.seats for post in posts)
    return "votes_total" if over else ""


def _identity(fault: Any, station: str, broken: str) -> Fault:
    said = {
        "negative": _("A number is below zero."),
        "issued": _("Ballots issued are not those returned and unreturned together."),
        "returned": _("Ballots returned are not the valid and the invalid together."),
        "votes": _("A candidate has more votes than there are valid ballots, or is not on the ballot."),
        "votes_total": _("There are more votes than valid ballots times seats."),
    }
    where = _("sheet %(station)s") % {"station": station} if station else _("totals")
    message = _("%(where)s: %(what)s Count it again.")
    made: Fault = fault("identity", f"{station}:{broken}", message, where=where, what=said[broken])
    return made
