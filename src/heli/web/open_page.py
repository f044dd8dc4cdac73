"""The open page of a village, town or district 村务公开: what everybody may read, without an account; its codes for the wall.

Every word goes through `mask`, whoever offers it: numbers of persons never reach a stranger by a careless title.
"""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from heli.files.documents import PDF
from heli.files.documents.codes import qr_svg
from heli.kernel.access import Scope, scope
from heli.kernel.masking import mask
from heli.kernel.openly import OpenAsk, OpenRows, open_parts
from heli.kernel.quantities import Ratio
from heli.places import queries as places
from heli.places.types import Level, PlaceRow
from heli.ui.http import download
from heli.ui.pages import ActorRequest, page
from heli.web.code_sheet import WallCodes, code_sheet

READ = "places.read"
LEVELS = (Level.VILLAGE, Level.TOWNSHIP, Level.DISTRICT)
BELOW = {Level.DISTRICT: Level.TOWNSHIP, Level.TOWNSHIP: Level.VILLAGE}


def address_of(public_id: str) -> str:
    """The open page of a place."""
    return reverse("web:openly", args=[public_id])


def asked(public_id: str, on: date) -> tuple[PlaceRow, OpenAsk]:
    """The place at this address as it stands, or as it last stood; 404 for what has no open page."""
    found = places.find(public_id, Scope(everything=True))
    if found is None or found.level not in LEVELS or found.district_id is None:
        raise Http404(public_id)
    row = places.version_on(found.pk, on) or next(iter(reversed(places.versions_of(found.pk))), None)
    if row is None:
        raise Http404(public_id)
    above = [key for key in (row.parent_id, found.district_id) if key is not None and key != row.id]
    named = places.rows_of([found.district_id], on)
    under = BELOW.get(row.level)
    below = [one for one in places.children_of(row.id, on) if one.level is under] if under else []
    return row, OpenAsk(
        level=row.level.value, place=row.id, place_id=public_id, district=found.district_id,
        district_id=named[found.district_id].public_id if found.district_id in named else public_id,
        here=(row.id, *places.predecessors(row.id)), above=tuple(dict.fromkeys(above)),
        below=[(one.id, one.name, one.public_id) for one in below], on=on, address=address_of,
    )  # fmt: skip


@require_safe
def openly(request: ActorRequest, public_id: str) -> HttpResponse:
    """What everybody may read of a place; a place that ended leads to what it became."""
    on = timezone.localdate()
    row, ask = asked(public_id, on)
    is_ended = row.valid_to is not None and row.valid_to <= on
    became = list(places.rows_of(places.successors(row.id), on).values()) if is_ended else []
    at = f"?at={public_id}" if row.level is Level.VILLAGE else ""
    url = request.build_absolute_uri(address_of(public_id))
    context = {
        "row": row,
        "on": on,
        "became": became,
        "is_ended": is_ended,
        "parts": [drawn(str(part.title), rows, part.id) for part, rows in open_parts(ask)],
        "above": list(places.rows_of(ask.above, on).values()),
        "below": ask.below,
        "report_url": reverse("matter:report", args=[ask.district_id]) + at,
        "follow_url": reverse("matter:follow"),
        "code": mark_safe(qr_svg(url)),
        "url": url,
        "has_codes": row.level is not Level.DISTRICT and request.actor.id is not None,
    }
    return render(request, "web/openly.html", context)


def drawn(title: str, rows: OpenRows, key: str) -> dict[str, Any]:
    """A part as the template draws it, every word of it masked."""
    table = rows.table
    return {
        "id": key.replace(".", "-"),
        "title": title,
        "lines": [{"text": mask(one.text), "note": mask(one.note), "link": one.link, "mark": one.mark, "tone": one.tone}
                  for one in rows.lines],
        "rates": [{"name": name, "k": k, "n": n, "ratio": Ratio(k, n)} for name, k, n in rows.rates],
        "heads": table.heads if table else (),
        "table": [
            {"link": link, "first": mask(str(line[0])), "rest": list(zip(table.heads[1:], line[1:], strict=True))}
            for line, link in zip(table.lines, table.links, strict=True)
        ] if table else [],
        "said": mask(rows.said),
        "more": rows.more,
    }  # fmt: skip


@page(READ)
@require_GET
def codes(request: ActorRequest, public_id: str) -> HttpResponse:
    """The sheet to hang up in a village: codes for reporting there, following, and its open page; of a town one per village."""
    on = timezone.localdate()
    found = places.find(public_id, scope(request.actor, READ))
    row = places.version_on(found.pk, on) if found is not None else None
    if row is None or row.level not in (Level.VILLAGE, Level.TOWNSHIP):
        raise Http404(public_id)
    wanted = (
        [row]
        if row.level is Level.VILLAGE
        else [one for one in places.children_of(row.id, on) if one.level is Level.VILLAGE]
    )
    district = places.rows_of([row.district_id or row.id], on)[row.district_id or row.id]

    def whole(address: str) -> str:
        return request.build_absolute_uri(address)

    sheets = [
        WallCodes(
            place=one.name, district=district.name, is_sample=one.is_sample,
            report=whole(f"{reverse('matter:report', args=[district.public_id])}?at={one.public_id}"),
            follow=whole(reverse("matter:follow")), openly=whole(address_of(one.public_id)),
        )
        for one in wanted
    ]  # fmt: skip
    return download(code_sheet(sheets), name=f"{row.name} {_('Codes for the wall')}.pdf", content_type=PDF)
