"""The yearbook page of a campaign 年鉴条目: its summary in sentences, all its figures in a table, and what is missing."""

from typing import Any

from django.utils.translation import gettext as _

from heli.figures.catalogue import versions_of
from heli.figures.reports.rules import ReportRules
from heli.figures.reports.writing import Writer, joined, listed, merged, offers, say, sentence
from heli.figures.types import Value
from heli.figures.wording import counted_text, title_of, unit_of

Block = dict[str, Any]
PARAGRAPHS = (("yearbook.time",), ("yearbook.villages",), ("yearbook.people",), ("yearbook.steps", "matters"))
"""The parts of which each paragraph holds the sentences on offer."""


def yearbook_blocks(w: Writer, rules: ReportRules) -> list[Block]:
    """The blocks of the page."""
    paragraphs = [joined(offer.write(w) for part in parts for offer in offers(part)) for parts in PARAGRAPHS]
    blocks: list[Block] = [{"is": "text", "text": one} for one in paragraphs if one]
    known = [name for name in rules.yearbook if w.value(name) is not None]
    missing = [name for name in rules.yearbook if name not in known]
    if known:
        blocks.append(_table(w, known))
    if missing:
        titles = [title_of(found[-1]) for name in missing if (found := versions_of(name))]
        blocks.append({"is": "text", "text": sentence(say(_("Still missing: {names}"), names=listed(titles)))})
    return blocks


def _table(w: Writer, names: list[str]) -> Block:
    """Every figure with its value and how it was counted."""
    rows = []
    for name in names:
        found = w.value(name)
        assert found is not None
        value = Value(found.figure, found.numerator, found.denominator)
        number = w.piece(value.number() or "", found.mark)
        cells = [title_of(found.figure), merged([number]), unit_of(found.figure), counted_text(value)]
        rows.append({"place": "", "cells": cells})
    heads = [{"head": _("Figure")}, {"head": _("Value")}, {"head": _("Unit")}, {"head": _("As counted")}]
    return {"is": "table", "columns": heads, "rows": rows}
