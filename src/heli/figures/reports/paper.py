"""A report as a document: Word, PDF and page are drawn from it. Every mark opens where the number comes from."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from heli.figures.catalogue import versions_of
from heli.figures.presenting import address
from heli.figures.reports.types import Content, Derivation, Mark, NumberSource, Pieces, marks_in, pieces_of
from heli.figures.reports.writing import day_text
from heli.figures.types import Where
from heli.figures.wording import title_of
from heli.files.documents import (
    Align,
    Attachment,
    Block,
    Document,
    Heading,
    PaperTable,
    Paragraph,
    PartSources,
    Picture,
    Ref,
    Run,
)

NAMED = 2
"""So many figures are named in a line of sources."""
Draw = Callable[[str], tuple[str, str] | None]
"""Draws a picture of the report by its name: SVG text and what it shows; None where there is nothing to draw."""


@dataclass(frozen=True)
class PaperOrigin:
    """What a document must know beside its content: which report ("" for a preview), its snapshots' days, names of places.

    `people` are names of persons in office by public id. `home` is the address of the installation for what leaves the house
    ("https://heli.example"; "" where it has none: then paper names the sources without a code to scan); None on screen.
    """

    report: str
    campaign: str
    recipient: str
    snapshots: Mapping[str, date]
    names: Mapping[str, str]
    is_sample: bool
    language: str
    home: str | None = None
    people: Mapping[str, str] = field(default_factory=dict)


def document_of(content: Content, origin: PaperOrigin, draw: Draw) -> Document:
    """The report as a document in the official layout. Paper says its sources in a line for each part, not at each number."""
    drawing = _Drawing(content, origin, draw)
    attachments = [
        Attachment(one["title"], [*blocks, *drawing.sources(one["blocks"], f"attachment{at}")])
        for at, one in enumerate(content["attachments"], 1)
        if (blocks := drawing.blocks(one["blocks"]))
    ]
    return Document(
        title=content["title"],
        letterhead=content["letterhead"],
        number=content["number"],
        recipient=content["recipient"] or origin.recipient,
        blocks=drawing.body(content["blocks"]),
        attachments=attachments,
        signature=[content["signature"]],
        date=content["day"],
        note=content["note"],
        is_sample=origin.is_sample,
        language="zh" if origin.language.startswith("zh") else "en",
    )


class _Drawing:
    def __init__(self, content: Content, origin: PaperOrigin, draw: Draw) -> None:
        self.marks, self.origin, self.draw = marks_in(content), origin, draw

    def body(self, blocks: Sequence[Mapping[str, Any]]) -> list[Block]:
        """The text, on paper each part followed by its sources; what leads in has them with the first part."""
        begins = [at for at, block in enumerate(blocks) if block["is"] == "heading"]
        ends = [*begins[1:], len(blocks)]
        found: list[Block] = []
        for number, (start, end) in enumerate(zip([0, *begins[1:]], ends, strict=True), 1):
            found += [*self.blocks(blocks[start:end]), *self.sources(blocks[start:end], f"part{number}")]
        return found

    def sources(self, blocks: Sequence[Mapping[str, Any]], anchor: str) -> list[Block]:
        """Where the numbers of some blocks come from, in one line; on screen every number opens by itself."""
        marks = [self.marks[number] for number in dict.fromkeys(_marks_of(blocks))]
        columns = [column["figure"] for block in blocks for column in block.get("columns", ()) if "figure" in column]
        titles = list(dict.fromkeys([*(_source_title(mark) for mark in marks), *map(_figure_title, columns)]))
        if self.origin.home is None or not titles:
            return []
        named = pgettext("between figures", ", ").join(titles[:NAMED])
        if len(titles) > NAMED:
            named = _("%(named)s and others, %(n)s in all") % {"named": named, "n": len(titles)}
        said = _("Sources: %(named)s; data as of %(day)s") % {
            "named": named, "day": day_text(self.origin.snapshots[self.newest]),
        }  # fmt: skip
        url = self.at_home(reverse("figures:report", args=[self.origin.report]))
        if url:
            said = _("%(said)s. Scan to open every number.") % {"said": said}
        return [PartSources(said, f"{url}#{anchor}" if url else "")]

    def blocks(self, blocks: Sequence[Mapping[str, Any]]) -> list[Block]:
        """Blocks in their order; a picture that cannot be drawn is left out."""
        found: list[Block] = []
        for block in blocks:
            if block["is"] == "heading":
                found.append(Heading(1, self.runs(block["text"])))
            elif block["is"] == "text":
                found.append(Paragraph(self.runs(block["text"])))
            elif block["is"] == "table":
                found.append(self.table(block))
            elif (drawn := self.draw(block["what"])) is not None:
                svg, shows = drawn
                found.append(Picture(svg.encode(), alt=shows, caption=shows))
        return found

    def runs(self, pieces: Pieces) -> list[Run]:
        """Text with its marks: all open on screen, those that are not quiet are printed."""
        found = []
        for piece in pieces:
            if isinstance(piece, str):
                found.append(Run(piece))
            elif "who" in piece:
                found.append(Run(f"{self.origin.people.get(piece['who'], '')}{piece['t']}"))
            else:
                is_quiet = piece.get("q") or self.origin.home is not None
                ref = None if is_quiet else self.ref(piece["m"])
                found.append(Run(piece["t"], ref=ref, url=self.url(piece["m"])))
        return found

    def url(self, number: int) -> str:
        """Where a mark opens: the figure's own page where it is one stored number, else the page of the mark."""
        mark = self.marks[number]
        if mark.how is Derivation.FORECAST and not self.origin.report:
            return reverse("warnings:forecast", args=[self.origin.campaign])
        if mark.how is Derivation.VALUE or not self.origin.report:
            return self.source_url(mark.sources[0])
        return reverse("figures:report_number", args=[self.origin.report, number + 1])

    def source_url(self, source: NumberSource) -> str:
        """The page of a stored number."""
        on = self.origin.snapshots[source.snapshot]
        return address(Where(source.figure, source.version, source.place, on, source.snapshot))

    def ref(self, number: int) -> Ref:
        """A mark as it is printed: what it is, in which version, from which snapshots."""
        mark = self.marks[number]
        return Ref(title_of_mark(mark), self.said(mark), self.url(number))

    def at_home(self, path: str) -> str:
        """A path as a whole address, nothing where the installation has none."""
        return f"{self.origin.home}{path}" if self.origin.home else ""

    def said(self, mark: Mark) -> str:
        """Version, place and snapshot of a mark in words."""
        return said_of(mark, self.origin.snapshots, self.origin.names)

    def table(self, block: Mapping[str, Any]) -> PaperTable:
        """A table whose columns are marked once and whose numbers open on screen."""
        columns = block["columns"]
        heads = [
            [Run(column["head"], ref=self.column_ref(column))]
            if "figure" in column and self.origin.home is None
            else column["head"]
            for column in columns
        ]
        rows = [
            [self.cell(column, cell, row["place"]) for column, cell in zip(columns, row["cells"], strict=True)]
            for row in block["rows"]
        ]
        aligns = [
            Align.RIGHT if "figure" in column and column["show"] != "colour" else Align.LEFT for column in columns
        ]
        widths = [26 if "figure" not in column else 16 for column in columns]
        return PaperTable(heads, rows, widths=widths, aligns=aligns)

    def cell(self, column: Mapping[str, Any], cell: str | Pieces, place: str) -> str | list[Run]:
        """One cell."""
        if not isinstance(cell, str):
            return self.runs(cell)
        if "figure" not in column or not cell or column["show"] == "colour":
            return cell
        snapshot = self.newest
        where = Where(column["figure"], column["version"], place, self.origin.snapshots[snapshot], snapshot)
        return [Run(cell, url=address(where))]

    @property
    def newest(self) -> str:
        """The snapshot of the report itself."""
        return max(self.origin.snapshots, key=self.origin.snapshots.__getitem__)

    def column_ref(self, column: Mapping[str, Any]) -> Ref:
        """The mark of a column: the figure, each place in its line."""
        snapshot = self.newest
        on = self.origin.snapshots[snapshot]
        text = _("%(id)s version %(version)s, snapshot of %(day)s, each place in its line") % {
            "id": column["figure"], "version": column["version"], "day": day_text(on),
        }  # fmt: skip
        path = address(Where(column["figure"], column["version"], "", on, snapshot))
        return Ref(_figure_title(column["figure"]), text, path)


