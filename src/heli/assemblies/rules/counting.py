"""What paper ballots say: identities of every sheet, box, turnout, who is elected, and whether outstanding ballots could change it.

Readings of unclear law: who took part are the ballots returned, invalid ones included; where a province counts heads, the
participants. The third of a second ballot is of the ballots returned.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from heli.assemblies.rules.completing import completions
from heli.assemblies.rules.deciding import Say, law_of_case, pack_json
from heli.assemblies.rules.electing import POSTS, ElectionTerms, PostOnBallot, PostResult, elect
from heli.assemblies.rules.law import LawShelf, law_findings
from heli.assemblies.rules.recounting import NarrowMargin, narrowest
from heli.assemblies.types import LawOfDay, LawRule, ProofLine
from heli.kernel.faults import Finding, Unsound
from heli.kernel.forms import Case, check_shape, read_day
from heli.kernel.packs import Key, Shape

COUNT_FORM = "heli.count/1"


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
    Key("body", Shape.TEXT, "what is elected"),
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
    margin: NarrowMargin | None = None
    findings: tuple[Finding, ...] = ()

    def as_json(self, language: str, say: Say) -> dict[str, object]:
        """A result of heli.count/1; `sheet` and `field` only where a sheet is refused."""
        broken = {name: text for name, text in (("sheet", self.sheet), ("field", self.field)) if text}
        return {
            "id": self.id,
            "status": self.status,
            "posts": [post.as_json() for post in self.posts],
            **broken,
            "pack": pack_json(self.law),
            "recount": self.margin.as_json() if self.margin else None,
            "tests": [line.as_json(language) for line in self.lines],
            "problems": [say(finding).as_json() for finding in self.findings],
        }


def count(case: Case, shelf: LawShelf) -> CountResult:
    """What a contest of heli.count/1 came to; what is wrong with it is in its findings."""
    key = case["id"]
    try:
        contest = read_contest(case, shelf)
    except Unsound as unsound:
        first = unsound.findings[0]
        sheet = str(first.facts.get("station", ""))
        return CountResult(key, "refused", sheet=sheet, field=first.field, findings=unsound.findings)
    lines = (*(rule.line(contest.values) for rule in contest.rules.values()),)
    status, posts = outcome(contest, 0, contest.votes)
    if status not in {"void_box"} and contest.outstanding and is_open(contest, (status, posts)):
        status, posts = "undecidable", ()
    margin = None if status in {"void_box", "undecidable"} else _margin(contest, posts)
    findings = tuple(law_findings(contest.law))
    return CountResult(key, status, posts, law=contest.law, lines=lines, margin=margin, findings=findings)


def _margin(contest: ContestCount, posts: tuple[PostResult, ...]) -> NarrowMargin:
    """The fewest ballots, read otherwise, that would change anything; of equal ones the turnout, then the higher post."""
    least, took_part = contest.rules["turnout"].least(contest.values), contest.values["took_part"]
    turnout = NarrowMargin(took_part - least + 1 if took_part >= least else least - took_part, "turnout")
    need = contest.threshold.least(contest.values)
    margins = [turnout]
    if posts:
        margins += narrowest(contest.posts, contest.votes, contest.terms, need=need, found=posts)
    return min(margins, key=lambda one: one.ballots)


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
    """A case of heli.count/1 with its law. Raises `Unsound`; of a broken identity with the sheet as the fact `station`."""
    key = case["id"]
    known = {name: value for name, value in case.items() if name != "relatives"}
    if found := list(check_shape(known, CONTEST_KEYS, key)) or list(_check_names(case, shelf)):
        raise Unsound(*found)
    law = law_of_case(case, read_day(case, "on", key), shelf)
    if case["mode"] not in law.modes(case["body"]):
        raise Unsound(Finding("mode_of_election", field="mode", source=key))
    posts = tuple(
        PostOnBallot(
            post["post"],
            post["seats"],
            tuple(one["id"] for one in post["candidates"]),
            frozenset(one["id"] for one in post["candidates"] if one["woman"]),
        )
        for post in sorted(case["posts"], key=lambda post: POSTS.index(post["post"]))
    )
    totals, votes = _from_sheets(case, posts) if case.get("sheets") else _from_totals(case, posts)
    body = case["body"]
    heads = law.reads("participants", body)
    if heads and "participants" not in totals:
        raise Unsound(Finding("heads", field="participants", source=key))
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


def _check_names(case: Case, shelf: LawShelf) -> Iterator[Finding]:
    key = case["id"]
    if case["body"] not in shelf.electing:
        meaning = f"one of {', '.join(shelf.electing)}"
        yield Finding("shape", {"key": "body", "meaning": meaning, "least": None}, "body", key)
    if case["round"] not in {1, 2}:
        yield Finding("round", field="round", source=key)
    if not case["registered"]:
        yield Finding("nobody_registered", field="registered", source=key)
    if case.get("unreachable", 0) > case["registered"]:
        yield Finding("too_many_unreachable", field="unreachable", source=key)
    names = [post["post"] for post in case["posts"]]
    if not names or len(set(names)) < len(names):
        yield Finding("posts", field="posts", source=key)
    for post in case["posts"]:
        ids = [one["id"] for one in post["candidates"]]
        if len(set(ids)) < len(ids):
            yield Finding("candidate_twice", {"post": post["post"]}, "candidates", key)
    pairs = case.get("relatives", [])
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and _is_pair(pair) for pair in pairs):
        yield Finding("relatives", field="relatives", source=key)


def _is_pair(pair: list[object]) -> bool:
    return len(pair) == 2 and all(isinstance(one, str) for one in pair) and pair[0] != pair[1]


def _from_totals(case: Case, posts: Sequence[PostOnBallot]) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    for name in TOTALS[:3]:
        if name not in case:
            raise Unsound(Finding("no_totals", {"key": name}, name, case["id"]))
    votes = {post["post"]: {one["id"]: one.get("votes") for one in post["candidates"]} for post in case["posts"]}
    if any(None in by_one.values() for by_one in votes.values()):
        raise Unsound(Finding("no_votes", field="votes", source=case["id"]))
    totals = {name: case[name] for name in TOTALS if name in case}
    valid = totals["returned"] - totals["invalid"]
    broken = "negative" if min(totals.values()) < 0 else "returned" if valid < 0 else _broken_votes(valid, votes, posts)
    if broken:
        raise Unsound(Finding(f"identity_{broken}", {"station": ""}, broken, case["id"]))
    return totals, votes


def _from_sheets(case: Case, posts: Sequence[PostOnBallot]) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    votes = {post.name: dict.fromkeys(post.candidates, 0) for post in posts}
    for sheet in case["sheets"]:
        if broken := _broken(sheet, votes, posts):
            raise Unsound(Finding(f"identity_{broken}", {"station": sheet["station"]}, broken, case["id"]))
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
