"""The problem ledger: found, taken in hand, claimed done, closed by a second person 销号, reopened. History is never lost."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.audit.types import Act
from heli.bodies.queries import Holder
from heli.campaigns.models import Campaign
from heli.campaigns.services.matters import (
    ACCEPT,
    MATTERS,
    Upload,
    check_day,
    keep_file,
    leader_of,
    next_number,
    problem,
    raise_found,
    refuse_finished,
    refuse_long,
    refuse_oneself,
    require_all,
    towns_of,
)
from heli.kernel.access import Actor, require
from heli.kernel.ids import new_public_id
from heli.kernel.problems import Problem, Refused
from heli.problems.catalogues import problem_kinds
from heli.problems.models import Issue, IssueEvent, IssueEvidence
from heli.problems.rules import MOVES, can_do
from heli.problems.types import IssueDid, IssueSource, IssueStatus
from heli.rounds.models import Finding

WHAT = "campaigns.problems"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueSpec:
    """A problem as it was found; with a leader and a due day it is in hand at once. `row`: where in a file it stood."""

    place_id: int
    kind: str
    source: IssueSource
    title: str
    found_on: date
    description: str = ""
    leader: str = ""
    due_on: date | None = None
    measures: str = ""
    row: str = ""


def add_issue(
    *,
    actor: Actor,
    campaign: Campaign,
    spec: IssueSpec,
    finding: Finding | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> Issue:
    """Enter a problem. Raises `Refused` for an unknown place, kind or leader, an empty title, days in the wrong order."""
    return add_issues(actor=actor, campaign=campaign, specs=[spec], finding=finding, on=on, at=at)[0]


def add_issues(
    *,
    actor: Actor,
    campaign: Campaign,
    specs: Sequence[IssueSpec],
    sha256: str = "",
    read: Sequence[Mapping[str, str]] = (),
    finding: Finding | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> list[Issue]:
    """Enter problems, all or none; `sha256` is the hash of the list they came in, `read` what was decided in reading it.

    Each place is asked about by itself, so that a town officer enters what lies in the own town only.
    """
    today = on or timezone.localdate()
    refuse_finished(campaign)
    towns, elsewhere = towns_of(campaign, {spec.place_id for spec in specs}, today)
    leaders = _leaders(campaign, {spec.leader for spec in specs if spec.leader}, today)
    raise_found([one for spec in specs for one in _check(spec, today, elsewhere.get(spec.place_id), leaders)])
    require_all(actor, MATTERS, sorted(towns))
    where = specs[0].place_id if len({spec.place_id for spec in specs}) == 1 else campaign.district_id
    asked = where if len(specs) == 1 else None
    with writing(actor, WHAT, action=MATTERS, place_id=asked, at=at) as act:
        first = next_number(Issue, campaign)
        made = Issue.objects.bulk_create(
            [
                Issue(
                    **_row(campaign, spec, towns[spec.place_id], number, leaders),
                    opened_by=actor.name,
                    opened_at=act.at,
                )
                for number, spec in enumerate(specs, first)
            ],
            batch_size=500,
        )
        IssueEvent.objects.bulk_create([_entry(issue, IssueDid.OPENED, act) for issue in made], batch_size=500)
        if finding is not None:
            finding.issue = made[0]
            finding.save(update_fields=["issue"])
        act.place_id = where
        act.subject = f"campaign:{campaign.public_id}"
        came = {"sha256": sha256, "read": read} if sha256 else {}
        act.after = {"did": "add", "count": len(made), "first": first, **came}
    return made


def _leaders(campaign: Campaign, keys: Collection[str], on: date) -> dict[str, Holder | Problem]:
    """Who is meant by each key, or what is wrong with it."""
    found: dict[str, Holder | Problem] = {}
    for key in keys:
        try:
            found[key] = leader_of(campaign, key, on)
        except Refused as refused:
            found[key] = refused.problems[0]
    return found


def _check(
    spec: IssueSpec, today: date, elsewhere: Problem | None, leaders: Mapping[str, Holder | Problem]
) -> list[Problem]:
    found = refuse_long(spec.title, "title", 120) + refuse_long(spec.description, "description")
    if elsewhere is not None:
        found.append(elsewhere)
    if spec.kind not in problem_kinds().entries:
        found.append(problem("kind_unknown", _("Choose a kind of the catalogue."), "kind"))
    if not spec.title.strip():
        found.append(problem("title_empty", _("Say in a few words what the matter is."), "title"))
    found += check_day(spec.found_on, "found_on", latest=today)
    if spec.leader:
        if isinstance(wrong := leaders[spec.leader], Problem):
            found.append(wrong)
        if spec.due_on is None:
            found.append(problem("due_missing", _("Give the day until which it is to be settled."), "due_on"))
    if spec.due_on is not None and spec.due_on < spec.found_on:
        found.append(problem("due_before_found", _("It cannot be due before it was found."), "due_on"))
    if spec.row:
        found = [Problem(one.code, one.message, one.severity, one.field, spec.row) for one in found]
    return found


def _row(
    campaign: Campaign, spec: IssueSpec, town: int | None, number: int, leaders: Mapping[str, Holder | Problem]
) -> dict[str, Any]:
    holder = leaders.get(spec.leader)
    return {
        "public_id": new_public_id(),
        "campaign": campaign,
        "number": number,
        "place_id": spec.place_id,
        "town_id": town,
        "kind": spec.kind,
        "source": spec.source,
        "title": spec.title.strip(),
        "description": spec.description.strip(),
        "found_on": spec.found_on,
        "measures": spec.measures.strip(),
        "due_on": spec.due_on,
        "status": IssueStatus.IN_HAND if spec.leader else IssueStatus.OPEN,
        **(_led_by(holder) if isinstance(holder, Holder) else {}),
    }


def _led_by(holder: Holder) -> dict[str, int | None]:
    return {
        "leader_person_id": holder.id if holder.is_person else None,
        "leader_body_id": None if holder.is_person else holder.id,
    }


def take_in_hand(
    *,
    actor: Actor,
    issue: Issue,
    leader: str,
    due_on: date,
    measures: str = "",
    on: date | None = None,
    at: datetime | None = None,
) -> Issue:
    """Name who leads it, what is done and until when; also to change these while it is in hand."""
    today = on or timezone.localdate()
    found = refuse_long(measures, "measures") + check_day(due_on, "due_on")
    if due_on < issue.found_on:
        found.append(problem("due_before_found", _("It cannot be due before it was found."), "due_on"))
    try:
        fields: dict[str, Any] = {**_led_by(leader_of(issue.campaign, leader, today))}
    except Refused as refused:
        raise Refused([*found, *refused.problems]) from None
    raise_found(found)
    fields |= {"due_on": due_on, "measures": measures.strip()}
    return _move(actor, issue, IssueDid.TOOK_IN_HAND, MATTERS, fields, at=at)


def claim_done(
    *,
    actor: Actor,
    issue: Issue,
    note: str = "",
    upload: Upload | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> Issue:
    """Say that it is settled, with evidence; a second person closes it. Refused without a note or a file."""
    day = on or timezone.localdate()
    found = refuse_long(note, "note")
    if not note.strip() and upload is None:
        found.append(problem("evidence_missing", _("Say how it was settled, or add a file that shows it."), "note"))
    raise_found(found)
    require(actor, MATTERS, issue.place_id)
    fields = {"claimed_by_id": actor.id, "claimed_on": day}
    with writing(actor, WHAT, action=MATTERS, place_id=issue.place_id, at=at) as act:
        moved = _move(actor, issue, IssueDid.CLAIMED, MATTERS, fields, reason=note.strip(), at=act.at)
        IssueEvidence.objects.create(
            issue=moved,
            file=keep_file(actor, upload, issue.place_id),
            note=note.strip(),
            on=day,
            added_by=actor.name,
            added_at=act.at,
        )
        act.subject, act.after = _subject(issue), {"did": "evidence", "number": issue.number}
    return moved


def close_issue(*, actor: Actor, issue: Issue, on: date | None = None, at: datetime | None = None) -> Issue:
    """Close it 销号. Raises `Refused` for who claimed it done, and for a problem nobody claimed."""
    fields = {"closed_by_id": actor.id, "closed_on": on or timezone.localdate()}
    return _move(actor, issue, IssueDid.CLOSED, ACCEPT, fields, at=at)


def return_issue(*, actor: Actor, issue: Issue, reason: str, at: datetime | None = None) -> Issue:
    """Send it back as not settled, with the reason."""
    raise_found(_reason(reason))
    fields = {"claimed_by_id": None, "claimed_on": None}
    return _move(actor, issue, IssueDid.RETURNED, ACCEPT, fields, reason=reason.strip(), at=at)


def reopen_issue(*, actor: Actor, issue: Issue, reason: str, due_on: date, at: datetime | None = None) -> Issue:
    """Open a closed problem again, with the reason and a new due day; its history and evidence stay."""
    found = _reason(reason) + check_day(due_on, "due_on")
    if due_on < issue.found_on:
        found.append(problem("due_before_found", _("It cannot be due before it was found."), "due_on"))
    raise_found(found)
    fields = {"closed_by_id": None, "closed_on": None, "claimed_by_id": None, "claimed_on": None, "due_on": due_on}
    return _move(actor, issue, IssueDid.REOPENED, ACCEPT, fields, reason=reason.strip(), at=at)


def _reason(reason: str) -> list[Problem]:
    return [] if reason.strip() else [problem("reason_empty", _("Say why."), "reason")]


def _move(
    actor: Actor,
    issue: Issue,
    did: IssueDid,
    action: str,
    fields: Mapping[str, Any],
    *,
    reason: str = "",
    at: datetime | None = None,
) -> Issue:
    require(actor, action, issue.place_id)
    with writing(actor, WHAT, action=action, place_id=issue.place_id, reason=reason, at=at) as act:
        held = Issue.objects.select_for_update(of=("self",)).get(pk=issue.pk)
        if not can_do(did, IssueStatus(held.status)):
            raise Refused(problem("not_now", _("This cannot be done now: somebody else has moved the matter on.")))
        if did in (IssueDid.CLOSED, IssueDid.RETURNED):
            refuse_oneself(actor, held.claimed_by_id)
        act.before = {"status": held.status, "due_on": str(held.due_on or "")}
        held.status = MOVES[did][1]
        for name, value in fields.items():
            setattr(held, name, value)
        held.save(update_fields=["status", *(name for name in fields)])
        _entry(held, did, act).save(force_insert=True)
        act.subject = _subject(held)
        act.after = {"did": str(did), "number": held.number, "status": held.status, "due_on": str(held.due_on or "")}
    return held


def _subject(issue: Issue) -> str:
    return f"problem:{issue.public_id}"


def _entry(issue: Issue, did: IssueDid, act: Act) -> IssueEvent:
    return IssueEvent(
        issue=issue,
        at=act.at,
        did=did,
        status=issue.status,
        due_on=issue.due_on,
        by_id=act.actor.id,
        by_name=act.actor.name,
        reason=act.reason,
        data={"measures": issue.measures} if did is IssueDid.TOOK_IN_HAND and issue.measures else {},
    )
