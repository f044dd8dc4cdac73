"""Random walks over every move and service agree with a model of a dozen lines that knows nothing of Heli's tables."""

import random
from collections import Counter
from copy import deepcopy
from typing import Any

import pytest

from heli.accounts.testing import World, build_world
from heli.kernel.faults import Refused
from heli.matters import services
from heli.matters.models import Matter, MatterVoice
from heli.matters.testing import key_of, moved, photo, reported, resident
from heli.records.checks import check_invariants
from heli.records.testing import DAY, district_of

STEPS, BODIES = 120, ("department", "group")
TYPED: dict[str, dict[str, Any]] = {
    "file": {"values": {"title": "路灯不亮", "item": "street_lamp"}},
    "refuse": {"values": {"way": "请找供水公司"}, "reason": "不属政府职责"},
    "on_spot": {"values": {"result": "修好", "cost": None}, "note": "亮了"},
    "gather": {"values": {"result": "修好"}}, "undone": {"reason": "没亮"}, "tell": {"values": {"answer": "修好了"}},
    "call_back": {"values": {"outcome": "unsolved", "content": "no"}},
    "reopen": {"values": {"item": "street_lamp"}, "reason": "又坏"},
    "arrive": {}, "answer": {"values": {"answer": "去修"}}, "handle": {"values": {"result": "修好", "cost": None}, "note": "亮了"},
    "withdraw": {"reason": "不需要"}, "close": {}, "close_unasked": {}, "accept": {}, "doubt": {"reason": "无法修"},
    "confirm": {"reason": "看过"}, "deny": {"reason": "能修"}, "check": {},
}  # fmt: skip
WAYS = {
    "file": ("collected", "filed"), "refuse": ("collected", "refused"), "on_spot": ("filed", "handled"),
    "gather": ("whistled", "handled"), "check": ("handled", "checked"), "undone": ("handled", "filed"),
    "tell": ("checked", "told"), "call_back": ("told", "called"), "close_unasked": ("told", "closed"),
    "doubt": ("called", "doubted"), "confirm": ("doubted", "closed"), "deny": ("doubted", "called"),
}  # fmt: skip
ORDERS = {"arrive": ("sent", "arrived"), "answer": ("arrived", "answered"), "handle": ("answered", "handled")}
DESK = {
    "on_spot": "village_cadre", "check": "grid_worker", "undone": "grid_worker", "confirm": "district_officer",
    "deny": "district_officer",
}  # fmt: skip
ENDED = ("handled", "returned", "withdrawn")
BACK = {
    "give_back": (("sent", "arrived"), "returning"), "accept": (("returning",), "returned"),
    "withdraw": (("sent", "arrived", "answered"), "withdrawn"),
    **{name: ((source,), to) for name, (source, to) in ORDERS.items()},
}  # fmt: skip


class Model:
    """A matter as anybody would draw it on paper."""

    def __init__(self, contact: bool) -> None:
        self.state, self.contact, self.voices, self.flagged = "collected", contact, 1, False
        self.orders: list[dict[str, str]] = []

    def may(self, what: str, body: str) -> bool:
        """Whether it is possible; and does it."""
        if what == "whistle":
            return self.whistle(body)
        if what in BACK:
            return self.order(what, body)
        if what == "voice":
            possible = self.state not in ("refused", "closed", "collected")
            self.voices += possible
            return possible
        if what == "reopen":
            possible = self.state in ("called", "closed", "refused")
        elif what == "gather":
            states = [one["state"] for one in self.orders]
            possible = self.state == "whistled" and "handled" in states and set(states) <= set(ENDED)
        else:
            possible = self.state == WAYS[what][0]
            possible &= self.contact if what == "call_back" else not self.contact if what == "close_unasked" else True
        if possible:
            self.state = "filed" if what == "reopen" else WAYS[what][1]
        return possible

    def whistle(self, body: str) -> bool:
        """A department is asked; one that gave it back before another was asked goes to the sitting instead."""
        mine = [one["state"] for one in self.orders if one["body"] == body]
        if self.state not in ("filed", "whistled") or not set(mine) <= set(ENDED):
            return False
        if "returned" in mine and self.orders[-1]["body"] != body:
            self.flagged = True
        else:
            self.orders.append({"body": body, "state": "sent"})
            self.state, self.flagged = "whistled", False
        return True

    def order(self, what: str, body: str) -> bool:
        """The last order to a department goes on."""
        mine = [one for one in self.orders if one["body"] == body]
        possible = bool(mine) and mine[-1]["state"] in BACK[what][0]
        if possible:
            mine[-1]["state"] = BACK[what][1]
        return possible


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def act(world: World, matter: Matter, what: str, body: str) -> bool:
    """The same with Heli: whether it was done."""
    half = world.a
    given: dict[str, Any] = TYPED.get(what, {})
    try:
        if what == "whistle":
            officer, lead = half.actor("district_officer"), key_of(half, body)
            services.whistle(actor=officer, about=district_of(half), matter=matter, lead=lead, on=DAY)
        elif what == "voice":
            services.add_voice(actor=resident(half), matter=matter, on=DAY)
        elif what in ("give_back", "accept", "withdraw", *ORDERS):
            row = matter.whistles.filter(body_body=half.bodies[body]).order_by("-number").first()
            if row is None:
                return False
            if what == "give_back":
                other = next(one for one in BODIES if one != body)
                given = {"values": {"right": key_of(half, other)}, "reason": "不属我局"}
            role = "district_officer" if what in ("accept", "withdraw") else "department_liaison"
            moved(half, role, row, what, **given)
        else:
            more: dict[str, Any] = {"upload": photo()} if what == "check" else {}
            moved(half, DESK.get(what, "town_officer"), matter, what, **given, **more)
    except Refused:
        return False
    return True


@pytest.mark.slow
def test_a_random_walk_agrees_with_the_model_on_paper(world: World) -> None:
    dice = random.Random(2)
    acts = [*WAYS, *ORDERS, "whistle", "whistle", "voice", "give_back", "accept", "withdraw", "reopen"]
    seen: Counter[str] = Counter()
    row, model = None, None
    for step in range(STEPS):
        if row is None or model is None or (model.state in ("refused", "closed") and dice.random() < 0.5):
            contact = dice.random() < 0.5
            row, model = reported(world.a, contact="13900000000" if contact else "").matter, Model(contact)
        body = dice.choice(BODIES)
        likely = [one for one in acts if deepcopy(model).may(one, body)]
        what = dice.choice(likely if likely and dice.random() < 0.8 else acts)
        expected = model.may(what, body)
        assert act(world, row, what, body) is expected, (step, what, body, model.state)
        row.refresh_from_db()
        orders = [{"body": one.body_body_id, "state": one.status} for one in row.whistles.order_by("number")]
        drawn = [{"body": world.a.bodies[one["body"]].pk, "state": one["state"]} for one in model.orders]
        assert (row.status, row.voices, orders, row.flagged_on is not None) == (
            model.state, model.voices, drawn, model.flagged,
        ), (step, what)  # fmt: skip
        if row.status in ("handled", "checked", "told", "called", "closed"):
            assert not [one for one in orders if one["state"] not in ("handled", "returned", "withdrawn")]
        seen[row.status] += 1
    assert set(seen) >= {"filed", "whistled", "handled", "checked", "told"}
    assert sum(one.voices or 0 for one in Matter.objects.all()) == MatterVoice.objects.count()
    assert list(check_invariants()) == []
