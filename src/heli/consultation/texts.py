"""Words of a campaign's matters, in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.campaigns.texts_matters import Text
from heli.consultation.types import Channel

CHANNELS: Mapping[Channel, Text] = {
    Channel.WALL_BOX: _("opinion box"),
    Channel.MEETING: pgettext_lazy("channel", "meeting"),
    Channel.PHONE: pgettext_lazy("channel", "telephone"),
    Channel.ONLINE: pgettext_lazy("channel", "notice page"),
    Channel.LETTER: pgettext_lazy("channel", "letter"),
}
