"""Shapes of input about weeks: a contest, a decision, a statement, a key village."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.records.services import FormFile
from heli.ui.forms import DayField, FileDrop
from heli.warnings.rules.key_villages import KeyRules, Reason
from heli.warnings.texts import TIERS
from heli.warnings.types import Tier

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx,.txt"
LONGEST = 4_000


def _text(label: Any, rows: int = 4) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}))


class WithFile(forms.Form):
    """A text and, if there is one, a file that supports it."""

    file = forms.FileField(label=_("Supporting file"), required=False, widget=FileDrop(ACCEPTED))

    @property
    def upload(self) -> FormFile | None:
        """The file that came, for the service."""
        came = self.cleaned_data.get("file")
        return FormFile(came.name, came.chunks()) if came else None


class ContestForm(WithFile):
    """Why a red is wrong."""

    text = _text(_("What is wrong with this red"))
    field_order = ("text", "file")


class StatementForm(WithFile):
    """The statement of a town."""

    text = _text(_("Statement: why, what is being done, until when"), rows=6)
    field_order = ("text", "file")


class DecisionForm(forms.Form):
    """The reason of a decision."""

    reason = _text(_("Reason"), rows=2)


class EndKeyVillageForm(DecisionForm):
    """From when on a village is no longer a key one, and why."""

    on = DayField(label=_("From"))
    field_order = ("on", "reason")


class KeyVillageForm(forms.Form):
    """A key village: tier, reasons with their value and note, who is with it."""

    columns = 2

    tier = forms.ChoiceField(label=_("Tier"), choices=[(tier.value, TIERS[tier]) for tier in Tier])
    team = forms.ChoiceField(label=_("Team"), required=False)
    leader = forms.ChoiceField(
        label=_("Linked leader"),
        required=False,
        help_text=_("From the links of the village to organisations and persons."),
    )

    def __init__(
        self,
        *args: Any,
        rules: KeyRules,
        language: str,
        teams: Sequence[tuple[str, str]],
        leaders: Sequence[tuple[str, str]],
        known: Mapping[str, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        nobody = ("", "—")
        self.fields["team"].choices = [nobody, *teams]  # type: ignore[attr-defined]  # a field of this form, by name
        self.fields["leader"].choices = [nobody, *leaders]  # type: ignore[attr-defined]  # a field of this form, by name
        for key, kind in rules.kinds.items():
            label = f"{kind.words.text(language)}（{kind.unit.text(language)}）"
            given = known.get(key)
            self.fields[f"value_{key}"] = forms.IntegerField(
                label=label,
                required=False,
                min_value=0,
                initial=given if given is not None and given >= kind.least else None,
            )
            self.fields[f"note_{key}"] = forms.CharField(
                label=_("What it is about (no names)"), required=False, max_length=200
            )

    @property
    def reasons(self) -> list[Reason]:
        """The kinds that were given a value or a note."""
        given = self.cleaned_data
        return [
            Reason(key, given[f"value_{key}"] or 0, given[f"note_{key}"].strip())
            for key in self.rules.kinds
            if given[f"value_{key}"] is not None or given[f"note_{key}"].strip()
        ]
