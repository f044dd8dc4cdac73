"""The doors of the whole house: what strangers may send, forms that work once, what browsers keep, who confirms anew."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as installed
from django.test import Client
from django.urls import get_resolver, reverse

from heli.accounts.testing import World
from heli.consultation.testing import notice_of
from heli.planning.testing import posted_of
from heli.ui.limits import MOST
from heli.ui.models import Attempt
from heli.ui.testing import STRANGER, AccessCase

from .test_access import CASES, name, urls

LIMITED_ELSEWHERE = ("account_", "api:")
"""Sign-in counts failures by name and source (accounts/tests/test_sign_in.py), lists for programs uses of a key
(web/tests/test_api.py)."""


def open_to_strangers() -> list[AccessCase]:
    """One case for each address that a stranger may open."""
    found = {case.url_name: case for case in CASES if STRANGER in case.allowed}
    return [case for case in found.values() if not case.url_name.startswith(LIMITED_ELSEWHERE)]


@pytest.mark.parametrize("case", open_to_strangers(), ids=name)
def test_a_stranger_is_stopped_at_every_page_that_takes_forms(case: AccessCase, world: World) -> None:
    address, client = reverse(case.url_name, kwargs=dict(case.own(world))), Client()
    statuses = [client.post(address, {"website": "", "text": "x"}).status_code for _time in range(61)]
    if statuses[0] == 405:
        assert set(statuses) == {405}
        return
    assert statuses[-1] == 429
    assert 429 not in statuses[:MOST]
    assert Client(REMOTE_ADDR="203.0.113.77").post(address, {"text": "x"}).status_code != 429, "others are not stopped"
    assert Attempt.objects.count() <= 60 + 1, "what is turned away is not kept"


def test_all_public_notices_share_one_limit(world: World) -> None:
    here, there = (reverse("consultation:notice", args=[build(world.a).public_id]) for build in (notice_of, posted_of))
    client = Client()
    for _time in range(MOST):
        assert client.post(here, {}).status_code == 422
    assert client.post(there, {}).status_code == 429


# -- what browsers keep ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [case for case in CASES if case.method == "get"], ids=name)
def test_no_page_of_the_signed_in_is_kept(case: AccessCase, world: World) -> None:
    role = next((role for role in case.allowed if role != STRANGER), None)
    if role is None:
        return
    answer = world.client(role).get(reverse(case.url_name, kwargs=dict(case.own(world))) + case.query)
    control = answer["Cache-Control"]
    assert "private" in control or "no-store" in control
    if answer["Content-Type"].startswith("text/html"):
        assert "no-store" in control


def test_under_https_every_cookie_belongs_to_this_host_alone(tmp_path: Path) -> None:
    names = (
        "from django.conf import settings as s; print(*(getattr(s, f'{n}_COOKIE_{w}') "
        "for n in ('SESSION', 'CSRF', 'LANGUAGE') for w in ('NAME', 'SECURE', 'PATH', 'DOMAIN')))"
    )
    environment = {
        **os.environ, "HELI_HTTPS": "1", "HELI_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "heli.config.settings",
    }  # fmt: skip
    said = subprocess.run(
        [sys.executable, "-c", names], env=environment, capture_output=True, text=True, check=True
    ).stdout
    parts = said.split()
    assert len(parts) == 12
    for cookie, secure, path, domain in zip(*[iter(parts)] * 4, strict=True):
        assert cookie.startswith("__Host-")
        assert (secure, path, domain) == ("True", "/", "None")
    assert installed.MESSAGE_STORAGE.endswith("SessionStorage"), (
        "messages travel in the session, not in a cookie of their own"
    )


# -- forms work once ---------------------------------------------------------------------------------------------------


def test_every_form_that_posts_carries_the_tokens() -> None:
    root = Path(__file__).resolve().parents[1] / "src" / "heli"
    forms = re.compile(r"<form\b[^>]*method=[\"']post[\"'][^>]*>(.*?)</form>", re.DOTALL | re.IGNORECASE)
    bare = [
        f"{template.relative_to(root)}: {form[:80]}"
        for template in sorted(root.rglob("*.html"))
        for form in forms.findall(template.read_text(encoding="utf-8"))
        if "{% csrf_token %}" not in form
    ]
    assert bare == []


def token_of(page: str) -> str:
    """The token of the main form: the last one on the page."""
    return re.findall(r'name="once" value="([^"]+)"', page)[-1]


def test_one_form_of_a_page_sent_twice_enters_one_problem(world: World) -> None:
    from heli.campaigns.testing.runs import campaign_of
    from heli.problems.models import Problem

    client = world.client("district_officer")
    address = reverse("problems:new", args=[campaign_of(world.a).public_id])
    page = client.get(address).content.decode()
    options = dict(re.findall(r'<select name="(\w+)".*?<option value="([^"]+)"', page, re.DOTALL))
    sent = {
        "title": "电表",
        "found_on": "2026-03-02",
        "once": token_of(page),
        **{k: options[k] for k in ("place", "kind", "source")},
    }
    wrong = client.post(address, {**sent, "title": ""})
    assert wrong.status_code == 422, "a refused form gives its token back"
    answers = [client.post(address, sent) for _time in range(8)]
    assert {(one.status_code, one["Location"]) for one in answers} == {(303, answers[0]["Location"])}
    assert Problem.objects.filter(title="电表").count() == 1
    changed = client.post(address, {**sent, "title": "水表"})
    assert changed.status_code == 409
    assert not Problem.objects.filter(title="水表").exists()


PRESSES = """
import re, sys, threading
import django
django.setup()
from django.db import connections
from django.test import Client
from django.conf import settings
settings.ALLOWED_HOSTS, settings.SECOND_FACTOR = ["*"], False
from heli.accounts.testing import build_world
from heli.campaigns.testing.runs import campaign_of
from heli.problems.models import Problem
world = build_world()
address = f"/problems/{campaign_of(world.a).public_id}/new/"
client = world.client("district_officer")
page = client.get(address).content.decode()
options = dict(re.findall(r'<select name="(\\w+)".*?<option value="([^"]+)"', page, re.DOTALL))
sent = {"title": "x", "found_on": "2026-03-02", "once": re.findall(r'name="once" value="([^"]+)"', page)[-1]}
sent |= {key: options[key] for key in ("place", "kind", "source")}
start, answers = threading.Barrier(8), []
def press():
    mine = Client()
    mine.cookies = client.cookies
    start.wait()
    answers.append(mine.post(address, sent)["Location"])
    connections.close_all()
