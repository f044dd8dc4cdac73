"""Who asks, and the two questions every context asks of access: `may` and `scope`.

`accounts` answers from start-up on (`answer_with`), so lower contexts ask without importing it. Nothing here knows roles by name.
"""

from dataclasses import dataclass
from typing import Protocol

from heli.kernel.faults import Fault, Forbidden


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held over a place subtree, a body, or (neither given) over the whole installation."""

    role: str
    place_id: int | None = None
    body_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of an act: a signed-in person, the system itself, or nobody in particular (`PUBLIC`).

    `id` is the account's key (None for system and public); `name` is written beside it in the audit trail.
    """

    id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    is_system: bool = False


SYSTEM = Actor(None, "system", is_system=True)
"""Scheduled jobs and the command line: trusted with everything, named in the trail."""

PUBLIC = Actor(None, "public")
"""A stranger: sees what is published, nothing else."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an actor may reach: everything, or the subtrees of some places and some bodies. Empty means nothing."""

    everything: bool = False
    place_ids: frozenset[int] = frozenset()
    body_ids: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everything or bool(self.place_ids) or bool(self.body_ids)


class Answers(Protocol):
    """What `accounts` supplies."""

    def may(self, actor: Actor, action: str, place_id: int | None) -> bool: ...

    def scope(self, actor: Actor, action: str) -> Scope: ...


_answers: list[Answers] = []


def answer_with(answers: Answers) -> None:
    """Install the one party that answers; called once at start-up."""
    _answers[:] = [answers]


def may(actor: Actor, action: str, place_id: int | None = None) -> bool:
    """Whether the actor may do `action` ("places.merge") at the place; without a place: anywhere at all."""
    return actor.is_system or (bool(_answers) and _answers[0].may(actor, action, place_id))


def scope(actor: Actor, action: str) -> Scope:
    """Where the actor may do `action`; the empty scope before anyone answers."""
    if actor.is_system:
        return Scope(everything=True)
    return _answers[0].scope(actor, action) if _answers else Scope()


def speaks_for(actor: Actor, action: str, body_id: int | None) -> bool:
    """Whether the actor may do this in the name of a body: by a role held over that body itself."""
    return actor.is_system or body_id in scope(actor, action).body_ids


def require(actor: Actor, action: str, place_id: int | None = None) -> None:
    """Raise `Forbidden` unless the actor may do this here."""
    if not may(actor, action, place_id):
        raise Forbidden(Fault("forbidden", f"{actor.name} may not do {action} here", field="", source=action))


def require_everywhere(actor: Actor, action: str) -> None:
    """Raise `Forbidden` unless the actor may do this over the whole installation; `require` without a place asks for any."""
    if not scope(actor, action).everything:
        raise Forbidden(Fault("forbidden", f"{actor.name} may not do {action} everywhere", field="", source=action))
