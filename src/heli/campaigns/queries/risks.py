"""Reads of risk assessments."""

from collections.abc import Collection
from datetime import date

from heli.campaigns.models import Campaign, RiskAssessment
from heli.campaigns.types_matters import Aspect, RiskFactor


def factors_of(assessment: RiskAssessment) -> list[RiskFactor]:
    """The risks of an assessment, in order."""
    return [
        RiskFactor(Aspect(item.aspect), item.likelihood, item.severity, item.what, item.measures)
        for item in assessment.items.filter(dropped_at__isnull=True)
    ]


def newest(campaign: Campaign, place_ids: Collection[int]) -> dict[int, RiskAssessment]:
    """The newest version of each place, drafts included; one query."""
    found: dict[int, RiskAssessment] = {}
    for one in RiskAssessment.objects.filter(campaign=campaign, place_id__in=place_ids).order_by("version"):
        found[one.place_id] = one
    return found


def signed_on_or_before(campaign: Campaign, place_id: int, on: date) -> RiskAssessment | None:
    """The last version signed by a day."""
    mine = RiskAssessment.objects.filter(campaign=campaign, place_id=place_id, signed_on__lte=on)
    return mine.order_by("-version").first()
