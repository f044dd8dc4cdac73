"""What the page of an appraisal shows beside its ledger's own: every part and what it rests on."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from heli.appraisal import queries
from heli.appraisal.ledger import KEEP, notice_ends
from heli.appraisal.models import Appraisal, AppraisalFact
from heli.appraisal.paper import hundredths
from heli.appraisal.rules import is_told
from heli.appraisal.services import TAKES
from heli.kernel.access import may
from heli.kernel.quantities import Ratio
from heli.posts.rules.appraising import PANEL_POINTS

register = template.Library()
register.filter("hundredths", hundredths)
register.filter("figure_named", queries.figure_named)


@register.filter
def basis(number: int) -> str:
    """Basis points as percent."""
    return f"{number / 100:.2f}%"


@register.filter
def sum_of(part: queries.AppraisalPart) -> str:
    """How the score of a part comes about, so that whoever is appraised can do the sum again."""
    fact, rule = part.fact, part.rule
    if part.exempt:
        return _("It does not apply: its weight is shared among the others.")
    if not fact or (part.kind == "ratio" and not fact["n"]):
        return _("Nothing is known yet: it is incomplete, never nought.")
    if part.kind == "done":
        return _("Done counts 100, not done 0.")
    if part.kind == "ratio":
        text = _("%(k)s of %(n)s is %(share)s %%; %(floor)s count 0, %(target)s count 100, in between in proportion.")
        share = Ratio(fact["k"], fact["n"]).percent_text()
        return text % {**fact, "share": share, "floor": basis(rule.floor), "target": basis(rule.target)}
    total = sum(fact.values())
    if total < max(rule.least, 1):
        return _("%(n)s ballots are too few; at least %(least)s count.") % {"n": total, "least": rule.least}
    text = _(
        "%(n)s paper ballots: excellent counts %(excellent)s, good %(good)s, fair %(fair)s, incompetent %(poor)s; the mean."
    )
    points = {word: PANEL_POINTS[word] // 100 for word in fact}
    return text % {"n": total, **points}


@register.filter
def rests_on(fact: AppraisalFact) -> str:
    """What shows a fact: the figure and its snapshot, who let it be left out, or what was written."""
    if fact.exempt:
        return _("the district") if fact.source == "district" else _("the town")
    return f"{queries.figure_named(fact.figure)} v{fact.version} · {fact.snapshot}" if fact.snapshot else fact.source


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
