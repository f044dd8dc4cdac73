"""Robots of work chats: signed as their services ask, and their own reason is read, said and acted on."""

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.faults import Refused
from heli.notices import jobs, queries, services
from heli.notices.answers import read_answer
from heli.notices.models import Channel, Delivery, Message
from heli.notices.notices import CHANNEL_REFUSES
from heli.notices.robots import compose
from heli.notices.rules import RETRIES, compute_mask, parse_webhook, with_secret
from heli.notices.testing import MORNING, OFFICIAL_HOSTS, WECOM, add_wecom, tell
from heli.notices.types import ChannelKind, Outcome, Target

DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/0a1b2c3d-1234-5678-9abc-def012345678"
WEBHOOK = "https://gateway.example.cn/in?token=a&b=c%20d"
ADDRESSES = {"wecom": WECOM, "dingtalk": DINGTALK, "feishu": FEISHU, "webhook": WEBHOOK}

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def officer(world: World) -> Actor:
    return world.a.actor("town_officer")


@pytest.fixture(autouse=True)
def _hosts(settings: Any) -> None:
    settings.WEBHOOK_HOSTS = {*OFFICIAL_HOSTS, "gateway.example.cn"}


class Service:
    """A work chat that answers as it is told."""

    def __init__(self) -> None:
        self.posted = 0
        self.status, self.body = 200, "{}"
        self.error: Exception | None = None

    def answer(self, *_args: Any, **_given: Any) -> requests.Response:
        self.posted += 1
        if self.error is not None:
            raise self.error
        answer = requests.Response()
        answer.status_code, answer._content = self.status, self.body.encode()
        return answer


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    service = Service()
    monkeypatch.setattr(requests.Session, "request", service.answer)
    return service


def target(kind: str, address: str, secret: str = "") -> Target:
    found, faults = parse_webhook(
        ChannelKind(kind), with_secret(address, secret, ChannelKind(kind)), {*OFFICIAL_HOSTS, "gateway.example.cn"}
    )
    assert found is not None, faults
    return found


def add(officer: Actor, kind: str, secret: str = "") -> Channel:
    return services.add_channel(
        actor=officer, kind=ChannelKind(kind), address=ADDRESSES[kind], secret=secret, at=MORNING
    )


def send() -> Delivery:
    services.send_waiting(actor=SYSTEM, at=MORNING)
    return Delivery.objects.earliest("pk")


# -- what is posted ---------------------------------------------------------------------------------------------------------


