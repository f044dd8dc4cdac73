# ruff: noqa: E501 — sentences stay whole
"""The sentences about a file that cannot be read as a whole: what is wrong and what helps."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from heli.files.sheets.types import Unreadable
from heli.kernel.faults import Fault

TEXTS: Mapping[str, str] = {
    "file_empty": _("“%(name)s” holds no rows. Choose the file that holds the list."),
    "file_too_large": _("The file has %(size)s MB; at most %(limit)s MB can be uploaded. Split it by township, or ask the administrator to import it by command."),
    "file_not_a_table": _("“%(name)s” is not a table. Save it as .xlsx or as .csv and upload that."),
    "encoding_unknown": _("The letters of “%(name)s” cannot be read: it is neither UTF-8 nor GBK. Open it in Excel and save it as .xlsx."),
    "csv_broken": _("“%(name)s” is not a well-formed CSV file (%(reason)s). Save it as .xlsx and upload that."),
    "file_is_pdf": _("“%(name)s” is a PDF, from which no table can be read safely. Ask for the table itself, or type it into a workbook, and upload that."),
    "file_is_picture": _("“%(name)s” is a picture. Ask for the table itself, or type it into a workbook, and upload that."),
    "file_is_archive": _("“%(name)s” is an archive. Unpack it and upload the table in it."),
    "file_is_document": _("“%(name)s” is a text document, not a table. Copy its table into a workbook and upload that."),
    "file_is_html": _("“%(name)s” is a web page, whatever its ending says: many systems export so. Open it in WPS or Excel, save it as .xlsx, and upload that."),
    "file_is_xml": _("“%(name)s” is an XML table of 2003. Open it in WPS or Excel, save it as .xlsx, and upload that."),
    "file_is_et": _("“%(name)s” is a WPS table (.et) that cannot be read. Open it in WPS, save it as .xlsx, and upload that."),
    "excel_locked": _("“%(name)s” is locked with a password. Remove the password and upload it again."),
    "excel_broken": _("“%(name)s” cannot be opened as an Excel file (%(reason)s). Save it anew as .xlsx."),
    "zip_bomb": _("“%(name)s” would unpack to %(size)s MB or more, far beyond its own size. It was not opened; save the list anew as .xlsx or .csv."),
    "zip_broken": _("“%(name)s” is damaged: its parts cannot be unpacked. Save it anew and upload it again."),
    "too_many_rows": _("“%(name)s” has more than %(limit)s rows. Split it by township, or ask the administrator to import it by command."),
    "sheet_reaches_far": _("The sheet “%(sheet)s” of “%(name)s” reaches to cell %(cell)s, far more than a list needs. Delete what stands there, or copy the rows into a new workbook, and upload that."),
}  # fmt: skip


DECISIONS: Mapping[str, str] = {
    "read_sheet": _("Read is the sheet “%(sheet)s”."),
    "read_sheets": _("Read together are %(count)s sheets with the same header: %(sheets)s. Rows are named by sheet and row."),
    "read_other_sheets": _("Not read are the sheets: %(sheets)s."),
    "read_hidden": _("Not read are the hidden sheets: %(sheets)s."),
    "read_hidden_taken": _("The sheet %(sheets)s is hidden in the workbook and was read because no visible one holds rows, or because it was chosen."),
    "read_header_row": _("The header is row %(row)s."),
    "read_header_rows": _("The header is rows %(first)s to %(last)s, joined column by column."),
    "read_above": _("Above the header stands: %(text)s"),
    "read_unit_line": _("The line above the header gives the units %(units)s; they hold where a column names none of its own."),
    "read_encoding": _("The letters are read as %(encoding)s."),
    "read_filled": _("%(count)s cells below merged or repeated ones were filled from above."),
    "read_figure_once": _("In %(count)s merged cells one figure stands for several rows (%(rows)s). It is taken for the first of them alone."),
    "read_totals": _("Left out because they add others up: %(count)s rows (%(rows)s)."),
    "read_notes": _("Left out as notes, signatures or column numbers: %(count)s rows (%(rows)s)."),
    "read_cleaned_invisible": _("Invisible characters were removed from %(count)s cells, first in row %(row)s: %(example)s."),
    "read_cleaned_formula": _("In %(count)s cells a text stood as a formula (=\"…\"), first in row %(row)s: read as %(example)s."),
    "read_cleaned_apostrophe": _("An apostrophe before the digits was removed from %(count)s cells, first in row %(row)s: %(example)s."),
    "read_cleaned_wide": _("Full-width digits and letters were made plain in %(count)s cells, first in row %(row)s: %(example)s."),
}  # fmt: skip
"""What the reader decided, a line each."""


def fault(unreadable: Unreadable, field: str = "file") -> Fault:
    """Why a file cannot be read, in words."""
    return Fault(unreadable.code, gettext(TEXTS[unreadable.code]) % unreadable.facts, field=field)
