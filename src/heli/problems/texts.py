"""Words of a campaign's matters, in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import pgettext_lazy

from heli.campaigns.texts_matters import Text
from heli.problems.types import IssueDid, IssueSource, IssueStatus

ISSUE_STATUSES: Mapping[IssueStatus, Text] = {
    IssueStatus.OPEN: pgettext_lazy("problem", "open"),
    IssueStatus.IN_HAND: pgettext_lazy("problem", "in hand"),
    IssueStatus.CLAIMED: pgettext_lazy("problem", "claimed done"),
    IssueStatus.CLOSED: pgettext_lazy("problem", "closed"),
}


ISSUE_TONES: Mapping[IssueStatus, str] = {
    IssueStatus.OPEN: "quiet",
    IssueStatus.IN_HAND: "info",
    IssueStatus.CLAIMED: "info",
    IssueStatus.CLOSED: "good",
}


ISSUE_SOURCES: Mapping[IssueSource, Text] = {
    IssueSource.SURVEY: pgettext_lazy("problem", "baseline survey"),
    IssueSource.INSPECTION: pgettext_lazy("problem", "supervision round"),
    IssueSource.CONSULTATION: pgettext_lazy("problem", "consultation"),
    IssueSource.MEETING: pgettext_lazy("problem", "meeting"),
    IssueSource.REPORT: pgettext_lazy("problem", "report of the village"),
}


ISSUE_HAPPENED: Mapping[IssueDid, Text] = {
    IssueDid.OPENED: pgettext_lazy("problem", "entered"),
    IssueDid.CHANGED: pgettext_lazy("problem", "changed"),
    IssueDid.TOOK_IN_HAND: pgettext_lazy("problem", "taken in hand"),
    IssueDid.CLAIMED: pgettext_lazy("problem", "claimed done"),
    IssueDid.RETURNED: pgettext_lazy("problem", "sent back"),
    IssueDid.CLOSED: pgettext_lazy("problem", "closed"),
    IssueDid.REOPENED: pgettext_lazy("problem", "opened again"),
}
