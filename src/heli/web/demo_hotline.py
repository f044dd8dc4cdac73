"""A city's hotline as a sample: its wire is this file, so that no network is asked. It is ended when it has shown itself."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from heli.kernel.access import SYSTEM, Actor
from heli.matters import services
from heli.matters.ledger import MATTERS
from heli.matters.open311 import services as hotlines
from heli.matters.services import MatterReport
from heli.records.abouts import About
from heli.records.services import move

HOST = "hotline.invalid"
"""A name that no network knows (RFC 2606)."""
NAME = "市民热线（示例）"
REPORTED = (("manhole", "东门路口井盖松动，车压过去响（示例）"), ("street_lamp", "滨江路整段路灯不亮（示例）"))
SENT, TITLE = "人行道上通信线缆垂落，碰得到头（示例）", "通信线缆垂落（示例）"
ANSWER = "已通知线缆权属单位，当日重新固定（示例）。"


class SampleHotline:
    """Two requests of its own; what is sent to it it closes with an answer."""

    def __init__(self, at: datetime) -> None:
        self.rows: list[dict[str, str]] = [
            {"service_request_id": f"SL-{number}", "service_code": item, "description": text, "status": "open",
             "requested_datetime": at.isoformat(timespec="seconds")}
            for number, (item, text) in enumerate(REPORTED, 1)
        ]  # fmt: skip

    def ask(self, method: str, address: str, given: Mapping[str, str]) -> tuple[int, bytes]:
        """Answer as a GeoReport server would."""
        answer: list[dict[str, str]] = []
        if method == "POST" and address.endswith("/requests.json"):
            sent = f"SL-{len(self.rows) + 1}"
            self.rows.append({"service_request_id": sent, "status": "closed", "status_notes": ANSWER})
            answer = [{"service_request_id": sent}]
        elif method == "GET":
            wanted = given.get("service_request_id", "").split(",")
            answer = [row for row in self.rows if row["service_request_id"] in wanted or not wanted[0]]
        return 200, json.dumps(answer).encode()


def show_hotline(about: About, fallback_id: int, centre: Actor, station: Actor, *, now: datetime) -> None:
    """Two matters come from the hotline, one of them is filed; one goes to it, and its answer comes back."""
    today, wire = timezone.localdate(now), SampleHotline(now)
    hotline = hotlines.connect_hotline(
        actor=SYSTEM, name=NAME, district_id=about.district_id, fallback_id=fallback_id, address=f"https://{HOST}/open311/v2",
        key="", on=today, at=now - timedelta(hours=1), hosts={HOST},
    )  # fmt: skip
    said = MatterReport(fallback_id, SENT, "broken_cable")
    own = services.report(actor=station, about=about, said=said, on=today, at=now).matter
    values = {"title": TITLE, "item": "broken_cable"}
    own = move(actor=station, ledger=MATTERS, row=own, name="file", values=values, on=today, at=now)
    hotlines.send_on(actor=centre, hotline=hotline, matter=own, at=now, ask=wire.ask)
    hotlines.exchange(actor=SYSTEM, hotline=hotline, at=now, on=today, ask=wire.ask)
    came = hotline.links.filter(is_ours=False).earliest("pk").matter
    values = {"title": "井盖松动（示例）", "item": REPORTED[0][0]}
    move(actor=station, ledger=MATTERS, row=came, name="file", values=values, on=today, at=now)
    hotlines.end_hotline(actor=SYSTEM, hotline=hotline, on=today, at=now)
