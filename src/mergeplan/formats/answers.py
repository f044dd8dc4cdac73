"""Answers to questions for maps and for people: a line of the answer becomes a point on the map or a row of a workbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mergeplan.formats.export import open_book, write_sheet
from mergeplan.questions.answers import Line, Solved


def write_answer_geojson(solved: Solved, path: str | Path) -> None:
    """One point per line that has a place, in the file's own metres. Raises `ValueError` where nothing has one."""
    placed = [line for line in solved.lines if line.get("x") is not None]
    if not placed:
        raise ValueError("nothing in this answer has a place on a map")
    features = [
        {
            "type": "Feature",
            "id": number,
            "properties": {key: value for key, value in line.items() if key not in ("x", "y")},
            "geometry": {"type": "Point", "coordinates": [line["x"], line["y"]]},
        }
        for number, line in enumerate(placed, start=1)
    ]
    head = {"type": "FeatureCollection", "coordinates": "local metres", "status": solved.status.value}
    collection = {**head, "objective": solved.objective, "bound": solved.bound, "features": features}
    Path(path).write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def write_answer_xlsx(solved: Solved, path: str | Path) -> None:
    """A workbook with the sheets summary and lines. Text is never read as a formula."""
    head: dict[str, Any] = {"form": solved.form, "status": solved.status.value, "objective": solved.objective}
    summary = [[key, value] for key, value in (head | {"bound": solved.bound}).items()]
    summary += [["remark", said] for said in solved.explanation]
    heads = list(dict.fromkeys(key for line in solved.lines for key in line))
    with open_book(path) as (book, looks):
        write_sheet(book.add_worksheet("summary"), ["item", "value"], summary, looks)
        rows = [[_cell(line, head) for head in heads] for line in solved.lines]
        write_sheet(book.add_worksheet("lines"), heads, rows, looks)


def _cell(line: Line, head: str) -> object:
    value = line.get(head)
    return ("yes" if value else "no") if isinstance(value, bool) else value
