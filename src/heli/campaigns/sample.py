"""A simulated history for a campaign of the demonstration: seeded, written in bulk, marked as sample wherever it shows.

Steps go through the same life as real ones (begun, submitted with proof, some returned, judged) at moments that follow the
playbook's order and a pace per town and village; only the rows are written together instead of one service call each.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from heli.audit.services import writing
from heli.campaigns.models import Campaign, Evidence, Step, StepEvent, Track
from heli.campaigns.queries.runs import playbook_of
from heli.campaigns.rules.schedule import in_order
from heli.campaigns.rules.steps import Lane, concerned
from heli.campaigns.services.runs import CHUNK, OPEN_CAMPAIGN
from heli.campaigns.types import Did, EvidenceKind, StepRule, StepStatus
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.kernel.levels import Per
from heli.kernel.relations import day_number
from heli.kernel.workdays import calendar
from heli.ui.exports import SAMPLE

NAMES = {
    "village_cadre": "村社干部",
    "town_officer": "镇街干部",
    "district_officer": "区专班",
    "department_liaison": "部门联络员",
}
LEAST, MOST = 12, 260
"""Between which a simulated number lies."""
RETURNED_OF_HUNDRED, WAITED_OF_HUNDRED, UNJUDGED_OF_HUNDRED = 5, 20, 30
LONG_WAIT = 15
"""Working days for which a part of what is handed in for some steps waits for its judge: beyond the story's last day."""


@dataclass(frozen=True, slots=True)
class Delay:
    """Which steps take longer in some towns (and in one village of twenty elsewhere): so much longer than planned.

    Of the steps `waiting` everywhere a part stays with its judge.
    """

    keys: frozenset[str]
    waiting: frozenset[str]
    towns: frozenset[int]
    factor: float = 3.0


LAGGARDS_OF_HUNDRED, LAGGARD = 5, 1.8


@dataclass(slots=True)
class History:
    """What is to be written."""

    events: list[StepEvent] = field(default_factory=list)
    proof: list[Evidence] = field(default_factory=list)
    ends: dict[tuple[str, date | None, date | None], list[int]] = field(default_factory=dict)


FileFor = Callable[[int, bool], int]
"""The key of a stored file for a place: (place, whether it is a photo)."""


def simulate(actor: Actor, *, campaign: Campaign, until: datetime, seed: int, delay: Delay, file_for: FileFor) -> int:
    """Write the history of a campaign from its first day until a moment; returns the number of log entries.

    `delay` says where it does not go as planned. Refused for a campaign that is not a sample or has a history already.
    """
    if not campaign.is_sample or StepEvent.objects.filter(campaign=campaign).exists():
        raise Refused(Fault("not_a_fresh_sample", "only a sample campaign without a history can be simulated"))
    tracks = list(Track.objects.filter(campaign=campaign).order_by("pk"))
    paces = {track.pk: _pace(track, delay, _dice(seed, number)) for number, track in enumerate(tracks)}
    steps = {(step.track_id, step.key): step for step in Step.objects.filter(campaign=campaign).select_related("track")}
    lanes = {track.pk: Lane(track.pk, track.place_id, track.town_id, Per(track.per)) for track in tracks}
    history, finished = History(), dict[tuple[int, str], int]()
    playbook = playbook_of(campaign)
    for rule in in_order(playbook):
        ready = _ready(rule, playbook.by_key, lanes, finished)
        for number, track in enumerate(tracks):
            step = steps.get((track.pk, rule.key))
            if step is not None:
                pace = paces[track.pk].delayed if rule.key in delay.keys else paces[track.pk].usual
                work, is_waiting = max(1, round(rule.days * pace)), rule.key in delay.waiting
                life = Life(rule, step, work, ready(track.pk), is_waiting)
                finished[(track.pk, rule.key)] = _live(history, life, until, _dice(seed, number, rule.key))
    with writing(actor, "campaigns.simulate", action=OPEN_CAMPAIGN, place_id=campaign.district_id, at=until) as act:
        places = {track.pk: track.place_id for track in tracks}
        for one in history.proof:
            if one.kind in (EvidenceKind.PHOTO, EvidenceKind.FILE):
                one.file_id = file_for(places[one.step.track_id], one.kind == EvidenceKind.PHOTO)
        StepEvent.objects.bulk_create(sorted(history.events, key=lambda event: event.at), CHUNK)
        Evidence.objects.bulk_create(history.proof, CHUNK)
        for (status, submitted_on, accepted_on), keys in history.ends.items():
            Step.objects.filter(pk__in=keys).update(status=status, submitted_on=submitted_on, accepted_on=accepted_on)
        act.subject, act.after = f"campaign:{campaign.public_id}", {"sample": True, "events": len(history.events)}
    return len(history.events)


def _dice(seed: int, *what: object) -> random.Random:
    """Dice of its own for each thing: how far one has come by the moment does not change what befalls the others."""
    return random.Random(f"{seed} {what}")


@dataclass(frozen=True, slots=True)
class SamplePace:
    """Working days that a place takes for one planned: usually, and for the steps that are delayed."""

    usual: float
    delayed: float


