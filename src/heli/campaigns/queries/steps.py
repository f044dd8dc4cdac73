"""A step with everything its page shows, the sheet of a place, and what an actor has to do."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from heli.bodies import queries as bodies
from heli.bodies.types import Answering
from heli.campaigns.models import Campaign, Evidence, Pause, Step, StepEvent, Track
from heli.campaigns.queries.colours import rules_of
from heli.campaigns.queries.picture import CampaignPicture, PlaceTrack, StepRow
from heli.campaigns.queries.runs import READ, is_whole, playbook_of, tracks_in_scope
from heli.campaigns.queries.standing import clock_with
from heli.campaigns.rules.colours import Coloured, Seat, StepTally, compute_colours
from heli.campaigns.types import OPEN, CampaignStatus, Colour, Playbook, StepRule, StepStatus
from heli.kernel.access import Actor, scope
from heli.kernel.levels import Per
from heli.kernel.relations import day_text
from heli.places import queries as places

Entitled = Callable[[StepRule, PlaceTrack, bool], bool]
"""Whether a step is the actor's to do, or (True) to judge."""
UNDER_WAY = (CampaignStatus.RUNNING, CampaignStatus.PAUSED)
LEVEL_OF = {Per.TOWN: "town", Per.DISTRICT: "district"}
"""Of which level a place is in a campaign by its track; every other one is a village."""


def find_track(campaign: Campaign, place_public_id: str, actor: Actor, action: str = READ) -> Track | None:
    """The track of a place in a campaign, if the actor reaches the place (of town and district: if any track in it)."""
    track = Track.objects.filter(campaign=campaign, place__public_id=place_public_id).first()
    if track is None or is_whole(actor, campaign, action):
        return track
    reach = places.in_scope(scope(actor, action))
    if reach.filter(pk=track.place_id).exists():
        return track
    if action == READ and track.per in ("town", "district"):
        below = Track.objects.filter(campaign=campaign, place__in=reach.values("pk"))
        if track.per == "district" or below.filter(town_id=track.place_id).exists():
            return track
    return None


def find_step(campaign: Campaign, place_public_id: str, key: str, actor: Actor) -> Step | None:
    """A step by its place and key, if the actor sees it."""
    track = find_track(campaign, place_public_id, actor)
    if track is None:
        return None
    return (
        Step.objects.filter(track=track, key=key)
        .select_related("track", "campaign__playbook", "campaign__scenario")
        .first()
    )


def history_of(step: Step) -> list[StepEvent]:
    """What happened to the step, and before that to the step of the village it came from, oldest first."""
    keys = [step.pk]
    while step.moved_from_id is not None:
        step = Step.objects.get(pk=step.moved_from_id)
        keys.append(step.pk)
    return list(StepEvent.objects.filter(step_id__in=keys).order_by("pk"))


def evidence_of(step: Step) -> list[Evidence]:
    """Every piece of proof of the step with its file, those withdrawn included."""
    return list(Evidence.objects.filter(step=step).select_related("file").order_by("requirement", "pk"))


def submitted_steps(actor: Actor, campaign: Campaign, key: str, place_public_ids: Iterable[str]) -> list[Step]:
    """The submitted ones of a step at some places; of other towns not even whether something was submitted is told."""
    found = Step.objects.filter(
        track__in=tracks_in_scope(actor, campaign),
        key=key,
        track__place__public_id__in=place_public_ids,
        status=StepStatus.SUBMITTED,
    )
    return list(found.select_related("track__place", "campaign__playbook", "campaign__scenario").order_by("pk"))


def tracks_at(place_ids: Iterable[int]) -> dict[int, Track]:
    """All tracks of some places by key, with their campaigns."""
    found = Track.objects.filter(place__in=place_ids).select_related("campaign__playbook", "place")
    return {track.pk: track for track in found}


def steps_on(tracks: Iterable[int], on: date) -> QuerySet[Step]:
    """The steps that tracks had by a day, in their order."""
    return Step.objects.filter(track__in=tracks, created_at__date__lte=on).order_by("track_id", "ordinal")


def places_where(campaign: Campaign, key: str, statuses: Collection[StepStatus]) -> list[int]:
    """The places whose step of that key stands so, in the order of the campaign."""
    found = Step.objects.filter(campaign=campaign, key=key, status__in=statuses).order_by("pk")
    return list(found.values_list("track__place_id", flat=True))


