"""What accounts offer to the trail: who holds which role where, with which password people sign in, which keys programs hold."""

from heli.audit.types import Witness

WITNESSES = (Witness("accounts.User"), Witness("accounts.RoleGrant"), Witness("accounts.ProgramKey"))