def test_feishu_is_signed_by_an_empty_text_under_the_second_and_the_secret() -> None:
    secret = "gsYPeXrJ1fBbtC6hQa7Wkd"
    address, payload = compose(target("feishu", FEISHU, secret), "题", "文", at=MORNING)
    assert address == FEISHU
    assert payload["timestamp"] == str(int(MORNING.timestamp()))
    key = f"{payload['timestamp']}\n{secret}".encode()
    assert payload["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    assert payload["content"] == {"text": "题\n文"}
    assert set(compose(target("feishu", FEISHU), "题", "", at=MORNING)[1]) == {"msg_type", "content"}


def test_dingtalk_is_signed_in_the_address_by_the_millisecond() -> None:
    secret = "SEC0123456789abcdef"
    address, payload = compose(target("dingtalk", DINGTALK, secret), "题", "文", at=MORNING)
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert query["timestamp"] == str(int(MORNING.timestamp()) * 1000)
    text = f"{query['timestamp']}\n{secret}".encode()
    assert query["sign"] == base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode()
    assert query["access_token"] == "0123456789abcdef"
    assert "secret" not in query
    assert payload == {"msgtype": "text", "text": {"content": "题\n文"}}
    assert "sign" not in compose(target("dingtalk", DINGTALK), "题", "", at=MORNING)[0]


def test_a_webhook_gets_title_and_message_at_its_whole_address() -> None:
    address, payload = compose(target("webhook", WEBHOOK), "题", "文", at=MORNING)
    assert parse_qs(urlsplit(address).query) == {"token": ["a"], "b": ["c d"]}
    assert payload == {"title": "题", "message": "文"}


def test_a_webhook_with_a_secret_is_signed_over_moment_and_content(
    officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, sent = "gsYPeXrJ1fBbtC6hQa7Wkd", []

    def post(_self: Any, method: str, address: str, **given: Any) -> requests.Response:
        sent.append((address, given))
        answer = requests.Response()
        answer.status_code, answer._content = 200, b"{}"
        return answer

    monkeypatch.setattr(requests.Session, "request", lambda self, **given: post(self, **given, address=given["url"]))
    add(officer, "webhook", secret)
    tell(officer.id or 0)
    assert send().outcome == Outcome.SENT
    address, given = sent[0]
    assert secret not in address
    headers, content = given["headers"], given["data"]
    assert set(json.loads(content)) == {"title", "message"}
    signed = headers["X-Heli-Timestamp"].encode() + b"." + content
    assert headers["X-Heli-Signature"] == f"sha256={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
    assert headers["X-Heli-Timestamp"] == str(int(MORNING.timestamp()))
    kept = queries.address_of(Channel.objects.get())
    assert secret not in compute_mask(ChannelKind.WEBHOOK, kept)


def test_the_secret_is_kept_with_the_address_and_shown_to_nobody(officer: Actor, world: World) -> None:
    channel = add(officer, "feishu", secret="gsYPeXrJ1fBbtC6hQa7Wkd")
    assert queries.address_of(channel).endswith("?secret=gsYPeXrJ1fBbtC6hQa7Wkd")
    assert compute_mask(ChannelKind.FEISHU, queries.address_of(channel)) == "open.feishu.cn •••5678"
    shown = world.client("town_officer").get(reverse("notices:settings")).content.decode()
    assert "7Wkd" not in shown


@pytest.mark.parametrize(
    ("kind", "secret", "code"),
    [
        ("wecom", "gsYPeXrJ1fBbtC6hQa7Wkd", "secret_not_used"),
        ("feishu", "short", "secret_form"),
        ("dingtalk", "SEC with blanks", "secret_form"),
    ],
)
def test_a_secret_that_cannot_be_one_is_refused_at_its_field(officer: Actor, kind: str, secret: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        add(officer, kind, secret)
    assert [(fault.code, fault.field) for fault in refused.value.faults] == [(code, "secret")]


# -- what comes back --------------------------------------------------------------------------------------------------------

REFUSALS = [
    ("wecom", '{"errcode": 93000, "errmsg": "invalid webhook url, hint: [1]"}', "机器人已不存在或已停用"),
    ("dingtalk", '{"errcode": 310000, "errmsg": "keywords not in content"}', "关键词"),
    ("dingtalk", '{"errcode": 310000, "errmsg": "description:关键词不匹配;solution:请联系群管理员"}', "关键词"),
    ("dingtalk", '{"errcode": 310000, "errmsg": "sign not match"}', "签名"),
    ("dingtalk", '{"errcode": 310000, "errmsg": "invalid timestamp"}', "签名"),
    ("dingtalk", '{"errcode": 310000, "errmsg": "ip 1.2.3.4 not in whitelist"}', "IP"),
    ("dingtalk", '{"errcode": 300001, "errmsg": "token is not exist"}', "机器人已不存在或已停用"),
    ("feishu", '{"code": 19024, "msg": "Key Words Not Found", "data": {}}', "关键词"),
    ("feishu", '{"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}', "签名"),
    ("feishu", '{"code": 19022, "msg": "Ip Not Allowed"}', "IP"),
    ("feishu", '{"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}', "机器人已不存在或已停用"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body", "words"), REFUSALS)
def test_what_only_a_person_can_mend_is_said_with_the_services_own_words_and_not_tried_again(
    officer: Actor, service: Service, kind: str, body: str, words: str
) -> None:
    add(officer, kind)
    tell(officer.id or 0)
    service.body = body
    delivery = send()
    assert (delivery.outcome, delivery.attempts, delivery.next_at) == (Outcome.GIVEN_UP, 1, None)
    assert words in delivery.said
    code = next(
        number for number in ("93000", "310000", "300001", "19024", "19021", "19022", "19001") if number in body
    )
    assert code in delivery.said


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("wecom", 200, '{"errcode": 45009, "errmsg": "api freq out of limit"}'),
        ("dingtalk", 200, '{"errcode": 130101, "errmsg": "send too fast"}'),
        ("dingtalk", 200, '{"errcode": 410100, "errmsg": "send too fast, exceed 20 times per minute"}'),
        ("dingtalk", 200, '{"errcode": 310000, "errmsg": "something new"}'),
        ("feishu", 200, '{"code": 11232, "msg": "frequency limited psm[lark.oapi.app_platform_runtime]"}'),
        ("feishu", 429, "Too many requests"),
        ("wecom", 200, '{"errcode": -1, "errmsg": "system busy"}'),
        ("wecom", 200, "<html>maintenance</html>"),
        ("wecom", 200, "[]"),
        ("wecom", 502, '{"errcode": 0}'),
        ("webhook", 503, ""),
        ("webhook", 429, ""),
        ("webhook", 302, ""),
    ],
)
def test_what_may_pass_by_itself_is_tried_again(
    officer: Actor, service: Service, kind: str, status: int, body: str
) -> None:
    add(officer, kind)
    tell(officer.id or 0)
    service.status, service.body = status, body
    delivery = send()
    assert (delivery.outcome, delivery.next_at) == (Outcome.FAILED, MORNING + RETRIES[0])
    assert delivery.said


@pytest.mark.parametrize(("kind", "body"), [("wecom", '{"errcode": 0, "errmsg": "ok"}'), ("dingtalk", '{"errcode": 0}'),
    ("feishu", '{"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}'),
    ("feishu", '{"StatusCode": 0, "StatusMessage": "success"}'), ("webhook", "")])  # fmt: skip
def test_what_was_taken_is_sent(officer: Actor, service: Service, kind: str, body: str) -> None:
    add(officer, kind)
    tell(officer.id or 0)
    service.body = body
    assert send().outcome == Outcome.SENT


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_webhook_that_will_not_have_it_is_not_asked_again(officer: Actor, service: Service, status: int) -> None:
    add(officer, "webhook")
    tell(officer.id or 0)
    service.status = status
    delivery = send()
    assert delivery.outcome == Outcome.GIVEN_UP
    assert f"HTTP {status}" in delivery.said


def test_a_network_that_fails_is_named_and_tried_again(officer: Actor, service: Service) -> None:
    add(officer, "feishu")
    tell(officer.id or 0)
    service.error = requests.ConnectTimeout("https://open.feishu.cn/…/0a1b2c3d")
    delivery = send()
    assert delivery.outcome == Outcome.FAILED
    assert delivery.said == "无法连接 open.feishu.cn（ConnectTimeout）。"


def test_a_long_answer_is_cut_and_never_breaks_the_log() -> None:
    said = read_answer(ChannelKind.WECOM, "x", 200, {"errcode": 7, "errmsg": "啊\n" * 9000}).said
    assert len(said) == 200
    assert "\n" not in said


# -- who is told ------------------------------------------------------------------------------------------------------------


def test_whoever_set_the_robot_is_told_once_why_it_takes_no_messages(officer: Actor, service: Service) -> None:
    add_wecom(officer)
    service.body = '{"errcode": 93000, "errmsg": "invalid webhook url"}'
    for number in range(3):
        tell(officer.id or 0, title=f"第{number}件")
    for _time in range(4):
        services.send_waiting(actor=SYSTEM, at=MORNING)
    told = Message.objects.filter(kind=CHANNEL_REFUSES)
    assert [(message.user_id, "93000" in message.text, message.link) for message in told] == [
        (officer.id, True, reverse("notices:settings"))
    ]


def test_when_it_took_messages_again_a_new_refusal_is_told_anew(officer: Actor, service: Service) -> None:
    add_wecom(officer)
    for body in ('{"errcode": 93000}', '{"errcode": 0}', '{"errcode": 93000}'):
        service.body = body
        tell(officer.id or 0, title=body)
        services.send_waiting(actor=SYSTEM, at=MORNING)
        service.body = '{"errcode": 0}' if body == '{"errcode": 0}' else '{"errcode": 93000}'
        services.send_waiting(actor=SYSTEM, at=MORNING)
    assert Message.objects.filter(kind=CHANNEL_REFUSES).count() == 2


def test_of_a_places_robot_the_one_who_set_it_is_told(world: World, officer: Actor, service: Service) -> None:
    channel = add_wecom(officer, place_id=world.a.town.pk)
    service.body = '{"errcode": 93000}'
    services.test_channel(actor=world.a.actor("district_officer"), channel=channel, at=MORNING)
    send()
    [message] = Message.objects.filter(kind=CHANNEL_REFUSES)
    assert message.user_id == officer.id
    assert message.link == reverse("notices:place_channels", args=[world.a.town.public_id])


def test_the_page_looks_again_until_the_test_has_come_back_and_then_says_what_did(
    world: World, officer: Actor, service: Service
) -> None:
    client = world.client("town_officer")
    channel = add(officer, "dingtalk")
    client.post(reverse("notices:test_channel", args=[channel.public_id]))

    def page() -> str:
        return client.get(reverse("notices:settings"), headers={"Accept-Language": "zh-CN"}).content.decode()

    assert 'hx-trigger="every 2s"' in page()
    service.body = '{"errcode": 310000, "errmsg": "sign not match"}'

    jobs.send_waiting()
    assert 'hx-trigger="every 2s"' not in page()
    assert "310000 sign not match" in page()
