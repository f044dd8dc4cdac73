"""What the rules of matters find, in sentences."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from heli.assemblies.texts import as_fault as said_by_forms
from heli.kernel.faults import Fault, Finding

SENTENCES: Mapping[str, Promise] = {
    "pauses": _("Pauses are pairs of days or moments, from and to: [[“2026-05-20”, “2026-05-22”]]."),
    "pause_backwards": _("The pause ends before it begins: %(begins)s to %(ends)s. Exchange the two."),
    "moment": _("“%(key)s” must be a moment with its zone, such as 2026-02-13T16:40:00+08:00."),
}


def as_fault(finding: Finding) -> Fault:
    """A finding of the rules as a sentence; what is wrong with any file of cases is said by assemblies."""
    sentence = SENTENCES.get(finding.code)
    return said_by_forms(finding) if sentence is None else finding.said(str(sentence))
