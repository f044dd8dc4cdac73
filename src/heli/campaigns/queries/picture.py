"""A campaign in one picture: its tracks, every step's standing, colours, and what waits for what; a constant number of queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from heli.campaigns.models import Campaign, Step
from heli.campaigns.queries.colours import rules_of
from heli.campaigns.queries.runs import playbook_of, tracks_in_scope
from heli.campaigns.queries.standing import clock_of
from heli.campaigns.queries.waits import StepWaits
from heli.campaigns.rules.colours import ColourRules, colour_of, lateness
from heli.campaigns.rules.steps import Lane
from heli.campaigns.types import OPEN, Colour, Playbook
from heli.kernel.access import Actor
from heli.kernel.clock import Clock
from heli.kernel.levels import Per
from heli.places import queries as places


class StepRow(NamedTuple):
    """A step as lists and the board read it."""

    id: int
    track: int
    key: str
    ordinal: int
    status: str
    start_on: date
    due_on: date
    baseline_on: date
    submitted_on: date | None
    asked_due_on: date | None


@dataclass(frozen=True, slots=True)
class PlaceTrack:
    """A track with its place's name of the day and what became of it."""

    lane: Lane
    public_id: str
    name: str
    town_name: str
    tags: tuple[str, ...]
    is_ended: bool

    @property
    def per(self) -> Per:
        """Once per what its steps are done."""
        return self.lane.per


@dataclass(frozen=True)
class CampaignPicture:
    """What an actor sees of a campaign on a day. `rows` are the steps by track, in the order of the playbook."""

    campaign: Campaign
    playbook: Playbook
    on: date
    clock: Clock
    rules: ColourRules
    tracks: Mapping[int, PlaceTrack]
    rows: Mapping[int, Mapping[str, StepRow]]

    def days_late(self, row: StepRow) -> int:
        """Counted working days by which the step is late."""
        if row.status not in OPEN or self.on <= row.due_on:
            return 0
        index = self.clock.index
        submitted = None if row.submitted_on is None else index(row.submitted_on)
        return lateness(row.status, index(row.due_on), submitted, index(self.on))

    def colour(self, row: StepRow) -> Colour:
        """The step's colour on the day."""
        return colour_of(self.days_late(row), self.rules.step)

    @cached_property
    def villages(self) -> list[PlaceTrack]:
        """Tracks of villages and successors, by town and name."""
        found = [track for track in self.tracks.values() if track.per in (Per.VILLAGE, Per.SUCCESSOR)]
        return sorted(found, key=lambda track: (track.lane.town or 0, track.is_ended, track.public_id))

    @cached_property
    def by_place(self) -> Mapping[int, PlaceTrack]:
        """Tracks by the key of their place."""
        return {track.lane.place: track for track in self.tracks.values()}

    @cached_property
    def _waits(self) -> StepWaits:
        return StepWaits(self.playbook, {key: track.lane for key, track in self.tracks.items()}, self.rows)

    def waits_for(self, row: StepRow) -> list[tuple[str, int]]:
        """The steps it waits for: (key, how many places have not finished it); empty when it can go on."""
        return self._waits.of(row.track, row.key)


def picture(actor: Actor, campaign: Campaign, on: date, *, track_ids: Collection[int] | None = None) -> CampaignPicture:
    """The picture an actor sees on a day; `track_ids` narrows the steps read (not the tracks) to a window of the board."""
    rows = tracks_in_scope(actor, campaign).values_list(
        "pk", "place_id", "town_id", "per", "successor_id", "tags", "ended_at", "place__public_id"
    )
    read = list(rows)
    names = places.names_at({row[1] for row in read} | {row[2] for row in read if row[2] is not None}, on)
    tracks = {
        row[0]: PlaceTrack(
            lane=Lane(row[0], row[1], row[2], Per(row[3]), row[4]),
            public_id=row[7],
            name=names.get(row[1], ""),
            town_name=names.get(row[2], "") if row[2] is not None else "",
            tags=tuple(row[5]),
            is_ended=row[6] is not None,
        )
        for row in read
    }
    return CampaignPicture(
        campaign=campaign,
        playbook=playbook_of(campaign),
        on=on,
        clock=clock_of(campaign, on),
        rules=rules_of(campaign),
        tracks=tracks,
        rows=step_rows(campaign, tracks if track_ids is None else track_ids),
    )


def step_rows(
    campaign: Campaign, track_ids: Collection[int], open_before: date | None = None
) -> dict[int, dict[str, StepRow]]:
    """The steps of some tracks of a campaign by track and key, all or those open and due before a day; one query."""
    steps = Step.objects.filter(campaign=campaign)
    if open_before is not None:
        steps = steps.filter(status__in=OPEN, due_on__lt=open_before)
    wanted = set(track_ids)
    if len(wanted) <= 200:
        steps = steps.filter(track_id__in=wanted)
    found: dict[int, dict[str, StepRow]] = {track: {} for track in wanted}
    for row in steps.order_by("track_id", "ordinal").values_list(*StepRow._fields).iterator(chunk_size=20_000):
        if row[1] in found:
            found[row[1]][row[2]] = StepRow._make(row)
    return found
