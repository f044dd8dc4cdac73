"""Making a table renders one model, whatever its relations reach; altering one renders its neighbours as Django does."""

from unittest.mock import patch

from django.apps.registry import Apps
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from heli.kernel.db.states import added_alone


def model(name: str, *to: str) -> ModelState:
    """A model with a foreign key to each of the others."""
    links = [(one, models.ForeignKey(f"tests.{one}", models.CASCADE)) for one in to]
    return ModelState("tests", name, [("id", models.BigAutoField(primary_key=True)), *links])


def rendered(state: ProjectState, added: ModelState) -> set[str]:
    """Which models are rendered while one is added."""
    names, whole = set(), ModelState.render

    def render(self: ModelState, apps: Apps) -> object:
        names.add(self.name)
        return whole(self, apps)

    with patch.object(ModelState, "render", render):
        state.add_model(added)
        assert state.apps.get_model("tests", added.name)
    return names


def state() -> ProjectState:
    made = ProjectState()
    for one in (model("town"), model("village", "town"), model("group", "village")):
        made.add_model(one)
    assert made.apps
    return made


def test_a_new_model_is_rendered_alone_within_and_with_all_it_reaches_without() -> None:
    assert rendered(state(), model("notice", "village")) == {"town", "village", "group", "notice"}
    with added_alone():
        made = state()
        assert rendered(made, model("notice", "village")) == {"notice"}
    notice, village = (made.apps.get_model("tests", name) for name in ("notice", "village"))
    assert notice._meta.get_field("village").related_model is village
    assert rendered(made, model("reply", "notice")) == {"town", "village", "group", "notice", "reply"}
