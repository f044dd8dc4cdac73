"""Words of a campaign's matters, in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import pgettext_lazy

from heli.campaigns.texts_matters import Text
from heli.inquiries.types import InquiryStatus

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
