"""What the answer of a work chat's robot means: taken, to be tried again, or refused for a reason that only a person can mend.

Robots answer a refused message with status 200 and a code of their own. Pure: status and body in, `Answer` out. Codes as the
services document them: WeCom 全局错误码 and 群机器人配置说明, DingTalk 自定义机器人接入, Feishu 自定义机器人使用指南.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from heli.notices.types import Answer, ChannelKind

SAID_MOST = 200
"""Characters of an answer that are kept."""


class Refusing(StrEnum):
    """Why a robot did not take a message."""

    KEYWORD = "keyword"
    SIGNATURE = "signature"
    DEAD_KEY = "dead_key"
    SENDER = "sender"
    CONTENT = "content"
    LIMIT = "limit"
    UNKNOWN = "unknown"


FINAL = frozenset({Refusing.KEYWORD, Refusing.SIGNATURE, Refusing.DEAD_KEY, Refusing.SENDER, Refusing.CONTENT})
"""Reasons that stay until a person changes the robot or the channel."""

CODES: Mapping[ChannelKind, Mapping[int, Refusing]] = {
    ChannelKind.WECOM: {
        93000: Refusing.DEAD_KEY,  # invalid webhook url
        93004: Refusing.DEAD_KEY,  # the robot was stopped
        93008: Refusing.DEAD_KEY,  # the robot is no longer in the group
        45009: Refusing.LIMIT,  # api freq out of limit: 20 messages a minute
        45033: Refusing.LIMIT,
        40008: Refusing.CONTENT,
        40058: Refusing.CONTENT,
        44004: Refusing.CONTENT,
        45002: Refusing.CONTENT,  # too long
    },
    ChannelKind.DINGTALK: {
        300001: Refusing.DEAD_KEY,  # token is not exist
        400013: Refusing.DEAD_KEY,  # the group was dissolved
        400101: Refusing.DEAD_KEY,  # access_token does not exist
        400102: Refusing.DEAD_KEY,  # the robot was stopped
        400106: Refusing.DEAD_KEY,  # there is no such robot
        130101: Refusing.LIMIT,  # send too fast
        410100: Refusing.LIMIT,  # 20 messages a minute
        90030: Refusing.LIMIT,  # webhook over limit
        40035: Refusing.CONTENT,
        400105: Refusing.CONTENT,
        430101: Refusing.CONTENT,  # unsafe link
        430102: Refusing.CONTENT,
        430103: Refusing.CONTENT,
        430104: Refusing.CONTENT,
    },
    ChannelKind.FEISHU: {
        19001: Refusing.DEAD_KEY,  # incoming webhook access token invalid
        19005: Refusing.DEAD_KEY,  # bot not enabled
        19006: Refusing.DEAD_KEY,
        19007: Refusing.DEAD_KEY,
        19021: Refusing.SIGNATURE,  # sign match fail or timestamp is not within one hour from current time
        19022: Refusing.SENDER,  # Ip Not Allowed
        19024: Refusing.KEYWORD,  # Key Words Not Found
        11232: Refusing.LIMIT,  # frequency limited
        9499: Refusing.LIMIT,  # too many request
        19002: Refusing.CONTENT,
    },
}
DINGTALK_REFUSES = 310000
"""DingTalk's one code for keyword, signature and sender; which of them stands in the text, in English or Chinese."""
DINGTALK_TEXTS: tuple[tuple[str, Refusing], ...] = (
    (r"keyword|关键词", Refusing.KEYWORD),
    (r"sign|timestamp|签名|时间戳", Refusing.SIGNATURE),
    (r"whitelist|\bip\b|白名单", Refusing.SENDER),
)
LATER = frozenset({408, 425, 429})
"""Answers of a web server of the 4xx that pass by themselves."""


def read_answer(kind: ChannelKind, host: str, status: int, body: Any) -> Answer:
    """What a robot or a webhook's server said. `body` is the parsed JSON of the answer, None when it is none."""
    if kind is ChannelKind.WEBHOOK:
        if 200 <= status < 300:
            return Answer()
        return _refused(host, Refusing.UNKNOWN, f"HTTP {status}", is_final=400 <= status < 500 and status not in LATER)
    given = body if isinstance(body, Mapping) else {}
    code = next((given[key] for key in ("errcode", "code", "StatusCode") if isinstance(given.get(key), int)), None)
    text = next((str(given[key]) for key in ("errmsg", "msg", "StatusMessage") if given.get(key)), "")
    if status == 200 and code == 0:
        return Answer()
    if code is None:
        return _refused(host, Refusing.LIMIT if status == 429 else Refusing.UNKNOWN, f"HTTP {status}")
    return _refused(host, _reason(kind, code, text), f"{code} {text}".strip())


def _reason(kind: ChannelKind, code: int, text: str) -> Refusing:
    if kind is ChannelKind.DINGTALK and code == DINGTALK_REFUSES:
        return next((why for form, why in DINGTALK_TEXTS if re.search(form, text, re.IGNORECASE)), Refusing.UNKNOWN)
    return CODES[kind].get(code, Refusing.UNKNOWN)


def _refused(host: str, reason: Refusing, verbatim: str, is_final: bool = False) -> Answer:
    words = {
        Refusing.KEYWORD: _(
            "The robot takes only messages with its keyword: add %(product)s to its keywords, or choose signing instead."
        )
        % {"product": settings.PRODUCT_NAME},
        Refusing.SIGNATURE: _(
            "The signature does not fit: enter the robot's signing secret anew, and check the server's clock."
        ),
        Refusing.DEAD_KEY: _(
            "The robot no longer exists or was stopped: add a robot in the group and enter its address anew."
        ),
        Refusing.SENDER: _(
            "The robot does not take messages from this server: add its outward IP address in the robot's settings."
        ),
        Refusing.CONTENT: _("The robot does not take such a message."),
        Refusing.LIMIT: _("Too many messages in a short time; it is sent later."),
        Refusing.UNKNOWN: _("%(host)s did not take the message.") % {"host": host},
    }
    said = _("%(words)s It answered: %(verbatim)s") % {"words": words[reason], "verbatim": " ".join(verbatim.split())}
    return Answer(said[:SAID_MOST], is_final or reason in FINAL)
