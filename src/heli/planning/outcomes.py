"""What a district really did (data/real_outcomes.toml): shown beside a plan for comparison, never as its target."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from heli.kernel.faults import Refused
from heli.kernel.packs import Key, Shape, load_pack

FILE = Path(__file__).parent / "data" / "real_outcomes.toml"
TOWN_KEYS = (
    Key("name", Shape.TEXT, "the town"),
    Key("before", Shape.WHOLE, "its villages before", least=0),
    Key("after", Shape.WHOLE, "its villages after", least=0),
)
DISTRICT_KEYS = (
    Key("name", Shape.TEXT, "the district"),
    Key("source", Shape.TEXT, "the lists and papers that say so"),
    Key("before_on", Shape.DAY, "the day of the list before"),
    Key("after_on", Shape.DAY, "the day of the list after"),
    Key("before", Shape.WHOLE, "all villages before", least=0),
    Key("after", Shape.WHOLE, "all villages after", least=0),
    Key("two_in_one", Shape.WHOLE, "mergers of two", least=0),
    Key("three_in_one", Shape.WHOLE, "mergers of three", least=0),
    Key("absorbed", Shape.WHOLE, "villages that went into communities", least=0),
    Key("by_absorption", Shape.TEXTS, "towns that shrank further than mergers allow"),
    Key("towns", Shape.TABLES, "every town with its villages", keys=TOWN_KEYS, least=1),
)
KEYS = (Key("districts", Shape.NAMED, "outcomes by six-digit code", keys=DISTRICT_KEYS),)


@dataclass(frozen=True, slots=True)
class OfficialOutcome:
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
def outcomes() -> dict[str, OfficialOutcome]:
    """Outcomes by six-digit district code. Raises `Refused` naming file and line; also where counts do not add up."""
    pack = load_pack(FILE, KEYS)
    found: dict[str, OfficialOutcome] = {}
    for code, row in pack.data["districts"].items():
        towns = {town["name"]: (town["before"], town["after"]) for town in row["towns"]}
        outcome = OfficialOutcome(**{**row, "by_absorption": tuple(row["by_absorption"]), "towns": towns})
        sums = [sum(pair[side] for pair in towns.values()) for side in (0, 1)]
        fewer = outcome.two_in_one + 2 * outcome.three_in_one + outcome.absorbed
        if sums != [outcome.before, outcome.after] or fewer != outcome.before - outcome.after:
            raise Refused(pack.fault(("districts", code), "sums", "The counts do not add up."))
        found[code] = outcome
    return found


def outcome_of(district_code: str) -> OfficialOutcome | None:
    """What the district with this code really did, where that is known."""
    return outcomes().get(district_code[:6])
