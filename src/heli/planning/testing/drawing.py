"""Districts drawn as text.

Each word of a drawing is a village on a square of 1 km; its letter is the town, a capital letter first means a community:

    a1 a2 b1
    a3 a4 Cb     four villages of town a, one of town b, one community of town b
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shapely import Polygon, box

from heli.audit.services import writing
from heli.kernel.access import SYSTEM
from heli.places import services as places
from heli.places.models import PlaceVersion
from heli.places.services.neighbours import NeighbourSpec
from heli.places.types import EventKind, EventSpec, FactSpec, Level, LinkSpec, PlaceKind, PlaceSpec
from heli.planning.queries import POPULATION
from heli.planning.types import Material, SharedBorder, Town, Village

CELL_M = 1000
DAY = date(2026, 1, 1)


def drawn(text: str) -> list[tuple[str, int, int]]:
    """The words of a drawing with column and row; "." leaves a hole."""
    rows = [line.split() for line in text.strip().splitlines()]
    return [(word, x, len(rows) - 1 - y) for y, row in enumerate(rows) for x, word in enumerate(row) if word != "."]


def town_letter(word: str) -> str:
    """The town of a drawn village: "a1" → a, "Cb" (a community) → b."""
    return word[1] if word[0].isupper() else word[0]


def is_community(word: str) -> bool:
    """Whether the word draws a community."""
    return word[0].isupper()


def draw_material(
    text: str, population: Mapping[str, int] | None = None, usual: int = 1200, affinity: int = 500
) -> Material:
    """Pinned inputs as drawn; ids count from 1 in reading order, towns from 101 by letter."""
    cells = drawn(text)
    letters = sorted({town_letter(word) for word, _, _ in cells})
    towns = {
        letter: Town(101 + number, f"{letter}镇", f"5116031{number:02d}000") for number, letter in enumerate(letters)
    }
    numbers = {word: number for number, (word, _, _) in enumerate(cells, start=1)}
    villages = tuple(
        Village(
            id=numbers[word],
            public_id=f"p{numbers[word]}",
            name=word,
            code="",
            town=towns[town_letter(word)].id,
            x=x * CELL_M,
            y=y * CELL_M,
            population=(population or {}).get(word, usual),
            area_m2=CELL_M * CELL_M,
            perimeter_m=4 * CELL_M,
            lon=106.8 + x / 100,
            lat=30.5 + y / 100,
            is_community=is_community(word),
        )
        for word, x, y in cells
    )
    borders = tuple(
        SharedBorder(min(numbers[a], numbers[b]), max(numbers[a], numbers[b]), CELL_M, affinity)
        for a, ax, ay in cells
        for b, bx, by in cells
        if (bx - ax, by - ay) in ((1, 0), (0, 1))
    )
    return Material(100, "示例区", "511603000000", DAY, True, tuple(towns.values()), villages, borders)


@dataclass(frozen=True, slots=True)
class DrawnDistrict:
    """A drawn district in the register: its key, and the keys of its towns ("a镇") and villages by name."""

    id: int
    keys: Mapping[str, int]

    def __getitem__(self, name: str) -> int:
        return self.keys[name]

    def unit(self, names: str) -> tuple[int, ...]:
        """The keys of some villages (names apart by spaces), sorted."""
        return tuple(sorted(self.keys[name] for name in names.split()))


def draw_district(
    text: str,
    population: Mapping[str, int] | None = None,
    *,
    usual: int = 1200,
    code: str = "511603",
    on: date = date(2020, 1, 1),
    with_figures: bool = True,
    above: str = "",
) -> DrawnDistrict:
    """Write a drawing into the register: places with square outlines, populations and common borders.

    `above` names a city; districts with the same one stand under the same city.
    """
    cells = drawn(text)
    letters = sorted({town_letter(word) for word, _, _ in cells})
    city = PlaceVersion.objects.filter(name=above, kind=PlaceKind.CITY).values_list("place_id", flat=True).first()
    founds = (
        {}
        if not above or city
        else {above: PlaceSpec(name=above, kind=PlaceKind.CITY, code=f"{code[:4]}00000000", level=Level.CITY)}
    )
    founds["district"] = PlaceSpec(
        name=f"示例区{code}", kind=PlaceKind.DISTRICT, code=f"{code}000000", parent=city or above or None
    )
    for number, letter in enumerate(letters):
        founds[f"{letter}镇"] = PlaceSpec(
            name=f"{letter}镇", kind=PlaceKind.TOWN, code=f"{code}{100 + number}000", parent="district"
        )
    numbers: Counter[tuple[str, bool]] = Counter()
    with writing(SYSTEM, "places.edit"):
        for word, x, y in cells:
            town, kind = town_letter(word), PlaceKind.COMMUNITY if is_community(word) else PlaceKind.VILLAGE
            first = 1 if is_community(word) else 200
            founds[word] = PlaceSpec(
                name=word,
                kind=kind,
                code=f"{code}{100 + letters.index(town)}{first + numbers[town, is_community(word)]:03d}",
                parent=f"{town}镇",
                outline_id=places.add_outline(shape=square(x, y), is_sample=True).pk,
            )
            numbers[town, is_community(word)] += 1
        event = EventSpec(
            kind=EventKind.FOUND,
            on=on,
            links=tuple(LinkSpec(source=None, target=name) for name in founds),
            founds=founds,
        )
        keys = dict(places.record_event(actor=SYSTEM, event=event).founded)
        if with_figures:
            people = {word: (population or {}).get(word, usual) for word, _, _ in cells}
            facts = [FactSpec(place_id=keys[w], measure=POPULATION, on=on, value=n) for w, n in people.items()]
            places.record_facts(actor=SYSTEM, facts=facts)
        pairs = [
            NeighbourSpec(a_id=keys[a], b_id=keys[b], border_m=CELL_M)
            for a, ax, ay in cells
            for b, bx, by in cells
            if (bx - ax, by - ay) in ((1, 0), (0, 1))
        ]
        places.replace_computed_neighbours(actor=SYSTEM, district_id=keys["district"], on=on, pairs=pairs)
    return DrawnDistrict(keys["district"], keys)


def square(x: int, y: int) -> Polygon:
    """The cell in column x and row y as degrees near 30.5° N, about a kilometre wide."""
    west, south, wide, high = 106.8 + x * 0.01045, 30.5 + y * 0.00902, 0.01045, 0.00902
    return box(west, south, west + wide, south + high)
