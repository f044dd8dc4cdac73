"""What the pattern page shows: invented rows, shapes and curves, the same every time, touching no context."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from heli.kernel.faults import Fault, Severity
from heli.kernel.quantities import Ratio

COLUMNS, ROWS = 9, 6
WEST, SOUTH = 106.85, 30.45
STEP = 0.03
"""The invented district: a grid of cells this wide, in degrees."""
KINDS = {
    "single": _("unchanged"),
    "two_in_one": _("two in one"),
    "three_in_one": _("three in one"),
    "absorbed": _("absorbed"),
}
SYLLABLES = "大佛小井新桥代市护安观阁广兴龙滩虎城桂花石坝双河高岭"


@dataclass(frozen=True, slots=True)
class SampleVillage:
    """One invented village."""

    id: int
    code: str
    name: str
    town: str
    kind: str
    population: int | None
    founded: date

    @property
    def share(self) -> Ratio | None:
        """Its part of 100,000 people."""
        return Ratio(self.population, 100_000) if self.population is not None else None


def jitter(seed: int) -> float:
    """A number in [0, 1) that looks random and never changes."""
    return ((seed * 2654435761) % 2**32) / 2**32


def places() -> list[SampleVillage]:
    """The invented villages, row by row."""
    names = [SYLLABLES[i : i + 2] for i in range(0, len(SYLLABLES), 2)]
    result = []
    for n in range(COLUMNS * ROWS):
        population = None if n == 17 else 700 + int(3200 * jitter(n + 3) ** 1.6)
        kind = list(KINDS)[int(4 * jitter(n + 91) ** 1.4)]
        name = f"{names[n % len(names)]}{'东西南北中'[n // len(names) % 5]}村"
        town = (_("East town"), _("West town"), _("North town"))[(n % COLUMNS) // 3]
        founded = date(1950 + n, 1 + n % 12, 1)
        result.append(
            SampleVillage(n, f"9900{n // 9 + 1:02d}{200 + n:06d}", name, str(town), kind, population, founded)
        )
    return result


def corner(column: int, row: int) -> list[float]:
    """A shared corner of the cells, moved a little so that the map looks grown."""
    seed = row * 100 + column + 7
    return [
        round(WEST + STEP * (column + 0.55 * jitter(seed) - 0.27), 5),
        round(SOUTH + STEP * 0.85 * (row + 0.55 * jitter(seed + 5000) - 0.27), 5),
    ]


def cell(column: int, row: int, width: int = 1, height: int = 1) -> list[list[float]]:
    """The closed ring around a block of cells."""
    ring = [corner(c, row) for c in range(column, column + width)]
    ring += [corner(column + width, r) for r in range(row, row + height)]
    ring += [corner(c, row + height) for c in range(column + width, column, -1)]
    ring += [corner(column, r) for r in range(row + height, row, -1)]
    return [*ring, ring[0]]


def map_features() -> dict[str, Any]:
    """The villages as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "id": place.id,
            "geometry": {"type": "Polygon", "coordinates": [cell(place.id % COLUMNS, place.id // COLUMNS)]},
            "properties": {
                "id": place.id,
                "name": place.name,
                "kind": place.kind,
                "population": place.population,
                "town": place.town,
            },
        }
        for place in places()
    ]
    return {"type": "FeatureCollection", "features": features}


def town_features() -> dict[str, Any]:
    """The towns around them."""
    features = [
        {
            "type": "Feature",
            "id": column,
            "geometry": {"type": "Polygon", "coordinates": [cell(column, 0, 3, ROWS)]},
            "properties": {"id": column},
        }
        for column in range(0, COLUMNS, 3)
    ]
    return {"type": "FeatureCollection", "features": features}


def curve() -> dict[str, Any]:
    """A cost curve with a point marked."""
    points = [[n, round(4 + 90 / (n - 20), 2), f"plan-{n}"] for n in range(26, 50)]
    return {
        "x_label": str(_("villages that remain")),
        "y_label": str(_("mean distance to the centre, km")),
        "series": [{"name": str(_("best plan")), "points": points}],
        "marks": [{"x": 32, "label": str(_("target"))}],
    }


def histogram() -> dict[str, Any]:
    """Sizes before and after."""
    return {
        "x_label": str(_("people")),
        "y_label": str(_("villages")),
        "edges": [0, 500, 1000, 1500, 2000, 2500, 3000, 4000],
        "series": [
            {"name": str(_("before")), "counts": [3, 14, 18, 9, 6, 3, 1]},
            {"name": str(_("after")), "counts": [0, 1, 3, 8, 12, 6, 2]},
        ],
    }


def stacked() -> dict[str, Any]:
    """Kinds by town."""
    towns = [str(_("East town")), str(_("West town")), str(_("North town"))]
    values = {"single": [4, 2, 5], "two_in_one": [6, 8, 3], "three_in_one": [2, 1, 3], "absorbed": [1, 0, 2]}
    return {
        "categories": towns,
        "horizontal": True,
        "series": [{"name": str(KINDS[kind]), "values": counts} for kind, counts in values.items()],
    }


def burnup() -> dict[str, Any]:
    """Steps done by day, under a plan."""
    days = [date(2026, 9, 1) + timedelta(days=at) for at in range(0, 60, 4)]
    planned = [[day.isoformat(), at * 3] for at, day in enumerate(days)]
    done = [[day.isoformat(), int(at * 3 - 4 * jitter(at))] for at, day in enumerate(days[:9]) if at]
    return {
        "total": 42,
        "total_label": str(_("all")),
        "on": days[8].isoformat(),
        "on_label": str(_("today")),
        "y_label": str(_("steps")),
        "series": [
            {"name": str(_("done so far")), "points": done},
            {"name": str(_("plan")), "points": planned, "dashed": True},
        ],
    }


def faults() -> list[Fault]:
    """One of each severity, as an import reports them."""
    return [
        Fault(
            "code_length",
            str(_("The code has 11 digits; a statistical code has 12. Add the missing digit.")),
            field=str(_("code")),
            source=str(_("row 12")),
        ),
        Fault(
            "kind_contradicts_name",
            str(_("The name says community, the code says village. Both are kept; check the list.")),
            Severity.WARNING,
            str(_("name")),
            str(_("row 40")),
        ),
        Fault("county_part_zero", str(_("A city without counties: code part 00 is right here.")), Severity.NOTE),
    ]


def icon_names() -> list[str]:
    """Every drawing in the sprite."""
    sprite = Path(__file__).resolve().parent / "static" / "ui" / "icons.svg"
    return re.findall(r'<symbol id="(\w+)"', sprite.read_text("utf-8"))
