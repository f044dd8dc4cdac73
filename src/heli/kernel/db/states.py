"""Migrating an empty database without rendering every model anew for each table that is made."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.migrations.state import ModelState, ProjectState, StateApps


@contextmanager
def added_alone() -> Iterator[None]:
    """Within, a model that a migration creates is rendered by itself.

    Django renders all models that are reached from a new one by relations, here nearly all, so that making n tables costs n².
    Nothing that stands can refer to a table that is only being made; who alters a model later renders its neighbours as before.
    """
    whole = ProjectState.add_model

    def add_model(self: ProjectState, model_state: ModelState) -> None:
        rendered: StateApps | None = self.__dict__.pop("apps", None)
        whole(self, model_state)
        if rendered is not None:
            rendered.render_multiple([model_state])
            self.__dict__["apps"] = rendered

    ProjectState.add_model = add_model  # type: ignore[method-assign]  # Django offers no place to say so
    try:
        yield
    finally:
        ProjectState.add_model = whole  # type: ignore[method-assign]  # put back
