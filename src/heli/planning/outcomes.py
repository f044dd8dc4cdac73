"""What a district really did (data/real_outcomes.toml): shown beside a plan for comparison, never as its target."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "real_outcomes.toml"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A district's own merger as its official lists show it; `towns` maps names to villages (before, after)."""

    name: str
    source: str
    before_on: date
    after_on: date
    before: int
    after: int
    two_in_one: int
    three_in_one: int
    absorbed: int
    by_absorption: tuple[str, ...]
    towns: dict[str, tuple[int, int]]


@cache
def outcomes() -> dict[str, Outcome]:
    """Outcomes by six-digit district code. Raises `ValueError` naming the entry whose counts do not add up."""
    found: dict[str, Outcome] = {}
    for code, row in tomllib.loads(FILE.read_text("utf-8")).items():
        if not isinstance(row, dict):
            continue
        towns = {name: (before, after) for name, (before, after) in row.pop("towns").items()}
        outcome = Outcome(**{**row, "by_absorption": tuple(row["by_absorption"])}, towns=towns)
        sums = [sum(pair[side] for pair in towns.values()) for side in (0, 1)]
        fewer = outcome.two_in_one + 2 * outcome.three_in_one + outcome.absorbed
        if sums != [outcome.before, outcome.after] or fewer != outcome.before - outcome.after:
            raise ValueError(f"{FILE}: [{code}]: the counts do not add up")
        found[code] = outcome
    return found


def outcome_of(district_code: str) -> Outcome | None:
    """What the district with this code really did, where that is known."""
    return outcomes().get(district_code[:6])
