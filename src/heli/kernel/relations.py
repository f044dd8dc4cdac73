"""Relations between numbers or days, declared beside the fields of a data file: what cannot be, and what has to be reached.

`lte = ["for + against", "present"]` says that the sum is at most the other side, `lt` that it is below. A side is a sum of
fields, each with a whole factor where it needs one (`2 * entitled`). All numbers are whole and zero or more, so that a
relation can be broken before every field of its lesser side is known. A day is such a number too (20261129), which keeps
the order of days; it stands alone on its side, beside another day.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from heli.kernel.faults import Fault
from heli.kernel.packs import Key, Pack, Shape, Where, words_key
from heli.kernel.words import Words

TERM = re.compile(r"(?:([1-9][0-9]{0,5})\s*\*\s*)?([a-z][a-z0-9_]*)")
Side = tuple[tuple[int, str], ...]
"""A sum: factors and names of fields."""

RELATION_KEYS: tuple[Key, ...] = (
    Key(
        "lte", Shape.TEXTS, 'two sides of which the first is at most the second: `["for + against", "present"]`', False
    ),
    Key("lt", Shape.TEXTS, "two sides of which the first is below the second", required=False),
)
CONCLUSION_KEYS: tuple[Key, ...] = (
    *RELATION_KEYS,
    words_key("say", "what is reached when it holds"),
    Key("law", Shape.TEXT, "the article that asks for it"),
)


@dataclass(frozen=True, slots=True)
class Relation:
    """`left` ≤ `right`, or `left` < `right` when it is strict."""

    left: Side
    right: Side
    is_strict: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The fields on both sides, in order."""
        return tuple(name for _factor, name in (*self.left, *self.right))

    def sums(self, values: Mapping[str, int]) -> tuple[int, int] | None:
        """Both sides, fields of the lesser side that are not known counting as zero; None when the greater is not known."""
        if any(name not in values for _factor, name in self.right):
            return None
        return _sum(self.left, values), _sum(self.right, values)

    def is_broken(self, values: Mapping[str, int]) -> bool:
        """Whether it cannot hold any more, whatever is still to be filled in."""
        sums = self.sums(values)
        known = any(name in values for _factor, name in self.left)
        return sums is not None and known and (sums[0] >= sums[1] if self.is_strict else sums[0] > sums[1])


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A relation that has to hold before a step passes: what is reached then, and by which article."""

    relation: Relation
    say: Words
    law: str

    def is_reached(self, values: Mapping[str, int]) -> bool | None:
        """Whether it holds; None while a field is not known."""
        if any(name not in values for name in self.relation.names):
            return None
        return not self.relation.is_broken(values)


def _sum(side: Side, values: Mapping[str, int]) -> int:
    return sum(factor * values.get(name, 0) for factor, name in side)


def day_number(day: date) -> int:
    """A day as a whole number that keeps the order of days: 20261129."""
    return day.year * 10_000 + day.month * 100 + day.day


def day_text(number: int) -> str:
    """The day behind such a number: 2026-11-29."""
    return f"{number // 10_000:04}-{number // 100 % 100:02}-{number % 100:02}"


# --- reading -----------------------------------------------------------------------------------------------------------


def parse_side(text: str) -> Side | None:
    """The sum that a text says, None when it says none."""
    matches = [TERM.fullmatch(part.strip()) for part in text.split("+")]
    if not all(matches):
        return None
    return tuple((int(match[1] or 1), match[2]) for match in matches if match)


def read_relation(given: Mapping[str, Sequence[str]]) -> Relation:
    """The relation of a table that `check_relation` found well-formed."""
    word = "lt" if "lt" in given else "lte"
    left, right = (parse_side(text) or () for text in given[word])
    return Relation(left, right, word == "lt")


def read_conclusion(given: Mapping[str, Any]) -> Conclusion:
    """The conclusion of a table that `check_relation` found well-formed."""
    return Conclusion(read_relation(given), Words(**given["say"]), given["law"])


def check_relation(
    pack: Pack, where: Where, given: Mapping[str, Sequence[str]], names: Collection[str], days: Collection[str] = ()
) -> Iterator[Fault]:
    """What is wrong with a declared relation, each with file and line; `names` are the fields it may speak of, `days` those
    of them that are days."""
    words = [word for word in ("lte", "lt") if word in given]
    if len(words) != 1 or len(given[words[0]]) != 2:
        message = 'A relation has one of `lte` and `lt`, with two sides: lte = ["for + against", "present"].'
        yield pack.fault(where, "relation", message)
        return
    for text in given[words[0]]:
        side = parse_side(text)
        if side is None:
            message = f"{text!r} is no sum of fields; write like 'for + against' or '2 * entitled'."
            yield pack.fault((*where, words[0]), "relation", message)
            continue
        for _factor, name in side:
            if name not in names:
                known = ", ".join(sorted(names)) or "none has one"
                message = f"There is no number named {name!r} here. Write one of: {known}."
                yield pack.fault((*where, words[0]), "relation", message)
    sides = [parse_side(text) or () for text in given[words[0]]]
    terms = [term for side in sides for term in side]
    alone = all(len(side) == 1 for side in sides) and all(factor == 1 and name in days for factor, name in terms)
    if any(name in days for _factor, name in terms) and not alone:
        message = 'A day stands alone, beside another day: lte = ["posted", "held"].'
        yield pack.fault((*where, words[0]), "relation", message)


# --- saying ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SaidRelation:
    """A relation with its sides in the reader's words ("同意＋反对"), to be shown and to be followed by the browser."""

    relation: Relation
    left: str
    right: str
    marks: Mapping[str, str] = field(default_factory=dict)
    """How the page names the fields."""
    is_of_days: bool = False

    def sentence(self, template: str) -> str:
        """The template with the words of both sides for its {left} and {right}."""
        return template.replace("{left}", self.left).replace("{right}", self.right)

    def filled(self, sentence: str, values: Mapping[str, int]) -> str:
        """The sentence with the sums of both sides for its {a} and {b}, as far as they are known."""
        sums = self.relation.sums(values)
        if sums is None:
            return sentence
        a, b = (day_text(side) if self.is_of_days else f"{side:,}" for side in sums)
        return sentence.replace("{a}", a).replace("{b}", b)

    def as_json(self, sentence: str) -> dict[str, object]:
        """What the browser needs to say the same."""
        sides = [
            [[factor, self.marks.get(name, name)] for factor, name in side]
            for side in (self.relation.left, self.relation.right)
        ]
        return {
            "left": sides[0],
            "right": sides[1],
            "strict": self.relation.is_strict,
            "days": self.is_of_days,
            "say": sentence,
        }


def say_side(side: Side, words: Mapping[str, str]) -> str:
    """A side in words: 2 × 应到."""
    return " + ".join(
        f"{factor} × {words.get(name, name)}" if factor > 1 else words.get(name, name) for factor, name in side
    )


def say_relation(
    relation: Relation, words: Mapping[str, str], marks: Mapping[str, str] | None = None, days: Collection[str] = ()
) -> SaidRelation:
    """The relation with its fields called as the reader knows them; `days` are those that are days."""
    left, right = (say_side(side, words) for side in (relation.left, relation.right))
    return SaidRelation(relation, left, right, marks or {}, any(name in days for name in relation.names))
