"""The history of a place as a picture: who it came from above, what became of it below. Pure layout, no drawing.

Time runs downward, so that the picture stays readable on a telephone: at most three boxes stand side by side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heli.places.types import EventRow

WIDTH, BOX_WIDTH, BOX_HEIGHT, ROW_GAP, LAYER_GAP, PER_ROW = 372, 116, 46, 8, 74, 3


@dataclass(frozen=True, slots=True)
class Box:
    """A place in the picture; x, y are its upper left corner."""

    id: int
    public_id: str
    name: str
    years: str
    x: float
    y: float
    is_here: bool

    @property
    def middle(self) -> float:
        """The x of its middle."""
        return self.x + BOX_WIDTH / 2

    @property
    def short(self) -> str:
        """As much of the name as fits; the whole stands in the title."""
        return self.name if len(self.name) <= 8 else f"{self.name[:7]}…"

    @property
    def name_y(self) -> float:
        """The baseline of the name."""
        return self.y + 20

    @property
    def years_y(self) -> float:
        """The baseline of the years."""
        return self.y + 37


@dataclass(frozen=True, slots=True)
class EventArrow:
    """An arrow of an event: an SVG path, and its share in percent where it is not whole."""

    path: str
    share: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Caption:
    """What is written at an event: day and kind, document number; with the address of its page."""

    public_id: str
    first: str
    second: str
    x: float
    y: float

    @property
    def second_y(self) -> float:
        """The baseline of the second line."""
        return self.y + 13


@dataclass(frozen=True, slots=True)
class LineagePicture:
    """Everything the template draws, in a box of `width` × `height`."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[EventArrow, ...]
    captions: tuple[Caption, ...]


def draw_history(
    here: int,
    names: Mapping[int, tuple[str, str, str]],
    events: Sequence[EventRow],
    words: Mapping[str, str],
) -> LineagePicture | None:
    """Lay out the family of a place: `names` maps place → (public id, name, years); `words` maps event kinds to words.

    Only events in force that lead from one place to another are drawn; None when there is none.
    """
    arrows = [
        (event, link)
        for event in events
        if event.in_force
        for link in event.links
        if link.source_id in names and link.target_id in names and link.source_id != link.target_id
    ]
    if not arrows:
        return None
    layer = _layers({(link.source_id or 0, link.target_id or 0) for _, link in arrows}, len(names))
    boxes, height = _boxes(here, names, layer)
    lines, captions = [], []
    for _, link in arrows:
        begin, end = boxes[link.source_id or 0], boxes[link.target_id or 0]
        y1, y2 = begin.y + BOX_HEIGHT, end.y
        bend = (y1 + y2) / 2
        part = link.population.fraction
        share = "?" if part is None else "" if part == 1 else f"{float(100 * part):.4g} %"
        lines.append(
            EventArrow(
                f"M{begin.middle:g} {y1:g} C{begin.middle:g} {bend:g} {end.middle:g} {bend:g} {end.middle:g} {y2 - 4:g}",
                share, (begin.middle + end.middle) / 2, y1 + 12,
            )
        )  # fmt: skip
    taken: list[tuple[float, float]] = []
    for event in dict.fromkeys(event for event, _ in arrows):
        targets = [boxes[link.target_id or 0] for other, link in arrows if other is event]
        x = sum(box.middle for box in targets) / len(targets)
        y = min(box.y for box in targets) - 22
        while any(abs(y - other_y) < 26 and abs(x - other_x) < 112 for other_x, other_y in taken):
            y -= 26
        taken.append((x, y))
        x = min(max(x, 70), WIDTH - 70)
        captions.append(
            Caption(event.public_id, f"{event.on.isoformat()} {words[event.kind.value]}", event.document_number, x, y)
        )
    return LineagePicture(WIDTH, height, tuple(boxes.values()), tuple(lines), tuple(captions))


def _layers(pairs: set[tuple[int, int]], most: int) -> dict[int, int]:
    """Longest way from a first ancestor; places that come back after a split stand where they first stood."""
    layer = {place: 0 for pair in pairs for place in pair}
    for _ in range(most):
        changed = False
        for source, target in sorted(pairs):
            if layer[target] <= layer[source] < most and (target, source) not in pairs:
                layer[target] = layer[source] + 1
                changed = True
        if not changed:
            break
    # One that came from nowhere stands right above the place it first went into, not at the top.
    targets = {target for _, target in pairs}
    for place in [place for place in layer if place not in targets]:
        layer[place] = min(layer[target] for source, target in pairs if source == place) - 1
    return layer


def _boxes(
    here: int, names: Mapping[int, tuple[str, str, str]], layer: Mapping[int, int]
) -> tuple[dict[int, Box], int]:
    boxes: dict[int, Box] = {}
    y = 8.0
    for depth in sorted(set(layer.values())):
        members = sorted(
            (place for place in layer if layer[place] == depth), key=lambda place: (names[place][2], place)
        )
        rows = [members[start : start + PER_ROW] for start in range(0, len(members), PER_ROW)]
        for row in rows:
            free = WIDTH - len(row) * BOX_WIDTH
            for number, place in enumerate(row):
                x = free / (len(row) + 1) * (number + 1) + number * BOX_WIDTH
                boxes[place] = Box(place, *names[place], round(x, 1), y, place == here)
            y += BOX_HEIGHT + ROW_GAP
        y += LAYER_GAP - ROW_GAP
    return boxes, int(y - LAYER_GAP + 16)
