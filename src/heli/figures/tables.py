"""The shape of the lists of figures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.figures.queries import Compared, Difference, HistoryLine, flags_of
from heli.figures.types import Value
from heli.figures.wording import (
    DIRECTION_LABELS,
    KIND_LABELS,
    counted_text,
    flag_text,
    meaning_of,
    source_of,
    text_of,
    title_of,
    unit_of,
    validity_of,
)
from heli.kernel.declare import Figure, Rows
from heli.kernel.quantities import Ratio
from heli.ui.columns import Kind
from heli.ui.tables import Column, Table


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure in the registry with a live sample."""

    figure: Figure
    value: Value | None
    url: str

    @property
    def id(self) -> str:
        return self.figure.id

    @property
    def title(self) -> str:
        """In the reader's language."""
        return title_of(self.figure)

    @property
    def meaning(self) -> str:
        """In the reader's language."""
        return meaning_of(self.figure)


def registry_table(
    request: HttpRequest, lines: Sequence[FigureLine], *, sample: bool, is_stored: bool = False
) -> Table:
    """Every figure with its formula and a value: a live sample, or the stored one of a snapshot."""
    return Table(
        "figures",
        request,
        rows=lines,
        columns=[
            Column("title", _("Figure"), link=lambda line: line.url),
            Column(
                "value", _("Value") if is_stored else _("Value now"), value=lambda line: text_of(line.value), sort=False
            ),
            Column("meaning", _("Meaning and formula"), sort=False),
            Column("unit", _("Unit"), value=lambda line: unit_of(line.figure), filter=True),
            Column("direction", _("Direction"), value=lambda line: line.figure.direction, labels=DIRECTION_LABELS),
            Column("source", _("Source"), value=lambda line: source_of(line.figure), filter=True),
            Column("version", _("Version"), value=lambda line: validity_of(line.figure)),
            Column("valid_from", _("Valid from"), kind="date", value=lambda line: line.figure.valid_from, screen=False),
            Column("valid_to", _("Valid to"), kind="date", value=lambda line: line.figure.valid_to, screen=False),
            Column("id", _("Identifier"), kind="code", screen=False),
        ],
        search=("title", "meaning", "id"),
        caption=_("Register of figures"),
        replaces=gettext_lazy("Explanations of statistical indicators (统计指标解释)"),
        sample=sample,
        cards=True,
    )


@dataclass(frozen=True, slots=True)
class PartLine:
    """A place under the opened one with its number."""

    name: str
    value: Value
    url: str
    place_id: int


def parts_table(request: HttpRequest, figure: Figure, lines: Sequence[PartLine], *, sample: bool) -> Table:
    """The places below, each with its number: towns of a district, villages of a town."""
    counted = [
        Column("above", _("Numerator"), kind="integer", value=lambda line: line.value.numerator, total=_adds_up(figure)),
        Column("below", _("Denominator"), kind="integer", value=lambda line: line.value.denominator, total=_adds_up(figure)),
    ]  # fmt: skip
    return Table(
        "parts",
        request,
        rows=lines,
        columns=[
            Column("name", _("Place"), link=lambda line: line.url),
            Column(
                "number",
                title_of(figure),
                kind="decimal" if figure.is_ratio or figure.decimals else "integer",
                value=lambda line: line.value.sort_key,
                template="figures/cell.html",
                unit=unit_of(figure),
            ),
            *(counted if figure.is_ratio else []),
        ],
        search=("name",),
        caption=_("%(title)s by place") % {"title": title_of(figure)},
        sample=sample,
        prefix="p-",
        row_id=lambda line: line.place_id,
        cards=True,
    )


def _adds_up(figure: Figure) -> bool:
    return figure.over_places == "sum"


def history_table(
    request: HttpRequest, lines: Sequence[HistoryLine], url: Callable[[HistoryLine], str], *, sample: bool
) -> Table:
    """The number of a place in each snapshot."""
    return Table(
        "history",
        request,
        rows=lines,
        columns=[
            Column("on", _("Day"), kind="date", value=lambda line: line.snapshot.on, link=url),
            Column("kind", _("Snapshot"), value=lambda line: line.snapshot.kind, labels=KIND_LABELS),
            Column("text", _("Value"), value=lambda line: text_of(line.value), sort=False),
            Column("counted", _("As counted"), value=lambda line: counted_text(line.value), sort=False),
        ],
        empty=_("No snapshot yet: the clock takes one every night"),
        order="-on",
        sample=sample,
        prefix="h-",
        cards=True,
    )


def rows_table(request: HttpRequest, rows: Rows, *, caption: str, sample: bool, prefix: str = "r-") -> Table:
    """The rows behind a number, each opened by its link."""
    links = rows.links or [""] * len(rows.lines)
    lines = [{"cells": line, "link": link} for line, link in zip(rows.lines, links, strict=True)]
    columns = [
        Column(
            f"c{at}",
            head,
            kind=_kind_of([line[at] for line in rows.lines]),
            value=_cell(at),
            link=(lambda line: line["link"] or None) if at == 0 else None,
        )
        for at, head in enumerate(rows.heads)
    ]
    return Table(
        "rows",
        request,
        rows=lines,
        columns=columns,
        caption=caption,
        empty=_("No rows: nothing was counted here"),
        sample=sample,
        prefix=prefix,
        cards=True,
    )


