"""What is stored of figures stands once, is whole, and is never changed: the database itself refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from heli.accounts.testing import World, build_world
from heli.audit.testing import unaudited
from heli.figures.models import Report, ReportedFigure, Snapshot, SnapshotFigure, SnapshotValues
from heli.figures.testing import claim_of, report_of, snapshot_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Any:
    """A snapshot, a report and a published figure, built once for all and rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        world: World = build_world()
        snapshot_of(world.a), report_of(world.a), claim_of(world.a)
        yield world
        transaction.set_rollback(True)


def again(model: type[models.Model], **changes: Any) -> Callable[[], object]:
    """Write the newest row of a kind once more, with changes."""

    def write() -> None:
        row = model._default_manager.order_by("-pk")[0]
        row.pk = None
        row._state.adding = True
        for name, value in changes.items():
            setattr(row, name, value)
        row.save(force_insert=True)

    return write


def change(model: type[models.Model], **to: Any) -> Callable[[], object]:
    """Change every row of a kind."""
    return lambda: model._default_manager.order_by().update(**to)


FIRED: dict[str, Callable[[], object]] = {
    "snapshot_values_not_empty": again(SnapshotValues, sha256="x", content=""),
    "snapshot_values_append_only": change(SnapshotValues, content="{}"),
    "snapshot_append_only": change(Snapshot, taken_by="y"),
    "snapshot_figure_once": again(SnapshotFigure),
    "snapshot_figure_versioned": again(SnapshotFigure, figure="x.y", version=0),
    "snapshot_figure_append_only": change(SnapshotFigure, version=9),
    "reported_figure_append_only": change(ReportedFigure, text="9"),
    "report_once_per_recipient": again(Report, public_id="again"),
    "report_append_only": change(Report, content="{}"),
}


@pytest.mark.parametrize("name", FIRED)
def test_the_database_refuses(built: World, name: str) -> None:
    said = "AppendOnly" if name.endswith("append_only") else f"{name}|UNIQUE constraint failed|_gte_0|positive"
    with unaudited(), pytest.raises(IntegrityError, match=said), transaction.atomic():
        FIRED[name]()