def _marks_of(blocks: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    """The numbers of the marks in some blocks, as they come."""
    for block in blocks:
        yield from (piece["m"] for piece in pieces_of(block) if isinstance(piece, dict) and "m" in piece)


def _figure_title(figure: str) -> str:
    found = versions_of(figure)
    return title_of(found[-1]) if found else figure


def _source_title(mark: Mark) -> str:
    """What a number was counted from."""
    return title_of_mark(mark) if mark.how is Derivation.FORECAST else _figure_title(mark.sources[0].figure)


def title_of_mark(mark: Mark) -> str:
    """What a number of a report is, in words."""
    if mark.how is Derivation.FORECAST:
        return _("Forecast of the finishing day")
    title, last = _figure_title(mark.sources[0].figure), _figure_title(mark.sources[-1].figure)
    named = {
        Derivation.DIFFERENCE: _("%(figure)s: difference") % {"figure": title}
        if title == last
        else f"{title} − {last}",
        Derivation.SHARE: f"{title} / {last}",
        Derivation.GAP: _("%(figure)s against plan") % {"figure": title},
        Derivation.RANK: _("%(figure)s: rank") % {"figure": title},
        Derivation.COUNT: _("%(figure)s: number of places") % {"figure": title},
    }
    return named.get(mark.how, title)


def said_of(mark: Mark, snapshots: Mapping[str, date], names: Mapping[str, str]) -> str:
    """Version, place and snapshots of a mark in words."""
    first = mark.sources[0]
    days = sorted({snapshots[one.snapshot] for one in mark.sources})
    when = pgettext("between days", " and ").join(day_text(day) for day in days)
    if mark.how is Derivation.FORECAST:
        return _("computed when week %(week)s was frozen; snapshot of %(day)s") % {"week": first.version, "day": when}
    places = list(dict.fromkeys(one.place for one in mark.sources))
    where = names.get(places[0], "")
    if len(places) > 1:
        where = ngettext("%(n)s place", "%(n)s places", len(places)) % {"n": len(places)}
    figures = pgettext("between figures", ", ").join(
        dict.fromkeys(
            _("%(id)s version %(version)s") % {"id": one.figure, "version": one.version} for one in mark.sources
        )
    )
    return _("%(figures)s; snapshot of %(day)s; %(place)s") % {"figures": figures, "day": when, "place": where}
