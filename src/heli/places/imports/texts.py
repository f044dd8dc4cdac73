# ruff: noqa: E501 — sentences and lists of words stay whole
"""The sentences of imports: every one names what is wrong and what helps. The msgids are English."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from heli.files import sheets
from heli.kernel.faults import Fault, Finding, Severity
from heli.places import texts as register_texts
from heli.places.imports.types import Change, ImportKind, ImportStage
from heli.places.measures import measures
from heli.places.types import Level, PlaceKind

KINDS: Mapping[ImportKind, tuple[str, str]] = {
    ImportKind.CODES: (
        _("Official code list"),
        _("Villages and communities with their twelve-digit codes and names (CSV, Excel)."),
    ),
    ImportKind.FACTS: (
        _("Figures per village"),
        _("Population, households, members, area and more, one village a row (Excel, CSV)."),
    ),
    ImportKind.OUTLINES: (_("Outlines"), _("Borders of villages (GeoJSON, GeoPackage, Shapefile as zip).")),
    ImportKind.POINTS: (_("Points"), _("Where villages without outlines lie: longitude and latitude (Excel, CSV).")),
    ImportKind.MERGERS: (
        _("The district's merger list"),
        _("Old village, or natural village and group, to new village, with date and document (Excel, CSV)."),
    ),
    ImportKind.GRIDS: (
        _("Grids"),
        _(
            "Grids of villages and communities, with an outline, a point or neither (GeoJSON, Shapefile as zip, Excel, CSV)."
        ),
    ),
    ImportKind.BUILDINGS: (
        _("Buildings"),
        _(
            "Buildings by estate, grid and community, with an outline, a point or neither (GeoJSON, Shapefile as zip, Excel, CSV)."
        ),
    ),
}
STAGES: Mapping[ImportStage, str] = {
    ImportStage.UPLOADED: _("Columns to be matched"),
    ImportStage.CHECKING: _("Being checked"),
    ImportStage.CHECKED: _("Checked, not yet applied"),
    ImportStage.APPLYING: _("Being applied"),
    ImportStage.APPLIED: _("Applied"),
    ImportStage.FAILED: _("Could not be read"),
    ImportStage.ABANDONED: _("Given up"),
}
OFFERS: Mapping[str, str] = {
    "repair": _("Accept the repairs offered"),
    "join": _("Join the rows of one village as its parts"),
    "join_spellings": _("They are one village: take the spelling offered"),
    "blank_stays": _("A blank new village means: stays as it is"),
    "same_names": _("They are two villages of one name"),
    "fill_codes": _("Take the codes proposed"),
}
CHANGES: Mapping[Change, str] = {
    Change.NEW: _("New"),
    Change.CHANGED: _("Different"),
    Change.UNCHANGED: _("Unchanged"),
    Change.GONE: _("Not in the list"),
}
FIELDS: Mapping[str, str] = {
    "code": _("Code"),
    "name": _("Name"),
    "town_code": _("Code of the township"),
    "town_name": _("Township or subdistrict"),
    "urban_rural_class": _("Urban–rural class"),
    "on": _("Date"),
    "lon": _("Longitude"),
    "lat": _("Latitude"),
    "geometry": _("Outline"),
    "old_code": _("Old code"),
    "old_name": _("Old village"),
    "old_town": _("Old township"),
    "part": _("Natural village or group"),
    "new_name": _("New village"),
    "new_code": _("New code"),
    "new_town": _("New township"),
    "groups": _("Groups"),
    "people": _("People"),
    "seat": _("Seat"),
    "document": _("Document number"),
    "number": _("Own number"),
    "village": _("Village or community"),
    "estate": _("Housing estate"),
    "in_grid": _("Grid it lies in"),
    "file": _("File"),
    "crs": _("Coordinate system"),
}
UNIT_CHOICES: Mapping[str, tuple[str, ...]] = {
    "area": ("亩", "万亩", "公顷", "千公顷", "平方公里", "平方米"),
    "money": ("元", "千元", "万元", "百万元", "亿元"),
    "people": ("人", "千人", "万人"),
    "households": ("户", "万户"),
    "length": ("米", "公里"),
}
"""Units offered by what they measure, as offices write them: not translated."""

TEXTS: Mapping[str, str] = {
    **sheets.TEXTS,
    **sheets.DECISIONS,
    # The file as a whole.
    "geodata_broken": _("“%(name)s” cannot be opened as geodata (%(reason)s). Give GeoJSON, GeoPackage, or a Shapefile with its .shp, .shx, .dbf and .prj in one zip."),
    "geodata_without_crs": _("“%(name)s” does not say its coordinate system. Add the .prj file, or choose the system on the page."),
    "geodata_other_format": _("“%(name)s” is %(format)s, which is not read. Save it in ArcGIS or QGIS as GeoPackage (.gpkg) or as Shapefile, and send its files in one zip."),
    "archive_without_geodata": _("“%(name)s” holds no geodata, but: %(held)s. Pack .shp, .shx, .dbf and .prj, a .gdb folder, GeoPackage, GeoJSON or KML."),
    "shapefile_incomplete": _("The Shapefile “%(name)s” lacks %(missing)s. Pack all files of the same name together."),
    "read_layer_taken": _("The layer “%(layer)s” with %(count)s rows is read; others in the file: %(others)s. Choose another under “Read it otherwise”."),
    "read_letters": _("The letters of the Shapefile are read as %(encoding)s, as its content tells. Choose otherwise under “Read it otherwise”."),
    "read_letters_against": _("The letters of the Shapefile are read as %(encoding)s, as its content tells, though its .cpg says %(said)s. Choose otherwise under “Read it otherwise”."),
    "crs_proposed": _("“%(name)s” does not say its coordinate system. By its numbers and place it is %(system)s (%(code)s): accept that, or choose the system on a new upload."),
    "crs_ambiguous": _("“%(name)s” does not say its coordinate system. By its numbers it may be %(systems)s. Choose the system on a new upload, or add the .prj file."),
    "offer_unknown": _("This is not offered any more. Look at the page again."),
    "village_in_parts": _("%(village)s stands in row %(first)s already, with other ground. Accept that both are its parts (an exclave), or exclude the row."),
    "read_parts_joined": _("The rows %(rows)s are parts of one outline: %(village)s."),
    "geometry_equal": _("%(first)s and %(second)s have the same outline (%(area)s m²). One of the two is wrong: exclude it, or mend the file."),
    "geometry_contained": _("%(inner)s lies within %(outer)s (%(area)s m²). Check whether the outer one has a hole there."),
    "neighbours_by_gap": _("Pairs with a common border, by the gap that is closed between them: %(pairs)s."),
    "layer_empty": _("The layer “%(name)s” holds no outlines. Choose another layer."),
    # Columns.
    "column_missing": _("No column holds “%(column)s”. Choose it among: %(headers)s."),
    "code_or_name_missing": _("Neither a code nor a name tells which village a row is about. Choose a column among: %(headers)s."),
    "measure_column_missing": _("No column holds a figure (population, households, area…). Choose at least one among: %(headers)s."),
    "heading_twice": _("Two columns are headed “%(header)s”. Keep one of them."),
    "header_unknown": _("There is no column “%(header)s”. The file has: %(headers)s."),
    "field_unknown": _("There is no field “%(field)s”. There are: %(fields)s."),
    "column_used_twice": _("The column “%(column)s” is chosen twice. Choose each column once."),
    "unit_missing": _("The header “%(header)s” does not say its unit. Choose it on the page of the columns, or write it into the header: （亩）, （万元）."),
    "unit_of_other_kind": _("The header “%(header)s” gives its figures in %(unit)s, which does not measure this. Choose the unit, or another column."),
    "header_qualifier": _("“%(header)s” is not simply “%(column)s”: the bracket or upper row says more. Choose what the column holds, or that it is not to be read."),
    "header_twice": _("“%(header)s” is one of several columns that may hold “%(column)s”. Choose which one is read."),
    "header_years": _("“%(header)s” is one of several columns with “%(column)s” of different years. Choose which one is read."),
    "header_other_year": _("The header “%(header)s” speaks of %(year)s, but the file is imported for %(on)s. Check the day."),
    "read_column": _("“%(header)s” is read as “%(column)s”."),
    "read_column_unit": _("“%(header)s” is read as “%(column)s”, in %(unit)s."),
    "read_not": _("Columns that are not read: %(headers)s."),
    "read_by_name": _("%(count)s rows without a code were matched by name."),
    "read_last_day": _("%(count)s dates name only a month or a year; the last day of it is taken."),
    "number_other_unit": _("“%(value)s” is given in %(unit)s, which does not measure this. Correct it."),
    # Cells.
    "formula_error": _("Cell %(cell)s shows the error %(value)s. Mend the formula in Excel and save, or exclude the row."),
    "formula_without_value": _("Cell %(cell)s holds a formula without its result. Open the file in Excel, let it compute, save, and upload it again."),
    "row_code_missing": _("The code is missing. Give the twelve digits, or exclude the row."),
    "row_code_eleven": _("“%(value)s” has 11 digits, one too few. Give all twelve digits, or exclude the row."),
    "row_code_length": _("“%(value)s” has %(digits)s digits instead of twelve. Correct it, or exclude the row."),
    "row_code_not_digits": _("“%(value)s” is not a code: it holds other things than digits. Correct it, or exclude the row."),
    "row_code_scientific": _("“%(value)s” was shortened by Excel and its last digits are lost. Format the column as text, enter the code anew, and upload again."),
    "row_code_province": _("“%(value)s” begins with digits of no province. Correct it, or exclude the row."),
    "row_markup": _("The column “%(column)s” holds markup: “%(value)s”. Such a row is never imported; correct it, or exclude it."),
    "row_code_twice": _("The code %(code)s (%(name)s) stands in row %(first)s already. Remove one of the two rows, or exclude this one."),
    "row_other_district": _("The code %(code)s does not belong to the district %(district)s. Choose the right list, or exclude the row."),
    "row_kind_unknown": _("The digits %(digits)s of %(code)s belong to no kind of unit (001–599). Correct the code, or exclude the row."),
    "row_town_kind_unknown": _("The township digits %(digits)s of %(code)s belong to no kind of township (001–599). Correct the code, or exclude the row."),
    "row_class_unknown": _("“%(value)s” is not an urban–rural class (111, 112, 121, 122, 123, 210, 220). The row is taken without it."),
    "row_name_missing": _("The name of %(code)s is missing. Give it, or exclude the row."),
    "row_town_unknown": _("The township %(town)s of %(name)s (%(code)s) is neither in the list nor in the register. Add its row or the column with its name, or exclude the row."),
    "row_town_contradicts": _("The township code %(town)s is not the beginning of %(code)s. Correct one of the two, or exclude the row."),
    "row_town_two_names": _("The township %(town)s is called “%(name)s” here but “%(first)s” in row %(row)s. Make the two agree."),
    "name_damaged": _("The name “%(name)s” holds a sign that stands in no name (%(sign)s): a letter was lost or taken apart. Look the village up and correct the row; otherwise it is taken as it stands."),
    "name_zero": _("The name “%(name)s” has %(sign)s where 〇 is meant. Correct the row; otherwise it is taken as it stands."),
    "code_proposed": _("The code is missing. %(name)s of %(town)s has the code %(code)s in the register: take it, give another, or exclude the row."),
    "read_codes_filled": _("%(count)s missing codes were taken from the register, by name and township, first: %(example)s."),
    "county_as_village": _("%(name)s (%(code)s) is a county that stands in the list as a village. It is kept as a county."),
    "city_without_counties": _("%(name)s (%(code)s) has no counties: its townships stand under the city itself."),
    # Matching rows to villages.
    "village_unknown": _("“%(village)s” is no village of the district on %(on)s. Correct the code or name, or exclude the row."),
    "village_ambiguous": _("“%(village)s” may be %(choices)s. Give the code or the township, or exclude the row."),
    "village_contradicts": _("The code %(code)s belongs to %(name)s, but the row is called “%(said)s”. Correct one of the two, or exclude the row."),
    "village_twice": _("%(village)s stands in row %(first)s already. Keep one of the two rows, or exclude this one."),
    "number_unreadable": _("“%(value)s” is not a number. Correct it, or empty the cell."),
    "number_negative": _("%(value)s is negative. Figures are zero or more; correct it."),
    "number_not_whole": _("%(value)s is not a whole number. People, households and groups are counted whole; correct it."),
    "number_too_large": _("%(value)s is too large to be right. Check the unit; correct it."),
    "date_unreadable": _("“%(value)s” is not a date. Write it as 2020-06-30."),
    "row_without_figures": _("The row of %(village)s holds no figure and changes nothing."),
    "number_mended": _("“%(value)s” has a Chinese full stop as its decimal point; read as %(read)s. Correct it in the list."),
    "votes_above_base": _("%(village)s has %(votes)s votes for, but only %(base)s votes. Check both."),
    "resident_far_from_registered": _("%(village)s has %(resident)s residents beside %(registered)s registered people. Check both."),
    # Outlines and points.
    "geometry_missing": _("The row has no outline. Draw it, or exclude the row."),
    "geometry_nan": _("The outline of “%(village)s” holds coordinates that are no numbers (NaN). Export it anew from the map program, or exclude the row."),
    "geometry_crosses_itself": _("The outline of “%(village)s” crosses itself near %(where)s. Mend it in the map program, accept the repair offered (area changes by %(percent)s %%), or exclude the row."),
    "geometry_crosses_itself_badly": _("The outline of “%(village)s” crosses itself near %(where)s and cannot be repaired safely. Mend it in the map program, or exclude the row."),
    "geometry_crosses_itself_often": _("The outline of “%(village)s” crosses itself more than %(most)s times. Such a knot cannot be repaired: draw it anew in the map program, or exclude the row."),
    "barriers_without_lines": _("“%(name)s” holds no lines. Give rivers and ridges as lines."),
    "geometry_kind": _("“%(village)s” has a %(type)s instead of an outline. Give polygons, or import points."),
    "geometry_outside": _("“%(village)s” lies at %(where)s, outside China. Check the coordinate system and the order of longitude and latitude."),
    "geometry_overlaps": _("The outlines of %(first)s and %(second)s overlap by %(area)s m². Check their common border."),
    "geometry_empty_area": _("The outline of “%(village)s” encloses no area. Draw it anew, or exclude the row."),
    "point_swapped": _("Longitude %(lon)s and latitude %(lat)s look exchanged. Check the two columns."),
    "villages_without_place": _("%(count)s villages have neither outline nor point after this import, %(names)s among them."),
    "villages_without_figures": _("%(count)s villages of the district are not in the file, %(names)s among them. Their figures stay as they are."),
    # Grids and buildings.
    "village_column_missing": _("Neither a number, a code nor a name tells which village or community a row lies in. Choose a column among: %(headers)s."),
    "part_name_missing": _("The name is missing. Give it, or exclude the row."),
    "part_number_twice": _("The number %(number)s (%(name)s) stands in row %(first)s already. Correct one of the two, or exclude this row."),
    "part_number_contradicts": _("The number %(number)s begins with another code than that of %(village)s (%(code)s). Correct one of the two, or exclude the row."),
    "part_twice": _("%(name)s of %(village)s stands in row %(first)s already. Give it another name, or exclude this row."),
    "part_grid_unknown": _("%(village)s has no grid “%(grid)s” on %(on)s. Import its grids first, correct the name, or exclude the row."),
    "part_outside": _("“%(name)s” lies at %(where)s, outside the district. Check the coordinate system and the row, or exclude it."),
    "part_in_other_village": _("“%(name)s” of %(village)s lies in %(other)s by its drawing. Check the village of the row."),
    "parts_undrawn": _("%(count)s rows have neither outline nor point; they are founded without one, %(names)s among them."),
    "read_numbers": _("%(count)s own numbers are compared with each other and with the villages' codes; they are not kept."),
    # Merger list.
    "names_counted": _("“%(value)s” says %(said)s villages but names %(count)s. Correct it."),
    "new_name_several": _("“%(value)s” names several new villages in one cell. Give each old village or part its own row."),
    "new_name_spellings": _("%(names)s: these are spelled differently but seem to be one new village, “%(name)s”. Confirm that they are one, or correct the names."),
    "stays_and_goes": _("%(village)s stays as it is by row %(row)s but goes elsewhere here. Correct one of the two."),
    "name_in_town": _("There would be two villages named “%(name)s” in one township (the other: %(other)s). Give another name, or confirm with a reason."),
    "read_list_numbers": _("Numbers of a list were taken from %(count)s names, first: %(example)s."),
    "read_split": _("%(count)s cells with several old villages were split, first: %(example)s. Their figures are nobody's and not read."),
    "read_ditto": _("%(count)s cells that say “as above” were filled from above, first in row %(example)s."),
    "read_stays": _("%(count)s villages stay as they are, by words such as 不变, 保留, / or —."),
    "read_joined": _("%(names)s are taken as one new village, “%(name)s”."),
    "old_village_unknown": _("“%(village)s” was no village of the district before %(on)s. Correct the name, add its township, or exclude the row."),
    "new_name_missing": _("The new village is missing. Name it, or exclude the row."),
    "town_needed": _("The old villages of %(village)s stand in several townships. Say the new township."),
    "shares_needed": _("%(village)s is divided among %(targets)s, but %(what)s is 0 for every part. Give the figures, or leave all of them empty where nobody counted."),
    "shares_unknown": _("%(village)s is divided among %(targets)s, but %(what)s is not given for every part. It is recorded as unknown; older figures can then be restated only for these villages together."),
    "part_alone": _("Only “%(part)s” of %(village)s is listed. Add a row that says where the rest of the village stays."),
    "parts_and_whole": _("%(village)s is listed both as a whole and in parts. Say the part in every row."),
    "document_two": _("The rows of %(village)s name different dates or documents. Make them agree."),
    "merger_of_one": _("%(village)s has only one old village with the same name and changes nothing. Exclude the row if that is right."),
    # The act itself.
    "preview_stale": _("The register has changed since this preview. It was computed anew; look at it again and then apply."),
    "problems_left": _("%(count)s rows are neither mended nor excluded. Nothing was written."),
    "row_not_there": _("The file has no row %(row)s with a problem. Look at the page again."),
    "reason_missing": _("Say why the row is excluded; the reason stands in the audit trail."),
    "stage_wrong": _("This import is “%(stage)s” and cannot be changed. Begin a new one."),
    "district_unknown": _("The list names no district of the register. Choose the district, or ask the administrator to found it by importing its first list."),
    "several_districts": _("The list holds %(count)s districts. Upload them one by one, or import it by command."),
    "district_name_needed": _("The register does not know the district %(code)s yet. Give its name."),
    "on_before_register": _("The district is known from %(since)s on; the list is of %(on)s. Choose a day on or after that."),
    "list_is_later": _("Units changed, new or gone against the register are not written by themselves: the list cannot tell what became of them. They are proposed as lineage for you to confirm."),
    "mapping_reused": _("The columns were matched as last time. Change them if this file means something else."),
}  # fmt: skip

AS_FIELD = ("column",)


def field_text(name: str) -> str:
    """A field's name in words; a measure by its catalogue."""
    if name in FIELDS:
        return gettext(FIELDS[name])
    known = measures().get(name)
    return register_texts.measure_text(known) if known else name


