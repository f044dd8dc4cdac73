"""Writes of the ledger, by topic."""

from heli.ledger.services.closing import close_month
from heli.ledger.services.disclosing import disclose_payment, disclose_period
from heli.ledger.services.holders import note_members, open_books
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
    "disclose_payment",
    "disclose_period",
    "drop_voucher",
    "make_openings",
    "make_voucher",
    "make_year_end",
    "note_members",
    "open_books",
    "return_voucher",
    "reverse_voucher",
    "sign_voucher",
]
