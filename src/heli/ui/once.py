"""A form does its work once: its token is claimed before the view runs, and a second arrival finds it claimed.

The claim is one INSERT of a primary key, committed at once, so it holds between threads, processes and machines and on
either database. Work that was refused or broke gives the token back; work that was done (303, the house's answer to a
POST that succeeded) keeps it, with the place where its sender went.
"""

import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from heli.ui.models import Arrival

FIELD = "once"
"""The hidden field that `{% csrf_token %}` draws beside Django's own (`ui.templatetags.once`)."""
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
WAIT_S, STEP_S = 5.0, 0.1
"""So long a second arrival waits for the first to end; then it is told to look for itself."""
KEPT = timedelta(days=7)
"""So long a token stays claimed."""


def new_token() -> str:
    """A token for one form on one page; 128 bits."""
    return secrets.token_urlsafe(16)


def key_of(request: HttpRequest, who: object) -> str | None:
    """What is claimed for a form: its token at this address by this person; None when it carries none."""
    token = request.POST.get(FIELD, "")
    if not TOKEN.fullmatch(token):
        return None
    return hashlib.sha256(f"{who} {request.path} {token}".encode()).hexdigest()


def content_of(request: HttpRequest) -> str:
    """A digest of what was typed and chosen, to tell a repeated form from a changed one."""
    fields = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    files = sorted((name, [(one.name, one.size) for one in given]) for name, given in request.FILES.lists())
    return hashlib.sha256(json.dumps([fields, files]).encode()).hexdigest()


def claim(
    key: str,
    content: str,
    *,
    at: datetime | None = None,
    wait_s: float = WAIT_S,
    sleep: Callable[[float], None] = time.sleep,
) -> Arrival | None:
    """Claim the token. None: it is the caller's, to be ended by `finish` or `release`.

    Otherwise the arrival that has it: done, or still at work after `wait_s` (or broken off: nobody knows, so nobody repeats it).
    """
    for _step in range(max(1, int(wait_s / STEP_S))):
        try:
            with transaction.atomic():
                Arrival.objects.create(key=key, content=content, begun_at=at or timezone.now())
        except IntegrityError:
            first = Arrival.objects.filter(key=key).first()
            if first is not None and first.is_done:
                return first
            if first is not None:
                sleep(STEP_S)
            # Given back in the meantime: try to be the first.
        else:
            return None
    return first or Arrival(key=key, content=content, begun_at=at or timezone.now())


def finish(key: str, location: str) -> None:
    """The work is done; whoever comes with the same token is sent to the same place."""
    Arrival.objects.filter(key=key).update(is_done=True, location=location)


def release(key: str) -> None:
    """Nothing was done: the form may be sent again."""
    Arrival.objects.filter(key=key, is_done=False).delete()


def sweep(at: datetime) -> int:
    """Forget what arrived more than `KEPT` ago; how many."""
    return Arrival.objects.filter(begun_at__lt=at - KEPT).delete()[0]
