"""Forms of events recorded by hand: what changes, from which day, by which document."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from heli.places import texts
from heli.places.shares import complete, read_share
from heli.places.types import KINDS_OF_LEVEL, EventKind, EventSpec, LinkSpec, PlaceKind, PlaceRow, PlaceSpec, Ref, Share
from heli.ui.forms import DayField, offer

Choices = Iterable[tuple[str, str]]
NEW_PLACES = 4
"""How many new places the split form offers; more at once come from a list."""


class ShareField(forms.CharField):
    """A share as it was counted: "16107/48321", "33.33 %", a bare count, or "?" where nobody counted."""

    def __init__(self, **kwargs: Any) -> None:
        help_text = _("As counted: 16107/48321, or 33.33%. Where nobody counted: ?")
        super().__init__(**{"max_length": 40, "help_text": help_text, **kwargs})

    def clean(self, value: Any) -> Any:
        """The share, a bare count as a number, or None when empty and not required."""
        try:
            return read_share(super().clean(value))
        except ValueError as wrong:
            raise forms.ValidationError(gettext(SHARE_TEXTS[str(wrong)])) from wrong


SHARE_TEXTS = {
    "unreadable": gettext_noop(
        "This is no share. Give it as counted, 16107/48321, as 33.33%, or ? where nobody counted."
    ),
    "decimals": gettext_noop("A percentage has at most four decimals. Give what was counted instead: 16107/48321."),
    "base_missing": gettext_noop("Of how many? Give the whole too: 16107/48321."),
}


def _completed(form: forms.Form, names: Sequence[str], *, with_rest: bool) -> list[Share | None]:
    """The shares of the named fields, and of what stays behind them; what is wrong with them stands at the first."""
    try:
        return complete([form.cleaned_data.get(name) for name in names], with_rest=with_rest)
    except ValueError as wrong:
        form.add_error(names[0], gettext(SHARE_TEXTS[str(wrong)]))
        return []


class EventForm(forms.Form):
    """What every event has: its day and its document."""

    kind: EventKind

    on = DayField(label=_("Takes effect on"))
    document_number = forms.CharField(label=_("Document number"), max_length=100, required=False)
    document_date = DayField(label=_("Date of the document"), required=False)
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    field_order: list[str] | None = None
    columns = 2

    def __init__(self, *args: Any, place: PlaceRow, others: Choices = (), towns: Choices = (), **kwargs: Any) -> None:
        self.place = place
        super().__init__(*args, **kwargs)
        self.others = list(others)
        offered = {
            "target": [("", "–"), *self.others],
            "parent": [("", "–"), *towns],
            "members": self.others,
            "new_kind": [(kind.value, texts.kind_text(kind)) for kind in KINDS_OF_LEVEL[place.level]],
        }
        offer(self, **{name: choices for name, choices in offered.items() if name in self.fields})
        common = ["on", "document_number", "document_date", "note"]
        self.order_fields([name for name in self.fields if name not in common] + common)

    def spec(self, **changes: Any) -> PlaceSpec:
        """The attributes the place has, with changes."""
        row = self.place
        given: dict[str, Any] = {
            "name": row.listed_name,
            "kind": row.kind,
            "code": row.code,
            "parent": row.parent_id,
            "legal_parent": row.legal_parent_id,
            "urban_rural_class": row.urban_rural_class,
            "outline_id": row.outline_id,
        }
        return PlaceSpec(**{**given, **changes})

    def event(self, links: Iterable[LinkSpec], **more: Any) -> EventSpec:
        """The event with the document of the form."""
        data = self.cleaned_data
        return EventSpec(
            kind=self.kind,
            on=data["on"],
            links=tuple(links),
            document_number=data["document_number"],
            document_date=data["document_date"],
            note=data["note"],
            **more,
        )

    def in_place(self, **changes: Any) -> EventSpec:
        """The same place goes on with changes."""
        becomes: Mapping[Ref, PlaceSpec] = {self.place.id: self.spec(**changes)}
        return self.event([LinkSpec(source=self.place.id, target=self.place.id)], becomes=becomes)

    def to_event(self) -> EventSpec:
        """The event the form describes; call after `is_valid`."""
        raise NotImplementedError


class RenameForm(EventForm):
    kind = EventKind.RENAME
    name = forms.CharField(label=_("New name"), max_length=100)

    def to_event(self) -> EventSpec:
        return self.in_place(name=self.cleaned_data["name"])


class RecodeForm(EventForm):
    kind = EventKind.RECODE
    code = forms.CharField(
        label=_("New code"), max_length=12, help_text=_("Twelve digits; empty when it has none."), required=False
    )

    def to_event(self) -> EventSpec:
        return self.in_place(code=self.cleaned_data["code"])


class ConvertForm(EventForm):
    kind = EventKind.CONVERT
    new_kind = forms.ChoiceField(label=_("Becomes"))
    name = forms.CharField(
        label=_("New name"), max_length=100, required=False, help_text=_("Empty: it keeps its name.")
    )
    code = forms.CharField(label=_("New code"), max_length=12, required=False, help_text=_("Empty: it keeps its code."))

    def to_event(self) -> EventSpec:
        data = self.cleaned_data
        return self.in_place(
            kind=PlaceKind(data["new_kind"]),
            name=data["name"] or self.place.listed_name,
            code=data["code"] or self.place.code,
        )


class MoveForm(EventForm):
    kind = EventKind.MOVE
    parent = forms.ChoiceField(label=_("To"))
    code = forms.CharField(label=_("New code"), max_length=12, required=False, help_text=_("Empty: it keeps its code."))

    def to_event(self) -> EventSpec:
        return self.in_place(parent=int(self.cleaned_data["parent"]), code=self.cleaned_data["code"] or self.place.code)


class MergeForm(EventForm):
    kind = EventKind.MERGE
    members = forms.MultipleChoiceField(
        label=_("Merged with"),
        help_text=_("Hold Ctrl to choose several."),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    name = forms.CharField(label=_("Name of the new place"), max_length=100)
    new_kind = forms.ChoiceField(label=_("Kind"))
    code = forms.CharField(
        label=_("Code"), max_length=12, required=False, help_text=_("Leave empty while none is assigned.")
    )

    def to_event(self) -> EventSpec:
        data = self.cleaned_data
        sources = [self.place.id, *(int(key) for key in data["members"])]
        spec = self.spec(
            name=data["name"],
            kind=PlaceKind(data["new_kind"]),
            code=data["code"],
            urban_rural_class="",
            outline_id=None,
        )
        links = [LinkSpec(source=key, target="new") for key in sources]
        return self.event(links, founds={"new": spec}, children_follow=True)


class AbsorbForm(EventForm):
    kind = EventKind.ABSORB
    target = forms.ChoiceField(label=_("Goes into"))

    def to_event(self) -> EventSpec:
        link = LinkSpec(source=self.place.id, target=int(self.cleaned_data["target"]))
        return self.event([link], children_follow=True)


class PartForm(EventForm):
    """Part of a village, by natural village or group, goes to another; the rest stays."""

    kind = EventKind.SPLIT
    target = forms.ChoiceField(label=_("A part goes to"))
    which = forms.CharField(label=_("Which natural villages or groups"), max_length=200)
    population = ShareField(label=_("Share of the people"))
    area = ShareField(label=_("Share of the area"))

    def clean(self) -> dict[str, Any]:
        self.shares = {name: _completed(self, [name], with_rest=True) for name in ("population", "area")}
        return self.cleaned_data

    def to_event(self) -> EventSpec:
        data = self.cleaned_data
        (people, rest_people), (area, rest_area) = self.shares["population"], self.shares["area"]
        return self.event(
            [
                LinkSpec(
                    source=self.place.id, target=int(data["target"]), population=people, area=area, is_part=True,
                    note=data["which"],
                ),
                LinkSpec(
                    source=self.place.id, target=self.place.id, population=rest_people, area=rest_area, is_part=True
                ),
            ]
        )  # fmt: skip


class SplitForm(EventForm):
    """A place is divided among new ones; it may itself go on with the rest."""

    kind = EventKind.SPLIT
    goes_on = forms.BooleanField(label=_("The place itself goes on with the rest"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, texts.kind_text(kind)) for kind in KINDS_OF_LEVEL[self.place.level]]
        for number in range(1, NEW_PLACES + 1):
            optional = number > 2
            labels = {"n": number}
            self.fields[f"name_{number}"] = forms.CharField(
                label=gettext("New place %(n)s: name") % labels, max_length=100, required=number == 1
            )
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=gettext("Kind"), choices=kinds, required=not optional
            )
            self.fields[f"people_{number}"] = ShareField(label=gettext("Share of the people"), required=number == 1)
            self.fields[f"area_{number}"] = ShareField(label=gettext("Share of the area"), required=number == 1)
        own = [name for name in self.fields if name.rpartition("_")[2].isdigit()]
        self.order_fields([*own, "goes_on", *(name for name in self.fields if name not in own and name != "goes_on")])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        self.numbers = [number for number in range(1, NEW_PLACES + 1) if data.get(f"name_{number}")]
        self.shares = {
            name: _completed(self, [f"{name}_{number}" for number in self.numbers], with_rest=data["goes_on"])
            for name in ("people", "area")
        }
        return data

    def to_event(self) -> EventSpec:
        data = self.cleaned_data
        founds: dict[str, PlaceSpec] = {}
        for number in self.numbers:
            kind = PlaceKind(data[f"kind_{number}"])
            founds[f"new-{number}"] = self.spec(
                name=data[f"name_{number}"], kind=kind, code="", urban_rural_class="", outline_id=None
            )
        targets: list[Ref] = [*founds, *([self.place.id] if data["goes_on"] else [])]
        links = [
            LinkSpec(source=self.place.id, target=target, population=people, area=area)
            for target, people, area in zip(targets, self.shares["people"], self.shares["area"], strict=True)
        ]
        return self.event(links, founds=founds)


class DissolveForm(EventForm):
    kind = EventKind.DISSOLVE

    def to_event(self) -> EventSpec:
        return self.event([LinkSpec(source=self.place.id, target=None)])


class FoundForm(EventForm):
    """A new place under the one whose page it is."""

    kind = EventKind.FOUND
    name = forms.CharField(label=_("Name"), max_length=100)
    kind_below = forms.ChoiceField(label=_("Kind"))
    code = forms.CharField(
        label=_("Code"), max_length=12, required=False, help_text=_("Leave empty while none is assigned.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = list(KINDS_OF_LEVEL)
        below = levels[levels.index(self.place.level) + 1 :]
        kinds = [(kind.value, texts.kind_text(kind)) for level in below for kind in KINDS_OF_LEVEL[level]]
        offer(self, kind_below=kinds)

    def to_event(self) -> EventSpec:
        data = self.cleaned_data
        spec = PlaceSpec(name=data["name"], kind=PlaceKind(data["kind_below"]), code=data["code"], parent=self.place.id)
        return self.event([LinkSpec(source=None, target="new")], founds={"new": spec})


EVENT_FORMS: Mapping[str, type[EventForm]] = {
    "rename": RenameForm,
    "recode": RecodeForm,
    "convert": ConvertForm,
    "move": MoveForm,
    "merge": MergeForm,
    "absorb": AbsorbForm,
    "part": PartForm,
    "split": SplitForm,
    "dissolve": DissolveForm,
    "found": FoundForm,
}
EVENT_TITLES: Mapping[str, Any] = {
    "rename": _("Rename"),
    "recode": _("Give a new code"),
    "convert": _("Convert (village to community)"),
    "move": _("Move to another parent"),
    "merge": _("Merge with others into a new place"),
    "absorb": _("Absorbed by an existing place"),
    "part": _("A part goes to another place"),
    "split": _("Split into new places"),
    "dissolve": _("Abolish without successor"),
    "found": _("Found a place below"),
}
