"""Opening a campaign, its pauses and its end, and what a merger makes of its tracks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.campaigns.models import Campaign, Pause, PinnedPlaybook, Step, StepEvent, Track
from heli.campaigns.queries.colours import rules_in_force
from heli.campaigns.rules.colours import pinned
from heli.campaigns.rules.schedule import TooLate, compute_windows
from heli.campaigns.texts import too_late
from heli.campaigns.types import OPEN, CampaignStatus, Did, Playbook, StepRule, StepWindow, Tag
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.kernel.levels import Per
from heli.kernel.workdays import calendar
from heli.places import queries as places
from heli.places.types import PlaceKind, PlaceRow
from heli.planning import queries as planning
from heli.planning.types import MergerKind

OPEN_CAMPAIGN = "campaigns.open"
VILLAGES = (PlaceKind.VILLAGE, PlaceKind.VILLAGE_LIKE)
TAGS_OF_MERGER: Mapping[MergerKind, tuple[Tag, ...]] = {
    MergerKind.TWO_IN_ONE: (Tag.MERGED,),
    MergerKind.THREE_IN_ONE: (Tag.MERGED,),
    MergerKind.MORE_IN_ONE: (Tag.MERGED,),
    MergerKind.ABSORBED: (Tag.ABSORBED,),
    MergerKind.KEPT: (Tag.UNCHANGED,),
    MergerKind.FIXED: (Tag.UNCHANGED,),
    MergerKind.CONVERTED: (Tag.URBAN_VILLAGE,),
}
CHUNK = 1_000


def pin_playbook(playbook: Playbook, *, at: datetime) -> PinnedPlaybook:
    """The playbook as a row, made once per content; inside an open `writing` block."""
    pinned, _made = PinnedPlaybook.objects.get_or_create(
        sha256=playbook.sha256,
        defaults={
            "key": playbook.key,
            "version": playbook.version,
            "title": playbook.title.zh,
            "text": playbook.text,
            "pinned_at": at,
        },
    )
    return pinned


def open_campaign(
    *,
    actor: Actor,
    district_id: int,
    name: str,
    playbook: Playbook,
    starts_on: date,
    fixed_on: date | None = None,
    scenario: str = "",
    place_ids: Collection[int] | None = None,
    tags: Mapping[int, Collection[Tag]] | None = None,
    is_sample: bool = False,
    at: datetime | None = None,
) -> Campaign:
    """Open a run of the playbook over villages of a district: its timetable is frozen, its tracks and steps are made.

    Targets are `place_ids`, else the villages of the accepted `scenario` (a public id), else all villages of the
    district on the first day. With `fixed_on` the timetable is computed backwards from that day. Raises `Refused` for
    a name in use, no targets, foreign targets, a scenario that is not accepted or that the playbook's steps for merging
    villages need, a fixed day that cannot be met; `Forbidden`.
    """
    now = at or timezone.now()
    name = name.strip()
    windows = windows_of(playbook, starts_on=starts_on, fixed_on=fixed_on)
    villages, plan, of_plan, faults = _targets(actor, district_id, starts_on, scenario, place_ids)
    if not scenario and not tags and (lost := steps_of_a_plan(playbook)):
        text = _(
            "%(count)s steps of this playbook are only for villages that merge: choose the accepted plan that says which."
        )
        faults.append(Fault("plan_missing", text % {"count": len(lost)}, field="scenario"))
    if not name:
        faults.append(Fault("name_missing", _("Give the campaign a name."), field="name"))
    elif Campaign.objects.filter(district_id=district_id, name=name).exists():
        faults.append(_name_taken())
    if faults:
        raise Refused(faults)
    with writing(actor, OPEN_CAMPAIGN, place_id=district_id, at=now) as act:
        campaign = Campaign(
            public_id=new_public_id(),
            district_id=district_id,
            name=name,
            playbook=pin_playbook(playbook, at=now),
            scenario=plan,
            starts_on=starts_on,
            fixed_on=fixed_on,
            windows={key: [window.start.isoformat(), window.due.isoformat()] for key, window in windows.items()},
            **pinned(rules_in_force(timezone.localdate(now))),
            is_sample=is_sample,
            opened_by=actor.name,
            opened_at=now,
        )
        try:
            with transaction.atomic():
                campaign.save(force_insert=True)
        except IntegrityError as raced:  # somebody else opened one of this name since it was looked for
            raise Refused(_name_taken()) from raced
        marks = {row.id: sorted({*of_plan.get(row.id, ()), *(tags or {}).get(row.id, ())}) for row in villages}
        tracks = _make_tracks(campaign, villages, marks, now)
        steps = [
            step
            for track in tracks
            for step in _steps_of(campaign, track, playbook, with_successors=plan is None, now=now)
        ]
        Step.objects.bulk_create(steps, CHUNK)
        act.subject = f"campaign:{campaign.public_id}"
        act.after = {"name": name, "playbook": playbook.sha256, "villages": len(villages), "steps": len(steps)}
    return campaign


def _name_taken() -> Fault:
    return Fault("name_taken", _("The district has a campaign of this name already."), field="name")


def _targets(
    actor: Actor, district_id: int, on: date, scenario: str, place_ids: Collection[int] | None
) -> tuple[list[PlaceRow], Any, dict[int, tuple[Tag, ...]], list[Fault]]:
    """The villages to be run over, the plan, the tags it gives them, and what is wrong with the choice."""
    rows = {row.id: row for row in places.villages_of(district_id, on, outlines=False)}
    faults = []
    of_plan: dict[int, tuple[Tag, ...]] = {}
    plan = planning.find_scenario(scenario, actor) if scenario else None
    if scenario:
        standing = planning.standing(plan) if plan is not None else None
        if plan is None or plan.district_id != district_id:
            faults.append(Fault("foreign_plan", _("This district has no such plan."), field="scenario"))
        elif standing is None or standing.acceptance is None or standing.result is None:
            faults.append(Fault("plan_not_accepted", _("Only an accepted plan can be carried out."), field="scenario"))
        else:
            of_plan = {
                member: TAGS_OF_MERGER[merger.kind] for merger in standing.result.mergers for member in merger.members
            }
    if place_ids is None:
        chosen = [row for row in rows.values() if row.kind in VILLAGES and (not of_plan or row.id in of_plan)]
    else:
        chosen = [rows[key] for key in sorted(place_ids) if key in rows]
        if len(chosen) < len(set(place_ids)):
            text = _("Some of the chosen places are not villages or communities of this district on %(day)s.")
            faults.append(Fault("foreign_place", text % {"day": on}, field="places"))
    if not chosen and not faults:
        faults.append(Fault("no_places", _("Choose at least one village."), field="places"))
    return chosen, plan, of_plan, faults


def _make_tracks(
    campaign: Campaign, villages: Sequence[PlaceRow], marks: Mapping[int, Sequence[str]], now: datetime
) -> list[Track]:
    """Tracks of the district, of the towns that the villages stand in, and of the villages."""
    towns = list(dict.fromkeys(row.parent_id for row in villages if row.parent_id is not None))
    tracks = [Track(campaign=campaign, place_id=campaign.district_id, per=Per.DISTRICT, created_at=now)]
    tracks += [Track(campaign=campaign, place_id=town, town_id=town, per=Per.TOWN, created_at=now) for town in towns]
    for row in villages:
        tags = [*marks[row.id], *([Tag.COMMUNITY] if row.kind not in VILLAGES else [])]
        tracks.append(
            Track(
                campaign=campaign,
                place_id=row.id,
                town_id=row.parent_id,
                per=Per.VILLAGE,
                tags=sorted({str(tag) for tag in tags}),
                created_at=now,
            )
        )
    return Track.objects.bulk_create(tracks, CHUNK)


def windows_of(playbook: Playbook, *, starts_on: date, fixed_on: date | None) -> dict[str, StepWindow]:
    """First and last day of every step, in working days. Raises `Refused` for a fixed day that cannot be met."""
    try:
        return compute_windows(playbook, calendar(), starts_on=starts_on, fixed_on=fixed_on)
    except TooLate as late:
        raise Refused(too_late(late.finding)) from late


def steps_of_a_plan(playbook: Playbook) -> list[StepRule]:
    """Steps for merged or absorbed villages only: without a plan no village is either, so they would quietly be nobody's."""
    return [rule for rule in playbook.steps if rule.applies and set(rule.applies) <= {Tag.MERGED, Tag.ABSORBED}]


