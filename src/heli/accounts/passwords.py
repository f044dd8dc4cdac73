"""Passwords that somebody who knows this office would try first (settings, `AUTH_PASSWORD_VALIDATORS`)."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.accounts.models import User
from heli.accounts.rules import is_built_from
from heli.kernel.access import Scope
from heli.kernel.packs import Key, Shape, load_pack
from heli.places import queries as places
from heli.places.types import Level

WORDS = (Key("words", Shape.TEXTS, "what would be tried first"),)
PLACES = (Level.PROVINCE, Level.CITY, Level.DISTRICT, Level.TOWNSHIP)


class SiteWordsValidator:
    """Refuses a password that is nothing but words of the site, of its places, of the person, or a common password, dressed up.

    The common ones are the 20,000 that Django ships; dressing is case, digits and signs before, after and between.
    """

    def __init__(self) -> None:
        self.common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for such a password."""
        if is_built_from(password, [*trade_words(), *site_words(), *(person_words(user) if user else ())], self.common):
            raise ValidationError(
                _(
                    "This password is made of words that others try first: of this site, its places, your name. Choose others."
                ),
                code="password_of_site",
            )

    def get_help_text(self) -> str:
        """What the form says before."""
        return _("Not made of the name of this site, of its places or of yourself.")


@cache
def trade_words() -> tuple[str, ...]:
    """Words of the product and of the trade (data/passwords.toml). Raises `Refused` naming file and line."""
    return tuple(load_pack(Path(__file__).parent / "data" / "passwords.toml", WORDS).data["words"])


def site_words() -> Iterable[str]:
    """How this installation is called in addresses."""
    hosts = [*settings.ALLOWED_HOSTS, settings.SITE_URL.partition("://")[2]]
    return [part for host in hosts for part in host.replace(":", ".").replace("/", ".").split(".") if len(part) > 2]


def person_words(user: User) -> Iterable[str]:
    """Names of the person, and of the places around the unit that keeps the account."""
    parts = [user.username, *user.username.replace("_", ".").replace("-", ".").split("."), user.name]
    if user.place_id is not None:
        today = timezone.localdate()
        around = places.in_scope(Scope(place_ids=frozenset({user.place_id})), on=today).filter(level__in=PLACES)
        named = places.names_at([user.place_id, *around.values_list("pk", flat=True)], today)
        parts += [short for name in named.values() for short in (name, name.rstrip("省市区县镇乡村"))]
    return [part for part in parts if len(part) > 1]
