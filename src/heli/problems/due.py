"""Whom problems wait for: those who lead them, and the second person who closes them."""

from django.utils.translation import gettext_noop, ngettext

from heli.problems.ledger import PROBLEMS
from heli.problems.models import ProblemState
from heli.records.due import judgement, work

DUES = (
    work(
        PROBLEMS, [ProblemState.OPEN, ProblemState.IN_HAND], title=gettext_noop("Problems to settle"),
        roles=("town_officer", "department_liaison"), heading=gettext_noop("Problems"), order=10,
        says=lambda n: ngettext("%(n)s problem due", "%(n)s problems due", n) % {"n": n},
    ),
    judgement(
        PROBLEMS, "close", title=gettext_noop("Problems to close"), roles=("town_officer", "district_officer"),
        heading=gettext_noop("Problems"), order=10,
        says=lambda n: ngettext("%(n)s problem to close", "%(n)s problems to close", n) % {"n": n},
    ),
)  # fmt: skip
