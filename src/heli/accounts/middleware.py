"""Every request knows its actor; sessions end; what must be done first is done first."""

import logging
import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from heli.accounts.confirming import ask_again, proofs_of
from heli.accounts.models import User
from heli.accounts.queries import SEEN, SINCE, actor_of, needs_second_factor
from heli.accounts.rules import role_table
from heli.kernel.access import PUBLIC
from heli.places import queries as places
from heli.ui.pages import ActorRequest

logger = logging.getLogger("heli.web")

REFRESH_S = 60
"""A session is marked as used at most once a minute: reading costs no write."""

FREE = (
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_reauthenticate",
)


class ActorMiddleware:
    """Sets `request.actor` from the signed-in user, with one query for the grants; strangers are `PUBLIC`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and _is_over(request):
            logout(request)
        if not isinstance(request.user, User):
            request.actor = PUBLIC
            return self.get_response(request)
        actor = request.actor = actor_of(request.user)
        proofs = len(proofs_of(request))
        if request.path.startswith(("/static/", "/health/", "/ui/language/")) or request.path in map(reverse, FREE):
            return self._left(request, self.get_response(request), proofs)
        if request.user.must_change_password:
            return redirect("account_change_password")
        if needs_second_factor(actor) and _second_factor_asked() and not is_mfa_enabled(request.user):
            return redirect("mfa_activate_totp")
        if request.method in ("GET", "HEAD"):
            with places.reading_only():
                return self.get_response(request)
        return self._left(request, self.get_response(request), proofs)

    def _left(self, request: ActorRequest, response: HttpResponse, proofs: int) -> HttpResponse:
        """Whoever signed out leaves nothing behind in the browser; whoever proved anew who they are goes on under a new key."""
        if not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"cache", "storage"'
        elif len(proofs_of(request)) > proofs:
            request.session.cycle_key()
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _args: object, parts: dict[str, Any]
    ) -> HttpResponse | None:
        """Sensitive forms (`ui.pages.page`, `confirm`) wait for the second factor of those who have one."""
        asks = getattr(view, "confirm", None)
        if asks is None or request.method != "POST" or not isinstance(request.user, User) or not asks(request, **parts):
            return None
        return ask_again(request) if is_mfa_enabled(request.user) else None


def _is_over(request: HttpRequest) -> bool:
    """Whether the session ran out: idle too long, or open too long altogether. A living one is marked as used."""
    rules, now = role_table().sign_in, int(timezone.now().timestamp())
    since = request.session.setdefault(SINCE, now)
    seen = request.session.setdefault(SEEN, now)
    if now - seen >= rules.idle.total_seconds() or now - since >= rules.absolute.total_seconds():
        return True
    if now - seen >= REFRESH_S:
        request.session[SEEN] = now
    return False


def _second_factor_asked() -> bool:
    from django.conf import settings

    return bool(settings.SECOND_FACTOR)


class AccessLogMiddleware:
    """One log line a request: method, route, status, milliseconds, account key. No address, no query, no name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.monotonic()
        response = self.get_response(request)
        if not request.path.startswith(("/static/", "/health/")):
            match = request.resolver_match
            extra = {
                "method": request.method,
                "route": match.route if match else "",
                "status": response.status_code,
                "ms": round((time.monotonic() - begun) * 1000),
                "actor": getattr(getattr(request, "actor", PUBLIC), "id", None),
            }
            logger.info("request", extra=extra)
        return response


class PermissionsPolicyMiddleware:
    """Tells browsers which of their powers pages never use; a page that may ask where the device is says `may_locate`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        where = "(self)" if getattr(response, "may_locate", False) else "()"
        response["Permissions-Policy"] = (
            f"camera=(), microphone=(), geolocation={where}, payment=(), usb=(), browsing-topics=()"
        )
        return response
