"""Builders and permissions for tests."""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import TypeVar

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models
from django.utils import timezone

from heli.audit import anchor
from heli.audit.guard import allowed
from heli.audit.keys import derived_key
from heli.audit.models import Entry
from heli.ui.testing import AccessCase

T = TypeVar("T")
Rows = dict[type[models.Model], list[models.Model]]


@contextmanager
def unaudited() -> Iterator[None]:
    """Rows may be written raw inside the block: for test builders and for tampering with the trail."""
    with allowed():
        yield


def written_once(build: Callable[[], T]) -> Callable[[], T]:
    """A builder that goes through the services once; on later calls the rows it wrote then are put back as they were.

    They are put back only where the services would write the same: into an empty trail that is rolled back at the end, under
    the same key, not before the moment at which they were written. What the builder returns is pickled.
    """
    written: dict[bytes, tuple[datetime, bytes, Rows]] = {}

    @wraps(build)
    def built() -> T:
        if not connection.in_atomic_block or anchor.is_kept() or Entry.objects.exists():
            return build()
        at, pickled, rows = written.get(derived_key("state"), (None, b"", {}))
        if at is None or timezone.now() < at:
            before = _all_rows()
            made = build()
            there = {model: {row.pk for row in found} for model, found in before.items()}
            rows = {
                model: [row for row in found if row.pk not in there.get(model, ())]
                for model, found in _all_rows().items()
            }
            written[derived_key("state")] = timezone.now(), pickle.dumps(made), rows
            return made
        with unaudited():
            for model, found in rows.items():
                model._base_manager.bulk_create(found)
            # A restored backup may have set sequences back; what comes next must not meet these rows.
            for statement in connection.ops.sequence_reset_sql(no_style(), list(rows)):
                _execute(statement)
        again: T = pickle.loads(pickled)
        return again

    return built


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _all_rows() -> Rows:
    stored = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    found = {model: list(model._base_manager.order_by("pk")) for model in stored}
    return {model: rows for model, rows in found.items() if rows}


def last_entry_of(place_id: int) -> int:
    """The number of the last entry about a place."""
    seq = Entry.objects.filter(place_id=place_id).order_by("-seq").values_list("seq", flat=True).first()
    assert seq is not None
    return seq


AUDITORS = ("district_officer", "auditor", "administrator")
ACCESS = [
    AccessCase("audit:list", AUDITORS),
    AccessCase(
        "audit:entry",
        AUDITORS,
        own=lambda world: {"seq": last_entry_of(world.a.district.pk)},
        foreign=lambda world: {"seq": last_entry_of(world.b.district.pk)},
    ),
    AccessCase("audit:verify", AUDITORS, method="post"),
]
