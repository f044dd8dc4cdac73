"""What a message is about, how it reaches a person, and what became of it. No Django here."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Cadence(StrEnum):
    """How a kind of message reaches somebody: by itself, gathered in the digest of the half-day, or not at all.

    `AS_INTENDED` is a wish only: as the kind declares it.
    """

    AS_INTENDED = "intended"
    AT_ONCE = "at_once"
    DIGEST = "digest"
    OFF = "off"


class ChannelKind(StrEnum):
    """Where messages go outside of Heli: a mailbox, the robot of a work chat group, or an address of another program."""

    MAIL = "mail"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WEBHOOK = "webhook"


class Outcome(StrEnum):
    """What became of a delivery: to be sent, being sent, sent, failed (is tried again), given up, or withdrawn."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given_up"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A kind of message that a context sends ("campaigns.returned"), declared in its `notices.py` as `KINDS`.

    `title` is English, marked with `gettext_noop`. A kind whose id ends in ".reminder" never comes one by one.
    """

    id: str
    title: str
    how: Cadence = Cadence.AT_ONCE


@dataclass(frozen=True, slots=True)
class Target:
    """Where a robot or program listens: the address taken apart. `token` and `secret` are empty where there is none."""

    kind: ChannelKind
    host: str
    port: int | None
    path: str
    query: tuple[tuple[str, str], ...]
    is_https: bool
    token: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from a try to send: nothing said means that it was taken; `is_final`: trying again cannot help."""

    said: str = ""
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent: subject, plain text, for mailboxes also HTML and files (name, content type, content)."""

    subject: str
    text: str
    html: str = ""
    files: tuple[tuple[str, str, bytes], ...] = ()


class Enclosure(Protocol):
    """A stored file that goes with a message."""

    public_id: str
