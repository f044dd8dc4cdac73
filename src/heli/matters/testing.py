"""Builders of matters and whistles over one half of the small world, and who may open which page."""

from dataclasses import replace
from datetime import date
from typing import Any

from heli.kernel.access import Actor, Grant
from heli.matters import services
from heli.matters.ledger import MATTERS, WHISTLES
from heli.matters.models import Matter, MatterState, MatterVoice, Whistle
from heli.matters.services import MatterReport
from heli.meetings.services import record_meeting
from heli.records.services import FormFile, move
from heli.records.testing import DAY, access_of, district_of, enter_row
from heli.ui.testing import EVERYONE, STAFF, STRANGER, AccessCase, Kwargs

READERS = tuple(role for role in STAFF if role != "administrator")
COLLECTORS = ("district_officer", "town_officer", "village_cadre", "grid_worker", "department_liaison")
CENTRE = ("district_officer", "town_officer")
LAMP = "村口第二盏路灯不亮"


def resident(half: Any) -> Actor:
    """A stranger on the public page of that district."""
    return Actor(None, "public", (Grant("public", place_id=half.district.pk),))


def reported(half: Any, text: str = LAMP, on: date = DAY, **more: Any) -> MatterVoice:
    """A lamp in the cadre's village, reported on the public page."""
    said = MatterReport(**{"place_id": half.village.pk, "text": text, "item": "street_lamp", **more})
    return services.report(actor=resident(half), about=district_of(half), said=said, on=on)


def speaking(half: Any, row: Whistle, role: str = "department_liaison") -> Actor:
    """The person of a role who speaks for the department of a whistle, and for no other."""
    actor: Actor = half.actor(role)
    kept = (grant for grant in actor.grants if grant.body_id is None)
    own = Grant("department_liaison", half.district.pk, row.body_body_id)
    return replace(actor, grants=(*kept, own))


def moved(half: Any, role: str, row: Any, name: str, on: date = DAY, **more: Any) -> Any:
    """A matter or a whistle after that role's move."""
    ledger = MATTERS if isinstance(row, Matter) else WHISTLES
    return move(actor=half.actor(role), ledger=ledger, row=row, name=name, on=on, **more)


def filed(half: Any, on: date = DAY, place: Any = None, **more: Any) -> Matter:
    """A lamp entered and filed by the district officer."""
    where = (place or half.village).pk
    row = enter_row(MATTERS, half, district_of(half), bare=True, place=where, item="street_lamp", **more)
    values = {"title": "路灯不亮", "item": "street_lamp"}
    found: Matter = moved(half, "district_officer", row, "file", on, values=values)
    return found


def key_of(half: Any, body: str) -> str:
    """A body of that half, as forms name it."""
    return f"body:{half.bodies[body].public_id}"


def whistled(half: Any, matter: Matter, *bodies: str, on: date = DAY, **more: Any) -> list[Whistle]:
    """Departments whistled by the district officer; the first leads."""
    lead, *support = [key_of(half, body) for body in bodies or ("department",)]
    given = {"matter": matter, "lead": lead, "support": support, "on": on, **more}
    return services.whistle(actor=half.actor("district_officer"), about=district_of(half), **given)


def sitting(half: Any, on: date = DAY, kind: str = "joint") -> str:
    """A joint sitting of the district, recorded; its public id."""
    given: dict[str, Any] = {"about": district_of(half), "place_id": half.district.pk, "kind": kind, "attendance": {}}
    officer = half.actor("district_officer")
    return record_meeting(actor=officer, title="第3次联席会", held_on=on, on=on, **given).public_id


def photo() -> FormFile:
    """A photo with a place in its EXIF."""
    from heli.files.testing import draw_photo

    return FormFile("x.jpg", [draw_photo(64, 48)])


def answered(half: Any, row: Whistle, on: date = DAY) -> Whistle:
    """The whistle reported in and answered by the liaison."""
    row = moved(half, "department_liaison", row, "arrive", on)
    found: Whistle = moved(half, "department_liaison", row, "answer", on, values={"answer": "三日内更换灯头"})
    return found


def handled_by_all(half: Any, matter: Matter, on: date = DAY) -> Matter:
    """Every whistle of the matter handled, and the matter with it."""
    values = {"result": "已更换灯头", "cost": None}
    for row in matter.whistles.filter(status="sent"):
        moved(half, "department_liaison", answered(half, row, on), "handle", on, values=values, note="灯亮了")
    matter.refresh_from_db()
    found: Matter = moved(half, "district_officer", matter, "gather", on, values={"result": "已更换灯头"})
    return found


