"""Refusals that no view caught become a page (or JSON) with the problems in the one shape."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from heli.kernel.problems import Forbidden, Refused


class RefusalMiddleware:
    """Answers `Refused` with 422 and `Forbidden` with 403."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        status = 403 if isinstance(exception, Forbidden) else 422
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"problems": [problem.as_json() for problem in exception.problems]}, status=status)
        return render(request, "ui/refused.html", {"problems": exception.problems}, status=status)
