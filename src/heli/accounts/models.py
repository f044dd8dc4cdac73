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


class ProgramKey(models.Model):
    """A key with which another program asks or reports: its name, where or as whom, how often an hour; kept as a digest only.

    With `user` it reads what that account may read; without, it may report at `place` and see what everybody sees. `ending`
    are the last letters, to tell keys apart. It opens nothing before a second administrator has released it. Invariants: named,
    with a limit, for a place or an account; released by another person; it ends, never goes.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id)
    name = models.CharField(max_length=60)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    most_an_hour = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    issued_on = models.DateField()
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    released_on = models.DateField(null=True)
    revoked_on = models.DateField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="program_key_named"),
            models.CheckConstraint(condition=Q(most_an_hour__gte=1), name="program_key_has_limit"),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(place__isnull=False), name="program_key_for_a_place_or_account"
            ),
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True) | Q(revoked_on__gte=models.F("issued_on")),
                name="program_key_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(issued_by__isnull=True)
                | Q(released_by__isnull=True)
                | ~Q(released_by=models.F("issued_by")),
                name="program_key_released_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KeyUse(models.Model):
    """How often a key was used in an hour: what its limit is held by. Invariant: one count for an hour."""

    key = models.ForeignKey(ProgramKey, on_delete=models.PROTECT, related_name="uses")
    hour = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "hour"], name="key_use_once_an_hour")]

    def __str__(self) -> str:
        return f"{self.key} {self.count}"
