"""Reads of risk assessments."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from heli.kernel.access import Actor, scope
from heli.places import queries as places
from heli.places.types import Level
from heli.records.abouts import About
from heli.records.queries import part_of, targets
from heli.risks.models import RiskAssessment, RiskItem
from heli.risks.types import Aspect, RiskFactor, RiskLevel

READ = "campaigns.read"


def factors_of(assessment: RiskAssessment) -> list[RiskFactor]:
    """The risks of an assessment, in order."""
    return [
        RiskFactor(Aspect(item.aspect), item.likelihood, item.severity, item.what, item.measures)
        for item in assessment.items.all()
        if item.dropped_at is None
    ]


def newest(about: About, place_ids: Collection[int]) -> dict[int, RiskAssessment]:
    """The newest version of each place, drafts included; one query."""
    found = RiskAssessment.objects.filter(about=about.id, place_id__in=place_ids).order_by("version")
    return {one.place_id: one for one in found}


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A place with its newest assessment; `version` 0: none yet."""

    place_id: int
    place_public_id: str
    place: str
    town: str
    version: int
    level: RiskLevel | None
    score: int
    is_signed: bool
    signed_on: date | None
    signed_by: str
    author: str


def risk_rows(actor: Actor, about: About, on: date) -> list[RiskRow]:
    """Every place of the actor's part with its newest assessment, those without one as well; four queries."""
    rows = targets(actor, about, on, READ)
    found = newest(about, [row.id for row in rows])
    result = []
    for row in rows:
        one = found.get(row.id)
        result.append(
            RiskRow(
                place_id=row.id,
                place_public_id=row.public_id,
                place=row.name,
                town=row.parent_name if row.level is Level.VILLAGE else "",
                version=one.version if one else 0,
                level=RiskLevel(one.level) if one else None,
                score=one.score if one else 0,
                is_signed=one is not None and one.sealed_at is not None,
                signed_on=one.signed_on if one else None,
                signed_by=one.signed_by_name if one else "",
                author=one.written_by_name if one else "",
            )
        )
    return result


def versions_of(actor: Actor, about: About, place_id: int) -> list[RiskAssessment]:
    """Every version of a place the actor reaches, newest first, with its risks; two queries."""
    mine = RiskAssessment.objects.filter(part_of(actor, about, READ), about=about.id, place_id=place_id)
    return list(mine.select_related("contingency_file").prefetch_related("items").order_by("-version"))


def drafts_of(abouts: Collection[str]) -> QuerySet[RiskAssessment]:
    """Drafts about some public ids with their risks, the oldest first; two queries."""
    found = RiskAssessment.objects.filter(about__in=abouts, sealed_at__isnull=True)
    return found.select_related("place").prefetch_related("items").order_by("written_at", "pk")


def items_named(actor: Actor, text: str) -> QuerySet[RiskItem]:
    """Risks with a text in them, in the newest words, where the actor reads them."""
    mine = places.in_scope(scope(actor, READ)).values("pk")
    found = RiskItem.objects.filter(what__icontains=text, dropped_at__isnull=True, assessment__place__in=mine)
    return found.select_related("assessment__place").order_by("-assessment__written_at", "ordinal")


def signed_at(actor: Actor, place_ids: Collection[int], on: date) -> QuerySet[RiskAssessment]:
    """The assessments signed by a day for those of the places that the actor may read them at, the oldest first."""
    readable = places.reached_among(scope(actor, READ), place_ids)
    found = RiskAssessment.objects.filter(place__in=readable, signed_on__lte=on)
    return found.select_related("place").order_by("signed_on", "version")