def told(half: Any, matter: Matter, on: date = DAY) -> Matter:
    """Checked on site by the grid worker, and told."""
    matter = moved(half, "grid_worker", matter, "check", on, upload=photo())
    found: Matter = moved(half, "town_officer", matter, "tell", on, values={"answer": "路灯已修好"})
    return found


def shut(half: Any, voice: MatterVoice, outcome: str = "solved", content: str = "yes", on: date = DAY) -> Matter:
    """The matter of a voice with a contact, led to its call-back; closed when it is solved."""
    matter: Matter = Matter.objects.get(pk=voice.matter_id)
    if matter.status == MatterState.COLLECTED:
        values = {"title": "路灯不亮", "item": "street_lamp"}
        matter = moved(half, "district_officer", matter, "file", on, values=values)
    whistled(half, matter, on=on)
    matter.refresh_from_db()
    matter = told(half, handled_by_all(half, matter, on), on)
    called: Matter = moved(
        half, "town_officer", matter, "call_back", on, values={"outcome": outcome, "content": content}
    )
    if outcome == "solved":
        called = moved(half, "town_officer", called, "close", on)
    return called


def _district(half: Any) -> Kwargs:
    return {"district_id": half.district.public_id}


def _about(half: Any) -> Kwargs:
    return {"about_id": half.district.public_id}


def _matter(half: Any, place: Any = None) -> Kwargs:
    where = place or half.village
    key = f"filed_{where.pk}"
    if key not in half.links:
        half.links[key] = filed(half, place=where).public_id
    return {**_about(half), "row_id": half.links[key]}


def _seen(half: Any) -> Kwargs:
    return {**_district(half), "row_id": _matter(half)["row_id"]}


def _code(half: Any) -> Kwargs:
    if "matter_code" not in half.links:
        half.links["matter_code"] = reported(half).code
    return {"code": half.links["matter_code"]}


def _whistle(half: Any, place: Any) -> Whistle:
    return whistled(half, filed(half, place=place))[0]


def _office(name: str, allowed: tuple[str, ...], **more: Any) -> AccessCase:
    narrow: dict[str, Any] = {"narrow": [role for role in ("town_officer", "village_cadre") if role in allowed],
              "elsewhere": lambda world: _matter(world.a, world.a.other_village)}  # fmt: skip
    own: dict[str, Any] = {"own": lambda world: _matter(world.a), "foreign": lambda world: _matter(world.b)}
    return AccessCase(f"matter:{name}", allowed, **own, **narrow, **more)


def _everybody(name: str, build: Any, **more: Any) -> AccessCase:
    return AccessCase(f"matter:{name}", (*EVERYONE, STRANGER), own=lambda world: build(world.a), **more)


OPEN311: tuple[tuple[str, Any, str, int], ...] = (
    ("discovery", lambda _world: {}, "", 200),
    ("services", lambda _world: {}, "", 400),
    ("service", lambda _world: {"code": "street_lamp"}, "", 400),
    ("token", lambda world: {"token_id": _code(world.a)["code"]}, "", 400),
    ("requests", lambda _world: {}, "", 400),
    ("request", lambda world: {"request_id": _matter(world.a)["row_id"]}, "", 400),
)
"""Two districts are open in the small world, and its walk names none."""
POST: dict[str, Any] = {"method": "post", "success": (422,)}
ACCESS: list[AccessCase] = [
    *access_of(MATTERS, readers=READERS, enterers=COLLECTORS, movers=CENTRE),
    *(
        case for case in access_of(WHISTLES, readers=READERS, enterers=(), enter=_whistle)
        if case.method == "get"
    ),
    AccessCase("matter:home", READERS, success=(303,)),
    AccessCase("matter:board", READERS, own=lambda world: _about(world.a), foreign=lambda world: _about(world.b)),
    *(_office(name, CENTRE) for name in ("whistle", "merge", "link", "lift", "split")),
    *(_office(name, CENTRE, **POST) for name in ("whistle", "merge", "link", "lift", "split")),
    _office("voice", COLLECTORS),
    _office("contacts", CENTRE, method="post"),
    AccessCase("matter:site", COLLECTORS),
    AccessCase("matter:site", COLLECTORS, **POST),
    AccessCase("matter:mine", COLLECTORS),
    _everybody("public_list", _district),
    _everybody("public_places", _district),
    _everybody("report", _district),
    _everybody("report", _district, **POST),
    _everybody("send", _district, **POST),
    _everybody("too", _seen),
    _everybody("thanks", _code),
    _everybody("follow", lambda half: {}),
    *(
        AccessCase(f"open311:{name}", (*EVERYONE, STRANGER), own=build, query=query, success=(status,))
        for name, build, query, status in OPEN311
    ),
    AccessCase("open311:requests", (*EVERYONE, STRANGER), method="post", success=(403,)),
]  # fmt: skip
