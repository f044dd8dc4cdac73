"""The shape of the list of assessments."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from heli.records.abouts import About
from heli.risks.queries import RiskRow
from heli.risks.texts import LEVELS, TONES
from heli.risks.types import RiskLevel
from heli.ui.tables import NOT_GREEN, Column, Exceptions, Table


def risk_table(request: HttpRequest, about: About, rows: Sequence[RiskRow]) -> Table:
    """Places with their newest assessment, the highest risk first, then those without one."""
    return Table(
        "risks",
        request,
        sorted(rows, key=lambda row: (-row.score, row.version > 0)),
        [
            Column(
                "place", _("Place"),
                link=lambda row: reverse("risks:risk", args=[about.id, row.place_public_id]),
            ),
            Column("town", _("Town"), filter=True),
            Column(
                "level", _("Risk"), labels=LEVELS, filter=True,
                badge=lambda row: TONES[row.level] if row.level else "",
            ),
            Column("score", _("Highest score"), kind="integer", value=lambda row: row.score or None),
            Column("version", _("Version"), kind="integer", value=lambda row: row.version or None),
            Column(
                "state", _("Signature"), value=_signature, filter=True,
                badge=lambda row: "" if not row.version else "good" if row.is_signed else "info",
            ),
            Column("signed_on", _("Signed on"), kind="date"),
            Column("signed_by", _("Signed by")),
            Column("author", _("Written by"), screen=False),
        ],
        search=("place", "town"),
        caption=_("Risk assessments"),
        replaces=_("risk assessment form in four aspects (四方面风险评估表)"),
        sample=about.is_sample,
        cards=True,
        exceptions=Exceptions(NOT_GREEN, lambda row: row.level is not RiskLevel.LOW or not row.is_signed),
    )  # fmt: skip


def _signature(row: RiskRow) -> str:
    if not row.version:
        return ""
    return gettext_now("signed") if row.is_signed else gettext_now("draft")
