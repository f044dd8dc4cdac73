"""Data files of stations: what they do that is written down, and the groups their members come from."""

from heli.kernel.catalogues import shipped
from heli.kernel.packs import Key, Shape
from heli.records.words import words_of

POWER, PLATFORM, VISIT = CLASSES = ("power", "platform", "visit")
acts = shipped(__file__, "acts", more=(Key("class", Shape.TEXT, "power, platform or visit", choices=CLASSES),))
groups = shipped(__file__, "groups")


def act_words() -> dict[str, str]:
    """What a station does, in the reader's language."""
    return words_of(acts())


def class_of(act: str) -> str:
    """Whether an act is a power, a platform or a visit; "" for one that is no longer in the file."""
    entry = acts().entries.get(act)
    return str(entry.more["class"]) if entry else ""


def acts_of(sort: str) -> list[str]:
    """The acts of a class, in the order of the file."""
    return [key for key in acts().entries if class_of(key) == sort]


def group_words() -> dict[str, str]:
    """The groups in the reader's language, in the order of the file."""
    return words_of(groups())
