"""Signing in: names and passwords, the lock after failures, sessions that end, the second factor, closed doors."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, get_resolver, reverse

from heli.accounts import queries, services
from heli.accounts.models import User
from heli.accounts.passwords import trade_words
from heli.accounts.queries import SEEN, SINCE
from heli.accounts.rules import compute_locked_until, is_built_from, role_table
from heli.accounts.testing import PASSWORD, World, build_world
from heli.audit.models import Entry
from heli.config.settings import second_factor
from heli.kernel.ids import ALPHABET
from heli.ui import limits

SIGN_IN = "/account/sign-in/"
NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


HERE, ELSEWHERE = "192.0.2.1", "203.0.113.5"


def sign_in(username: str, password: str = PASSWORD, source: str = HERE) -> Any:
    return Client(REMOTE_ADDR=source).post(SIGN_IN, {"login": username, "password": password})


def key_of(client: Client) -> str:
    """What opens the session of a browser."""
    return str(client.session.session_key)


def fail(username: str, source: str, moments: list[datetime]) -> None:
    for moment in moments:
        for key in queries.sign_in_keys(username, source):
            limits.note(key, moment)


def whats() -> list[str]:
    return list(Entry.objects.filter(what__startswith="accounts.sign").order_by("seq").values_list("what", flat=True))


# -- rules -----------------------------------------------------------------------------------------------------------


def minutes(*values: int) -> list[datetime]:
    return [NOW + timedelta(minutes=value) for value in values]


def test_five_failures_within_the_window_lock_the_name_for_the_lock_time() -> None:
    rules = role_table().sign_in
    failures = minutes(0, 1, 2, 3, 4)
    assert compute_locked_until(failures, NOW + timedelta(minutes=5), rules) == NOW + timedelta(minutes=19)
    assert compute_locked_until(failures, NOW + timedelta(minutes=19), rules) is None
    assert compute_locked_until(failures[:4], NOW + timedelta(minutes=5), rules) is None
    assert compute_locked_until(minutes(0, 10, 20, 30, 40), NOW + timedelta(minutes=41), rules) is None


# -- pages -----------------------------------------------------------------------------------------------------------


def test_the_right_password_opens_and_leaves_an_entry(world: World) -> None:
    assert sign_in("auditor.a").status_code == 302
    assert sign_in("AUDITOR.A").status_code == 302
    assert whats() == ["accounts.signed_in", "accounts.signed_in"]


def test_a_wrong_password_and_an_unknown_name_answer_alike(world: World) -> None:
    wrong, unknown = sign_in("auditor.a", "wrong"), sign_in("no.such", "wrong")
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert whats() == ["accounts.sign_in_failed", "accounts.sign_in_failed"]
    assert not Entry.objects.filter(subject__contains="no.such").exists()


def test_repeated_failure_locks_the_name_and_says_until_when(world: World) -> None:
    for _attempt in range(5):
        sign_in("auditor.a", "wrong")
    page = sign_in("auditor.a")
    assert page.status_code == 200
    [error] = page.context["form"].non_field_errors().as_data()
    assert error.code == "locked"
    assert ":" in error.params["time"]
    assert len(whats()) == 5, "attempts while locked neither prolong the lock nor fill the trail"
    assert sign_in("auditor.b").status_code == 302, "others are not locked"


def test_a_success_before_the_fifth_failure_clears_the_count(world: World) -> None:
    for _round in range(2):
        for _attempt in range(4):
            sign_in("auditor.a", "wrong")
        assert sign_in("auditor.a").status_code == 302


def test_the_lock_ends_by_itself(world: World) -> None:
    fail("auditor.a", HERE, minutes(0, 1, 2, 3, 4))
    for typed in ("auditor.a", " Auditor.A"):
        assert queries.locked_until(typed, HERE, NOW + timedelta(minutes=5)) == NOW + timedelta(minutes=19)
    assert queries.locked_until("auditor.a", HERE, NOW + timedelta(minutes=20)) is None


def test_a_stranger_elsewhere_locks_nobody_out(world: World) -> None:
    for _attempt in range(9):
        sign_in("auditor.a", "wrong", source=ELSEWHERE)
    assert sign_in("auditor.a", source=ELSEWHERE).status_code == 200, (
        "there the name is locked, also for the right password"
    )
    assert sign_in("auditor.a", source=HERE).status_code == 302


def test_a_name_that_fails_everywhere_is_watched_and_opens_to_its_owner_at_once(world: World) -> None:
    rules = role_table().sign_in
    for number in range(rules.watched_after):
        fail("auditor.a", f"198.51.100.{number}", minutes(number))
    now = NOW + timedelta(minutes=rules.watched_after)
    assert queries.locked_until("auditor.a", HERE, now) is None, "whoever types it right gets in"
    fail("auditor.a", HERE, [now, now])
    assert queries.locked_until("auditor.a", HERE, now) == now + rules.watched.lock, "two failures are enough now"
    fail("auditor.b", HERE, [now, now])
    assert queries.locked_until("auditor.b", HERE, now) is None, "other names are not watched"


def test_one_source_that_tries_many_names_is_tired(world: World) -> None:
    for number in range(role_table().sign_in.source_failures - 1):
        fail(f"name.{number}", ELSEWHERE, [NOW])
    assert not queries.is_source_tired(ELSEWHERE, NOW + timedelta(minutes=1))
    fail("one.more", ELSEWHERE, [NOW])
    assert queries.is_source_tired(ELSEWHERE, NOW + timedelta(minutes=1))
    assert not queries.is_source_tired(ELSEWHERE, NOW + timedelta(minutes=15))
    assert not queries.is_source_tired(HERE, NOW + timedelta(minutes=1))


def test_the_source_is_what_a_trusted_proxy_says_and_nothing_that_a_visitor_says(settings: Any) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}, REMOTE_ADDR=HERE)
    assert limits.source_of(request) == HERE
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert limits.source_of(request) == "198.51.100.7"


def test_a_closed_account_does_not_open(world: World) -> None:
    from heli.accounts import services
    from heli.kernel.access import SYSTEM

    services.set_active(actor=SYSTEM, user=world.a.users["auditor"], is_active=False, reason="x")
    assert sign_in("auditor.a").headers.get("Location") in (None, "/account/inactive/")
    assert "accounts.signed_in" not in whats()


# -- sessions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen_ago", "since_ago", "is_open"),
    [(60, 3600, True), (29 * 60, 3600, True), (31 * 60, 3600, False), (60, 13 * 3600, False)],
)
def test_a_session_ends_when_idle_or_too_long_open(world: World, seen_ago: int, since_ago: int, is_open: bool) -> None:
    client = Client()
    client.post(SIGN_IN, {"login": "auditor.a", "password": PASSWORD})
    session = client.session
    now = int(session[SEEN])
    session[SEEN], session[SINCE] = now - seen_ago, now - since_ago
    session.save()
    assert (client.get("/bodies/").status_code == 200) is is_open


def test_cookies_are_kept_from_scripts_and_other_sites(world: World) -> None:
    response = sign_in("auditor.a")
    cookie = response.cookies["heli"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_every_answer_carries_the_security_headers(world: World) -> None:
    response = Client().get(SIGN_IN)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy


def test_signing_out_leaves_nothing_in_the_browser(world: World) -> None:
    client = world.client("auditor")
    assert "Clear-Site-Data" not in client.get("/bodies/")
    assert client.post("/account/sign-out/")["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.get(SIGN_IN)


def test_a_person_sees_and_ends_their_own_sessions_and_nobody_elses(world: World) -> None:
    agent = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
    )
    clients = [Client(headers={"User-Agent": agent}) for _browser in range(3)]
    for client in clients:
        client.post(SIGN_IN, {"login": "auditor.a", "password": PASSWORD})
    foreign = world.client("town_officer")
    foreign.get("/bodies/")
    here, there, _third = clients
    rows = here.get("/account/sessions/").context["sessions"]
    assert [(row.agent, row.is_current) for row in rows] == [("Chrome, Windows", row.is_current) for row in rows]
    assert [row.is_current for row in rows] == [True, False, False]
    keys = {key_of(client) for client in clients}
    page = here.get("/account/sessions/").content.decode()
    assert not any(key in page for key in keys), "a page never shows what opens a session"
    end = {"session": queries.session_handle(key_of(there))}
    asked = here.post("/account/sessions/end/", end)
    assert asked["Location"].startswith("/account/confirm/"), "the password is asked once more"
    assert there.get("/bodies/").status_code == 200
    key = here.session.session_key
    here.post(asked["Location"], {"password": PASSWORD, "next": "/account/confirmed/"})
    assert here.session.session_key != key, "who proves anew who they are goes on under a new key"
    assert end["session"] in here.get("/account/confirmed/").content.decode()
    assert here.post("/account/sessions/end/", end).status_code == 303
    assert there.get("/bodies/").status_code == 302
    assert foreign.get("/bodies/").status_code == 200
    handle = queries.session_handle(key_of(foreign))
    here.post("/account/sessions/end/", {"session": handle})
    assert foreign.get("/bodies/").status_code == 200, "another's session is not theirs to end"
    assert here.post("/account/sessions/end/").status_code == 303
    assert clients[2].get("/bodies/").status_code == 302
    assert here.get("/bodies/").status_code == 200
    assert Entry.objects.filter(what="accounts.end_sessions").count() == 3


def test_a_new_password_ends_every_other_session(world: World) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        client.post(SIGN_IN, {"login": "auditor.a", "password": PASSWORD})
    fresh = "zwoelf-boxkaempfer-jagen"
    sent = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    assert here.post("/account/password/", sent).status_code == 302
    assert here.get("/bodies/").status_code == 200
    assert there.get("/bodies/").status_code == 302


def test_further_roles_are_made_to_have_a_second_factor_by_the_settings(world: World, settings: Any) -> None:
    assert second_factor("0") == (False, frozenset())
    assert second_factor("1") == (True, frozenset())
    settings.SECOND_FACTOR, settings.SECOND_FACTOR_ROLES = second_factor("auditor, town_officer")
    assert world.client("auditor").get("/bodies/")["Location"] == "/account/second-factor/set-up/"
    assert world.client("village_cadre").get("/places/").status_code == 200
    with pytest.raises(ImproperlyConfigured, match="mayor"):
        second_factor("mayor")


# -- passwords -------------------------------------------------------------------------------------------------------


DRESSED_UP = (
    "heli2026!!", "H3li-heli-2026", "合里合里合里2026", "Auditor.A#2026", "dAishizhen2026", "代市镇2026!",
    "Password-2026", "P@ssw0rd!2026", "hebing2026hebing", "qianfeng-12345678",
)  # fmt: skip
OWN = ("zwoelf-boxkaempfer", "xq7-lmvt-98aw", "heli-zwoelf-boxkaempfer", "青蛙爬树喝咖啡2026", PASSWORD)


@pytest.mark.parametrize("password", DRESSED_UP)
def test_a_password_of_words_that_others_try_first_is_refused(world: World, password: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["daishizhen.gov.cn"]
    found = services.check_new_password(world.a.users["auditor"], password=password)
    assert "password_weak" in {fault.code for fault in found}


@pytest.mark.parametrize("password", OWN)
def test_own_words_are_taken(world: World, password: str) -> None:
    user = world.a.users["town_officer"]
    user.set_password("another one entirely")
    assert services.check_new_password(user, password=password) == []


def test_a_password_drawn_by_lot_is_nobodys_words() -> None:
    lot, common = random.Random(1), CommonPasswordValidator().passwords
    for _draw in range(3_000):
        password = "-".join("".join(lot.choice(ALPHABET) for _letter in range(4)) for _group in range(3))
        assert not is_built_from(password, trade_words(), common), password


@pytest.mark.parametrize("password", ["heli738291", "qwerty-111111", "iloveyou 2026", "hebing12345"])
def test_few_letters_and_digits_beside_known_words_are_not_enough(password: str) -> None:
    assert is_built_from(password, trade_words(), CommonPasswordValidator().passwords)


# -- second factor ---------------------------------------------------------------------------------------------------


def give_factor(user: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return str(secret)


def code(secret: str) -> str:
    _before, counter, _after = yield_hotp_counters_from_time()  # of the half minute that runs; the next is taken too
    return f"{hotp_value(secret, counter):06d}"


def test_with_a_second_factor_the_password_alone_does_not_open(world: World) -> None:
    secret = give_factor(world.a.users["auditor"])
    client = Client()
    first = client.post(SIGN_IN, {"login": "auditor.a", "password": PASSWORD})
    assert first["Location"] == "/account/second-factor/enter/"
    assert client.get("/bodies/").status_code == 302
    assert client.post("/account/second-factor/enter/", {"code": "000000"}).status_code == 200
    assert Entry.objects.order_by("-seq")[0].what == "accounts.second_factor_refused"
    assert client.post("/account/second-factor/enter/", {"code": code(secret)}).status_code == 302
    assert client.get("/bodies/").status_code == 200


def test_the_secret_is_encrypted_at_rest(world: World) -> None:
    secret = give_factor(world.a.users["auditor"])
    stored = Authenticator.objects.get(user=world.a.users["auditor"], type="totp").data["secret"]
    assert secret not in stored


def test_a_role_that_demands_it_sets_up_a_second_factor_first(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR = True
    client = world.client("administrator")
    assert client.get("/accounts/")["Location"] == "/account/second-factor/set-up/"
    assert world.client("auditor").get("/bodies/").status_code == 200
    give_factor(world.a.users["administrator"])
    assert client.get("/accounts/").status_code == 200


def test_a_person_sets_up_the_second_factor_and_sees_recovery_codes(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    client.post(SIGN_IN, {"login": "auditor.a", "password": PASSWORD})
    asked = client.get("/account/second-factor/set-up/")["Location"]
    assert client.get(asked).status_code == 200, "the password is asked once more"
    assert client.post(asked, {"password": PASSWORD, "next": "/account/second-factor/set-up/"}).status_code == 302
    page = client.get("/account/second-factor/set-up/")
    assert page.status_code == 200
    assert b"data:image/svg+xml" in page.content
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/account/second-factor/set-up/", {"code": code(secret)}).status_code == 302
    assert "accounts.second_factor_added" in set(Entry.objects.values_list("what", flat=True))
    assert client.get("/account/second-factor/codes/").status_code == 200
    assert client.get("/account/second-factor/").status_code == 200


# -- doors that stay closed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["signup", "email", "password/reset", "password/set", "login", "login/code", "confirm-email", "mfa"]
)
def test_the_pages_of_allauth_that_heli_does_not_use_have_no_address(world: World, path: str) -> None:
    assert Client().get(f"/account/{path}/").status_code == 404
    assert Client().get(f"/accounts/{path}/").status_code in (302, 404)


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password", "mfa_add_webauthn"])
def test_nor_a_name(name: str) -> None:
    assert get_resolver()
    with pytest.raises(NoReverseMatch):
        reverse(name)
