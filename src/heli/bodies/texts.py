"""Words for kinds of bodies and links."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from heli.bodies.types import BodyKind, LinkKind

KINDS: Mapping[str, str | Promise] = {
    BodyKind.GOVERNMENT: _("Government"),
    BodyKind.PARTY_DEPARTMENT: _("Party department"),
    BodyKind.DEPARTMENT: _("Department"),
    BodyKind.STATION: _("Red Collar station"),
    BodyKind.COOPERATIVE: _("Cooperative"),
    BodyKind.GROUP_COLLECTIVE: _("Collective of a villagers' group"),
    BodyKind.PARTY_BRANCH: _("Party branch"),
    BodyKind.WORK_GROUP: _("Work group"),
    BodyKind.TASK_TEAM: _("Task team"),
    BodyKind.COMMITTEE: _("Committee"),
    BodyKind.OTHER: _("Other body"),
}

LINKS: Mapping[str, str | Promise] = {
    LinkKind.RESPONSIBLE: _("responsible"),
    LinkKind.AREA_LEAD: _("area lead"),
    LinkKind.VILLAGE_LINK: _("linked"),
    LinkKind.PROPERTY: _("keeps its collective property"),
    LinkKind.REPORTS_IN: _("has reported in"),
    LinkKind.PARTNER: _("partner"),
    LinkKind.PART_TIME: _("part-time member of its committee"),
    LinkKind.ON_CALL: _("on call for joint enforcement"),
}
