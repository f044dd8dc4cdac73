"""What the rules of the ledger find, in sentences."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from heli.assemblies.queries.sittings import DecidedSitting
from heli.kernel.faults import Fault, Finding
from heli.kernel.quantities import YUAN
from heli.ledger.types import CarryBlocked, Dividend
from heli.records.reading import FORM_SENTENCES

SENTENCES: Mapping[str, Promise] = {
    **FORM_SENTENCES,
    "too_few_lines": _("A voucher has two lines at least. Add what it was paid from or booked against."),
    "outside_the_chart": _(
        "Line %(row)s: “%(account)s” is no account of the chart of 2024. Choose one of the list, or add a level below one."
    ),
    "level_not_added": _("Line %(row)s: this holder has no account %(account)s. Add it below its account first."),
    "nothing_moved": _("Line %(row)s: write an amount on one of the two sides."),
    "too_much_money": _("Line %(row)s: so much cannot be meant. Correct the amount."),
    "voucher_unbalanced": _("Debit is %(debit)s yuan, credit %(credit)s yuan. Both must be the same to the fen."),
    "below_zero_on": _(
        "%(account)s would fall to %(yuan)s yuan on %(day)s. Money and earmarked funds never do: correct amount or day."
    ),
    "bank_chain_broken": _(
        "Row %(row)s says %(said)s yuan, but the row before and its own amount make %(wanted)s. A row is missing or was "
        "changed: take the list from the bank anew."
    ),
    "bank_disagrees": _(
        "At the bank %(bank)s yuan and %(only_books)s only in the books; in the books %(books)s and %(only_bank)s only at the "
        "bank: the two differ by %(difference)s yuan."
    ),
    "holder_twice": _("The holder “%(holder)s” is there twice. Join the two or give one another id."),
    "unbalanced": _("The balances of “%(holder)s” add up to %(fen)s fen instead of 0. Correct the books first."),
    "item_twice": _("The item “%(item)s” is there twice. Leave it with the holder that owns it."),
    "negative_item": _("The value or area of “%(item)s” is below zero. Correct it."),
    "contract_without_item": _(
        "The contract “%(contract)s” is about “%(item)s”, which “%(holder)s” does not have. Enter the item or correct the contract."
    ),
    "unknown_holder": _("“%(holder)s” shall be carried, but is no holder here. Enter it or remove the move."),
    "share": _(
        "The parts of “%(holder)s” are each more than 0 and go to different successors, together 10000; here they are %(sum)s."
    ),
    "unknown_item": _("“%(item)s” has a destination, but no holder has it. Enter the item or remove the line."),
    "below_zero": _("“%(key)s” is below zero. Correct it."),
    "rate": _("“%(key)s” is a rate from 0 to 10000 hundredths of a percent. Correct it."),
    "rates": _(
        "Reserve and welfare together are %(sum)s hundredths of a percent, more than all. Lower one of the two."
    ),
    "pot_and_per_share": _("An amount in all and an amount per share were both given. Leave one of the two out."),
    "no_shares": _("Nobody has a share. Enter the roll with its shares."),
    "number_twice": _("The number %(number)s is on the roll twice. Give one of the two another."),
    "number_ended": _("The number %(number)s ended on this roll and is not given again. Choose another."),
    "name_missing": _("The line %(number)s is new and has no name. Enter it."),
    "name_only": _(
        "The line %(number)s: a name alone, at most 40 letters. Identity numbers and telephones are not kept here."
    ),
    "shares_below": _("The line %(number)s: shares are zero or more. Correct them."),
    "jurisdiction": _("“%(code)s” is no province. Write CN, or CN- and the two digits of the province, such as CN-51."),
    "difference_without_cause": _("It was counted otherwise than the books say. Say why."),
    "more_told_than_due": _("There are %(due)s creditors by the books. Correct the number."),
    "told_before_approval": _("Nobody is told before the approval. Correct one of the days."),
    "void_beyond": _(
        "Void beyond %(years)s years: from %(day)s on it does not hold (%(article)s). The contract stays as it is until then."
    ),
    "void_with_land": _("It outlasts the land contract it rests on: from %(day)s on it does not hold (%(article)s)."),
    "below_least_years": _("Shorter than the %(years)s years of the law (%(article)s)."),
    "outsider_without_two_thirds": _(
        "Land goes to an outsider by two thirds of the assembly; here %(votes)s of %(entitled)s (Land Contracting Law, Art. 52)."
    ),
    "outsider_without_town": _(
        "Land goes to an outsider with the town's approval; none is entered (Land Contracting Law, Art. 52)."
    ),
    "no_bidding_record": _("No decision and bidding record is entered."),
    "below_median": _("The rent of a mu is below the median of %(count)s neighbours in the town."),
    "indefinite": _(
        "It ended on %(day)s and use goes on: an indefinite lease, which each side may end (Civil Code, Art. 734)."
    ),
    "ended_unsettled": _("It ended on %(day)s: renew it or enter how it ended."),
    "arrears_after_end": _("Arrears of %(yuan)s yuan are left after its end."),
    "not_posted_long_enough": _("It hangs %(days)s days first. Confirm it from %(day)s on."),
}


REASONS: Mapping[str, Promise] = {
    "same_amount": _("the same amount"),
    "same_day": _("the same day"),
    "days_apart": _("%(days)s days apart"),
    "same_words": _("both say “%(words)s”"),
    "only_one": _("no other has this amount"),
    "several_alike": _("%(count)s have this amount"),
    "sum_of_voucher": _("%(count)s lines of voucher %(voucher)s add up to it"),
    "chosen": _("chosen by hand"),
}
"""Why a posting may be a line of the bank."""


def said_reasons(reasons: Iterable[Iterable[Any]]) -> str:
    """Reasons in words, as they are offered and as they are kept."""
    return str(_(", ")).join(str(REASONS[code]) % facts for code, facts in reasons)


def as_fault(finding: Finding) -> Fault:
    """A finding of the rules as a sentence."""
    return finding.said(str(SENTENCES[finding.code]))


def said_blocked(blocked: CarryBlocked, names: Mapping[str, str]) -> list[Fault]:
    """What blocks a transfer, each by name."""
    said = [
        ("missing", _("%(what)s has no destination. Say who takes it over."), [
            {"what": f"“{names[one]}” ({one})" if one in names else f"“{one}”"} for one in blocked.missing
        ]),
        (
            "disagree",
            _("%(one)s claims something else of %(other)s than that owes by its books. Agree first."),
            [{"one": names[one], "other": names[other]} for one, other in blocked.disagree],
        ),
        (
            "negative",
            _("%(name)s owes more than it has: there is no common level. Carry all at once, or keep it apart."),
            [{"name": names[one]} for one in blocked.negative],
        ),
        ("no_members", _("%(name)s has no members on its roll. Count them first."), [
            {"name": names[one]} for one in blocked.no_members
        ]),
        (
            "no_shares",
            _(
                "The part of %(name)s that goes to %(to)s owes more than it has or has no members: no shares come of it. Divide it "
                "otherwise."
            ),
            [{"name": names[one], "to": names[to]} for one, to in blocked.no_shares],
        ),
    ]  # fmt: skip
    return [Fault(code, str(text) % facts, source=code) for code, text, rows in said for facts in rows]


def said_dividend(found: Dividend) -> Fault:
    """Why a year pays nothing as it was asked."""
    said = {
        "reserve_too_low": _(
            "The law sets %(percent)s%% aside at least, reserve and welfare together. Raise the rates."
        ),
        "too_much": _("It is %(yuan)s yuan more than is left to distribute. Lower it."),
    }
    text = str(said.get(found.status, _("Nothing is left to distribute.")))
    text %= {"percent": f"{found.need_bp / 100:g}", "yuan": f"{YUAN.typed(found.short_fen):,}"}
    return Fault(
        found.status, text, field="" if found.status == "nothing" else "reserve_bp" if found.need_bp else "pot_fen"
    )


def said_sitting(found: DecidedSitting | None) -> list[Fault]:
    """What stands against a decision of the members: no sitting is recorded, or it did not pass it."""
    if found is None:
        text = _("No sitting of the members about it is recorded. Record it first.")
        return [Fault("sitting_missing", str(text))]
    if not found.is_passed:
        said = {"day": found.held_on.isoformat(), "status": found.result}
        return [Fault("sitting_not_passed", str(_("The sitting of %(day)s: %(status)s.")) % said)]
    return []
