"""The hall of an election drawn to scale: where desks, booths, boxes and seats stand, and the ways between them.

Centimetres, from the front left corner: x along the front, y towards the back, where the doors are. Voters come in at the left,
take their ballots at the left wall, write at the right wall, drop them at the front before everybody, and leave at the right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from heli.kernel.faults import Finding, Unsound

STAGE_ZONE, FRONT = 200, 400
"""The host and the counting stand before the first, the boxes between the two; a way across the hall follows."""
WAY, BACK_WAY, SEAT_WAY = 100, 150, 120
STAFF, DESK_WIDE, DESK_DEEP, DESK_GAP = 80, 60, 120, 60
"""Behind a desk sits who hands out; a desk stands along the left wall."""
BOOTH, BOOTH_GAP, LANE = 100, 20, 150
"""Booths are square; a lane lies before each row of them and before the desks."""
BOX, BOX_GAP = 50, 100
SEAT, SEAT_PITCH, ROW_PITCH = 50, 55, 90
BLOCK = 10
"""Seats in a row between two ways."""
WHEELCHAIR_WIDE, WHEELCHAIR_DEEP, WHEELCHAIR_ROW = 90, 140, 180
DOOR = 150
LEAST, MOST = 800, 6_000
SCALES = (50, 75, 100, 125, 150, 200, 250, 300, 400)


class HallPart(StrEnum):
    """What stands in the hall."""

    HOST = "host"
    COUNT = "count"
    BOARD = "board"
    BOX = "box"
    DESK = "desk"
    BOOTH = "booth"
    SEATS = "seats"
    WHEELCHAIR = "wheelchair"
    WAY = "way"
    ENTRANCE = "entrance"
    EXIT = "exit"


@dataclass(frozen=True, slots=True)
class HallWish:
    """A hall in centimetres and what is to stand in it. `groups`: names and voters, seated in this order; none: no seats."""

    width: int
    depth: int
    desks: int
    booths: int
    boxes: int
    wheelchairs: int
    groups: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """Something in its place; `number` counts those of its kind, of seats it is how many; `label` is their group."""

    part: HallPart
    x: int
    y: int
    width: int
    depth: int
    number: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class HallPlan:
    """The hall with everything in its place, and how many have a seat of all that should."""

    width: int
    depth: int
    placed: tuple[Placed, ...]
    seats: int
    voters: int


def lay_out(wish: HallWish) -> HallPlan:
    """The plan. Raises `Unsound` with everything that the hall has no room for, and how much it has."""
    per_row = max(1, _how_many(wish.depth - BACK_WAY - FRONT - WAY, BOOTH, BOOTH_GAP))
    rows = -(-wish.booths // per_row)
    left, right = STAFF + DESK_WIDE + LANE, wish.width - rows * (BOOTH + LANE)
    if found := list(_check(wish, per_row, left, right)):
        raise Unsound(*found)
    placed = [*_front(wish), *_doors(wish), *_desks(wish), *_booths(wish, per_row)]
    top, bottom = FRONT + WAY, wish.depth - BACK_WAY
    placed += [
        Placed(HallPart.WAY, 0, FRONT, wish.width, WAY),
        Placed(HallPart.WAY, 0, bottom, wish.width, BACK_WAY - 10),
    ]
    blocks = list(_blocks(left, right))
    placed += [
        Placed(HallPart.WAY, before[1], top, after[0] - before[1], bottom - top) for before, after in pairwise(blocks)
    ]
    wheelchairs = list(_wheelchairs(blocks, top, wish.wheelchairs))
    seats = list(_seats(blocks, top + (WHEELCHAIR_ROW if wheelchairs else 0), bottom, wish.groups))
    voters = sum(number for _name, number in wish.groups)
    return HallPlan(
        wish.width, wish.depth, (*placed, *wheelchairs, *seats), sum(row.number for row in seats), voters
    )  # fmt: skip


def scale_of(plan: HallPlan, width_mm: int, height_mm: int) -> int | None:
    """The first of the usual scales (1 : n) at which the plan fits a drawing of so many millimetres."""
    fits = (scale for scale in SCALES if plan.width * 10 <= width_mm * scale and plan.depth * 10 <= height_mm * scale)
    return next(fits, None)


def _how_many(length: int, each: int, gap: int) -> int:
    return max(0, (length + gap) // (each + gap))


def _check(wish: HallWish, per_row: int, left: int, right: int) -> Iterator[Finding]:
    if not (LEAST <= wish.width <= MOST and LEAST <= wish.depth <= MOST):
        yield Finding("hall_size", {"least": LEAST // 100, "most": MOST // 100}, "width")
        return
    most = _how_many(wish.depth - BACK_WAY - FRONT - WAY, DESK_DEEP, DESK_GAP)
    if wish.desks > most:
        yield Finding("desks_too_many", {"most": most}, "desks")
    most = _how_many(wish.width - 2 * WAY, BOX, BOX_GAP)
    if wish.boxes > most:
        yield Finding("boxes_too_many", {"most": most}, "boxes")
    rows = (wish.width - left) // (BOOTH + LANE)
    if right < left:
        yield Finding("booths_too_many", {"most": rows * per_row}, "booths")
        return
    room = sum(_how_many(end - start, WHEELCHAIR_WIDE, 0) for start, end in _blocks(left, right))
    if wish.wheelchairs > room:
        yield Finding("wheelchairs_too_many", {"most": room}, "wheelchairs")


def _front(wish: HallWish) -> Iterator[Placed]:
    side = min(240, wish.width // 3 - 60)
    yield Placed(HallPart.BOARD, 40, 0, side, 10)
    yield Placed(HallPart.COUNT, 40, 60, side, 80)
    host = min(360, wish.width // 3)
    yield Placed(HallPart.HOST, (wish.width - host) // 2, 60, host, 80)
    length = wish.boxes * BOX + (wish.boxes - 1) * BOX_GAP
    for number in range(wish.boxes):
        x = (wish.width - length) // 2 + number * (BOX + BOX_GAP)
        yield Placed(HallPart.BOX, x, (STAGE_ZONE + FRONT - BOX) // 2, BOX, BOX, number + 1)


def _doors(wish: HallWish) -> Iterator[Placed]:
    yield Placed(HallPart.ENTRANCE, 60, wish.depth - 10, DOOR, 10)
    yield Placed(HallPart.EXIT, wish.width - 60 - DOOR, wish.depth - 10, DOOR, 10)


def _desks(wish: HallWish) -> Iterator[Placed]:
    """Along the left wall, the first near the entrance."""
    bottom = wish.depth - BACK_WAY
    for number in range(wish.desks):
        yield Placed(
            HallPart.DESK, STAFF, bottom - number * (DESK_DEEP + DESK_GAP) - DESK_DEEP, DESK_WIDE, DESK_DEEP, number + 1
        )
    yield Placed(HallPart.WAY, STAFF + DESK_WIDE, FRONT + WAY, LANE, bottom - FRONT - WAY)


def _booths(wish: HallWish, per_row: int) -> Iterator[Placed]:
    """In rows from the right wall, each with its lane, the first at the front."""
    for number in range(wish.booths):
        row, place = divmod(number, per_row)
        x = wish.width - BOOTH - row * (BOOTH + LANE)
        if not place:
            yield Placed(HallPart.WAY, x - LANE, FRONT + WAY, LANE, wish.depth - BACK_WAY - FRONT - WAY)
        yield Placed(HallPart.BOOTH, x, FRONT + WAY + place * (BOOTH + BOOTH_GAP), BOOTH, BOOTH, number + 1)


def _blocks(left: int, right: int) -> Iterator[tuple[int, int]]:
    """Where seats may stand between the ways: x from and to."""
    length = right - left
    number = -(-(length + SEAT_WAY) // (BLOCK * SEAT_PITCH + SEAT_WAY)) if length > 0 else 0
    wide = (length - (number - 1) * SEAT_WAY) // number if number else 0
    for place in range(number):
        start = left + place * (wide + SEAT_WAY)
        yield start, start + wide


def _wheelchairs(blocks: list[tuple[int, int]], top: int, number: int) -> Iterator[Placed]:
    """In the first row, shared out over the blocks, each from its left way on."""
    places = [
        (place, block)
        for block, (start, end) in enumerate(blocks)
        for place in range(_how_many(end - start, WHEELCHAIR_WIDE, 0))
    ]
    for count, (place, block) in enumerate(sorted(places)[:number], start=1):
        x = blocks[block][0] + place * WHEELCHAIR_WIDE
        yield Placed(HallPart.WHEELCHAIR, x, top, WHEELCHAIR_WIDE, WHEELCHAIR_DEEP, count)


def _seats(
    blocks: list[tuple[int, int]], top: int, bottom: int, groups: tuple[tuple[str, int], ...]
) -> Iterator[Placed]:
    """Row by row from the front, group after group; a piece of a row belongs to one group."""
    waiting = [group for group in groups if group[1] > 0]
    for y in range(top, bottom - SEAT + 1, ROW_PITCH):
        for start, end in blocks:
            x, room = start, (end - start) // SEAT_PITCH
            while room and waiting:
                name, number = waiting.pop(0)
                taken = min(room, number)
                yield Placed(HallPart.SEATS, x, y, taken * SEAT_PITCH, SEAT, taken, name)
                x, room = x + taken * SEAT_PITCH, room - taken
                if number > taken:
                    waiting.insert(0, (name, number - taken))
