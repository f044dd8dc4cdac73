"""Supervision rounds with visits and findings."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.bodies.queries import find_holder
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.places import queries as places
from heli.problems.ledger import PROBLEMS
from heli.problems.queries import Problem, ProblemSource
from heli.records.abouts import About
from heli.records.fields import check_values
from heli.records.services import Draft, enter, hold, next_number, refuse_finished, towns_at
from heli.rounds.models import InspectionRound, Visit, VisitFinding

ROUNDS, WRITE = "campaigns.rounds", "campaigns.matters"


def open_round(
    *, actor: Actor, about: About, first_on: date, last_on: date, subject: str = "", at: datetime | None = None
) -> InspectionRound:
    """Open a round of supervision over the district."""
    refuse_finished(about)
    given = {"subject": subject.strip(), "first_on": first_on, "last_on": last_on}
    found = check_values(InspectionRound, given, timezone.localdate())
    if last_on < first_on:
        found.append(Fault("days_crossed", _("The last day lies before the first."), field="last_on"))
    if found:
        raise Refused(found)
    with writing(actor, ROUNDS, action=WRITE, place_id=about.district_id, at=at) as act:
        opened = InspectionRound.objects.create(
            public_id=new_public_id(), about=about.id, district_id=about.district_id, **given,
            number=next_number(InspectionRound, about=about), opened_by=actor.name, opened_at=act.at,
        )  # fmt: skip
        act.subject = f"{about.kind.name}:{about.id}"
        act.after = {"did": "open_round", "number": opened.number}
    return opened


@dataclass(frozen=True, slots=True)
class FindingSpec:
    """What a team found: a kind of problem and a sentence."""

    kind: str
    text: str


def record_visits(
    *,
    actor: Actor,
    round: InspectionRound,
    team: str,
    place_ids: Sequence[int],
    visited_on: date,
    findings: Sequence[FindingSpec] = (),
    on: date | None = None,
    at: datetime | None = None,
) -> list[Visit]:
    """Record that a team was in some places of a round; findings go with a single place.

    A place the team has been to already in this round stays as it was recorded.
    """
    today = on or timezone.localdate()
    if found := _check_visits(round, place_ids, visited_on, findings, today):
        raise Refused(found)
    holder = find_holder(team, round.district_id, today)
    if holder is None or holder.is_person:
        text = _("Choose the team, an organisation, not one person.")
        raise Refused(Fault("team_unknown", text, field="team"))
    towns = towns_at(round.district_id, place_ids=place_ids, on=visited_on, field="places")
    places.require_at(actor, WRITE, towns, timezone.localdate())
    with writing(actor, ROUNDS, action=WRITE, at=at) as act:
        # Two who record at once: the second waits here and finds what the first has recorded.
        hold(InspectionRound.objects.only("pk"), pk=round.pk)
        before = Visit.objects.filter(round=round, team_id=holder.id, place_id__in=towns)
        visited = {visit.place_id: visit for visit in before}
        given = {"round": round, "team_id": holder.id, "visited_on": visited_on}
        given |= {"recorded_by": actor.name, "recorded_at": act.at}
        fresh = [Visit(place_id=key, town_id=town, **given) for key, town in towns.items() if key not in visited]
        visited |= {visit.place_id: visit for visit in Visit.objects.bulk_create(fresh, batch_size=500)}
        visits = [visited[place_id] for place_id in towns]
        for one in findings:
            VisitFinding.objects.create(
                public_id=new_public_id(), visit=visits[0], kind=one.kind, text=one.text.strip()
            )
        act.place_id = next(iter(towns)) if len(towns) == 1 else round.district_id
        act.subject = f"round:{round.public_id}"
        act.after = {"did": "visits", "round": round.number, "places": len(towns), "findings": len(findings)}
    return visits


def _check_visits(
    round: InspectionRound, place_ids: Sequence[int], visited_on: date, findings: Sequence[FindingSpec], today: date
) -> list[Fault]:
    found = check_values(Visit, {"visited_on": visited_on}, today)
    if not round.first_on <= visited_on <= round.last_on:
        found.append(Fault("outside_round", _("This day lies outside the days of the round."), field="visited_on"))
    if not place_ids:
        found.append(Fault("place_missing", _("Choose the places that were visited."), field="places"))
    if findings and len(set(place_ids)) != 1:
        found.append(Fault("findings_of_one", _("Record findings for one place at a time."), field="places"))
    for one in findings:
        found += check_values(VisitFinding, asdict(one), today)
    return found


def to_problem(
    *, actor: Actor, about: About, finding: VisitFinding, on: date | None = None, at: datetime | None = None
) -> Problem:
    """Enter a finding into the problem ledger of what its round is about, once."""
    visit = finding.visit
    draft = Draft(
        {
            "place": visit.place_id,
            "kind": finding.kind,
            "source": ProblemSource.INSPECTION,
            "title": finding.text[:120],
            "description": finding.text if len(finding.text) > 120 else "",
            "found_on": visit.visited_on,
        }
    )
    with writing(actor, ROUNDS, action=WRITE, place_id=visit.place_id, at=at) as act:
        held: VisitFinding = hold(VisitFinding.objects, pk=finding.pk)
        if held.problem_id is not None:
            raise Refused(Fault("finding_entered", _("This finding is in the problem ledger already.")))
        (problem,) = enter(actor=actor, ledger=PROBLEMS, about=about, drafts=[draft], on=on, at=act.at)
        held.problem = problem
        held.save(update_fields=["problem"])
        act.subject = f"round:{visit.round.public_id}"
        act.after = {"did": "to_problem", "round": visit.round.number, "number": problem.number}
    entered: Problem = problem
    return entered
