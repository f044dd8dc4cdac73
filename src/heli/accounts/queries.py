"""Reads of accounts: who a user is as an actor, and the answers to `may` and `scope`."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Max, Q, QuerySet, Sum
from django.utils import timezone

from heli.accounts.models import ProgramKey, RoleGrant, Session, User
from heli.accounts.rules import SIGNED_IN, allows, compute_key_digest, compute_locked_until, is_reading, role_table
from heli.audit.anchor import keyed_digest
from heli.kernel.access import Actor, Grant, Scope
from heli.places import queries as places
from heli.ui import limits

FAILED, SIGNED_IN_ENTRY = "accounts.sign_in_failed", "accounts.signed_in"
SINCE, SEEN, AGENT = "signed_in_at", "seen_at", "browser"
"""Session keys: when the session began and when it was last used (seconds since 1970), in which browser."""


class RoleAnswers:
    """Answers `may` and `scope` from the actor's grants and the role table; asks the database only about subtrees."""

    def may(self, actor: Actor, action: str, place_id: int | None) -> bool:
        """Without a place: anywhere at all. A grant over a body alone reaches that body, no place."""
        if action == SIGNED_IN:
            return actor.id is not None
        grants = [grant for grant in actor.grants if allows(grant.role, action)]
        if place_id is None or any(grant.place_id is None and grant.body_id is None for grant in grants):
            return bool(grants)
        roots = frozenset(grant.place_id for grant in grants if grant.place_id is not None)
        if not roots:
            return False
        # Reading reaches back along the lineage; changing takes standing above the place now.
        return places.is_within(place_id, roots) if is_reading(action) else places.stands_within(place_id, roots)

    def scope(self, actor: Actor, action: str) -> Scope:
        """Where: everything, or place subtrees and bodies."""
        grants = [grant for grant in actor.grants if allows(grant.role, action)]
        return Scope(
            everything=any(grant.place_id is None and grant.body_id is None for grant in grants),
            place_ids=frozenset(grant.place_id for grant in grants if grant.place_id is not None),
            body_ids=frozenset(grant.body_id for grant in grants if grant.body_id is not None),
        )


def in_force(on: date) -> Q:
    """Grants in force on the day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def actor_of(user: User, on: date | None = None) -> Actor:
    """The user as an actor with the grants of the day; one query."""
    grants = user.grants.filter(in_force(on or timezone.localdate())).order_by("pk")
    held = tuple(Grant(*row) for row in grants.values_list("role", "place_id", "body_id"))
    return Actor(user.pk, str(user), held)


def seat_of(actor: Actor) -> int | None:
    """The place of the unit that keeps the actor's account."""
    return User.objects.filter(pk=actor.id).values_list("place_id", flat=True).first() if actor.id is not None else None


def needs_second_factor(actor: Actor) -> bool:
    """Whether one of the actor's roles signs in with a second factor: by the role table, or by HELI_SECOND_FACTOR."""
    roles, asked = role_table().roles, settings.SECOND_FACTOR_ROLES
    return any(grant.role in asked or roles[grant.role].second_factor for grant in actor.grants if grant.role in roles)


def in_scope(scope: Scope) -> QuerySet[User]:
    """The accounts that an administrator of this scope keeps."""
    users = User.objects.all()
    if scope.everything:
        return users
    return users.filter(place__in=places.in_scope(scope))


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as the administrator's list shows it."""

    public_id: str
    username: str
    name: str
    place_name: str
    roles: tuple[str, ...]
    is_active: bool


