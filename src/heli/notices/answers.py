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


class Reason(StrEnum):
    """Why a robot did not take a message."""

    KEYWORD = "keyword"
    SIGNATURE = "signature"
    DEAD_KEY = "dead_key"
    SENDER = "sender"
    CONTENT = "content"
    LIMIT = "limit"
    UNKNOWN = "unknown"


FINAL = frozenset({Reason.KEYWORD, Reason.SIGNATURE, Reason.DEAD_KEY, Reason.SENDER, Reason.CONTENT})
"""Reasons that stay until a person changes the robot or the channel."""

CODES: Mapping[ChannelKind, Mapping[int, Reason]] = {
    ChannelKind.WECOM: {
        93000: Reason.DEAD_KEY,  # invalid webhook url
        93004: Reason.DEAD_KEY,  # the robot was stopped
        93008: Reason.DEAD_KEY,  # the robot is no longer in the group
        45009: Reason.LIMIT,  # api freq out of limit: 20 messages a minute
        45033: Reason.LIMIT,
        40008: Reason.CONTENT,
        40058: Reason.CONTENT,
        44004: Reason.CONTENT,
        45002: Reason.CONTENT,  # too long
    },
    ChannelKind.DINGTALK: {
        300001: Reason.DEAD_KEY,  # token is not exist
        400013: Reason.DEAD_KEY,  # the group was dissolved
        400101: Reason.DEAD_KEY,  # access_token does not exist
        400102: Reason.DEAD_KEY,  # the robot was stopped
        400106: Reason.DEAD_KEY,  # there is no such robot
        130101: Reason.LIMIT,  # send too fast
        410100: Reason.LIMIT,  # 20 messages a minute
        90030: Reason.LIMIT,  # webhook over limit
        40035: Reason.CONTENT,
        400105: Reason.CONTENT,
        430101: Reason.CONTENT,  # unsafe link
        430102: Reason.CONTENT,
        430103: Reason.CONTENT,
        430104: Reason.CONTENT,
    },
    ChannelKind.FEISHU: {
        19001: Reason.DEAD_KEY,  # incoming webhook access token invalid
        19005: Reason.DEAD_KEY,  # bot not enabled
        19006: Reason.DEAD_KEY,
        19007: Reason.DEAD_KEY,
        19021: Reason.SIGNATURE,  # sign match fail or timestamp is not within one hour from current time
        19022: Reason.SENDER,  # Ip Not Allowed
        19024: Reason.KEYWORD,  # Key Words Not Found
        11232: Reason.LIMIT,  # frequency limited
        9499: Reason.LIMIT,  # too many request
        19002: Reason.CONTENT,
    },
}
DINGTALK_REFUSES = 310000
"""DingTalk's one code for keyword, signature and sender; which of them stands in the text, in English or Chinese."""
DINGTALK_TEXTS: tuple[tuple[str, Reason], ...] = (
    (r"keyword|关键词", Reason.KEYWORD),
    (r"sign|timestamp|签名|时间戳", Reason.SIGNATURE),
    (r"whitelist|\bip\b|白名单", Reason.SENDER),
)
LATER = frozenset({408, 425, 429})
"""Answers of a web server of the 4xx that pass by themselves."""


def read_answer(kind: ChannelKind, host: str, status: int, body: Any) -> Answer:
    """What a robot or a webhook's server said. `body` is the parsed JSON of the answer, None when it is none."""
    if kind is ChannelKind.WEBHOOK:
        if 200 <= status < 300:
            return Answer()
        return _refused(host, Reason.UNKNOWN, f"HTTP {status}", is_final=400 <= status < 500 and status not in LATER)
    given = body if isinstance(body, Mapping) else {}
    code = next((given[key] for key in ("errcode", "code", "StatusCode") if isinstance(given.get(key), int)), None)
    text = next((str(given[key]) for key in ("errmsg", "msg", "StatusMessage") if given.get(key)), "")
    if status == 200 and code == 0:
        return Answer()
    if code is None:
        return _refused(host, Reason.LIMIT if status == 429 else Reason.UNKNOWN, f"HTTP {status}")
    return _refused(host, _reason(kind, code, text), f"{code} {text}".strip())


def _reason(kind: ChannelKind, code: int, text: str) -> Reason:
    if kind is ChannelKind.DINGTALK and code == DINGTALK_REFUSES:
        return next((why for form, why in DINGTALK_TEXTS if re.search(form, text, re.IGNORECASE)), Reason.UNKNOWN)
    return CODES[kind].get(code, Reason.UNKNOWN)


def _refused(host: str, reason: Reason, verbatim: str, is_final: bool = False) -> Answer:
    words = {
        Reason.KEYWORD: _(
            "The robot takes only messages with its keyword: add %(product)s to its keywords, or choose signing instead."
        )
        % {"product": settings.PRODUCT_NAME},
        Reason.SIGNATURE: _(
            "The signature does not fit: enter the robot's signing secret anew, and check the server's clock."
        ),
        Reason.DEAD_KEY: _(
            "The robot no longer exists or was stopped: add a robot in the group and enter its address anew."
        ),
        Reason.SENDER: _(
            "The robot does not take messages from this server: add its outward IP address in the robot's settings."
        ),
        Reason.CONTENT: _("The robot does not take such a message."),
        Reason.LIMIT: _("Too many messages in a short time; it is sent later."),
        Reason.UNKNOWN: _("%(host)s did not take the message.") % {"host": host},
    }
    said = _("%(words)s It answered: %(verbatim)s") % {"words": words[reason], "verbatim": " ".join(verbatim.split())}
    return Answer(said[:SAID_MOST], is_final or reason in FINAL)
