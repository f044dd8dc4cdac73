"""The weeks of a campaign: which rules hold, when weeks end, what was frozen, contests, and the streaks of red."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.utils import timezone

from heli.campaigns.models import Campaign
from heli.campaigns.queries.standing import clock_of, colours_of, live_standing
from heli.campaigns.rules import colours
from heli.campaigns.rules.colours import KEYS, Coloured, ColourRules
from heli.kernel.packs import Pack, find_files, load_pack
from heli.warnings.models import FrozenWeek

SHIPPED = Path(__file__).parents[1] / "data" / "colours"


# --- rules and moments -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _packs(files: tuple[tuple[Path, int], ...]) -> tuple[Pack, ...]:
    return tuple(load_pack(path, KEYS) for path, _changed in files)


def rules_in_force(on: date) -> ColourRules:
    """The rule pack of colours for a day: the locality's if it has one, else the shipped one."""
    files = find_files(SHIPPED, "campaigns/colours").values()
    return colours.choose_rules(_packs(tuple((path, path.stat().st_mtime_ns) for path in files)), on)


def rules_of(campaign: Campaign) -> ColourRules:
    """The rules of a campaign: those its first frozen week pinned, before that the ones in force when it was opened.

    An edit of the pack changes no running campaign.
    """
    first = FrozenWeek.objects.filter(campaign=campaign).order_by("number").first()
    return rules_in_force(timezone.localdate(campaign.opened_at)) if first is None else rules_of_week(first)


def rules_of_week(week: FrozenWeek) -> ColourRules:
    """The rules that a frozen week has pinned."""
    return colours.rules_from(week.rules, pack_id=week.pack_id, version=week.pack_version, sha256=week.pack_sha256)


# --- live --------------------------------------------------------------------------------------------------------------


def live_colours(campaign: Campaign, on: date) -> list[Coloured]:
    """The colour of every place of a campaign today; a constant number of queries."""
    return colours_of(live_standing(campaign, on), clock_of(campaign, on), rules_of(campaign))
