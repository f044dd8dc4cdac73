"""Five walks through the house are as short and straight as `docs/explanation/walks.md` draws them.

A station is a part of a room ("places.queries") that the walk enters from the room of its act; what many rooms offer alike
("*.sentences") is one. What rooms below do among themselves is their own walk; words, values, the kernel and the guard that
watches every statement are no stations. How often the walk leaves its room is counted beside.
"""

import inspect
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import heli
from heli.accounts.testing import World, build_world
from heli.campaigns.models import Step
from heli.campaigns.services import steps
from heli.campaigns.testing.runs import OPENED, campaign_of, open_drawn
from heli.campaigns.tests.test_act import BOOK, EFFECT, accepted_plan, second
from heli.figures.services import reports, snapshots
from heli.figures.types import SnapshotKind
from heli.kernel.access import SYSTEM
from heli.places.imports import services as imports
from heli.places.imports.testing import LATER, csv_file
from heli.places.imports.types import ImportKind
from heli.problems.ledger import PROBLEMS
from heli.problems.testing import move, problem_in_hand
from heli.records import services as records
from heli.warnings.services.weeks import freeze_due
from heli.warnings.testing import DrawnCampaign, ends, moment

pytestmark = pytest.mark.django_db
SOURCE = Path(heli.__file__).parent
PAGE = SOURCE.parents[1] / "docs" / "explanation" / "walks.md"
QUIET = re.compile(
    r"(kernel|ui|config)\.|audit\.(guard|capturing|witness)|places\.(counted|naming)|\.(models|types|texts|wording|wordings|cells|words)\b"
)
OFFERED = ("figures", "sentences")
MOST = 12


@cache
def module_of(path: str) -> str:
    """The module of Heli that a file is, "" where it is none or no station."""
    if not path.startswith(str(SOURCE)):
        return ""
    name = ".".join(Path(path).relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    return "" if QUIET.search(f"{name}.") else name


@dataclass
class Walk:
    """Where an act goes: its stations in order, each with the function entered first, and how often it leaves its room."""

    home: str
    stations: dict[str, str] = field(default_factory=dict)
    leaves: int = 0
    _last: str = ""

    def enter(self, module: str, function: str) -> None:
        """A call from the room of the act into another module."""
        room, _, part = module.partition(".")
        part = part.split(".")[0]
        station = f"*.{part}" if part in OFFERED and room != self.home else f"{room}.{part}"
        self.stations.setdefault(station, f"{module}.{function}")
        if room != self.home and station != self._last:
            self.leaves, self._last = self.leaves + 1, station


def walked(home: str, act: Callable[[], object]) -> Walk:
    """Do it, and note where it goes."""
    walk, stack = Walk(home), [""]
    seen: set[FrameType] = set()  # a generator that goes on is called again

    def watch(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            module = module_of(frame.f_code.co_filename)
            caller = next((one for one in reversed(stack) if one), "")
            name, is_own = frame.f_code.co_qualname, not caller or caller.split(".")[0] == home
            if module and is_own and module != caller and not name.endswith(">") and frame not in seen:
                walk.enter(module, name)
            if frame.f_code.co_flags & inspect.CO_GENERATOR:
                seen.add(frame)
            stack.append(module)
        elif event == "return" and len(stack) > 1:
            stack.pop()

    sys.setprofile(watch)
    try:
        act()
    finally:
        sys.setprofile(None)
    return walk


def accept_a_step() -> Walk:
    """The step that applies a plan: it has a gate and an act."""
    world = build_world()
    chief, other = world.a.actor("district_officer"), second(world)
    campaign = open_drawn(world.a, playbook=BOOK, scenario=accepted_plan(world))
    at = OPENED + timedelta(days=2)
    for step in Step.objects.filter(campaign=campaign, key="ask"):
        steps.submit_step(actor=chief, step=step, at=at)
        steps.accept_step(actor=other, step=step, at=at)
    step = Step.objects.get(campaign=campaign, key="carry")
    steps.submit_step(actor=chief, step=step, at=at)
    return walked("campaigns", lambda: steps.accept_step(actor=other, step=step, act_on=EFFECT, at=at))


def drawn() -> DrawnCampaign:
    """Two towns of two villages; some have begun."""
    run = DrawnCampaign.draw({"代市镇": "甲村 乙村", "观塘镇": "丙村 丁村"}, {"ask": 3, "plan": 3, "sign": 4})
    for village in ("甲村", "乙村", "丙村"):
        run.do(village, "ask", moment(1))
    return run


def freeze_a_week() -> Walk:
    """The first week of a run."""
    drawn()
    at = moment(5)
    return walked("warnings", lambda: freeze_due(actor=SYSTEM, at=at))


def close_a_problem() -> Walk:
    """As the second person."""
    world: World = build_world()
    row = move(world.a, "town_officer", problem_in_hand(world.a, campaign_of(world.a)), "claim", note="对账单已签字")
    chief = world.a.actor("district_officer")
    return walked("records", lambda: records.move(actor=chief, ledger=PROBLEMS, row=row, name="close"))


def import_a_list() -> Walk:
    """A later list of codes: taken in, checked, applied."""
    half = build_world().a
    data = csv_file("code,name,town_name", f"511603100200,新名村委会,{half.towns[0]}")
    given: dict[str, Any] = {"kind": ImportKind.CODES, "district_id": half.district.pk, "on": LATER, "name": "list.csv"}

    def act() -> None:
        run = imports.upload_file(actor=SYSTEM, data=data, **given)
        imports.check_import(actor=SYSTEM, run=run)
        imports.apply_import(actor=SYSTEM, run=run)

    return walked("places", act)


def compose_a_report() -> Walk:
    """All reports of a week whose figures are kept."""
    run = drawn()
    (week,) = freeze_due(actor=SYSTEM, at=moment(5))
    given: dict[str, Any] = {
        "district_id": run.campaign.district_id,
        "kind": SnapshotKind.WEEKLY,
        "on": date(2026, 3, 6),
    }
    snapshots.take_snapshot(actor=SYSTEM, **given, at=ends(1))
    at, campaign = moment(5, 1), run.campaign
    return walked("figures", lambda: reports.make_weekly(actor=SYSTEM, campaign=campaign, week=week, at=at, send=False))


def drawn_on_the_page(name: str) -> tuple[list[str], int]:
    """The stations of a walk in order as the page has them, and how often it says that the room is left."""
    section = re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    (text,) = [one for one in section if one.lower().startswith(name)]
    return re.findall(r"^\| \d+ \| `([^`]+)`", text, re.MULTILINE), int(re.findall(r"left (\d+) times", text)[0])


@pytest.mark.parametrize("walk", [accept_a_step, freeze_a_week, close_a_problem, import_a_list, compose_a_report])
def test_a_walk_goes_as_the_page_draws_it(walk: Callable[[], Walk]) -> None:
    found = walk()
    stations = [name if name.startswith("*") else first for name, first in found.stations.items()]
    assert len(stations) <= MOST
    assert (stations, found.leaves) == drawn_on_the_page(walk.__name__.replace("_", " "))
