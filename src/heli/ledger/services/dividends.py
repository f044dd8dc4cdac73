"""Writes of a year's dividend: planned from the closed books and the confirmed roll, opened, decided by the members, dropped."""

from dataclasses import asdict
from datetime import date, datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused, Unsound
from heli.kernel.ids import new_public_id
from heli.kernel.quantities import YUAN
from heli.ledger.models import Collective, DividendPlan, DividendState, RollConfirmation
from heli.ledger.queries.books import last_closed
from heli.ledger.queries.dividends import law_of, plans_of, result_of_year
from heli.ledger.queries.members import lines_on_roll, standing_roll, waiting_lines
from heli.ledger.rules.books import DECEMBER, DISTRIBUTED, Draw
from heli.ledger.rules.dividend import share_out_but
from heli.ledger.services.deciding import DELEGATES, hung_notice, passed_sitting, post_for_holder
from heli.ledger.services.vouchers import BOOKS, VoucherDraft, make_voucher
from heli.ledger.texts import as_fault, said_dividend
from heli.ledger.types import DividendAsked, DividendWish
from heli.records.services import hold, refuse_oneself

APPROVE = "ledger.approve"
RESERVE, OWED = "311", "211"


def plan_dividend(
    *,
    actor: Actor,
    collective: Collective,
    year: int,
    wish: DividendWish,
    on: date | None = None,
    at: datetime | None = None,
) -> DividendPlan:
    """Plan what a closed year pays by the confirmed roll. Raises `Refused` for a year that is not closed, a roll that was changed
    since, rates the law does not allow, more than is left, and a second plan of the year.
    """
    today = on or timezone.localdate()
    with writing(actor, "ledger.plan_dividend", action=BOOKS, place_id=collective.body.place_id, at=at) as act:
        hold(Collective.objects, pk=collective.pk)
        closed = last_closed(collective)
        if closed is None or closed < date(year, DECEMBER, 1):
            raise Refused(
                Fault("year_open", _("Close the year first: what is shared does not change any more."), field="year")
            )
        if plans_of(collective).filter(year=year).exists():
            raise Refused(Fault("planned_already", _("The dividend of this year is planned already.")))
        roll = _standing(collective)
        income, expense, brought = result_of_year(collective, year)
        shares = dict(lines_on_roll(collective).filter(ended_on=None).values_list("number", "shares"))
        given = {key: value for key, value in asdict(wish).items() if key != "never_fen"}
        asked = DividendAsked(
            income_fen=income, expense_fen=expense, brought_forward_fen=brought,
            shares={number: held for number, held in shares.items() if held}, **given,
        )  # fmt: skip
        try:
            found = share_out_but(asked, law_of(collective, date(year, DECEMBER, 31)), wish.never_fen)
        except Unsound as wrong:
            raise Refused([as_fault(one) for one in wrong.findings]) from wrong
        if found.status != "planned" or found.left is None or not found.paid_fen:
            raise Refused(said_dividend(found))
        made = DividendPlan.objects.create(
            public_id=new_public_id(), collective=collective, year=year, roll=roll, never_fen=wish.never_fen,
            asked={**given, "income_fen": income, "expense_fen": expense, "brought_forward_fen": brought},
            surplus_fen=found.left.surplus_fen, paid_fen=found.paid_fen, shares=sum(shares.values()),
            result={
                **asdict(found.left), "carried_fen": found.carried_fen, "over_holding": list(found.over_holding),
                "amounts": {str(number): fen for number, fen in found.amounts.items()},
            },
            planned_by_id=actor.id, planned_on=today,
        )  # fmt: skip
        act.subject, act.after = f"dividend:{made.public_id}", {"year": year, "paid_fen": found.paid_fen}
    return made


def open_dividend(
    *, actor: Actor, plan: DividendPlan, on: date | None = None, at: datetime | None = None
) -> DividendPlan:
    """Open the plan to all, as sums, for the days the law asks before the meeting (Art. 46). Not by who planned it."""
    today, collective = on or timezone.localdate(), plan.collective
    with writing(actor, "ledger.open_dividend", action=APPROVE, place_id=collective.body.place_id, at=at) as act:
        held = _at(plan, DividendState.PLANNED)
        refuse_oneself(actor=actor, first_id=held.planned_by_id)
        with translation.override("zh-hans"):
            title = _("Dividend of %(holder)s for %(year)s") % {"holder": collective.body.name, "year": held.year}
            text = "\n".join(f"{label}：{YUAN.typed(fen):,} {_('yuan')}" for label, fen in dividend_sums(held))
        days = law_of(collective, today).open_days
        held.notice = post_for_holder(
            actor=actor, collective=collective, kind="dividend", title=title, text=text, days=days, on=today, at=at
        )
        held.status, held.opened_by_id, held.opened_on = DividendState.OPEN, actor.id, today
        held.save(update_fields=["notice", "status", "opened_by", "opened_on"])
        act.subject = f"dividend:{held.public_id}"
    return held


