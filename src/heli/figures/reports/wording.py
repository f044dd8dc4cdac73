"""Words of reports: their kinds, whom they are for, how a number was worked out."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from heli.figures.reports.types import Derivation, Recipient, ReportKind

REPORT_KINDS: Mapping[str, Promise] = {
    ReportKind.WEEKLY: _("weekly report"),
    ReportKind.INTERIM: _("quick report"),
    ReportKind.YEARBOOK: _("yearbook page"),
}
RECIPIENTS: Mapping[str, Promise] = {
    Recipient.DISTRICT: _("District"),
    Recipient.TOWN: _("Town"),
    Recipient.LEADER: _("Linked leader"),
}
HOW_LABELS: Mapping[str, Promise] = {
    Derivation.VALUE: _("The stored number as it is."),
    Derivation.SUM: _("The stored numbers added up: numerators and denominators."),
    Derivation.DIFFERENCE: _("The first number less the second, worked out exactly and rounded at the end."),
    Derivation.SHARE: _("The first number as a percentage of the second."),
    Derivation.GAP: _("Progress less steps due over all steps, in percentage points."),
    Derivation.COUNT: _("The number of places listed."),
    Derivation.RANK: _(
        "One more than the number of places whose number is larger; the first listed is the place itself."
    ),
    Derivation.FORECAST: _(
        "Remaining steps drawn again and again from what steps took so far; kept when the week was frozen."
    ),
}
