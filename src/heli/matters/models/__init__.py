"""The tables of matters, by topic."""

from heli.matters.models.hotline import Hotline, HotlineLink
from heli.matters.models.lift import MatterLift
from heli.matters.models.matter import (
    E6,
    LONGEST_TEXT,
    Content,
    Matter,
    MatterLink,
    MatterOutcome,
    MatterState,
    MatterVoice,
    ReportChannel,
)
from heli.matters.models.site import SiteCount, SiteKind
from heli.matters.models.whistle import GONE_ON, OVER, Duty, UrgeColour, Whistle, WhistleState

__all__ = [
    "E6",
    "GONE_ON",
    "LONGEST_TEXT",
    "OVER",
    "Content",
    "Duty",
    "Hotline",
    "HotlineLink",
    "Matter",
    "MatterLift",
    "MatterLink",
    "MatterOutcome",
    "MatterState",
    "MatterVoice",
    "ReportChannel",
    "SiteCount",
    "SiteKind",
    "UrgeColour",
    "Whistle",
    "WhistleState",
]
