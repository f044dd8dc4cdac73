"""90, 30 and 7 days before a contract ends whoever keeps it is told, once each, gathered into the day's digest."""

from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from heli.accounts import queries as accounts
from heli.audit.services import writing
from heli.kernel.access import SYSTEM, may
from heli.ledger.catalogues import contract_law
from heli.ledger.ledger import CONTRACTS
from heli.ledger.models import CollectiveContract
from heli.ledger.notices import ENDS
from heli.ledger.queries.contracts import ending_contracts
from heli.ledger.rules.contracts import alert_of
from heli.notices.services import notify

KEEPERS = frozenset({"town_officer", "village_cadre", "bookkeeper"})


def tell_ends(*, district_id: int, at: datetime) -> int:
    """Tell those who keep contracts of a district which of them end soon; how many contracts were told of. An alert that was
    missed (the server stood still) is made good once.
    """
    on, days = timezone.localdate(at), contract_law().alert_days
    due = [(one, alert) for one in ending_contracts(district_id, on, max(days))
           if (alert := alert_of((one.due_on - on).days, one.told_days, days)) is not None]  # fmt: skip
    if not due:
        return 0
    with writing(SYSTEM, "contracts.tell_ends", place_id=district_id, at=at) as act, translation.override("zh-hans"):
        keepers = [one for one in accounts.actors_within(district_id, on) if {g.role for g in one.grants} & KEEPERS]
        for contract, alert in due:
            said = {"what": contract.title, "days": (contract.due_on - on).days, "day": contract.due_on.isoformat()}
            notify(
                actor=SYSTEM, kind=ENDS, title=_("%(what)s: the contract ends in %(days)s days, on %(day)s") % said,
                recipients=[one.id or 0 for one in keepers if may(one, CONTRACTS.enters, contract.place_id)],
                link=CONTRACTS.url("row", contract.about, contract.public_id), at=at,
                about=f"contract:{contract.public_id}:{alert}",
            )  # fmt: skip
            contract.told_days = alert
        CollectiveContract.objects.bulk_update([one for one, _alert in due], ["told_days"])
        act.subject, act.after = f"district {district_id}", {"told": len(due)}
    return len(due)
