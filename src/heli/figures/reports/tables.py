"""The tables of a report: places by figures. Every number opens its place's figure; a column names its figure once."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from heli.figures.reports.rules import ReportColumn, ReportRules
from heli.figures.reports.writing import Sourced, Writer, shown, signed
from heli.figures.wording import title_of
from heli.places.types import PlaceRow

Block = dict[str, Any]


def towns_table(w: Writer, rules: ReportRules) -> Block | None:
    """All towns, the furthest ahead first."""
    rows = [row for row in w.scene.towns if w.of("campaigns.progress", row.id) is not None]
    rows.sort(key=lambda row: (-_share(w.of("campaigns.progress", row.id)), row.code, row.id))
    return _table(w, "towns", rows, rules, head=_("Town"))


def villages_table(w: Writer, rules: ReportRules) -> Block | None:
    """The villages of the addressee, the worst first; for a district only those furthest behind."""
    rows = list(w.villages)
    late = {row.id: days.numerator for row, days in w.behind()}
    rows.sort(key=lambda row: (-(w.grade(row.id) or 0), -late.get(row.id, 0), row.code, row.id))
    return _table(w, "villages", rows, rules, head=_("Village"))


def behind_table(w: Writer, rules: ReportRules) -> Block | None:
    """The red and orange villages furthest behind, with their towns."""
    rows = [row for row, _days in w.behind()][: rules.villages]
    return _table(w, "villages", rows, rules, head=_("Village"), with_town=True)


def _share(value: Sourced | None) -> float:
    return value.numerator / value.denominator if value is not None else -1.0


def _table(
    w: Writer, name: str, rows: Sequence[PlaceRow], rules: ReportRules, *, head: str, with_town: bool = False
) -> Block | None:
    columns = [
        column
        for column in rules.columns
        if column.table == name and any(_cell(w, column, row.id) != "" for row in rows)
    ]
    if not rows or not columns:
        return None
    heads: list[dict[str, Any]] = [{"head": head}]
    if with_town:
        heads.append({"head": _("Town")})
    heads += [_head(w, column) for column in columns]
    lines = []
    for row in rows:
        cells = [row.name, *([w.name(row.parent_id or 0)] if with_town else [])]
        lines.append({"place": row.public_id, "cells": [*cells, *(_cell(w, column, row.id) for column in columns)]})
    return {"is": "table", "columns": heads, "rows": lines}


def _head(w: Writer, column: ReportColumn) -> dict[str, Any]:
    figure = next(iter(w.scene.now[column.figure].values())).figure
    title = title_of(figure)
    if column.show == "change":
        title = _("Change (points)") if figure.is_ratio else _("Change")
    elif figure.unit == "%" and column.show == "value":
        title = _("%(title)s (%%)") % {"title": title}
    return {"head": title, "figure": figure.id, "version": figure.version, "show": column.show}


def _cell(w: Writer, column: ReportColumn, place: int) -> str:
    now = w.of(column.figure, place)
    if now is None:
        return ""
    if column.show == "colour":
        return (_("in time"), _("yellow"), _("orange"), _("red"))[now.numerator]
    if column.show == "counted":
        return f"{now.numerator:,}/{now.denominator:,}"
    if column.show == "change":
        then = w.of(column.figure, place, earlier=True)
        return "" if then is None else signed(now, then)
    return shown(now).removesuffix("%")
