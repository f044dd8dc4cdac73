"""What campaigns offer to the trail: what people said and how many came, where nothing else keeps a second account."""

from heli.audit.types import Witness

WITNESSES = (
    Witness("campaigns.Notice"),
    Witness("campaigns.Opinion"),
    Witness("campaigns.Meeting"),
    Witness("campaigns.Attendance"),
    Witness("campaigns.Decision"),
    Witness("campaigns.TalkCount"),
)
