"""Two versions of a playbook side by side, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

from heli.campaigns.types import Playbook, StepRule


@dataclass(frozen=True, slots=True)
class StepChange:
    """One attribute of a step that is not what it was; `field` is the name of a `StepRule` field."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class PlaybookDiff:
    """Two versions side by side, by step key in the order of the newer one: a changed step is kept, but says what changed."""

    kept: tuple[str, ...]
    new: tuple[str, ...]
    dropped: tuple[str, ...]
    changed: Mapping[str, tuple[StepChange, ...]]


def compare_playbooks(old: Playbook, new: Playbook) -> PlaybookDiff:
    """What becomes of every step when a campaign goes from one playbook to the other. A step is known by its key."""
    shared = [key for key in new.by_key if key in old.by_key]
    changes = {key: _changes(old.by_key[key], new.by_key[key]) for key in shared}
    return PlaybookDiff(
        kept=tuple(key for key in shared if not changes[key]),
        new=tuple(key for key in new.by_key if key not in old.by_key),
        dropped=tuple(key for key in old.by_key if key not in new.by_key),
        changed=MappingProxyType({key: found for key, found in changes.items() if found}),
    )


def _changes(old: StepRule, new: StepRule) -> tuple[StepChange, ...]:
    pairs = ((each.name, getattr(old, each.name), getattr(new, each.name)) for each in fields(StepRule))
    # The line moves with every edit above it and means nothing.
    return tuple(StepChange(*pair) for pair in pairs if pair[0] != "line" and pair[1] != pair[2])
