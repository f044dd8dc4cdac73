"""What the ledger offers to the trail: the books."""

from heli.audit.types import Witness

WITNESSES = (
    Witness("ledger.Collective"),
    Witness("ledger.SubAccount"),
    Witness("ledger.Voucher"),
    Witness("ledger.VoucherLine"),
    Witness("ledger.ClosedMonth"),
    Witness("ledger.Disclosed"),
    Witness("ledger.PropertyLock"),
    Witness("ledger.RollMember"),
    Witness("ledger.RollConfirmation"),
    Witness("ledger.BankLine"),
    Witness("ledger.MatchedLine"),
    Witness("ledger.Reconciliation"),
    Witness("ledger.DividendPlan"),
)
