"""Who may change accounts: administrators of the place, and never their own account; everyone their own password."""

from datetime import UTC, date, datetime

import pytest

from heli.accounts import services
from heli.accounts.models import RoleGrant
from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase, build_world, key_given, key_of_half
from heli.accounts.types import RoleName
from heli.kernel.access import SYSTEM
from heli.ui.testing import EVERYONE, Kwargs

pytestmark = pytest.mark.django_db
ADMINISTRATOR = ("administrator",)
DAY = date(2026, 3, 2)
key: Kwargs = {"name": "热线", "most_an_hour": 60, "on": DAY}


def auditor(world: World) -> Kwargs:
    return {"user": world.a.users["auditor"]}


def own(world: World) -> Kwargs:
    return {"user": world.a.users["administrator"]}


def newcomer(world: World) -> Kwargs:
    return {"username": "li.si", "name": "李四", "place_id": world.a.district.pk}


def closed(world: World) -> Kwargs:
    services.set_active(
        actor=SYSTEM, user=world.a.users["auditor"], is_active=False, at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    return {"at": datetime(2026, 3, 2, tzinfo=UTC)}


CASES = [
    WriteCase(services.add_user, ADMINISTRATOR, newcomer),
    WriteCase(
        services.add_user_with_role, ADMINISTRATOR, lambda w: {**newcomer(w), "role": RoleName.AUDITOR, "on": DAY}
    ),
    WriteCase(
        services.grant_role,
        ADMINISTRATOR,
        lambda w: {**auditor(w), "role": RoleName.TOWN_OFFICER, "on": DAY, "place_id": w.a.town.pk},
    ),
    WriteCase(services.end_grant, ADMINISTRATOR, lambda w: {"grant": RoleGrant.objects.get(**auditor(w)), "on": DAY}),
    WriteCase(services.set_active, ADMINISTRATOR, lambda w: {**auditor(w), "is_active": False}),
    WriteCase(services.reset_password, ADMINISTRATOR, auditor),
    WriteCase(services.issue_key, ADMINISTRATOR, lambda w: {**key, "place_id": w.a.district.pk}),
    WriteCase(services.issue_key, ADMINISTRATOR, lambda w: {**key, **auditor(w)}),
    WriteCase(services.release_key, ADMINISTRATOR, lambda w: {"key": key_given(w.a), "on": DAY}),
    WriteCase(services.revoke_key, ADMINISTRATOR, lambda w: {"key": key_of_half(w.a)[0], "on": DAY}),
    WriteCase(services.change_password, ("auditor",), lambda w: {**auditor(w), "password": "安居镇的第三个春天 2026"}),
    WriteCase(services.end_sessions, EVERYONE, lambda w: {"keep": "this one"}, is_own=True),
    WriteCase(services.forget_users, (*SYSTEM_ONLY, *ADMINISTRATOR), closed),
]
# Their own account is the matter of another administrator.
CASES += [
    WriteCase(service, SYSTEM_ONLY, given, first="administrator", refused="own_account")
    for service, given in (
        (services.grant_role, lambda w: {**own(w), "role": RoleName.AUDITOR, "on": DAY, "place_id": w.a.district.pk}),
        (services.end_grant, lambda w: {"grant": RoleGrant.objects.get(**own(w)), "on": DAY}),
        (services.set_active, lambda w: {**own(w), "is_active": False}),
        (services.reset_password, own),
        (services.issue_key, lambda w: {**key, **own(w)}),
    )
]
# Whoever gave a key does not release it.
CASES += [
    WriteCase(
        services.release_key, SYSTEM_ONLY, lambda w: {"key": key_given(w.a, w.a.actor("administrator")), "on": DAY},
        first="administrator", refused="same_person",
    )
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(case: WriteCase) -> None:
    assert case.wrong_answers(build_world()) == []
