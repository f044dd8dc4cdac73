"""Values of the matters of a campaign: problems, risks, consultation, meetings, questionnaires. No Django here."""

from enum import StrEnum


class IssueSource(StrEnum):
    """Where a problem came to light."""

    SURVEY = "survey"
    INSPECTION = "inspection"
    CONSULTATION = "consultation"
    MEETING = "meeting"
    REPORT = "report"


class IssueStatus(StrEnum):
    """How far a problem is: closed only by a second person."""

    OPEN = "open"
    IN_HAND = "in_hand"
    CLAIMED = "claimed"
    CLOSED = "closed"


class IssueDid(StrEnum):
    """What an entry of a problem's history says. Never renamed: the log is read for ever."""

    OPENED = "opened"
    CHANGED = "changed"
    TOOK_IN_HAND = "took_in_hand"
    CLAIMED = "claimed"
    RETURNED = "returned"
    CLOSED = "closed"
    REOPENED = "reopened"
