"""The one limiter: how often a source may try something, counted in the database, so that it holds in every process.

A source is the visitor's network address, kept as a keyed digest for a day at most and nowhere else. Every page that a
stranger may post to asks `is_too_often`; sign-in asks `note` and `times` (accounts.sign_in).
"""

from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from heli.ui.models import Attempt

MOST, WITHIN = 10, timedelta(minutes=10)
"""Forms from one source to one page of strangers."""
KEPT = timedelta(days=1)
TOO_OFTEN = _("Too much came from your network just now. What you typed is still here: send it again in ten minutes.")


def source_of(request: HttpRequest) -> str:
    """The visitor's network address. X-Forwarded-For counts only as far as HELI_PROXIES names trusted proxies."""
    return str(get_adapter().get_client_ip(request))


def key_of(*parts: str) -> str:
    """The digest under which attempts are kept; nobody without the installation's secret can guess it back."""
    return salted_hmac("heli.limits", "\x1f".join(parts), algorithm="sha256").hexdigest()


def note(key: str, at: datetime) -> Attempt:
    """Keep an attempt."""
    return Attempt.objects.create(key=key, at=at)


def times(key: str, since: datetime) -> list[datetime]:
    """The moments of attempts after a moment, oldest first."""
    return list(Attempt.objects.filter(key=key, at__gt=since).order_by("at").values_list("at", flat=True))


def forget(key: str) -> None:
    """Start to count anew."""
    Attempt.objects.filter(key=key).delete()


def is_too_often(
    request: HttpRequest, what: str, *, most: int = MOST, within: timedelta = WITHIN, at: datetime | None = None
) -> bool:
    """Whether this source has sent too much of it. The attempt is kept first and counted then, so that of many at once
    no more than `most` pass; one that does not pass is not kept and prolongs nothing.
    """
    now, key = at or timezone.now(), key_of(what, source_of(request))
    mine = note(key, now)
    if Attempt.objects.filter(key=key, at__gt=now - within, at__lte=now + within).count() <= most:
        return False
    mine.delete()
    return True


def sweep(at: datetime) -> int:
    """Forget attempts that no limit looks at any more; how many."""
    return Attempt.objects.filter(at__lt=at - KEPT).delete()[0]
