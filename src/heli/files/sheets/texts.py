# ruff: noqa: E501 — sentences stay whole
"""The sentences about a file that cannot be read as a whole: what is wrong and what helps."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from heli.kernel.problems import Problem


class Unreadable(Exception):
    """The file as a whole cannot be read; `code` and `facts` say why, `problem` says it in words."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code, self.facts = code, facts
        super().__init__(code)


TEXTS: Mapping[str, str] = {
    "file_empty": _("“%(name)s” holds no rows. Choose the file that holds the list."),
    "file_too_large": _("The file has %(size)s MB; at most %(limit)s MB can be uploaded. Split it by township, or ask the administrator to import it by command."),
    "file_not_a_table": _("“%(name)s” is not a table. Save it as .xlsx or as .csv and upload that."),
    "excel_locked": _("“%(name)s” is locked with a password. Remove the password and upload it again."),
    "excel_broken": _("“%(name)s” cannot be opened as an Excel file (%(reason)s). Save it anew as .xlsx."),
    "zip_bomb": _("“%(name)s” would unpack to %(size)s MB or more, far beyond its own size. It was not opened; save the list anew as .xlsx or .csv."),
    "zip_broken": _("“%(name)s” is damaged: its parts cannot be unpacked. Save it anew and upload it again."),
    "too_many_rows": _("“%(name)s” has more than %(limit)s rows. Split it by township, or ask the administrator to import it by command."),
    "sheet_reaches_far": _("The sheet “%(sheet)s” of “%(name)s” reaches to cell %(cell)s, far more than a list needs. Delete what stands there, or copy the rows into a new workbook, and upload that."),
}  # fmt: skip


def problem(unreadable: Unreadable, field: str = "file") -> Problem:
    """Why a file cannot be read, in words."""
    return Problem(unreadable.code, gettext(TEXTS[unreadable.code]) % unreadable.facts, field=field)
