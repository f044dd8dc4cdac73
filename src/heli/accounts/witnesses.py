"""What accounts offer to the trail: who holds which role where, and with which password people sign in."""

from heli.audit.types import Witness

WITNESSES = (Witness("accounts.User"), Witness("accounts.RoleGrant"))
