"""What the rules of matters find, in sentences."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from heli.kernel.faults import Fault, Finding
from heli.records.reading import FORM_SENTENCES

SENTENCES: Mapping[str, Promise] = {
    **FORM_SENTENCES,
    "pauses": _("Pauses are pairs of days or moments, from and to: [[“2026-05-20”, “2026-05-22”]]."),
    "pause_backwards": _("The pause ends before it begins: %(begins)s to %(ends)s. Exchange the two."),
    "moment": _("“%(key)s” must be a moment with its zone, such as 2026-02-13T16:40:00+08:00."),
}


def as_fault(finding: Finding) -> Fault:
    """A finding of the rules as a sentence."""
    return finding.said(str(SENTENCES[finding.code]))


STAGE_WORDS: Mapping[str, Promise] = {
    "collecting": _("information collected"),
    "filing": _("case filed"),
    "handling": _("task handled"),
    "checking": _("checked and closed on site"),
    "feedback": _("result told"),
    "evaluating": _("evaluated"),
}
"""The stages of GB/T 30428 in words."""
