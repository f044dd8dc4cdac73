"""What consultation offers to the trail: what people said, where nothing else keeps a second account."""

from heli.audit.types import Witness

WITNESSES = (Witness("consultation.Notice"), Witness("consultation.Opinion"), Witness("consultation.TalkCount"))
