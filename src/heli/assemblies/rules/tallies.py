"""What two people keyed from the papers of counting tables: identities, differences, the case that is counted.

Numbers of a sheet are flat, by field: `box.0`, `box.1`, … (ballots returned in each box), `unreturned`, `invalid`, `valid`,
`votes.<post>.<number of the candidate>`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from heli.assemblies.rules.counting import read_contest
from heli.assemblies.rules.law import LawShelf
from heli.kernel.faults import Finding, Unsound

PLAIN = ("unreturned", "invalid", "valid")
Numbers = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TablePaper:
    """A counting table: its boxes as (name, ballots issued), and its numbers as agreed, None while it is outstanding."""

    name: str
    boxes: tuple[tuple[str, int], ...]
    agreed: Numbers | None = None

    @property
    def issued(self) -> int:
        """Ballots issued for all its boxes."""
        return sum(number for _name, number in self.boxes)


@dataclass(frozen=True, slots=True)
class BallotLine:
    """Who stands for a post: the number on the ballot, and whether it is a woman."""

    post: str
    number: int
    is_woman: bool


@dataclass(frozen=True, slots=True)
class PollFacts:
    """A contest as the law asks about it. `seats` by post; `extra` numbers are those a case may have beside its sheets."""

    id: str
    on: date
    jurisdiction: str
    body: str
    mode: str
    round: int
    registered: int
    seats: Mapping[str, int]
    standing: Sequence[BallotLine]
    extra: Mapping[str, int] = field(default_factory=dict)

    def fields(self, boxes: int) -> list[str]:
        """The fields of a sheet of a table with so many boxes, in the order of the paper."""
        votes = [f"votes.{one.post}.{one.number}" for one in self.standing]
        return [*(f"box.{number}" for number in range(boxes)), *PLAIN, *votes]

    def case(self, papers: Sequence[TablePaper]) -> dict[str, Any]:
        """The case of heli.count/1: agreed sheets as they are, those of other tables outstanding."""
        agreed = [one for one in papers if one.agreed is not None]
        outstanding = sum(one.issued for one in papers if one.agreed is None)
        posts = [
            {
                "post": post,
                "seats": seats,
                "candidates": [
                    {"id": str(one.number), "woman": one.is_woman} for one in self.standing if one.post == post
                ],
            }
            for post, seats in self.seats.items()
        ]
        empty = {"issued": 0, "returned": 0, "invalid": 0} if not agreed else {}
        if empty:
            for post in posts:
                for one in post["candidates"]:  # type: ignore[attr-defined]  # the list made above
                    one["votes"] = 0
        return {
            "id": self.id, "on": self.on.isoformat(), "jurisdiction": self.jurisdiction, "body": self.body,
            "mode": self.mode, "round": self.round, "registered": self.registered, "posts": posts,
            "outstanding": outstanding, **self.extra, **empty,
            **({"sheets": [_sheet(one, one.agreed or {}) for one in agreed]} if agreed else {}),
        }  # fmt: skip


def _sheet(paper: TablePaper, numbers: Numbers) -> dict[str, Any]:
    votes: dict[str, dict[str, int]] = {}
    for name, number in numbers.items():
        if name.startswith("votes."):
            _votes, post, candidate = name.split(".")
            votes.setdefault(post, {})[candidate] = number
    returned = returned_of(numbers)
    plain = {name: numbers[name] for name in PLAIN}
    return {"station": paper.name, "issued": paper.issued, "returned": returned, **plain, "votes": votes}


def returned_of(numbers: Numbers) -> int:
    """Ballots returned in all boxes of a sheet."""
    return sum(number for name, number in numbers.items() if name.startswith("box."))


AT_FIELD = {"issued": "unreturned", "returned": "valid", "votes": "", "votes_total": "", "negative": ""}
"""Where the form shows an identity of the rules that breaks."""


def check_numbers(
    facts: PollFacts, paper: TablePaper, numbers: Numbers, *, shelf: LawShelf, least: int, is_alone: bool
) -> Iterator[Finding]:
    """What cannot be in the numbers of one sheet, each with the sheet, a field, and what to do.

    `least` ballots are counted together unless the table `is_alone`.
    """
    source = paper.name
    missing = [name for name in facts.fields(len(paper.boxes)) if name not in numbers]
    if missing or len(numbers) > len(facts.fields(len(paper.boxes))):
        yield from (Finding("number_missing", field=name, source=source) for name in missing or ["valid"])
        return
    for at, (box, issued) in enumerate(paper.boxes):
        if numbers[f"box.{at}"] > issued:
            said = {"box": box, "returned": numbers[f"box.{at}"], "issued": issued}
            yield Finding("returned_over_issued", said, f"box.{at}", source)
            return
    whole = TablePaper(paper.name, paper.boxes, numbers)
    try:
        read_contest({**facts.case([whole]), "participants": returned_of(numbers)}, shelf)
    except Unsound as unsound:
        for one in unsound.findings:
            yield Finding(one.code, one.facts, AT_FIELD.get(one.field, one.field), source)
        return
    if returned_of(numbers) < least and not is_alone:
        yield Finding("too_few_together", {"least": least}, "box.0", source)


def differing(first: Numbers, second: Numbers) -> list[str]:
    """The fields in which two keyings differ, in the order of the first."""
    return [name for name in first if first[name] != second.get(name)]


def is_unusual(numbers: Numbers, permille: int) -> bool:
    """Whether so many ballots are invalid that it asks for a word."""
    return numbers["invalid"] * 1000 > permille * returned_of(numbers)


def runners_up(votes: Mapping[str, int], elected: Sequence[str], revote: Sequence[str], seats_left: int) -> list[str]:
    """Who stands in the second ballot: those voted on again for a tie, else those not elected with most votes.

    One more than there are seats, and whoever has as many votes as the last of them.
    """
    if revote:
        return list(revote)
    ranked = sorted((one for one in votes if one not in elected), key=lambda one: (-votes[one], int(one)))
    if len(ranked) <= seats_left + 1:
        return ranked
    last = votes[ranked[seats_left]]
    return [one for one in ranked if votes[one] >= last]


def votes_of(case: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Votes by post and candidate over all sheets of a case."""
    votes: dict[str, dict[str, int]] = {}
    for sheet in case.get("sheets", ()):
        for post, given in sheet["votes"].items():
            for one, number in given.items():
                by_one = votes.setdefault(post, {})
                by_one[one] = by_one.get(one, 0) + number
    return votes
