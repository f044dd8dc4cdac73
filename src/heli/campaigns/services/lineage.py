"""What a merger or a move in the register makes of a campaign's tracks: successors, stopped clocks, other towns."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.utils import timezone

from heli.audit.services import writing
from heli.campaigns.models import Campaign, Step, StepEvent, Track
from heli.campaigns.queries.runs import playbook_of
from heli.campaigns.services.runs import CHUNK, OPEN_CAMPAIGN, applies, entry, new_step
from heli.campaigns.types import OPEN, Did, OnMerge, Playbook, StepStatus
from heli.kernel.access import Actor
from heli.kernel.levels import Per
from heli.places import queries as places
from heli.places.types import EventKind, PlaceRow
from heli.planning import queries as planning


def follow_lineage(*, actor: Actor, campaign: Campaign, on: date, at: datetime | None = None) -> dict[str, int]:
    """Let the tracks follow what the register says: successors get theirs, villages that ended by `on` stop their clocks,
    those that moved stand under their new town.

    A village's open steps go to its successor (`on_merge = move`, once per successor) or end, each with an entry in its
    history. Running it again changes nothing. Returns counts {tracks, steps, moved, ended}.
    """
    now = at or timezone.now()
    done = {"tracks": 0, "steps": 0, "moved": 0, "ended": 0}
    _tracks, heirs, _standing, elsewhere = _by_the_register(campaign, on)
    if not heirs and not elsewhere and campaign.scenario_id is None:
        return done
    with writing(actor, "campaigns.follow_lineage", action=OPEN_CAMPAIGN, place_id=campaign.district_id, at=now) as act:
        # Two at once: the second waits here, and looks again at what the first has left to do.
        Campaign.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=campaign.pk)
        tracks, heirs, standing, elsewhere = _by_the_register(campaign, on)
        playbook = playbook_of(campaign)
        applied = campaign.scenario is not None and planning.standing(campaign.scenario).application is not None
        lanes = {track.place_id: track for track in Track.objects.filter(campaign=campaign)}
        fresh = _successor_tracks(campaign, heirs, lanes, now)
        lanes |= {track.place_id: track for track in fresh}
        done["tracks"] = len(fresh)
        if applied:
            done["steps"] = _successor_steps(campaign, playbook, lanes, set(heirs), now)
        # A village that the register moved is from now on filled in and judged where it stands.
        for track in (*elsewhere, *fresh):
            row = standing.get(track.place_id)
            track.town_id = row.parent_id if row is not None else track.town_id
        Track.objects.bulk_update([*elsewhere, *fresh], ["town"], CHUNK)
        for track in tracks:
            if track.place_id in standing or track.place_id not in heirs:
                continue
            moved, ended = _end_track(track, lanes[heirs[track.place_id]], playbook, actor, now)
            done["moved"] += moved
            done["ended"] += ended
        act.subject = f"campaign:{campaign.public_id}"
        act.after = {**done, "towns": len(elsewhere), "on": on.isoformat()}
    return done


def _by_the_register(
    campaign: Campaign, on: date
) -> tuple[list[Track], dict[int, int], dict[int, PlaceRow], list[Track]]:
    """The tracks of villages, where they go on, what stands on the day, and the tracks that stand under another town."""
    tracks = list(Track.objects.filter(campaign=campaign, per__in=(Per.VILLAGE, Per.SUCCESSOR), ended_at=None))
    heirs = _heirs([track.place_id for track in tracks])
    standing = places.rows_of([*(track.place_id for track in tracks), *heirs.values()], on)
    elsewhere = []
    for track in tracks:
        row = standing.get(track.place_id)
        if row is not None and row.district_id == campaign.district_id and row.parent_id != track.town_id:
            elsewhere.append(track)
    return tracks, heirs, standing, elsewhere


def _heirs(place_ids: Collection[int]) -> dict[int, int]:
    """Where each place goes on by the register: {place: successor}; of a split the largest part. One step of lineage."""
    heirs: dict[int, int] = {}
    for event in places.events_of(place_ids, only_in_force=True):
        if event.kind not in (EventKind.MERGE, EventKind.ABSORB, EventKind.SPLIT):
            continue
        for link in sorted(event.links, key=lambda link: link.size):
            if link.source_id is not None and link.target_id is not None and link.source_id != link.target_id:
                heirs[link.source_id] = link.target_id
    known = set(place_ids)
    return {source: target for source, target in heirs.items() if source in known}


def _successor_tracks(
    campaign: Campaign, heirs: Mapping[int, int], lanes: Mapping[int, Track], now: datetime
) -> list[Track]:
    """Tracks for successors that have none yet; a village that absorbs others keeps its own."""
    towns = {target: lanes[source].town_id for source, target in heirs.items() if source in lanes}
    fresh = [
        Track(campaign=campaign, place_id=target, town_id=towns[target], per=Per.SUCCESSOR, created_at=now)
        for target in sorted(set(heirs.values()) - lanes.keys())
    ]
    return Track.objects.bulk_create(fresh, CHUNK)


def _successor_steps(
    campaign: Campaign, playbook: Playbook, lanes: Mapping[int, Track], ending: set[int], now: datetime
) -> int:
    """The steps per successor, for every village that is there after the plan took effect and has none yet."""
    going_on = [
        track
        for place, track in lanes.items()
        if track.per in (Per.VILLAGE, Per.SUCCESSOR) and place not in ending and track.ended_at is None
    ]
    have = set(Step.objects.filter(campaign=campaign).values_list("track_id", "key"))
    steps = [
        new_step(campaign, track=track, key=rule.key, ordinal=ordinal, now=now)
        for track in going_on
        for ordinal, rule in enumerate(playbook.steps)
        if rule.per is Per.SUCCESSOR
        and applies(rule, track=track, with_successors=True)
        and (track.pk, rule.key) not in have
    ]
    Step.objects.bulk_create(steps, CHUNK)
    return len(steps)


def _end_track(track: Track, heir: Track, playbook: Playbook, actor: Actor, now: datetime) -> tuple[int, int]:
    """Stop the clocks of a village that has gone on in a successor; (steps moved, steps ended)."""
    rules = playbook.by_key
    # Whoever judges one of them at this moment is waited for: what was accepted stays accepted.
    open_steps = list(
        Step.objects.select_for_update(no_key=True).filter(track=track, status__in=OPEN).order_by("ordinal")
    )
    held = set(Step.objects.filter(track=heir).values_list("key", flat=True))
    moving, log = [], []
    for step in open_steps:
        rule = rules.get(step.key)
        goes_on = rule is not None and rule.on_merge is OnMerge.MOVE
        step.status = StepStatus.MOVED if goes_on else StepStatus.ENDED
        if goes_on and step.key not in held:
            moving.append(
                Step(
                    campaign_id=track.campaign_id, track=heir, key=step.key, ordinal=step.ordinal, start_on=step.start_on,
                    baseline_on=step.baseline_on, due_on=step.due_on, created_at=now, moved_from=step,
                )
            )  # fmt: skip
        log.append(
            entry(step=step, did=Did.MOVED if goes_on else Did.ENDED, actor=actor, at=now, data={"to": heir.place_id})
        )
    Step.objects.bulk_update(open_steps, ["status"], CHUNK)
    Step.objects.bulk_create(moving, CHUNK)
    StepEvent.objects.bulk_create(log, CHUNK)
    track.ended_at, track.successor = now, heir
    track.save(update_fields=["ended_at", "successor"])
    moved = sum(step.status == StepStatus.MOVED for step in open_steps)
    return moved, len(open_steps) - moved
