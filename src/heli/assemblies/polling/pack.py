"""A polling pack told once, and drawn: pure values in, the bytes of a PDF out. Paper only: nothing on it tells two voters apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from heli.assemblies.rules.ballots import BallotPost, draw_ballot
from heli.assemblies.rules.hall import HallPart, HallPlan, HallWish, Placed, lay_out, scale_of
from heli.files.documents import render_drawn
from heli.kernel.packs import Key, Shape, find_file, load_pack

SOURCE = Path(__file__).parent / "pack.typ"
SHIPPED = Path(__file__).parents[1] / "data" / "polling" / "pack.toml"
LYING, STANDING = (269, 160), (182, 245)
"""Room for the hall on a sheet of A4 in millimetres."""


def _texts(*names: str) -> tuple[Key, ...]:
    return tuple(Key(name, Shape.TEXT, "as it is printed") for name in names)


PLAN_WORDS = (
    *("title", "scale", "seated", "standing", "unseated", "host", "count", "board", "box", "desk", "booth"),
    *("wheelchair", "entrance", "exit"),
)
PACK_KEYS = (
    Key("titles", Shape.TABLE, "headings", keys=_texts("checklist", "ballot", "script", "signed", "second")),
    Key(
        "ballot", Shape.TABLE, "words on the ballot",
        keys=(
            *_texts("seats", "name", "mark", "other", "sample", "seal", "order"),
            Key("rules", Shape.TEXTS, "how it is filled in", least=1),
        ),
    ),
    Key("plan", Shape.TABLE, "words on the hall's plan", keys=_texts(*PLAN_WORDS)),
    Key(
        "signs", Shape.TABLES, "one sheet each",
        keys=(
            Key("text", Shape.TEXT, "in large type"),
            Key("note", Shape.TEXT, "below it", False),
            Key("each", Shape.TEXT, "desks: one with a number for each", False, choices=("desks",)),
        ),
    ),
    Key(
        "label", Shape.TABLE, "labels of the boxes",
        keys=(*_texts("fixed", "mobile"), Key("lines", Shape.TEXTS, "lines"), Key("signed", Shape.TEXTS, "who signs")),
    ),
    Key("checks", Shape.TABLES, "parts of the checklist", keys=(*_texts("title"), Key("items", Shape.TEXTS, "lines"))),
    Key("script", Shape.TABLES, "what the host says", keys=_texts("title", "text")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PollingPack:
    """What a pack is made of. `hours` as it is printed ("8:00—11:00"); as many ballots are printed as there are `voters`."""

    unit: str
    title: str
    day: str
    hours: str
    voters: int
    posts: tuple[BallotPost, ...]
    hall: HallWish
    mobile_boxes: int = 0
    is_sample: bool = False


@cache
def words() -> Mapping[str, Any]:
    """The words of the pack: the locality's, else the shipped ones. Raises `Refused` for a file that is none."""
    return load_pack(find_file(SHIPPED, "assemblies/polling/pack.toml"), PACK_KEYS).data


def render_pack(pack: PollingPack) -> bytes:
    """The pack as PDF, the same for the same values. Raises `Unsound` where ballot or hall cannot be."""
    return render_drawn(SOURCE.read_bytes(), as_data(pack))


