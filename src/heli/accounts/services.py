"""Writes of accounts: adding people, giving and ending roles, passwords. Personal values enter the trail as digests."""

import secrets
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.accounts.models import KeyUse, ProgramKey, RoleGrant, Session, User
from heli.accounts.queries import FAILED, SIGNED_IN_ENTRY, in_force, session_handle, sign_in_subject
from heli.accounts.rules import SIGNED_IN, compute_key_digest, is_username
from heli.accounts.types import ROLE_NAMES
from heli.audit.anchor import keyed_digest
from heli.audit.queries import times_of
from heli.audit.services import counting, record, writing
from heli.kernel.access import PUBLIC, Actor, may, require, scope
from heli.kernel.faults import Fault, Forbidden, Refused
from heli.kernel.ids import ALPHABET

MANAGE = "accounts.manage"
KEPT = timedelta(days=365)
MOST_AN_HOUR = 100_000
"""Requests that a key may be given."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def add_user(
    *,
    actor: Actor,
    username: str,
    name: str,
    place_id: int | None = None,
    password: str | None = None,
    at: datetime | None = None,
) -> tuple[User, str]:
    """Add an account kept by the administrators of a place; the user and the password to hand over.

    Without `password` a temporary one is made, shown this once, to be changed at the first sign-in.
    """
    _require_over(actor, place_id)
    username, name = username.strip(), name.strip()
    faults = []
    if not is_username(username):
        text = _("A sign-in name has 3 to 60 letters, digits, dots, hyphens or underscores.")
        faults.append(Fault("username_form", text, field="username"))
    if not name:
        faults.append(Fault("name_missing", _("Enter the person's name."), field="name"))
    if User.objects.filter(username__iexact=username).exists():
        text = _("This sign-in name is taken; choose another.")
        faults.append(Fault("username_taken", text, field="username"))
    temporary = password is None
    password = password or new_password()
    user = User(username=username, name=name, place_id=place_id, must_change_password=temporary)
    if not temporary:
        faults += _check_password(password, user)
    if faults:
        raise Refused(faults)
    user.set_password(password)
    with writing(actor, "accounts.add_user", action=MANAGE, place_id=place_id, at=at) as act:
        user.save(force_insert=True)
        act.subject = _subject(user)
        act.after = {"user": user.pk, "username": keyed_digest(username), "name": keyed_digest(name)}
    return user, password


def add_user_with_role(
    *,
    actor: Actor,
    username: str,
    name: str,
    place_id: int | None,
    role: str,
    on: date,
    at: datetime | None = None,
) -> tuple[User, str]:
    """Add an account and give it its first role over its own unit: both or neither."""
    with transaction.atomic():
        user, password = add_user(actor=actor, username=username, name=name, place_id=place_id, at=at)
        grant_role(actor=actor, user=user, role=role, on=on, place_id=place_id, at=at)
    return user, password


def grant_role(
    *,
    actor: Actor,
    user: User,
    role: str,
    on: date,
    place_id: int | None = None,
    body_id: int | None = None,
    at: datetime | None = None,
) -> RoleGrant:
    """Give a role from a day on. Nobody gives roles to themselves, nor beyond the places they administer."""
    _require_over(actor, user.place_id)
    _require_over(actor, place_id)
    faults = _check_not_own(actor, user)
    if role not in ROLE_NAMES:
        faults.append(Fault("role_unknown", _("Choose a role from the list."), field="role"))
    # An open grant from `on` runs into one in force then and into one that begins later.
    same = user.grants.filter(in_force(on) | Q(valid_from__gte=on, valid_to=None), role=role)
    if not faults and same.filter(Q(place_id=place_id), Q(body_id=body_id)).exists():
        text = _("The person holds this role here already; end it first.")
        faults.append(Fault("grant_exists", text, field="role"))
    if faults:
        raise Refused(faults)
    with writing(actor, "accounts.grant_role", action=MANAGE, place_id=place_id, at=at) as act:
        grant = RoleGrant(user=user, role=role, place_id=place_id, body_id=body_id, valid_from=on)
        grant.save(force_insert=True)
        act.subject = _subject(user)
        act.after = {"grant": grant.pk, "role": role, "place": place_id, "body": body_id, "from": on}
    return grant


def end_grant(*, actor: Actor, grant: RoleGrant, on: date, reason: str = "", at: datetime | None = None) -> None:
    """Take a role back from a day on; the row stays."""
    user = grant.user
    _require_over(actor, user.place_id)
    _require_over(actor, grant.place_id)
    faults = _check_not_own(actor, user)
    if grant.valid_to is not None:
        faults.append(Fault("grant_ended", _("This role has ended already."), field="valid_to"))
    elif on < grant.valid_from:
        faults.append(Fault("grant_not_begun", _("A role cannot end before it begins."), field="valid_to"))
    if faults:
        raise Refused(faults)
    what = "accounts.end_grant"
    with writing(actor, what, action=MANAGE, place_id=grant.place_id, reason=reason, at=at) as act:
        grant.valid_to = on
        grant.save(update_fields=["valid_to"])
        act.subject = _subject(user)
        act.before, act.after = {"grant": grant.pk, "role": grant.role, "to": None}, {"to": on}


def set_active(*, actor: Actor, user: User, is_active: bool, reason: str = "", at: datetime | None = None) -> None:
    """Close or reopen an account; open sessions end with the next request."""
    _require_over(actor, user.place_id)
    if faults := _check_not_own(actor, user):
        raise Refused(faults)
    what = "accounts.reactivate" if is_active else "accounts.deactivate"
    with writing(actor, what, action=MANAGE, place_id=user.place_id, reason=reason, at=at) as act:
        act.subject, act.before, act.after = _subject(user), {"active": user.is_active}, {"active": is_active}
        user.is_active = is_active
        user.save(update_fields=["is_active"])


def reset_password(*, actor: Actor, user: User, at: datetime | None = None) -> str:
    """Make a temporary password, shown this once; sessions of the account end, the lock on its name does not.

    Whoever has the password has the roles: the actor must administer every place the person holds one over.
    """
    _require_over(actor, user.place_id)
    if faults := [*_check_not_own(actor, user), *_check_reach(actor, user)]:
        raise Refused(faults)
    password = new_password()
    with writing(actor, "accounts.reset_password", action=MANAGE, place_id=user.place_id, at=at) as act:
        act.subject = _subject(user)
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
    return password


def change_password(*, actor: Actor, user: User, password: str, at: datetime | None = None) -> None:
    """A person chooses a new password for their own account."""
    if actor.id != user.pk:
        raise Forbidden(Fault("forbidden", _("Only the owner of an account changes its password.")))
    if faults := check_new_password(user, password=password):
        raise Refused(faults)
    with writing(actor, "accounts.change_password", action=SIGNED_IN, place_id=None, at=at) as act:
        act.subject = _subject(user)
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])


def check_new_password(user: User, *, password: str) -> list[Fault]:
    """Whether the password is strong enough and not the one in use."""
    faults = _check_password(password, user)
    if user.check_password(password):
        text = _("Choose a password other than the one in use.")
        faults.append(Fault("password_same", text, field="password"))
    return faults


def end_sessions(*, actor: Actor, keep: str, only: str | None = None, at: datetime | None = None) -> int:
    """End the actor's own sessions but the one with the key `keep`; with `only`, just the one of this handle. How many."""
    with writing(actor, "accounts.end_sessions", action=SIGNED_IN, place_id=None, at=at) as act:
        keys = (
            Session.objects.filter(account_id=actor.id).exclude(session_key=keep).values_list("session_key", flat=True)
        )
        chosen = [key for key in keys if only is None or session_handle(key) == only]
        Session.objects.filter(session_key__in=chosen).delete()
        act.subject, act.after = f"user {actor.id}", {"ended": len(chosen)}
    return len(chosen)


