"""One village one archive 一村一档: everything that refers to a place and to what went into it, as a page and as PDF.

Nothing is typed for it: every context offers its section (kernel.panels) and fills it from what it keeps.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from heli.files.documents import (
    PDF,
    Block,
    Document,
    Heading,
    PaperTable,
    Paragraph,
    numeral,
    official_date,
    pdf_note,
    render_pdf,
)
from heli.files.documents.layout import width_in_characters
from heli.kernel.access import Actor, scope
from heli.kernel.panels import FilledSection, Panel, offer, sections_of
from heli.kernel.quantities import Ratio
from heli.places import queries as places
from heli.places.types import Level, PlaceRow
from heli.ui.columns import written
from heli.ui.http import download
from heli.ui.pages import ActorRequest, page

READ = "places.read"
ARCHIVED = (Level.VILLAGE, Level.TOWNSHIP)
"""Levels that have an archive: villages and communities, and the towns over them."""
NEWEST = 3
"""So many of the last lines of a section stand on the page of the place."""


def lineage_in_reach(actor: Actor, place_id: int) -> list[int]:
    """The place and, nearest first, what went into it, as far as the actor reaches them."""
    before = places.predecessors(place_id)
    reached = places.reached_among(scope(actor, READ), before)
    return [place_id, *(place for place in before if place in reached)]


def _asked(request: ActorRequest, public_id: str) -> tuple[PlaceRow, list[FilledSection], date]:
    """The place as it stands, its sections for this reader, and the day."""
    on = timezone.localdate()
    found = places.find(public_id, scope(request.actor, READ))
    if found is None or found.level not in ARCHIVED:
        raise Http404(public_id)
    versions = places.versions_of(found.pk)
    row = places.version_on(found.pk, on) or (versions[-1] if versions else None)
    if row is None:
        raise Http404(public_id)
    return row, sections_of(request.actor, lineage_in_reach(request.actor, found.pk), on), on


@page(READ)
@require_GET
def archive(request: ActorRequest, public_id: str) -> HttpResponse:
    """The archive on screen; every line opens what it is about."""
    row, sections, on = _asked(request, public_id)
    context = {
        "row": row,
        "on": on,
        "pdf": pdf_note(dossier_document(row, sections, on)),
        "sections": [
            {
                "id": section.id.replace(".", "-"),
                "title": section.title,
                "heads": section.rows.heads,
                "count": len(section.rows.lines),
                "lines": [_line(section, number) for number in range(len(section.rows.lines))],
            }
            for section in sections
        ],
        "breadcrumbs": [
            {"url": reverse("places:place", args=[public_id]), "label": row.name},
            {"label": _("Archive of the place")},
        ],
    }
    return render(request, "web/dossier.html", context)


def _line(section: FilledSection, number: int) -> dict[str, Any]:
    links = section.rows.links
    cells = [_cell(value) for value in section.rows.lines[number]]
    heads = section.rows.heads
    return {
        "link": links[number] if number < len(links) else "",
        "first": cells[0],
        "first_head": heads[0],
        "rest": list(zip(heads[1:], cells[1:], strict=True)),
    }


def _cell(value: Any) -> str:
    """A value in the reader's language; nothing stays nothing."""
    if value is None or value == "":
        return ""
    kind = "ratio" if isinstance(value, Ratio) else "integer" if isinstance(value, int) else "text"
    return written(value, kind)  # type: ignore[arg-type]  # one of the kinds of columns


@page(READ)
@require_GET
def archive_pdf(request: ActorRequest, public_id: str) -> HttpResponse:
    """The archive to be bound: the same sections as a document."""
    row, sections, on = _asked(request, public_id)
    content = render_pdf(dossier_document(row, sections, on))
    return download(content, name=f"{row.name} {_('Archive of the place')}.pdf", content_type=PDF)


def dossier_document(row: PlaceRow, sections: Sequence[FilledSection], on: date) -> Document:
    """The archive as a document."""
    is_chinese = (get_language() or "zh").startswith("zh")
    above = [row.parent_name] if row.parent_name else []
    opening = _("%(where)s · code %(code)s · as of %(on)s") % {
        "where": " ".join([*above, row.name]),
        "code": row.code or "—",
        "on": official_date(on) if is_chinese else on.isoformat(),
    }
    blocks: list[Block] = [Paragraph(opening, indent=False)]
    for number, section in enumerate(sections, 1):
        blocks.append(Heading(1, (numeral(number) if is_chinese else f"{number}. ") + section.title))
        lines = [[_cell(value) for value in line] for line in section.rows.lines]
        blocks.append(PaperTable(list(section.rows.heads), lines, widths=_widths(section.rows.heads, lines)))
    if not sections:
        blocks.append(Paragraph(_("Nothing is recorded about this place yet.")))
    note = _("Made from the register and the progress of campaigns; nothing was typed for it.")
    blocks.append(Paragraph(note, indent=False))
    return Document(
        title=_("Archive of %(name)s") % {"name": row.name},
        blocks=blocks,
        date=official_date(on) if is_chinese else on.isoformat(),
        is_sample=row.is_sample,
        language="zh" if is_chinese else "en",
    )


def _widths(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> list[int]:
    """Shares by the length of what stands in the columns, long ones broken so that days stay whole."""
    columns = [[str(head), *(line[at] for line in lines)] for at, head in enumerate(heads)]
    return [round(10 * min(max(*map(width_in_characters, texts), 2) + 1.3, 9)) for texts in columns]


def fill_brief(actor: Actor, place_id: int, on: date) -> dict[str, Any] | None:
    """The last lines of the archive's sections, of a town those of its villages too, and the way to the whole archive."""
    row = places.version_on(place_id, on) or next(iter(places.versions_of(place_id)), None)
    if row is None or row.level not in ARCHIVED:
        return None
    below = [] if row.level is Level.VILLAGE else [child.id for child in places.children_of(place_id, on)]
    found = sections_of(actor, [*lineage_in_reach(actor, place_id), *below], on, brief=True)
    return {
        "public_id": row.public_id,
        "sections": [
            {
                "title": section.title,
                "count": len(section.rows.lines),
                "lines": [_line(section, number) for number in range(len(section.rows.lines))[: -NEWEST - 1 : -1]],
            }
            for section in found
        ],
    }


def offer_panels() -> None:
    """Called once at start-up."""
    offer(Panel("web.archive", "web/archive_brief.html", fill_brief, order=70))
