"""Entering published figures: each is checked as it comes in and kept with what was found."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.figures import catalogue
from heli.figures.models import ReportedFigure
from heli.figures.types import ClaimSpec
from heli.figures.wording import fault
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.kernel.lint import check, read

CLAIM = "figures.claim"
MOST = 200
"""So many at once."""


def report_figures(
    *,
    actor: Actor,
    place_id: int,
    on: date,
    claims: Sequence[ClaimSpec],
    document: str = "",
    at: datetime | None = None,
) -> list[ReportedFigure]:
    """Keep published figures of a place, each with the lint's flags; flags never stop the entry: it is what was published.

    Raises `Refused` for a figure without name or number, an unknown figure of Heli, none or too many; `Forbidden`.
    """
    moment = at or timezone.now()
    with writing(actor, CLAIM, place_id=place_id, at=moment) as act:
        if faults := _faults(claims, on):
            raise Refused(faults)
        rows = ReportedFigure.objects.bulk_create(
            ReportedFigure(
                public_id=new_public_id(),
                place_id=place_id,
                on=on,
                title=one.title.strip(),
                text=one.claim.text.strip(),
                figure=one.figure,
                claim={key: value for key, value in asdict(one.claim).items() if value and key != "text"},
                flags=[[flag.code, dict(flag.facts), flag.is_warning] for flag in check(one.claim)],
                document=document.strip(),
                entered_by=actor.name,
                entered_at=moment,
            )
            for one in claims
        )
        act.after = {"did": "report", "on": on, "figures": len(rows), "flagged": sum(bool(row.flags) for row in rows)}
        return rows


def _faults(claims: Sequence[ClaimSpec], on: date) -> list[Fault]:
    if not claims:
        return [fault("nothing_given", _("Give at least one figure: its name and its number."), "title")]
    if len(claims) > MOST:
        return [fault("too_many", _("At most %(most)s figures at once: split the list.") % {"most": MOST}, "pasted")]
    found = []
    for number, one in enumerate(claims, 1):
        source = f"#{number}"
        if not one.title.strip():
            found.append(Fault("figures.no_title", _("A figure has no name."), field="title", source=source))
        if len(one.title) > 120 or len(one.claim.text) > 60:
            message = _("The name or the number is too long: a name has at most 120 characters, a number 60.")
            found.append(Fault("figures.too_long", message, field="text", source=source))
        if read(one.claim.text) is None:
            message = _("“%(text)s” holds no number.") % {"text": one.claim.text[:40]}
            found.append(Fault("figures.no_number", message, field="text", source=source))
        if one.figure and catalogue.find(one.figure, on) is None:
            found.append(
                Fault("figures.unknown", _("There is no such figure on that day."), field="figure", source=source)
            )
    return found
