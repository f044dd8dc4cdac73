"""Channels: addresses encrypted, hosts allowed or refused, each message sent once, failures tried again and given up."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from django.apps import apps
from django.core import mail
from django.db import connection, models
from django.urls import reverse

from heli.accounts import services as accounts
from heli.accounts.personal import declared_columns
from heli.accounts.sealing import seal_text, unseal_text
from heli.accounts.testing import World, build_world
from heli.audit.models import Entry
from heli.audit.services import writing
from heli.files.services import store_file
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.faults import Forbidden, Refused
from heli.notices import jobs, queries, rules, services
from heli.notices.models import Channel, Delivery
from heli.notices.rules import RETRIES, clipped, compute_mask, parse_webhook
from heli.notices.testing import MORNING, OFFICIAL_HOSTS, WECOM, add_wecom, tell
from heli.notices.types import ChannelKind, Outcome

DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef&secret=SEC0123456789"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/0a1b2c3d-1234-5678-9abc-def012345678"

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def officer(world: World) -> Actor:
    return world.a.actor("town_officer")


@pytest.fixture(autouse=True)
def _mail_is_set(settings: Any) -> None:
    settings.MAIL_IS_SET = True
    settings.SITE_URL = "https://heli.example.cn"
    settings.WEBHOOK_HOSTS = {*OFFICIAL_HOSTS, "gateway.example.cn", "10.0.0.7:8080"}


class Line:
    """A network that notes what is posted and answers as it is told."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, dict[str, Any]]] = []
        self.status, self.body = 200, b'{"errcode": 0, "code": 0}'

    def post(self, url: str, **given: Any) -> requests.Response:
        self.posted.append((url, given))
        answer = requests.Response()
        answer.status_code, answer._content = self.status, self.body
        return answer


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    line = Line()

    def post(session: requests.Session, method: str, url: str, **given: Any) -> requests.Response:
        return line.post(url, **given)

    monkeypatch.setattr(requests.Session, "request", post)
    return line


def codes(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as refused:
        act()
    return [fault.code for fault in refused.value.faults]


def send(at: Any = MORNING) -> Delivery:
    """Try what is due, and the one delivery there is."""
    services.send_waiting(actor=SYSTEM, at=at)
    return Delivery.objects.get()


# -- addresses ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("wecom", WECOM),
        ("dingtalk", DINGTALK),
        ("dingtalk", DINGTALK.partition("&")[0]),
        ("feishu", FEISHU),
        ("webhook", "https://gateway.example.cn/in?token=a"),
        ("webhook", "http://10.0.0.7:8080/in"),
        ("webhook", "https://GATEWAY.example.cn:443/in"),
    ],
)
def test_an_allowed_address_is_taken(officer: Actor, kind: str, address: str) -> None:
    services.add_channel(actor=officer, kind=ChannelKind(kind), address=f" {address} ")
    assert queries.own_channels(officer).count() == 1


@pytest.mark.parametrize(
    ("kind", "address", "code"),
    [
        ("webhook", "https://127.0.0.1/in", "host_refused"),
        ("webhook", "http://169.254.169.254/latest/meta-data/", "host_refused"),
        ("webhook", "https://gateway.example.cn.evil.cn/in", "host_refused"),
        ("webhook", "https://gateway.example.cn:8443/in", "host_refused"),
        ("webhook", "http://10.0.0.7/in", "host_refused"),
        ("webhook", "http://[::1]:8080/in", "host_refused"),
        ("webhook", "https://gateway.example.cn@evil.cn/in", "webhook_form"),
        ("webhook", "file:///etc/passwd", "webhook_form"),
        ("webhook", "ftp://gateway.example.cn/in", "webhook_form"),
        ("webhook", "https://gateway.example.cn:99999/", "webhook_form"),
        ("wecom", WECOM.replace("https", "http"), "robot_form"),
        ("wecom", WECOM.replace("send", "upload"), "robot_form"),
        ("wecom", WECOM.partition("?")[0], "robot_form"),
        ("wecom", "https://gateway.example.cn/cgi-bin/webhook/send?key=0123456789", "robot_form"),
        ("dingtalk", DINGTALK.replace("oapi.dingtalk.com", "evil.cn"), "host_refused"),
        ("mail", "no mailbox", "mailbox_form"),
        ("mail", "a@b.cn, c@d.cn", "mailbox_form"),
        ("mail", "a@b.cn\nBcc: c@d.cn", "mailbox_form"),
    ],
)
def test_any_other_address_is_refused_with_the_remedy(officer: Actor, kind: str, address: str, code: str) -> None:
    assert codes(lambda: services.add_channel(actor=officer, kind=ChannelKind(kind), address=address)) == [code]


