"""Writes of the roll of members: lines taken in and ended, posted and confirmed; names opened, and forgotten in time."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from heli.accounts.sealing import seal_text, unseal_text
from heli.audit.services import writing
from heli.bodies.queries import property_places
from heli.kernel.access import Actor, require_everywhere
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.ledger.models import Collective, RollConfirmation, RollMember, RollState
from heli.ledger.queries.holders import collectives_at
from heli.ledger.queries.members import RollCounts, counts_of, standing_roll
from heli.ledger.rules.members import KEPT_YEARS, check_lines, shares_said
from heli.ledger.services.deciding import hung_notice, passed_sitting, post_for_holder
from heli.ledger.texts import as_fault
from heli.ledger.types import RollLine
from heli.places.services import record_facts
from heli.places.types import FactSpec
from heli.records.services import hold, refuse_oneself

NAMES, APPROVE = "roll.names", "ledger.approve"
SEALED_FOR = "name of a member"
POSTED_DAYS = 7


def take_in_members(
    *,
    actor: Actor,
    collective: Collective,
    lines: Sequence[RollLine],
    on: date | None = None,
    sha256: str = "",
    at: datetime | None = None,
) -> int:
    """Enter lines of the roll, or change those of the same number (an empty name stays); what is changed is to be confirmed anew.

    Returns how many changed. Raises `Refused` with every fault by its row, for a number that ended, and while the roll hangs.
    """
    day, place_id = on or timezone.localdate(), collective.body.place_id
    with writing(actor, "ledger.take_in_members", action=NAMES, place_id=place_id, at=at) as act:
        hold(Collective.objects, pk=collective.pk)
        _refuse_posted(collective)
        numbers = [one.number for one in lines]
        known = {one.number: one for one in RollMember.objects.filter(collective=collective, number__in=numbers)}
        ended = {number for number, one in known.items() if one.ended_on is not None}
        if found := [as_fault(one) for one in check_lines(lines, known, ended)]:
            raise Refused(found)
        made, changed = [], []
        for line in lines:
            old = known.get(line.number)
            row = old or RollMember(collective=collective, number=line.number, begins_on=day)
            stood = (row.household, row.sort, row.shares)
            row.household, row.sort, row.shares = line.household, line.sort, line.shares
            if line.name:
                row.sealed = seal_text(SEALED_FOR, line.name)
            if old is None:
                made.append(row)
            elif stood != (line.household, line.sort, line.shares) or line.name:
                row.confirmed_on = None if stood != (line.household, line.sort, line.shares) else row.confirmed_on
                changed.append(row)
        RollMember.objects.bulk_create(made)
        RollMember.objects.bulk_update(changed, ["household", "sort", "shares", "sealed", "confirmed_on"])
        act.subject = f"collective {collective.pk}"
        act.after = {"new": len(made), "changed": len(changed), "sha256": sha256}
    return len(made) + len(changed)


def end_member(
    *, actor: Actor, collective: Collective, number: int, on: date, reason: str, at: datetime | None = None
) -> RollMember:
    """End a line from a day on, with the reason; its number is never given again. Refused while the roll hangs."""
    with writing(actor, "ledger.end_member", action=NAMES, place_id=collective.body.place_id, at=at) as act:
        hold(Collective.objects, pk=collective.pk)
        _refuse_posted(collective)
        row = RollMember.objects.filter(collective=collective, number=number, ended_on=None).first()
        found = []
        if row is None:
            found.append(Fault("number_unknown", _("No line with this number stands on the roll."), field="number"))
        elif on < row.begins_on:
            found.append(Fault("before_it", _("It cannot end before it begins."), field="on"))
        if not reason.strip():
            found.append(Fault("reason_empty", _("Say why."), field="reason"))
        if found or row is None:
            raise Refused(found)
        row.ended_on, row.reason = on, reason.strip()[:120]
        row.save(update_fields=["ended_on", "reason"])
        act.subject, act.reason, act.after = f"collective {collective.pk}", row.reason, {"ended": number, "on": on}
    return row


def post_roll(
    *,
    actor: Actor,
    collective: Collective,
    is_static: bool = False,
    on: date | None = None,
    at: datetime | None = None,
) -> RollConfirmation:
    """Post the roll as it stands, as counts; the names hang as the paper that the book-keeper prints. Refused for an empty roll, a
    second one, and (`is_static`) where shares became more or fewer than were confirmed.
    """
    today, body = on or timezone.localdate(), collective.body
    with writing(actor, "ledger.post_roll", action=APPROVE, place_id=body.place_id, at=at) as act:
        hold(Collective.objects, pk=collective.pk)
        _refuse_posted(collective)
        counts, before = counts_of(collective), standing_roll(collective)
        if not counts.members:
            raise Refused(Fault("roll_empty", _("No member stands on the roll. Take in the list first.")))
        if is_static and before is not None and before.shares != counts.shares:
            text = _("Shares stay as many as they were: %(before)s were confirmed, the roll has %(now)s hundredths.")
            raise Refused(Fault("shares_changed", text % {"before": before.shares, "now": counts.shares}))
        with translation.override("zh-hans"):
            title = _("Roll of members of %(holder)s") % {"holder": body.name}
            text = _(
                "%(members)s members of %(households)s households, %(shares)s shares. The list with names hangs at the office. "
                "Who sees it otherwise says so while it hangs."
            ) % {"members": counts.members, "households": counts.households, "shares": shares_said(counts.shares)}
        notice = post_for_holder(
            actor=actor,
            collective=collective,
            kind="members",
            title=title,
            text=text,
            days=POSTED_DAYS,
            on=today,
            at=at,
        )
        made = RollConfirmation.objects.create(
            public_id=new_public_id(), collective=collective, members=counts.members, households=counts.households,
            shares=counts.shares, is_static=is_static, notice=notice, posted_by_id=actor.id, posted_on=today,
        )  # fmt: skip
        act.subject, act.after = f"roll:{made.public_id}", {"members": counts.members, "shares": counts.shares}
    return made


def confirm_roll(
    *, actor: Actor, roll: RollConfirmation, on: date | None = None, at: datetime | None = None
) -> RollConfirmation:
    """The members confirmed the roll: it hung its days, objections have their answers, a sitting about it passed. From now on it
    counts, and is the register's number of members. Refused for who posted it, and where the roll is not as it was posted.
    """
    today, collective = on or timezone.localdate(), roll.collective
    with writing(actor, "ledger.confirm_roll", action=APPROVE, place_id=collective.body.place_id, at=at) as act:
        hold(Collective.objects, pk=collective.pk)
        held = _posted(roll)
        refuse_oneself(actor=actor, first_id=held.posted_by_id)
        hung_notice(held.notice, until=today)
        sitting = passed_sitting(held.public_id, matter="membership", on=today)
        counts = counts_of(collective)
        if counts != RollCounts(held.members, held.households, held.shares):
            raise Refused(Fault("not_as_posted", _("The roll is not as it was posted. Set it aside and post it anew.")))
        RollMember.objects.filter(collective=collective, ended_on=None, confirmed_on=None).update(confirmed_on=today)
        held.status, held.meeting = RollState.CONFIRMED, sitting.meeting
        held.confirmed_by_id, held.confirmed_on = actor.id, today
        held.save(update_fields=["status", "meeting", "confirmed_by", "confirmed_on"])
        Collective.objects.filter(pk=collective.pk).update(members=held.members)
        _record(actor, collective, today, at)
        act.subject, act.after = f"roll:{held.public_id}", {"members": held.members, "sitting": sitting.meeting}
    return held


def set_roll_aside(
    *, actor: Actor, roll: RollConfirmation, reason: str, at: datetime | None = None
) -> RollConfirmation:
    """An objection holds: the roll is mended and posted anew. It says why."""
    if not reason.strip():
        raise Refused(Fault("reason_empty", _("Say why."), field="reason"))
    place_id = roll.collective.body.place_id
    with writing(
        actor, "ledger.set_roll_aside", action=APPROVE, place_id=place_id, reason=reason.strip(), at=at
    ) as act:
        hold(Collective.objects, pk=roll.collective_id)
        held = _posted(roll)
        held.status, held.reason = RollState.SET_ASIDE, reason.strip()[:300]
        held.save(update_fields=["status", "reason"])
        act.subject = f"roll:{held.public_id}"
    return held


def open_names(
    *, actor: Actor, collective: Collective, why: str, numbers: Collection[int] = (), at: datetime | None = None
) -> Mapping[int, str]:
    """The names of some lines, or of all that stand, by number: for the holder's book-keeper alone. That they were opened, how many
    and for what stays in the trail. A forgotten name is left out.
    """
    with writing(actor, "ledger.open_names", action=NAMES, place_id=collective.body.place_id, at=at) as act:
        rows = RollMember.objects.filter(collective=collective).exclude(sealed="")
        rows = rows.filter(number__in=numbers) if numbers else rows.filter(ended_on=None)
        found = {number: unseal_text(SEALED_FOR, sealed) for number, sealed in rows.values_list("number", "sealed")}
        act.subject, act.after = f"collective {collective.pk}", {"opened": len(found), "why": why}
        if len(numbers) == 1:
            act.after = {**act.after, "number": next(iter(numbers))}
    return found


def forget_names(*, actor: Actor, on: date, at: datetime | None = None) -> int:
    """Empty the names of lines that ended five years ago; how many. Law: Art. 57; PIPL Art. 19, 47."""
    require_everywhere(actor, APPROVE)
    limit = on.replace(year=on.year - KEPT_YEARS, day=28 if (on.month, on.day) == (2, 29) else on.day)
    keys = list(RollMember.objects.filter(ended_on__lte=limit).exclude(sealed="").values_list("pk", flat=True))
    if keys:
        with writing(actor, "ledger.forget_names", action=APPROVE, at=at) as act:
            RollMember.objects.filter(pk__in=keys).update(sealed="", emptied_on=on)
            act.after = {"lines": len(keys)}
    return len(keys)


def _refuse_posted(collective: Collective) -> None:
    if RollConfirmation.objects.filter(collective=collective, status=RollState.POSTED).exists():
        raise Refused(Fault("roll_hangs", _("The roll hangs: confirm it, or set it aside first.")))


def _posted(roll: RollConfirmation) -> RollConfirmation:
    held: RollConfirmation = hold(RollConfirmation.objects, pk=roll.pk)
    if held.status != RollState.POSTED:
        raise Refused(Fault("not_now", _("It does not stand there any more. Look again.")))
    return held


def _record(actor: Actor, collective: Collective, on: date, at: datetime | None) -> None:
    """The register's members of the place, over all holders that keep its property."""
    place_id = property_places([collective.body_id], on).get(collective.body_id)
    if place_id is not None:
        held = [one.pk for one in collectives_at([place_id], on).get(place_id, [])]
        total = Collective.objects.filter(pk__in=held).aggregate(n=Sum("members"))["n"]
        facts = [FactSpec(place_id=place_id, measure="members", on=on, value=total)]
        record_facts(actor=actor, facts=facts, reason=str(collective), at=at, action=APPROVE)
