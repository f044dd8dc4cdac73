"""What is elected, grounds on which somebody may not stand, limits of counting, what may be objected to."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import get_language

from heli.assemblies.rules.electing import POSTS
from heli.assemblies.rules.law import KINDS
from heli.assemblies.types import ElectedSort, ElectionKind, KindPost
from heli.bodies.types import BodyKind
from heli.kernel.catalogues import CatalogueEntry, shipped, whole
from heli.kernel.packs import Key, Shape
from heli.kernel.words import Words
from heli.records.words import Text, words_of

disqualifications = shipped(
    __file__,
    "disqualifications",
    more=(Key("law", Shape.TEXT, "the article"),),
    settings=(
        Key("least_together", Shape.WHOLE, "ballots that a table counts at least", least=1),
        Key("unusual_permille", Shape.WHOLE, "thousandths of invalid ballots that ask for a word", least=1),
    ),
)
objection_kinds = shipped(__file__, "objection-kinds")
POST_KEYS = (
    Key("post", Shape.TEXT, "which post", choices=POSTS),
    Key("zh", Shape.TEXT, "on a ballot, in Chinese"),
    Key("en", Shape.TEXT, "on a ballot, in English"),
    Key("office", Shape.TEXT, "the office it gives, where that is called otherwise", required=False),
)
election_kinds = shipped(
    __file__,
    "election-kinds",
    more=(
        Key("law", Shape.TEXT, "whose law it is", choices=KINDS),
        Key("elects", Shape.TEXT, "what it is for a playbook", choices=tuple(ElectedSort)),
        Key("name", Shape.TEXT, "what it is called after the unit's name"),
        Key("by_election", Shape.TEXT, "of the packs: what it is when a congress fills its seats", required=False),
        Key("kind", Shape.TEXT, "what it is among organisations", choices=tuple(BodyKind)),
        Key("posts", Shape.TABLES, "its posts, the highest first", keys=POST_KEYS, least=1),
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


def elected_bodies() -> Mapping[str, Text]:
    """What is elected, in the reader's language."""
    return words_of(election_kinds())


@cache
def election_kind(body: str) -> ElectionKind:
    """What is elected by its key. Raises KeyError."""
    return _kind(election_kinds().entries[body])


def bodies_that_are(sort: ElectedSort) -> list[str]:
    """The keys of what is elected of a sort."""
    return [key for key in election_kinds().entries if election_kind(key).elects is sort]


def post_words(body: str, post: str) -> str:
    """A post as it stands on the ballot of a body, in the reader's language."""
    return election_kind(body).posts[post].words.text("zh-hans" if (get_language() or "zh").startswith("zh") else "en")


def _kind(entry: CatalogueEntry) -> ElectionKind:
    more: Mapping[str, Any] = entry.more
    posts = {one["post"]: KindPost(Words(one["zh"], one["en"]), one.get("office", one["zh"])) for one in more["posts"]}
    name, kind, by_election = more["name"], BodyKind(more["kind"]), str(more["by_election"])
    return ElectionKind(entry.key, more["law"], ElectedSort(more["elects"]), name, kind, posts, by_election)
