"""Whom the registers wait for: the second person, and those who keep contracts that come to their end."""

from django.utils.translation import gettext_noop, ngettext

from heli.ledger.ledger import ASSETS, CLEARANCES, CONTRACTS
from heli.ledger.models import ContractState
from heli.records.due import judgement, work

HEADING = gettext_noop("Collective property")
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
    work(
        CONTRACTS, [ContractState.VERIFIED], roles=("town_officer", "village_cadre"), heading=HEADING, order=52,
        title=gettext_noop("Contracts that end"),
        says=lambda n: ngettext("%(n)s contract ends", "%(n)s contracts end", n) % {"n": n},
    ),
)  # fmt: skip
