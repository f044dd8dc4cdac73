"""What towns answer (a contested red, a demanded statement 表态), what the district decides, what the appraisal record is told."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.appraisal.services import take_entry
from heli.audit.services import writing
from heli.campaigns.types import Colour, SeatLevel
from heli.files import services as files
from heli.kernel.access import Actor, require
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.records.services import FormFile
from heli.warnings.models import AppraisalProposal, Contest, FrozenColour, FrozenWeek, Statement
from heli.warnings.services.week_notices import ANSWER, DECIDE, tell_of_contest, tell_of_statement
from heli.warnings.services.weeks import escalate
from heli.warnings.types import ContestStatus, ProposalStatus, StatementStatus

READ = "campaigns.read"
LONGEST = 4_000
"""Characters of a text."""


def contest_red(
    *,
    actor: Actor,
    week: FrozenWeek,
    town_id: int,
    text: str,
    upload: FormFile | None = None,
    at: datetime | None = None,
) -> Contest:
    """Say that a town's red of a week is wrong, with evidence. The frozen colour stays; a second person decides.

    Raises `Refused` when the town was not red that week, without a reason, or when it is contested already; `Forbidden`.
    """
    require(actor, ANSWER, town_id)
    who = person(actor=actor)
    found = _check_text(text, "text", _("Say what is wrong with this red."))
    frozen = FrozenColour.objects.filter(week=week, place_id=town_id, level=SeatLevel.TOWN).first()
    if frozen is None or frozen.colour != Colour.RED:
        found.append(Fault("not_red", _("This town was not red in that week.")))
    if found:
        raise Refused(found)
    with writing(actor, "campaigns.contest_red", action=ANSWER, place_id=town_id, at=at) as act:
        stored = _keep(actor, upload, town_id, act.at)
        try:
            with transaction.atomic():
                contest = Contest.objects.create(
                    public_id=new_public_id(),
                    week=week,
                    town_id=town_id,
                    text=text.strip(),
                    file=stored,
                    contested_by_id=who,
                    contested_by_name=actor.name,
                    contested_at=act.at,
                )
        except IntegrityError as raced:
            raise Refused(Fault("contested_already", _("This red is contested already."))) from raced
        act.subject = f"contest:{contest.public_id}"
        act.after = {"week": week.label, "file": stored.sha256 if stored else ""}
        tell_of_contest(actor=actor, contest=contest, at=act.at)
    return contest


def decide_contest(*, actor: Actor, contest: Contest, uphold: bool, reason: str, at: datetime | None = None) -> Contest:
    """Find a contested red wrong (`uphold`) or right. Wrong means that it no longer counts for a streak; never by who contested.

    A statement that was demanded because of it and not yet given is withdrawn.
    """
    district = contest.week.campaign.district_id
    require(actor, DECIDE, district)
    who = person(actor=actor)
    found = _check_text(reason, "reason", _("Give the reason of the decision."))
    if who == contest.contested_by_id:
        found.append(Fault("own_contest", _("You contested this red: somebody else has to decide.")))
    if contest.status != ContestStatus.OPEN:
        found.append(Fault("decided", _("This contest has been decided.")))
    if found:
        raise Refused(found)
    with writing(actor, "campaigns.decide_contest", action=DECIDE, place_id=district, reason=reason, at=at) as act:
        status = ContestStatus.UPHELD if uphold else ContestStatus.REJECTED
        changed = Contest.objects.filter(pk=contest.pk, status=ContestStatus.OPEN).update(
            status=status, decided_by_id=who, decided_by_name=actor.name, decided_at=act.at, reason=reason.strip()
        )
        if not changed:
            raise Refused(Fault("decided", _("This contest has been decided.")))
        contest.refresh_from_db()
        act.subject = f"contest:{contest.public_id}"
        act.before, act.after = {"status": "open"}, {"status": str(status)}
        tell_of_contest(actor=actor, contest=contest, at=act.at)
        if uphold:
            escalate(actor=actor, campaign=contest.week.campaign, at=act.at)
    return contest


def give_statement(
    *, actor: Actor, statement: Statement, text: str, upload: FormFile | None = None, at: datetime | None = None
) -> Statement:
    """The town states why it is behind and what it will do. Until the district has taken note it may be given anew."""
    require(actor, ANSWER, statement.town_id)
    who = person(actor=actor)
    found = _check_text(text, "text", _("Write the statement: why, what is being done, until when."))
    if statement.status not in (StatementStatus.DEMANDED, StatementStatus.GIVEN):
        found.append(Fault("not_open", _("This statement is no longer asked for.")))
    if found:
        raise Refused(found)
    with writing(actor, "campaigns.give_statement", action=ANSWER, place_id=statement.town_id, at=at) as act:
        stored = _keep(actor, upload, statement.town_id, act.at)
        held = Statement.objects.select_for_update().get(pk=statement.pk)
        if held.status not in (StatementStatus.DEMANDED, StatementStatus.GIVEN):
            raise Refused(Fault("not_open", _("This statement is no longer asked for.")))
        act.before = {"status": held.status, "text": held.text}
        held.status, held.text, held.file = StatementStatus.GIVEN, text.strip(), stored or held.file
        held.given_by_id, held.given_by_name, held.given_at = who, actor.name, act.at
        held.save(update_fields=["status", "text", "file", "given_by", "given_by_name", "given_at"])
        act.subject = f"statement:{held.public_id}"
        act.after = {"status": held.status, "text": held.text, "file": stored.sha256 if stored else ""}
        tell_of_statement(actor=actor, statement=held, at=act.at)
    return held


def acknowledge_statement(*, actor: Actor, statement: Statement, at: datetime | None = None) -> Statement:
    """The district takes note of a statement; never who gave it."""
    district = statement.campaign.district_id
    require(actor, DECIDE, district)
    who = person(actor=actor)
    found = []
    if statement.status != StatementStatus.GIVEN:
        found.append(Fault("not_given", _("There is no statement to take note of.")))
    if who == statement.given_by_id:
        found.append(Fault("own_statement", _("You gave this statement: somebody else takes note of it.")))
    if found:
        raise Refused(found)
    with writing(actor, "campaigns.acknowledge_statement", action=DECIDE, place_id=district, at=at) as act:
        changed = Statement.objects.filter(
            pk=statement.pk, status=StatementStatus.GIVEN, given_at=statement.given_at
        ).update(
            status=StatementStatus.ACKNOWLEDGED,
            acknowledged_by_id=who,
            acknowledged_by_name=actor.name,
            acknowledged_at=act.at,
        )
        if not changed:
            raise Refused(Fault("moved_on", _("The statement was changed meanwhile: read it again.")))
        act.subject = f"statement:{statement.public_id}"
        act.before, act.after = {"status": "given"}, {"status": "acknowledged"}
        statement.refresh_from_db()
    return statement


def decide_proposal(
    *, actor: Actor, proposal: AppraisalProposal, confirm: bool, reason: str, at: datetime | None = None
) -> AppraisalProposal:
    """Let a streak of red weeks into the appraisal record of the town, or leave it out; a person decides, with a reason."""
    district = proposal.statement.campaign.district_id
    require(actor, DECIDE, district)
    who = person(actor=actor)
    found = _check_text(reason, "reason", _("Give the reason of the decision."))
    if proposal.status != ProposalStatus.PROPOSED:
        found.append(Fault("decided", _("This proposal has been decided.")))
    if found:
        raise Refused(found)
    with writing(actor, "campaigns.decide_proposal", action=DECIDE, place_id=district, reason=reason, at=at) as act:
        status = ProposalStatus.CONFIRMED if confirm else ProposalStatus.DISMISSED
        changed = AppraisalProposal.objects.filter(pk=proposal.pk, status=ProposalStatus.PROPOSED).update(
            status=status, decided_by_id=who, decided_by_name=actor.name, decided_at=act.at, reason=reason.strip()
        )
        if not changed:
            raise Refused(Fault("decided", _("This proposal has been decided.")))
        act.subject = f"proposal:{proposal.public_id}"
        act.before, act.after = {"status": "proposed"}, {"status": str(status)}
        proposal.refresh_from_db()
        if confirm:
            town, day = proposal.statement.town_id, timezone.localdate(act.at)
            source = f"proposal:{proposal.public_id}"
            take_entry(
                actor=actor, district_id=district, place_id=town, text=proposal.text, source=source, on=day, at=act.at
            )
    return proposal


def person(*, actor: Actor) -> int:
    """The account of whoever acts. Raises `Refused` for the system and strangers: somebody has to stand for this."""
    if actor.id is None:
        raise Refused(Fault("no_person", _("Only a signed-in person can do this.")))
    return actor.id


def _check_text(text: str, field: str, missing: str) -> list[Fault]:
    if not text.strip():
        return [Fault("text_missing", missing, field=field)]
    if len(text.strip()) > LONGEST:
        message = _("At most %(most)s characters, please; this is %(count)s.")
        return [Fault("text_long", message % {"most": LONGEST, "count": len(text.strip())}, field=field)]
    return []


def _keep(actor: Actor, upload: FormFile | None, place_id: int, at: datetime) -> Any:
    """The file, readable by whoever reads campaigns at the place; inside an open `writing` block."""
    if upload is None:
        return None
    return files.store_document(
        actor=actor, chunks=upload.chunks, name=upload.name, action=READ, place_id=place_id, at=at
    )
