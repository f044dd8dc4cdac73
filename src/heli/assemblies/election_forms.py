"""Shapes of input of elections: opened, prepared, keyed, declared. A sheet's fields stand in the order of the paper."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.assemblies.catalogues import election_kind, grounds, post_words
from heli.assemblies.models import CountSheet, ElectedPost, Nominee, OfficeEnd, UnitContest
from heli.assemblies.types import ElectionKind, ElectionPlan
from heli.records.fields import fields_of
from heli.records.forms import CHOOSE, RowForm, SeveralPlaces, of_mapping
from heli.ui.forms import DayField, FileDrop, NamedNumbersField, ResumableFileField, WholeField, offer


def _yes_no(label: Any, help_text: Any = "", required: bool = True) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, help_text=help_text, required=required, choices=[("", CHOOSE), ("yes", _("yes")), ("no", _("no"))],
        coerce=lambda value: value == "yes", empty_value=None,
    )  # fmt: skip


class SeatsForm(forms.Form):
    """Seats by post; `seats()` leaves out what has none."""

    chair = WholeField(label=_("Seats: chair, or head of a group"), required=False)
    vice = WholeField(label=_("Seats: deputy chair"), required=False)
    woman_member = WholeField(label=_("Seats: woman member, on a list of her own"), required=False)
    member = WholeField(label=_("Seats: members, or representatives"), required=False)

    def seats(self) -> dict[str, int]:
        """{post: seats}, the highest post first."""
        return {post.value: self.cleaned_data[post] for post in ElectedPost if self.cleaned_data.get(post)}


class ElectionForm(SeveralPlaces, SeatsForm, RowForm):
    """Open a term change over units."""

    columns = 2
    parts = forms.CharField(
        label=_("Groups that elect by themselves, one to a line"), required=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Left empty: the whole unit elects."),
    )  # fmt: skip
    counts_intent = forms.BooleanField(
        label=_("Count, after the fact, how many seats were won by those recommended"), required=False,
        help_text=_("Off as a rule: what is measured is whether the procedure was kept."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["title", "body", "mode", "on", "jurisdiction"])

    def plan(self) -> ElectionPlan:
        """The election as it was written down."""
        more = {name: self.cleaned_data[name] for name in ("parts", "counts_intent")}
        return ElectionPlan(seats=self.seats(), **self.values(), **more)

    def clean_parts(self) -> tuple[str, ...]:
        """The groups by name."""
        return tuple(line.strip() for line in self.cleaned_data["parts"].splitlines() if line.strip())


class PrepareForm(RowForm):
    """How far a unit is, and its numbers."""

    columns = 2


class NomineeForm(RowForm):
    """Somebody on the ballot."""

    columns = 2
    number = WholeField(
        label=_("Number on the ballot"), required=False,
        help_text=_("Left empty: the next one. Who stands for several posts has one number."),
    )  # fmt: skip

    def __init__(self, *args: Any, contest: UnitContest, **kwargs: Any) -> None:
        drawn = [field for field in fields_of(Nominee).values() if field.name in {"post", "name"}]
        body = contest.election.body
        posts = {post: post_words(body, post) for post in election_kind(body).posts if post in contest.seats}
        super().__init__(*args, drawn=drawn, choices={"post": of_mapping(posts)}, **kwargs)
        self.fields["is_woman"] = forms.BooleanField(label=_("A woman"), required=False)


class ReviewForm(forms.Form):
    """The answer of the reviewing body."""

    nominee = forms.ChoiceField(label=_("Who stands"))
    is_qualified = _yes_no(
        _("May stand"), _("Yes or no and the legal ground: nothing else is asked of the reviewing body.")
    )
    ground = forms.ChoiceField(label=_("Legal ground"), required=False)

    def __init__(self, *args: Any, nominees: Sequence[Nominee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stands = {one.pk: f"{one.number} {one.name}" for one in nominees if one.is_qualified is None}
        offer(self, nominee=of_mapping(stands), ground=of_mapping(grounds(), CHOOSE))


class TableForm(forms.Form):
    """A counting table with its boxes, one to a line: the box, then the ballots issued for it."""

    name = forms.CharField(label=_("Counting table"), max_length=40)
    boxes = NamedNumbersField(
        label=_("Ballot boxes and ballots issued"),
        help_text=_("A box to a line, its name and the ballots issued, such as: mobile box 12"),
    )  # fmt: skip


class PourForm(forms.Form):
    """Two tables counted together."""

    sheet = forms.ChoiceField(label=_("The boxes of"))
    into = forms.ChoiceField(label=_("are counted with those of"))

    def __init__(self, *args: Any, sheets: Sequence[CountSheet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tables = of_mapping({one.pk: one.name for one in sheets})
        offer(self, sheet=tables, into=tables)


class SheetForm(forms.Form):
    """The numbers of a sheet, or some of them; `numbers()` as the services take them."""

    columns = 2

    def __init__(
        self, *args: Any, labels: Mapping[str, str], photo: ResumableFileField | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names = list(labels)
        for name, label in labels.items():
            self.fields[_key(name)] = WholeField(label=label)
        self.fields["word"] = forms.CharField(
            label=str(fields_of(CountSheet)["word"].label), required=False, max_length=300,
            help_text=_("Only where unusually many are invalid: why, never whose they are."),
        )  # fmt: skip
        if photo is not None:
            self.fields["photo"] = photo

    def numbers(self) -> dict[str, int]:
        """{field of the sheet: number}."""
        return {name: self.cleaned_data[_key(name)] for name in self.names}

    def add_error(self, field: str | None, error: Any) -> None:
        """Faults of the services name the fields of the sheet."""
        super().add_error(_key(field) if field and _key(field) in self.fields else field, error)


def _key(name: str) -> str:
    """A field's name as the names of inputs may be written."""
    return name.replace(".", "-")


