"""Whom the registers wait for: the second person, and those who keep contracts that come to their end."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop, ngettext

from heli.kernel.declare import Due, DueAsk, Waiting
from heli.ledger.ledger import ASSETS, CLEARANCES, CONTRACTS
from heli.ledger.models import Collective, ContractState
from heli.ledger.queries.statements import to_disclose, waiting_vouchers
from heli.places import queries as places
from heli.records.due import judgement, work


def vouchers(ask: DueAsk) -> list[Waiting]:
    """Vouchers that somebody else than maker, cashier and whoever agreed checks."""
    rows = list(waiting_vouchers(ask.abouts))
    return [
        _waiting(
            row.collective, row.public_id, row.text, reverse("property:voucher", args=[row.collective.public_id, row.public_id]),
            never=tuple(key for key in (row.made_by_id, row.paid_by_id, row.approved_by_id) if key is not None), towns=towns,
        )
        for towns in (_towns([row.collective for row in rows], ask.on),) for row in rows
    ]  # fmt: skip


def disclosures(ask: DueAsk) -> list[Waiting]:
    """Accounts of a period that must hang and do not."""
    rows = to_disclose(ask.abouts, ask.until, ask.on)
    towns = _towns([one for one, _period, _due in rows], ask.on)
    return [
        _waiting(
            one, one.public_id, f"{one.body.name} {period}", reverse("property:statements", args=[one.public_id]),
            due_on=due, towns=towns,
        )
        for one, period, due in rows
    ]  # fmt: skip


def _towns(held: list[Collective], on: date) -> Mapping[int, int | None]:
    rows = places.rows_of({one.body.place_id for one in held}, on)
    return {key: row.parent_id for key, row in rows.items()}


def _waiting(
    one: Collective, public_id: str, title: str, link: str, *, towns: Mapping[int, int | None], **more: Any
) -> Waiting:  # fmt: skip
    place = one.body.place
    return Waiting(
        title=title, district=place.district_id or place.pk, town=towns.get(place.pk), place=place.pk,
        about=(place.district or place).public_id, public_id=public_id, link=link, **more,
    )  # fmt: skip


HEADING = gettext_noop("Collective property")
CHECK, APPROVE = "ledger.check", "ledger.approve"
VERIFIERS = ("district_officer", "town_officer")
DUES = (
    judgement(
        ASSETS, "verify", roles=VERIFIERS, heading=HEADING, order=50, title=gettext_noop("Assets to verify"),
        says=lambda n: ngettext("%(n)s asset to verify", "%(n)s assets to verify", n) % {"n": n},
    ),
    judgement(
        CONTRACTS, "verify", roles=VERIFIERS, heading=HEADING, order=51, title=gettext_noop("Contracts to verify"),
        says=lambda n: ngettext("%(n)s contract to verify", "%(n)s contracts to verify", n) % {"n": n},
    ),
    judgement(
        CLEARANCES, "verify", roles=VERIFIERS, heading=HEADING, order=53, title=gettext_noop("Clearances to verify"),
        says=lambda n: ngettext("%(n)s clearance to verify", "%(n)s clearances to verify", n) % {"n": n},
    ),
    Due(
        id="books.check", action=CHECK, roles=(*VERIFIERS, "supervisor"), heading=HEADING, order=54, judges=True, waiting=vouchers,
        title=gettext_noop("Vouchers to check"),
        says=lambda n: ngettext("%(n)s voucher to check", "%(n)s vouchers to check", n) % {"n": n},
    ),
    Due(
        id="books.disclose", action=APPROVE, roles=VERIFIERS, heading=HEADING, order=55, waiting=disclosures,
        title=gettext_noop("Accounts that must hang"),
        says=lambda n: ngettext("%(n)s account must hang", "%(n)s accounts must hang", n) % {"n": n},
    ),
    work(
        CONTRACTS, [ContractState.VERIFIED], roles=("town_officer", "village_cadre"), heading=HEADING, order=52,
        title=gettext_noop("Contracts that end"),
        says=lambda n: ngettext("%(n)s contract ends", "%(n)s contracts end", n) % {"n": n},
    ),
)  # fmt: skip
