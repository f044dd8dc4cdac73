"""Which items a report may be, and why: words in it, what was filed before in the same words, what comes up at the place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from heli.matters.rules.likeness import ALIKE, likeness

PER_WORD, PER_CHOICE, PER_LIKENESS, PER_SHARE = 3, 3, 4, 2
"""What each reason weighs: a telling word, the reporter's own choice, the likeness 0–1, the share at the place 0–1."""
MOST_WORDS = 3
LEAST_HERE = 2
"""So many at the place are no accident."""


@dataclass(frozen=True, slots=True)
class Precedent:
    """What was filed before: its number, its words, its item."""

    number: int
    words: str
    item: str


@dataclass(slots=True)
class ItemSuggestion:
    """An item with the reasons for it: words found, the matter most alike and how much, how many of all at the place."""

    item: str
    is_chosen: bool = False
    found: tuple[str, ...] = ()
    like: int = 0
    likeness: float = 0.0
    here: tuple[int, int] = field(default=(0, 0))

    @property
    def weight(self) -> float:
        """How much speaks for it."""
        share = self.here[0] / self.here[1] if self.here[0] >= LEAST_HERE else 0
        words = PER_WORD * min(len(self.found), MOST_WORDS)
        return words + PER_CHOICE * self.is_chosen + PER_LIKENESS * self.likeness + PER_SHARE * share


def suggest_items(
    text: str,
    chosen: str,
    telling: Mapping[str, Sequence[str]],
    *,
    here: Mapping[str, int],
    filed: Iterable[Precedent],
    most: int = 3,
) -> list[ItemSuggestion]:
    """The items that most speaks for, the heaviest first; none where nothing does. What is usual at a place alone is no reason.

    `telling` are words by item, `here` how often each came up at the place, `filed` what was filed before.
    """
    found = {item: ItemSuggestion(item, item == chosen) for item in telling}
    for item, words in telling.items():
        found[item].found = tuple(word for word in words if word in text)
    for one in filed:
        alike = likeness(text, one.words)
        if one.item in found and alike >= ALIKE and alike > found[one.item].likeness:
            found[one.item].likeness, found[one.item].like = alike, one.number
    total = sum(here.values())
    for item, count in here.items():
        if item in found:
            found[item].here = (count, total)
    likely = [one for one in found.values() if one.is_chosen or one.found or one.like]
    return sorted(likely, key=lambda one: (-one.weight, one.item))[:most]


@dataclass(frozen=True, slots=True)
class DepartmentRecord:
    """What a department did with such matters at the place: handled, given back or on."""

    name: str
    handled: int
    gone_on: int
