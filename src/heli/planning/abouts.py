"""Scenarios as what notices and opinions are about: posted while proposed, kept by who may consult in the whole district."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from heli.kernel.access import SYSTEM, Actor, may
from heli.kernel.panels import Filled
from heli.planning import presenting, presenting_questions, queries
from heli.planning.models import Scenario
from heli.planning.questions.words import WORDS
from heli.planning.services import keep_posting
from heli.planning.types import ScenarioStatus
from heli.planning.views.asking import shell
from heli.planning.views.questions import question_shell
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
    found_in = staticmethod(queries.scenarios_in_scope)
    is_of_whole = False

    def find(self, public_id: str, actor: Actor, action: str) -> About | None:
        """The scenario of this id for the rights of planning; to keep its notices one must reach the whole district."""
        if action not in (self.consulting.reads, self.consulting.keeps, self.consulting.opines):
            return None
        found = self.found_in(actor, action).filter(public_id=public_id).first()
        is_whole = self.is_of_whole or action == self.consulting.keeps
        if found is None or (is_whole and not may(actor, action, found.district_id)):
            return None
        return self.about(found)

    def open(self) -> Iterator[About]:
        """None: nothing under a scenario waits for the clock."""
        return iter(())

    def about(self, scenario: Scenario) -> About:
        """A scenario as consultation knows it."""
        return About(
            self, scenario.public_id, scenario.name, scenario.district_id,
            is_open=scenario.status == ScenarioStatus.PROPOSED, is_sample=scenario.inputs.is_sample,
        )  # fmt: skip

    def head(self, request: ActorRequest, about: About, tab: str) -> dict[str, Any]:
        """The scenario's own head."""
        return shell(request, queries.standing(self.found_in(SYSTEM).get(public_id=about.id)), f"{tab}:home")

    def posted(self, actor: Actor, about: About, notice_id: int, on: date) -> None:
        """The plan that the notice shows."""
        scenario = self.found_in(SYSTEM).get(public_id=about.id)
        keep_posting(actor=actor, scenario=scenario, notice_id=notice_id, on=on)

    def shown_with(self, notice_id: int) -> Filled | None:
        """The plan as it was posted: figures, map, and which villages would become one."""
        found = queries.find_posting(notice_id=notice_id)
        if found is None:
            return None
        standing = queries.standing_of_run(found.scenario, found.run)
        shown = {"stats": presenting.stats(standing, None)[:4], "rows": presenting.merger_rows(standing)}
        return Filled("planning/posted.html", {"notice": found.notice, "map_settings": map_settings(), **shown})


class AskedKind(ScenarioKind):
    """A scenario that is no merger of villages: for those who reach its whole district; notices show figures and list."""

    name, template = "question", "planning/question_base.html"
    found_in = staticmethod(queries.questions_in_scope)
    is_of_whole = True

    def head(self, request: ActorRequest, about: About, tab: str) -> dict[str, Any]:
        """The question's own head."""
        question = self.found_in(SYSTEM).get(public_id=about.id)
        return question_shell(request, queries.question_standing(question), f"{tab}:home")

    def shown_with(self, notice_id: int) -> Filled | None:
        """The answer as it was posted: figures, and what would become of what."""
        found = queries.find_posting(notice_id=notice_id)
        if found is None:
            return None
        standing = queries.question_of_run(found.scenario, found.run)
        rows = presenting_questions.answer_rows(standing)
        shown = {
            "stats": presenting_questions.question_stats(standing),
            "rows": rows,
            "words": WORDS[found.scenario.kind],
        }
        return Filled("planning/question_posted.html", shown)


SCENARIO, ASKED = ScenarioKind(), AskedKind()
ABOUTS: tuple[AboutKind, ...] = (SCENARIO, ASKED)
