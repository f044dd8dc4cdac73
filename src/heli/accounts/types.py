"""What a role table says, and what reading accounts gives back. No Django here."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class RoleName(StrEnum):
    """The roles people hold."""

    DISTRICT_OFFICER = "district_officer"
    TOWN_OFFICER = "town_officer"
    VILLAGE_CADRE = "village_cadre"
    GRID_WORKER = "grid_worker"
    DEPARTMENT_LIAISON = "department_liaison"
    TALLY_CLERK = "tally_clerk"
    BOOKKEEPER = "bookkeeper"
    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    PUBLIC = "public"


ROLE_NAMES: frozenset[str] = frozenset(role.value for role in RoleName)


@dataclass(frozen=True, slots=True)
class Role:
    """What a role may do: actions by pattern ("places.*", "*.read"), and whether it signs in with a second factor."""

    name: RoleName
    actions: tuple[str, ...]
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class LockRules:
    """So many failures within the window lock for a while."""

    failures: int
    window: timedelta
    lock: timedelta


@dataclass(frozen=True, slots=True)
class SignInRules(LockRules):
    """How sign-in defends itself: failures lock a name for the source they came from.

    `source_failures` of any names within the window tire a source. `watched_after` failures of a name from anywhere put it
    under watch: then `watched` holds for it.
    """

    source_failures: int
    watched_after: int
    watched: LockRules
    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class RoleTable:
    """The data file: roles by name, and the rules of sign-in."""

    roles: dict[str, Role]
    sign_in: SignInRules