def proof_on(tracks: Iterable[int], on: date) -> QuerySet[Evidence]:
    """Proof of tracks that was in force by a day, in the order of steps."""
    found = Evidence.objects.filter(step__track__in=tracks, withdrawn_at=None, on__lte=on)
    return found.select_related("file", "step").order_by("step__track_id", "step__ordinal", "pk")


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A step on the sheet of a place: its rule, standing, colour, how much proof there is, what it waits for."""

    rule: StepRule
    row: StepRow
    colour: Colour
    days_late: int
    proof: int
    waits: tuple[tuple[str, int], ...]


def sheet_of(seen: CampaignPicture, track: PlaceTrack) -> list[SheetLine]:
    """The steps of one place in order; one query for the proof."""
    rows = seen.rows.get(track.lane.id, {})
    held: dict[int, int] = {}
    proof = Evidence.objects.filter(step_id__in=[row.id for row in rows.values()], withdrawn_at=None)
    for step in proof.values_list("step_id", flat=True):
        held[step] = held.get(step, 0) + 1
    rules = seen.playbook.by_key
    return [
        SheetLine(
            rule=rules[row.key],
            row=row,
            colour=seen.colour(row),
            days_late=seen.days_late(row),
            proof=held.get(row.id, 0),
            waits=tuple(seen.waits_for(row)) if row.status in OPEN else (),
        )
        for row in rows.values()
        if row.key in rules
    ]


@dataclass(frozen=True, slots=True)
class OpenStep:
    """An open step of a place with its colour of the day."""

    rule: StepRule
    row: StepRow
    colour: Colour
    days_late: int


@dataclass(frozen=True, slots=True)
class PlaceRun:
    """A campaign as it stands at one place: its own steps done and all, and the open ones, the latest first.

    `standing`: the colour of the place and what adds up over its own steps; `below`: the same of its villages, the worst
    first. `has_steps`: whether steps of its own stand on its sheet.
    """

    campaign: Campaign
    standing: Coloured
    below: tuple[Coloured, ...]
    open: tuple[OpenStep, ...]
    has_steps: bool

    @property
    def every(self) -> int:
        """Its own steps, done and open."""
        return self.standing.done + self.standing.open

    @property
    def late_below(self) -> int:
        """Steps past their day in its villages."""
        return sum(one.late for one in self.below)


def runs_at(actor: Actor, place_id: int, on: date, below: Collection[int] = ()) -> list[PlaceRun]:
    """The campaigns under way at a place and at what stands below it, the most late first; a constant number of queries.

    Nothing where the actor may not read the place, or where its track has ended: its steps went on elsewhere.
    """
    reached = places.reached_among(scope(actor, READ), [place_id, *below])
    if place_id not in reached:
        return []
    tracks = Track.objects.filter(place__in=reached, ended_at=None, campaign__status__in=UNDER_WAY)
    lanes: dict[int, list[Track]] = {}
    for track in tracks.select_related("campaign__playbook").order_by("campaign_id", "pk"):
        lanes.setdefault(track.campaign_id, []).append(track)
    rests: dict[int, list[tuple[date, date | None]]] = {}
    pauses = Pause.objects.filter(campaign__in=lanes).order_by("valid_from")
    for key, begins, ends in pauses.values_list("campaign_id", "valid_from", "valid_to"):
        rests.setdefault(key, []).append((begins, ends))
    rows: dict[int, list[StepRow]] = {track.pk: [] for group in lanes.values() for track in group}
    steps = Step.objects.filter(track__in=rows).order_by("track_id", "ordinal").values_list(*StepRow._fields)
    for row in map(StepRow._make, steps):
        rows[row.track].append(row)
    found = [_run_at(place_id, group, on, rests.get(key, []), rows) for key, group in lanes.items()]
    return sorted(found, key=lambda run: (-run.standing.days_late, -run.late_below, not run.open))


def _run_at(
    place: int, lanes: list[Track], on: date, rests: list[tuple[date, date | None]], rows: dict[int, list[StepRow]]
) -> PlaceRun:
    campaign = lanes[0].campaign
    seen = CampaignPicture(
        campaign, playbook_of(campaign), on, clock_with(campaign, on, rests), rules_of(campaign), {}, {}
    )
    rules = seen.playbook.by_key
    tallies: dict[int, StepTally] = {}
    seats = {place: Seat(place, LEVEL_OF.get(Per(lanes[0].per), "village"))}
    left: list[OpenStep] = []
    for track in lanes:
        if track.place_id != place:
            seats[place] = Seat(place, "town")
            seats[track.place_id] = Seat(track.place_id, "village", place)
        tally = tallies.setdefault(track.place_id, StepTally())
        for row in rows[track.pk]:
            tally.add(row.key, row.status, seen.days_late(row))
            if track.place_id == place and row.status in OPEN and row.key in rules:
                left.append(OpenStep(rules[row.key], row, seen.colour(row), seen.days_late(row)))
    left.sort(key=lambda step: (-step.days_late, step.row.due_on, step.row.ordinal))
    coloured = {one.place: one for one in compute_colours(list(seats.values()), tallies, seen.rules)}
    own = coloured.pop(place)
    below = sorted(coloured.values(), key=lambda one: (-one.days_late, -one.late, one.place))
    return PlaceRun(campaign, own, tuple(below), tuple(left), place in tallies)


def answering_for(place_ids: Iterable[int], on: date) -> dict[int, list[Answering]]:
    """Who answers for places on a day: the owners of their steps, from the dated links of bodies."""
    return bodies.who_answers_for_all(list(place_ids), on)


@dataclass(frozen=True, slots=True)
class Task:
    """A step that concerns the actor: where, which, how late."""

    track: PlaceTrack
    rule: StepRule
    row: StepRow
    colour: Colour
    days_late: int
    waits: tuple[tuple[str, int], ...]

    @property
    def is_ready(self) -> bool:
        """Whether it can be worked on: it waits for nothing."""
        return not self.waits


@dataclass(frozen=True, slots=True)
class Tasks:
    """What an actor has to do in a campaign: judge, decide about more time, do now, and what waits for others."""

    judge: tuple[Task, ...]
    decide: tuple[Task, ...]
    do: tuple[Task, ...]
    waiting: tuple[Task, ...]


def tasks_of(seen: CampaignPicture, may: Entitled) -> Tasks:
    """The actor's tasks by the picture; `may(rule, track, judging)` says what is the actor's. Worst first."""
    judge, decide, do, waiting = [], [], [], []
    rules = seen.playbook.by_key
    for track_id, steps in seen.rows.items():
        track = seen.tracks[track_id]
        for row in steps.values():
            if row.status not in OPEN or row.key not in rules:
                continue
            rule = rules[row.key]
            if row.asked_due_on is not None and may(rule, track, True):
                decide.append(_task(seen, track, rule, row))
            if row.status == StepStatus.SUBMITTED:
                if may(rule, track, True):
                    judge.append(_task(seen, track, rule, row))
            elif may(rule, track, False):
                task = _task(seen, track, rule, row)
                if task.is_ready:
                    do.append(task)
                elif row.start_on <= seen.on:
                    waiting.append(task)
    return Tasks(*(tuple(sorted(part, key=_urgency)) for part in (judge, decide, do, waiting)))


def _task(seen: CampaignPicture, track: PlaceTrack, rule: StepRule, row: StepRow) -> Task:
    waits = () if row.status == StepStatus.SUBMITTED else tuple(seen.waits_for(row))
    return Task(track, rule, row, seen.colour(row), seen.days_late(row), waits)


def _urgency(task: Task) -> tuple[int, date, str, int]:
    return (-task.days_late, task.row.due_on, task.track.name, task.row.ordinal)


def accepted_days(step_ids: Collection[int]) -> dict[int, date]:
    """The days on which those of the steps that are accepted were accepted."""
    found = Step.objects.filter(pk__in=step_ids, accepted_on__isnull=False)
    return {step: day for step, day in found.values_list("pk", "accepted_on") if day is not None}


def proof_in_force(step_ids: Collection[int], playbook: Playbook) -> dict[int, list[tuple[str, str, date]]]:
    """Proof in force by step: kind, name of the file or number or words, day."""
    found: dict[int, list[tuple[str, str, date]]] = {}
    rows = Evidence.objects.filter(step_id__in=step_ids, withdrawn_at=None).order_by("step_id", "requirement", "pk")
    days = {(rule.key, at) for rule in playbook.steps for at, one in enumerate(rule.evidence) if one.is_day}
    columns = ("step_id", "step__key", "requirement", "kind", "file__name", "number", "text", "on")
    for step, key, at, kind, name, value, text, day in rows.values_list(*columns):
        shown = name or text[:60]
        if value is not None:
            shown = day_text(value) if (key, at) in days else f"{value:,}"
        found.setdefault(step, []).append((kind, shown, day))
    return found


def events_of(campaign: Campaign) -> QuerySet[StepEvent]:
    """What happened to the steps of a campaign."""
    return StepEvent.objects.filter(campaign=campaign)
