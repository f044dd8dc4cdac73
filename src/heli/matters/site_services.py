"""Writes of a grid worker's round: what was settled on the spot, as counts."""

from datetime import date, datetime

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.matters.ledger.matter import COLLECT
from heli.matters.models import SiteCount, SiteKind
from heli.records.abouts import About
from heli.records.services import towns_at

MOST_AT_ONCE = 99


def note_on_site(
    *,
    actor: Actor,
    about: About,
    place_id: int,
    kind: SiteKind,
    count: int = 1,
    key: str = "",
    on: date | None = None,
    at: datetime | None = None,
) -> SiteCount:
    """Count what was settled on the spot: hazards removed, disputes mediated. Nothing is written about anybody.

    What a device sends again under its key is counted once. Refused for less than one or more than 99.
    """
    today = on or timezone.localdate()
    if not 1 <= count <= MOST_AT_ONCE:
        text = _("Count from 1 to %(most)s.") % {"most": MOST_AT_ONCE}
        raise Refused(Fault("count", text, field="count"))
    if key and (before := SiteCount.objects.filter(key=key).first()) is not None:
        return before
    town = towns_at(about.district_id, place_ids=[place_id], on=today)[place_id]
    try:
        with writing(actor, "matters.site", action=COLLECT, place_id=place_id, at=at) as act:
            made = SiteCount.objects.create(
                place_id=place_id, town_id=town, district_id=about.district_id, kind=kind.value, on=today, count=count,
                by_id=actor.id, key=key,
            )  # fmt: skip
            act.subject, act.after = f"site:{made.pk}", {"did": kind.value, "count": count}
            return made
    except IntegrityError:
        before = SiteCount.objects.filter(key=key).first() if key else None
        if before is None:
            raise
        return before
