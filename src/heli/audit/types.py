"""What the trail writes and what its verifier says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from heli.kernel.access import Actor
from heli.kernel.faults import Fault


@dataclass(slots=True)
class OpenEntry:
    """The entry being written; a service fills in what it knows before its block ends.

    `renews`: all witnessed rows are taken as they stand (`witnessing.renew`); only what a person accepted has a reason.
    """

    actor: Actor
    what: str
    place_id: int | None
    reason: str
    at: datetime
    subject: str = ""
    renews: bool = False
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a trail: its number and hash. An empty trail has number 0."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class AnchorMark:
    """A line of the anchor's log: which head was reached when (UTC, text), and why the line was written.

    `kind` is "moved" by an act, "accepted" or "restored" by a person: lines before the last of these two are history.
    """

    head: Head
    at: str
    kind: str
    after: str
    seal: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """What Heli met and stopped for, and since when (UTC, text)."""

    at: str
    code: str
    message: str
    source: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying the trail found: how many entries are in order, the head, and the first broken row, if any.

    The first `accepted` entries are vouched for by a later one, written when a person had looked into them.
    """

    checked: int
    head: Head
    anchored: Head | None
    fault: Fault | None = None
    accepted: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault is None


@dataclass(frozen=True, slots=True)
class Witness:
    """A model that a context offers to the trail ("places.Fact"): raw changes of its rows are found by `heli check`.

    Left out are fields that change without an act, or are hashed in a column of their own.
    """

    model: str
    leaving_out: tuple[str, ...] = ()