class DeclareForm(forms.Form):
    """What the election committee says when the result is declared."""

    kin_apart = _yes_no(
        _("No near relatives are among those elected"),
        _("Declared by the election committee; the order of the province was kept. No family data is asked."),
    )
    one_shoulder = _yes_no(_("The chair leads the Party organisation too"), required=False)

    def __init__(self, *args: Any, kind: ElectionKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, is_asked in (("kin_apart", kind.avoids_kin), ("one_shoulder", kind.is_committee)):
            if not is_asked:
                del self.fields[name]


class NextRoundForm(forms.Form):
    """The day of the second ballot."""

    on = DayField(label=_("Day of the ballot"))


class ByElectionForm(SeatsForm):
    """Seats that are elected again, and the day."""

    columns = 2
    on = DayField(label=_("Day of the ballot"))
    is_by_congress = forms.BooleanField(
        label=_("The congress elects"), required=False,
        help_text=_("Assembly or congress may fill vacant seats; the registered are then the members of the congress."),
    )  # fmt: skip


class HandoverForm(forms.Form):
    """When seals, accounts and archives were handed over."""

    on = DayField(label=_("Handed over on"))


class SignedForm(forms.Form):
    """The signed result sheet, photographed or scanned."""

    file = forms.FileField(label=_("Photo or scan of the signed sheet"), widget=FileDrop(".jpg,.jpeg,.png,.pdf"))


class LeaveForm(forms.Form):
    """How an office ended."""

    columns = 2
    nominee = forms.ChoiceField(label=_("Who held the office"))
    how = forms.ChoiceField(label=_("How it ended"))
    on = DayField(label=_("Ended on"))
    sitting = forms.ChoiceField(
        label=_("Sitting that passed it"), required=False, help_text=_("Asked for a recall and a resignation.")
    )

    def __init__(
        self, *args: Any, body: str, holders: Sequence[Nominee], sittings: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        people = {one.pk: f"{one.name} {post_words(body, one.post)}" for one in holders if one.left_on is None}
        offer(self, nominee=of_mapping(people), how=of_mapping(OfficeEnd.words()), sitting=of_mapping(sittings, CHOOSE))


class IntentForm(forms.Form):
    """Seats won by those recommended, after the fact."""

    won = WholeField(label=_("Seats won by those recommended"))
