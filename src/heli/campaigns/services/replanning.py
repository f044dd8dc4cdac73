"""Another fixed day for a running campaign: looked at first, then set; what is finished stays as it is."""

from datetime import date, datetime

from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.campaigns.models import Campaign, Step, StepEvent
from heli.campaigns.queries.runs import playbook_of
from heli.campaigns.rules.schedule import Replan, replan
from heli.campaigns.services.runs import CHUNK, OPEN_CAMPAIGN, entry
from heli.campaigns.texts import violation
from heli.campaigns.types import DONE, OPEN, Did, StepWindow
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.workdays import calendar


def look_at_day(campaign: Campaign, *, fixed_on: date, today: date) -> Replan:
    """The dry run: the timetable with that day, what changes, what it breaks. Raises `Refused` once the anchor is finished."""
    book, days = playbook_of(campaign), calendar()
    finished = (
        Step.objects.filter(campaign=campaign)
        .values_list("key")
        .annotate(last=Max(Coalesce("submitted_on", "accepted_on"), filter=Q(status__in=DONE)))
        .exclude(key__in=Step.objects.filter(campaign=campaign, status__in=OPEN).values("key"))
    )
    done_on = {key: last or campaign.starts_on for key, last in finished.order_by()}  # what was waived has no day
    if book.anchor in done_on:
        raise Refused(Fault("day_is_past", _("That day has been: it stays as it was."), field="fixed_on"))
    old = {}
    for key, window in campaign.windows.items():
        start, due = (date.fromisoformat(day) for day in window)
        old[key] = StepWindow(start, due, days.is_provisional(start) or days.is_provisional(due))
    return replan(
        book, days, old, starts_on=campaign.starts_on, fixed_on=fixed_on, done_on=done_on, today=today
    )  # fmt: skip


def move_fixed_day(
    *, actor: Actor, campaign: Campaign, fixed_on: date, reason: str, at: datetime | None = None
) -> Replan:
    """Derive the timetable again from another fixed day: open steps get their new days, the due day frozen at first stays.

    Raises `Refused` without a reason, for a day before the first one, for one that breaks a legal distance; `Forbidden`.
    """
    now = at or timezone.now()
    if not reason.strip():
        raise Refused(Fault("reason_missing", _("Say why the day changes."), field="reason"))
    with writing(
        actor, "campaigns.replan", action=OPEN_CAMPAIGN, place_id=campaign.district_id, reason=reason, at=now
    ) as act:
        if fixed_on < campaign.starts_on:
            raise Refused(Fault("day_too_early", _("The campaign begins after that day."), field="fixed_on"))
        found = look_at_day(campaign, fixed_on=fixed_on, today=timezone.localdate(now))
        if broken := [each for each in found.violations if each.code == "too_few_days"]:
            raise Refused([violation(playbook_of(campaign), each) for each in broken])
        before = campaign.fixed_on
        campaign.fixed_on = fixed_on
        campaign.windows = {
            key: [window.start.isoformat(), window.due.isoformat()] for key, window in found.windows.items()
        }
        campaign.save(update_fields=["fixed_on", "windows"])
        new = {change.key: change.new for change in found.changes}
        moved = list(Step.objects.filter(campaign=campaign, status__in=OPEN, key__in=new).order_by("pk"))
        for step in moved:
            step.due_on = new[step.key].due
            step.start_on = min(new[step.key].start, step.baseline_on)
        Step.objects.bulk_update(moved, ["start_on", "due_on"], CHUNK)
        data = {"fixed_on": fixed_on.isoformat()}
        log = [
            entry(step=step, did=Did.REPLANNED, actor=actor, at=now, reason=reason.strip(), data=data) for step in moved
        ]
        StepEvent.objects.bulk_create(log, CHUNK)
        act.subject = f"campaign:{campaign.public_id}"
        act.before = {"fixed_on": before.isoformat() if before else None}
        act.after = {"fixed_on": fixed_on.isoformat(), "moved": len(moved)}
    return found