threads = [threading.Thread(target=press) for _press in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(answers), len(set(answers)), Problem.objects.count())
"""


@pytest.mark.migrations
@pytest.mark.django_db(transaction=True)
def test_eight_equal_forms_at_the_same_moment_enter_one_problem(environs: dict[str, str]) -> None:
    """Through every layer, with eight connections to a real database."""
    done = subprocess.run([sys.executable, "-c", PRESSES], env=environs, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == ["8", "1", "1"]


# -- sensitive acts ----------------------------------------------------------------------------------------------------

SENSITIVE = {
    "accounts:add", "accounts:add_key", "accounts:grant", "accounts:reset_password", "planning:decision", "figures:freeze",
    "warnings:weeks", "accounts:release_key",
    "campaigns:step", "campaigns:column", "planning:question_decision",
}  # fmt: skip


def test_these_pages_ask_for_a_confirmation() -> None:
    found = set()
    for url_name in urls():
        if getattr(view_of(url_name), "confirm", None) is not None:
            found.add(url_name)
    assert found == SENSITIVE


def view_of(url_name: str) -> Any:
    """The view behind the name of a URL."""
    resolver = get_resolver()
    *namespaces, last = url_name.split(":")
    for namespace in namespaces:
        resolver = resolver.namespace_dict[namespace][1]
    return next(pattern.callback for pattern in flat(resolver) if pattern.name == last)


def flat(resolver: Any) -> Any:
    """Every pattern with a view, also of included lists."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from flat(pattern)
        else:
            yield pattern


def test_giving_a_role_waits_for_the_second_factor_and_is_then_gone_on_with(world: World) -> None:
    from heli.accounts.tests.test_sign_in import code, give_factor

    user, whom = world.a.users["administrator"], world.a.users["grid_worker"]
    address = reverse("accounts:grant", args=[whom.public_id])
    sent = {"role": "auditor", "place": world.a.town.public_id, "body": "", "on": "2026-03-02"}
    assert world.client("administrator").post(address, sent).status_code == 303, "without a factor nothing is asked"
    secret = give_factor(user)
    client, before = world.client("administrator"), whom.grants.count()
    sent["place"] = world.a.other_village.public_id
    asked = client.post(address, sent)
    assert (asked.status_code, whom.grants.count()) == (302, before)
    assert asked["Location"].startswith(reverse("mfa_reauthenticate"))
    wrong = client.post(asked["Location"], {"code": "000000", "next": reverse("account_go_on")})
    assert wrong.status_code == 200
    confirmed = client.post(asked["Location"], {"code": code(secret), "next": reverse("account_go_on")})
    assert confirmed["Location"] == reverse("account_go_on")
    page = client.get(confirmed["Location"]).content.decode()
    assert f'action="{address}"' in page
    held = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert {key: held[key] for key in sent} == sent
    assert client.post(address, sent).status_code == 303
    assert whom.grants.count() == before + 1
    session = client.session
    session["account_authentication_methods"] = [
        {**one, "at": one["at"] - installed.ACCOUNT_REAUTHENTICATION_TIMEOUT - 1}
        for one in session["account_authentication_methods"]
    ]
    session.save()
    sent["place"] = world.a.village.public_id
    assert client.post(address, sent).status_code == 302, "a confirmation is good for a few minutes"
