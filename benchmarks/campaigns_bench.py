"""Measure a campaign of 42 steps over 254 villages: board, one action, weekly freeze; beside SpiffWorkflow driving the same.

    python benchmarks/campaigns_bench.py [--villages 254] [--repeat 7] [--no-peers]

Builds its own database (SQLite under var/, or DATABASE_URL where it names a database whose name ends in _bench): a synthetic
district of 14 towns and a drawn playbook of 42 steps per village in a row, half of them done. The peer keeps one workflow
instance per village, serialised in SQLite as its own serialiser writes it, with the same 42 tasks in a row. An action is:
read, do one task, write. The board is: for every village the standing of every step (Heli's with its colour, read as the
board page reads it, all villages at once, so that both answer for the same cells); one window of 40 villages is what a page
shows at a time. Medians of `--repeat` warm runs, wall clock; an action's processor time as well.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "var" / "campaigns_bench.sqlite3"
STEPS, TOWNS = 42, 14
STARTS = date(2026, 3, 2)
OPENED = datetime(2026, 3, 2, 1, tzinfo=UTC)


def prepare() -> None:
    """Point Django at the benchmark's own database."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.endswith("_bench"):
        FILE.parent.mkdir(parents=True, exist_ok=True)
        os.environ["DATABASE_URL"] = f"sqlite:///{FILE}"
        FILE.unlink(missing_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heli.config.settings")
    sys.path.insert(0, str(ROOT / "src"))
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.SECOND_FACTOR = False
    call_command("migrate", verbosity=0, interactive=False)


def build(villages: int) -> tuple[Any, Any, Any]:
    """The campaign, half done; the district officer's client and actor."""
    from django.test import Client

    from heli.accounts import queries as accounts
    from heli.accounts import services as users
    from heli.audit.services import writing
    from heli.campaigns.models import Step, StepEvent
    from heli.campaigns.services import open_campaign
    from heli.campaigns.testing import draw_playbook
    from heli.campaigns.types import Did, StepStatus
    from heli.kernel.access import SYSTEM
    from heli.places.testing import draw_register

    drawing = {f"镇{n}": " ".join(f"村{n}-{m}" for m in range(n, villages, TOWNS)) for n in range(TOWNS)}
    register = draw_register(drawing)
    user, _password = users.add_user(
        actor=SYSTEM, username="officer", name="officer", password="a long password of benches"
    )
    users.grant_role(actor=SYSTEM, user=user, role="district_officer", on=date(2020, 1, 1), place_id=register.district)
    actor = accounts.actor_of(user)
    lines = [f"s{n:02} village 2" + (f" < s{n - 1:02}" if n else "") for n in range(STEPS)]
    campaign = open_campaign(
        actor=actor,
        district_id=register.district,
        name="bench",
        playbook=draw_playbook(*lines),
        starts_on=STARTS,
        at=OPENED,
    )
    with writing(SYSTEM, "campaigns.simulate", action="campaigns.open", place_id=register.district):
        log = []
        for step in Step.objects.filter(campaign=campaign, ordinal__lt=STEPS // 2).order_by("pk"):
            day = OPENED + timedelta(days=2 * step.ordinal + 2)
            for hour, did, status in ((1, Did.SUBMITTED, StepStatus.SUBMITTED), (3, Did.ACCEPTED, StepStatus.ACCEPTED)):
                log.append(
                    StepEvent(
                        campaign=campaign, step=step, at=day + timedelta(hours=hour), did=did, status=status,
                        due_on=step.due_on, submitted_on=day.date(), by_name="x",
                    )
                )  # fmt: skip
        StepEvent.objects.bulk_create(log, 2_000)
        Step.objects.filter(campaign=campaign, ordinal__lt=STEPS // 2).update(
            status=StepStatus.ACCEPTED, submitted_on=STARTS, accepted_on=STARTS
        )
    client = Client()
    client.force_login(user)
    return campaign, client, actor


def timed(run: Callable[[], Any], repeat: int) -> float:
    """Median wall-clock seconds after one warm run."""
    run()
    spent = []
    for _ in range(repeat):
        begun = time.perf_counter()
        run()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


def measure(campaign: Any, client: Any, actor: Any, repeat: int) -> dict[str, Any]:
    """Heli's figures."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse
    from django.utils import timezone

    from heli.campaigns.models import Step
    from heli.campaigns.queries.picture import picture
    from heli.campaigns.services import steps

    address = reverse("campaigns:campaign", args=[campaign.public_id])
    today = timezone.localdate()
    found: dict[str, Any] = {
        "page of the board (one window), ms": 1000 * timed(lambda: client.get(address), repeat),
        "next window, ms": 1000
        * timed(lambda: client.get(f"{address}?first=40", headers={"HX-Request": "true"}), repeat),
    }
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    found["queries of the page"] = len(asked)

    def whole() -> list[tuple[str, str]]:
        seen = picture(actor, campaign, today)
        return [(row.status, seen.colour(row)) for rows in seen.rows.values() for row in rows.values()]

    assert len(whole()) == campaign.steps.count()
    found["every cell with its colour, ms"] = 1000 * timed(whole, repeat)
    chosen = Step.objects.filter(campaign=campaign, ordinal=STEPS // 2).select_related(
        "track", "campaign__playbook", "campaign__scenario"
    )
    open_steps = iter(list(chosen.order_by("pk")))
    spent, wall = [], []
    for step in list(open_steps)[: 5 * repeat]:
        begun, clock = time.process_time(), time.perf_counter()
        steps.start_step(actor=actor, step=step)
        spent.append(time.process_time() - begun)
        wall.append(time.perf_counter() - clock)
    found["one action, ms (processor)"] = 1000 * statistics.median(spent)
    found["one action, ms"] = 1000 * statistics.median(wall)
    found |= freeze(campaign)
    return found


def freeze(campaign: Any) -> dict[str, Any]:
    """The weekly freeze from the log."""
    from heli.kernel.access import SYSTEM
    from heli.warnings.services.weeks import freeze_due

    begun = time.perf_counter()
    frozen = freeze_due(actor=SYSTEM, at=OPENED + timedelta(days=7))
    spent = time.perf_counter() - begun
    return {"weekly freeze, s": spent, "weeks frozen": len(frozen) if hasattr(frozen, "__len__") else frozen}


def bpmn() -> bytes:
    """The same run as a BPMN process: manual tasks in a row."""
    names = ["start", *(f"s{n:02}" for n in range(STEPS)), "end"]
    flows = [f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(pairwise(names))]
    nodes = [
        (f"<incoming>f{n - 1}</incoming>" if n else "") + (f"<outgoing>f{n}</outgoing>" if n < len(names) - 1 else "")
        for n in range(len(names))
    ]
    tasks = [
        f'<manualTask id="{name}" name="{name}">{node}</manualTask>'
        for name, node in zip(names[1:-1], nodes[1:-1], strict=True)
    ]
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench">'
        f'<process id="reform" isExecutable="true"><startEvent id="start">{nodes[0]}</startEvent>{"".join(tasks)}'
        f'<endEvent id="end">{nodes[-1]}</endEvent>{"".join(flows)}</process></definitions>'
    ).encode()


def measure_spiff(villages: int, repeat: int) -> dict[str, Any]:
    """The same by SpiffWorkflow: BPMN instances in SQLite, written by its own serialiser."""
    from io import BytesIO

    from lxml import etree
    from SpiffWorkflow.bpmn import BpmnWorkflow
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
    from SpiffWorkflow.util.task import TaskState

    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(BytesIO(bpmn())), filename="reform.bpmn")
    spec = parser.get_spec("reform")
    serializer = BpmnWorkflowSerializer()
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE instance (id INTEGER PRIMARY KEY, state TEXT)")

    def do_next(workflow: Any) -> None:
        next(iter(workflow.get_tasks(state=TaskState.READY, manual=True))).run()

    workflow = BpmnWorkflow(spec)
    workflow.do_engine_steps()
    for _ in range(STEPS // 2):
        do_next(workflow)
    text = serializer.serialize_json(workflow)
    database.executemany("INSERT INTO instance VALUES (?, ?)", [(n, text) for n in range(villages)])

    def act(key: int) -> None:
        (state,) = database.execute("SELECT state FROM instance WHERE id = ?", [key]).fetchone()
        workflow = serializer.deserialize_json(state)
        do_next(workflow)
        database.execute("UPDATE instance SET state = ? WHERE id = ?", [serializer.serialize_json(workflow), key])
        database.commit()

    def board() -> list[list[str]]:
        rows = database.execute("SELECT state FROM instance ORDER BY id").fetchall()
        loaded = (serializer.deserialize_json(state) for (state,) in rows)
        return [[TaskState.get_name(task.state) for task in workflow.get_tasks()] for workflow in loaded]

    spent = []
    for key in range(5 * repeat):
        begun = time.perf_counter()
        act(key)
        spent.append(time.perf_counter() - begun)
    return {
        "instance, bytes": len(text),
        "one action, ms": 1000 * statistics.median(spent),
        "board, ms": 1000 * timed(board, max(1, repeat // 3)),
    }


def tell(title: str, found: dict[str, Any]) -> None:
    """A table on standard output."""
    print(title)
    for name, value in found.items():
        print(f"  {name:42} {value:12,.1f}" if isinstance(value, float) else f"  {name:42} {value:12,}")


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--villages", type=int, default=254)
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--no-peers", action="store_true")
    given = parser.parse_args()
    prepare()
    campaign, client, actor = build(given.villages)
    ours = measure(campaign, client, actor, given.repeat)
    tell(f"Heli, {given.villages} villages × {STEPS} steps", ours)
    if not given.no_peers:
        peer = measure_spiff(given.villages, given.repeat)
        tell("SpiffWorkflow", peer)
        print(f"  board: {peer['board, ms'] / ours['every cell with its colour, ms']:.1f} times Heli's")


if __name__ == "__main__":
    main()
