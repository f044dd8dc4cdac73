"""Values of proposed lineage. No Django here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from heli.places.types import PlaceKind


class Group(StrEnum):
    """What a proposal is, from the surest to the least sure. Merges are never among them: lists cannot tell."""

    KEPT = "kept"
    """Same code, same name, same town: nothing happened."""
    SUFFIX = "suffix"
    """Same code and town; only the suffix of style changed (村委会 → 村村民委员会)."""
    RECODED = "recoded"
    """Same name in the same town under another code."""
    CONVERTED = "converted"
    """Same name in the same town, a village before and a community after."""
    TOWN_GONE = "town_gone"
    """Same name, found only in another town, after its own town was abolished."""
    RENAMED = "renamed"
    """Same code and town, a name that differs by little."""
    MOVED = "moved"
    """Same name in another town though its own still exists."""
    UNCLEAR = "unclear"
    """Not in the new list; ranked candidates, none sure."""
    GONE = "gone"
    """Not in the new list, and nothing in it resembles it."""
    NEW = "new"
    """In the new list, and nothing in the old resembles it."""
    TOWN = "town"
    """A town that changed, appeared or vanished."""


BULK = frozenset({Group.SUFFIX, Group.RECODED, Group.CONVERTED})
"""May be accepted in bulk: same name in the same town (about 0.98 right in districts whose history is known)."""


@dataclass(frozen=True, slots=True)
class SideUnit:
    """A unit on one side; `id` is the place's key on the register's side, 0 on the list's."""

    code: str
    name: str
    kind: PlaceKind
    id: int = 0

    @property
    def town(self) -> str:
        """The nine digits of its town."""
        return self.code[:9]


@dataclass(frozen=True, slots=True)
class CandidateReason:
    """Why a candidate is one; `facts` fill its sentence (proposals.texts)."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit of the new list that an old place may have become, or be part of. `score` 0–1000 ranks, and is no probability."""

    code: str
    name: str
    score: int
    reasons: tuple[CandidateReason, ...]


@dataclass(frozen=True, slots=True)
class Proposed:
    """One proposal: old, new, or both; `candidates` from the likeliest."""

    group: Group
    old: SideUnit | None
    new: SideUnit | None
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Lineage:
    """All that two lists propose; `kept` only counted, since nothing is to be confirmed there."""

    kept: int
    proposals: tuple[Proposed, ...]
    towns: Mapping[str, str]
    """Old town digits → new town digits, for towns that go on."""
