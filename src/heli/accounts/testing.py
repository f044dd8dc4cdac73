"""A small world to test access in: two districts, and someone in every role in each.

    Q (district)                      L (district)
    ├─ 代市镇: 岩门村 大石村 代市社区    ├─ 藤桥镇: 上潘村 下寮村
    └─ 观塘镇: 光明村 水口村            └─ 山福镇: 驿头村
    bodies: 民政局 (department), 岩门工作组 (work group)   · 住建局

Officers, liaisons, auditors, tally clerks and administrators hold their role over the district (liaisons for its two bodies), town
officers and bookkeepers over the first town, cadres, grid workers, cashiers and supervisors over its first village. `nobody` is
signed in without a role; a stranger is not signed in.

Every context's `testing.py` exports `ACCESS: list[AccessCase]` (heli.ui.testing), one for every URL it has;
`tests/test_access.py` walks them × roles × foreign objects, and fails for a URL that no case names.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.test import Client

from heli.accounts import queries, services
from heli.accounts.models import ProgramKey, User
from heli.accounts.types import RoleName
from heli.audit.models import Entry
from heli.audit.testing import written_once
from heli.bodies import services as bodies
from heli.bodies.models import Body
from heli.bodies.types import BodyKind, LinkKind
from heli.kernel.access import PUBLIC, SYSTEM, Actor, Grant
from heli.kernel.faults import Forbidden, Refused
from heli.places.models import Place
from heli.places.testing import Register, draw_register
from heli.ui.testing import BOOKS, CLERK, EVERYONE, NOBODY, STAFF, STRANGER, AccessCase, Kwargs, public_id

BEGINNING = date(2010, 1, 1)
PASSWORD = "a long password of tests"


@dataclass(slots=True)
class Half:
    """One of the two districts with its people."""

    register: Register
    towns: tuple[str, ...]
    users: dict[str, User] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def place(self, name: str) -> Place:
        """A place by its name in the drawing."""
        return Place.objects.get(pk=self.register[name])

    def actor(self, role: str) -> Actor:
        """The person of a role, as an actor."""
        return queries.actor_of(self.users[role])

    @property
    def district(self) -> Place:
        """The district itself."""
        return Place.objects.get(pk=self.register.district)

    @property
    def town(self) -> Place:
        """The town that the town officer has."""
        return self.place(self.towns[0])

    @property
    def village(self) -> Place:
        """The village that the cadre and the grid worker have, in that town."""
        return self.place("岩门村" if "岩门村" in self.register.keys else "上潘村")

    @property
    def other_village(self) -> Place:
        """A village of the other town."""
        return self.place("光明村" if "光明村" in self.register.keys else "驿头村")


@dataclass(slots=True)
class World:
    """Both districts; `a` is home, `b` is foreign. `kept` holds what a context's own builder added."""

    a: Half
    b: Half
    nobody: User
    kept: dict[str, Any] = field(default_factory=dict)

    def client(self, role: str, half: Half | None = None) -> Client:
        """A browser signed in as the person of a role (home district), as `nobody`, or not at all (`stranger`)."""
        client = Client()
        if role != STRANGER:
            client.force_login(self.nobody if role == NOBODY else (half or self.a).users[role])
        return client


@written_once
def build_world() -> World:
    """Write the world through the services."""
    first = Half(draw_register({"代市镇": "岩门村 大石村 (代市社区)", "观塘镇": "光明村 水口村"}), ("代市镇", "观塘镇"))
    second = Half(
        draw_register({"藤桥镇": "上潘村 下寮村", "山福镇": "驿头村"}, district="L", code="330302"),
        ("藤桥镇", "山福镇"),
    )
    for number, half in enumerate((first, second)):
        _add_bodies(half, "民政局" if number == 0 else "住建局")
        for role in (*STAFF, CLERK, *BOOKS):
            over = list(half.bodies.values()) if role == RoleName.DEPARTMENT_LIAISON else [None]
            half.users[role] = _add_user(f"{role}.{'ab'[number]}", role, _seat(half, role), half, over)
    nobody, _password = services.add_user(actor=SYSTEM, username="nobody", name="nobody", password=PASSWORD)
    return World(first, second, nobody)


def _seat(half: Half, role: str) -> Place:
    if role in (RoleName.TOWN_OFFICER, RoleName.BOOKKEEPER):
        return half.town
    narrow = (RoleName.VILLAGE_CADRE, RoleName.GRID_WORKER, RoleName.CASHIER, RoleName.SUPERVISOR)
    return half.village if role in narrow else half.district


