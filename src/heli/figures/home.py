"""What figures show on the first page: the newest report, to be read and sent, and a small map of the colours."""

from typing import Any

from django.utils.translation import get_language

from heli.figures.queries.reports import READ, reports_in_scope
from heli.kernel.access import may, scope
from heli.kernel.panels import HomeAsk, HomePart
from heli.places import queries as places
from heli.places.types import Level
from heli.warnings.queries.onmap import running_on_map


def fill(ask: HomeAsk) -> dict[str, Any] | None:
    """The newest report in the reader's language, and the running campaign whose colours the map shows; two queries."""
    if not may(ask.actor, READ):
        return None
    report = reports_in_scope(ask.actor).filter(language=get_language() or "zh-hans").first()
    level = _level(ask)
    campaign = running_on_map(ask.actor) if level and may(ask.actor, "campaigns.read") else None
    if report is None and campaign is None:
        return None
    return {"report": report, "campaign": campaign, "show": level}


def _level(ask: HomeAsk) -> str:
    """What the map shows: towns of a district, villages of a town, nothing to whoever has villages only."""
    reach = scope(ask.actor, READ)
    levels = {row.level for row in places.rows_of(reach.place_ids, ask.on).values()}
    if reach.everything or levels - {Level.TOWNSHIP, Level.VILLAGE}:
        return "towns"
    return "villages" if Level.TOWNSHIP in levels else ""


HOME = (HomePart(id="figures.map", template="figures/home_map.html", fill=fill, order=10, beside=True),)
