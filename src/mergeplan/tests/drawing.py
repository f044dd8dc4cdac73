"""Draw a small county in the test that uses it: letters are villages, a line is a row of 1 km cells."""

from __future__ import annotations

from typing import Any

from mergeplan import Instance, instance_from_json


def county_raw(picture: str, pop: int | dict[str, int] = 1000, **rules: Any) -> dict[str, Any]:
    """JSON form of a drawn county. Cells that touch are neighbours (1,000 m, affinity 500); `.` is water.

    Lower and upper case are two towns; ids are the letters.
    """
    cells = {
        letter: (col, row)
        for row, line in enumerate(picture.split())
        for col, letter in enumerate(line)
        if letter != "."
    }
    letters = sorted(cells)
    at = {place: i for i, place in enumerate(cells[v] for v in letters)}
    edges = [
        [i, at[col + dc, row + dr], 1000, 500]
        for i, (col, row) in enumerate(cells[v] for v in letters)
        for dc, dr in ((1, 0), (0, 1))
        if (col + dc, row + dr) in at
    ]
    raw: dict[str, Any] = {
        "n": len(letters),
        "id": letters,
        "x": [cells[v][0] * 1000 for v in letters],
        "y": [cells[v][1] * 1000 for v in letters],
        "pop": [pop if isinstance(pop, int) else pop.get(v, 1000) for v in letters],
        "area": [10**6] * len(letters),
        "perim": [4000] * len(letters),
        "town": ["lower" if v.islower() else "upper" for v in letters],
        "edges": edges,
        "k": 3,
        "Pmin": 0,
        "Pmax": 6000,
        "R": 6000,
        "T": 2000,
        "K": len(letters),
    }
    return {**raw, **rules}


def draw_county(picture: str, pop: int | dict[str, int] = 1000, **rules: Any) -> Instance:
    """A drawn county as an instance."""
    return instance_from_json(county_raw(picture, pop, **rules))


def members_of(plan: Any) -> set[str]:
    """Units as words: {"ab", "c"}."""
    return {"".join(map(str, u.members)) for u in plan.units}
