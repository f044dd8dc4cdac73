"""What problems tell the archive of a place: only what the actor may read there."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.campaigns.panels import readable
from heli.kernel.access import Actor
from heli.kernel.declare import Rows
from heli.kernel.panels import Section, offer_section
from heli.problems.queries import issues_at
from heli.problems.texts import ISSUE_STATUSES
from heli.problems.types import IssueStatus


def problem_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """The problem ledger of the place."""
    heads = (_("No."), _("Problem"), _("Found"), _("Due"), _("Standing"), _("Closed"))
    issues = list(issues_at(readable(actor, place_ids), on))
    lines = [
        (i.number, i.title, i.found_on, i.due_on or "", str(ISSUE_STATUSES[IssueStatus(i.status)]), i.closed_on or "")
        for i in issues
    ]
    links = [reverse("problems:problem", args=[issue.campaign.public_id, issue.public_id]) for issue in issues]
    return Rows(heads, lines, links)


def offer_sections() -> None:
    """Called once at start-up."""
    offer_section(Section("problems.problems", gettext_lazy("Problems"), problem_rows, order=55))
