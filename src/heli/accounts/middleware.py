"""Every request knows its actor."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from heli.kernel.access import PUBLIC, Actor


class ActorMiddleware:
    """Sets `request.actor` from the signed-in user; strangers are `PUBLIC`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.actor = Actor(user.pk, str(user)) if user.is_authenticated else PUBLIC  # type: ignore[attr-defined]
        return self.get_response(request)
