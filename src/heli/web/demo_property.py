"""Collective property in the demonstration: assets in every state of the clearance, clearances that run, contracts of which one
ends soon.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from heli.campaigns.queries import Campaign
from heli.ledger.ledger import ASSETS, CLEARANCES, CONTRACTS
from heli.records import services as records
from heli.records.abouts import DISTRICT
from heli.records.services import Draft
from heli.web.demo_matters import Cast

SAMPLE = "（示例）"
VILLAGES = 12
PROPERTY: Sequence[tuple[str, str, str, int, int]] = (
    ("临街门面房三间", "operating", "151", 36_000_000, 200_000),
    ("水库养殖水面", "resource", "", 0, 120_000_000),
    ("村级公路", "public", "151", 185_000_000, 0),
)
"""What it is, what it serves, account, fen, 0.01 m²."""
BUILT: dict[str, dict[str, Any]] = {
    "operating": {"acquired_on": date(2014, 5, 20), "life_months": 360, "residual_fen": 1_800_000},
}
"""When it was built, how long it lasts, what is left: what is written off is worked out of that."""
STEPS = (("count", 2), ("verify", 3), ("post", 4), ("confirm", 12), ("lock", 13))
"""The moves of the clearance, and on which day after the campaign began."""


def simulate_property(cast: Cast, campaign: Campaign, *, today: date) -> None:
    """A dozen villages' assets, and their contracts."""
    about = DISTRICT.about(campaign.district_id, campaign.district.public_id)
    begins = campaign.starts_on
    tracks = campaign.tracks.filter(per="village").order_by("pk")
    villages = list(tracks.values_list("place_id", flat=True)[:VILLAGES])
    given: dict[str, Any] = {"actor": cast.officer, "about": about, "on": begins, "at": _noon(begins)}
    drafts = [
        Draft({
            "title": title + SAMPLE, "place": place, "kind": kind, "account": account, "value_fen": fen, "area_dm2": area or None,
            "certificate": "", "keeper": "", **BUILT.get(kind, {}),
        })
        for place in villages
        for title, kind, account, fen, area in PROPERTY
    ]  # fmt: skip
    assets = records.enter(ledger=ASSETS, drafts=drafts, **given)
    codes = {row.place_id: row.public_id for row in assets if row.kind == "operating"}
    for number, row in enumerate(assets):
        _clear(cast, row, begins, number % (len(STEPS) + 1))
    leases = [
        Draft({
            "title": "临街门面房三间" + SAMPLE, "place": place, "kind": "lease", "party": "某商贸公司" + SAMPLE,
            "begins_on": date(begins.year - years, 1, 1), "due_on": ends_on, "rent_fen": 2_400_000, "deposit_fen": 200_000,
            "area_dm2": 20_000, "price_steps": f"{begins.year}-01-01 26000.00", "object_code": codes.get(place, ""),
            "arrears_fen": None, "decision": "", "paper": None,
        })
        for place, years, ends_on in zip(
            villages, (3, 9, 16, 2),
            (today + timedelta(days=24), date(begins.year + 3, 12, 31), date(begins.year + 33, 12, 31),
             date(begins.year + 1, 12, 31)),
            strict=False,
        )
    ]  # fmt: skip
    cleared = [
        Draft({"title": f"{begins.year}年度清产核资" + SAMPLE, "place": place, "cleared_on": begins, "due_on": today})
        for place in villages[:3]
    ]
    records.enter(ledger=CLEARANCES, drafts=cleared, **given)
    for number, row in enumerate(records.enter(ledger=CONTRACTS, drafts=leases, **given)):
        if number < len(leases) - 1:
            _verify(cast, row, begins + timedelta(days=2))


def _clear(cast: Cast, row: Any, begins: date, steps: int) -> None:
    """The first so many steps of the clearance; every road is worth less than the books say."""
    less = 500_000 if row.kind == "public" else 0
    counted = {"counted_fen": row.value_fen - less, "difference": "旧路段已废弃" + SAMPLE if less else ""}
    told: dict[str, dict[str, Any]] = {"count": {"values": counted}, "post": {"note": "村务公开栏" + SAMPLE}}
    for name, days in STEPS[:steps]:
        actor = cast.second if name == "verify" else cast.officer
        on = begins + timedelta(days=days)
        records.move(actor=actor, ledger=ASSETS, row=row, name=name, on=on, at=_noon(on), **told.get(name, {}))


def _verify(cast: Cast, row: Any, on: date) -> None:
    """Compared with the paper, and verified on the day after."""
    note, after = "与原件一致" + SAMPLE, on + timedelta(days=1)
    given: dict[str, Any] = {"ledger": CONTRACTS, "row": row}
    records.move(actor=cast.officer, name="compare", note=note, on=on, at=_noon(on), **given)
    records.move(actor=cast.second, name="verify", on=after, at=_noon(after), **given)


def _noon(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(12)))
