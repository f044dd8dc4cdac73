"""The accounts hang 财务公开榜: as a notice of the consultation, on the wall and on the public page of the village, once each."""

from datetime import date, datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from heli.assemblies.provinces import jurisdiction_of
from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.quantities import YUAN
from heli.ledger.catalogues import disclosure_rules
from heli.ledger.models import Collective, Disclosed, Voucher, VoucherState
from heli.ledger.queries.books import last_closed
from heli.ledger.queries.statements import statements_of
from heli.ledger.rules.books import compute_next_month
from heli.ledger.services.deciding import post_for_holder
from heli.ledger.statement_sheet import notice_text
from heli.records.services import hold

POST = "ledger.approve"


def disclose_period(
    *, actor: Actor, collective: Collective, until: date, on: date | None = None, at: datetime | None = None
) -> Disclosed:
    """Post the statements up to the last day of a closed month. Refused before it is closed, and a second time."""
    closed = last_closed(collective)
    if closed is None or until >= compute_next_month(closed, closed):
        raise Refused(
            Fault("month_open", _("Close the month first: what hangs does not change any more."), field="until")
        )
    with translation.override("zh-hans"):
        title = _("Accounts of %(holder)s up to %(day)s") % {"holder": collective.body.name, "day": until.isoformat()}
        text = notice_text(statements_of(collective, until))
    return _disclose(actor, collective, until, title, text, on=on, at=at)


def disclose_payment(
    *, actor: Actor, voucher: Voucher, on: date | None = None, at: datetime | None = None
) -> Disclosed:
    """Post one major payment. Refused before it is posted, and a second time."""
    if voucher.status != VoucherState.POSTED or not voucher.money_out_fen:
        raise Refused(Fault("no_payment", _("Only a posted payment is posted as a major matter.")))
    with translation.override("zh-hans"):
        title = _("Major payment of %(holder)s") % {"holder": voucher.collective.body.name}
        text = _("%(day)s: %(what)s, %(yuan)s yuan") % {
            "day": voucher.on.isoformat(), "what": voucher.text, "yuan": YUAN.typed(voucher.money_out_fen)
        }  # fmt: skip
    return _disclose(actor, voucher.collective, voucher.on, title, text, voucher=voucher, on=on, at=at)


def _disclose(
    actor: Actor,
    collective: Collective,
    until: date,
    title: str,
    text: str,
    *,
    voucher: Voucher | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> Disclosed:
    today, body = on or timezone.localdate(), collective.body
    district = body.place.district_id or body.place_id
    hang_days = int(disclosure_rules(jurisdiction_of(district, today))["hang_days"])
    what = "ledger.disclose_payment" if voucher else "ledger.disclose_period"
    with writing(actor, what, action=POST, place_id=body.place_id, at=at) as act:
        hold(Collective.objects, pk=collective.pk)
        if Disclosed.objects.filter(collective=collective, until=until, voucher=voucher).exists():
            raise Refused(Fault("hangs_already", _("It hangs already.")))
        notice = post_for_holder(
            actor=actor,
            collective=collective,
            kind="disclosure",
            title=title,
            text=text,
            days=hang_days,
            on=today,
            at=at,
        )
        made = Disclosed.objects.create(
            collective=collective, until=until, voucher=voucher, notice=notice, posted_on=today
        )
        act.subject, act.after = f"collective {collective.pk}", {"until": until, "voucher": voucher and str(voucher)}
    return made
