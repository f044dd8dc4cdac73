"""Keys of other programs: kept as digests, counted, limited, ended, and never beyond whom they are given for."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from heli.accounts import queries, services
from heli.accounts.models import KeyUse, ProgramKey
from heli.accounts.testing import BEGINNING, World, build_world, key_of_half
from heli.accounts.types import RoleName
from heli.audit.guard import allowed
from heli.audit.models import Entry
from heli.kernel.access import SYSTEM, Scope
from heli.kernel.faults import Refused
from heli.places.queries import names_at

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def test_only_a_digest_is_kept_and_only_a_key_in_force_opens(world: World) -> None:
    key, secret = key_of_half(world.a)
    assert secret not in str(ProgramKey.objects.values().get())
    assert secret not in str(list(Entry.objects.values_list("after", "before", "subject")))
    assert queries.key_of_program(f" {secret} ") == key
    assert (
        queries.key_of_program(secret[:-1]) is queries.key_of_program("") is queries.key_of_program(key.digest) is None
    )
    services.revoke_key(actor=SYSTEM, key=key, on=date(2026, 3, 2))
    assert queries.key_of_program(secret) is None
    with pytest.raises(Refused) as refused:
        services.revoke_key(actor=SYSTEM, key=key, on=date(2026, 3, 2))
    assert [fault.code for fault in refused.value.faults] == ["key_ended"]


def test_a_key_ends_with_the_account_it_reads_as(world: World) -> None:
    user = world.a.users["auditor"]
    _key, secret = key_of_half(world.a, user)
    assert queries.key_of_program(secret) is not None
    services.set_active(actor=SYSTEM, user=user, is_active=False)
    assert queries.key_of_program(secret) is None


def test_each_use_is_counted_and_the_limit_holds_by_the_hour(world: World) -> None:
    key, _secret = key_of_half(world.a, most_an_hour=2)
    assert [services.count_use(key, at=NOW) for _time in range(4)] == [True, True, False, False]
    assert services.count_use(key, at=NOW + timedelta(hours=1))
    row = queries.key_rows(Scope(everything=True), NOW.date())[0]
    assert (row.used, row.whose) == (3, names_at([world.a.district.pk], NOW.date())[world.a.district.pk])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " "}, "key_unnamed"), ({"place_id": None}, "key_for_nobody"), ({"most_an_hour": 0}, "key_limit"),
        ({"most_an_hour": 100_001}, "key_limit"),
    ],
)  # fmt: skip
def test_a_key_says_for_whom_and_how_often(world: World, wrong: Mapping[str, Any], code: str) -> None:
    given: dict[str, Any] = {
        "name": "热线",
        "place_id": world.a.district.pk,
        "most_an_hour": 60,
        "on": BEGINNING,
        **wrong,
    }
    with pytest.raises(Refused) as refused:
        services.issue_key(actor=SYSTEM, **given)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_nobody_gets_a_key_for_whoever_reaches_further(world: World) -> None:
    user, other = world.a.users["auditor"], world.b.district
    services.grant_role(actor=SYSTEM, user=user, role="auditor", on=BEGINNING, place_id=other.pk)
    given: dict[str, Any] = {"name": "报表", "most_an_hour": 60, "on": BEGINNING, "user": user}
    with pytest.raises(Refused) as refused:
        services.issue_key(actor=world.a.actor("administrator"), **given)
    assert refused.value.faults[0].code == "role_beyond"


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"released_by": 1, "issued_by": 1}, "program_key_released_by_another"),
        ({"name": ""}, "program_key_named"),
        ({"most_an_hour": 0}, "program_key_has_limit"),
        ({"place": None}, "program_key_for_a_place_or_account"),
        ({"revoked_on": date(2009, 1, 1)}, "program_key_ends_after_it_began"),
    ],
)
def test_the_database_holds_what_a_key_is(world: World, wrong: Mapping[str, Any], constraint: str) -> None:
    key, _secret = key_of_half(world.a)
    one = world.a.users["administrator"].pk
    wrong = {name: one if value == 1 else value for name, value in wrong.items()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), allowed():
        ProgramKey.objects.filter(pk=key.pk).update(**wrong)


def test_an_hour_has_one_count(world: World) -> None:
    key, _secret = key_of_half(world.a)
    services.count_use(key, at=NOW)
    one = KeyUse.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic(), allowed():
        KeyUse.objects.create(key=key, hour=one.hour, count=1)


def test_the_administrator_gives_a_key_on_a_page_and_ends_it(world: World) -> None:
    client = world.client("administrator")
    form = {"name": "市民热线", "place": world.a.district.public_id, "account": "", "most_an_hour": 60}
    page = client.post(reverse("accounts:add_key"), form).content.decode()
    key = ProgramKey.objects.get()
    secret = page.split('id="program-key">')[1].split("<")[0]
    assert queries.key_of_program(secret) is None
    release = reverse("accounts:release_key", args=[key.public_id])
    listed = client.get(reverse("accounts:keys")).content.decode()
    assert release not in listed
    client.post(release)
    assert queries.key_of_program(secret) is None
    second = services.add_user_with_role(
        actor=SYSTEM, username="second", name="第二管理员", role=RoleName.ADMINISTRATOR, on=BEGINNING,
        place_id=world.a.district.pk,
    )[0]  # fmt: skip
    services.release_key(actor=queries.actor_of(second), key=key, on=BEGINNING)
    assert queries.key_of_program(secret) == key
    listed = client.get(reverse("accounts:keys")).content.decode()
    assert f"…{key.ending}" in listed
    assert secret not in listed
    assert client.post(reverse("accounts:revoke_key", args=[key.public_id])).status_code == 303
    assert queries.key_of_program(secret) is None
