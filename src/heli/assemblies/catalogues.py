"""Grounds on which somebody may not stand, with the limits of counting; what may be objected to, with its days."""

from collections.abc import Mapping

from heli.kernel.catalogues import shipped, whole
from heli.kernel.packs import Key, Shape
from heli.records.words import Text, words_of

disqualifications = shipped(
    __file__,
    "disqualifications",
    more=(Key("law", Shape.TEXT, "the article"),),
    settings=(
        Key("least_together", Shape.WHOLE, "ballots that a table counts at least", least=1),
        Key("unusual_permille", Shape.WHOLE, "thousandths of invalid ballots that ask for a word", least=1),
        Key("objection_days", Shape.WHOLE, "days in which the result may be objected to", least=1),
    ),
)
objection_kinds = shipped(
    __file__,
    "objection-kinds",
    more=(
        Key("within", Shape.WHOLE, "days after publication in which it is made", least=1),
        Key("ruled", Shape.WHOLE, "days after receipt in which it is ruled", least=1),
        Key("law", Shape.TEXT, "the article"),
    ),
)


def limit(name: str) -> int:
    """A limit of counting by its name in the file."""
    return whole(disqualifications().settings[name])


def grounds() -> Mapping[str, Text]:
    """The legal grounds in the reader's language."""
    return words_of(disqualifications())


def objected() -> Mapping[str, Text]:
    """What may be objected to, in the reader's language."""
    return words_of(objection_kinds())