def applies(rule: StepRule, *, track: Track, with_successors: bool) -> bool:
    """Whether a step is to be done on a track. Without a plan there are no other successors than the villages themselves."""
    per = Per(track.per)
    here = (Per.SUCCESSOR, Per.VILLAGE) if with_successors else (Per.SUCCESSOR,)
    fits = per in here if rule.per is Per.SUCCESSOR else rule.per is per
    return fits and (
        not rule.applies or per is Per.SUCCESSOR or bool({str(tag) for tag in rule.applies} & set(track.tags))
    )


def _steps_of(
    campaign: Campaign, track: Track, playbook: Playbook, *, with_successors: bool, now: datetime
) -> list[Step]:
    return [
        new_step(campaign, track=track, key=rule.key, ordinal=ordinal, now=now)
        for ordinal, rule in enumerate(playbook.steps)
        if applies(rule, track=track, with_successors=with_successors)
    ]


def new_step(campaign: Campaign, *, track: Track, key: str, ordinal: int, now: datetime) -> Step:
    """A step not yet begun, with the frozen window of the campaign's timetable."""
    start, due = (date.fromisoformat(day) for day in campaign.windows[key])
    return Step(
        campaign=campaign,
        track=track,
        key=key,
        ordinal=ordinal,
        start_on=start,
        baseline_on=due,
        due_on=due,
        created_at=now,
    )


