"""The certificate of volunteering that a member prints: what was confirmed, and a code by which anybody asks whether it is true."""

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from heli.files.documents import Align, Block, Document, PaperTable, Paragraph, Picture, SignatureBox, official_date
from heli.files.documents.codes import qr_svg
from heli.points.catalogues import acts
from heli.points.models import Certificate
from heli.points.queries import ActSum

CODE_MM = 30


def certificate_paper(
    made: Certificate, name: str, sums: list[ActSum], *, places: list[str], url: str, is_sample: bool
) -> Document:
    """The paper; `url` is where strangers ask whether it is true."""
    is_chinese = (get_language() or "zh").startswith("zh")
    catalogue, language = acts(), get_language() or "zh-hans"
    rows = [[catalogue.text(one.act, language), hours(one.minutes), str(one.points)] for one in sums]
    rows.append([_("Together"), hours(made.minutes), str(made.points)])
    text = _("%(name)s has reported in as a volunteer at %(places)s. Confirmed there, each time by somebody else:")
    blocks: list[Block] = [
        Paragraph(text % {"name": name, "places": "、".join(places) if is_chinese else ", ".join(places)}),
        PaperTable(
            [_("Counts as"), _("Hours of work"), pgettext("volunteer", "Points")], rows, widths=[4, 1, 1],
            aligns=(Align.LEFT, Align.RIGHT, Align.RIGHT),
        ),
        Paragraph(_("Free of charge. Whether it is true, and whether it still is, is said here:"), indent=False),
        Picture(qr_svg(url).encode(), width=CODE_MM, alt=url),
        Paragraph(url, indent=False, align=Align.LEFT),
        SignatureBox([_("Community where they live"), _("Community where they work")]),
    ]  # fmt: skip
    day = made.issued_on
    return Document(
        title=_("Certificate of volunteering"), blocks=blocks, is_sample=is_sample, language="zh" if is_chinese else "en",
        date=official_date(day) if is_chinese else day.isoformat(),
    )  # fmt: skip


def hours(minutes: int) -> str:
    """Minutes as hours with up to two decimals: quarters are exact."""
    whole, rest = divmod(abs(minutes), 60)
    text = f"{whole + rest / 60:.2f}".rstrip("0").rstrip(".")
    return f"-{text}" if minutes < 0 else text
