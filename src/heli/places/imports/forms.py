"""Shapes of what people type about an import."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heli.places.imports import columns, texts
from heli.places.imports.types import ImportKind
from heli.ui.forms import DayField, FileDrop

ACCEPT = {
    ImportKind.CODES: ".csv,.xlsx,.xls",
    ImportKind.FACTS: ".xlsx,.xls,.csv",
    ImportKind.OUTLINES: ".geojson,.json,.gpkg,.zip",
    ImportKind.POINTS: ".xlsx,.xls,.csv",
    ImportKind.MERGERS: ".xlsx,.xls,.csv",
}
SYSTEMS = [
    ("", _("as the file says")),
    ("EPSG:4490", "CGCS2000 (EPSG:4490)"),
    ("EPSG:4326", "WGS 84 (EPSG:4326)"),
    ("gcj02", _("GCJ-02 (AMap, Tencent): is converted and marked")),
    ("bd09", _("BD-09 (Baidu): is converted and marked")),
    ("EPSG:4549", "CGCS2000 / 3° CM 120E (EPSG:4549)"),
    ("EPSG:4546", "CGCS2000 / 3° CM 111E (EPSG:4546)"),
    ("EPSG:4545", "CGCS2000 / 3° CM 108E (EPSG:4545)"),
    ("EPSG:4544", "CGCS2000 / 3° CM 105E (EPSG:4544)"),
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
        self.fields["district"].choices = choices  # type: ignore[attr-defined]
        self.fields["district"].required = not found
        if not found:
            del self.fields["district_name"]
        if kind not in (ImportKind.OUTLINES, ImportKind.POINTS):
            del self.fields["crs"]
        if kind is not ImportKind.MERGERS:
            del self.fields["document"]


class ColumnsForm(forms.Form):
    """Which column holds what; units where headers do not say them."""

    def __init__(
        self, *args: Any, kind: ImportKind, headers: Sequence[str], sheets: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        choices = [("", _("not in this file"))] + [
            (str(i), header or _("column %(number)s") % {"number": i + 1}) for i, header in enumerate(headers)
        ]
        if len(sheets) > 1:
            self.fields["sheet"] = forms.ChoiceField(label=_("Sheet"), choices=[(sheet, sheet) for sheet in sheets])
        for field in columns.FIELDS[kind]:
            self.fields[field.name] = forms.ChoiceField(
                label=texts.field_text(field.name), choices=choices, required=field.required
            )
            if field.name in ("area", "farmland") and kind is ImportKind.FACTS:
                self.fields[f"unit_{field.name}"] = forms.ChoiceField(
                    label=_("Unit of %(field)s, where the header does not say it")
                    % {"field": texts.field_text(field.name)},
                    choices=[
                        ("", _("as the header says")),
                        *((key, _(text)) for key, text in texts.UNIT_TEXTS.items()),
                    ],
                    required=False,
                )

    def mapping(self) -> dict[str, int]:
        """{field: column} as chosen."""
        names = [field.name for field in columns.FIELDS[self.kind]]
        return {name: int(self.cleaned_data[name]) for name in names if self.cleaned_data.get(name)}

    def options(self) -> dict[str, str]:
        """Units as chosen."""
        return {
            name.removeprefix("unit_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("unit_") and value
        }


class DecisionForm(forms.Form):
    """The day and the document of confirmed proposals."""

    on = DayField(label=_("Day it took effect"))
    document_number = forms.CharField(label=_("Document number"), required=False, max_length=100)
