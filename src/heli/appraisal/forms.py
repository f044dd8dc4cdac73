"""Shapes of input of appraisals."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.appraisal.packs import reasons
from heli.appraisal.rules import BALLOTS
from heli.records.words import words_of

WORDS = {
    "excellent": pgettext_lazy("ballot", "excellent"), "good": pgettext_lazy("ballot", "good"),
    "fair": pgettext_lazy("ballot", "fair"), "poor": pgettext_lazy("ballot", "incompetent"),
}  # fmt: skip


class YearForm(forms.Form):
    """Which appraisal, in which year."""

    columns = 2

    pack = forms.ChoiceField(label=_("Appraisal"))
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)


class KnownForm(forms.Form):
    """What is known for an indicator: boxes by its kind, and what shows it."""

    columns = 2

    def __init__(self, *args: object, kind: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        if kind == "done":
            self.fields["done"] = forms.TypedChoiceField(
                label=_("Done?"), choices=[("1", _("yes")), ("0", _("no"))], coerce=int
            )
        elif kind == "ratio":
            self.fields["k"] = forms.IntegerField(label=_("How many"), min_value=0)
            self.fields["n"] = forms.IntegerField(label=_("Of how many"), min_value=0)
        else:
            for word in BALLOTS:
                self.fields[word] = forms.IntegerField(label=WORDS[word], min_value=0)
        self.fields["source"] = forms.CharField(label=_("What shows it"), max_length=120)

    @property
    def fact(self) -> dict[str, int]:
        """The numbers that were typed."""
        return {name: value for name, value in self.cleaned_data.items() if name != "source"}


class ReviewCountForm(forms.Form):
    """How many office-holders were reviewed, and how many were not proposed by class of reasons; no box for a person."""

    columns = 2

    place = forms.ChoiceField(label=_("Where"))
    reviewed = forms.IntegerField(label=_("Reviewed"), min_value=0)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given
        for key, words in words_of(reasons()).items():
            self.fields[key] = forms.IntegerField(label=words, min_value=0, initial=0)

    @property
    def classes(self) -> dict[str, int]:
        """The numbers by class of reasons."""
        return {key: self.cleaned_data[key] for key in reasons().entries}


class ExemptForm(forms.Form):
    """Why an indicator does not apply."""

    reason = forms.CharField(label=_("Why it does not apply"), max_length=300)