def forget_users(*, actor: Actor, at: datetime) -> int:
    """Replace names and sign-in names of accounts closed more than `KEPT` ago by their number; how many.

    Law: PIPL Art. 19, 47: kept no longer than needed (declared in data/personal.toml).
    """
    forgotten = 0
    for user in User.objects.filter(is_active=False).exclude(username__startswith="closed.").order_by("pk"):
        closed = times_of("accounts.deactivate", _subject(user), EPOCH)
        if closed and closed[-1] <= at - KEPT:
            with writing(actor, "accounts.forget_user", action=MANAGE, place_id=user.place_id, at=at) as act:
                act.subject = _subject(user)
                user.username = user.name = f"closed.{user.pk}"
                user.set_unusable_password()
                user.save(update_fields=["username", "name", "password"])
            forgotten += 1
    return forgotten


def record_sign_in(*, actor: Actor, username: str, at: datetime | None = None) -> None:
    """Write that somebody signed in."""
    record(actor, SIGNED_IN_ENTRY, subject=sign_in_subject(username), at=at)


def record_failed_sign_in(*, username: str, at: datetime | None = None) -> None:
    """Write that a password was refused; neither name nor password is kept."""
    record(PUBLIC, FAILED, subject=sign_in_subject(username), at=at)


def record_second_factor(*, actor: Actor, what: str, kind: str) -> None:
    """Write that a second factor was set up, removed, renewed or refused."""
    record(actor, f"accounts.second_factor_{what}", subject=f"user {actor.id}", after={"kind": kind})


