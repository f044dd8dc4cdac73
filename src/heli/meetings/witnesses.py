"""What meetings offer to the trail: who decided what, and how many came."""

from heli.audit.types import Witness

WITNESSES = (Witness("meetings.Meeting"), Witness("meetings.Attendance"), Witness("meetings.Decision"))
