"""What a context offers upwards, by name: figures, gates and acts. The offering side declares, the higher contexts collect."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from heli.kernel.problems import Problem


@dataclass(frozen=True, slots=True)
class Act:
    """Something a context can do when a step is accepted ("planning.apply_plan"); idempotent, refuses with `Refused`."""

    id: str
    title: str
    run: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Gate:
    """A question a step may require to be answered before it passes; no problems means the gate is open."""

    id: str
    title: str
    check: Callable[..., Iterable[Problem]]
