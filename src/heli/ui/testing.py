"""The shape in which every context declares who may open which of its URLs; walked by `tests/test_access.py`."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

STAFF: tuple[str, ...] = (
    "district_officer",
    "town_officer",
    "village_cadre",
    "grid_worker",
    "department_liaison",
    "auditor",
    "administrator",
)
"""Every role a person signs in with; all of them have places.read."""
CLERK = "tally_clerk"
"""Keys the papers of counting tables, and sees nothing else."""
NOBODY, STRANGER = "nobody", "stranger"
EVERYONE: tuple[str, ...] = (*STAFF, CLERK, NOBODY)
"""Whoever is signed in, role or not."""
BOOKS: tuple[str, ...] = ("bookkeeper", "cashier", "supervisor")
"""Who keep the books of collectives, and have rights in the ledger only: they knock where a case says so (`tried`)."""

Kwargs = Mapping[str, Any]
Build = Callable[[Any], Kwargs]
"""Makes the keyword arguments of a URL from the world (`heli.accounts.testing.World`)."""


@dataclass(frozen=True, slots=True)
class AccessCase:
    """What one URL answers to whom.

    `url_name` as for `reverse`. `own` builds the keyword arguments of an object of the home district (world.a) that every
    role in `allowed` may reach; `foreign` those of an object it must not reach (world.b): there everybody allowed gets
    404. `allowed` are the roles of `EVERYONE` (add STRANGER for public pages) that get `success` (any of them; 422 for a
    POST without data proves that the form was reached); all other roles get `refused`, and strangers are sent to sign in.
    `tried` are all who knock. `narrow` are allowed roles that reach less than a district: another object given by `elsewhere`
    answers them 404.
    """

    url_name: str
    allowed: Collection[str] = STAFF
    own: Build = lambda world: {}
    foreign: Build | None = None
    elsewhere: Build | None = None
    narrow: Collection[str] = ()
    method: str = "get"
    data: Build = lambda world: {}
    success: Collection[int] = (200,)
    refused: Collection[int] = (403,)
    query: str = ""
    tried: Collection[str] = EVERYONE


def public_id(choose: Callable[[Any], Any], key: str = "public_id") -> Build:
    """Keyword arguments with an object's public id."""
    return lambda world: {key: choose(world).public_id}


ACCESS: list[AccessCase] = [
    AccessCase("ui:outbox", (*EVERYONE, STRANGER)),
    AccessCase("ui:worker", (*EVERYONE, STRANGER)),
    AccessCase("ui:patterns", EVERYONE),
    AccessCase("ui:pattern_map", EVERYONE),
    AccessCase("ui:pattern_towns", EVERYONE),
    AccessCase(
        "ui:language",
        (*EVERYONE, STRANGER),
        method="post",
        data=lambda world: {"language": "en", "next": "/ui/patterns/"},
        success=(303,),
    ),
]
