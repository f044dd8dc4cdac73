"""How django-allauth signs people in here: by name and password, no sign-up, locked after failures, all of it in the trail."""

from collections.abc import Callable, Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.accounts import services
from heli.accounts.models import User
from heli.accounts.queries import AGENT, SEEN, SINCE, actor_of, is_source_tired, locked_until, sign_in_keys
from heli.accounts.rules import describe_agent, role_table
from heli.accounts.sealing import seal_text, unseal_text
from heli.ui import limits

SECOND_FACTOR = "second factor"
UNKNOWN = "0.0.0.0"
"""The source of a request that has none: one that came by a socket of this machine."""


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are added by administrators only; every outcome of a sign-in is recorded."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("The sign-in name or the password is not right."),
        "too_many_login_attempts": gettext_lazy(
            "Too many attempts came from this network. Wait a quarter of an hour, then try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The visitor's network address: of X-Forwarded-For only what HELI_PROXIES trusts, else the connection's own."""
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:
            return UNKNOWN

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse while the name, known or not, is locked for this source, or the source is tired; say when to try again.

        The attempt is counted before the password is looked at, so that of many at once no more than the allowed get through.
        """
        now, username, source = timezone.now(), credentials.get("username", ""), limits.source_of(request)
        if is_source_tired(source, now):
            raise self.validation_error("too_many_login_attempts")
        until = locked_until(username, source, now)
        if until is None:
            mine = limits.note(sign_in_keys(username, source)[0], now)
            rules = role_table().sign_in
            if len(limits.times(mine.key, now - rules.window)) > rules.failures:
                mine.delete()
                until = now + rules.lock
        if until is not None:
            minutes = max(1, -(-int((until - now).total_seconds()) // 60))
            text = _("Too many failed attempts. Try again at %(time)s (in %(minutes)s min), or ask your administrator.")
            raise ValidationError(
                text, code="locked", params={"time": f"{timezone.localtime(until):%H:%M}", "minutes": minutes}
            )
        super().pre_authenticate(request, **credentials)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Django's answer; a right password clears what failed before it."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            limits.forget(sign_in_keys(credentials.get("username", ""), limits.source_of(request))[0])
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        username = credentials.get("username", "")
        _pair, name, source = sign_in_keys(username, limits.source_of(request))
        for key in (name, source):
            limits.note(key, timezone.now())
        services.record_failed_sign_in(username=username)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The package's own count of failures (settings, `login_failed`) is by name and source too."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{limits.source_of(request)}"

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        services.record_sign_in(actor=actor_of(user), username=user.username)
        request.session[SINCE] = request.session[SEEN] = int(timezone.now().timestamp())
        request.session[AGENT] = describe_agent(request.headers.get("User-Agent", ""))

    def set_password(self, user: User, password: str) -> None:
        services.change_password(actor=actor_of(user), user=user, password=password)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say what happened; no banner on top of them."""


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """Sign-in name and password, under the words that the rest of Heli uses; labels instead of placeholders."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Sign-in name")
        self.fields["password"].label = _("Password")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """A new password for one's own account; what the service refuses is shown at its field."""

    def clean_password1(self) -> str:
        """Ask the rules of the service early, so that the refusal is a field error."""
        password: str = self.cleaned_data["password1"]
        faults = services.check_new_password(self.user, password=password)
        if faults:
            raise ValidationError([fault.message for fault in faults])
        return password


class EncryptingAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """The secret of a second factor is encrypted at rest with a key derived from the installation's secret."""

    def encrypt(self, text: str) -> str:
        return seal_text(SECOND_FACTOR, text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal_text(SECOND_FACTOR, encrypted_text)

    def get_totp_issuer(self) -> str:
        return str(settings.PRODUCT_NAME)


def _hear(what: str) -> Callable[..., None]:
    def heard(*, user: User, authenticator: Any = None, **_kwargs: Any) -> None:
        kind = str(getattr(authenticator, "type", "") or "")
        services.record_second_factor(actor=actor_of(user), what=what, kind=kind)

    return heard


HEARD: Mapping[str, Callable[..., None]] = {
    "authenticator_added": _hear("added"),
    "authenticator_removed": _hear("removed"),
    "authenticator_reset": _hear("renewed"),
    "authentication_failed": _hear("refused"),
}
