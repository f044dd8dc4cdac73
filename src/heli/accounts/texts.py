"""Words for roles and statuses, in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from heli.accounts.types import RoleName

ROLES: Mapping[str, str | Promise] = {
    RoleName.DISTRICT_OFFICER: _("District officer"),
    RoleName.TOWN_OFFICER: _("Town officer"),
    RoleName.VILLAGE_CADRE: _("Village cadre"),
    RoleName.GRID_WORKER: _("Grid worker"),
    RoleName.DEPARTMENT_LIAISON: _("Department liaison"),
    RoleName.TALLY_CLERK: _("Tally clerk"),
    RoleName.BOOKKEEPER: _("Bookkeeper"),
    RoleName.CASHIER: _("Cashier"),
    RoleName.SUPERVISOR: _("Supervisor of books"),
    RoleName.AUDITOR: _("Auditor"),
    RoleName.ADMINISTRATOR: _("Administrator"),
    RoleName.PUBLIC: _("Public"),
}

ACTIVE: Mapping[bool, str | Promise] = {True: _("enabled"), False: _("disabled")}
