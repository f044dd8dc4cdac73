# ruff: noqa: E501 — sentences and lists of words stay whole
"""Words for groups and reasons of proposals, in the reader's language. The msgids are English."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from heli.places.proposals.types import Group

GROUPS: Mapping[Group, tuple[str, str]] = {
    Group.TOWN: (_("Townships"), _("Townships that changed, appeared or vanished. Decide about these first: their villages follow.")),
    Group.SUFFIX: (_("Only the suffix changed"), _("Same code, same township, and the name differs only in how the committee is written. May be accepted together.")),
    Group.RECODED: (_("New code"), _("Same name in the same township under another code. May be accepted together; in districts whose history is known about 98 of 100 were right.")),
    Group.CONVERTED: (_("Village became community"), _("Same name in the same township, a village before and a community after. May be accepted together.")),
    Group.TOWN_GONE: (_("Moved with an abolished township"), _("The township is gone and the name goes on exactly once in another one. Confirm these as one group.")),
    Group.RENAMED: (_("Renamed"), _("Same code and township, a name that differs by a little. Look at each.")),
    Group.MOVED: (_("Same name in another township"), _("The own township still exists. Common names mislead: look at each.")),
    Group.UNCLEAR: (_("Not in the new list, with candidates"), _("Most were merged. Choose the unit that continues the village, or leave it to the merger list.")),
    Group.GONE: (_("Not in the new list, nothing alike"), _("Nothing in the list tells what became of these. The merger list decides.")),
    Group.NEW: (_("New in the list"), _("Founded by a merger or newly set up. The merger list says from which villages; found them here only if they came out of none.")),
    Group.KEPT: (_("Unchanged"), _("Same code, name and township.")),
}  # fmt: skip

REASONS: Mapping[str, str] = {
    "same_name_same_town": _("same name in the same township"),
    "same_name": _("same name"),
    "same_code": _("same code"),
    "other_code": _("another code"),
    "same_code_other_name": _("same code but another name: codes come back for unrelated villages"),
    "name_alike": _("names alike by %(percent)s %%"),
    "name_inside": _("the name “%(old)s” is part of “%(new)s”"),
    "letters_shared": _("letters in common: %(letters)s"),
    "name_of_two": _("“%(new)s” may be made of this name and of %(other)s, which vanished too"),
    "town_goes_on": _("most of its township's villages go on in this one"),
    "neighbour": _("it continues %(name)s, a neighbour"),
    "near": _("it lies %(km)s km away"),
    "told_apart": _("the names differ in a number or direction, as neighbours do"),
    "same_town": _("same township"),
    "other_town": _("another township, and the own one still exists"),
    "town_abolished": _("its township was abolished"),
    "code_near": _("close by in the order of codes"),
    "unit_is_new": _("the unit is new in the list"),
    "unit_existed": _("the unit existed before: the village would have joined it"),
    "town_same_code": _("same code and name, another kind or spelling"),
    "town_same_name": _("same name under another code"),
    "town_same_villages": _("same code, and %(shared)s of %(of)s villages' names go on there"),
    "town_names_go_on": _("the names of %(shared)s of %(of)s villages go on there"),
}


def group_text(group: Group | str) -> str:
    """The group's title."""
    return gettext(GROUPS[Group(group)][0])


def group_note(group: Group | str) -> str:
    """What the group means and what to do."""
    return gettext(GROUPS[Group(group)][1])


def reason_text(code: str, facts: Mapping[str, object]) -> str:
    """A reason as a phrase."""
    return gettext(REASONS[code]) % facts
