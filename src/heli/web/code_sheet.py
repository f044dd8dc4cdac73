"""The sheet for the wall of a village: three codes to scan, in letters that are read from two metres."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from heli.files.documents import render_drawn
from heli.files.documents.codes import qr_svg

SOURCE = Path(__file__).with_name("code_sheet.typ")


@dataclass(frozen=True, slots=True, kw_only=True)
class WallCodes:
    """What hangs in one village: whole addresses of its report form, of following a matter, of its open page."""

    place: str
    district: str
    report: str
    follow: str
    openly: str
    is_sample: bool = False


def code_sheet(sheets: Sequence[WallCodes]) -> bytes:
    """An A4 page for each village, as PDF."""
    words = {
        "title": _("Tell us what is wrong here"),
        "free": _("No account, no name. In danger of life call 110, 119 or 120."),
        "sample": _("sample"),
        "kept": _("Nothing about who scans it is kept."),
    }
    pages = [
        {
            "place": one.place, "district": one.district, "sample": one.is_sample,
            "codes": [
                {"name": name, "said": said, "svg": qr_svg(url), "url": url}
                for name, said, url in (
                    (_("Report a matter"), _("A lamp, a drain, a road: it knows that you are here."), one.report),
                    (_("Follow a matter"), _("With the code that you were given."), one.follow),
                    (_("Village affairs in the open"), _("Notices, votes, elections, answers, rates."), one.openly),
                )
            ],
        }
        for one in sheets
    ]  # fmt: skip
    return render_drawn(SOURCE.read_bytes(), {"words": words, "pages": pages})
