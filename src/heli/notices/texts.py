"""Words for kinds of channels, wishes, outcomes and what is wrong with an address, in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from heli.kernel.faults import Fault, Finding
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
TEXTS: Mapping[str, str] = {
    "mailbox_form": gettext_noop("Enter one mail address, such as name@example.cn."),
    "webhook_form": gettext_noop("Enter the whole address, beginning with https://."),
    "robot_form": gettext_noop(
        "This is not the address of such a group robot. Copy the webhook address from the robot's settings."
    ),
    "host_refused": gettext_noop(
        "Messages may not be sent to %(host)s. Ask the administrator to add it to HELI_WEBHOOK_HOSTS."
    ),
    "secret_not_used": gettext_noop("Robots of this kind sign nothing: leave the secret empty."),
    "secret_form": gettext_noop("This is no signing secret: copy it whole from the robot's settings."),
}


def as_fault(finding: Finding) -> Fault:
    """What is wrong with an address, as a sentence."""
    return finding.said(gettext(TEXTS[finding.code]))
