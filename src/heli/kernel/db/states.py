"""Migrating without rendering every model anew for each table, column and constraint that is added or altered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.migrations.utils import field_is_referenced


def _alone(method: Callable[..., None]) -> Callable[..., None]:
    """The method, after which the model it changes is rendered and none of its neighbours."""

    @wraps(method)
    def change(self: ProjectState, model: ModelState | str, *rest: Any) -> None:
        rendered: StateApps | None = self.__dict__.pop("apps", None)
        method(self, model, *rest)
        if rendered is None:
            return
        label, name = (model.app_label, model.name_lower) if isinstance(model, ModelState) else (model, rest[0])
        with rendered.bulk_update():
            rendered.unregister_model(label, name)
        rendered.render_multiple([self.models[label, name]])
        self.__dict__["apps"] = rendered
        # Who reads rows (RunPython) renders all models first: so Django does with what it delays.
        self.is_delayed = True

    return change


def _alone_without_relations(method: Callable[..., None]) -> Callable[..., None]:
    """Altering a field: alone where neither it nor another field is a relation through it; else as Django does."""
    alone = _alone(method)

    @wraps(method)
    def alter_field(self: ProjectState, label: str, model: str, name: str, field: Any, *rest: Any) -> None:
        was = self.models[label, model].fields[name]
        related = was.is_relation or field.is_relation or field_is_referenced(self, (label, model), (name, field))
        (method if related else alone)(self, label, model, name, field, *rest)

    return alter_field


def _whole(method: Callable[..., None]) -> Callable[..., None]:
    """Rendering along relations, as Django does it, from models that are all up to date."""

    @wraps(method)
    def reload_model(self: ProjectState, *args: Any, **options: Any) -> None:
        if self.is_delayed and self.__dict__.pop("apps", None) is not None:
            self.is_delayed = False
            _ = self.apps  # rendered as it now stands, with the change
        else:
            method(self, *args, **options)

    return reload_model


PATCHED = {
    "add_model": _alone,
    "add_field": _alone,
    "_append_option": _alone,
    "_remove_option": _alone,
    "alter_model_options": _alone,
    "alter_field": _alone_without_relations,
    "reload_model": _whole,
}


@contextmanager
def added_alone() -> Iterator[None]:
    """Within, what a migration adds to a table, or alters without touching a relation, is rendered with that model alone.

    Django renders all models that are reached from it by relations, here nearly all, so that a schema of n tables costs n².
    Statements for such a change read the one model only; whatever is renamed or removed is rendered as Django does.
    """
    before = {name: getattr(ProjectState, name) for name in PATCHED}
    for name, change in PATCHED.items():
        setattr(ProjectState, name, change(before[name]))
    try:
        yield
    finally:
        for name, method in before.items():
            setattr(ProjectState, name, method)
