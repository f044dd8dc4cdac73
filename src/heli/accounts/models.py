"""Users, and the roles they hold over places and bodies."""

from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from heli.accounts.types import RoleName
from heli.kernel.db import PeriodsDoNotOverlap
from heli.kernel.ids import new_public_id

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase


class UserManager(BaseUserManager["User"]):
    """Looks users up by their sign-in name."""


class User(AbstractBaseUser):
    """An account of an office-holder, a member of staff or a volunteer; never of a resident.

    `place` is the unit whose administrators keep the account (none: the installation's own). The last sign-in is in the
    audit trail, not here.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)

    last_login: ClassVar[None] = None  # type: ignore[misc]  # takes away a field of Django

    USERNAME_FIELD = "username"

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_name_once_in_any_case"),
            models.CheckConstraint(condition=~Q(username=""), name="user_has_sign_in_name"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def check_password(self, raw_password: str | None) -> bool:
        """Compare only: Django would store a fresh hash on the way, a write past the trail."""
        return check_password(raw_password, self.password)


class Session(AbstractBaseSession):
    """A browser that is signed in (or not yet): Django's session with the account it belongs to."""

    is_passing: ClassVar[bool] = True

    account_id = models.BigIntegerField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"session of account {self.account_id}"

    @classmethod
    def get_session_store_class(cls) -> "type[SessionBase]":
        """The store that writes these rows: the one the settings name."""
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store


class RoleGrant(models.Model):
    """A user holds a role over a place and everything in it, a body, both, or (neither) the whole installation.

    Invariants: a grant ends, it is never deleted; nobody holds the same role over the same place twice at once.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in RoleName])
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=[role.value for role in RoleName]), name="grant_role_known"),
            models.CheckConstraint(
                # A grant given and taken back on one day has an empty period: it was never in force on any day.
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="grant_period_forward",
            ),
            *(
                PeriodsDoNotOverlap(
                    fields=("user", "place"),
                    condition=Q(role=role.value, body__isnull=True),
                    name=f"grant_{role.value}",
                )
                for role in RoleName
            ),
        ]
        indexes = [models.Index(fields=["user", "valid_from"], name="grant_by_user")]

    def __str__(self) -> str:
        return f"{self.role} {self.public_id}"
