"""Whatever is written into an address or a form, the answer is a page, a refusal or 404, never a crash."""

from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

import heli
from heli.accounts.testing import World
from heli.ui.testing import STRANGER, AccessCase

from .test_access import CASES, name

HUGE = "9" * 5_000
WORDS = ("\x00", "-1", "٣", HUGE, "2026-13-01", "0001-01-01", "9999-12-31", "10000-01-01")
"""What is typed into everything."""
LONG_IN_ADDRESS, LONG_IN_FORM = "字" * 450, "字" * 5_000
"""A server takes no line of an address beyond 4 kB."""
KEYS = (
    "first", "town", "colour", "q", "place", "district", "on", "to", "restated", "snapshot", "version", "campaign", "at",
    "show", "by", "scale", "turn", "wall", "sort", "order", "page", "limit", "export", "kind", "status", "week", "compare",
    "level", "did", "thanks", "v", "begin", "end", "since", "pair", "with", "what", "edit", "unread", "form",
    "offset", "per_page",
)  # fmt: skip
FIELDS = (
    "did", "reason", "due_on", "act_on", "on", "requirement", "evidence", "gate", "place", "places", "text", "title", "name",
    "kind", "count", "code", "first_on", "last_on", "held_on", "visited_on", "found_on", "leader", "team", "owner",
    "starts_on", "fixed_on", "playbook", "scenario", "measures", "note", "result", "answer", "gist", "topic", "principal",
    "deputy", "valid_from", "valid_to", "likelihood", "severity", "given", "returned", "number", "value", "language",
    "campaign", "district", "url", "address", "channel", "size", "purpose", "sha256", "base", "published",
)  # fmt: skip
OURS = CASES


def survive(client: Client, method: str, address: str, data: Any = None) -> None:
    """Ask; nothing worse than a refusal comes back. What is asked inside its own savepoint cannot poison what follows."""
    with transaction.atomic():
        status = getattr(client, method)(address, data or {}).status_code
        transaction.set_rollback(True)
    assert status < 500, f"{method} {address[:200]} answered {status}"


def clients(world: World, case: AccessCase) -> list[Client]:
    return [world.client(role) for role in (*case.allowed[:1], *case.allowed[-1:])] or [world.client(STRANGER)]


def words_of(case: AccessCase, long: str, number: int) -> list[str]:
    """Three words for one field of a page. Over the pages, of which many share their fields, every word comes to every field."""
    words = (*WORDS, long)
    first = crc32(case.url_name.encode()) + number
    return [words[(first + 3 * turn) % len(words)] for turn in range(3)]


@pytest.mark.django_db  # one mark is enough for the test database to be made; every case rolls back by itself
def test_a_day_at_the_edge_of_the_calendar_is_answered_in_words(world: World) -> None:
    for address in ("/audit/?end=9999-12-31", "/audit/?begin=0001-01-01"):
        answer = world.client("auditor").get(address)
        assert answer.status_code == 200
        assert "1900" in answer.content.decode()
        assert "2199" in answer.content.decode()


def test_every_day_in_a_form_is_one_that_can_be_meant() -> None:
    """One field for all of them: Django's own takes the first and the last day of the calendar."""
    source = Path(heli.__file__).parent
    bare = [path for path in source.rglob("*.py") if "forms.DateField" in path.read_text(encoding="utf-8")]
    assert [path.relative_to(source).as_posix() for path in bare if "tests" not in path.parts] == ["ui/forms.py"]


@pytest.mark.parametrize("case", [case for case in OURS if case.method == "get"], ids=name)
def test_addresses_of_things_that_cannot_be_are_nowhere(case: AccessCase, world: World) -> None:
    kwargs = dict(case.own(world))
    client = clients(world, case)[0]
    for key, value in kwargs.items():
        for other in (0, 2**31, 2**63, 10**40) if isinstance(value, int) else ("x", "x" * 3_000, "9999-12-31", "字"):
            with suppress(NoReverseMatch):
                survive(client, "get", reverse(case.url_name, kwargs={**kwargs, key: other}) + case.query)


@pytest.mark.parametrize("case", [case for case in OURS if case.method == "get"], ids=name)
def test_addresses_answer_whatever_they_ask_for(case: AccessCase, world: World) -> None:
    address = reverse(case.url_name, kwargs=dict(case.own(world)))
    client = clients(world, case)[0]
    for turn in range(3):
        asked = {key: words_of(case, LONG_IN_ADDRESS, number)[turn] for number, key in enumerate(KEYS)}
        survive(client, "get", address, asked)


@pytest.mark.parametrize(
    "address", ["/campaigns/c/%00/", "/files/%00/view/", "/consultation/notice/%00/", "/figures/map/?at=%00"]
)
def test_an_address_with_a_nul_in_it_is_nowhere(address: str, world: World) -> None:
    for role in ("district_officer", STRANGER):
        assert world.client(role).get(address).status_code == 404


def test_a_form_with_a_nul_in_it_is_refused(world: World) -> None:
    answer = world.client(STRANGER).post(reverse("consultation:opinion_answer"), {"code": "a\x00b"})
    assert answer.status_code == 422


@pytest.mark.parametrize("case", [case for case in OURS if case.method == "post"], ids=name)
def test_forms_answer_whatever_is_typed(case: AccessCase, world: World) -> None:
    address = reverse(case.url_name, kwargs=dict(case.own(world))) + case.query
    client = clients(world, case)[0]
    given = dict(case.data(world))
    for turn in range(3):
        asked = {key: words_of(case, LONG_IN_FORM, number)[turn] for number, key in enumerate(FIELDS)}
        survive(client, "post", address, asked)
    for number, key in enumerate(given):
        for word in words_of(case, LONG_IN_FORM, number):
            survive(client, "post", address, {**given, key: word})
