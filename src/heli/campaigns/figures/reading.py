"""Steps of running campaigns as they stood at a moment, as columns; read once for all figures of an evaluation."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np
from django.db.models import Case, Count, F, IntegerField, Max, Q, QuerySet, Value, When
from django.utils import timezone
from numpy.typing import NDArray

from heli.campaigns.models import Evidence, Step, StepEvent
from heli.campaigns.types import CampaignStatus, Did, StepStatus
from heli.kernel.declare import Ask
from heli.kernel.faults import Refused
from heli.kernel.levels import Per
from heli.kernel.pairs import Ints
from heli.kernel.workdays import calendar
from heli.places import queries as places
from heli.places.counted import moment_of
from heli.places.queries import Structure

STATUS_ORDER: tuple[StepStatus, ...] = tuple(StepStatus)


VILLAGE_LEVEL = (Per.VILLAGE.value, Per.SUCCESSOR.value)


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps as they stood: parallel arrays. `places` are places of the day: an ended village's steps count in its town."""

    ids: Ints
    places: Ints
    statuses: Ints
    is_due: NDArray[np.bool_]
    is_past_due: NDArray[np.bool_]
    was_in_time: NDArray[np.bool_]
    is_of_village: NDArray[np.bool_]

    def stands(self, statuses: Collection[StepStatus]) -> NDArray[np.bool_]:
        """Which steps had one of these statuses."""
        return np.isin(self.statuses, [STATUS_ORDER.index(status) for status in statuses])


def structure_of(ask: Ask) -> Structure:
    """The places of the question."""
    return ask.shared("places.structure", lambda: places.structure_on(ask.district_ids, ask.on))


def steps_of(ask: Ask) -> Steps:
    """All steps of the campaigns that ran on the day, read once."""
    return ask.shared("campaigns.steps", lambda: _read(ask))


def running(ask: Ask) -> Q:
    """The condition (on a campaign's rows) that it was open on the day: not a draft, not finished on an earlier one."""
    moment = moment_of(ask)
    begun = timezone.make_aware(datetime.combine(ask.on, time.min))
    return (
        Q(campaign__district_id__in=ask.district_ids, campaign__opened_at__lte=moment)
        & ~Q(campaign__status=CampaignStatus.DRAFT)
        & (Q(campaign__finished_at__isnull=True) | Q(campaign__finished_at__gte=begun))
    )


def steps_in(ask: Ask) -> QuerySet[Step]:
    """The steps of those campaigns that existed at the moment."""
    return Step.objects.filter(running(ask), created_at__lte=moment_of(ask))


def events_in(ask: Ask) -> QuerySet[StepEvent]:
    """What had happened to those steps by the moment."""
    return StepEvent.objects.filter(running(ask), at__lte=moment_of(ask))


def last_events(ask: Ask) -> QuerySet[StepEvent]:
    """The latest entry by the moment of each step to which something happened after it: where they stood then."""
    later = StepEvent.objects.filter(running(ask), at__gt=moment_of(ask))
    newest = events_in(ask).filter(step_id__in=later.values("step_id")).values("step_id").annotate(last=Max("pk"))
    return StepEvent.objects.filter(pk__in=newest.order_by().values("last"))


def last_ended(on: date) -> date:
    """Due days before this one have ended: lateness is counted in working days, so that a free day makes nothing late."""
    try:
        return calendar().day_at(calendar().index(on))
    except Refused:  # years that no calendar knows, in which no campaign ran
        return on


def _read(ask: Ask) -> Steps:
    moment, on, ended = moment_of(ask), ask.on, last_ended(ask.on)
    status = Case(
        *(When(status=one.value, then=Value(i)) for i, one in enumerate(STATUS_ORDER)), output_field=IntegerField()
    )
    rows = steps_in(ask).annotate(
        status_at=status,
        due=_flag(due_on__lte=on),
        past=_flag(due_on__lt=ended),
        in_time=_flag(submitted_on__lte=F("due_on")),
        of_village=_flag(track__per__in=VILLAGE_LEVEL),
        base_due=_flag(baseline_on__lte=on),
        base_past=_flag(baseline_on__lt=ended),
    )
    names = ("pk", "track__place_id", "track__town_id", "campaign__district_id", "status_at", "due", "past", "in_time",
             "of_village", "base_due", "base_past")  # fmt: skip
    columns = places.read_columns(rows.order_by("pk"), *names)
    ids, place, town, district, statuses, due, past, in_time, of_village, base_due, base_past = columns
    touched = np.array(
        sorted(StepEvent.objects.filter(running(ask), at__gt=moment).values_list("step_id", flat=True).distinct()),
        np.int64,
    )
    if len(touched):
        here = np.isin(ids, touched)
        statuses[here], in_time[here] = STATUS_ORDER.index(StepStatus.NOT_STARTED), 0
        due[here], past[here] = base_due[here], base_past[here]
        for step, then, due_on, submitted_on in last_events(ask).values_list(
            "step_id", "status", "due_on", "submitted_on"
        ):
            at = np.searchsorted(ids, step)
            if at < len(ids) and ids[at] == step:
                statuses[at], due[at], past[at] = STATUS_ORDER.index(StepStatus(then)), due_on <= on, due_on < ended
                in_time[at] = submitted_on is not None and submitted_on <= due_on
    standing = structure_of(ask).places
    place = np.where(np.isin(place, standing), place, np.where(np.isin(town, standing), town, district))
    return Steps(
        ids, place, statuses, due.astype(bool), past.astype(bool), in_time.astype(bool), of_village.astype(bool)
    )


def _flag(**condition: object) -> Case:
    return Case(When(**condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def counts_of_events(ask: Ask) -> tuple[Ints, Ints, Ints]:
    """(step, times submitted, times returned) by the moment, steps ascending."""
    rows = (
        events_in(ask)
        .order_by()
        .values("step_id")
        .annotate(submitted=Count("pk", filter=Q(did=Did.SUBMITTED)), returned=Count("pk", filter=Q(did=Did.RETURNED)))
        .filter(Q(submitted__gt=0) | Q(returned__gt=0))
        .values_list("step_id", "submitted", "returned")
    )
    table = np.array(sorted(rows), np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def evidence_in(ask: Ask) -> QuerySet[Evidence]:
    """Evidence of those steps that stood at the moment."""
    moment = moment_of(ask)
    return Evidence.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=moment), added_at__lte=moment
    ).filter(step__in=steps_in(ask))
