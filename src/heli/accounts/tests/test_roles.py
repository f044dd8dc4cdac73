"""Who may do what where: the role table, grants over places and bodies, and how they are given and ended."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from heli.accounts import queries, services
from heli.accounts.models import RoleGrant, User
from heli.accounts.rules import allows, parse_role_table, role_table
from heli.accounts.testing import PASSWORD, World, build_world
from heli.accounts.types import RoleName
from heli.audit.models import Entry
from heli.audit.testing import unaudited
from heli.kernel.access import PUBLIC, SYSTEM, may, scope
from heli.kernel.faults import Forbidden, Refused
from heli.places.testing import merge

ON = date(2026, 3, 1)


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def codes(refused: Any) -> list[str]:
    return [fault.code for fault in refused.value.faults]


# -- the table -------------------------------------------------------------------------------------------------------


def test_every_role_is_in_the_table_and_the_auditor_changes_nothing() -> None:
    assert set(role_table().roles) == set(RoleName)
    assert all(action.endswith((".read", ".export")) for action in role_table().roles["auditor"].actions)
    assert allows("auditor", "planning.read")
    assert not allows("auditor", "planning.edit")
    assert not any(allows("public", action) for action in ("places.read", "ui.read", "accounts.manage"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('id = "x"', "missing"),
        ("colour = 1", "colour"),
        ("[roles.king]\nactions = []", "king"),
        ('[roles.auditor]\nactions = []\npower = "all"', "power"),
    ],
)
def test_a_wrong_table_is_refused_with_file_and_key(tmp_path: Path, text: str, said: str) -> None:
    good = (Path(services.__file__).parent / "data" / "roles.toml").read_text(encoding="utf-8")
    wrong = {
        "missing": text,
        "colour": f"{text}\n{good}",
        "king": f"{good}\n{text}",
        "power": good.replace('[roles.auditor]\nactions = ["*.read", "places.export"]', text),
    }
    path = tmp_path / "roles.toml"
    path.write_text(wrong[said], encoding="utf-8")
    with pytest.raises(Refused) as caught:
        parse_role_table(path)
    told = [f"{fault.source} {fault.message}" for fault in caught.value.faults]
    assert all(each.startswith("roles.toml:") for each in told)
    assert any(said in each for each in told)


# -- may and scope ---------------------------------------------------------------------------------------------------


def test_a_role_reaches_its_place_and_what_lies_in_it_and_nothing_beside(world: World) -> None:
    officer = world.a.actor("town_officer")
    assert may(officer, "places.read", world.a.town.pk)
    assert may(officer, "places.read", world.a.village.pk)
    assert not may(officer, "places.read", world.a.other_village.pk)
    assert not may(officer, "places.read", world.a.district.pk)
    assert not may(officer, "places.read", world.b.village.pk)
    assert not may(officer, "places.import", world.a.town.pk)


def test_a_merged_village_stays_with_the_officer_of_its_successor(world: World) -> None:
    merge(world.a.register, "岩门村 大石村", "新村", date(2020, 1, 1), parent="代市镇")
    assert may(world.a.actor("town_officer"), "places.read", world.a.village.pk)
    assert not may(world.b.actor("town_officer"), "places.read", world.a.village.pk)


def test_strangers_may_nothing_and_the_signed_in_at_least_the_shell(world: World) -> None:
    nobody = queries.actor_of(world.nobody)
    assert may(nobody, "ui.read")
    assert not may(nobody, "places.read")
    assert not may(PUBLIC, "ui.read")
    assert not scope(PUBLIC, "places.read")


def test_a_grant_over_a_body_reaches_the_body_and_no_place(world: World) -> None:
    body = world.a.bodies["department"]
    services.grant_role(actor=SYSTEM, user=world.nobody, role="department_liaison", on=ON, body_id=body.pk)
    actor = queries.actor_of(world.nobody, ON)
    assert scope(actor, "bodies.read").body_ids == {body.pk}
    assert not scope(actor, "bodies.read").everything
    assert not may(actor, "places.read", world.a.village.pk)


def test_a_grant_counts_from_its_first_day_to_the_day_before_its_last(world: World) -> None:
    grant = services.grant_role(actor=SYSTEM, user=world.nobody, role="auditor", on=ON)
    services.end_grant(actor=SYSTEM, grant=grant, on=date(2026, 4, 1))
    held = [bool(queries.actor_of(world.nobody, day).grants) for day in (date(2026, 2, 28), ON, date(2026, 3, 31))]
    assert held == [False, True, True]
    assert not queries.actor_of(world.nobody, date(2026, 4, 1)).grants


def test_a_request_asks_for_grants_once(world: World, django_assert_max_num_queries: Any) -> None:
    client = world.client("auditor")
    client.get("/account/second-factor/set-up/")
    with django_assert_max_num_queries(4):  # session, user, grants, and whether a second factor is there
        client.get("/account/inactive/")


# -- giving and ending -----------------------------------------------------------------------------------------------


def test_an_administrator_gives_roles_within_the_own_district_only(world: World) -> None:
    keeper, user = world.a.actor("administrator"), world.a.users["grid_worker"]
    services.grant_role(actor=keeper, user=user, role="town_officer", on=ON, place_id=world.a.town.pk)
    with pytest.raises(Forbidden):
        services.grant_role(actor=keeper, user=user, role="auditor", on=ON, place_id=world.b.town.pk)
    with pytest.raises(Forbidden):
        services.grant_role(actor=keeper, user=user, role="auditor", on=ON)
    with pytest.raises(Forbidden):
        services.grant_role(
            actor=keeper, user=world.b.users["auditor"], role="auditor", on=ON, place_id=world.a.town.pk
        )
    with pytest.raises(Forbidden):
        services.grant_role(actor=world.a.actor("auditor"), user=user, role="auditor", on=ON, place_id=world.a.town.pk)


def test_nobody_gives_a_role_to_themselves_or_closes_their_own_account(world: World) -> None:
    keeper, user = world.a.actor("administrator"), world.a.users["administrator"]
    with pytest.raises(Refused) as refused:
        services.grant_role(actor=keeper, user=user, role="auditor", on=ON, place_id=world.a.town.pk)
    assert codes(refused) == ["own_account"]
    with pytest.raises(Refused):
        services.set_active(actor=keeper, user=user, is_active=False)
    with pytest.raises(Refused):
        services.reset_password(actor=keeper, user=user)


def test_a_password_is_renewed_only_by_who_administers_every_role_of_the_person(world: World) -> None:
    keeper, user = world.nobody, world.a.users["town_officer"]
    with unaudited():
        User.objects.filter(pk=user.pk).update(place_id=world.a.town.pk)
    services.grant_role(actor=SYSTEM, user=keeper, role="administrator", on=ON, place_id=world.a.town.pk)
    actor, user = queries.actor_of(keeper, ON), User.objects.get(pk=user.pk)
    assert services.reset_password(actor=actor, user=user)
    services.grant_role(actor=SYSTEM, user=user, role="district_officer", on=ON, place_id=world.a.district.pk)
    with pytest.raises(Refused) as refused:
        services.reset_password(actor=actor, user=user)
    assert codes(refused) == ["role_beyond"]
    assert services.reset_password(actor=world.a.actor("administrator"), user=user)
    services.grant_role(actor=SYSTEM, user=user, role="auditor", on=ON)
    with pytest.raises(Refused):
        services.reset_password(actor=world.a.actor("administrator"), user=user)


@pytest.mark.parametrize("username", ["аdmin", "ａｄｍｉｎ", "ad\u200bmin", "<b>", "ab", "x" * 61])
def test_a_sign_in_name_cannot_pass_for_another(world: World, username: str) -> None:
    with pytest.raises(Refused) as refused:
        services.add_user(actor=SYSTEM, username=username, name="x")
    assert codes(refused) == ["username_form"]
    assert services.add_user(actor=SYSTEM, username="王主任_1.a-b", name="x")


def test_the_same_role_twice_and_an_unknown_one_are_refused(world: World) -> None:
    user = world.a.users["town_officer"]
    with pytest.raises(Refused) as refused:
        services.grant_role(actor=SYSTEM, user=user, role="town_officer", on=ON, place_id=world.a.town.pk)
    assert codes(refused) == ["grant_exists"]
    with pytest.raises(Refused) as refused:
        services.grant_role(actor=SYSTEM, user=user, role="king", on=ON, place_id=world.a.town.pk)
    assert codes(refused) == ["role_unknown"]


def test_a_grant_ends_once_and_not_before_it_begins(world: World) -> None:
    grant = services.grant_role(actor=SYSTEM, user=world.nobody, role="auditor", on=ON, place_id=world.a.town.pk)
    with pytest.raises(Refused) as refused:
        services.end_grant(actor=SYSTEM, grant=grant, on=date(2026, 2, 1))
    assert codes(refused) == ["grant_not_begun"]
    services.end_grant(actor=SYSTEM, grant=grant, on=ON)
    with pytest.raises(Refused) as refused:
        services.end_grant(actor=SYSTEM, grant=grant, on=ON)
    assert codes(refused) == ["grant_ended"]
    services.grant_role(actor=SYSTEM, user=world.nobody, role="auditor", on=ON, place_id=world.a.town.pk)


def test_the_trail_names_no_person_by_name(world: World) -> None:
    user, password = services.add_user(actor=SYSTEM, username="zhang.wei", name="张伟", place_id=world.a.district.pk)
    entry = Entry.objects.order_by("-seq")[0]
    written = f"{entry.subject} {entry.before} {entry.after} {entry.reason}"
    assert entry.what == "accounts.add_user"
    assert not any(secret in written for secret in ("张伟", "zhang.wei", password))
    assert entry.after["user"] == user.pk


def test_wrong_accounts_are_refused_with_the_field(world: World) -> None:
    for username, name, password, expected in (
        ("a b", "x", PASSWORD, "username_form"),
        ("NOBODY", "x", PASSWORD, "username_taken"),
        ("fresh", " ", PASSWORD, "name_missing"),
        ("fresh", "x", "12345678", "password_weak"),
    ):
        with pytest.raises(Refused) as refused:
            services.add_user(actor=SYSTEM, username=username, name=name, password=password)
        assert expected in codes(refused)


# -- what the database refuses ---------------------------------------------------------------------------------------


@pytest.fixture
def raw(world: World) -> Iterator[World]:
    with unaudited():
        yield world


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("grant_role_known", {"role": "king"}),
        ("grant_period_forward", {"valid_to": date(2025, 1, 1)}),
        ("grant_town_officer", {"role": "town_officer"}),
    ],
)
def test_each_constraint_of_grants_fires(raw: World, constraint: str, fields: dict[str, Any]) -> None:
    given = {"user": raw.a.users["town_officer"], "role": "auditor", "place_id": raw.a.town.pk, "valid_from": ON}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        RoleGrant.objects.create(**{**given, **fields})


@pytest.mark.parametrize(
    ("constraint", "username"), [("user_name_once_in_any_case", "Nobody"), ("user_has_sign_in_name", "")]
)
def test_each_constraint_of_users_fires(raw: World, constraint: str, username: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        User.objects.create(username=username, name="x")


# -- pages -----------------------------------------------------------------------------------------------------------


def test_an_administrator_adds_a_person_who_signs_in_and_must_choose_a_password(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    keeper = world.client("administrator")
    given = {"username": "chen.ying", "name": "陈颖", "place": world.a.town.public_id, "role": "town_officer"}
    page = keeper.post("/accounts/add/", given)
    assert page.status_code == 200
    password = page.context["password"]
    client = Client()
    assert client.post("/account/sign-in/", {"login": "chen.ying", "password": password}).status_code == 302
    assert client.get("/bodies/")["Location"] == "/account/password/"
    fresh = "一个很长的新密码 2026"
    changed = {"oldpassword": password, "password1": fresh, "password2": fresh}
    weak = client.post("/account/password/", {**changed, "password1": "1234", "password2": "1234"})
    assert weak.context["form"].errors["password1"]
    assert client.post("/account/password/", changed).status_code == 302
    assert client.get("/bodies/").status_code == 200


def test_closing_an_account_ends_its_sessions(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    officer, user = world.client("town_officer"), world.a.users["town_officer"]
    assert officer.get("/bodies/").status_code == 200
    keeper = world.client("administrator")
    assert keeper.post(f"/accounts/{user.public_id}/activity/", {"reason": "离职"}).status_code == 303
    assert officer.get("/bodies/").status_code == 302
    assert Entry.objects.order_by("-seq")[0].reason == "离职"


# -- commands --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_adds_the_first_administrator_once(capsys: Any) -> None:
    call_command("administrator", "root.keeper", "管理员")
    username, password = capsys.readouterr().out.strip().split(": ")
    user = User.objects.get(username=username)
    assert user.check_password(password)
    assert user.must_change_password
    assert may(queries.actor_of(user), "accounts.manage", None)
    assert scope(queries.actor_of(user), "accounts.manage").everything
    with pytest.raises(CommandError):
        call_command("administrator", "root.keeper", "管理员")


def test_a_closed_account_is_found_nowhere_among_those_who_are_told(world: World) -> None:
    user, half = world.a.users["auditor"], world.a
    services.grant_role(actor=SYSTEM, user=user, role=RoleName.AUDITOR, on=ON)
    services.grant_role(actor=SYSTEM, user=user, role=RoleName.AUDITOR, on=ON, body_id=half.bodies["group"].pk)

    def found() -> list[bool]:
        lists = (
            queries.active_users([user.pk]),
            queries.people_over_body(half.bodies["group"].pk, ON),
            queries.people_with_role(RoleName.AUDITOR, ON),
            queries.people_who_may("places.read", half.village.pk, ON),
            [actor.id for actor in queries.actors_within(half.district.pk, ON)],
        )
        return [user.pk in keys for keys in lists]

    assert found() == [True] * 5
    services.set_active(actor=SYSTEM, user=user, is_active=False)
    assert found() == [False] * 5