def test_without_a_mail_server_no_mailbox_is_taken(officer: Actor, settings: Any) -> None:
    settings.MAIL_IS_SET = False
    assert codes(lambda: services.add_channel(actor=officer, kind=ChannelKind.MAIL, address="a@b.cn")) == [
        "mail_not_set"
    ]


def test_the_same_address_is_taken_once_and_five_are_enough(officer: Actor) -> None:
    channel = services.add_channel(actor=officer, kind=ChannelKind.MAIL, address="Zhang@example.cn")

    def again() -> Channel:
        return services.add_channel(actor=officer, kind=ChannelKind.MAIL, address="zhang@EXAMPLE.cn")

    assert codes(again) == ["channel_exists"]
    services.end_channel(actor=officer, channel=channel)
    again()
    for number in range(4):
        services.add_channel(actor=officer, kind=ChannelKind.MAIL, address=f"{number}@example.cn")
    assert codes(lambda: services.add_channel(actor=officer, kind=ChannelKind.MAIL, address="x@example.cn")) == [
        "channels_full"
    ]


def test_an_address_is_encrypted_masked_and_gone_with_its_channel(world: World, officer: Actor) -> None:
    channel = services.add_channel(actor=officer, kind=ChannelKind.MAIL, address="zhangwei@example.cn", name="值班")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notices_channel")
        assert "zhangwei" not in str(cursor.fetchall())
    assert "zhangwei" not in str(list(Entry.objects.values_list("subject", "after")))
    assert queries.address_of(channel) == "zhangwei@example.cn"
    shown = world.client("town_officer").get(reverse("notices:settings")).content.decode()
    assert "z•••@example.cn" in shown
    assert "zhangwei" not in shown
    assert compute_mask(ChannelKind.WECOM, WECOM) == "qyapi.weixin.qq.com •••5aaa"
    services.end_channel(actor=officer, channel=channel)
    assert codes(lambda: services.end_channel(actor=officer, channel=channel)) == ["channel_ended"]
    assert Channel.objects.get().sealed == ""


def test_a_seal_of_one_purpose_does_not_open_another() -> None:
    sealed = seal_text("notice channel", "x")
    assert sealed != seal_text("notice channel", "x")
    assert unseal_text("notice channel", sealed) == "x"
    with pytest.raises(ValueError, match="second factor"):
        unseal_text("second factor", sealed)


def test_what_an_older_secret_sealed_opens_after_the_secret_changed(settings: Any) -> None:
    sealed = seal_text("notice channel", "x")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert unseal_text("notice channel", sealed) == "x"
    newer = seal_text("notice channel", "y")
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal_text("notice channel", newer) == "y"
    with pytest.raises(ValueError, match="notice channel"):
        unseal_text("notice channel", sealed)


def test_a_channel_is_its_owners_alone_and_a_places_its_keepers(world: World, officer: Actor) -> None:
    channel, other = add_wecom(officer), world.a.actor("district_officer")
    for act in (services.end_channel, services.test_channel):
        with pytest.raises(Forbidden):
            act(actor=other, channel=channel)
    with pytest.raises(Forbidden):
        add_wecom(world.a.actor("village_cadre"), place_id=world.a.village.pk)
    with pytest.raises(Forbidden):
        add_wecom(officer, place_id=world.b.town.pk)
    of_place = add_wecom(officer, place_id=world.a.town.pk)
    assert list(queries.place_channels(world.a.town.pk)) == [of_place]
    services.end_channel(actor=other, channel=of_place)