def account_rows(scope: Scope, on: date) -> list[AccountRow]:
    """All accounts of a scope with the roles they hold on the day; three queries."""
    users = list(in_scope(scope).order_by("username"))
    names = places.names_at({user.place_id for user in users if user.place_id is not None}, on)
    roles: dict[int, list[str]] = {}
    held = RoleGrant.objects.filter(in_force(on), user__in=in_scope(scope)).order_by("pk")
    for user_id, role in held.values_list("user_id", "role"):
        if role not in roles.setdefault(user_id, []):
            roles[user_id].append(role)
    return [
        AccountRow(
            public_id=user.public_id,
            username=user.username,
            name=user.name,
            place_name=names.get(user.place_id, "") if user.place_id is not None else "",
            roles=tuple(roles.get(user.pk, ())),
            is_active=user.is_active,
        )
        for user in users
    ]


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant as the page of an account lists it."""

    public_id: str
    role: str
    place_name: str
    body_name: str
    valid_from: date
    valid_to: date | None
    is_open: bool


def grants_of(user: User, on: date) -> list[GrantRow]:
    """Every grant the user holds or held, newest first."""
    grants = list(user.grants.select_related("body").order_by("-valid_from", "-pk"))
    names = places.names_at([grant.place_id for grant in grants if grant.place_id is not None], on)
    return [
        GrantRow(
            public_id=grant.public_id,
            role=grant.role,
            place_name=names.get(grant.place_id, "") if grant.place_id is not None else "",
            body_name=grant.body.name if grant.body else "",
            valid_from=grant.valid_from,
            valid_to=grant.valid_to,
            is_open=grant.valid_to is None or grant.valid_to > on,
        )
        for grant in grants
    ]


def grant_of(user: User, public_id: str) -> RoleGrant | None:
    """A grant of the user by its public id."""
    return user.grants.filter(public_id=public_id).first()


def sign_in_subject(username: str) -> str:
    """What stands in the trail for a typed sign-in name: a keyed digest, for people type passwords there by mistake."""
    return f"sign-in {keyed_digest(username.strip().lower())[:24]}"


def sign_in_keys(username: str, source: str) -> tuple[str, str, str]:
    """Under which digests failures are counted: of the name from this source, of the name, of the source."""
    name = username.strip().lower()
    return (
        limits.key_of("sign-in", name, source),
        limits.key_of("sign-in of", name),
        limits.key_of("sign-in from", source),
    )


def locked_until(username: str, source: str, now: datetime) -> datetime | None:
    """Until when nobody may sign in under this name from this source; None when they may.

    A name that fails often from anywhere is watched: from each source fewer failures lock it, for longer. No source can lock
    the name for another.
    """
    rules = role_table().sign_in
    pair, name, _source = sign_in_keys(username, source)
    if len(limits.times(name, now - rules.watched.window)) >= rules.watched_after:
        rules = replace(rules, **asdict(rules.watched))
    return compute_locked_until(limits.times(pair, now - rules.window - rules.lock), now, rules)


def is_source_tired(source: str, now: datetime) -> bool:
    """Whether so many sign-ins failed from this source, under whatever names, that nobody may try from it for a while."""
    rules = role_table().sign_in
    return len(limits.times(sign_in_keys("", source)[2], now - rules.window)) >= rules.source_failures


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One of a person's own sessions: a name for it that is no key, its browser, since when, when last used."""

    handle: str
    agent: str
    since: datetime | None
    seen: datetime | None
    is_current: bool


def sessions_of(actor: Actor, current: str, now: datetime) -> list[SessionRow]:
    """The actor's open sessions, the present one first, then the last used."""
    rows = []
    for session in Session.objects.filter(account_id=actor.id, expire_date__gt=now):
        data = session.get_decoded()
        moments = [datetime.fromtimestamp(data[key], UTC) if key in data else None for key in (SINCE, SEEN)]
        handle, is_current = session_handle(session.session_key), session.session_key == current
        rows.append(SessionRow(handle, str(data.get(AGENT, "")), moments[0], moments[1], is_current))
    return sorted(rows, key=lambda row: (not row.is_current, -(row.seen.timestamp() if row.seen else 0), row.handle))


def session_handle(key: str) -> str:
    """What stands in a page for a session: from it nobody gets the key that opens it."""
    return limits.key_of("session", key)[:24]


def active_users(user_ids: Collection[int]) -> set[int]:
    """Those of the keys that are open accounts; one query."""
    return set(User.objects.filter(pk__in=list(user_ids), is_active=True).values_list("pk", flat=True))


def account_named(username: str) -> int | None:
    """The key of the open account of this sign-in name."""
    return User.objects.filter(username=username, is_active=True).values_list("pk", flat=True).first()


def closed_users() -> QuerySet[User, int]:
    """Keys of closed accounts."""
    return User.objects.filter(is_active=False).values_list("pk", flat=True)


def people_over_body(body_id: int, on: date) -> list[int]:
    """Keys of the open accounts that hold a role over a body on the day; one query."""
    grants = RoleGrant.objects.filter(in_force(on), body_id=body_id, user__is_active=True)
    return list(dict.fromkeys(grants.order_by("user_id").values_list("user_id", flat=True)))


