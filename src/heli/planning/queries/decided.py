"""What plans decided: targets of accepted scenarios, over many districts at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from heli.planning.models import Acceptance, Application
from heli.planning.stored import rules_from_json
from heli.planning.types import PlanKind


@dataclass(frozen=True, slots=True)
class Decided:
    """The accepted plan of a district on a day: its target in hundredths of a percent, and the day before it was applied."""

    scenario_public_id: str
    name: str
    target: int | None
    planned: int | None
    document_number: str
    document_on: date
    base: date | None


def decided_on(district_ids: Collection[int], on: date, at: datetime | None = None) -> Mapping[int, Decided]:
    """{district: its latest accepted plan of that day}; two queries. Plans taken back are left out."""
    found = Acceptance.objects.filter(
        scenario__kind=PlanKind.VILLAGES, scenario__district_id__in=sorted(district_ids), document_on__lte=on
    )
    if at is not None:
        found = found.filter(accepted_at__lte=at)
    plans = Application.objects.filter(scenario__district_id__in=sorted(district_ids), on__lte=on)
    alive = Q(reversed_at__isnull=True) if at is None else Q(reversed_at__isnull=True) | Q(reversed_at__gt=at)
    applied = dict(plans.filter(alive).order_by("on", "pk").values_list("scenario_id", "on"))
    decided: dict[int, Decided] = {}
    columns = (
        "scenario__district_id", "scenario_id", "scenario__public_id", "scenario__name", "run__rules", "run__count",
        "document_number", "document_on",
    )  # fmt: skip
    for district, scenario, public_id, name, rules, count, number, day in found.order_by(
        "document_on", "pk"
    ).values_list(*columns):
        base = applied[scenario] - timedelta(days=1) if scenario in applied else None
        target = rules_from_json(rules).goal.reduction
        decided[district] = Decided(public_id, name, target, count, number, day, base)
    return decided
