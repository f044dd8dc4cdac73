"""A rehearsal of polling day: who arrives when, queues in order at each stage, and has left when.

Every replication has random numbers of its own, drawn voter by voter and stage by stage, so that a setting of more booths is
asked about the same crowd. Minutes throughout; the same file gives the same bytes.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from heli.kernel.faults import Finding, Unsound
from heli.kernel.forms import check_shape, read_form
from heli.kernel.packs import Key, Shape

REHEARSE_FORM = "heli.rehearse/1"
LIMIT = 50_000_000
"""The most services (replications x voters x stages) of one file."""

ARRIVAL_KEYS = (
    Key("kind", Shape.TEXT, "triangular or slots", choices=("triangular", "slots")),
    Key("peak_min", Shape.WHOLE, "the minute of most arrivals", False, least=0),
    Key("weights", Shape.WHOLES, "a list of whole numbers, one for each slot", False, least=1),
)
STAGE_KEYS = (
    Key("name", Shape.TEXT, "a text that no other stage has"),
    Key("servers", Shape.WHOLE, "how many serve alike", least=1),
    Key("mean_min", Shape.NUMBER, "minutes"),
    Key("shape", Shape.NUMBER, "the shape of the gamma distribution"),
)
ASSISTED_KEYS = (
    Key("share_bp", Shape.WHOLE, "hundredths of a percent", least=0),
    Key("stage", Shape.TEXT, "the name of a stage"),
    Key("factor_pct", Shape.WHOLE, "percent of the ordinary time", least=1),
)
REHEARSAL_KEYS = (
    Key("name", Shape.TEXT, "a text", False),
    Key("replications", Shape.WHOLE, "a whole number", least=1),
    Key("seed", Shape.WHOLE, "a whole number", least=0),
    Key("voters", Shape.WHOLE, "a whole number", least=1),
    Key("window_min", Shape.NUMBER, "minutes"),
    Key("arrivals", Shape.TABLE, "a table", keys=ARRIVAL_KEYS),
    Key("stages", Shape.TABLES, "a list of stages", keys=STAGE_KEYS),
    Key("assisted", Shape.TABLE, "a table", False, ASSISTED_KEYS),
)

Minutes = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PollingStage:
    """A place to queue at: servers alike, each voter served in gamma(shape, mean/shape) minutes."""

    name: str
    servers: int
    mean_min: float
    shape: float


@dataclass(frozen=True, slots=True)
class PollingSetup:
    """What is rehearsed. Arrivals are triangular with `peak_min`, or in equal slots with `weights`."""

    replications: int
    seed: int
    voters: int
    window_min: float
    peak_min: float
    weights: tuple[int, ...]
    stages: tuple[PollingStage, ...]
    assisted_bp: int = 0
    assisted_stage: str = ""
    factor_pct: int = 100


def read_setup(text: str) -> PollingSetup:
    """A file of the form heli.rehearse/1. Raises `Unsound` with everything that is wrong."""
    data = read_form(text, REHEARSE_FORM, [key.name for key in REHEARSAL_KEYS])
    del data["form"]
    if found := list(check_shape(data, REHEARSAL_KEYS, "")) or list(_check(data)):
        raise Unsound(*found)
    arrivals, assisted = data["arrivals"], data.get("assisted", {})
    is_triangular = arrivals["kind"] == "triangular"
    return PollingSetup(
        data["replications"],
        data["seed"],
        data["voters"],
        data["window_min"],
        arrivals["peak_min"] if is_triangular else 0,
        () if is_triangular else tuple(arrivals["weights"]),
        tuple(PollingStage(one["name"], one["servers"], one["mean_min"], one["shape"]) for one in data["stages"]),
        assisted.get("share_bp", 0),
        assisted.get("stage", ""),
        assisted.get("factor_pct", 100),
    )


def as_form(setup: PollingSetup) -> dict[str, Any]:
    """The setup as a file of the form; read again it is the same."""
    slots = {"kind": "slots", "weights": list(setup.weights)}
    form = {
        "form": REHEARSE_FORM,
        "replications": setup.replications,
        "seed": setup.seed,
        "voters": setup.voters,
        "window_min": setup.window_min,
        "arrivals": slots if setup.weights else {"kind": "triangular", "peak_min": setup.peak_min},
        "stages": [asdict(stage) for stage in setup.stages],
    }
    if setup.assisted_stage:
        assisted = {"share_bp": setup.assisted_bp, "stage": setup.assisted_stage, "factor_pct": setup.factor_pct}
        form["assisted"] = assisted
    return form


def _check(data: Mapping[str, Any]) -> Iterator[Finding]:
    arrivals, names = data["arrivals"], [one["name"] for one in data["stages"]]
    if not names or len(set(names)) < len(names):
        yield Finding("stages", field="stages")
    numbers = {"window_min": data["window_min"]}
    for one in data["stages"]:
        numbers |= {f"stages.{one['name']}.mean_min": one["mean_min"], f"stages.{one['name']}.shape": one["shape"]}
    for field, number in numbers.items():
        if not number > 0:
            yield Finding("not_above_zero", {"key": field}, field)
    if arrivals["kind"] == "triangular" and not 0 <= arrivals.get("peak_min", -1) <= data["window_min"]:
        yield Finding("peak", field="arrivals.peak_min")
    weights = arrivals.get("weights", [])
    if arrivals["kind"] == "slots" and (not weights or min(weights) < 0 or not sum(weights)):
        yield Finding("weights", field="arrivals.weights")
    assisted = data.get("assisted")
    if assisted and (assisted["stage"] not in names or assisted["share_bp"] > 10_000):
        yield Finding("assisted", field="assisted")
    if data["replications"] * data["voters"] * max(1, len(names)) > LIMIT:
        yield Finding("too_much", {"limit": LIMIT}, "replications")


def draw(setup: PollingSetup, replication: int) -> tuple[Minutes, list[Minutes]]:
    """Arrivals, sorted, and the minutes each voter needs at each stage, in the order of arrival."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(setup.seed, spawn_key=(replication,))))
    window = float(setup.window_min)
    if setup.weights:
        weights = np.array(setup.weights, dtype=np.float64)
        slots = rng.choice(len(weights), setup.voters, p=weights / weights.sum())
        arrivals = (slots + rng.random(setup.voters)) * (window / len(weights))
    else:
        arrivals = rng.triangular(0, float(setup.peak_min), window, setup.voters)
    needs = [rng.gamma(stage.shape, stage.mean_min / stage.shape, setup.voters) for stage in setup.stages]
    is_assisted = rng.random(setup.voters) < setup.assisted_bp / 10_000
    for stage, need in zip(setup.stages, needs, strict=True):
        if stage.name == setup.assisted_stage:
            need[is_assisted] *= setup.factor_pct / 100
    return np.sort(arrivals), needs