def _add_user(username: str, role: str, place: Place, half: Half, over: Sequence[Body | None]) -> User:
    user, _password = services.add_user(
        actor=SYSTEM, username=username, name=username, place_id=half.register.district, password=PASSWORD
    )
    for body in over:
        given: dict[str, Any] = {"place_id": place.pk, "body_id": body.pk if body else None}
        services.grant_role(actor=SYSTEM, user=user, role=role, on=BEGINNING, **given)
    return user


def _add_bodies(half: Half, department: str) -> None:
    district = half.register.district
    half.bodies["department"] = bodies.add_body(
        actor=SYSTEM, name=department, kind=BodyKind.DEPARTMENT, place_id=district, on=BEGINNING
    )
    group = bodies.add_body(
        actor=SYSTEM, name="岩门工作组", kind=BodyKind.WORK_GROUP, place_id=half.town.pk, on=BEGINNING
    )
    half.bodies["group"] = group
    person = bodies.add_person(actor=SYSTEM, body=group, name="王组长", office="组长", on=BEGINNING)
    link = bodies.add_link(
        actor=SYSTEM,
        kind=LinkKind.RESPONSIBLE,
        place_id=half.village.pk,
        person=person,
        on=BEGINNING,
        document_number="1号",
    )
    half.links["group"] = link.public_id


# -- who may write what ------------------------------------------------------------------------------------------------

SYSTEM_ONLY = ("system",)
"""Whom jobs act as: no role may call these services."""


@dataclass(frozen=True, slots=True)
class WriteCase:
    """A valid call of a service that writes: who may make it, and that nobody else may.

    `may` are roles of `EVERYONE`, "public" (whoever opened a page of the home district) or "system". `given` makes the keyword
    arguments, without the actor, of a call about the home district; about its first village or town where a narrower role may
    make it. `first` took the step before that a second person decides, and is refused with the code `refused`. `is_own`: about
    what is everybody's own, there is no other district. `hidden`: the code for whoever does not even see what it is about.
    """

    service: Callable[..., object]
    may: Collection[str]
    given: Callable[[World], Kwargs] = lambda world: {}
    first: str = ""
    refused: str = "same_person"
    is_own: bool = False
    hidden: str = "forbidden"

    def __str__(self) -> str:
        return self.service.__name__

    def wrong_answers(self, world: World) -> list[str]:
        """Who was let in without a right, or kept out in spite of one; of the refused, who wrote. Empty when all is well."""
        given = self.given(world)
        # Who is refused no database changes: the run on SQLite has it.
        strangers = () if connection.vendor == "postgresql" else self._strangers(world)
        expected = [(name, actor, {"forbidden", self.hidden}) for name, actor in strangers]
        if self.first:
            first = _person(world, world.a, self.first)
            expected.append((f"{self.first}, the first person", first, {self.refused}))
        others = (role for role in self.may if role != self.first)
        expected += [(role, _person(world, world.a, role), {"done and written"}) for role in others]
        answers = ((name, _answer(self.service, actor, given), well) for name, actor, well in expected)
        return [f"{name}: {answer}" for name, answer, well in answers if answer not in well]

    def _strangers(self, world: World) -> Iterator[tuple[str, Actor]]:
        """Whoever has the right nowhere, and whoever has it somewhere else."""
        yield STRANGER, PUBLIC
        without = [role for role in (*EVERYONE, "public") if role not in (*self.may, self.first)]
        yield from ((role, _person(world, world.a, role)) for role in without)
        if self.is_own:
            return
        yield from ((f"{role} of the other district", _person(world, world.b, role)) for role in (*STAFF, "public"))
        for role in (RoleName.TOWN_OFFICER, RoleName.VILLAGE_CADRE):
            seat = world.a.place(world.a.towns[1]) if role == RoleName.TOWN_OFFICER else world.a.other_village
            yield f"{role} of another place", replace(world.a.actor(role), grants=(Grant(role, seat.pk),))


def _person(world: World, half: Half, role: str) -> Actor:
    if role == "system":
        return SYSTEM
    if role == "public":
        return Actor(None, "public", (Grant("public", half.district.pk),))
    return queries.actor_of(world.nobody) if role == NOBODY else half.actor(role)


