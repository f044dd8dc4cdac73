"""Robots of work chats and webhooks, through apprise: no redirects, a time limit on every call, no tries of its own.

The robots of WeCom and DingTalk answer a refused message with status 200 and an error code that apprise does not read: two
small subclasses do, so that "sent" means sent. Imported only to send, for apprise is large.
"""

from functools import cache
from typing import Any

import apprise
import requests
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from heli.notices.types import ChannelKind, Target

CONNECT_S, READ_S = 5, 15


class _Answering:
    """Posts a robot's message and reads what it answers."""

    def post(self, plugin: Any, address: str, payload: dict[str, Any], params: dict[str, str] | None = None) -> bool:
        """Whether the robot took it."""
        plugin.throttle()
        try:
            answer = requests.post(
                address, json=payload, params=params, timeout=plugin.request_timeout, allow_redirects=plugin.redirects
            )
            return answer.status_code == 200 and answer.json().get("errcode") == 0
        except (requests.RequestException, ValueError, AttributeError):
            return False


class WeComRobot(NotifyWeComBot, _Answering):  # type: ignore[no-untyped-call]  # apprise is typed in part only
    """A WeCom group robot (企业微信群机器人)."""

    def send(self, body: str, title: str = "", notify_type: Any = None, **kwargs: Any) -> bool:
        return self.post(self, self.api_url, {"msgtype": "text", "text": {"content": body}})


class DingTalkRobot(NotifyDingTalk, _Answering):  # type: ignore[no-untyped-call]
    """A DingTalk group robot (钉钉群机器人), signed when its address carries the secret."""

    def send(self, body: str, title: str = "", notify_type: Any = None, body_format: Any = None, **kwargs: Any) -> bool:
        sign: Any = self.get_signature
        timestamp, signature = sign() if self.secret else ("", "")
        text = f"{title}\n{body}" if title else body
        return self.post(
            self,
            self.notify_url.format(token=self.token),
            {"msgtype": "text", "text": {"content": text}},
            {"timestamp": timestamp, "sign": signature} if signature else None,
        )


def robot(target: Target) -> Any:
    """The apprise plugin of a target. Made from its class, for `Apprise.instantiate` drops the asset that forbids redirects."""
    made: Any = {
        ChannelKind.WECOM: WeComRobot,
        ChannelKind.DINGTALK: DingTalkRobot,
        ChannelKind.FEISHU: NotifyFeishu,
        ChannelKind.WEBHOOK: NotifyJSON,
    }[target.kind]
    limits = {"cto": CONNECT_S, "rto": READ_S, "asset": _asset()}
    match target.kind:
        case ChannelKind.WECOM:
            return made(key=target.token, **limits)
        case ChannelKind.DINGTALK:
            return made(token=target.token, secret=target.secret or None, **limits)
        case ChannelKind.FEISHU:
            return made(token=target.token, **limits)
        case _:
            where = {"host": target.host, "port": target.port, "fullpath": target.path, "secure": target.is_https}
            return made(params=dict(target.query), **where, **limits)


@cache
def _asset() -> Any:
    return apprise.AppriseAsset(app_id="Heli", app_desc="Heli", http_redirects=False)
