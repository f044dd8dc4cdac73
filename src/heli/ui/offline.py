"""What the outbox of a device asks: whether the server answers, under whom, and the service worker itself."""

import hashlib

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from heli.ui.pages import ActorRequest

FILES = ("ui/js/outbox.js", "ui/js/offline.js", "ui/js/shell.js", "ui/css/heli.css")
"""Files whose change makes another worker, with a cache of its own."""


@require_safe
def outbox(request: ActorRequest) -> HttpResponse:
    """Who is signed in ("" for nobody), and the token that forms want: what a kept form needs to be sent."""
    answer = JsonResponse({"csrf": get_token(request), "person": str(request.actor.id or "")})
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def worker(request: ActorRequest) -> HttpResponse:
    """The service worker, over the whole site; named by the files that it was made with."""
    version = hashlib.sha256(" ".join(static(name) for name in FILES).encode()).hexdigest()[:12]
    context = {"version": version, "static_url": settings.STATIC_URL}
    answer = render(request, "ui/worker.js", context, content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/"
    answer["Cache-Control"] = "private, no-cache"
    return answer