def test_a_closed_account_loses_its_addresses(world: World, officer: Actor) -> None:
    add_wecom(officer)
    assert services.forget_channels(actor=SYSTEM, at=MORNING) == 0
    accounts.set_active(actor=SYSTEM, user=world.a.users["town_officer"], is_active=False)
    assert services.forget_channels(actor=SYSTEM, at=MORNING) == 1
    assert Channel.objects.get().sealed == ""


def test_every_column_that_may_be_personal_is_declared() -> None:
    declared = declared_columns(Path(rules.__file__).parent / "data" / "personal.toml")
    columns = {
        f"notices.Channel.{field.name}"
        for field in apps.get_model("notices.Channel")._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField)
    }
    assert columns - set(declared) == {"notices.Channel.public_id", "notices.Channel.kind"}
    assert set(declared) <= columns


# -- sending --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "address", "to"),
    [
        ("wecom", WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"),
        ("dingtalk", DINGTALK, "https://oapi.dingtalk.com/robot/send"),
        ("feishu", FEISHU, FEISHU),
        ("webhook", "https://gateway.example.cn/in?token=a", "https://gateway.example.cn/in"),
        ("webhook", "http://10.0.0.7:8080/in", "http://10.0.0.7:8080/in"),
    ],
)
def test_a_notice_is_posted_once_without_following_redirects(
    officer: Actor, line: Line, kind: str, address: str, to: str
) -> None:
    services.add_channel(actor=officer, kind=ChannelKind(kind), address=address, at=MORNING)
    tell(officer.id or 0, title="岩门村退回了一项", text="缺照片", link="/places/")
    assert send().outcome == Outcome.SENT
    assert services.send_waiting(actor=SYSTEM, at=MORNING + timedelta(days=9)) == 0
    [(url, given)] = line.posted
    assert url.startswith(to)
    assert given["allow_redirects"] is False
    assert given["timeout"] == (5, 15)
    assert "https://heli.example.cn/places/" in str(given["json"])


def test_a_failed_delivery_is_tried_again_with_growing_patience_and_at_last_given_up(
    officer: Actor, line: Line
) -> None:
    add_wecom(officer)
    tell(officer.id or 0)
    line.status, at = 500, MORNING
    for patience in RETRIES:
        assert send(at).next_at == at + patience
        assert services.send_waiting(actor=SYSTEM, at=at + patience - timedelta(seconds=1)) == 0
        at += patience
    assert send(at).outcome == Outcome.GIVEN_UP
    assert services.send_waiting(actor=SYSTEM, at=at + timedelta(days=30)) == 0
    assert len(line.posted) == len(RETRIES) + 1


def test_what_failed_once_goes_when_the_network_is_back(officer: Actor, line: Line) -> None:
    add_wecom(officer)
    tell(officer.id or 0)
    line.status = 502
    send()
    line.status = 200
    delivery = send(MORNING + RETRIES[0])
    assert (delivery.outcome, delivery.attempts, delivery.said) == (Outcome.SENT, 2, "")


