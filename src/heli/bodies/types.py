"""Kinds of bodies and links, and what reading them gives back. No Django here."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class BodyKind(StrEnum):
    """What an organisation is: a people's government or its street office, a department of the Party committee or of it, …"""

    GOVERNMENT = "government"
    PARTY_DEPARTMENT = "party_department"
    DEPARTMENT = "department"
    STATION = "station"
    COOPERATIVE = "cooperative"
    GROUP_COLLECTIVE = "group_collective"
    PARTY_BRANCH = "party_branch"
    WORK_GROUP = "work_group"
    TASK_TEAM = "task_team"
    COMMITTEE = "committee"
    OTHER = "other"


GRASSROOTS = (BodyKind.STATION, BodyKind.COOPERATIVE, BodyKind.GROUP_COLLECTIVE, BodyKind.COMMITTEE)
"""The bodies of villages and communities."""


class LinkKind(StrEnum):
    """How a body or a person is linked to a place.

    `RESPONSIBLE` answers for it (one at a time), `AREA_LEAD` 包片 heads the area it lies in (one at a time),
    `VILLAGE_LINK` 包联 is linked to it (several may be); `PROPERTY` keeps the books of its collective property 核算主体 (several
    may: 并村不并账). `REPORTS_IN` 双报到: an organisation has reported in there; `PARTNER` 结对共建: it is paired with it;
    `PART_TIME` 兼职委员: a person of it sits on its committee part-time; `ON_CALL` 1+N: a department is on call there.
    """

    RESPONSIBLE = "responsible"
    AREA_LEAD = "area_lead"
    VILLAGE_LINK = "village_link"
    PROPERTY = "property"
    REPORTS_IN = "reports_in"
    PARTNER = "partner"
    PART_TIME = "part_time"
    ON_CALL = "on_call"


EXCLUSIVE: tuple[LinkKind, ...] = (LinkKind.RESPONSIBLE, LinkKind.AREA_LEAD)
"""Kinds of which a place has one at a time."""

ORDER: tuple[LinkKind, ...] = (*EXCLUSIVE, LinkKind.VILLAGE_LINK)
"""The links by which somebody answers for a place, the first who does."""

JOINT: tuple[LinkKind, ...] = (LinkKind.REPORTS_IN, LinkKind.PARTNER, LinkKind.PART_TIME, LinkKind.ON_CALL)
"""The links by which somebody helps a place, and answers for nothing."""


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for a place, in what way, since when; `office` is a person's, `of` the body a person belongs to."""

    link_id: str
    kind: LinkKind
    holder_id: str
    name: str
    is_person: bool
    office: str
    of: str
    since: date
    until: date | None
    document_number: str
