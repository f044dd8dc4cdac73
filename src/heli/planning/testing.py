"""Builders for tests: districts drawn as text.

Each word of a drawing is a village on a square of 1 km; its letter is the town, a capital letter first means a community:

    a1 a2 b1
    a3 a4 Cb     four villages of town a, one of town b, one community of town b
"""

from collections.abc import Mapping
from datetime import date

from heli.planning.types import Border, Material, Town, Village

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
            is_community=is_community(word),
        )
        for word, x, y in cells
    )
    borders = tuple(
        Border(min(numbers[a], numbers[b]), max(numbers[a], numbers[b]), CELL_M, affinity)
        for a, ax, ay in cells
        for b, bx, by in cells
        if (bx - ax, by - ay) in ((1, 0), (0, 1))
    )
    return Material(100, "示例区", "511603000000", DAY, True, tuple(towns.values()), villages, borders)