def _cell(at: int) -> Callable[[Any], Any]:
    return lambda line: line["cells"][at]


def _kind_of(cells: Sequence[object]) -> Kind:
    """How a column is written, by what all its cells are."""
    known = [cell for cell in cells if cell not in (None, "")]
    for kind, types in (("ratio", Ratio), ("integer", int), ("date", date)):
        if known and all(isinstance(cell, types) and not isinstance(cell, bool) for cell in known):
            return kind  # type: ignore[return-value]  # one of the kinds of columns
    return "text"


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """A snapshot in the list."""

    public_id: str
    district: str
    kind: str
    on: date
    at: Any
    figures: int
    sha256: str
    taken_by: str


def snapshot_table(request: HttpRequest, lines: Sequence[SnapshotLine], *, sample: bool) -> Table:
    """Snapshots in scope."""
    return Table(
        "snapshots",
        request,
        rows=lines,
        columns=[
            Column("on", _("Day"), kind="date", link=lambda line: reverse("figures:snapshot", args=[line.public_id])),
            Column("kind", _("Snapshot"), labels=KIND_LABELS, filter=True),
            Column("district", _("District"), filter=True),
            Column("at", _("Known at"), kind="datetime"),
            Column("figures", _("Figures"), kind="integer"),
            Column("sha256", _("Hash"), kind="code", value=lambda line: line.sha256[:16], sort=False),
            Column("taken_by", _("Taken by")),
        ],
        caption=_("Snapshots"),
        replaces=gettext_lazy("Filed copies of weekly statistical tables (统计周报存档)"),
        empty=_("No snapshot yet: the clock takes one every night"),
        order="-on",
        sample=sample,
        cards=True,
    )


def difference_table(request: HttpRequest, lines: Sequence[Difference], url: Callable[[Difference], str]) -> Table:
    """Figures that are known better now than in a snapshot."""
    return Table(
        "differences",
        request,
        rows=lines,
        columns=[
            Column("title", _("Figure"), value=lambda line: title_of(line.figure), link=url),
            Column("reported", _("As reported"), value=lambda line: text_of(line.reported), sort=False),
            Column("known", _("As known now"), value=lambda line: text_of(line.known_now), sort=False),
            Column("places", _("Places that differ"), kind="integer", value=lambda line: len(line.places)),
            Column(
                "why",
                _("Why"),
                value=lambda line: _("the definition changed") if line.is_redefined else _("rows were corrected"),
            ),
        ],
        caption=_("Known better now"),
        exportable=False,
        prefix="d-",
        cards=True,
    )


def claim_table(request: HttpRequest, lines: Sequence[Compared], names: Mapping[int, str]) -> Table:
    """Published figures with what was found and Heli's own numbers."""
    return Table(
        "claims",
        request,
        rows=lines,
        columns=[
            Column("title", _("Published figure"), value=lambda line: line.row.title, link=_claim_page),
            Column("text", _("As published"), value=lambda line: line.row.text, sort=False),
            Column("place", _("Place"), value=lambda line: names.get(line.row.place_id, ""), filter=True),
            Column("on", _("Figures of"), kind="date", value=lambda line: line.row.on),
            Column("state", _("Check"), value=claim_state, labels=STATE_LABELS, badge=_state_tone, filter=True),
            Column(
                "flags",
                _("Found"),
                value=lambda line: " ".join(flag_text(flag) for flag in flags_of(line.row)),
                sort=False,
            ),
            Column("own", _("Heli's own"), value=lambda line: text_of(line.own) if line.own else "", sort=False),
            Column("document", _("Published in"), value=lambda line: line.row.document),
        ],
        search=("row__title", "row__text", "row__document"),
        caption=_("Published figures"),
        replaces=gettext_lazy("Review sheet of statistical figures (统计数据审核表)"),
        empty=_("No published figure yet"),
        cards=True,
    )


def claim_state(line: Compared) -> str:
    """In one word: what cannot be, what cannot be checked, what differs from Heli's own, or nothing found."""
    if any(not flag.is_warning for flag in flags_of(line.row)):
        return "wrong"
    if line.agrees is False:
        return "differs"
    return "warned" if line.row.flags else "sound"


def _state_tone(line: Compared) -> str:
    return {"wrong": "bad", "differs": "warn", "warned": "warn", "sound": "good"}[claim_state(line)]


def _claim_page(line: Compared) -> str:
    return reverse("figures:claim", args=[line.row.public_id])


STATE_LABELS: Mapping[str, Any] = {
    "wrong": gettext_lazy("cannot be"),
    "differs": gettext_lazy("differs from Heli's own"),
    "warned": gettext_lazy("cannot be checked"),
    "sound": gettext_lazy("nothing found"),
}
