"""Reads of supervision rounds, with what each has not covered yet."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from heli.campaigns.models import Campaign
from heli.campaigns.queries.matters import names_for, part_of, targets, villages
from heli.kernel.access import Actor
from heli.kernel.quantities import Ratio
from heli.places.types import PlaceRow
from heli.rounds.models import Finding, InspectionRound, Visit


def rounds_of(campaign: Campaign) -> list[InspectionRound]:
    """The rounds of a campaign: who sees the campaign sees that they run."""
    return list(InspectionRound.objects.filter(campaign=campaign).select_related("campaign"))


@dataclass(frozen=True, slots=True)
class Coverage:
    """A round against the places it must reach: visited, missing, visits, findings, findings in the ledger."""

    round: InspectionRound
    visited: int
    missing: list[PlaceRow]
    visits: int
    findings: int
    entered: int

    @property
    def share(self) -> Ratio:
        """Visited over all."""
        return Ratio(self.visited, self.visited + len(self.missing))


def coverage(actor: Actor, campaign: Campaign, on: date) -> list[Coverage]:
    """Every round with the villages of the actor's part that no team has been to yet; six queries."""
    rounds = rounds_of(campaign)
    wanted = villages(targets(actor, campaign, on))
    mine = part_of(actor, campaign)
    visits = list(Visit.objects.filter(mine, round__in=rounds).values_list("round_id", "place_id"))
    found = Finding.objects.filter(part_of(actor, campaign, path="visit__place"), visit__round__in=rounds)
    findings: Counter[int] = Counter()
    entered: Counter[int] = Counter()
    for round_id, problem_id in found.values_list("visit__round_id", "problem_id"):
        findings[round_id] += 1
        entered[round_id] += problem_id is not None
    result = []
    for one in rounds:
        reached = {place for round_id, place in visits if round_id == one.pk}
        missing = [row for row in wanted if row.id not in reached]
        count = sum(round_id == one.pk for round_id, _place in visits)
        result.append(Coverage(one, len(wanted) - len(missing), missing, count, findings[one.pk], entered[one.pk]))
    return result


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit with its findings."""

    place: str
    town: str
    team: str
    on: date
    findings: list[Finding]


def visit_rows(actor: Actor, round: InspectionRound, on: date) -> list[VisitRow]:
    """The visits of a round in the actor's part; five queries."""
    mine = Visit.objects.filter(part_of(actor, round.campaign), round=round)
    found = list(mine.select_related("team").prefetch_related("findings__problem"))
    names = names_for(found, round.campaign, on)
    return [
        VisitRow(names.of(one.place_id), names.of(one.town_id), one.team.name, one.on, list(one.findings.all()))
        for one in found
    ]


def find_finding(actor: Actor, campaign: Campaign, public_id: str) -> Finding | None:
    """A finding by its public id, if the actor reaches its place."""
    reach = part_of(actor, campaign, path="visit__place") & Q(visit__round__campaign=campaign)
    return Finding.objects.filter(reach, public_id=public_id).select_related("visit__round__campaign").first()


def find_round(campaign: Campaign, number: int) -> InspectionRound | None:
    """A round of a campaign."""
    return InspectionRound.objects.select_related("campaign").filter(campaign=campaign, number=number).first()


def visits_at(place_ids: Collection[int], on: date) -> QuerySet[Visit]:
    """The visits paid to some places by a day, the oldest first."""
    return (
        Visit.objects.filter(place__in=place_ids, on__lte=on)
        .select_related("round__campaign", "team")
        .order_by("on", "pk")
    )
