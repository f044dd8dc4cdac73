"""The door of every view: who is asking, and may they open this page at all."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from heli.kernel.access import Actor, may


class ActorRequest(HttpRequest):
    """A request that passed `ActorMiddleware`: it knows its actor."""

    actor: Actor


class View(Protocol):
    """A view as the contexts write it."""

    def __call__(self, request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def page(action: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """A view for people who may do `action` somewhere; strangers are sent to sign in, other roles get 403.

    Which objects they see is the query's business: views look objects up in scoped querysets, so that another's answers 404.
    """

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            asking = cast(ActorRequest, request)
            if asking.actor.id is None:
                return redirect_to_login(request.get_full_path())
            if not may(asking.actor, action):
                raise PermissionDenied(action)
            return view(asking, *args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]  # read by the test that walks every URL and role
        return guarded

    return decorate