def serve(at: Minutes, need: Minutes, servers: int) -> tuple[Minutes, Minutes, int]:
    """First come, first served at one stage: minutes waited and minute of leaving per voter, the longest queue."""
    order = np.argsort(at, kind="stable")
    came = at[order]
    free = [0.0] * min(servers, len(came))
    begins = []
    for arrival, minutes in zip(came.tolist(), need[order].tolist(), strict=True):
        begin = max(arrival, free[0])
        begins.append(begin)
        heapq.heapreplace(free, begin + minutes)
    began = np.empty_like(at)
    began[order] = begins
    # Whoever has come and has not begun stands in the queue; it is longest just after somebody came.
    queue = np.arange(1, len(came) + 1) - np.searchsorted(np.array(begins), came, side="right")
    return began - at, began + need, int(queue.max(initial=0))


def walk(
    arrivals: Minutes, needs: Sequence[Minutes], servers: Sequence[int]
) -> tuple[Minutes, Minutes, tuple[int, ...]]:
    """Through all stages in order: minutes waited and minute of leaving per voter, longest queue per stage."""
    at, waited, longest = arrivals, np.zeros(len(arrivals)), []
    for need, number in zip(needs, servers, strict=True):
        wait, at, queue = serve(at, need, number)
        waited += wait
        longest.append(queue)
    return waited, at, tuple(longest)


def rehearse(setup: PollingSetup) -> dict[str, dict[str, float]]:
    """The results of the form: over all replications the mean, half a 95 % interval of it, and what nine in ten stay below."""
    names = ["wait_mean", "wait_p95", "wait_max", "last_out", *(f"queue_max.{one.name}" for one in setup.stages)]
    servers = [stage.servers for stage in setup.stages]
    rows = []
    for replication in range(setup.replications):
        waited, left, longest = walk(*draw(setup, replication), servers)
        waited.sort()
        p95 = waited[setup.voters * 95 // 100]
        rows.append([float(waited.mean()), float(p95), float(waited[-1]), float(left.max()), *longest])
    table = np.sort(np.array(rows, dtype=np.float64), axis=0)
    half = 1.96 * table.std(axis=0, ddof=min(1, len(rows) - 1)) / np.sqrt(len(rows))
    p90 = table[len(rows) * 9 // 10]
    return {
        name: {"mean": round(mean, 3), "half95": round(width, 3), "p90": round(high, 2)}
        for name, mean, width, high in zip(names, table.mean(axis=0).tolist(), half.tolist(), p90.tolist(), strict=True)
    }
