"""What views ask of a request, and answers that are not pages: where to go next, figures for maps and charts."""

import json
from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.dateparse import parse_date
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from heli.kernel.periods import is_plausible


def language() -> str:
    """The reader's language ("zh-hans", "en")."""
    return get_language() or "zh-hans"


def whole_number(text: str | None, most: int = 2**63 - 1) -> int | None:
    """A whole number from a form or address, None for anything else: other scripts' digits, signs, more than `most`."""
    text = (text or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        return None
    return int(text) if int(text) <= most else None


def plausible_day(text: str | None) -> date | None:
    """A day from a form or address ("2026-03-05"), None for anything else and for days that cannot be meant (0001, 9999)."""
    try:
        day = parse_date((text or "").strip()[:11])
    except ValueError:
        return None
    return day if day is not None and is_plausible(day) else None


def see_other(to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """303 to a view name, a path or a model's page: the answer to every POST that succeeded."""
    response = HttpResponse(status=303)
    response["Location"] = resolve_url(to, *args, **kwargs)
    return response


def see_back(request: HttpRequest) -> HttpResponse | None:
    """303 to the page of Heli that a form names as `next`; None where it names none, or another site."""
    to = request.POST.get("next", "")
    return see_other(to) if to.startswith("/") and url_has_allowed_host_and_scheme(to, None) else None


def geojson(collection: dict[str, Any]) -> HttpResponse:
    """A GeoJSON feature collection for `<heli-map>`; never kept by shared caches, since it is scoped to its reader."""
    body = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(body, content_type="application/geo+json", headers={"Cache-Control": "private, no-cache"})


def download(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """A file to keep, with a name in any script."""
    response = HttpResponse(content, content_type=content_type)
    suffix = name.rsplit(".", 1)[-1]
    response["Content-Disposition"] = f"attachment; filename=\"heli.{suffix}\"; filename*=UTF-8''{quote(name)}"
    return response
