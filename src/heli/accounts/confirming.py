"""Confirming that it is still you: what a sensitive form wanted is held, the code (or the password) asked, then gone on with.

A form is held in the session as its fields and its address; after the confirmation a page offers to send it once more, a
form like any other. No form that asks for this carries files.
"""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

HELD = "held_form"
NOT_HELD = frozenset({"csrfmiddlewaretoken", "once"})


@dataclass(frozen=True, slots=True)
class HeldForm:
    """A form that waits for its sender to confirm: where it goes, its fields as name and value."""

    path: str
    fields: tuple[tuple[str, str], ...]


def proofs_of(request: HttpRequest) -> list[dict[str, Any]]:
    """How the person proved who they are in this session: by which method and when, as allauth keeps it."""
    return list(get_authentication_records(request, request.user))


def has_confirmed(request: HttpRequest, *, by_factor: bool) -> bool:
    """Whether the person proved who they are within the last minutes: by the second factor, or by anything at all."""
    known = [
        one["at"]
        for one in proofs_of(request)
        if one["method"] == "mfa" or (not by_factor and one.get("reauthenticated"))
    ]
    now = time.time()  # noqa: TID251 - proofs are stamped by allauth, which reads this clock
    return any(now - at < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT for at in known)


def ask_again(request: HttpRequest) -> HttpResponse | None:
    """What a form is answered that needs a confirmation first: the way to give it; None when it was given just now.

    With a second factor that is asked, else the password.
    """
    has_factor = is_mfa_enabled(request.user)
    if has_confirmed(request, by_factor=has_factor):
        return None
    fields = [(name, value) for name, values in request.POST.lists() if name not in NOT_HELD for value in values]
    request.session[HELD] = {"path": request.get_full_path(), "fields": fields}
    asking = reverse("mfa_reauthenticate" if has_factor else "account_reauthenticate")
    return redirect(f"{asking}?{urlencode({'next': reverse('account_go_on')})}")


def take_held(request: HttpRequest) -> HeldForm | None:
    """The form that was held, given out once."""
    held = request.session.pop(HELD, None)
    return HeldForm(held["path"], tuple((name, value) for name, value in held["fields"])) if held else None
