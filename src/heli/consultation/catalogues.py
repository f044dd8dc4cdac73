"""Kinds of notices and how long they hang, topics of opinions, classes to be talked with, roles of survey questions."""

from heli.kernel.catalogues import shipped
from heli.kernel.packs import Key, Shape

KIND_KEYS = (
    Key("days", Shape.WHOLE, "days, the day of posting not counted", least=1),
    Key(
        "basis",
        Shape.TEXT,
        "it hangs so long, or is posted so long before a day",
        required=False,
        choices=("day", "before"),
    ),
    Key("law", Shape.TEXT, "the article that asks for them", required=False),
)
notice_kinds = shipped(__file__, "notice-kinds", more=KIND_KEYS)
opinion_topics = shipped(__file__, "opinion-topics")
talk_classes = shipped(
    __file__,
    "talk-classes",
    more=(
        Key("share", Shape.WHOLE, "of `over` people so many must be talked with", least=1),
        Key("over", Shape.WHOLE, "see share", least=1),
    ),
)
survey_pack = shipped(
    __file__,
    "survey",
    settings=(Key("least_shown", Shape.WHOLE, "answers from which on results of a village are shown", least=1),),
)
