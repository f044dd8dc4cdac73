"""The door of every view: who is asking, and may they open this page at all."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from heli.kernel.access import Actor, may


class ActorRequest(HttpRequest):
    """A request that passed `ActorMiddleware`: it knows its actor, and the line of the navigation that a page stands under."""

    actor: Actor
    entry: str


class View(Protocol):
    """A view as the contexts write it."""

    def __call__(self, request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


Asks = Callable[..., bool]
"""Given the request of a form and the address's parts: whether its sender must confirm first that it is still them."""


Actions = Callable[[], Collection[str]]
"""Actions that are known only once every context is loaded."""


def page(action: str | Actions, *, confirm: Asks | None = None) -> Callable[[View], Callable[..., HttpResponse]]:
    """A view for people who may do `action` (one of several) somewhere; strangers are sent to sign in, other roles get 403.

    Which objects they see is the query's business: views look objects up in scoped querysets, so that another's answers 404.
    `confirm` names the forms that ask for the second factor of those who have one (`accounts.middleware` asks).
    """

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            asking = cast(ActorRequest, request)
            if asking.actor.id is None:
                return redirect_to_login(request.get_full_path())
            if not any(may(asking.actor, one) for one in ((action,) if isinstance(action, str) else action())):
                raise PermissionDenied(action)
            return view(asking, *args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]  # read by the test that walks every URL and role
        guarded.confirm = confirm  # type: ignore[attr-defined]  # read by the same test
        return guarded

    return decorate


def always(request: HttpRequest, **_parts: Any) -> bool:
    """Every form of the page is confirmed."""
    return True


def pressed(*buttons: str) -> Asks:
    """Forms sent with one of these values of `did` are confirmed."""

    def asks(request: HttpRequest, **_parts: Any) -> bool:
        return request.POST.get("did") in buttons

    return asks