def decide_dividend(
    *, actor: Actor, plan: DividendPlan, on: date | None = None, at: datetime | None = None
) -> DividendPlan:
    """The members (or their delegates, Art. 28) decided it in a sitting held when it had been open long enough: a voucher that
    distributes it waits to be checked. Refused where the roll is not the one it was planned by.
    """
    today, collective = on or timezone.localdate(), plan.collective
    with writing(actor, "ledger.decide_dividend", action=BOOKS, place_id=collective.body.place_id, at=at) as act:
        hold(Collective.objects, pk=collective.pk)
        held = _at(plan, DividendState.OPEN)
        sitting = passed_sitting(held.public_id, matter="annual_budget", on=today, bodies=DELEGATES)
        hung_notice(held.notice, until=sitting.held_on)
        if _standing(collective).pk != held.roll_id:
            raise Refused(Fault("roll_changed", _("Another roll was confirmed since. Drop the plan and make it anew.")))
        told = held.result
        aside = told["reserve_fen"] + told["welfare_fen"]
        draws = [Draw(DISTRIBUTED, aside + held.paid_fen), Draw(OWED, -held.paid_fen)]
        with translation.override("zh-hans"):
            text = _("Dividend of %(year)s, decided on %(day)s") % {"year": held.year, "day": sitting.held_on}
        draft = VoucherDraft(
            today, text, [*draws, *([Draw(RESERVE, -aside)] if aside else [])],
        )  # fmt: skip
        held.voucher = make_voucher(actor=actor, collective=collective, draft=draft, on=today, at=at)
        held.status, held.meeting = DividendState.DECIDED, sitting.meeting
        held.decided_by_id, held.decided_on = actor.id, today
        held.save(update_fields=["voucher", "status", "meeting", "decided_by", "decided_on"])
        act.subject, act.after = f"dividend:{held.public_id}", {"sitting": sitting.meeting}
    return held


def drop_dividend(*, actor: Actor, plan: DividendPlan, at: datetime | None = None) -> DividendPlan:
    """Put a plan away that was not decided; another may be made."""
    with writing(actor, "ledger.drop_dividend", action=BOOKS, place_id=plan.collective.body.place_id, at=at) as act:
        held = _at(plan, DividendState.PLANNED, DividendState.OPEN)
        held.status = DividendState.DROPPED
        held.save(update_fields=["status"])
        act.subject = f"dividend:{held.public_id}"
    return held


def dividend_sums(plan: DividendPlan) -> list[tuple[str, int]]:
    """How the year comes to what is paid, in words and fen."""
    asked, told = plan.asked, plan.result
    return [
        (_("Income of the year"), asked["income_fen"]), (_("Expenses of the year"), asked["expense_fen"]),
        (_("Surplus"), plan.surplus_fen), (_("Left by earlier years"), asked["brought_forward_fen"]),
        (pgettext("dividend", "Reserve"), told["reserve_fen"]), (_("Welfare"), told["welfare_fen"]),
        *([(_("Money for reserved land, never distributed"), plan.never_fen)] if plan.never_fen else []),
        (_("Paid by shares"), plan.paid_fen), (_("Carried to the next year"), told["carried_fen"]),
    ]  # fmt: skip


def _at(plan: DividendPlan, *states: DividendState) -> DividendPlan:
    held: DividendPlan = hold(DividendPlan.objects, pk=plan.pk)
    if held.status not in states:
        raise Refused(Fault("not_now", _("It does not stand there any more. Look again.")))
    return held


def _standing(collective: Collective) -> RollConfirmation:
    roll = standing_roll(collective)
    if roll is None or waiting_lines(collective):
        text = _("Lines of the roll are not confirmed: the members confirm the roll first.")
        raise Refused(Fault("roll_unconfirmed", text))
    return roll
