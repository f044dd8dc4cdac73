"""What people type about their channels and wishes."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from heli.notices.queries import how_of, kinds
from heli.notices.rules import REMINDER
from heli.notices.texts import CHANNELS, HOWS
from heli.notices.types import Cadence

ALL = "all"


class ChannelForm(forms.Form):
    """A new channel."""

    columns = 2

    kind = forms.ChoiceField(label=_("Kind of channel"), choices=list(CHANNELS.items()))
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("A mail address, or the webhook address of a group robot. It is kept encrypted."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    secret = forms.CharField(
        label=_("Signing secret"),
        max_length=128,
        required=False,
        help_text=_(
            "Of a DingTalk or Feishu robot that asks for signatures (加签, 签名校验), or of a program that checks them."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(label=_("What you call it"), max_length=60, required=False)


class WishesForm(forms.Form):
    """How messages reach their reader: all of them, and each kind for itself; reminders gather in any case."""

    columns = 2

    def __init__(self, *args: Any, wishes: dict[str, Cadence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[ALL] = forms.ChoiceField(
            label=gettext("All messages, unless chosen otherwise"),
            choices=list(HOWS.items()),
            initial=wishes.get("*", Cadence.AS_INTENDED),
        )
        for kind in kinds().values():
            gathers = kind.id.endswith(REMINDER)
            self.fields[kind.id] = forms.ChoiceField(
                label=gettext(kind.title),
                choices=[(how, word) for how, word in HOWS.items() if not (gathers and how == Cadence.AT_ONCE)],
                initial=wishes.get(kind.id, how_of(kind.id, wishes)),
            )

    def wishes(self) -> dict[str, Cadence]:
        """What was chosen anew, by pattern."""
        return {"*" if name == ALL else name: Cadence(self.cleaned_data[name]) for name in self.changed_data}
