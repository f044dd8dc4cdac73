"""What the rules of posts find, in sentences."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from heli.kernel.faults import Fault, Finding
from heli.records.reading import FORM_SENTENCES

SENTENCES: Mapping[str, Promise] = {
    **FORM_SENTENCES,
    "least_above_most": _("The fewest posts (%(least)s) are more than the most (%(most)s). Exchange or correct them."),
    "basis_points": _("“%(key)s” must be a whole number of basis points above −10000."),
    "unknown_class": _("“%(value)s” is not in “%(key)s”. Write one of: %(known)s."),
    "grades_order": _("The grades must rise: basic, competent, excellent. Correct the totals."),
    "share": _("The share is a part of the whole: write two numbers such as [1, 5]."),
    "floor_is_target": _("Floor and target are the same. Write two different numbers."),
    "weights_sum": _("The weights add up to %(total)s basis points instead of 10000. Correct them."),
    "unknown_indicator": _("There is no indicator “%(indicator)s”. Add it, or remove the entry."),
    "no_reason": _("Why does the indicator not apply? Write the reason."),
    "nothing_applies": _("No indicator with a weight applies here. Take the subject out, or let one apply."),
}


def as_fault(finding: Finding) -> Fault:
    """A finding of the rules as a sentence."""
    return finding.said(str(SENTENCES[finding.code]))
