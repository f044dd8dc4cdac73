"""A newer version of the playbook for a running campaign: looked at first, then applied; proof and history stay."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.campaigns.models import Campaign, Step, StepEvent, Track
from heli.campaigns.queries.runs import playbook_of
from heli.campaigns.rules.comparing import PlaybookDiff, compare_playbooks
from heli.campaigns.services.runs import CHUNK, OPEN_CAMPAIGN, applies, entry, new_step, pin_playbook, windows_of
from heli.campaigns.types import OPEN, Did, Playbook, StepStatus
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.planning import queries as planning


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a newer playbook would do to a campaign: the difference of the two, and how many steps it makes, moves and ends."""

    diff: PlaybookDiff
    made: int
    moved: int
    ended: int


def look_at_replacement(campaign: Campaign, *, playbook: Playbook) -> Replacement:
    """The dry run: the same numbers that applying it gives; nothing is written. Raises `Refused` for another playbook."""
    made, moved, ended = _work_out(campaign, playbook, timezone.now())
    return Replacement(compare_playbooks(playbook_of(campaign), playbook), len(made), len(moved), len(ended))


def replace_playbook(
    *, actor: Actor, campaign: Campaign, playbook: Playbook, at: datetime | None = None
) -> Replacement:
    """Go on with the newer version: kept steps keep status, proof and history; new ones are made; dropped open ones end.

    An open kept step whose planned window differs gets the new due day; the one frozen at first stays beside it.
    """
    now = at or timezone.now()
    with writing(
        actor, "campaigns.replace_playbook", action=OPEN_CAMPAIGN, place_id=campaign.district_id, at=now
    ) as act:
        found = compare_playbooks(playbook_of(campaign), playbook)
        made, moved, ended = _work_out(campaign, playbook, now)
        before = campaign.playbook.sha256
        windows = _windows(campaign, playbook)
        campaign.playbook, campaign.windows = pin_playbook(playbook, at=now), windows
        campaign.save(update_fields=["playbook", "windows"])
        Step.objects.bulk_create(made, CHUNK)
        Step.objects.bulk_update([*moved, *ended], ["status", "ordinal", "due_on"], CHUNK)
        told = [step for step in moved if step.status in OPEN]
        log = [
            entry(step=step, did=Did.REPLACED, actor=actor, at=now, data={"to": playbook.sha256})
            for step in (*told, *ended)
        ]
        StepEvent.objects.bulk_create(log, CHUNK)
        act.subject, act.before = f"campaign:{campaign.public_id}", {"playbook": before}
        act.after = {"playbook": playbook.sha256, "made": len(made), "moved": len(moved), "ended": len(ended)}
    return Replacement(found, len(made), len(moved), len(ended))


def _windows(campaign: Campaign, playbook: Playbook) -> dict[str, list[str]]:
    """The timetable of the newer version from the same first day; a fixed day binds only while it can still be met."""
    windows = windows_of(playbook, starts_on=campaign.starts_on, fixed_on=campaign.fixed_on)
    return {key: [window.start.isoformat(), window.due.isoformat()] for key, window in windows.items()}


def _work_out(campaign: Campaign, playbook: Playbook, now: datetime) -> tuple[list[Step], list[Step], list[Step]]:
    """Steps to make, to move (number or due day), to end; unsaved."""
    if playbook.key != campaign.playbook.key:
        raise Refused(Fault("another_playbook", _("This is another playbook, not a newer version of this one.")))
    if playbook.sha256 == campaign.playbook.sha256:
        raise Refused(Fault("same_playbook", _("The campaign runs this version already.")))
    windows = _windows(campaign, playbook)
    preview = Campaign(pk=campaign.pk, windows=windows)
    ordinals = {rule.key: number for number, rule in enumerate(playbook.steps)}
    steps = list(Step.objects.filter(campaign=campaign).order_by("pk"))
    held = {(step.track_id, step.key) for step in steps}
    with_successors = campaign.scenario is None or planning.standing(campaign.scenario).application is not None
    made = [
        new_step(preview, track=track, key=rule.key, ordinal=ordinals[rule.key], now=now)
        for track in Track.objects.filter(campaign=campaign, ended_at=None).order_by("pk")
        for rule in playbook.steps
        if applies(rule, track=track, with_successors=with_successors) and (track.pk, rule.key) not in held
    ]
    moved, ended = [], []
    for step in steps:
        if step.key not in ordinals:
            if step.status in OPEN:
                step.status = StepStatus.ENDED
                ended.append(step)
            continue
        due = date.fromisoformat(windows[step.key][1])
        is_new_due = step.status in OPEN and due not in (step.due_on, step.baseline_on) and due >= step.start_on
        if is_new_due or step.ordinal != ordinals[step.key]:
            step.ordinal = ordinals[step.key]
            step.due_on = due if is_new_due else step.due_on
            moved.append(step)
    for step in made:
        step.campaign_id = campaign.pk
    return made, moved, ended
