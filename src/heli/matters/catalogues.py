"""Data files of matters: office hours."""

from datetime import time
from functools import cache
from pathlib import Path

from heli.kernel.faults import Refused
from heli.kernel.packs import Key, Shape, find_file, load_pack
from heli.matters.rules.clocks import Opening

DATA = Path(__file__).parent / "data"
HOURS_KEYS = (
    Key(
        "hours", Shape.TABLES, "when offices are open, in order", least=1,
        keys=(Key("opens", Shape.TEXT, "such as 08:30"), Key("closes", Shape.TEXT, "such as 12:00")),
    ),
)  # fmt: skip


@cache
def office_hours() -> tuple[Opening, ...]:
    """The hours of a working day, in order. Raises `Refused` for hours that are none or overlap."""
    pack = load_pack(find_file(DATA / "office-hours.toml", "matters/office-hours.toml"), HOURS_KEYS)
    found: list[Opening] = []
    for number, one in enumerate(pack.data["hours"]):
        try:
            opens, closes = time.fromisoformat(one["opens"]), time.fromisoformat(one["closes"])
        except ValueError:
            opens = closes = time.max
        if not (found[-1][1] if found else time.min) <= opens < closes:
            message = "Offices open before they close, and after they closed before: write 08:30 and 12:00."
            raise Refused(pack.fault(("hours", number, "opens"), "office_hours", message))
        found.append((opens, closes))
    return tuple(found)