def test_a_worker_that_died_leaves_its_delivery_due_again(
    officer: Actor, monkeypatch: pytest.MonkeyPatch, line: Line
) -> None:
    add_wecom(officer)
    tell(officer.id or 0)
    module = services.posting

    def die(delivery: Delivery, at: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(module, "_send", die)
        with pytest.raises(SystemExit):
            services.send_waiting(actor=SYSTEM, at=MORNING)
    assert services.send_waiting(actor=SYSTEM, at=MORNING + timedelta(minutes=1)) == 0
    assert send(MORNING + module.LOST_AFTER).outcome == Outcome.SENT


def test_what_waits_for_an_ended_channel_is_withdrawn(officer: Actor, line: Line) -> None:
    channel = add_wecom(officer)
    tell(officer.id or 0)
    services.end_channel(actor=officer, channel=channel)
    assert send().outcome == Outcome.WITHDRAWN
    assert line.posted == []


def test_a_host_taken_off_the_list_is_no_longer_contacted(officer: Actor, line: Line, settings: Any) -> None:
    add_wecom(officer)
    tell(officer.id or 0)
    settings.WEBHOOK_HOSTS = frozenset()
    assert send().outcome == Outcome.FAILED
    assert line.posted == []


def test_a_report_goes_to_a_mailbox_with_its_files_and_once(
    officer: Actor, world: World, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    channel = services.add_channel(actor=officer, kind=ChannelKind.MAIL, address="a@example.cn", at=MORNING)
    with writing(officer, "notices.test", action="places.read", place_id=world.a.town.pk, at=MORNING):
        stored = store_file(
            actor=officer, chunks=[b"%PDF-"], name="周报.pdf", action="places.read", place_id=world.a.town.pk
        )
        for _time in range(2):
            services.deliver(
                actor=officer,
                channel=channel,
                subject="第 10 周周报",
                text="见附件",
                html="<p>见附件</p>",
                attachments=[stored],
                key="report:2026-10",
                at=MORNING,
            )
    assert send().outcome == Outcome.SENT
    [sent] = mail.outbox
    assert (sent.subject, sent.body, sent.to) == ("第 10 周周报", "见附件", ["a@example.cn"])
    assert sent.attachments[0][:2] == ("周报.pdf", b"%PDF-")
    assert [delivery.outcome for delivery in queries.deliveries_of("report:2026-10")] == [Outcome.SENT]
    with pytest.raises(ValueError, match="may not send"), writing(SYSTEM, "notices.test"):
        services.deliver(
            actor=world.b.actor("town_officer"), channel=channel, subject="x", text="x", attachments=[stored], key="x"
        )


def test_sending_begins_after_the_commit(officer: Actor, django_capture_on_commit_callbacks: Any) -> None:
    add_wecom(officer)
    with django_capture_on_commit_callbacks() as later:
        tell(officer.id or 0)
    assert len([call for call in later if call.__name__ == "_wake_worker"]) == 1


def test_the_worker_sends_until_nothing_is_due(world: World, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.posting, "BATCH", 2)
    users = [half.users[role] for half in (world.a, world.b) for role in ("auditor", "town_officer", "grid_worker")]
    for user in users:
        add_wecom(Actor(user.pk, "x"))
    tell(*(user.pk for user in users))
    assert jobs.send_waiting() == 6
    assert len(line.posted) == 6
    assert set(Delivery.objects.values_list("outcome", flat=True)) == {Outcome.SENT}


def test_a_test_message_is_sent_from_the_page_and_its_outcome_shows(world: World, officer: Actor, line: Line) -> None:
    client = world.client("town_officer")
    client.post(reverse("notices:add_channel"), {"kind": "wecom", "address": WECOM})
    channel = queries.own_channels(officer).get()
    client.post(reverse("notices:test_channel", args=[channel.public_id]))
    jobs.send_waiting()
    assert "已发送" in client.get(reverse("notices:settings"), headers={"Accept-Language": "zh-CN"}).content.decode()
    answer = client.post(reverse("notices:add_channel"), {"kind": "webhook", "address": "https://127.0.0.1/"})
    assert answer.status_code == 422
    assert "HELI_WEBHOOK_HOSTS" in answer.content.decode()


def test_long_texts_are_cut_between_characters() -> None:
    assert clipped("合里", 6) == "合里"
    cut = clipped("合里" * 1000, 2000)
    assert len(cut.encode()) <= 2000
    assert cut.endswith("…")


def test_the_parts_of_an_address_are_told_apart() -> None:
    target, faults = parse_webhook(ChannelKind.DINGTALK, DINGTALK, OFFICIAL_HOSTS)
    assert target is not None
    assert (target.token, target.secret, faults) == ("0123456789abcdef", "SEC0123456789", [])