def new_password() -> str:
    """A temporary password of four groups that can be read aloud; 78 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for letter in range(4)) for group in range(4))


def issue_key(
    *,
    actor: Actor,
    name: str,
    most_an_hour: int,
    on: date,
    place_id: int | None = None,
    user: User | None = None,
    at: datetime | None = None,
) -> tuple[ProgramKey, str]:
    """Give a program a key: to report at a place, or (with `user`) to read as that account. The key, and its text, shown this once.

    It opens nothing before a second administrator has released it (`release_key`).
    Whoever has the key reads what the account reads: the actor must administer every place the person holds a role over.
    """
    _require_over(actor, place_id if user is None else user.place_id)
    faults = [] if user is None else [*_check_not_own(actor, user), *_check_reach(actor, user)]
    if not name.strip():
        faults.append(Fault("key_unnamed", _("Say which program gets the key."), field="name"))
    if place_id is None and user is None:
        faults.append(Fault("key_for_nobody", _("Choose where it may report, or an account."), field="place"))
    if not 1 <= most_an_hour <= MOST_AN_HOUR:
        text = _("Between 1 and %(most)s requests an hour.") % {"most": MOST_AN_HOUR}
        faults.append(Fault("key_limit", text, field="most_an_hour"))
    if faults:
        raise Refused(faults)
    secret = secrets.token_urlsafe(32)
    where = place_id if user is None else user.place_id
    with writing(actor, "accounts.issue_key", action=MANAGE, place_id=where, at=at) as act:
        key = ProgramKey.objects.create(
            name=name.strip()[:60], place_id=None if user else place_id, user=user, most_an_hour=most_an_hour,
            digest=compute_key_digest(secret), ending=secret[-4:], issued_by_id=actor.id, issued_on=on,
        )  # fmt: skip
        act.subject = f"key {key.public_id}"
        act.after = {"name": key.name, "place": key.place_id, "user": key.user_id, "most_an_hour": most_an_hour}
    return key, secret


def release_key(*, actor: Actor, key: ProgramKey, on: date, at: datetime | None = None) -> None:
    """A second administrator releases a key: from now on it opens. Refused to whoever gave it and to whom it reads as, and for
    one that was released or has ended."""
    where = key.place_id if key.user is None else key.user.place_id
    _require_over(actor, where)
    faults = [] if key.user is None else [*_check_not_own(actor, key.user), *_check_reach(actor, key.user)]
    if actor.id is not None and actor.id == key.issued_by_id:
        faults.append(Fault("same_person", _("A second administrator releases it: you gave it yourself.")))
    if faults:
        raise Refused(faults)
    with writing(actor, "accounts.release_key", action=MANAGE, place_id=where, at=at) as act:
        waiting = ProgramKey.objects.filter(pk=key.pk, revoked_on=None, released_on=None)
        if not waiting.update(released_by_id=actor.id, released_on=max(on, key.issued_on)):
            raise Refused(Fault("key_not_waiting", _("This key was released or ended already.")))
        act.subject, act.after = f"key {key.public_id}", {"released": on}


def revoke_key(*, actor: Actor, key: ProgramKey, on: date, at: datetime | None = None) -> None:
    """End a program's key from now on; refused for one that has ended."""
    where = key.place_id if key.user is None else key.user.place_id
    _require_over(actor, where)
    with writing(actor, "accounts.revoke_key", action=MANAGE, place_id=where, at=at) as act:
        ended = ProgramKey.objects.filter(pk=key.pk, revoked_on=None).update(revoked_on=max(on, key.issued_on))
        if not ended:
            raise Refused(Fault("key_ended", _("This key has ended already.")))
        act.subject, act.after = f"key {key.public_id}", {"revoked": on}


def count_use(key: ProgramKey, *, at: datetime) -> bool:
    """Count a use of the key; whether it may still be used this hour."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    with counting():
        uses = KeyUse.objects.filter(key=key, hour=hour)
        if uses.filter(count__lt=key.most_an_hour).update(count=F("count") + 1):
            return True
        KeyUse.objects.bulk_create([KeyUse(key=key, hour=hour, count=0)], ignore_conflicts=True)
        return bool(uses.filter(count__lt=key.most_an_hour).update(count=F("count") + 1))


def _require_over(actor: Actor, place_id: int | None) -> None:
    """May manage accounts of the place; those of the whole installation take a role over all of it."""
    require(actor, MANAGE, place_id)
    if place_id is None and not scope(actor, MANAGE).everything:
        text = _("Only administrators of the whole installation may do this; choose a place.")
        raise Forbidden(Fault("forbidden", text, field="place"))


def _check_not_own(actor: Actor, user: User) -> list[Fault]:
    if actor.id == user.pk:
        return [Fault("own_account", _("Another administrator must do this: it is your own account."))]
    return []


def _check_reach(actor: Actor, user: User) -> list[Fault]:
    """Whether a role of the person, in force or to come, reaches beyond what the actor administers."""
    today = timezone.localdate()
    grants = user.grants.filter(Q(valid_to=None) | Q(valid_to__gt=today)).select_related("body")
    places = {grant.body.place_id if grant.place_id is None and grant.body else grant.place_id for grant in grants}
    everything = scope(actor, MANAGE).everything
    if all(everything if place is None else may(actor, MANAGE, place) for place in places):
        return []
    text = _("This person holds a role beyond the places you administer: an administrator of those must do this.")
    return [Fault("role_beyond", text)]


def _check_password(password: str, user: User) -> list[Fault]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [Fault("password_weak", message, field="password") for message in error.messages]
    return []


def _subject(user: User) -> str:
    return f"user {user.pk}"