def bodies_spoken_for(body_ids: Collection[int], action: str, on: date) -> set[int]:
    """Those of the bodies in whose name an open account may do `action` on the day; one query."""
    grants = RoleGrant.objects.filter(in_force(on), body_id__in=list(body_ids), user__is_active=True)
    return {body for body, role in grants.order_by().values_list("body_id", "role") if body and allows(role, action)}


def people_with_role(role: str, on: date) -> list[int]:
    """Keys of the open accounts that hold a role over the whole installation on the day; one query."""
    everywhere = RoleGrant.objects.filter(in_force(on), role=role, place=None, body=None, user__is_active=True)
    return list(dict.fromkeys(everywhere.order_by("user_id").values_list("user_id", flat=True)))


def people_who_may(action: str, place_id: int, on: date) -> list[int]:
    """Keys of the open accounts that may do `action` at the place by a role over it or a place above it on the day.

    Roles over the whole installation do not count: whoever may do everything everywhere is not told of everything.
    """
    above: set[int] = {place_id}
    frontier: set[int] = {place_id}
    while frontier:
        rows = places.rows_of(frontier, on).values()
        frontier = {key for row in rows for key in (row.parent_id, row.district_id) if key is not None} - above
        above |= frontier
    grants = RoleGrant.objects.filter(in_force(on), place_id__in=above, user__is_active=True)
    held = grants.order_by("user_id").values_list("user_id", "role")
    return list(dict.fromkeys(user_id for user_id, role in held if allows(role, action)))


def actors_within(district_id: int, on: date) -> list[Actor]:
    """Everybody with a role over a place of the district (or over everything) on the day, as actors; three queries."""
    reached = places.in_scope(Scope(place_ids=frozenset({district_id}))).values("pk")
    everywhere = Q(place__isnull=True, body__isnull=True)
    grants = RoleGrant.objects.filter(in_force(on)).filter(everywhere | Q(place__in=reached)).order_by("user_id", "pk")
    held: dict[int, list[Grant]] = {}
    for user_id, role, place_id, body_id in grants.values_list("user_id", "role", "place_id", "body_id"):
        held.setdefault(user_id, []).append(Grant(role, place_id, body_id))
    users = User.objects.filter(pk__in=held, is_active=True).order_by("pk")
    return [Actor(user.pk, str(user), tuple(held[user.pk])) for user in users]


def keys_in(scope: Scope) -> QuerySet[ProgramKey]:
    """The keys that an administrator of this scope keeps: of their places and their accounts."""
    keys = ProgramKey.objects.select_related("user")
    if scope.everything:
        return keys
    return keys.filter(Q(place__in=places.in_scope(scope)) | Q(place=None, user__in=in_scope(scope)))


@dataclass(frozen=True, slots=True)
class ProgramKeyRow:
    """A program's key as the administrator's list shows it; `used` counts its uses, `last` is the last hour of them."""

    public_id: str
    name: str
    whose: str
    is_for_account: bool
    most_an_hour: int
    ending: str
    issued_on: date
    is_released: bool
    can_be_released: bool
    revoked_on: date | None
    used: int
    last: datetime | None


def key_rows(scope: Scope, on: date, actor_id: int | None = None) -> list[ProgramKeyRow]:
    """The keys of a scope, those in force first, and whether this administrator may release one; three queries."""
    rows = keys_in(scope).annotate(used=Sum("uses__count"), last=Max("uses__hour"))
    keys: list[Any] = list(rows.order_by(F("revoked_on").desc(nulls_first=True), "-pk"))
    names = places.names_at({key.place_id for key in keys if key.place_id is not None}, on)
    return [
        ProgramKeyRow(
            key.public_id, key.name, str(key.user) if key.user else names.get(key.place_id, ""), key.user is not None,
            key.most_an_hour, key.ending, key.issued_on, key.released_on is not None,
            key.released_on is None and actor_id is not None and actor_id not in (key.issued_by_id, key.user_id),
            key.revoked_on, key.used or 0, key.last,
        )
        for key in keys
    ]  # fmt: skip


def key_of_program(secret: str) -> ProgramKey | None:
    """The key in force behind what a program sent: released by a second person, its account open; one query."""
    if not secret.strip():
        return None
    found = ProgramKey.objects.filter(digest=compute_key_digest(secret), revoked_on=None, released_on__isnull=False)
    key = found.select_related("user").first()
    return None if key is None or (key.user is not None and not key.user.is_active) else key
