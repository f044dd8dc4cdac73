"""What rounds tell others: their section on the page of meetings, their visits in the archive of a place."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.kernel.access import Actor, may
from heli.kernel.declare import Rows
from heli.kernel.panels import Section, offer_section
from heli.records.abouts import About
from heli.records.panels import Piece
from heli.rounds import queries
from heli.rounds.forms import RoundForm
from heli.rounds.services import WRITE


def rounds_of(actor: Actor, about: About, on: date) -> dict[str, Any]:
    """The rounds with what they have not covered, and the form that opens one."""
    form = RoundForm(initial={"first_on": on, "last_on": on + timedelta(days=11)})
    return {
        "about": about,
        "rounds": queries.coverage(actor, about, on),
        "form": form if may(actor, WRITE, about.district_id) else None,
    }


PIECES = (Piece("meetings:list", "rounds/section.html", rounds_of),)


def visit_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Visits of supervision teams."""
    visits = list(queries.visits_at(actor, place_ids, on))
    lines = [(one.visited_on, one.round.number, one.team.name) for one in visits]
    links = [reverse("rounds:round", args=[one.round.about, one.round.number]) for one in visits]
    return Rows((_("Visited on"), _("Round"), _("Team")), lines, links)


def offer_sections() -> None:
    """Called once at start-up."""
    offer_section(
        Section("rounds.visits", gettext_lazy("Visits of supervision teams"), visit_rows, order=53, is_brief=True)
    )
