"""Shapes of what people type about an import."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.files.sheets import ENCODINGS
from heli.places.imports import columns, texts
from heli.places.imports.geofiles import LETTERS
from heli.places.imports.systems import ZONES
from heli.places.imports.types import ImportKind, ReadTable
from heli.places.measures import measures
from heli.ui.forms import DayField, FileDrop, offer

ACCEPT = {
    ImportKind.CODES: ".csv,.xlsx,.xls",
    ImportKind.FACTS: ".xlsx,.xls,.csv",
    ImportKind.OUTLINES: ".geojson,.json,.gpkg,.kml,.zip",
    ImportKind.POINTS: ".xlsx,.xls,.csv",
    ImportKind.MERGERS: ".xlsx,.xls,.csv",
    ImportKind.GRIDS: ".xlsx,.xls,.csv,.geojson,.json,.gpkg,.kml,.zip",
    ImportKind.BUILDINGS: ".xlsx,.xls,.csv,.geojson,.json,.gpkg,.kml,.zip",
}
SYSTEMS = [
    ("", _("as the file says")),
    ("EPSG:4490", "CGCS2000 (EPSG:4490)"),
    ("EPSG:4326", "WGS 84 (EPSG:4326)"),
    ("gcj02", _("GCJ-02 (AMap, Tencent): is converted and marked")),
    ("bd09", _("BD-09 (Baidu): is converted and marked")),
    ("EPSG:3857", "Web Mercator (EPSG:3857)"),
    *((one.code, f"{one.name} ({one.code})") for one in ZONES),
]


class UploadForm(forms.Form):
    """A file, the district and the day it speaks of."""

    file = forms.FileField(label=_("File"))
    district = forms.ChoiceField(label=_("District"), required=False)
    district_name = forms.CharField(
        label=_("Name of a district that is not in the register yet"), required=False, max_length=100
    )
    on = DayField(label=_("Day the file speaks of"))
    title = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=200,
        help_text=_("For example: National Bureau of Statistics, codes of 2020."),
    )
    attribution = forms.CharField(label=_("Publisher and licence"), required=False, max_length=300)
    crs = forms.ChoiceField(label=_("Coordinate system"), required=False, choices=SYSTEMS)
    document = forms.CharField(label=_("Document number of all rows"), required=False, max_length=100)

    def __init__(
        self, *args: Any, kind: ImportKind, districts: Sequence[tuple[str, str]], may_found: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget = FileDrop(accept=ACCEPT[kind])
        found = kind is ImportKind.CODES and may_found
        choices = [("", _("a district not in the register yet")), *districts] if found else list(districts)
        offer(self, district=choices)
        self.fields["district"].required = not found
        if not found:
            del self.fields["district_name"]
        if kind in (ImportKind.CODES, ImportKind.FACTS, ImportKind.MERGERS):
            del self.fields["crs"]
        if kind is not ImportKind.MERGERS:
            del self.fields["document"]


class ReadingForm(forms.Form):
    """How the file is read: everything the reader decided by itself and may have decided wrongly."""

    sheets = forms.MultipleChoiceField(label=_("Sheets"), required=False, widget=forms.CheckboxSelectMultiple)
    header_row = forms.IntegerField(
        label=_("First row of the header"), required=False, min_value=1, max_value=1_000,
        help_text=_("Empty: it is looked for."),
    )  # fmt: skip
    header_rows = forms.TypedChoiceField(
        label=_("Rows of the header"),
        coerce=int,
        required=False,
        choices=[(n, str(n)) for n in (1, 2, 3)],
    )
    encoding = forms.ChoiceField(
        label=_("Letters"), required=False, choices=[("", _("as they fit")), *((one, one.upper()) for one in ENCODINGS)]
    )
    fill_merged = forms.BooleanField(label=_("Merged cells stand for every row they cover"), required=False)
    fill_blank = forms.BooleanField(label=_("Blank words are filled from the row above"), required=False)
    leave_out = forms.BooleanField(label=_("Leave out totals, notes, signatures and column numbers"), required=False)

    def __init__(self, *args: Any, table: ReadTable, reading: Mapping[str, Any], **kwargs: Any) -> None:
        given = {"fill_merged": True, "leave_out": True, **reading}
        given["header_row"] = given.get("header_row") or None
        given["header_rows"] = given.get("header_rows") or table.header_rows
        read = [one for one in table.sheets if not table.sheet or one == table.sheet]
        kwargs["initial"] = {**given, "sheets": given.get("sheets") or read}
        super().__init__(*args, **kwargs)
        if len(table.sheets) > 1:
            offer(self, sheets=[(one, one) for one in table.sheets])
        else:
            del self.fields["sheets"]
        if not table.encoding:
            del self.fields["encoding"]
        if table.format == "geo":
            self._ask_for_layer(table)

    def _ask_for_layer(self, table: ReadTable) -> None:
        """Geodata have layers, of which one is read, and no header."""
        for name in set(self.fields) - {"sheets", "encoding"}:
            del self.fields[name]
        if "encoding" in self.fields:
            choices = [("", _("as they fit")), *((one, one.upper()) for one in LETTERS)]
            self.fields["encoding"].choices = choices  # type: ignore[attr-defined]  # a field of this form, by name
        if "sheets" in self.fields:
            choices = [(one, one) for one in table.sheets]
            self.fields["sheets"] = forms.ChoiceField(label=_("Layer"), choices=choices)
            self.initial["sheets"] = table.sheet

    def reading(self) -> dict[str, Any]:
        """The choices as an import keeps them."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}
        if isinstance(given.get("sheets"), str):
            given["sheets"] = [given["sheets"]]
        if not given.get("header_row"):
            given.pop("header_rows", None)
        return given


class ColumnsForm(forms.Form):
    """Which column holds what, and in which unit."""

    def __init__(self, *args: Any, kind: ImportKind, headers: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        choices = [("", _("not in this file"))] + [
            (str(i), header or _("column %(number)s") % {"number": i + 1}) for i, header in enumerate(headers)
        ]
        for field in columns.FIELDS[kind]:
            self.fields[field.name] = forms.ChoiceField(
                label=texts.field_text(field.name), choices=choices, required=field.required
            )
            if kind is ImportKind.FACTS and (units := texts.UNIT_CHOICES.get(_dimension(field.name))):
                self.fields[f"unit_{field.name}"] = forms.ChoiceField(
                    label=_("Unit of %(field)s, where the header does not say it")
                    % {"field": texts.field_text(field.name)},
                    choices=[("", _("as the header says")), *((unit, unit) for unit in units)],
                    required=False,
                )

    def mapping(self) -> dict[str, int]:
        """{field: column} as chosen."""
        names = [field.name for field in columns.FIELDS[self.kind]]
        return {name: int(self.cleaned_data[name]) for name in names if self.cleaned_data.get(name)}

    def options(self) -> dict[str, str]:
        """Units as chosen; an empty choice takes an earlier one back."""
        return {
            name.removeprefix("unit_"): value for name, value in self.cleaned_data.items() if name.startswith("unit_")
        }


def _dimension(name: str) -> str:
    measure = measures().get(name)
    return columns.DIMENSIONS[measure.unit][0] if measure and not measure.is_ratio else ""
