"""Pure rules of messages: whose wish counts, which half-day a digest belongs to, which addresses are allowed, when to try again.

What a robot's answer means stands in `answers`.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from heli.kernel.faults import Finding
from heli.notices.types import Cadence, ChannelKind, Target

REMINDER = ".reminder"
MORNING, AFTERNOON = 8, 14
"""Local hours from which the digest of a half-day goes out."""

RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
"""How long after each failed try the next one comes; after the last the delivery is given up."""

MAILBOX = re.compile(r"[^@\s<>,;:\"()\[\]]+@[^@\s<>,;:\"()\[\]]+\.[^@\s.<>,;:\"()\[\]]{2,}")
ROBOTS: Mapping[ChannelKind, tuple[str, str, str]] = {
    ChannelKind.WECOM: ("qyapi.weixin.qq.com", r"/cgi-bin/webhook/send/?", "key"),
    ChannelKind.DINGTALK: ("oapi.dingtalk.com", r"/robot/send/?", "access_token"),
    ChannelKind.FEISHU: ("open.feishu.cn", r"/open-apis/bot/v2/hook/(?P<token>[\w-]+)/?", ""),
}
"""Host, path and the parameter with the token of each work chat's group robots."""


def compute_how(kind: str, default: Cadence, wishes: Mapping[str, Cadence]) -> Cadence:
    """How a kind reaches somebody with these wishes by pattern ("campaigns.*"): the closest pattern counts.

    A reminder is never sent by itself, whatever was wished.
    """
    fitting = [pattern for pattern in wishes if fnmatchcase(kind, pattern)]
    closest = max(fitting, key=lambda pattern: (pattern == kind, len(pattern), pattern), default=None)
    how = default if closest is None or wishes[closest] is Cadence.AS_INTENDED else wishes[closest]
    return Cadence.DIGEST if how is Cadence.AT_ONCE and kind.endswith(REMINDER) else how


def default_how(kind: str) -> Cadence:
    """How an undeclared kind is sent."""
    return Cadence.DIGEST if kind.endswith(REMINDER) else Cadence.AT_ONCE


def compute_slot(local: datetime) -> tuple[date, int] | None:
    """The half-day a digest made at this local time belongs to: the day and 0 or 1; None before the morning's hour."""
    if local.hour < MORNING:
        return None
    return local.date(), int(local.hour >= AFTERNOON)


def compute_next_try(attempts: int, at: datetime) -> datetime | None:
    """When a delivery that failed `attempts` times is tried again; None when it is given up."""
    return at + RETRIES[attempts - 1] if attempts <= len(RETRIES) else None


def is_local_path(link: str) -> bool:
    """Whether a link leads to a page of Heli; empty leads nowhere and is fine."""
    return not link or (link.startswith("/") and not link.startswith(("//", "/\\")))


def check_mailbox(address: str) -> list[Finding]:
    """Whether it can be a mailbox."""
    if len(address) <= 254 and MAILBOX.fullmatch(address):
        return []
    return [Finding("mailbox_form", field="address")]


def parse_webhook(kind: ChannelKind, address: str, hosts: Collection[str]) -> tuple[Target | None, list[Finding]]:
    """Take a webhook's address apart; only hosts of the installation's list are ever contacted.

    `hosts` are names in lower case, with ":port" where it is another than the usual one.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return None, [_malformed(kind)]
    host = (parts.hostname or "").rstrip(".")
    secure = parts.scheme == "https"
    if not host or parts.username or parts.password or not (secure or (parts.scheme, kind) == ("http", "webhook")):
        return None, [_malformed(kind)]
    usual = port is None or port == (443 if secure else 80)
    named = host if usual else f"{host}:{port}"
    if named not in hosts:
        return None, [Finding("host_refused", {"host": named}, "address")]
    query = parse_qsl(parts.query)
    token, secret, fault = _robot_parts(kind, parts, dict(query), usual)
    if fault:
        return None, [fault]
    return Target(kind, host, None if usual else port, parts.path or "/", tuple(query), secure, token, secret), []


def _robot_parts(
    kind: ChannelKind, parts: SplitResult, query: Mapping[str, str], usual: bool
) -> tuple[str, str, Finding | None]:
    """Token and secret of a robot's address, only a secret for a webhook, or what is wrong with it."""
    if kind not in ROBOTS:
        secret = dict(parse_qsl(parts.fragment, keep_blank_values=True)).get("secret", "")
        return "", secret, _check_secret(kind, secret)
    expected, path, parameter = ROBOTS[kind]
    found = re.fullmatch(path, parts.path)
    if (parts.hostname or "").rstrip(".") != expected or not usual or found is None:
        return "", "", _malformed(kind)
    token, secret = query.get(parameter, "") if parameter else found["token"], query.get("secret", "")
    if not re.fullmatch(r"[A-Za-z0-9]{8,}" if kind is ChannelKind.DINGTALK else r"[\w-]{8,}", token, re.ASCII):
        return "", "", _malformed(kind)
    return token, secret, _check_secret(kind, secret)


SIGNING = (ChannelKind.DINGTALK, ChannelKind.FEISHU, ChannelKind.WEBHOOK)
"""Work chats whose robots may ask for signed messages, and programs that check where a message came from."""


def with_secret(address: str, secret: str, kind: ChannelKind = ChannelKind.FEISHU) -> str:
    """A robot's address together with the secret its messages are signed with; they are kept, and taken apart, as one.

    A program's own address may have any query: its secret stands behind the #, which is never sent.
    """
    if not secret:
        return address
    before = "#" if kind is ChannelKind.WEBHOOK else "&" if "?" in address else "?"
    return f"{address}{before}{urlencode({'secret': secret})}"


def _check_secret(kind: ChannelKind, secret: str) -> Finding | None:
    if secret and kind not in SIGNING:
        return Finding("secret_not_used", field="secret")
    if secret and not re.fullmatch(r"[\w-]{8,128}", secret, re.ASCII):
        return Finding("secret_form", field="secret")
    return None


def _malformed(kind: ChannelKind) -> Finding:
    return Finding("robot_form" if kind in ROBOTS else "webhook_form", field="address")


def compute_mask(kind: ChannelKind, address: str) -> str:
    """An address as lists show it: enough to tell one's own apart, too little to use."""
    if kind is ChannelKind.MAIL:
        name, _at, host = address.partition("@")
        return f"{name[:1]}•••@{host}"
    shown = re.sub(r"[?&#]secret=[^&]*", "", address)
    return f"{urlsplit(address).hostname or ''} •••{shown[-4:]}"


def clipped(text: str, most_bytes: int) -> str:
    """The text in at most so many bytes of UTF-8, an ellipsis at its end when it was cut."""
    content = text.encode()
    if len(content) <= most_bytes:
        return text
    return content[: most_bytes - 3].decode(errors="ignore") + "…"
