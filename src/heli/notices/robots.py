"""Robots of work chats and webhooks: one POST each, no redirects, a time limit on every call, and the answer is read.

Bodies and signatures as the services document them. What an answer means is decided in `answers`.
"""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import requests
from django.utils.translation import gettext as _

from heli.notices.answers import read_answer
from heli.notices.rules import ROBOTS
from heli.notices.types import Answer, ChannelKind, Target

TIMES_S = (5, 15)
"""To connect, and to wait for the answer."""


def post(target: Target, title: str, body: str, *, at: datetime) -> Answer:
    """Post a message to a robot or program; what came back. A network that fails is tried again later."""
    address, payload = compose(target, title, body, at=at)
    body_of: dict[str, Any] = {"json": payload}
    if target.kind is ChannelKind.WEBHOOK and target.secret:
        content = json.dumps(payload, ensure_ascii=False).encode()
        body_of = {"data": content, "headers": signed_headers(target.secret, content, at=at)}
    try:
        answer = requests.post(address, **body_of, timeout=TIMES_S, allow_redirects=False)
    except requests.RequestException as wrong:
        text = _("%(host)s could not be reached (%(wrong)s).")
        return Answer(text % {"host": target.host, "wrong": type(wrong).__name__})
    try:
        said = answer.json()
    except ValueError:
        said = None
    return read_answer(target.kind, target.host, answer.status_code, said)


def compose(target: Target, title: str, body: str, *, at: datetime) -> tuple[str, dict[str, Any]]:
    """Where a message is posted, and what. Signed when the target has a secret: DingTalk by milliseconds in the address, Feishu
    by seconds in the body; other programs by `signed_headers`."""
    text = f"{title}\n{body}" if body else title
    match target.kind:
        case ChannelKind.WECOM:
            return _address(target, key=target.token), {"msgtype": "text", "text": {"content": text}}
        case ChannelKind.DINGTALK:
            query = {"access_token": target.token}
            if target.secret:
                stamp = str(int(at.timestamp() * 1000))
                sign = _sign(target.secret, f"{stamp}\n{target.secret}")
                query |= {"timestamp": stamp, "sign": sign}
            return _address(target, **query), {"msgtype": "text", "text": {"content": text}}
        case ChannelKind.FEISHU:
            payload: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
            if target.secret:
                stamp = str(int(at.timestamp()))
                payload |= {"timestamp": stamp, "sign": _sign(f"{stamp}\n{target.secret}", "")}
            return _address(target), payload
        case _:
            return _address(target, **dict(target.query)), {"title": title, "message": body}


def signed_headers(secret: str, content: bytes, *, at: datetime) -> dict[str, str]:
    """The headers with which a program knows a message as ours: when it was signed, and HMAC-SHA256 of "moment.content".

    The moment is in seconds since 1970: whoever refuses old ones hears no echo.
    """
    stamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + content, hashlib.sha256).hexdigest()
    signed = {"X-Heli-Timestamp": stamp, "X-Heli-Signature": f"sha256={digest}"}
    return {"Content-Type": "application/json; charset=utf-8", **signed}


def _address(target: Target, **query: str) -> str:
    """A target's address. The robots' hosts are known: whatever else was behind their address is left out."""
    host = ROBOTS[target.kind][0] if target.kind in ROBOTS else target.host
    port = f":{target.port}" if target.port else ""
    return f"{'https' if target.is_https else 'http'}://{host}{port}{target.path}" + (
        f"?{urlencode(query)}" if query else ""
    )


def _sign(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()
