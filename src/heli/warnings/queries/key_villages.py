"""Key complex villages: those kept, and those the facts propose."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.db.models import Count, Q

from heli.bodies import queries as bodies
from heli.bodies.types import Answering
from heli.campaigns.queries import Campaign, village_tracks
from heli.campaigns.types import Colour, SeatLevel
from heli.kernel.packs import find_file, load_pack
from heli.places import queries as places
from heli.problems.queries import open_problems
from heli.warnings.models import FrozenColour, KeyVillage
from heli.warnings.rules.key_villages import (
    KEYS,
    KeyRules,
    Reason,
    compute_points,
    compute_reasons,
    parse_key_rules,
    tier_of,
)
from heli.warnings.types import Tier

SHIPPED = Path(__file__).parents[1] / "data" / "key_villages.toml"


@lru_cache(maxsize=4)
def _rules(path: Path, _changed: int) -> KeyRules:
    return parse_key_rules(load_pack(path, KEYS))


def key_rules() -> KeyRules:
    """The kinds of reasons and the tiers of this installation."""
    path = find_file(SHIPPED, "warnings/key_villages.toml")
    return _rules(path, path.stat().st_mtime_ns)


def valid_on(on: date) -> Q:
    """Rows valid on the day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key village as lists show it."""

    kept: KeyVillage
    name: str
    town_name: str
    reasons: Sequence[Reason]
    answering: Sequence[Answering]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A village that the facts propose, with the reasons."""

    place: int
    public_id: str
    name: str
    town_name: str
    reasons: Sequence[Reason]
    points: int
    tier: Tier


def key_villages(campaign: Campaign, on: date, visible: Collection[int] | None) -> list[KeyRow]:
    """The key villages of a day by tier and points, with who answers for them. Constant queries."""
    rows = KeyVillage.objects.filter(valid_on(on), campaign=campaign).select_related("team", "leader__person", "place")
    kept = [row for row in rows if visible is None or row.place_id in visible]
    placed = places.rows_of([row.place_id for row in kept], on)
    gone = places.names_at([row.place_id for row in kept if row.place_id not in placed], on)
    answering = bodies.who_answers_for_all([row.place_id for row in kept], on)
    order = list(Tier)
    found = [
        KeyRow(
            row,
            placed[row.place_id].name if row.place_id in placed else gone.get(row.place_id, ""),
            placed[row.place_id].parent_name if row.place_id in placed else "",
            [Reason(**reason) for reason in row.reasons],
            answering.get(row.place_id, []),
        )
        for row in kept
    ]
    return sorted(found, key=lambda row: (order.index(Tier(row.kept.tier)), -row.kept.points, row.kept.pk))


def find_key_village(campaign: Campaign, public_id: str, visible: Collection[int] | None) -> KeyVillage | None:
    """A key village of the campaign, if its place may be seen."""
    found = KeyVillage.objects.filter(campaign=campaign, public_id=public_id).select_related("campaign").first()
    return found if found is not None and (visible is None or found.place_id in visible) else None


def suggestions(campaign: Campaign, on: date, visible: Collection[int] | None) -> list[Suggestion]:
    """Villages of the campaign that the facts make key ones and that nobody has proposed yet, heaviest first."""
    rules = key_rules()
    villages = set(village_tracks(campaign).filter(ended_at=None).values_list("place_id", flat=True))
    if visible is not None:
        villages &= set(visible)
    villages -= set(KeyVillage.objects.filter(valid_on(on), campaign=campaign).values_list("place_id", flat=True))
    values = values_of(campaign, villages, on, rules)
    found = []
    placed = places.rows_of(villages, on)
    for place in sorted(placed):
        reasons = compute_reasons(values.get(place, {}), rules)
        points = compute_points(reasons, rules)
        tier = tier_of(points, rules)
        if tier is not None:
            row = placed[place]
            found.append(Suggestion(place, row.public_id, row.name, row.parent_name, reasons, points, tier))
    return sorted(found, key=lambda one: (-one.points, one.place))


def values_of(campaign: Campaign, place_ids: Collection[int], on: date, rules: KeyRules) -> dict[int, dict[str, int]]:
    """What Heli knows of each place: {place: {kind: value}}; one query per kind that is read."""
    found: dict[int, dict[str, int]] = {}
    for key, kind in rules.kinds.items():
        if not kind.read_from:
            continue
        if kind.read_from == "red_weeks":
            values = _red_weeks(campaign, place_ids)
        elif kind.read_from == "open_problems":
            values = _open_problems(campaign, place_ids)
        else:
            facts = places.facts_on(place_ids, kind.read_from, on)
            values = {place: fact.value for place, fact in facts.items()}
        for place, value in values.items():
            found.setdefault(place, {})[key] = value
    return found


def _red_weeks(campaign: Campaign, place_ids: Collection[int]) -> dict[int, int]:
    rows = FrozenColour.objects.filter(
        week__campaign=campaign, week__counts=True, level=SeatLevel.VILLAGE, colour=Colour.RED, place__in=place_ids
    )
    return dict(rows.values_list("place_id").annotate(count=Count("pk")).order_by())


def _open_problems(campaign: Campaign, place_ids: Collection[int]) -> dict[int, int]:
    rows = open_problems(campaign.public_id).filter(place__in=place_ids)
    return dict(rows.values_list("place_id").annotate(count=Count("pk")).order_by())
