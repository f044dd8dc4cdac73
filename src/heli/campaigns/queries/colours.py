"""Which rules of colours hold, and the colours of a campaign today."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from heli.campaigns.models import Campaign
from heli.campaigns.queries.standing import clock_of, colours_of, live_standing
from heli.campaigns.rules import colours
from heli.campaigns.rules.colours import KEYS, Coloured, ColourRules
from heli.kernel.packs import Pack, find_files, load_pack

SHIPPED = Path(__file__).parents[1] / "data" / "colours"


class PinsRules(Protocol):
    """A row that has pinned rules in the columns of `colours.pinned`: a campaign, a frozen week."""

    pack_id: Any
    pack_version: Any
    pack_sha256: Any
    rules: Any


@lru_cache(maxsize=8)
def _packs(files: tuple[tuple[Path, int], ...]) -> tuple[Pack, ...]:
    return tuple(load_pack(path, KEYS) for path, _changed in files)


def rules_in_force(on: date) -> ColourRules:
    """The rule pack of colours for a day: the locality's if it has one, else the shipped one."""
    files = find_files(SHIPPED, "campaigns/colours").values()
    return colours.choose_rules(_packs(tuple((path, path.stat().st_mtime_ns) for path in files)), on)


def rules_of(row: PinsRules) -> ColourRules:
    """The rules that a campaign pinned when it was opened, or a week when it was frozen; an edit of the pack changes neither."""
    return colours.rules_from(row.rules, pack_id=row.pack_id, version=row.pack_version, sha256=row.pack_sha256)


def live_colours(campaign: Campaign, on: date) -> list[Coloured]:
    """The colour of every place of a campaign today; a constant number of queries."""
    return colours_of(live_standing(campaign, on), clock_of(campaign, on), rules_of(campaign))