# -- pauses and the end --------------------------------------------------------------------------------------------------


def pause_campaign(*, actor: Actor, campaign: Campaign, on: date, reason: str, at: datetime | None = None) -> Pause:
    """Let a running campaign rest from a day on: its clocks stand still. Raises `Refused` without a reason; `Forbidden`."""
    if not reason.strip():
        raise Refused(Fault("reason_missing", _("Say why the campaign rests."), field="reason"))
    with writing(
        actor, "campaigns.pause", action=OPEN_CAMPAIGN, place_id=campaign.district_id, reason=reason, at=at
    ) as act:
        _move_campaign(campaign, CampaignStatus.RUNNING, CampaignStatus.PAUSED)
        if Pause.objects.filter(campaign=campaign, valid_to__gt=on).exists():
            raise Refused(
                Fault("pause_overlaps", _("The campaign rested on that day already; choose a later one."), field="on")
            )
        pause = Pause.objects.create(campaign=campaign, valid_from=on, reason=reason.strip(), paused_by=actor.name)
        act.subject, act.after = f"campaign:{campaign.public_id}", {"from": on.isoformat()}
    return pause


def resume_campaign(*, actor: Actor, campaign: Campaign, on: date, at: datetime | None = None) -> None:
    """Go on from a day; that day counts again. Raises `Refused` when the campaign does not rest; `Forbidden`."""
    with writing(actor, "campaigns.resume", action=OPEN_CAMPAIGN, place_id=campaign.district_id, at=at) as act:
        _move_campaign(campaign, CampaignStatus.PAUSED, CampaignStatus.RUNNING)
        pause = Pause.objects.get(campaign=campaign, valid_to=None)
        if on < pause.valid_from:
            text = _("The rest began on %(day)s: go on from that day or later.") % {"day": pause.valid_from}
            raise Refused(Fault("period_backward", text, field="on"))
        pause.valid_to = on
        pause.save(update_fields=["valid_to"])
        act.subject, act.after = f"campaign:{campaign.public_id}", {"to": on.isoformat()}


def finish_campaign(*, actor: Actor, campaign: Campaign, at: datetime | None = None) -> None:
    """Close a campaign whose every step is done. Raises `Refused` naming how many are open; `Forbidden`."""
    with writing(actor, "campaigns.finish", action=OPEN_CAMPAIGN, place_id=campaign.district_id, at=at) as act:
        left = Step.objects.filter(campaign=campaign, status__in=OPEN).count()
        if left:
            text = _("%(count)s steps are still open: finish or waive them first.") % {"count": left}
            raise Refused(Fault("steps_open", text))
        _move_campaign(campaign, CampaignStatus.RUNNING, CampaignStatus.FINISHED, finished_at=act.at)
        act.subject = f"campaign:{campaign.public_id}"


def _move_campaign(
    campaign: Campaign, before: CampaignStatus, after: CampaignStatus, *, finished_at: datetime | None = None
) -> None:
    """Change the status if it still is what the actor saw."""
    moved = Campaign.objects.filter(pk=campaign.pk, status=before).update(status=after, finished_at=finished_at)
    if not moved:
        raise Refused(Fault("moved_on", _("The campaign is no longer where you saw it: look at it again.")))
    campaign.status, campaign.finished_at = after, finished_at


# -- history -----------------------------------------------------------------------------------------------------------


def entry(
    *,
    actor: Actor,
    step: Step,
    did: Did,
    at: datetime,
    reason: str = "",
    for_name: str = "",
    data: Mapping[str, object] | None = None,
) -> StepEvent:
    """An entry of a step's history, as the step stands after it."""
    return StepEvent(
        campaign_id=step.campaign_id,
        step=step,
        at=at,
        did=did,
        status=step.status,
        due_on=step.due_on,
        submitted_on=step.submitted_on,
        by_id=actor.id,
        by_name=actor.name,
        for_name=for_name,
        reason=reason,
        data=dict(data or {}),
    )


def local_day(at: datetime) -> date:
    """The day of a moment where the installation is."""
    return timezone.localdate(at)
