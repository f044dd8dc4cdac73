"""Forms drawn from what is said about fields: of a new row, of a move, of a list that is taken in."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from heli.bodies.queries import Holder, holders_in
from heli.kernel.access import Actor
from heli.places.queries import initials_of
from heli.places.types import Level, PlaceRow
from heli.records.abouts import About
from heli.records.fields import LONGEST, Field, FieldKind
from heli.records.ledgers import Ledger, Move
from heli.records.queries import targets, value_of
from heli.records.services import FormFile, asked_fields
from heli.ui.forms import DayField, FileDrop, Findable, FindingSelect, FindingSelectMultiple, offer

Choices = list[Any]
CHOOSE = _("choose")
LONGEST_REASON = 1_000


def of_mapping(labels: Mapping[Any, str | Promise], first: str | Promise | None = None) -> Choices:
    """Choices from words by key; `first` stands for nothing chosen."""
    return [*([("", first)] if first is not None else []), *((str(key), text) for key, text in labels.items())]


def of_places(rows: Sequence[PlaceRow], first: str | Promise | None = None) -> Choices:
    """Places as choices: the district, then each town with its villages in a group; namesakes with their town beside."""
    named = Counter(row.name for row in rows)
    choices: Choices = [("", first)] if first is not None else []
    choices += [_choice(row) for row in rows if row.level is Level.DISTRICT]
    groups: dict[str, Choices] = {}
    for row in rows:
        if row.level is Level.TOWNSHIP:
            groups.setdefault(row.name, []).insert(0, _choice(row))
        elif row.level is Level.VILLAGE:
            groups.setdefault(row.parent_name, []).append(
                _choice(row, beside=row.parent_name if named[row.name] > 1 else "")
            )
    return [*choices, *groups.items()]


def _choice(row: PlaceRow, beside: str = "") -> tuple[str, Findable]:
    label = f"{row.name}（{beside}）" if beside else row.name
    return str(row.id), Findable(label, " ".join([*initials_of(row.name), row.code or ""]).strip())


def of_holders(holders: Iterable[Holder], first: str | Promise) -> Choices:
    """Organisations and office-holders as choices, in two groups."""
    listed = list(holders)
    bodies = [(one.key, one.label) for one in listed if not one.is_person]
    persons = [(one.key, one.label) for one in listed if one.is_person]
    return [("", first), (_("Organisations"), bodies), (_("Office-holders"), persons)]


def upload_of(given: Any) -> FormFile | None:
    """What came with a form as the services take it."""
    return None if not given else FormFile(given.name or "", given.chunks())


class RowForm(forms.Form):
    """Fields of a ledger as a form; `values()` is what was typed, as the services take it."""

    columns: int | None = None

    def __init__(
        self, *args: Any, drawn: Sequence[Field], choices: Mapping[str, Choices], row: Any = None, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.drawn, self.row = drawn, row
        for one in drawn:
            self.fields[one.name] = form_field(one, choices.get(one.name, []))

    def values(self) -> dict[str, Any]:
        """{field: value}. An area that was left alone keeps its exact value, however it is rounded on the screen."""
        return {one.name: self._value(one) for one in self.drawn}

    def _value(self, one: Field) -> Any:
        given = self.cleaned_data[one.name]
        if one.is_counted:
            kept = self.row is not None and one.name not in self.changed_data
            return value_of(one, self.row) if kept else None if given is None else one.stored(given)
        if one.kind is FieldKind.PLACE:
            return int(given) if given else None
        return upload_of(given) if one.kind is FieldKind.FILE else given


def form_field(one: Field, choices: Choices) -> forms.Field:
    """A field as a form asks for it."""
    plain: dict[str, Any] = {"label": one.question or one.label, "required": one.required, "help_text": one.help}
    if one.kind is FieldKind.PLACE:
        return forms.ChoiceField(choices=choices, widget=FindingSelect, **plain)
    if one.kind in (FieldKind.CHOICE, FieldKind.HOLDER):
        return forms.ChoiceField(choices=choices, **plain)
    if one.kind is FieldKind.DAY:
        return DayField(**plain)
    if one.kind is FieldKind.FILE:
        return forms.FileField(widget=FileDrop(), **plain)
    if one.is_counted:
        plain |= {"min_value": one.typed(one.least), "max_value": one.typed(one.most)}
        return forms.DecimalField(decimal_places=0 if one.kind is FieldKind.NUMBER else 2, **plain)
    widget = forms.Textarea(attrs={"rows": one.lines}) if one.lines > 1 else forms.TextInput()
    return forms.CharField(max_length=one.most, widget=widget, **plain)


def choices_for(drawn: Iterable[Field], actor: Actor, about: About, on: date, action: str) -> dict[str, Choices]:
    """The choices of those fields that have some: places under the action, holders of the district, catalogues."""
    found: dict[str, Choices] = {}
    for one in drawn:
        if one.kind is FieldKind.PLACE:
            found[one.name] = of_places(targets(actor, about, on, action), CHOOSE)
        elif one.kind is FieldKind.HOLDER:
            found[one.name] = of_holders(holders_in(about.district_id, on), CHOOSE)
        elif one.kind is FieldKind.CHOICE:
            found[one.name] = of_mapping(one.words(), None if one.start else CHOOSE)
    return found


def move_form(  # noqa: PLR0917 - what a move is made of
    ledger: Ledger, step: Move, row: Any, actor: Actor, about: About, on: date, data: Any = None, files: Any = None
) -> RowForm:
    """The form of a move: what it asks, the reason, the evidence; filled with what the row holds or the move proposes."""
    drawn = asked_fields(ledger, step=step)
    first = {one.name: value_of(one, row) for one in drawn} | dict(step.start(row, on) if step.start else {})
    start = {one.name: one.typed(first[one.name]) for one in drawn}
    choices = choices_for(drawn, actor, about, on, step.right)
    form = RowForm(data, files, drawn=drawn, choices=choices, row=row, initial=start)
    label: Any = step.reason or step.evidence
    most, lines = (LONGEST_REASON, 2) if step.reason else (LONGEST, 3)
    if label:
        box = forms.Textarea(attrs={"rows": lines})
        words = forms.CharField(
            label=label,
            max_length=most,
            widget=box,
            required=bool(step.reason),
            help_text=step.help,  # type: ignore[arg-type]  # a lazy text
        )
        form.fields["reason" if step.reason else "note"] = words
        form.order_fields(["reason"])
    if step.evidence:
        label = _("Photo taken on the spot") if step.photo else _("File or photo that shows it")
        drop = FileDrop("image/*" if step.photo else "")
        form.fields["shown"] = forms.FileField(label=label, required=step.photo, widget=drop)
    return form


class SeveralPlaces(forms.Form):
    """Places chosen by town or one by one, after the other fields; `chosen_places` gives their keys."""

    towns = forms.MultipleChoiceField(
        label=_("All villages of these towns"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ticks"}),
    )
    places = forms.MultipleChoiceField(
        label=_("Single places"), required=False, widget=FindingSelectMultiple(attrs={"size": 8}),
        help_text=_("Hold Ctrl to choose several."),
    )  # fmt: skip

    def __init__(self, *args: Any, rows: Sequence[PlaceRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        towns = [(str(row.id), row.name) for row in rows if row.level is Level.TOWNSHIP]
        offer(self, towns=towns, places=of_places(rows))
        self.order_fields([*(name for name in self.fields if name not in ("towns", "places")), "towns", "places"])

    def chosen_places(self) -> list[int]:
        """Keys of the chosen places, each once."""
        towns = {int(key) for key in self.cleaned_data["towns"]}
        below = [row.id for row in self.rows if row.level is Level.VILLAGE and row.parent_id in towns]
        return list(dict.fromkeys([*below, *(int(key) for key in self.cleaned_data["places"])]))


class ListForm(forms.Form):
    """A list that is taken in."""

    file = forms.FileField(label=_("Excel or CSV file"), widget=FileDrop(".xlsx,.xls,.csv"))