def _answer(service: Callable[..., object], actor: Actor, given: Kwargs) -> str:
    """What a call answers, and whether it wrote; it is taken back."""
    before = Entry.objects.count()
    with transaction.atomic():
        try:
            service(actor=actor, **deepcopy(dict(given)))
            answer = "done"
        except Forbidden:
            answer = "forbidden"
        except Refused as refused:
            answer = " ".join(sorted({fault.code for fault in refused.faults}))
        written = Entry.objects.count() > before
        transaction.set_rollback(True)
    return f"{answer} and written" if written else answer


MANAGERS = ("administrator",)


def key_of_half(half: Half, user: User | None = None, most_an_hour: int = 600) -> tuple[ProgramKey, str]:
    """A program's key and its text: to report in that half's district, or to read as one of its people."""
    given: dict[str, Any] = {"name": "市民热线", "most_an_hour": most_an_hour, "on": BEGINNING}
    key, secret = services.issue_key(actor=SYSTEM, place_id=None if user else half.district.pk, user=user, **given)
    services.release_key(actor=SYSTEM, key=key, on=BEGINNING)
    key.refresh_from_db()
    return key, secret


def key_given(half: Half, actor: Actor = SYSTEM) -> ProgramKey:
    """A key that nobody has released yet."""
    given: dict[str, Any] = {"name": "市民热线", "most_an_hour": 60, "on": BEGINNING, "place_id": half.district.pk}
    return services.issue_key(actor=actor, **given)[0]


ACCESS: list[AccessCase] = [
    AccessCase("accounts:list", MANAGERS),
    AccessCase("accounts:add", MANAGERS),
    AccessCase("accounts:add", MANAGERS, method="post", success=(422,)),
    AccessCase(
        "accounts:account",
        MANAGERS,
        own=public_id(lambda world: world.a.users["auditor"]),
        foreign=public_id(lambda world: world.b.users["auditor"]),
    ),
    *(
        AccessCase(
            f"accounts:{name}",
            MANAGERS,
            own=public_id(lambda world: world.a.users["auditor"]),
            foreign=public_id(lambda world: world.b.users["auditor"]),
            method="post",
            success=(success,),
        )
        for name, success in (("grant", 422), ("activity", 422), ("reset_password", 200))
    ),
    AccessCase(
        "accounts:end_grant",
        MANAGERS,
        own=lambda world: _first_grant(world.a.users["auditor"]),
        foreign=lambda world: _first_grant(world.b.users["auditor"]),
        method="post",
        success=(303,),
    ),
    AccessCase("accounts:keys", MANAGERS),
    AccessCase("accounts:add_key", MANAGERS),
    AccessCase("accounts:add_key", MANAGERS, method="post", success=(422,)),
    AccessCase(
        "accounts:revoke_key",
        MANAGERS,
        own=lambda world: {"key_id": key_of_half(world.a)[0].public_id},
        foreign=lambda world: {"key_id": key_of_half(world.b)[0].public_id},
        method="post",
        success=(303,),
    ),
    AccessCase(
        "accounts:release_key",
        MANAGERS,
        own=lambda world: {"key_id": key_given(world.a).public_id},
        foreign=lambda world: {"key_id": key_given(world.b).public_id},
        method="post",
        success=(303,),
    ),
    # Sign-in's own pages: everybody's, about themselves only. Those that change something ask for the password again.
    AccessCase("account_login", (STRANGER,), refused=(302,)),
    AccessCase("account_logout", EVERYONE),
    AccessCase("account_inactive", (*EVERYONE, STRANGER)),
    AccessCase("account_reauthenticate", EVERYONE, success=(200, 302)),
    AccessCase("account_change_password", EVERYONE),
    AccessCase("account_sessions", EVERYONE),
    AccessCase("account_end_sessions", EVERYONE, method="post", success=(302,)),
    AccessCase("account_go_on", EVERYONE, success=(303,)),
    AccessCase("mfa_index", EVERYONE),
    AccessCase("mfa_authenticate", (), refused=(302,)),
    AccessCase("mfa_reauthenticate", EVERYONE, success=(200, 302)),
    AccessCase("mfa_activate_totp", EVERYONE, success=(200, 302)),
    AccessCase("mfa_deactivate_totp", EVERYONE, success=(302, 404)),
    AccessCase("mfa_view_recovery_codes", EVERYONE, success=(302, 404)),
    AccessCase("mfa_generate_recovery_codes", EVERYONE, success=(200, 302)),
    AccessCase("mfa_download_recovery_codes", EVERYONE, success=(302, 404)),
]


def _first_grant(user: User) -> Kwargs:
    grant = user.grants.order_by("pk").first()
    assert grant is not None
    return {"public_id": user.public_id, "grant_id": grant.public_id}
