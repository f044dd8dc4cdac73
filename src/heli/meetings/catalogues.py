"""Kinds of meetings, and the classes of people counted at them."""

from heli.kernel.catalogues import shipped
from heli.kernel.packs import Key, Shape

meeting_kinds = shipped(
    __file__,
    "meeting-kinds",
    more=(Key("group", Shape.TEXT, "what it counts as", choices=("meeting", "training", "rehearsal")),),
    settings=(Key("rehearsals", Shape.WHOLE, "rehearsals a place needs before its vote", least=1),),
)
attendance_classes = shipped(__file__, "attendance-classes")
