"""Shapes of input of the books."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.kernel.quantities import YUAN
from heli.ledger.rules.books import Draw
from heli.ledger.services import VoucherDraft
from heli.ledger.services.vouchers import BOOKS
from heli.ledger.types import DividendWish
from heli.records.words import MATTERS_ONLY
from heli.ui.forms import DayField, PercentField, ResumableFile, ResumableFileField

ROWS = 4
"""Lines a voucher's form has; a link offers more."""
MOST_ROWS = 40


class AmountField(forms.DecimalField):
    """An amount in yuan, kept in fen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"decimal_places": 2, "max_digits": 18, "required": False, **kwargs})
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        """Whole fen; 0 when empty."""
        typed: Decimal | None = super().clean(value)
        return 0 if typed is None else YUAN.stored(typed)


class VoucherForm(forms.Form):
    """A voucher: day, words, papers and as many lines as asked for; a line that is empty is left out."""

    on = DayField(label=_("Day"))
    text = forms.CharField(label=pgettext_lazy("voucher", "What happened"), max_length=120, help_text=MATTERS_ONLY)
    papers = forms.IntegerField(label=_("Pieces of paper"), min_value=0, max_value=999, initial=1)

    def __init__(self, *args: Any, accounts: Mapping[str, str], place_id: int, rows: int = ROWS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = ResumableFile(BOOKS, place_id)
        self.fields["paper"] = ResumableFileField(
            label=_("Photo or scan of the papers"), widget=widget, most=1, required=False
        )
        choices = [("", ""), *((code, f"{code} {name}") for code, name in accounts.items())]
        self.rows = range(1, rows + 1)
        for row in self.rows:
            self.fields[f"account_{row}"] = forms.CharField(
                label=pgettext_lazy("books", "Account"),
                required=False,
                max_length=13,
                widget=forms.Select(choices=choices),
            )
            self.fields[f"debit_{row}"] = AmountField(label=_("Debit (yuan)"))
            self.fields[f"credit_{row}"] = AmountField(label=_("Credit (yuan)"))
            self.fields[f"text_{row}"] = forms.CharField(label=_("Note"), required=False, max_length=120)

    @property
    def head(self) -> list[BoundField]:
        """The fields above the lines."""
        return [self[name] for name in ("on", "text", "papers", "paper")]

    @property
    def lines(self) -> list[list[BoundField]]:
        """The fields of each line."""
        return [[self[f"{part}_{row}"] for part in ("account", "debit", "credit", "text")] for row in self.rows]

    def clean(self) -> dict[str, Any]:
        """A line has one side."""
        given = super().clean() or {}
        for row in self.rows:
            if given.get(f"debit_{row}") and given.get(f"credit_{row}"):
                self.add_error(f"credit_{row}", _("Write an amount on one of the two sides."))
        return given

    def draft(self) -> VoucherDraft:
        """The voucher as the service takes it."""
        given = self.cleaned_data
        draws = [
            Draw(given[f"account_{row}"], given[f"debit_{row}"] - given[f"credit_{row}"], given[f"text_{row}"])
            for row in self.rows
            if given[f"account_{row}"] or given[f"debit_{row}"] or given[f"credit_{row}"]
        ]
        paper = next(iter(given["paper"]), None)
        return VoucherDraft(given["on"], given["text"], draws, given["papers"], paper)


class OpeningForm(VoucherForm):
    """Opening balances: as a voucher whose lines are what shall stand on each account; without a day of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["on"]

    @property
    def head(self) -> list[BoundField]:
        """The fields above the lines."""
        return [self[name] for name in ("text", "papers", "paper")]

    def wanted(self) -> dict[str, int]:
        """{account: fen} as it shall stand; an account named twice is added up."""
        found: dict[str, int] = {}
        given = self.cleaned_data
        for row in self.rows:
            if given[f"account_{row}"]:
                fen = given[f"debit_{row}"] - given[f"credit_{row}"]
                found[given[f"account_{row}"]] = found.get(given[f"account_{row}"], 0) + fen
        return found


class AccountForm(forms.Form):
    """A level below an account."""

    columns = 2
    code = forms.CharField(label=_("Code"), max_length=13, help_text=_("Two digits more than the account above it."))
    name = forms.CharField(label=_("Name"), max_length=60, help_text=MATTERS_ONLY)


class DividendForm(forms.Form):
    """What the board wants to pay of a year; amounts in yuan."""

    columns = 2
    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2200)
    reserve_bp = PercentField(label=_("Reserve (percent)"), help_text=_("As the charter says."))
    welfare_bp = PercentField(label=_("Welfare (percent)"), initial=0)
    pot_fen = AmountField(label=_("Amount in all (yuan)"), help_text=_("Leave both empty to pay all that is left."))
    per_share_fen = AmountField(label=_("Amount a share (yuan)"))
    never_fen = AmountField(
        label=_("Of this money for reserved land (yuan)"), help_text=_("It is never distributed (Zhejiang, Art. 10).")
    )

    def wish(self) -> DividendWish:
        """What was typed, as the service takes it."""
        given = self.cleaned_data
        return DividendWish(
            given["reserve_bp"], given["welfare_bp"], given["pot_fen"] or None, given["per_share_fen"] or None,
            never_fen=given["never_fen"],
        )  # fmt: skip


class LineEndForm(forms.Form):
    """Which line of the roll ends, when and why."""

    columns = 2
    number = forms.IntegerField(label=pgettext_lazy("roll", "Number"), min_value=1, max_value=10**9)
    on = DayField(label=_("Day"))
    reason = forms.CharField(label=_("Reason"), max_length=120, help_text=MATTERS_ONLY)


class ReversalForm(forms.Form):
    """Why a voucher is taken back, and on which day."""

    on = DayField(label=_("Day"))
    reason = forms.CharField(label=_("Reason"), max_length=80)


class ReconcileForm(forms.Form):
    """The day on which an account agrees with the bank, and what the bank says stands there."""

    columns = 2
    until = DayField(label=_("End of which day"))
    bank_fen = AmountField(label=_("Balance at the bank (yuan)"), required=True)


def typed_lines(lines: Sequence[tuple[str, int, str]]) -> dict[str, Any]:
    """What a voucher's form holds when lines are shown again."""
    found: dict[str, Any] = {}
    for row, (account, fen, text) in enumerate(lines, 1):
        side = "debit" if fen > 0 else "credit"
        found |= {f"account_{row}": account, f"{side}_{row}": YUAN.typed(abs(fen)), f"text_{row}": text}
    return found
