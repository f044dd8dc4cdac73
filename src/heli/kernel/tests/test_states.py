"""What adds, or alters no relation, renders one model, whatever it is linked to; what follows relations finds all up to date."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.apps.registry import Apps
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from heli.kernel.db.states import added_alone

Change = Callable[[ProjectState], None]
CHECK = models.CheckConstraint(condition=models.Q(id__gt=0), name="village_positive")


def model(name: str, *to: str) -> ModelState:
    """A model with a foreign key to each of the others."""
    links: list[tuple[str, Any]] = [(one, models.ForeignKey(f"tests.{one}", models.CASCADE)) for one in to]
    options: dict[str, list[object]] = {"constraints": [], "indexes": []}
    own: list[tuple[str, Any]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=9)),
    ]
    return ModelState("tests", name, [*own, *links], options)


def state() -> ProjectState:
    """Three models in a row and one that only a later change links to them, all rendered."""
    made = ProjectState()
    for one in (model("town"), model("village", "town"), model("group", "village"), model("notice")):
        made.add_model(one)
    assert made.apps
    return made


def rendered(made: ProjectState, change: Change) -> set[str]:
    """Which models are rendered by a change and by the reading after it."""
    names, whole = set(), ModelState.render

    def render(self: ModelState, apps: Apps) -> object:
        names.add(self.name)
        return whole(self, apps)

    with patch.object(ModelState, "render", render):
        change(made)
        assert made.apps
    return names


def add_link(made: ProjectState) -> None:
    made.add_field("tests", "notice", "village", models.ForeignKey("tests.village", models.CASCADE), True)


def alter_town(made: ProjectState) -> None:
    made.alter_field("tests", "town", "id", models.CharField(primary_key=True, max_length=9), True)


def alter_name(made: ProjectState) -> None:
    made.alter_field("tests", "village", "name", models.CharField(max_length=99), True)


ADDITIONS: dict[str, Change] = {
    "reply": lambda made: made.add_model(model("reply", "village")),
    "notice": add_link,
    "village": lambda made: made.add_constraint("tests", "village", CHECK),
}


@pytest.mark.parametrize("alone", ADDITIONS)
def test_an_addition_renders_one_model_within_and_all_it_reaches_without(alone: str) -> None:
    assert rendered(state(), ADDITIONS[alone]) > {"town", "village", alone}
    with added_alone():
        assert rendered(state(), ADDITIONS[alone]) == {alone}


def test_a_field_that_is_no_relation_is_altered_alone_and_one_that_others_refer_to_is_not() -> None:
    assert rendered(state(), alter_name) > {"town", "village"}
    with added_alone():
        made = state()
        assert rendered(made, alter_name) == {"village"}
        assert made.apps.get_model("tests", "village")._meta.get_field("name").max_length == 99
        assert rendered(state(), alter_town) >= {"town", "village", "group"}


def test_what_follows_relations_finds_those_that_were_added() -> None:
    with added_alone():
        made = state()
        add_link(made)
        assert rendered(made, alter_town) >= {"town", "village", "group", "notice"}
        assert not made.is_delayed
        village, notice = (made.apps.get_model("tests", name) for name in ("village", "notice"))
        assert notice._meta.get_field("village").related_model is village
        assert {one.related_model.__name__ for one in village._meta.related_objects} == {"group", "notice"}


def test_who_reads_rows_gets_models_that_know_each_other() -> None:
    with added_alone():
        made = state()
        ADDITIONS["village"](made)
        made.clear_delayed_apps_cache()  # as RunPython does
        village, group = (made.apps.get_model("tests", name) for name in ("village", "group"))
    assert group._meta.get_field("village").related_model is village
    assert CHECK in village._meta.constraints
