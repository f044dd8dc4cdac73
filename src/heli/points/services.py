"""Writes of points: reporting in and leaving, shifts taken on and confirmed, lines added and reversed, certificates.

Whoever earns never confirms; the members' own acts ask for nothing but an account.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.audit.types import OpenEntry
from heli.bodies import queries as bodies
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.places import queries as places
from heli.points.catalogues import Earning, earning_of
from heli.points.ledger import AWARD, CONFIRM
from heli.points.models import Certificate, Credit, Member, PointsEntry, Shift, ShiftClaim, ShiftState
from heli.points.queries import account_of, earned_in, heads_of, member_of, reached_by
from heli.points.rules import MOST_MINUTES, compute_points
from heli.points.types import Confirmer, Earner, Proof
from heli.records.abouts import About
from heli.records.services import hold, refuse_oneself, towns_at

OWN = "ui.read"
RIGHTS = {Confirmer.VILLAGE: CONFIRM, Confirmer.OFFICE: AWARD}


def month_of(on: date) -> int:
    """A calendar month as a whole number."""
    return on.year * 12 + on.month - 1


# -- a member's own ----------------------------------------------------------------------------------------------------


def report_in(
    *,
    actor: Actor,
    district_id: int,
    home_id: int | None,
    work_id: int | None,
    unit: str = "",
    consents: bool = False,
    on: date | None = None,
    at: datetime | None = None,
) -> Member:
    """Report in at home and at work, by own consent, or say anew where that is. `unit`: the organisation ("body:…"), if any.

    Raises `Refused` without consent, without a place, or for places and organisations outside the district.
    """
    today = on or timezone.localdate()
    found = []
    if not consents:
        text = _("Nothing is kept without your consent: tick it, or leave this page.")
        found.append(Fault("consent_missing", text, field="consents"))
    if home_id is None and work_id is None:
        found.append(Fault("nowhere", _("Choose where you live, where you work, or both."), field="home"))
    for field, key in (("home", home_id), ("work", work_id)):
        if key is not None and places.chain_of(key, district_id, today)[0] not in places.townships_of(
            district_id, [key], today
        ):
            found.append(Fault("place_outside", _("Choose a place of this district."), field=field))
    body = bodies.find_holder(unit, district_id, today) if unit else None
    if unit and (body is None or body.is_person):
        found.append(Fault("unit_unknown", _("Choose an organisation of the list."), field="unit"))
    if found:
        raise Refused(found)
    with writing(actor, "points.report_in", action=OWN, at=at) as act:
        assert actor.id is not None  # nobody else may do `OWN`
        mine = Member.objects.filter(user_id=actor.id).first() or Member(
            public_id=new_public_id(), user_id=actor.id, consented_on=today
        )
        mine.district_id, mine.home_id, mine.work_id = district_id, home_id, work_id
        mine.unit_id = body.id if body else None
        mine.save()
        act.place_id, act.after = district_id, {"did": "report_in", "places": [home_id, work_id]}
    return mine


def leave(*, actor: Actor, at: datetime | None = None) -> int:
    """Leave: everything that joins the actor to what was done is deleted at once; entries and sums stay. How many credits went."""
    mine = _own(actor)
    with writing(actor, "points.leave", action=OWN, at=at) as act:
        Certificate.objects.filter(member=mine).delete()
        ShiftClaim.objects.filter(member=mine).delete()
        gone, _kinds = Credit.objects.filter(member=mine).delete()
        mine.delete()
        act.after = {"did": "leave", "count": gone}
    return gone


def take_on(*, actor: Actor, shift: Shift, on: date | None = None, at: datetime | None = None) -> ShiftClaim:
    """Take a shift on. Raises `Refused` when it is full, over, elsewhere than where the member reported in, or taken on already."""
    today, mine = on or timezone.localdate(), _own(actor)
    with writing(actor, "points.take_on", action=OWN, at=at) as act:
        held: Shift = hold(Shift.objects, pk=shift.pk)
        if held.place_id not in reached_by(mine, today):
            raise Refused(Fault("shift_elsewhere", _("This is not where you live or work: report in there first.")))
        if held.status != ShiftState.OFFERED or held.held_on < today:
            raise Refused(Fault("shift_over", _("This shift is not offered any more.")))
        if held.claims.filter(member=mine).exists():
            raise Refused(Fault("taken_on_already", _("You are on this shift already.")))
        if sum(heads_of(held)) >= held.heads:
            raise Refused(Fault("shift_full", _("Everybody who is needed has been found.")))
        claim = ShiftClaim.objects.create(public_id=new_public_id(), shift=held, member=mine, claimed_at=act.at)
        act.place_id, act.subject, act.after = held.place_id, f"shifts:{held.public_id}", {"did": "take_on"}
    return claim


def give_back(*, actor: Actor, claim: ShiftClaim, at: datetime | None = None) -> None:
    """Give a shift back before it was confirmed."""
    mine = _own(actor)
    with writing(actor, "points.give_back", action=OWN, at=at) as act:
        held = _open_claim(claim)
        if held.member_id != mine.pk:
            raise Refused(Fault("not_yours", _("This is another member's.")))
        act.place_id, act.subject = held.shift.place_id, f"shifts:{held.shift.public_id}"
        act.after = {"did": "give_back"}
        held.delete()


def issue_certificate(*, actor: Actor, on: date | None = None, at: datetime | None = None) -> Certificate:
    """A certificate of what the account holds today (志愿服务条例 Art. 19: free and true); `Refused` while that is nothing."""
    mine = _own(actor)
    with writing(actor, "points.certificate", action=OWN, at=at) as act:
        balance = account_of(mine).balance
        if balance.minutes <= 0 and balance.points <= 0:
            raise Refused(Fault("nothing_yet", _("Nothing was confirmed yet: there is nothing to certify.")))
        made = Certificate.objects.create(
            code=new_public_id(), member=mine, issued_on=on or timezone.localdate(),
            minutes=max(balance.minutes, 0), points=max(balance.points, 0),
        )  # fmt: skip
        act.place_id, act.after = mine.district_id, {"did": "certificate"}
    return made


def _own(actor: Actor) -> Member:
    mine = member_of(actor)
    if mine is None:
        raise Refused(Fault("not_a_member", _("Report in first: at home, at work, or both.")))
    return mine


# -- confirmed by the village, the town or the district ------------------------------------------------------------------


def confirm_shift(
    *,
    actor: Actor,
    claim: ShiftClaim,
    minutes: int,
    on: date | None = None,
    at: datetime | None = None,
) -> PointsEntry:
    """Confirm that a member worked so many minutes of a shift; one entry, whoever presses at the same moment.

    Raises `Refused` for the member themselves, before the day, and for no or more minutes than a day has.
    """
    today = on or timezone.localdate()
    if not 0 < minutes <= MOST_MINUTES:
        raise Refused(Fault("minutes_outside", _("Between a quarter of an hour and a day, please."), field="hours"))
    with writing(actor, "points.confirm", action=CONFIRM, place_id=claim.shift.place_id, at=at) as act:
        shift: Shift = hold(Shift.objects, pk=claim.shift_id)
        held = _open_claim(claim)
        refuse_oneself(actor=actor, first_id=held.member.user_id)
        if shift.status != ShiftState.OFFERED:
            raise Refused(Fault("shift_over", _("This shift is not offered any more.")))
        if shift.held_on > today:
            raise Refused(Fault("shift_not_yet", _("It has not taken place yet.")))
        earning = _earning(shift.act, Earner.MEMBER)
        member = hold(Member.objects, pk=held.member_id)
        where = {"district_id": shift.district_id, "place_id": shift.place_id, "town_id": shift.town_id}
        entry = _enter(
            act, earning, where, shift.held_on, minutes, earned_in(month_of(shift.held_on), shift.act, member=member),
            body_id=member.unit_id, shift=shift, proof=f"#{shift.number} {shift.title}",
            source=f"claim:{held.public_id}",
        )  # fmt: skip
        _credit(entry, member, act)
        held.is_confirmed = True
        held.save(update_fields=["is_confirmed"])
    return entry


def release_claim(*, actor: Actor, claim: ShiftClaim, at: datetime | None = None) -> None:
    """Whoever did not come is taken off a shift: nothing is earned, nothing is kept."""
    with writing(actor, "points.release", action=CONFIRM, place_id=claim.shift.place_id, at=at) as act:
        held = _open_claim(claim)
        act.subject, act.after = f"shifts:{held.shift.public_id}", {"did": "release"}
        held.delete()


@dataclass(frozen=True, slots=True)
class Earned:
    """What an organisation (`unit`, "body:…") or a place did: on which day, how long, what shows it. `source`: once, if given."""

    act: str
    place_id: int
    on: date
    proof: str
    unit: str = ""
    minutes: int = 0
    source: str = ""


def enter_points(
    *, actor: Actor, about: About, earned: Earned, on: date | None = None, at: datetime | None = None
) -> PointsEntry:
    """Enter what an organisation earned, or a place for its side of a matter; confirmed by whoever the catalogue names.

    Of two calls with one `source` the second one is refused. Raises `Refused` for an act the file does not know, without proof, for
    a day to come, an organisation of elsewhere, and for whoever speaks for the organisation themselves.
    """
    today, earning = on or timezone.localdate(), earning_of(earned.act)
    if earning is None or earning.earner is Earner.MEMBER:
        raise Refused(_unknown())
    found = []
    if not earned.proof.strip():
        text = _("Say what shows it: a record, a number of a matter; no log-in and no photo of whereabouts.")
        found.append(Fault("proof_missing", text, field="proof"))
    if earned.on > today:
        found.append(Fault("day_in_future", _("This day has not come yet."), field="on"))
    if not 0 <= earned.minutes <= MOST_MINUTES:
        found.append(Fault("minutes_outside", _("Between a quarter of an hour and a day, please."), field="minutes"))
    body = bodies.find_holder(earned.unit, about.district_id, today) if earned.unit else None
    if earning.earner is Earner.UNIT and (body is None or body.is_person):
        found.append(Fault("unit_unknown", _("Choose an organisation of the list."), field="unit"))
    if earning.earner is Earner.PLACE and earned.unit:
        found.append(Fault("unit_with_place", _("This is earned by a place: choose no organisation."), field="unit"))
    if found:
        raise Refused(found)
    towns = towns_at(about.district_id, place_ids=[earned.place_id], on=today)
    right = RIGHTS[earning.confirmer]
    with writing(actor, "points.enter", action=right, place_id=earned.place_id, at=at) as act:
        hold(about.kind.rows().only("pk"), public_id=about.id)
        if body is not None and any(grant.body_id == body.id for grant in actor.grants):
            text = _("You speak for this organisation: somebody else confirms what it earned.")
            raise Refused(Fault("own_unit", text, field="unit"))
        source = earned.source or f"entry:{new_public_id()}"
        if PointsEntry.objects.filter(source=source).exists():
            raise Refused(Fault("entered_already", _("This has earned its points already.")))
        where = {
            "district_id": about.district_id,
            "place_id": earned.place_id,
            "town_id": towns[earned.place_id],
        }
        month, key = month_of(earned.on), body.id if body else None
        before = earned_in(month, earned.act, body_id=key, place_id=earned.place_id)
        more: dict[str, Any] = {"body_id": key, "proof": earned.proof.strip(), "source": source}
        return _enter(act, earning, where, earned.on, earned.minutes, before, **more)


def reverse_entry(*, actor: Actor, entry: PointsEntry, reason: str, at: datetime | None = None) -> PointsEntry:
    """Take a line back by a second one below nought, with its reason; the first stays as it was.

    By whoever confirms such an act there, never by whoever earned it; once; a reversal is not reversed.
    """
    if not reason.strip():
        raise Refused(Fault("reason_empty", _("Say why."), field="reason"))
    earning = earning_of(entry.act)
    right = RIGHTS[earning.confirmer] if earning else AWARD
    with writing(actor, "points.reverse", action=right, place_id=entry.place_id, reason=reason.strip(), at=at) as act:
        held: PointsEntry = hold(PointsEntry.objects, pk=entry.pk)
        credit = Credit.objects.filter(entry=held).first()
        refuse_oneself(actor=actor, first_id=credit.earner_id if credit else None)
        if held.reverses_id is not None or PointsEntry.objects.filter(reverses=held).exists():
            raise Refused(Fault("reversed_already", _("This line was reversed, or reverses another one.")))
        copied = ("district_id", "place_id", "town_id", "earner", "body_id", "shift_id", "act", "on", "proof")
        made = PointsEntry.objects.create(
            **{name: getattr(held, name) for name in copied}, **_confirmed(act), public_id=new_public_id(), reverses=held,
            minutes=-held.minutes, points=-held.points, source=f"reversal:{held.public_id}", reason=reason.strip(),
        )  # fmt: skip
        if credit is not None:
            _credit(made, credit.member, act)
        act.subject, act.after = f"points:{made.public_id}", {"did": "reverse", "points": made.points}
    return made


# -- what is written ---------------------------------------------------------------------------------------------------


def _enter(  # noqa: PLR0917 - what a line is made of
    act: OpenEntry, earning: Earning, where: dict[str, Any], on: date, minutes: int, before: int, **more: Any
) -> PointsEntry:
    points = compute_points(earning.points, earning.per, earning.cap, minutes, before)
    entry = PointsEntry.objects.create(
        public_id=new_public_id(), earner=earning.earner.value, act=earning.key, on=on, minutes=minutes, points=points,
        **where, **more, **_confirmed(act),
    )  # fmt: skip
    act.subject = f"points:{entry.public_id}"
    act.after = {"did": "enter", "act": earning.key, "points": points, "minutes": minutes}
    return entry


def _credit(entry: PointsEntry, member: Member, act: OpenEntry) -> None:
    Credit.objects.create(
        entry=entry, member=member, act=entry.act, month=month_of(entry.on), points=entry.points, minutes=entry.minutes,
        earner_id=member.user_id, confirmed_by_id=act.actor.id,
    )  # fmt: skip


def _confirmed(act: OpenEntry) -> dict[str, Any]:
    return {"confirmed_by_id": act.actor.id, "confirmed_by_name": act.actor.name, "confirmed_at": act.at}


def _open_claim(claim: ShiftClaim) -> ShiftClaim:
    held = ShiftClaim.objects.select_for_update(of=("self",)).filter(pk=claim.pk, is_confirmed=False)
    found = held.select_related("shift", "member").first()
    if found is None:
        raise Refused(Fault("not_now", _("This cannot be done now: somebody else has moved the matter on.")))
    return found


def _earning(act: str, earner: Earner) -> Earning:
    earning = earning_of(act)
    if earning is None or earning.earner is not earner or earning.proof is not Proof.SHIFT:
        raise Refused(_unknown())
    return earning


def _unknown() -> Fault:
    return Fault("act_unknown", _("Nothing is earned for this: choose one of the list."), field="act")
