"""Words of a campaign's matters, in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from heli.campaigns.types_matters import (
    Aspect,
    Catalogue,
    Channel,
    InquiryStatus,
    IssueDid,
    IssueSource,
    IssueStatus,
    RiskLevel,
)

Text = str | Promise

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
ASPECTS: Mapping[Aspect, Text] = {
    Aspect.LEGALITY: _("Legality"),
    Aspect.REASONABLENESS: _("Reasonableness"),
    Aspect.FEASIBILITY: _("Feasibility"),
    Aspect.CONTROLLABILITY: _("Controllability"),
}
RISK_LEVELS: Mapping[RiskLevel, Text] = {
    RiskLevel.LOW: pgettext_lazy("risk", "low"),
    RiskLevel.MEDIUM: pgettext_lazy("risk", "medium"),
    RiskLevel.HIGH: pgettext_lazy("risk", "high"),
}
RISK_TONES: Mapping[RiskLevel, str] = {RiskLevel.LOW: "good", RiskLevel.MEDIUM: "warn", RiskLevel.HIGH: "bad"}
CHANNELS: Mapping[Channel, Text] = {
    Channel.WALL_BOX: _("opinion box"),
    Channel.MEETING: pgettext_lazy("channel", "meeting"),
    Channel.PHONE: pgettext_lazy("channel", "telephone"),
    Channel.ONLINE: pgettext_lazy("channel", "notice page"),
    Channel.LETTER: pgettext_lazy("channel", "letter"),
}
INQUIRY_STATUSES: Mapping[InquiryStatus, Text] = {
    InquiryStatus.SENT: pgettext_lazy("questionnaire", "not answered"),
    InquiryStatus.ANSWERED: pgettext_lazy("questionnaire", "answered"),
    InquiryStatus.RETURNED: pgettext_lazy("questionnaire", "sent back"),
    InquiryStatus.CHECKED: pgettext_lazy("questionnaire", "checked"),
}
INQUIRY_TONES: Mapping[InquiryStatus, str] = {
    InquiryStatus.SENT: "quiet",
    InquiryStatus.ANSWERED: "info",
    InquiryStatus.RETURNED: "warn",
    InquiryStatus.CHECKED: "good",
}


def words(catalogue: Catalogue) -> dict[str, str]:
    """The entries of a catalogue in the reader's language, in the order of the file."""
    language = get_language() or "zh-hans"
    return {key: entry.words.text(language) for key, entry in catalogue.entries.items()}
