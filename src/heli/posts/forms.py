"""Forms of posts: papers, holders, sharing with sliders, the post afterwards."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.kernel.quantities import YUAN
from heli.posts.catalogues import kind_words, paid_kinds
from heli.posts.models import HowHeld, OfficeMatter, PayGrade, ReserveStage
from heli.posts.rules.pay import PayScale
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


class GradeForm(forms.Form):
    """The grade of a holder's year."""

    columns = 2
    holding = forms.ChoiceField(label=_("Who"))
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    grade = forms.ChoiceField(label=_("Grade"), choices=[CHOOSE, *PayGrade.choices])
    source = forms.CharField(label=_("Document"), max_length=100)


class OwnPayForm(forms.Form):
    """Whose account sees the pay of a holder."""

    columns = 2
    holding = forms.ChoiceField(label=_("Who"))
    username = forms.CharField(
        label=_("Account (sign-in name)"), required=False, max_length=60, help_text=_("Empty: nobody's account.")
    )


def _yuan(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=False, min_value=0, max_digits=14, decimal_places=2, **more)


class PayForm(forms.Form):
    """What posts pay a year, in yuan; the share by grade in percent of the base. `document_number` only where it is kept."""

    columns = 3

    def __init__(self, *args: Any, rule: Any, keeps: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if keeps:
            self.fields["valid_from"] = DayField(label=_("From"))
            self.fields["document_number"] = forms.CharField(label=_("Document"), max_length=100)
        for kind in paid_kinds():
            now = YUAN.typed(rule.bases.get(kind, 0)) if rule else None
            self.fields[f"base_{kind}"] = _yuan(
                kind_words()[kind], initial=now or None, help_text=_("Base, yuan a year.")
            )
        for grade in PayGrade:
            share = Decimal(rule.shares.get(grade.value, 0)) / 100 if rule else None
            text = _("“%(grade)s” adds (%%)") % {"grade": grade.label}
            self.fields[f"share_{grade.value}"] = _yuan(text, initial=share or None)
        self.fields["floor"] = _yuan(_("The least of a paid post"), initial=YUAN.typed(rule.floor) if rule else None)
        self.fields["budget"] = _yuan(_("Budget of a year"), initial=YUAN.typed(rule.budget) if rule else None)

    def amount(self, name: str) -> int:
        """What was typed with two decimals as a whole number: fen of yuan, basis points of percent."""
        return YUAN.stored(self.cleaned_data[name] or Decimal())

    def scale(self) -> PayScale:
        """The scale that was typed."""
        bases = {kind: fen for kind in paid_kinds() if (fen := self.amount(f"base_{kind}"))}
        shares = {grade.value: share for grade in PayGrade if (share := self.amount(f"share_{grade.value}"))}
        return PayScale(bases, shares, self.amount("floor"))


class ReserveForm(forms.Form):
    """Somebody who signed."""

    columns = 2
    place = forms.ChoiceField(label=_("Village"), widget=FindingSelect)
    name = forms.CharField(label=_("Name"), max_length=60)
    source = forms.ChoiceField(label=_("Comes from"))
    signed_on = DayField(label=_("Day of signature"))
    ends_on = DayField(
        label=_("Until"), help_text=_("Five years after the signature at the latest; then the row is deleted.")
    )
    signed = forms.BooleanField(label=_("The signed sheet is there"), required=False)


class StageForm(forms.Form):
    """How far somebody is."""

    columns = 2
    member = forms.ChoiceField(label=_("Who"))
    stage = forms.ChoiceField(label=_("Stage"), choices=ReserveStage.choices)


class WithdrawForm(forms.Form):
    """Somebody withdraws."""

    member = forms.ChoiceField(label=_("Who"), help_text=_("The row is deleted at once and for good."))


class TargetForm(forms.Form):
    """So many people for each village."""

    columns = 3
    valid_from = DayField(label=_("From"))
    per_village = forms.IntegerField(label=_("For each village"), min_value=1, max_value=99)
    document_number = forms.CharField(label=_("Document"), max_length=100)
