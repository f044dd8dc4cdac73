"""Decisions about a scenario: proposed, taken back, accepted under a document number. Accepting is not applying."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from heli.accounts import queries as accounts
from heli.audit.services import writing
from heli.audit.types import OpenEntry
from heli.kernel.access import Actor, require
from heli.kernel.faults import Fault, Refused
from heli.notices import services as notices
from heli.planning import queries
from heli.planning.models import Acceptance, PlanRun, Scenario
from heli.planning.notices import PROPOSED
from heli.planning.rules import check_names
from heli.planning.services.posting import refuse_posted
from heli.planning.services.scenarios import EDIT, stale
from heli.planning.types import ScenarioStatus
from heli.planning.wording import fault, faults

ACCEPT = "planning.accept"


def propose(*, actor: Actor, scenario: Scenario, version: int | None = None, at: datetime | None = None) -> Scenario:
    """Put a draft forward: its rules stand still until it is taken back. Needs a feasible plan of exactly these rules."""
    require(actor, EDIT, scenario.district_id)
    standing = queries.standing_of(scenario)
    found = check_proposable(standing)
    if found:
        raise Refused(found)
    with writing(actor, EDIT, place_id=scenario.district_id, at=at) as act:
        _move(act, scenario, ScenarioStatus.DRAFT, ScenarioStatus.PROPOSED, version)
        act.subject = f"scenario:{scenario.public_id}"
        act.before, act.after = (
            {"status": "draft"},
            {"did": "propose", "status": "proposed", "run": _number(standing.run)},
        )
        _tell_of_proposal(actor, scenario, standing.run, act.at)
    return scenario


def _tell_of_proposal(actor: Actor, scenario: Scenario, run: PlanRun | None, at: datetime) -> None:
    """Whoever may accept the plan hears of it; not those who wrote it or had it computed."""
    wrote = {actor.id, scenario.author_id, run.asked_by_user_id if run is not None else None}
    may_accept = accounts.people_who_may(ACCEPT, scenario.district_id, timezone.localdate(at))
    # Written in the language of the installation: whoever reads it is not here to ask.
    with translation.override(settings.LANGUAGE_CODE):
        notices.notify(
            actor=actor,
            recipients=[key for key in may_accept if key not in wrote],
            kind=PROPOSED,
            title=_("A merger plan waits to be accepted: %(plan)s") % {"plan": scenario.name},
            link=queries.address_of(scenario),
            about=f"scenario:{scenario.public_id}:{_number(run)}",
            at=at,
        )


def check_proposable(standing: queries.PlanStanding) -> list[Fault]:
    """What keeps a draft from being proposed."""
    if standing.run is None or not standing.is_current:
        return [fault("not_run", _("The rules changed since the last run: run the scenario again first."))]
    if standing.run.status == "infeasible":
        return [fault("infeasible", _("There is no plan under these rules: relax one of them first."))]
    if isinstance(standing, queries.QuestionStanding) and standing.answer and standing.answer.figures.get("undivided"):
        return [
            fault(
                "undivided", _("Some communities have no grids under these rules: change their number or the limits.")
            )
        ]
    if not isinstance(standing, queries.ScenarioStanding) or standing.result is None:
        return []
    return faults(check_names(standing.material, standing.rules, standing.result))


def take_back(*, actor: Actor, scenario: Scenario, reason: str, at: datetime | None = None) -> Scenario:
    """Make a proposal a draft again, for instance after comments; not while it is posted."""
    require(actor, EDIT, scenario.district_id)
    if not reason.strip():
        raise Refused(fault("reason_missing", _("Say why the proposal is taken back."), "reason"))
    with writing(actor, EDIT, place_id=scenario.district_id, reason=reason.strip(), at=at) as act:
        _move(act, scenario, ScenarioStatus.PROPOSED, ScenarioStatus.DRAFT)
        refuse_posted(scenario=scenario, on=timezone.localdate(act.at))
        act.subject = f"scenario:{scenario.public_id}"
        act.before, act.after = {"status": "proposed"}, {"did": "take_back", "status": "draft"}
    return scenario


def accept(
    *, actor: Actor, scenario: Scenario, document_number: str, document_on: date, at: datetime | None = None
) -> Acceptance:
    """Freeze the proposed plan under a document number; never by its author.

    Raises `Refused` for a scenario that is not proposed, a missing number, a document of the future, its own author or while
    it is posted for comment; `Forbidden`.
    """
    require(actor, ACCEPT, scenario.district_id)
    standing = queries.standing_of(scenario)
    found = []
    if scenario.status != ScenarioStatus.PROPOSED or standing.run is None:
        found.append(fault("not_proposed", _("Only a proposed scenario can be accepted.")))
    if not document_number.strip():
        found.append(fault("document_missing", _("Give the number of the document that decides."), "document_number"))
    who = actor.id
    if who is None or who == scenario.author_id:
        found.append(fault("own_scenario", _("You wrote this scenario: somebody else has to accept it.")))
    elif standing.run is not None and who == standing.run.asked_by_user_id:
        # Rules rewritten and computed by a colleague make that colleague an author too.
        found.append(fault("own_run", _("You had this plan computed: somebody else has to accept it.")))
    if found or standing.run is None or who is None:
        raise Refused(found)
    with writing(actor, ACCEPT, place_id=scenario.district_id, at=at) as act:
        today = timezone.localdate(act.at)
        if document_on > today:
            raise Refused(fault("document_later", _("The document is dated in the future."), "document_on"))
        _move(act, scenario, ScenarioStatus.PROPOSED, ScenarioStatus.ACCEPTED)
        refuse_posted(scenario=scenario, on=today)
        acceptance = Acceptance.objects.create(
            scenario=scenario,
            run=standing.run,
            author_id=scenario.author_id,
            accepted_by_id=who,
            accepted_by_name=actor.name,
            document_number=document_number.strip(),
            document_on=document_on,
            accepted_at=act.at,
        )
        act.subject = f"scenario:{scenario.public_id}"
        act.before = {"status": "proposed"}
        act.after = {
            "did": "accept",
            "status": "accepted",
            "document": acceptance.document_number,
            "run": _number(standing.run),
            "result": standing.run.result_sha256,
        }
    return acceptance


def _number(run: PlanRun | None) -> int | None:
    return run.number if run is not None else None


def _move(
    act: OpenEntry, scenario: Scenario, old: ScenarioStatus, new: ScenarioStatus, version: int | None = None
) -> None:
    """Change the status from the one expected; whoever came too late is told."""
    seen = scenario.version if version is None else version
    changed = Scenario.objects.filter(pk=scenario.pk, status=old, version=seen).update(
        status=new, version=seen + 1, changed_at=act.at, changed_by=act.actor.name
    )
    if not changed:
        raise Refused(stale(scenario.pk))
    scenario.refresh_from_db()
