"""Submissions as they are judged where they are listed: whose, when, with which proof."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from heli.campaigns.models import Evidence, Step
from heli.campaigns.queries.runs import playbook_of
from heli.campaigns.types import EvidenceKind, StepRule, StepStatus

StepKey = tuple[str, str, str]
"""Public ids of campaign and place, key of the step."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A step that was handed in: its rule, the name of whoever did it, on which day."""

    id: int
    rule: StepRule
    by: str
    on: date | None


def submissions(keys: Collection[StepKey]) -> dict[StepKey, Submission]:
    """Those of some steps that are handed in and not yet judged; one query."""
    asked = Q(pk__in=())
    for campaign, place, key in keys:
        asked |= Q(campaign__public_id=campaign, track__place__public_id=place, key=key)
    rows = Step.objects.filter(asked, status=StepStatus.SUBMITTED)
    found = {}
    for step in rows.select_related("campaign__playbook", "track__place", "submitted_by").defer(
        "campaign__playbook__text"
    ):
        rule = playbook_of(step.campaign).by_key.get(step.key)
        if rule is not None:
            one = Submission(step.pk, rule, str(step.submitted_by or ""), step.submitted_on)
            found[(step.campaign.public_id, step.track.place.public_id, step.key)] = one
    return found


def proof_of(step_ids: Collection[int]) -> dict[int, list[Evidence]]:
    """Proof in force by step, photos first; one query."""
    found: dict[int, list[Evidence]] = {}
    rows = Evidence.objects.filter(step_id__in=step_ids, withdrawn_at=None).select_related("file")
    for one in sorted(rows.order_by("requirement", "pk"), key=lambda row: row.kind != EvidenceKind.PHOTO):
        found.setdefault(one.step_id, []).append(one)
    return found
