"""Months are closed in order, December when the year is carried; a closed month is never opened again."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.bodies.queries import property_places
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.ledger.catalogues import account_classes
from heli.ledger.models import ClosedMonth, Collective, Voucher
from heli.ledger.queries.books import balances, last_closed, movements
from heli.ledger.queries.holders import collectives_at
from heli.ledger.rules import books as rules
from heli.ledger.services.vouchers import BOOKS, OPEN_STATES
from heli.places.services import record_facts
from heli.places.types import FactSpec
from heli.records.services import hold


def close_month(
    *, actor: Actor, collective: Collective, month: date, on: date | None = None, at: datetime | None = None
) -> ClosedMonth:
    """Close a month, given by its first day: the next one, when it is over, nothing waits, and in December the year is carried."""
    today = on or timezone.localdate()
    with writing(actor, "ledger.close_month", action=BOOKS, place_id=collective.body.place_id, at=at) as act:
        held: Collective = hold(Collective.objects, pk=collective.pk)
        expected = rules.compute_next_month(last_closed(held), held.begins_on)
        after = rules.compute_next_month(month, held.begins_on)
        if month != expected:
            told = _("Months close in order: the next one is %(month)s.")
            raise Refused(Fault("not_next_month", told % {"month": f"{expected:%Y-%m}"}, field="month"))
        if after > today:
            raise Refused(Fault("month_not_over", _("A month is closed when it is over."), field="month"))
        waiting = Voucher.objects.filter(collective=held, status__in=OPEN_STATES, on__lt=after).count()
        if waiting:
            told = _("%(count)s vouchers of this month wait. Have them checked, or drop them.")
            raise Refused(Fault("vouchers_wait", told % {"count": waiting}, field="month"))
        if month.month == rules.DECEMBER:
            stand = balances(held, after - timedelta(days=1))
            if rules.compute_income_carried(stand, account_classes()) or rules.compute_result_carried(stand):
                told = _("Carry the year first: income and expenses to 321, then 321 to 322.")
                raise Refused(Fault("year_not_carried", told, field="month"))
        made = ClosedMonth.objects.create(collective=held, month=month, closed_by_id=actor.id, closed_at=act.at)
        if month.month == rules.DECEMBER:
            _record(actor, held, after - timedelta(days=1), at)
        act.subject, act.after = f"collective {held.pk}", {"month": month}
    return made


def _record(actor: Actor, collective: Collective, until: date, at: datetime | None) -> None:
    """The register's members and income of the place whose property it keeps, over all holders that keep it."""
    place_id = property_places([collective.body_id], until).get(collective.body_id)
    if place_id is None:
        return
    held = collectives_at([place_id], until).get(place_id, [])
    first, classes = until.replace(month=1, day=1), account_classes()
    income = sum(
        -fen
        for one in held
        for account, fen in movements(one, first, until).items()
        if classes[rules.compute_first_level(account)] == "income"
    )
    told = {"collective_income": income, "members": sum(one.members for one in held)}
    facts = [
        FactSpec(place_id=place_id, measure=measure, on=until, value=value)
        for measure, value in told.items()
        if value > 0
    ]
    record_facts(actor=actor, facts=facts, reason=str(collective), at=at, action=BOOKS)
