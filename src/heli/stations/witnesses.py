"""What stations offer to the trail: every count of members."""

from heli.audit.types import Witness

WITNESSES = (Witness("stations.MemberCount"),)
