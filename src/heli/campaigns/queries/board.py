"""The board: villages × steps, a window of rows at a time, and the counts above it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from django.db.models import Count, F, Q

from heli.campaigns.models import Campaign, Step
from heli.campaigns.queries.picture import CampaignPicture, PlaceTrack, StepRow, picture, step_rows
from heli.campaigns.queries.runs import part_of, tracks_in_scope
from heli.campaigns.rules.colours import colour_of
from heli.campaigns.types import COLOUR_ORDER, DONE, OPEN, Colour, StepRule, StepStatus
from heli.kernel.access import Actor
from heli.kernel.levels import Per

WINDOW = 20
"""Villages drawn at a time; the next window follows on scrolling."""
WALL = 1_000
"""Villages drawn at once for the printer."""


class BoardCell(NamedTuple):
    """One cell: the step behind it (None: it does not apply there), its colour, days late, and whether the row shares it."""

    row: StepRow | None
    place_public_id: str
    colour: Colour
    days_late: int
    is_shared: bool


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A village with a cell per step of the playbook."""

    track: PlaceTrack
    successor: str
    cells: Sequence[BoardCell]
    colour: Colour
    done: int
    every: int


@dataclass(frozen=True, slots=True)
class Board:
    """A window of rows out of `total`, from `first` on, the latest villages first; `next_first` is None at the end.

    `now`: the step that most of these rows stand at, the first that is open in half of them; None where all is done.
    """

    rules: Sequence[StepRule]
    rows: Sequence[BoardRow]
    first: int
    total: int
    next_first: int | None
    towns: Sequence[tuple[int, str]]
    now: str | None


def load_board(
    actor: Actor,
    campaign: Campaign,
    on: date,
    *,
    first: int = 0,
    town: int | None = None,
    text: str = "",
    at_least: Colour | None = None,
    size: int = WINDOW,
) -> Board:
    """The window of the board that begins at row `first`; `at_least` keeps villages of that colour or worse.

    Reads what is past its day in all chosen villages, the steps of the window's and of the towns and district above them.
    """
    seen = picture(actor, campaign, on, track_ids=())
    chosen = [
        track
        for track in seen.villages
        if (town is None or track.lane.town == town) and (not text or text in track.name)
    ]
    everything = replace(seen, rows=step_rows(campaign, [track.lane.id for track in chosen], on))
    late = {track.lane.id: _own_lateness(everything, track) for track in chosen}
    if at_least is not None:
        least = COLOUR_ORDER.index(at_least)
        chosen = [track for track in chosen if COLOUR_ORDER.index(_colour(seen, late[track.lane.id])) >= least]
    window = sorted(chosen, key=lambda track: -late[track.lane.id])[first : first + size]
    above = [track.lane.id for track in seen.tracks.values() if track.per in (Per.TOWN, Per.DISTRICT)]
    filled = replace(seen, rows=step_rows(campaign, [*(track.lane.id for track in window), *above]))
    rows = [_board_row(filled, track) for track in window]
    towns = {track.lane.place: track.name for track in seen.tracks.values() if track.per is Per.TOWN}
    after = first + size
    return Board(
        rules=seen.playbook.steps,
        rows=rows,
        first=first,
        total=len(chosen),
        next_first=after if after < len(chosen) else None,
        towns=sorted(towns.items()),
        now=_now(rows, seen.playbook.steps),
    )


def _own_lateness(seen: CampaignPicture, track: PlaceTrack) -> int:
    return max((seen.days_late(row) for row in seen.rows.get(track.lane.id, {}).values()), default=0)


def _now(rows: Sequence[BoardRow], rules: Sequence[StepRule]) -> str | None:
    for number, rule in enumerate(rules):
        steps = [row.cells[number].row for row in rows]
        known = [step.status in OPEN for step in steps if step is not None]
        if known and sum(known) * 2 >= len(known):
            return rule.key
    return None


def _colour(seen: CampaignPicture, days_late: int) -> Colour:
    return colour_of(days_late, seen.rules.step)


def _board_row(seen: CampaignPicture, track: PlaceTrack) -> BoardRow:
    town = seen.by_place.get(track.lane.town) if track.lane.town is not None else None
    district = seen.by_place.get(seen.campaign.district_id)
    owners = {Per.VILLAGE: track, Per.SUCCESSOR: track, Per.TOWN: town, Per.DISTRICT: district}
    cells, worst, done, every = [], 0, 0, 0
    for rule in seen.playbook.steps:
        owner = owners[rule.per]
        row = seen.rows.get(owner.lane.id, {}).get(rule.key) if owner is not None else None
        if row is None or owner is None:
            cells.append(BoardCell(None, "", Colour.GREEN, 0, False))
            continue
        late = seen.days_late(row)
        cells.append(BoardCell(row, owner.public_id, _colour(seen, late), late, owner is not track))
        if owner is track:
            worst = max(worst, late)
            done += row.status in DONE
            every += row.status in DONE or row.status in OPEN
    heir = seen.tracks.get(track.lane.successor) if track.lane.successor is not None else None
    return BoardRow(track, heir.name if heir else "", cells, _colour(seen, worst), done, every)


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures above the board, of the actor's part."""

    places: int
    done: int
    steps: int
    submitted: int
    late: int


def counts_of(actor: Actor, campaign: Campaign, on: date) -> Counts:
    """How many steps of the actor's own places are done, wait to be judged, are past their day; one query over the steps.

    The steps of a village's town and district are shown on its board and not counted: they are others'.

    Past its day is what is open and due before `on`; a submission that came in time is not.
    """
    tracks = tracks_in_scope(actor, campaign)
    steps = Step.objects.filter(part_of(actor, campaign, path="track__place"), campaign=campaign)
    is_open = Q(status__in=OPEN)
    in_time = Q(status=StepStatus.SUBMITTED) & Q(submitted_on__lte=F("due_on"))
    found = steps.aggregate(
        done=Count("pk", filter=Q(status__in=DONE)),
        steps=Count("pk", filter=Q(status__in=DONE) | is_open),
        submitted=Count("pk", filter=Q(status=StepStatus.SUBMITTED)),
        late=Count("pk", filter=is_open & Q(due_on__lt=on) & ~in_time),
    )
    villages = tracks.filter(per__in=(Per.VILLAGE, Per.SUCCESSOR), ended_at=None).count()
    return Counts(places=villages, **found)
