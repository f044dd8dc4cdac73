"""The timetable of a campaign: every step's window, how much of it is done, and what rests on a provisional calendar."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from heli.campaigns.models import Campaign, Step
from heli.campaigns.queries.runs import playbook_of, tracks_in_scope
from heli.campaigns.types import DONE, OPEN, StepRule
from heli.kernel.access import Actor
from heli.kernel.workdays import calendar


@dataclass(frozen=True, slots=True)
class TimetableLine:
    """A step in the timetable: its window as frozen at opening, done of all in the actor's part."""

    number: int
    rule: StepRule
    start: date
    due: date
    is_provisional: bool
    done: int
    every: int


def timetable_of(actor: Actor, campaign: Campaign) -> list[TimetableLine]:
    """The steps in order with their windows; one query for what is done."""
    steps = Step.objects.filter(campaign=campaign, track__in=tracks_in_scope(actor, campaign))
    counted = steps.values_list("key").annotate(
        done=Count("pk", filter=Q(status__in=DONE)), every=Count("pk", filter=Q(status__in=DONE | OPEN))
    )
    counts = {key: (done, every) for key, done, every in counted.order_by()}
    days = calendar()
    lines = []
    for number, rule in enumerate(playbook_of(campaign).steps, start=1):
        start, due = (date.fromisoformat(day) for day in campaign.windows[rule.key])
        done, every = counts.get(rule.key, (0, 0))
        provisional = days.is_provisional(start) or days.is_provisional(due)
        lines.append(TimetableLine(number, rule, start, due, provisional, done, every))
    return lines
