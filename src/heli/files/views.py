"""Fetching files through the permission check, never from a guessable address; and receiving them piece by piece.

Uploads speak the core of the tus protocol 1.0 (HEAD tells the offset, PATCH appends at it, 409 when it is another).
"""

from typing import cast
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heli.files import queries, services
from heli.files.models import StoredFile, Upload
from heli.files.queries import ID_LENGTH
from heli.kernel.access import Actor, Grant
from heli.kernel.faults import Fault, Forbidden, Refused
from heli.kernel.ids import new_public_id
from heli.ui.http import whole_number
from heli.ui.limits import TOO_OFTEN, is_too_often
from heli.ui.pages import ActorRequest, page
from heli.ui.uploads import open_purpose

LONGEST_PIECE = 4_000_000
"""Bytes of one PATCH; the pages send 256 kB at a time."""
NOTHING = "default-src 'none'; frame-ancestors 'none'"
SHUT_IN = f"{NOTHING}; sandbox"
"""Whatever a picture holds, it can do nothing. The PDF viewers of older browsers do not start under `sandbox`: a PDF gets
the rest, and its viewer runs a document's scripts apart from every site."""


STRANGER = Actor(None, "public", (Grant("public"),))
"""Whoever sends files to a public form, signed in or not: may do what the public role may, anywhere."""
MOST_FROM_A_STRANGER = 30
"""Uploads begun from one source within ten minutes."""


def _found(request: ActorRequest, public_id: str) -> StoredFile:
    stored = queries.find_file(public_id, request.actor)
    if stored is None:
        raise Http404
    return stored


def _kept_for(response: HttpResponse, policy: str) -> HttpResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = policy
    return response


@page("ui.read")
def download(request: ActorRequest, public_id: str) -> HttpResponse:
    """The content as an attachment; 404 for those who may not have it."""
    stored = _found(request, public_id)
    response = FileResponse(queries.path_of(stored).open("rb"), content_type=stored.content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(stored.name)}"
    response["Cache-Control"] = "private, no-store"
    return _kept_for(cast(HttpResponse, response), SHUT_IN)


@require_safe
@page("ui.read")
def view(request: ActorRequest, public_id: str) -> HttpResponse:
    """A photo or PDF shown in place; other kinds are handed out as an attachment."""
    stored = _found(request, public_id)
    if stored.content_type not in queries.INLINE:
        return download(request, public_id)
    response = FileResponse(queries.path_of(stored).open("rb"), content_type=stored.content_type)
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(stored.name)}"
    response["Cache-Control"] = "private, no-store"
    return _kept_for(cast(HttpResponse, response), SHUT_IN if queries.is_photo(stored) else NOTHING)


@require_safe
@page("ui.read")
def thumbnail(request: ActorRequest, public_id: str) -> HttpResponse:
    """The small copy of a photo; asked again, a browser is only told that nothing changed."""
    stored = _found(request, public_id)
    path = queries.thumbnail_path(stored)
    if not path.is_file():
        raise Http404
    mark = f'"{stored.sha256[:32]}"'
    if request.headers.get("If-None-Match") == mark:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(path.read_bytes(), content_type="image/jpeg")
    response["ETag"] = mark
    response["Cache-Control"] = "private, no-cache"
    return _kept_for(response, SHUT_IN)


@require_POST
@page("ui.read")
def uploads(request: ActorRequest) -> HttpResponse:
    """Begin an upload: `purpose` as the form's field sealed it, `name`, `size`, optionally `sha256` of the whole."""
    return _begin(request, request.actor, "files:upload")


@require_POST
def open_uploads(request: ActorRequest) -> HttpResponse:
    """The same for whoever has no account, for what a public form takes; only the answered id opens it again."""
    if is_too_often(request, "upload", most=MOST_FROM_A_STRANGER):
        return _refused([Fault("too_often", str(TOO_OFTEN))], 429)
    return _begin(request, STRANGER, "files:open_upload", new_public_id(ID_LENGTH))


def _begin(request: ActorRequest, actor: Actor, name: str, token: str = "") -> HttpResponse:
    purpose = open_purpose(request.POST.get("purpose", ""))
    size = whole_number(request.POST.get("size"))
    if purpose is None or size is None:
        text = _("The upload could not begin. Reload the page, then choose the file again.")
        return _refused([Fault("upload_malformed", text)], 422)
    try:
        upload = services.begin_upload(
            actor=actor,
            name=request.POST.get("name", ""),
            size=size,
            sha256=request.POST.get("sha256", "")[:64],
            purpose=purpose.action,
            place_id=purpose.place_id,
            photo=purpose.photo,
            token=token,
        )
    except Forbidden as refused:
        return _refused(refused.faults, 403)
    except Refused as refused:
        return _refused(refused.faults, 422)
    key = f"{upload.public_id}{token}"
    response = JsonResponse({"id": key, "url": reverse(name, args=[key])}, status=201)
    response["Location"] = reverse(name, args=[key])
    return _at(response, upload, 0)


@require_http_methods(["GET", "HEAD", "PATCH"])
@page("ui.read")
def upload(request: ActorRequest, public_id: str) -> HttpResponse:
    """How far the actor's own upload has come; PATCH appends. 404 for another's, 410 when it is over."""
    return _continue(request, request.actor, public_id)


@require_http_methods(["GET", "HEAD", "PATCH"])
def open_upload(request: ActorRequest, public_id: str) -> HttpResponse:
    """The same for a stranger's, by the id that only they were told."""
    return _continue(request, STRANGER, public_id)


def _continue(request: ActorRequest, actor: Actor, public_id: str) -> HttpResponse:
    found = queries.find_upload(public_id, actor)
    if found is None:
        raise Http404
    if found.taken_at or found.dropped_at or found.expires_at <= timezone.now():
        return HttpResponse(status=410)
    if request.method == "PATCH":
        return _append(request, found)
    received = queries.received_bytes(found)
    said = {"id": public_id, "name": found.name, "size": found.size, "offset": received}
    return _at(JsonResponse(said), found, received)


def _append(request: HttpRequest, found: Upload) -> HttpResponse:
    offset = whole_number(request.headers.get("Upload-Offset"))
    length = whole_number(request.headers.get("Content-Length"))
    if offset is None or length is None:
        return _at(HttpResponse(status=400), found, queries.received_bytes(found))
    if length > LONGEST_PIECE:
        return _at(HttpResponse(status=413), found, queries.received_bytes(found))
    now_at = services.append_upload(upload=found, offset=offset, content=_body(request))
    if now_at is None:
        return _at(HttpResponse(status=409), found, queries.received_bytes(found))
    return _at(HttpResponse(status=204), found, now_at)


def _body(request: HttpRequest) -> bytes:
    """What arrived of the request's content: the first part counts also when the line broke after it."""
    blocks = []
    try:
        while block := request.read(65_536):
            blocks.append(block)
    except UnreadablePostError:
        pass
    return b"".join(blocks)


def _at(response: HttpResponse, upload: Upload, offset: int) -> HttpResponse:
    response["Tus-Resumable"] = "1.0.0"
    response["Upload-Offset"] = str(offset)
    response["Upload-Length"] = str(upload.size)
    response["Cache-Control"] = "no-store"
    return response


def _refused(faults: tuple[Fault, ...] | list[Fault], status: int) -> HttpResponse:
    return JsonResponse({"faults": [fault.as_json() for fault in faults]}, status=status)
