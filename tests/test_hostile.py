"""Whatever is written into an address or a form, the answer is a page, a refusal or 404, never a crash."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from heli.accounts.testing import World
from heli.ui.testing import STRANGER, AccessCase

from .test_access import CASES, built, name, world  # noqa: F401

CONTEXTS = ("campaigns", "figures", "notices", "files", "web")
HUGE = "9" * 5_000
WORDS = ("\x00", "-1", "٣", HUGE, "2026-13-01", "0001-01-01", "9999-12-31", "字" * 5_000)
"""What is typed into everything."""
KEYS = (
    "first", "town", "colour", "q", "place", "district", "on", "to", "restated", "snapshot", "version", "campaign", "at",
    "show", "by", "scale", "turn", "wall", "sort", "order", "page", "limit", "export", "kind", "status", "week", "compare",
    "level", "did", "thanks", "v",
)  # fmt: skip
FIELDS = (
    "did", "reason", "due_on", "act_on", "on", "requirement", "evidence", "gate", "place", "places", "text", "title", "name",
    "kind", "count", "code", "first_on", "last_on", "held_on", "visited_on", "found_on", "leader", "team", "owner",
    "starts_on", "fixed_on", "playbook", "scenario", "measures", "note", "result", "answer", "gist", "topic", "principal",
    "deputy", "valid_from", "valid_to", "likelihood", "severity", "given", "returned", "number", "value", "language",
    "campaign", "district", "url", "address", "channel", "size", "purpose", "sha256", "base", "published",
)  # fmt: skip
OURS = [case for case in CASES if case.url_name.split(":")[0] in CONTEXTS]


def survive(client: Client, method: str, address: str, data: Any = None) -> None:
    """Ask; nothing worse than a refusal comes back. What is asked inside its own savepoint cannot poison what follows."""
    with transaction.atomic():
        status = getattr(client, method)(address, data or {}).status_code
        transaction.set_rollback(True)
    assert status < 500, f"{method} {address[:200]} answered {status}"


def clients(world: World, case: AccessCase) -> list[Client]:  # noqa: F811
    return [world.client(role) for role in (case.allowed[0], case.allowed[-1]) if role] or [world.client(STRANGER)]


@pytest.mark.django_db  # one mark is enough for the test database to be made; every case rolls back by itself
def test_every_context_is_walked() -> None:
    assert {case.url_name.split(":")[0] for case in OURS} == set(CONTEXTS)


@pytest.mark.parametrize("case", [case for case in OURS if case.method == "get"], ids=name)
def test_addresses_answer_whatever_they_ask_for(case: AccessCase, world: World) -> None:  # noqa: F811
    address = reverse(case.url_name, kwargs=dict(case.own(world)))
    client = clients(world, case)[0]
    for word in WORDS:
        survive(client, "get", address, dict.fromkeys(KEYS, word))


@pytest.mark.parametrize(
    "address", ["/campaigns/c/%00/", "/files/%00/view/", "/campaigns/notice/%00/", "/figures/map/?at=%00"]
)
def test_an_address_with_a_nul_in_it_is_nowhere(address: str, world: World) -> None:  # noqa: F811
    for role in ("district_officer", STRANGER):
        assert world.client(role).get(address).status_code == 404


def test_a_form_with_a_nul_in_it_is_refused(world: World) -> None:  # noqa: F811
    answer = world.client(STRANGER).post(reverse("campaigns:opinion_answer"), {"code": "a\x00b"})
    assert answer.status_code == 422


@pytest.mark.parametrize("case", [case for case in OURS if case.method == "post"], ids=name)
def test_forms_answer_whatever_is_typed(case: AccessCase, world: World) -> None:  # noqa: F811
    address = reverse(case.url_name, kwargs=dict(case.own(world))) + case.query
    client = clients(world, case)[0]
    given = dict(case.data(world))
    for word in WORDS:
        survive(client, "post", address, dict.fromkeys(FIELDS, word))
        for key in given:
            survive(client, "post", address, {**given, key: word})
