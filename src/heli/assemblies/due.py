"""Whom objections wait for: those who examine them, and another person who rules."""

from django.utils.translation import gettext_noop, ngettext

from heli.assemblies.ledger import OBJECTIONS
from heli.assemblies.models import ObjectionState
from heli.records.due import judgement, work

DUES = (
    work(
        OBJECTIONS, [ObjectionState.RECEIVED], title=gettext_noop("Objections to examine"),
        roles=("town_officer", "village_cadre"), heading=gettext_noop("Objections"), order=5,
        says=lambda n: ngettext("%(n)s objection to examine", "%(n)s objections to examine", n) % {"n": n},
    ),
    judgement(
        OBJECTIONS, "rule", title=gettext_noop("Objections to rule on"), roles=("town_officer", "district_officer"),
        heading=gettext_noop("Objections"), order=5,
        says=lambda n: ngettext("%(n)s objection to rule on", "%(n)s objections to rule on", n) % {"n": n},
    ),
)  # fmt: skip