def _pace(track: Track, delay: Delay, dice: random.Random) -> SamplePace:
    # What towns and the district do holds up everybody, so that it is done at once.
    usual = 0.6 + 0.35 * dice.random() if track.per == Per.VILLAGE else 0.6
    lags = track.per == Per.VILLAGE and dice.randrange(100) < LAGGARDS_OF_HUNDRED
    factor = delay.factor if track.town_id in delay.towns else LAGGARD if lags else 1.0
    return SamplePace(usual, max(usual, factor) if factor > 1 else usual)


def _ready(
    rule: StepRule,
    rules: Mapping[str, StepRule],
    lanes: Mapping[int, Lane],
    finished: Mapping[tuple[int, str], int],
) -> Callable[[int], int]:
    """After which working day a track may begin the step: when all that it waits for is judged."""

    def ready(track: int) -> int:
        ends = [
            finished[(other, key)]
            for key in rule.after
            for other in concerned(lanes[track], rules[key].per, lanes.values())
            if (other, key) in finished
        ]
        return max(ends, default=0)

    return ready


@dataclass(frozen=True, slots=True)
class Life:
    """What decides how a step goes: working days of work, and after which working day it may begin."""

    rule: StepRule
    step: Step
    work: int
    ready: int
    is_waiting: bool


def _live(history: History, life: Life, until: datetime, dice: random.Random) -> int:
    """Let one step live until the moment; the working day on which it was (or will be) judged."""
    days, rule, step = calendar(), life.rule, life.step
    begin = max(days.index(days.next_workday(step.start_on)), life.ready + 1)
    done = begin + life.work - 1
    moves = [(begin, 9, Did.STARTED, StepStatus.IN_PROGRESS)]
    is_village = step.track.per == Per.VILLAGE
    if is_village and dice.randrange(100) < RETURNED_OF_HUNDRED:
        moves += [(done, 10, Did.SUBMITTED, StepStatus.SUBMITTED), (done, 16, Did.RETURNED, StepStatus.RETURNED)]
        done += 1
    judged = done + (is_village and dice.randrange(100) < WAITED_OF_HUNDRED)
    if life.is_waiting and dice.randrange(100) < UNJUDGED_OF_HUNDRED:
        judged = done + LONG_WAIT
    moves += [(done, 14, Did.SUBMITTED, StepStatus.SUBMITTED), (judged, 16, Did.ACCEPTED, StepStatus.ACCEPTED)]
    status: str = step.status
    submitted_on = accepted_on = None
    for index, hour, did, after in moves:
        at = _moment(days.day_at(index), hour, dice)
        if at > until:
            break
        status = after
        submitted_on = at.date() if did is Did.SUBMITTED else submitted_on
        accepted_on = at.date() if did is Did.ACCEPTED else accepted_on
        judging = did in (Did.ACCEPTED, Did.RETURNED)
        history.events.append(
            StepEvent(
                campaign_id=step.campaign_id, step=step, at=at, did=did, status=after, due_on=step.due_on,
                submitted_on=submitted_on,
                by_name=f"{NAMES[(rule.accepts if judging else rule.does).role]}（{SAMPLE}）",
                reason="材料与台账不一致，请核对（示例）" if did is Did.RETURNED else "", data={"sample": True},
            )
        )  # fmt: skip
    if submitted_on is not None:
        sealed_at = history.events[-1].at if status == StepStatus.ACCEPTED else None
        history.proof += _proof(step, rule, submitted_on, sealed_at, dice)
    if status != step.status:
        history.ends.setdefault((status, submitted_on, accepted_on), []).append(step.pk)
    return judged


def _moment(day: date, hour: int, dice: random.Random) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, dice.randrange(60))))


def _proof(step: Step, rule: StepRule, on: date, sealed_at: datetime | None, dice: random.Random) -> list[Evidence]:
    numbers = _numbers(rule, on, dice)
    return [
        Evidence(
            public_id=new_public_id(), step=step, requirement=number, kind=wanted.kind, on=on, sealed_at=sealed_at,
            added_by_name=f"{NAMES[rule.does.role]}（{SAMPLE}）", added_at=_moment(on, 9, dice),
            number=numbers.get(number), text=f"{wanted.name.zh}（{SAMPLE}）" if wanted.kind is EvidenceKind.MINUTES else "",
        )
        for number, wanted in enumerate(rule.evidence)
        for _ in range(wanted.least)
    ]  # fmt: skip


def _numbers(rule: StepRule, on: date, dice: random.Random) -> dict[int, int]:
    """Numbers that can be, and days before the proof's, drawn until they are: by their places in the step's proof."""
    asked = {number: one.key for number, one in enumerate(rule.evidence) if one.kind is EvidenceKind.NUMBER}
    while True:
        drawn = {
            number: day_number(on - timedelta(dice.randint(0, 20)))
            if rule.evidence[number].is_day
            else dice.randint(LEAST, MOST)
            for number in asked
        }
        values = {key: drawn[number] for number, key in asked.items() if key}
        wanted = (*rule.relations, *(one.relation for one in rule.follows))
        if not any(relation.is_broken(values) for relation in wanted):
            return drawn
