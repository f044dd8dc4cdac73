"""Shapes of input of a campaign's matters. Every free text asks for matters, never persons."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from heli.bodies.queries import Holder
from heli.campaigns.services.matters import Upload
from heli.campaigns.types_matters import Aspect, InquiryField
from heli.campaigns.units import from_shown, shown_decimals, to_shown
from heli.places.types import Level, PlaceRow
from heli.ui.forms import DateInput, DayField, FileDrop

MATTERS_ONLY = _("Write about the matter: no names, telephone or identity numbers of residents.")
Choices = list[Any]


def area(rows: int, **attrs: str) -> forms.Textarea:
    """A text box of so many lines."""
    return forms.Textarea(attrs={"rows": rows, **attrs})


def of_mapping(labels: Mapping[Any, str | Promise], first: str | Promise | None = None) -> Choices:
    """Choices from words by key; `first` stands for nothing chosen."""
    return [*([("", first)] if first is not None else []), *((str(key), text) for key, text in labels.items())]


def of_places(rows: Sequence[PlaceRow], first: str | Promise | None = None) -> Choices:
    """Places as choices: the district, then each town with its villages in a group."""
    choices: Choices = [("", first)] if first is not None else []
    choices += [(str(row.id), row.name) for row in rows if row.level is Level.DISTRICT]
    groups: dict[str, Choices] = {}
    for row in rows:
        if row.level is Level.TOWNSHIP:
            groups.setdefault(row.name, []).insert(0, (str(row.id), row.name))
        elif row.level is Level.VILLAGE:
            groups.setdefault(row.parent_name, []).append((str(row.id), row.name))
    return [*choices, *groups.items()]


def of_holders(holders: Iterable[Holder], first: str | Promise) -> Choices:
    """Organisations and office-holders as choices, in two groups."""
    bodies = [(one.key, one.label) for one in holders if not one.is_person]
    persons = [(one.key, one.label) for one in holders if one.is_person]
    return [("", first), (_("Organisations"), bodies), (_("Office-holders"), persons)]


def upload_of(given: Any) -> Upload | None:
    """What came with a form as the services take it."""
    return None if not given else Upload(given.name or "", given.chunks())


class MattersForm(forms.Form):
    """A form whose choices depend on the campaign and the actor: {field: choices}."""

    def __init__(self, *args: Any, choices: Mapping[str, Choices] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in (choices or {}).items():
            if name in self.fields:
                self.fields[name].choices = options  # type: ignore[attr-defined]  # a field of this form, by name

    def clean_place(self) -> int | None:
        """The key of the chosen place."""
        chosen = self.cleaned_data["place"]
        return int(chosen) if chosen else None


class SeveralPlaces(MattersForm):
    """Places chosen by town or one by one; `chosen_places` gives their keys."""

    towns = forms.MultipleChoiceField(
        label=_("All villages of these towns"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ticks"}),
    )
    places = forms.MultipleChoiceField(
        label=_("Single places"), required=False, widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Hold Ctrl to choose several."),
    )  # fmt: skip

    def __init__(self, *args: Any, rows: Sequence[PlaceRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        self.fields["towns"].choices = [  # type: ignore[attr-defined]  # a field of this form, by name
            (str(row.id), row.name) for row in rows if row.level is Level.TOWNSHIP
        ]
        self.fields["places"].choices = of_places(rows)  # type: ignore[attr-defined]  # a field of this form, by name
        self.order_fields([*(name for name in self.fields if name not in ("towns", "places")), "towns", "places"])

    def chosen_places(self) -> list[int]:
        """Keys of the chosen places, each once."""
        towns = {int(key) for key in self.cleaned_data["towns"]}
        below = [row.id for row in self.rows if row.level is Level.VILLAGE and row.parent_id in towns]
        return list(dict.fromkeys([*below, *(int(key) for key in self.cleaned_data["places"])]))


# -- problems ----------------------------------------------------------------------------------------------------------


class IssueForm(MattersForm):
    """A problem as it was found."""

    columns = 2

    title = forms.CharField(label=_("What is the matter?"), max_length=120, help_text=MATTERS_ONLY)
    place = forms.ChoiceField(label=_("Place"))
    kind = forms.ChoiceField(label=_("Kind"))
    source = forms.ChoiceField(label=_("Where it came to light"))
    found_on = DayField(label=_("Found on"))
    description = forms.CharField(
        label=_("Description"), required=False, max_length=4000, widget=area(4), help_text=MATTERS_ONLY
    )
    leader = forms.ChoiceField(label=_("Who leads it"), required=False)
    due_on = DayField(
        label=_("Due on"), widget=DateInput, required=False,
        help_text=_("Left empty with a leader chosen: the working days of its kind are counted from the day it was found."),
    )  # fmt: skip
    measures = forms.CharField(label=_("Measures"), required=False, max_length=4000, widget=area(3))


class LeadForm(MattersForm):
    """Who leads a problem, what is done, until when."""

    leader = forms.ChoiceField(label=_("Who leads it"))
    due_on = DayField(label=_("Due on"))
    measures = forms.CharField(label=_("Measures"), required=False, max_length=4000, widget=area(3))


class ClaimForm(forms.Form):
    """How a problem was settled, with what shows it."""

    note = forms.CharField(
        label=_("How it was settled"), required=False, max_length=4000, widget=area(3), help_text=MATTERS_ONLY
    )
    file = forms.FileField(label=_("File or photo that shows it"), required=False, widget=FileDrop())


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=area(2))


class ReopenForm(ReasonForm):
    """Why a closed problem is open again, and until when it is to be settled now."""

    due_on = DayField(label=_("Due on"))


class ListFileForm(forms.Form):
    """A list of problems."""

    file = forms.FileField(label=_("Excel or CSV file"), widget=FileDrop(".xlsx,.xls,.csv"))


# -- risks -------------------------------------------------------------------------------------------------------------

MARKS = [(str(mark), str(mark)) for mark in range(1, 6)]
MOST_RISKS = 12


class RiskForm(forms.Form):
    """An assessment: lines of aspect, likelihood, severity, what, measures; and the contingency plan."""

    contingency = forms.CharField(label=_("Contingency plan"), required=False, max_length=4000, widget=area(5))
    contingency_file = forms.FileField(label=_("Contingency plan as a file"), required=False, widget=FileDrop())


class RiskLine(forms.Form):
    """One risk."""

    columns = 2

    aspect = forms.ChoiceField(label=_("Aspect"), choices=[(str(aspect), str(aspect)) for aspect in Aspect])
    likelihood = forms.ChoiceField(label=_("Likelihood"), choices=MARKS, initial="1")
    severity = forms.ChoiceField(label=_("Severity"), choices=MARKS, initial="1")
    what = forms.CharField(label=_("What could go wrong"), max_length=1000, required=False, widget=area(2))
    measures = forms.CharField(label=_("Measures"), max_length=2000, required=False, widget=area(2))


# -- meetings ----------------------------------------------------------------------------------------------------------


class MeetingForm(MattersForm):
    """A meeting that was held."""

    columns = 2

    kind = forms.ChoiceField(label=_("Kind"))
    title = forms.CharField(label=_("Title"), max_length=120)
    place = forms.ChoiceField(label=_("Place"))
    held_on = DayField(label=_("Held on"))
    sittings = forms.IntegerField(
        label=_("Sittings"),
        min_value=1,
        initial=1,
        help_text=_("More than one when several of the same kind are recorded together."),
    )
    agenda = forms.CharField(label=_("Agenda"), required=False, max_length=4000, widget=area(3))
    minutes = forms.CharField(
        label=_("Minutes"), required=False, max_length=20_000, widget=area(5), help_text=MATTERS_ONLY
    )
    file = forms.FileField(label=_("Minutes as a file"), required=False, widget=FileDrop())

    def __init__(self, *args: Any, classes: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.classes = list(classes)
        for key, name in classes.items():
            self.fields[f"present_{key}"] = forms.IntegerField(
                label=_("Present: %(class)s") % {"class": name}, min_value=0, required=False
            )

    def attendance(self) -> dict[str, int]:
        """{class: present}."""
        return {key: self.cleaned_data[f"present_{key}"] or 0 for key in self.classes}


class DecisionForm(MattersForm):
    """What was decided, as a task."""

    text = forms.CharField(label=_("What was decided"), max_length=1000, widget=area(2))
    owner = forms.ChoiceField(label=_("Who does it"))
    due_on = DayField(label=_("Due on"))


class RoundForm(forms.Form):
    """A new round of supervision."""

    columns = 2

    subject = forms.CharField(label=_("What is looked at"), max_length=120, required=False)
    first_on = DayField(label=_("First day"))
    last_on = DayField(label=_("Last day"))


class VisitForm(SeveralPlaces):
    """A team was in some places; a finding goes with a single one."""

    columns = 2

    team = forms.ChoiceField(label=_("Team"))
    visited_on = DayField(label=_("Visited on"))
    kind = forms.ChoiceField(label=_("Kind of finding"), required=False)
    text = forms.CharField(label=_("Finding"), max_length=300, required=False, help_text=MATTERS_ONLY)


# -- e-questionnaires --------------------------------------------------------------------------------------------------


class InquiryFormForm(SeveralPlaces):
    """Send an e-questionnaire."""

    columns = 2

    form = forms.ChoiceField(label=_("Form"))
    title = forms.CharField(label=_("Title"), max_length=120)
    asked_on = DayField(label=_("As of"), help_text=_("The day the answers hold for."))
    due_on = DayField(label=_("Due on"))


class ReplyForm(forms.Form):
    """The fields of an e-questionnaire, prefilled with what is known: areas in mu, money in yuan.

    A field that was left alone keeps the exact known value, however it is rounded on the screen.
    """

    columns = 2
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, fields: Sequence[InquiryField], known: Mapping[str, int], labels: Mapping[str, str],
        helps: Mapping[str, str],
    ) -> None:  # fmt: skip
        super().__init__(data)
        self.known, self.asked = known, fields
        for field in fields:
            shown = to_shown(field.measure, known[field.measure]) if field.measure in known else None
            self.fields[field.measure] = forms.DecimalField(
                label=labels[field.measure],
                min_value=0,
                max_digits=16,
                decimal_places=shown_decimals(field.measure),
                initial=shown,
                help_text=helps[field.measure],
            )

    def answers(self) -> dict[str, int]:
        """{measure: value in its own unit}."""
        return {
            one.measure: self.known[one.measure]
            if one.measure in self.known and one.measure not in self.changed_data
            else from_shown(one.measure, self.cleaned_data[one.measure])
            for one in self.asked
        }
