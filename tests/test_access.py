"""Every URL × every role × another district's object: 200, 404, 403 or the way to sign in, as each context declares."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from heli.accounts.testing import World
from heli.kernel.offers import offered
from heli.ui.testing import STRANGER, AccessCase


def declared() -> list[AccessCase]:
    """The cases of every context, in a steady order."""
    return list(offered("testing", "ACCESS"))


def urls(patterns: Any = None, namespace: str = "") -> Iterator[str]:
    """The name of every URL; one without a name is given by its pattern."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inside = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from urls(pattern.url_patterns, inside)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else f"unnamed {pattern.pattern}"


def ask(client: Client, case: AccessCase, world: World, kwargs: Any) -> int:
    address = reverse(case.url_name, kwargs=dict(kwargs)) + case.query
    data = dict(case.data(world)) if case.method == "post" else {}
    return int(getattr(client, case.method)(address, data).status_code)


CASES = declared()


def name(case: AccessCase) -> str:
    """How a case is called in the report."""
    return f"{case.method} {case.url_name}{case.query}"


@pytest.mark.django_db  # one mark is enough for the test database to be made; the walk rolls back by itself
def test_every_url_is_declared_and_every_declared_url_exists() -> None:
    missing = sorted(set(urls()) - {case.url_name for case in CASES})
    assert not missing, f"add an AccessCase to ACCESS in the context's testing.py for: {', '.join(missing)}"
    gone = sorted({case.url_name for case in CASES} - set(urls()))
    assert not gone, f"these URLs no longer exist: {', '.join(gone)}"


@pytest.mark.parametrize("case", CASES, ids=name)
def test_each_role_gets_what_is_declared(case: AccessCase, world: World) -> None:
    for role in (*case.tried, STRANGER):
        expected: Any = case.success if role in case.allowed else (302,) if role == STRANGER else case.refused
        status = ask(world.client(role), case, world, case.own(world))
        assert status in expected, f"{role} got {status}, declared is {sorted(expected)}"


@pytest.mark.parametrize("case", [case for case in CASES if case.foreign], ids=name)
def test_another_districts_object_answers_404(case: AccessCase, world: World) -> None:
    assert case.foreign is not None
    for role in case.allowed:
        if role != STRANGER:
            status = ask(world.client(role), case, world, case.foreign(world))
            assert status == 404, f"{role} got {status} for another district's object"


@pytest.mark.parametrize("case", [case for case in CASES if case.elsewhere], ids=name)
def test_another_towns_object_answers_404_to_those_who_have_only_their_own(case: AccessCase, world: World) -> None:
    assert case.elsewhere is not None
    for role in case.narrow:
        status = ask(world.client(role), case, world, case.elsewhere(world))
        assert status == 404, f"{role} got {status} for an object outside the own place"
