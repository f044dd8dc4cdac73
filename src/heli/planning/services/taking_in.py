"""Questions that begin with a file: every wrong row is told, then what it holds is pinned (groups are entered in the register)."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from heli.files.services import sent_by
from heli.kernel.access import Actor, require
from heli.kernel.faults import Refused
from heli.places import queries as places
from heli.places import services as register
from heli.places.types import PlaceRow
from heli.planning import queries
from heli.planning.models import Scenario
from heli.planning.questions.files import read_buildings, read_helpers
from heli.planning.questions.sheets import SheetReader
from heli.planning.questions.types import QuestionMaterial
from heli.planning.services.questions import create_question
from heli.planning.services.scenarios import EDIT
from heli.planning.types import PlanKind
from heli.planning.wording import fault

SheetFile = tuple[str, bytes]
"""A file's name and content."""
MU_DM2 = Decimal(200_000) / 3
"""One mu in 0.01 m²."""
GROUP_COLUMNS = {
    "name": ("组名", "村民小组", "小组名称", "名称"),
    "village": ("所在村", "村", "行政村", "村名"),
    "lon": ("经度", "X", "x"),
    "lat": ("纬度", "Y", "y"),
    "households": ("户数", "户籍户数"),
    "land": ("耕地面积（亩）", "耕地面积", "耕地（亩）", "耕地"),
}


def open_question(
    *,
    actor: Actor,
    kind: PlanKind,
    district_id: int,
    name: str,
    on: date,
    file: SheetFile | None = None,
    is_sample: bool = False,
    at: datetime | None = None,
) -> Scenario:
    """Open a question with what its file holds, or with what the register holds. Raises `Refused`, `Forbidden`."""
    require(actor, EDIT, district_id)
    if file is not None and kind is PlanKind.GROUPS:
        with sent_by(actor=actor, name=file[0], place_id=district_id):
            groups = read_group_rows(file, district_id=district_id, on=on)
        register.add_groups(actor=actor, district_id=district_id, groups=groups, on=on, is_sample=is_sample, at=at)
    material = None
    if file is not None and kind in (PlanKind.GRIDS, PlanKind.PAIRING):
        with sent_by(actor=actor, name=file[0], place_id=district_id):
            material = read_file(file, kind=kind, district_id=district_id, on=on, is_sample=is_sample)
    return create_question(actor=actor, kind=kind, district_id=district_id, name=name, on=on, material=material, at=at)


def read_file(
    file: SheetFile, *, kind: PlanKind, district_id: int, on: date, is_sample: bool = False
) -> QuestionMaterial:
    """What a file of grids or pairing holds. Raises `Refused` with every row that is wrong."""
    district = places.version_on(district_id, on)
    if district is None:
        raise Refused(fault("no_district", _("The district did not exist on that day: choose a later one."), "on"))
    rows = [
        *places.villages_of(district_id, on),
        *(places.towns_of(district_id, on) if kind is PlanKind.PAIRING else ()),
    ]
    called: dict[str, list[PlaceRow]] = {}
    for row in rows:
        for name in {row.name, row.listed_name, row.code} - {""}:
            called.setdefault(name, []).append(row)
    if kind is PlanKind.PAIRING:
        return read_helpers(file, district=district, on=on, called=called, is_sample=is_sample)
    plane = queries.local_plane([row for row in rows if row.lon is not None])
    return read_buildings(file, district=district, on=on, called=called, plane=plane, is_sample=is_sample)


def read_group_rows(file: SheetFile, *, district_id: int, on: date) -> list[register.GroupSpec]:
    """The groups of a file. Raises `Refused` with every row that is wrong: its village, point, households, a name twice."""
    reader = SheetReader(GROUP_COLUMNS)
    villages: dict[str, list[int]] = {}
    for row in places.villages_of(district_id, on, outlines=False):
        for called in {row.name, row.listed_name, row.code} - {""}:
            villages.setdefault(called, []).append(row.id)
    seen: dict[tuple[int, str], int] = {}
    groups = []
    for number, cells in reader.rows(file[1], file[0], optional=("land",)):
        found = villages.get(cells["village"], [])
        if len(found) != 1:
            text = (
                _("no village of the register is called %(name)s.")
                if not found
                else _("several villages are called %(name)s: give the code.")
            )
            reader.wrong(number, text % {"name": cells["village"] or "—"})
            continue
        key = (found[0], cells["name"])
        if not cells["name"]:
            reader.wrong(number, _("the group has no name."))
        elif seen.setdefault(key, number) != number:
            reader.wrong(
                number, _("%(name)s stands in row %(row)s already.") % {"name": cells["name"], "row": seen[key]}
            )
        land = reader.number(number, cells, "land", low=0) if cells.get("land") else None
        lon, lat = reader.number(number, cells, "lon"), reader.number(number, cells, "lat")
        if not (70 < lon < 140 and 3 < lat < 55):
            reader.wrong(number, _("the point lies outside the country: give degrees."))
        groups.append(
            register.GroupSpec(
                name=cells["name"],
                village_id=found[0],
                lon=lon,
                lat=lat,
                households=reader.whole(number, cells, "households", low=1),
                land_dm2=round(Decimal(str(land)) * MU_DM2) if land is not None else None,
            )
        )
    reader.done()
    return groups
