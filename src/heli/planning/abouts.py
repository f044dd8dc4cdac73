"""Scenarios as what notices and opinions are about: posted while proposed, kept by who may consult in the whole district."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from heli.kernel.access import SYSTEM, Actor, may
from heli.kernel.panels import Filled
from heli.planning import presenting, queries
from heli.planning.models import Scenario
from heli.planning.services import keep_posting
from heli.planning.types import ScenarioStatus
from heli.planning.views.asking import shell
from heli.planning.views.scenarios import map_settings
from heli.records.abouts import About, AboutKind, Consulting
from heli.ui.pages import ActorRequest


class ScenarioKind(AboutKind):
    """A scenario: notices about it stand under its tabs and show the plan as it was posted."""

    name, model, template = "scenario", "planning.Scenario", "planning/scenario_base.html"
    entry = "planning:scenarios"
    closed = _("Only a proposed plan is posted for comment: propose it first.")
    consulting = Consulting(
        "planning.read", "planning.consult", "planning.comment", is_whole=True, only="plan", asks_stance=True, has_rooms=False
    )  # fmt: skip

    def find(self, public_id: str, actor: Actor, action: str) -> About | None:
        """The scenario of this id for the rights of planning; to keep its notices one must reach the whole district."""
        if action not in (self.consulting.reads, self.consulting.keeps, self.consulting.opines):
            return None
        found = queries.find_scenario(public_id, actor, action)
        if found is None or (action == self.consulting.keeps and not may(actor, action, found.district_id)):
            return None
        return self.about(found)

    def open(self) -> Iterator[About]:
        """None: nothing under a scenario waits for the clock."""
        return iter(())

    def about(self, scenario: Scenario) -> About:
        """A scenario as consultation knows it."""
        return About(
            self, scenario.public_id, scenario.name, scenario.district_id,
            is_open=scenario.status == ScenarioStatus.PROPOSED, is_sample=queries.pinned(scenario).is_sample,
        )  # fmt: skip

    def head(self, request: ActorRequest, about: About, tab: str) -> dict[str, Any]:
        """The scenario's own head."""
        scenario = queries.scenarios_in_scope(SYSTEM).get(public_id=about.id)
        return shell(request, queries.standing(scenario), f"{tab}:home")

    def posted(self, actor: Actor, about: About, notice_id: int, on: date) -> None:
        """The plan that the notice shows."""
        scenario = queries.scenarios_in_scope(SYSTEM).get(public_id=about.id)
        keep_posting(actor=actor, scenario=scenario, notice_id=notice_id, on=on)

    def shown_with(self, notice_id: int) -> Filled | None:
        """The plan as it was posted: figures, map, and which villages would become one."""
        found = queries.find_posting(notice_id=notice_id)
        if found is None:
            return None
        standing = queries.standing_of_run(found.scenario, found.run)
        shown = {"stats": presenting.stats(standing, None)[:4], "rows": presenting.merger_rows(standing)}
        return Filled("planning/posted.html", {"notice": found.notice, "map_settings": map_settings(), **shown})


SCENARIO = ScenarioKind()
ABOUTS: tuple[AboutKind, ...] = (SCENARIO,)