def fault(finding: Finding) -> Fault:
    """A finding as a sentence that names its row and field."""
    texts = TEXTS if finding.code in TEXTS else register_texts.TEXTS
    facts: dict[str, object] = {}
    for key, value in finding.facts.items():
        if key == "what":
            facts[key] = {"people": gettext("people"), "area": gettext("area")}.get(str(value), value)
        elif key in AS_FIELD:
            facts[key] = field_text(str(value))
        elif isinstance(value, PlaceKind):
            facts[key] = register_texts.kind_text(value)
        elif isinstance(value, Level):
            facts[key] = register_texts.level_text(value)
        else:
            facts[key] = value
    where = row_text(int(finding.source)) if finding.source.isdigit() else finding.source
    return Fault(
        finding.code,
        gettext(texts[finding.code]) % facts,
        severity=Severity(finding.severity),
        field=field_text(finding.field) if finding.field else "",
        source=where,
    )


def row_text(number: int) -> str:
    """A row as people find it; where several sheets are read together, with the sheet it stands in."""
    sheet, row = sheets.row_place(number)
    if sheet == 1:
        return gettext("Row %(row)s") % {"row": row}
    return gettext("Sheet %(sheet)s, row %(row)s") % {"sheet": sheet, "row": row}


def finding_of(unreadable: sheets.Unreadable) -> Finding:
    """Why a file cannot be read, as a finding."""
    return Finding(unreadable.code, unreadable.facts, "file")


def faults(findings: Iterable[Finding]) -> list[Fault]:
    """Findings as sentences."""
    return [fault(finding) for finding in findings]


def stored(one: Finding | Fault) -> dict[str, object]:
    """A finding as JSON that can be said in another language later; a problem keeps the words it has."""
    if isinstance(one, Fault):
        return dict(one.as_json())
    facts = {key: value if isinstance(value, int | float) else str(value) for key, value in one.facts.items()}
    return {"code": one.code, "facts": facts, "field": one.field, "source": one.source, "severity": one.severity}


def restored(kept: Mapping[str, Any]) -> Fault:
    """What was stored, as a sentence in the reader's language."""
    if "facts" not in kept:
        return Fault(kept["code"], kept["message"], Severity(kept["severity"]), kept["field"], kept["source"])
    facts = {
        key: PlaceKind(value) if key == "kind" and value in list(PlaceKind) else value
        for key, value in kept["facts"].items()
    }
    return fault(Finding(kept["code"], facts, kept["field"], kept["source"], kept["severity"]))
