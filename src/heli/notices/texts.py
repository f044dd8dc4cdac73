"""Words for kinds of channels, wishes and outcomes, in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from heli.notices.types import Cadence, ChannelKind, Outcome

CHANNELS: Mapping[str, str | Promise] = {
    ChannelKind.MAIL: _("Mail"),
    ChannelKind.WECOM: _("WeCom group robot"),
    ChannelKind.DINGTALK: _("DingTalk group robot"),
    ChannelKind.FEISHU: _("Feishu group robot"),
    ChannelKind.WEBHOOK: _("Webhook"),
}
HOWS: Mapping[str, str | Promise] = {
    Cadence.AS_INTENDED: _("as intended for its kind"),
    Cadence.AT_ONCE: _("at once"),
    Cadence.DIGEST: _("in the digest"),
    Cadence.OFF: _("not at all"),
}
OUTCOMES: Mapping[str, str | Promise] = {
    Outcome.WAITING: _("waiting"),
    Outcome.SENDING: _("being sent"),
    Outcome.SENT: _("sent"),
    Outcome.FAILED: _("failed, is tried again"),
    Outcome.GIVEN_UP: _("given up"),
    Outcome.WITHDRAWN: _("withdrawn"),
}
TONES: Mapping[str, str] = {Outcome.SENT: "good", Outcome.FAILED: "warn", Outcome.GIVEN_UP: "bad"}
