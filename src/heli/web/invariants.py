"""Every invariant over the whole database: named constraints once more, references, and what each context adds."""

import importlib
from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import IntegrityError, connection, models
from django.db.models import Q
from django.utils.translation import gettext as _

from heli.kernel.db import AppendOnly, PeriodsDoNotOverlap
from heli.kernel.faults import Fault
from heli.kernel.offers import contexts, is_context

SHOWN = 20
"""So many broken rows of one rule are named."""


def find_broken() -> Iterator[Fault]:
    """Problems found, context by context; reads only."""
    for model in apps.get_models():
        if is_context(model._meta.app_config):
            yield from _constraints(model)
    yield from _references()
    for config in contexts():
        yield from _own(config.name)


def _own(context: str) -> Iterable[Fault]:
    """What the context's `checks.py` finds."""
    try:
        module = importlib.import_module(f"{context}.checks")
    except ModuleNotFoundError as missing:
        if missing.name != f"{context}.checks":
            raise
        return ()
    found: Iterable[Fault] = module.check_invariants()
    return found


def _constraints(model: type[models.Model]) -> Iterator[Fault]:
    for constraint in model._meta.constraints:
        if isinstance(constraint, PeriodsDoNotOverlap | AppendOnly):
            for name in constraint.missing(model):
                text = _(
                    "The database no longer holds %(rule)s of %(table)s: it was dropped, switched off or replaced."
                )
                given = {"rule": name, "table": model._meta.label}
                yield Fault("trigger_missing", text % given, source=model._meta.label)
        if isinstance(constraint, PeriodsDoNotOverlap):
            broken = constraint.violating(model)
        elif isinstance(constraint, models.CheckConstraint):
            broken = _failing(model, constraint.condition)
        else:
            continue
        for key in broken[:SHOWN]:
            yield Fault(
                constraint.name, f"{model._meta.label} {key} breaks {constraint.name}", source=model._meta.label
            )


def _failing(model: type[models.Model], condition: object) -> list[object]:
    """Keys of rows for which the condition is false (not merely unknown)."""
    if not isinstance(condition, Q):
        return []
    sound = model._base_manager.filter(condition).values("pk")
    suspects = model._base_manager.exclude(pk__in=sound).order_by("pk")[: SHOWN + 1]
    broken: list[object] = []
    for row in suspects:
        if not condition.check(row._get_field_expression_map(meta=model._meta)):  # type: ignore[attr-defined]  # as Django checks its own constraints
            broken.append(row.pk)
    return broken


def _references() -> Iterator[Fault]:
    """Foreign keys that lead nowhere; PostgreSQL validates them at every commit."""
    if connection.vendor != "sqlite":
        return
    try:
        connection.check_constraints()
    except IntegrityError as error:
        yield Fault("reference_broken", str(error), source="foreign keys")
