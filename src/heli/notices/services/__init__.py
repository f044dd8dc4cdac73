"""Writes of messages: telling people, gathering digests, keeping channels, sending."""

from heli.notices.services.channels import (
    add_channel,
    end_channel,
    forget_channels,
    set_subscription,
    set_subscriptions,
    test_channel,
)
from heli.notices.services.delivering import deliver
from heli.notices.services.posting import send_waiting
from heli.notices.services.telling import mark_all_read, mark_read, notify, send_digests

__all__ = [
    "add_channel",
    "deliver",
    "end_channel",
    "forget_channels",
    "mark_all_read",
    "mark_read",
    "notify",
    "send_digests",
    "send_waiting",
    "set_subscription",
    "set_subscriptions",
    "test_channel",
]
