"""What the rules of posts find, in sentences."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.kernel.faults import Fault, Finding
from heli.posts.types import Education, Sex
from heli.records.reading import FORM_SENTENCES

SEX_WORDS: Mapping[str, Promise] = {Sex.FEMALE: _("female"), Sex.MALE: _("male")}
EDUCATION_WORDS: Mapping[str, Promise] = {
    Education.MIDDLE: _("middle school or less"),
    Education.HIGH: _("high school"),
    Education.COLLEGE: _("college"),
    Education.UNIVERSITY: _("university"),
}

SENTENCES: Mapping[str, Promise] = {
    **FORM_SENTENCES,
    "least_above_most": _("The fewest posts (%(least)s) are more than the most (%(most)s). Exchange or correct them."),
    "posts_too_few": _("%(total)s posts are too few: with the fewest of every village there are %(limit)s."),
    "posts_too_many": _("%(total)s posts are too many: with the most of every village there are %(limit)s."),
    "changed_total": _("With the changes there are %(after)s posts instead of %(total)s: change others or the total."),
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


CLASS_WORDS: Mapping[str, Promise] = {
    "ordinary": pgettext_lazy("class of a village", "ordinary"),
    "market": pgettext_lazy("class of a village", "market-town village"),
    "central": pgettext_lazy("class of a village", "central village"),
    "characteristic": pgettext_lazy("class of a village", "characteristic village"),
    "high": pgettext_lazy("class of a village", "high"),
    "middle": pgettext_lazy("class of a village", "middle"),
    "low": pgettext_lazy("class of a village", "low"),
}


def class_words(key: str) -> str:
    """A class of a file of heli.posts/1 in words; a class of the locality's own stays as it is written."""
    return str(CLASS_WORDS.get(key, key))
