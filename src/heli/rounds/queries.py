"""Reads of supervision rounds, with what each has not covered yet."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from heli.kernel.access import Actor, scope
from heli.kernel.quantities import Ratio
from heli.places import queries as places
from heli.places.types import Level, PlaceRow
from heli.records.abouts import About
from heli.records.queries import names_for, part_of, targets
from heli.rounds.models import InspectionRound, Visit, VisitFinding

READ = "campaigns.read"


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


def coverage(actor: Actor, about: About, on: date) -> list[Coverage]:
    """Every round with the villages of the actor's part that no team has been to yet; six queries.

    Who sees what the rounds are about sees that they run.
    """
    rounds = list(InspectionRound.objects.filter(about=about.id))
    wanted = [row for row in targets(actor, about, on, READ) if row.level is Level.VILLAGE]
    mine = part_of(actor, about, READ)
    visits = list(Visit.objects.filter(mine, round__in=rounds).values_list("round_id", "place_id"))
    found = VisitFinding.objects.filter(part_of(actor, about, READ, path="visit__place"), visit__round__in=rounds)
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
    findings: list[VisitFinding]


def visit_rows(actor: Actor, about: About, round: InspectionRound, on: date) -> list[VisitRow]:
    """The visits of a round in the actor's part; five queries."""
    mine = Visit.objects.filter(part_of(actor, about, READ), round=round)
    found = list(mine.select_related("team").prefetch_related("findings__problem"))
    names = names_for(found, about, on)
    return [
        VisitRow(names.of(one.place_id), names.of(one.town_id), one.team.name, one.visited_on, list(one.findings.all()))
        for one in found
    ]


def find_finding(actor: Actor, about: About, public_id: str) -> VisitFinding | None:
    """A finding by its public id, if the actor reaches its place."""
    mine = part_of(actor, about, READ, path="visit__place")
    found = VisitFinding.objects.filter(mine, visit__round__about=about.id, public_id=public_id)
    return found.select_related("visit__round").first()


def find_round(about: About, number: int) -> InspectionRound | None:
    """A round by its number."""
    return InspectionRound.objects.filter(about=about.id, number=number).first()


def visits_at(actor: Actor, place_ids: Collection[int], on: date) -> QuerySet[Visit]:
    """The visits paid by a day to those of the places that the actor may read them at, the oldest first."""
    readable = places.reached_among(scope(actor, READ), place_ids)
    found = Visit.objects.filter(place__in=readable, visited_on__lte=on)
    return found.select_related("round", "team").order_by("visited_on", "pk")
