"""What the database itself holds of histories and evidence."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts.testing import World, build_world
from heli.audit.services import writing
from heli.kernel.access import SYSTEM
from heli.records.models import Event, LedgerEvidence
from heli.records.testing import DAY


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def given(world: World) -> dict[str, Any]:
    return {"ledger": "trial", "row": "abc", "about": "def", "district": world.a.district}


def event(world: World, **more: Any) -> Event:
    with transaction.atomic(), writing(SYSTEM, "trial.move") as act:
        kept = {"at": act.at, "did": "opened", "status": "open", "by_name": "test", **more}
        return Event.objects.create(**given(world), **kept)


def evidence(world: World, **more: Any) -> LedgerEvidence:
    with transaction.atomic(), writing(SYSTEM, "trial.move") as act:
        kept = {"on": DAY, "added_by": "test", "added_at": act.at, "note": "done", **more}
        return LedgerEvidence.objects.create(**given(world), **kept)


@pytest.mark.parametrize("empty", ["did", "status"])
def test_an_event_says_what_and_where_it_stood(world: World, empty: str) -> None:
    assert event(world).pk
    with pytest.raises(IntegrityError, match="record_event_says_what"):
        event(world, **{empty: ""})


def test_evidence_is_a_note_or_a_file(world: World) -> None:
    assert evidence(world).pk
    with pytest.raises(IntegrityError, match="record_evidence_not_empty"):
        evidence(world, note="")


def test_neither_is_ever_changed(world: World) -> None:
    """record_event_append_only, record_evidence_append_only"""
    happened, shown = event(world), evidence(world)
    for rows, change in (
        (Event.objects.filter(pk=happened.pk), {"reason": "x"}),
        (LedgerEvidence.objects.filter(pk=shown.pk), {"note": "x"}),
    ):
        with pytest.raises(Exception, match="AppendOnly"), transaction.atomic(), writing(SYSTEM, "trial.move"):
            rows.update(**change)