def as_data(pack: PollingPack) -> dict[str, Any]:
    """The pack as `pack.typ` reads it."""
    said, ballot, plan = words(), draw_ballot(pack.posts), lay_out(pack.hall)
    facts = {
        "unit": pack.unit,
        "title": pack.title,
        "day": pack.day,
        "hours": pack.hours,
        "voters": pack.voters,
        "ballots": pack.voters,
        "desks": pack.hall.desks,
        "booths": pack.hall.booths,
        "boxes": pack.hall.boxes,
        "mobile": pack.mobile_boxes,
        "seats": plan.seats,
        "wheelchairs": pack.hall.wheelchairs,
    }
    label = said["label"]
    return {
        "name": f"{pack.unit}{pack.title}",
        "unit": pack.unit,
        "title": pack.title,
        "day": pack.day,
        "hours": pack.hours,
        "sample": pack.is_sample,
        "words": {"titles": said["titles"], "ballot": said["ballot"], "plan": said["plan"], "label": label},
        "checks": [
            {"title": part["title"].format(**facts), "items": [item.format(**facts) for item in part["items"]]}
            for part in said["checks"]
        ],
        "ballot": {
            "half": ballot.is_half,
            "lines": ballot.lines,
            "posts": [
                {
                    "title": post.title,
                    "seats": post.seats,
                    "said": said["ballot"]["seats"].format(seats=post.seats),
                    "names": [spaced(name) for name in post.names],
                }
                for post in ballot.posts
            ],
        },
        "plan": _plan(plan, said["plan"]),
        "signs": list(_signs(said["signs"], pack.hall.desks)),
        "labels": [
            *(label["fixed"].format(number=number + 1) for number in range(pack.hall.boxes)),
            *(label["mobile"].format(number=number + 1) for number in range(pack.mobile_boxes)),
        ],
        "script": [{"title": part["title"], "text": part["text"].format(**facts)} for part in said["script"]],
    }


def spaced(name: str) -> str:
    """A name of two characters is printed as wide as one of three."""
    return f"{name[0]}\u3000{name[1]}" if len(name) == 2 else name


def _signs(signs: Iterable[Mapping[str, str]], desks: int) -> Iterable[dict[str, str]]:
    for sign in signs:
        note = sign.get("note", "")
        if sign.get("each") and desks > 1:
            yield from ({"text": f"{sign['text']}{number}", "note": note} for number in range(1, desks + 1))
        else:
            yield {"text": sign["text"], "note": note}


def _plan(plan: HallPlan, said: Mapping[str, str]) -> dict[str, Any]:
    scales = {lying: scale_of(plan, *room) for lying, room in ((False, STANDING), (True, LYING))}
    known = {lying: scale for lying, scale in scales.items() if scale is not None}
    is_lying = min(known, key=lambda lying: known[lying])
    groups = list(dict.fromkeys(one.label for one in plan.placed if one.part is HallPart.SEATS))
    facts = {"seats": plan.seats, "voters": plan.voters}
    text = "unseated" if not plan.seats else "seated" if plan.seats == plan.voters else "standing"
    count = [
        f"{said[part]}{sum(one.part is part for one in plan.placed)}"
        for part in (HallPart.DESK, HallPart.BOOTH, HallPart.BOX, HallPart.WHEELCHAIR)
    ]
    return {
        "w": plan.width,
        "d": plan.depth,
        "scale": known[is_lying],
        "lying": is_lying,
        "size": f"{plan.width / 100:g} m × {plan.depth / 100:g} m",
        "said": said["scale"].format(scale=known[is_lying]),
        "seated": said[text].format(**facts),
        "counted": "　".join(count),
        "things": [_thing(one, said, groups) for one in plan.placed],
        "groups": list(_group_names(plan)),
    }


def _thing(one: Placed, said: Mapping[str, str], groups: list[str]) -> dict[str, Any]:
    thing: dict[str, Any] = {"part": one.part.value, "x": one.x, "y": one.y, "w": one.width, "d": one.depth}
    if one.part is HallPart.SEATS:
        return thing | {"n": one.number, "odd": groups.index(one.label) % 2 == 1}
    name = said.get(one.part.value, "")
    return thing | {"said": f"{name[0]}{one.number}" if one.number else name}


def _group_names(plan: HallPlan) -> Iterable[dict[str, Any]]:
    """The name of a group over the middle one of its longest pieces of a row."""
    seats = sorted((one for one in plan.placed if one.part is HallPart.SEATS), key=lambda one: one.label)
    for label, pieces in groupby(seats, key=lambda one: one.label):
        rows = list(pieces)
        longest = [one for one in rows if one.number == max(row.number for row in rows)]
        one = longest[len(longest) // 2]
        yield {"x": one.x, "y": one.y, "w": one.width, "d": one.depth, "said": label}
