"""Kinds of meetings, and the classes of people counted at them."""

from collections.abc import Mapping

from heli.kernel.catalogues import shipped
from heli.kernel.packs import Key, Shape
from heli.records.words import words_of

meeting_kinds = shipped(
    __file__,
    "meeting-kinds",
    more=(Key("group", Shape.TEXT, "what it counts as", choices=("meeting", "training", "rehearsal")),),
    settings=(Key("rehearsals", Shape.WHOLE, "rehearsals a place needs before its vote", least=1),),
)
attendance_classes = shipped(__file__, "attendance-classes")


def kinds() -> Mapping[str, str]:
    """The kinds of meetings by key, in the reader's language."""
    return words_of(meeting_kinds())


def group_of(kind: str) -> str:
    """Whether a kind is a "meeting", a "training" or a "rehearsal"; nothing for one that the catalogue has no more."""
    entry = meeting_kinds().entries.get(kind)
    return str(entry.more["group"]) if entry else ""


def kinds_of(group: str) -> list[str]:
    """The keys of the kinds of a group."""
    return [kind for kind in meeting_kinds().entries if group_of(kind) == group]
