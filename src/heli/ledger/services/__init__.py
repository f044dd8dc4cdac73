"""Writes of the ledger, by topic."""

from heli.ledger.services.bank import confirm_match, reconcile, take_in_statement, undo_match
from heli.ledger.services.closing import close_month
from heli.ledger.services.disclosing import disclose_payment, disclose_period
from heli.ledger.services.dividends import decide_dividend, drop_dividend, open_dividend, plan_dividend
from heli.ledger.services.holders import note_members, open_books
from heli.ledger.services.members import (
    confirm_roll,
    end_member,
    forget_names,
    open_names,
    post_roll,
    set_roll_aside,
    take_in_members,
)
from heli.ledger.services.vouchers import (
    VoucherDraft,
    add_account,
    agree_to_voucher,
    check_voucher,
    drop_voucher,
    make_openings,
    make_voucher,
    make_year_end,
    return_voucher,
    reverse_voucher,
    sign_voucher,
)

__all__ = [
    "VoucherDraft",
    "add_account",
    "agree_to_voucher",
    "check_voucher",
    "close_month",
    "confirm_match",
    "confirm_roll",
    "decide_dividend",
    "disclose_payment",
    "disclose_period",
    "drop_dividend",
    "drop_voucher",
    "end_member",
    "forget_names",
    "make_openings",
    "make_voucher",
    "make_year_end",
    "note_members",
    "open_books",
    "open_dividend",
    "open_names",
    "plan_dividend",
    "post_roll",
    "reconcile",
    "return_voucher",
    "reverse_voucher",
    "set_roll_aside",
    "sign_voucher",
    "take_in_members",
    "take_in_statement",
    "undo_match",
]
