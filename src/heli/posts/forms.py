"""Forms of posts: papers, holders, sharing with sliders, the post afterwards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.posts.catalogues import kind_words
from heli.posts.models import HowHeld, OfficeMatter
from heli.posts.texts import EDUCATION_WORDS, SEX_WORDS
from heli.ui.forms import DayField, FileDrop, FindingSelect

CHOOSE = ("", _("Choose …"))
SLIDER = {"data-slider": ""}


def _posts(most: int, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(min_value=1, max_value=most, widget=forms.NumberInput(attrs=SLIDER), **more)


class BeginForm(forms.Form):
    """A sharing of posts, from the register or a file."""

    title = forms.CharField(label=_("Name"), max_length=120)
    file = forms.FileField(
        label=_("File (heli.posts/1)"), required=False, widget=FileDrop(attrs={"accept": ".json"}),
        help_text=_("Without a file every village of the register takes part, all of ordinary position and difficulty."),
    )  # fmt: skip


class NumbersForm(forms.Form):
    """The total and the bounds, slid."""

    columns = 3

    def __init__(self, *args: Any, villages: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["total"] = _posts(max(villages * 9, 1), label=_("Posts in all"))
        self.fields["least"] = _posts(9, label=_("The fewest of a village"))
        self.fields["most"] = _posts(9, label=_("The most of a village"))


class ChangeForm(forms.Form):
    """Other posts of a village than by the rule, and why."""

    columns = 3
    place = forms.ChoiceField(label=_("Village"), widget=FindingSelect)
    posts = forms.IntegerField(label=_("Posts"), required=False, min_value=0, help_text=_("Empty: as by the rule."))
    why = forms.CharField(label=_("Why"), required=False, max_length=200)


class EstablishmentForm(forms.Form):
    """So many posts of a body from a day on, under a document."""

    columns = 2
    valid_from = DayField(label=_("From"))
    document_number = forms.CharField(label=_("Document"), max_length=100)
    joint = forms.BooleanField(label=_("One person is secretary and head"), required=False)

    def __init__(self, *args: Any, now: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, words in kind_words().items():
            field = forms.IntegerField(
                label=str(words), required=False, min_value=0, max_value=999, initial=now.get(kind)
            )
            self.fields[kind] = field

    def seats(self) -> dict[str, int]:
        """The posts by kind."""
        return {kind: self.cleaned_data[kind] for kind in kind_words() if self.cleaned_data.get(kind)}


class HolderForm(forms.Form):
    """Somebody holds a post of the body."""

    columns = 2
    kind = forms.ChoiceField(label=_("Post"))
    name = forms.CharField(label=_("Name"), max_length=60)
    on = DayField(label=_("From"))
    until = DayField(label=_("Until"), required=False)
    how = forms.ChoiceField(label=_("How"), choices=[CHOOSE, *HowHeld.choices], required=False)
    document_number = forms.CharField(label=_("Document"), max_length=100, required=False)


class VacateForm(forms.Form):
    """Somebody leaves a post."""

    columns = 2
    holding = forms.ChoiceField(label=_("Who"))
    on = DayField(label=_("On"))
    pay_kept_until = DayField(label=_("Pay kept until"), required=False)


class PairForm(forms.Form):
    """Two posts are one person's."""

    columns = 2
    holding = forms.ChoiceField(label=_("This post"))
    other = forms.ChoiceField(label=_("is held by the person of this one"))


class WordForm(forms.Form):
    """The one word of the deciding body."""

    columns = 2
    holding = forms.ChoiceField(label=_("Who"))
    matter = forms.ChoiceField(label=_("About"), choices=OfficeMatter.choices)
    is_met = forms.TypedChoiceField(
        label=_("Word"), choices=[("yes", _("yes")), ("no", _("no"))], coerce=lambda value: value == "yes"
    )
    ground = forms.CharField(label=_("Ground"), max_length=200)
    decided_by = forms.CharField(label=_("Who decided"), max_length=120)
    on = DayField(label=_("On"))


class FactsForm(forms.Form):
    """The four facts of a holder, sealed."""

    columns = 2
    holding = forms.ChoiceField(label=_("Who"))
    sex = forms.ChoiceField(label=_("Sex"), choices=[CHOOSE, *SEX_WORDS.items()], required=False)
    born = forms.CharField(
        label=_("Born"), required=False, max_length=7, help_text=_("Year and month, such as 1980-05.")
    )
    education = forms.ChoiceField(label=_("Education"), choices=[CHOOSE, *EDUCATION_WORDS.items()], required=False)
    is_member = forms.ChoiceField(
        label=_("Party member"), choices=[CHOOSE, ("yes", _("yes")), ("no", _("no"))], required=False
    )


class PlacingForm(forms.Form):
    """The day on which villages change."""

    on = DayField(label=_("Day of the change"), help_text=_("Whoever holds a regular post the day before is placed."))


class TakeForm(forms.Form):
    """The post afterwards."""

    body = forms.ChoiceField(label=_("Body"), widget=FindingSelect)
    kind = forms.ChoiceField(label=_("Post"))
    document_number = forms.CharField(label=_("Document"), max_length=100, required=False)
