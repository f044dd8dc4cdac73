"""The tables of the ledger, by topic."""

from heli.ledger.models.bank import BankLine, BankStatement, MatchedLine, Reconciliation
from heli.ledger.models.books import ClosedMonth, SubAccount, Voucher, VoucherKind, VoucherLine, VoucherState
from heli.ledger.models.clearing import Clearance, ClearanceState, PropertyLock
from heli.ledger.models.contracts import CollectiveContract, ContractKind, ContractState, PartyKind
from heli.ledger.models.disclosed import Disclosed
from heli.ledger.models.dividends import DividendPlan, DividendState
from heli.ledger.models.holders import Collective
from heli.ledger.models.members import MemberClass, RollConfirmation, RollMember, RollState
from heli.ledger.models.property import AssetKind, AssetState, CollectiveAsset
from heli.ledger.models.transfers import CarryingWay, Transfer, TransferState

__all__ = [
    "AssetKind",
    "AssetState",
    "BankLine",
    "BankStatement",
    "CarryingWay",
    "Clearance",
    "ClearanceState",
    "ClosedMonth",
    "Collective",
    "CollectiveAsset",
    "CollectiveContract",
    "ContractKind",
    "ContractState",
    "Disclosed",
    "DividendPlan",
    "DividendState",
    "MatchedLine",
    "MemberClass",
    "PartyKind",
    "PropertyLock",
    "Reconciliation",
    "RollConfirmation",
    "RollMember",
    "RollState",
    "SubAccount",
    "Transfer",
    "TransferState",
    "Voucher",
    "VoucherKind",
    "VoucherLine",
    "VoucherState",
]
