"""The published figures of handover: 47 services of 8 departments (Lucheng), an agency point for each of 138 former villages
(Qianfeng), printed by Heli (docs/explanation/acceptance.md)."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

import pytest
from django.utils import translation

from heli.audit.services import writing
from heli.bodies import services as bodies
from heli.bodies.types import BodyKind
from heli.figures import catalogue
from heli.figures.wording import title_of
from heli.handover import services
from heli.handover.catalogues import service_items
from heli.handover.models import AgencyPoint
from heli.handover.queries import former_villages
from heli.kernel.access import SYSTEM
from heli.places.testing import draw_register
from tests.test_acceptance import AFTER, DOC, REFORM, draw_qianfeng, officer, reform, value

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


LUCHENG = (
    ("0.26", "handover.items_received", "47 services"),
    ("0.26", "handover.items", "100.00 %"),
    ("2.26", "handover.functions", "10 functions"),
)
QIANFENG = (("1.48", "handover.points", "138 points"), ("1.48", "handover.points_cover", "100.00 %"))


def test_lucheng_hands_over_forty_seven_services_of_eight_departments() -> None:
    register = draw_register({"南汇街道": "(新桥社区)"}, district="D", code="330302")
    place, on = register["新桥社区"], date(2019, 12, 1)
    given: dict[str, Any] = {"place_id": place, "on": on}
    services.open_handover(actor=officer("opens"), district_id=register.district, **given)
    every = list(service_items().entries)
    services.give_items(actor=officer("gives"), items=every, **given)
    services.receive_items(actor=officer("receives"), items=every[:-1], **given)
    assert value(register.district, "handover.items", on) == "97.87 %"
    services.receive_items(actor=officer("also"), items=every, **given)
    assert [value(register.district, name, on) for _row, name, _text in LUCHENG] == [text for *_rest, text in LUCHENG]
    assert value(register.district, "handover.items", date(2019, 11, 30)) in ("–", "—", "")


def test_qianfeng_keeps_an_agency_point_for_each_of_its_138_former_villages() -> None:
    """245 villages ended; in 107 of them the new committee sits, 138 keep a point."""
    reformed = reform(draw_qianfeng())
    district, absorbing = reformed.district, set(reformed.communities)
    former = sorted(former_villages(district, AFTER), key=lambda one: (one.heir, one.id))
    assert len(former) == 245
    body = bodies.add_body(actor=SYSTEM, name="办", kind=BodyKind.GOVERNMENT, place_id=district, on=date(2010, 1, 1))
    keeper = bodies.add_person(actor=SYSTEM, body=body, name="李某", office="代办员", on=date(2010, 1, 1))
    given: dict[str, Any] = {"district_id": district, "hours": "周一至周五", "opened_on": REFORM}
    rows = []
    for _heir, ones in groupby(former, key=lambda one: one.heir):
        members = list(ones)
        for number, one in enumerate(members):
            seat = number == 0 and one.heir not in absorbing
            rows.append(
                AgencyPoint(
                    place_id=one.id, spot="原村部", is_seat=seat, keeper=None if seat else keeper,
                    items=[] if seat else ["school"], **given,
                )
            )  # fmt: skip
    with writing(SYSTEM, "handover.point", place_id=district):
        AgencyPoint.objects.bulk_create(rows)
    assert sum(row.is_seat for row in rows) == 107
    assert [value(district, name) for _row, name, _text in QIANFENG] == [text for *_rest, text in QIANFENG]


def test_the_document_prints_these_lines() -> None:
    document = DOC.read_text("utf-8")
    for district, lines in (("Lucheng 2019", LUCHENG), ("Qianfeng 2020", QIANFENG)):
        for row, name, text in lines:
            figure = catalogue.find(name, AFTER)
            assert figure is not None
            assert (
                f"| {district if row != '2.26' else 'Donggang'} | {row} | {title_of(figure)} | `{name}` | {text} |"
                in document
            )
