"""The lists that the ledger keeps: registers of assets and contracts, clearances, transfers."""

from heli.ledger.ledger.clearance import CLEARANCES
from heli.ledger.ledger.registers import ASSETS, CONTRACTS, ENTRY, KEEP, LOCK, READ, VERIFY
from heli.ledger.ledger.transfers import TRANSFERS

LEDGERS = (ASSETS, CONTRACTS, CLEARANCES, TRANSFERS)

__all__ = ["ASSETS", "CLEARANCES", "CONTRACTS", "ENTRY", "KEEP", "LEDGERS", "LOCK", "READ", "TRANSFERS", "VERIFY"]
