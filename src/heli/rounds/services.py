"""Supervision rounds with visits and findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.campaigns.abouts import about_of
from heli.campaigns.models import Campaign
from heli.campaigns.services.matters import (
    MATTERS,
    check_day,
    leader_of,
    next_number,
    problem,
    raise_found,
    refuse_finished,
    refuse_long,
    require_all,
    towns_of,
)
from heli.kernel.access import Actor
from heli.kernel.ids import new_public_id
from heli.kernel.problems import Refused
from heli.problems.catalogues import problem_kinds
from heli.problems.ledger import PROBLEMS
from heli.problems.models import Problem, ProblemSource
from heli.records import services as records
from heli.records.services import Draft
from heli.rounds.models import Finding, InspectionRound, Visit

ROUNDS = "campaigns.rounds"


def open_round(
    *,
    actor: Actor,
    campaign: Campaign,
    first_on: date,
    last_on: date,
    subject: str = "",
    at: datetime | None = None,
) -> InspectionRound:
    """Open a round of supervision over the district."""
    refuse_finished(campaign)
    found = refuse_long(subject, "subject", 120) + check_day(first_on, "first_on") + check_day(last_on, "last_on")
    if last_on < first_on:
        found.append(problem("days_crossed", _("The last day lies before the first."), "last_on"))
    raise_found(found)
    with writing(actor, ROUNDS, action=MATTERS, place_id=campaign.district_id, at=at) as act:
        opened = InspectionRound.objects.create(
            public_id=new_public_id(),
            campaign=campaign,
            number=next_number(InspectionRound, campaign),
            subject=subject.strip(),
            first_on=first_on,
            last_on=last_on,
            opened_by=actor.name,
            opened_at=act.at,
        )
        act.subject = f"campaign:{campaign.public_id}"
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
    campaign = round.campaign
    found = check_day(visited_on, "visited_on", latest=today)
    if not round.first_on <= visited_on <= round.last_on:
        found.append(problem("outside_round", _("This day lies outside the days of the round."), "visited_on"))
    if not place_ids:
        found.append(problem("place_missing", _("Choose the places that were visited."), "places"))
    if findings and len(set(place_ids)) != 1:
        found.append(problem("findings_of_one", _("Record findings for one place at a time."), "places"))
    for finding in findings:
        if finding.kind not in problem_kinds().entries:
            found.append(problem("kind_unknown", _("Choose a kind of the catalogue."), "kind"))
        if not finding.text.strip():
            found.append(problem("finding_empty", _("Say what was found."), "text"))
        found += refuse_long(finding.text, "text", 300)
    raise_found(found)
    holder = leader_of(campaign, team, today, "team")
    if holder.is_person:
        raise Refused(problem("team_is_person", _("Choose the team, an organisation, not one person."), "team"))
    towns, wrong = towns_of(campaign, place_ids, visited_on, "places")
    raise_found(list(wrong.values())[:1])
    require_all(actor, MATTERS, towns)
    with writing(actor, ROUNDS, action=MATTERS, at=at) as act:
        # Two who record at once: the second waits here and finds what the first has recorded.
        InspectionRound.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=round.pk)
        visited = {
            visit.place_id: visit for visit in Visit.objects.filter(round=round, team_id=holder.id, place_id__in=towns)
        }
        fresh = [
            Visit(
                round=round,
                team_id=holder.id,
                place_id=place_id,
                town_id=town,
                on=visited_on,
                recorded_by=actor.name,
                recorded_at=act.at,
            )
            for place_id, town in towns.items()
            if place_id not in visited
        ]
        visited |= {visit.place_id: visit for visit in Visit.objects.bulk_create(fresh, batch_size=500)}
        visits = [visited[place_id] for place_id in towns]
        for finding in findings:
            Finding.objects.create(
                public_id=new_public_id(), visit=visits[0], kind=finding.kind, text=finding.text.strip()
            )
        act.place_id = next(iter(towns)) if len(towns) == 1 else campaign.district_id
        act.subject = f"campaign:{campaign.public_id}"
        act.after = {"did": "visits", "round": round.number, "places": len(towns), "findings": len(findings)}
    return visits


def to_problem(*, actor: Actor, finding: Finding, on: date | None = None, at: datetime | None = None) -> Problem:
    """Enter a finding into the problem ledger, once."""
    visit = finding.visit
    draft = Draft(
        {
            "place": visit.place_id,
            "kind": finding.kind,
            "source": ProblemSource.INSPECTION,
            "title": finding.text[:120],
            "description": finding.text if len(finding.text) > 120 else "",
            "found_on": visit.on,
        }
    )
    with writing(actor, ROUNDS, action=MATTERS, place_id=visit.place_id, at=at) as act:
        held = records.hold(Finding.objects, pk=finding.pk)
        if held.problem_id is not None:
            raise Refused(problem("finding_entered", _("This finding is in the problem ledger already.")))
        about = about_of(visit.round.campaign)
        (held.problem,) = records.enter(actor=actor, ledger=PROBLEMS, about=about, drafts=[draft], on=on, at=act.at)
        held.save(update_fields=["problem"])
        act.subject = f"campaign:{about.id}"
        act.after = {"did": "to_problem", "round": visit.round.number, "number": held.problem.number}
    entered: Problem = held.problem
    return entered
