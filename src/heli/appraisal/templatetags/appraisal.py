"""What the page of an appraisal shows beside its ledger's own: every part and what it rests on."""

from typing import Any

from django import template

from heli.appraisal import queries
from heli.appraisal.ledger import KEEP, notice_ends
from heli.appraisal.models import Appraisal
from heli.appraisal.paper import hundredths
from heli.appraisal.rules import is_told
from heli.appraisal.services import TAKES
from heli.kernel.access import may

register = template.Library()
register.filter("hundredths", hundredths)


@register.filter
def basis(number: int) -> str:
    """Basis points as percent."""
    return f"{number / 100:.2f}%"


@register.simple_tag(takes_context=True)
def judged(context: Any, row: Appraisal) -> dict[str, Any]:
    """The parts, the total, notes, the days of the notice, whether 不称职 twice running is to be told."""
    actor, parts = context["request"].actor, queries.parts_of(row)
    return {
        "parts": parts,
        "total": row.parts.get("total"),
        "rule": row.parts.get("grade", ""),
        "missing": [one.name for one in parts if one.is_missing and not one.exempt],
        "stale": row.parts.get("facts") != row.facts.count(),
        "notes": queries.notes_at(row),
        "notice_ends": notice_ends(row),
        "told": is_told(queries.ballots_of(row)),
        "can_enter": row.status in TAKES and may(actor, KEEP, row.place_id),
    }
