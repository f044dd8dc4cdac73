"""Refusals that no view caught become a page (or JSON) with the problems in the one shape; forms work once; nothing is kept."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from heli.kernel.faults import Fault, Forbidden, Refused
from heli.ui import once
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""What a view may be asked by; TRACE and invented ones reach none."""
NUL = "\x00"
"""No text of ours holds it and PostgreSQL keeps none: it is sent only to break something."""


class RefusalMiddleware:
    """Answers `Refused` with 422 and `Forbidden` with 403; an address with a NUL in it is nowhere, a form with one refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if NUL in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        if request.method == "POST" and any(NUL in one for _name, given in request.POST.lists() for one in given):
            text = _("What was typed holds a sign that is no text. Type it again instead of pasting it.")
            return self.process_exception(request, Refused(Fault("not_text", text)))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        status = 403 if isinstance(exception, Forbidden) else 422
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"faults": [fault.as_json() for fault in exception.faults]}, status=status)
        return render(request, "ui/refused.html", {"faults": exception.faults}, status=status)


class OnceMiddleware:
    """Lets a form that carries a token work once; a second arrival is sent to where the first went, or told what became of it.

    Stands below whoever sets `request.actor`. Forms without a token (other programs') pass as they are.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        key = once.key_of(request, request.actor.id) if request.method == "POST" else None
        if key is None:
            return self.get_response(request)
        content = once.content_of(request)
        first = once.claim(key, content)
        if first is not None:
            if first.is_done and first.content == content:
                return see_other(first.location)
            return render(request, "ui/again.html", {"arrival": first}, status=409)
        try:
            response = self.get_response(request)
        except BaseException:
            once.release(key)
            raise
        if response.status_code == 303:  # 302 sends elsewhere first: to sign in, to confirm
            once.finish(key, response["Location"])
        else:
            once.release(key)
        return response


class NoStoreMiddleware:
    """Nothing that a signed-in person is shown stays in a browser or a proxy, unless the view itself said for how long."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if request.actor.id is not None and (is_page or "Cache-Control" not in response):
            response["Cache-Control"] = "private, no-store"
        return response
