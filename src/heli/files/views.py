"""Fetching a file, through the permission check; never from a guessable address."""

from typing import cast
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponse

from heli.files import queries
from heli.ui.pages import ActorRequest, page


@page("ui.read")
def download(request: ActorRequest, public_id: str) -> HttpResponse:
    """The content as an attachment; 404 for those who may not have it."""
    stored = queries.find_file(public_id, request.actor)
    if stored is None:
        raise Http404
    response = FileResponse(queries.path_of(stored).open("rb"), content_type=stored.content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(stored.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, response)
