"""The command `mergeplan`: solve, verify, draw. Results on stdout or in files, everything else on stderr.

Exit codes: 0 done, 1 infeasible or a plan that does not stand, 2 input that cannot be used.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from mergeplan.asking import answer_question, check_question, read_question
from mergeplan.counts import aim_at, counts_asked
from mergeplan.districts import Districts
from mergeplan.diversity import regret
from mergeplan.io import dump_json, read_json, write_json
from mergeplan.plan_io import plan_from_json
from mergeplan.planner import Planner
from mergeplan.types import MILLION, FlawSeverity, Instance, InstanceError, Kind, MergeplanError, Plan, Status
from mergeplan.verification import verify as verify_plan

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Plan the merger of villages exactly, check plans, draw them.",
)
err = Console(stderr=True, highlight=False)
out = Console(highlight=False)
if not out.is_terminal:
    out.width = 200  # a file or a pipe has no edge to wrap at

Tolerance = Annotated[
    float,
    typer.Option("--tolerance", min=0, max=500, help="Metres that two outlines' drawings of one border may lie apart."),
]
InstanceFile = Annotated[Path, typer.Argument(help="JSON, GeoJSON, GeoPackage or CSV.", show_default=False)]


def main() -> None:
    """Entry point."""
    app()


@app.command()
def solve(  # noqa: PLR0917 - typer reads the options from the parameters
    instance_file: InstanceFile,
    at_most: Annotated[
        int | None, typer.Option("--at-most", min=0, help="At most this many villages afterwards.")
    ] = None,
    exactly: Annotated[int | None, typer.Option("--exactly", min=0, help="Exactly this many villages.")] = None,
    reduction: Annotated[str | None, typer.Option("--reduction", help="At least this share fewer, as 40.95%.")] = None,
    k: Annotated[
        int | None, typer.Option("-k", min=1, max=64, help="Most members of a unit (default: the file's).")
    ] = None,
    json_path: Annotated[Path | None, typer.Option("--json", help="Write the plan here; - for stdout.")] = None,
    geojson: Annotated[Path | None, typer.Option("--geojson", help="Write the new units as GeoJSON.")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Write the table of mergers as Excel.")] = None,
    curve: Annotated[bool, typer.Option("--curve", help="Prove every point of the curve, not only bounds.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Score parts and the price of forbidding each merger.")
    ] = False,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes (default: what pays off).")] = None,
    scheduler: Annotated[str | None, typer.Option("--scheduler", help="Address of a Dask scheduler.")] = None,
    tolerance: Tolerance = 1.0,
) -> None:
    """Find the cheapest plan, with proof. Without a count the file's K holds. A file that says its form is another question."""
    if (question := read_question(instance_file)) is not None:
        counts = {
            "--at-most": at_most,
            "--exactly": exactly,
            "--reduction": reduction,
            "-k": k,
        }
        if given := [name for name, value in counts.items() if value is not None]:
            _stop(f"{', '.join(given)}: this form says all limits in the file")
        answer_question(question, json_path, geojson, xlsx, explain=explain, curve=curve)
        return
    instance = _read(instance_file, tolerance)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=err, transient=True) as bar:
            task = bar.add_task("towns", total=None)
            planner = Planner(
                aim_at(instance, at_most=at_most, exactly=exactly, reduction=reduction),
                k=k,
                asked=counts_asked(instance, at_most=at_most, exactly=exactly, reduction=reduction),
                workers=workers,
                scheduler=scheduler,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
            bar.update(task, description="solving")
            plan = planner.solve(at_most=at_most, exactly=exactly, reduction=reduction, exact_curve=curve)
    except MergeplanError as error:
        _stop(str(error))
    _write_files(plan, planner.instance, json_path, geojson, xlsx)  # first: a reader of stdout may leave early
    if json_path is not None and str(json_path) == "-":
        typer.echo(dump_json(plan).decode(), nl=False)
    else:
        _show(plan, instance)
        if explain and plan.units:
            _show_details(plan, planner)
    if plan.status is Status.INFEASIBLE:
        raise typer.Exit(1)


@app.command()
def share(
    instance_files: Annotated[list[Path], typer.Argument(help="One file per district.", show_default=False)],
    at_most: Annotated[int | None, typer.Option("--at-most", min=1, help="At most this many villages in all.")] = None,
    exactly: Annotated[int | None, typer.Option("--exactly", min=1, help="Exactly this many villages in all.")] = None,
    json_path: Annotated[Path | None, typer.Option("--json", help="Write shares and curve here; - for stdout.")] = None,
    tolerance: Tolerance = 1.0,
) -> None:
    """Share one count among several districts, each with its own rules, so that all plans together are cheapest."""
    try:
        joint = Districts({path.stem: Planner(_read(path, tolerance)) for path in instance_files})
        if stuck := joint.infeasible():
            _stop(
                f"no plan at all for {', '.join(stuck)}: leave these districts out, or `mergeplan solve` each for its reasons"
            )
        shared = joint.share(at_most=at_most, exactly=exactly)
    except MergeplanError as error:
        _stop(str(error))
    if shared is None:
        low, high = joint.range() or (0, 0)
        out.print(f"infeasible: the districts can have about {low:,} to {high:,} villages in all", style="bold red")
        raise typer.Exit(1)
    if json_path is not None:
        shares = {s.district: {"before": s.before, "count": s.count, "cost": s.cost} for s in shared.districts}
        curve = [[point.count, point.lower, point.cost] for point in joint.curve()]
        raw = {"status": str(shared.status), "count": shared.count, "objective": shared.cost, "bound": shared.bound}
        text = json.dumps({**raw, "districts": shares, "curve": curve}, ensure_ascii=False)
        if str(json_path) == "-":
            typer.echo(text)
            return
        json_path.write_text(text + "\n", encoding="utf-8")
    proof = "proven optimal" if shared.status is Status.OPTIMAL else f"at most {shared.cost - shared.bound:,} above"
    out.print(f"{joint.villages:,} → {shared.count:,} villages, objective {shared.cost:,} ({proof})", markup=False)
    table = Table("district", "before", "after", "cost")
    for part in shared.districts:
        table.add_row(part.district, str(part.before), str(part.count), _units(part.cost))
    out.print(table)


@app.command()
def verify(
    instance_file: InstanceFile,
    plan_file: Annotated[Path, typer.Argument(help="A plan as JSON.", show_default=False)],
    at_most: Annotated[int | None, typer.Option("--at-most", min=0, help="Check against this count.")] = None,
    at_least: Annotated[int | None, typer.Option("--at-least", min=0, help="Check against this count.")] = None,
    tolerance: Tolerance = 1.0,
) -> None:
    """Recompute a plan from scratch and list everything that is wrong with it."""
    if (question := read_question(instance_file)) is not None:
        check_question(question, _read_plan(plan_file))
        return
    instance, raw = _read(instance_file, tolerance), _read_plan(plan_file)
    flaws = verify_plan(instance, raw, at_most=at_most, at_least=at_least)
    for flaw in flaws:
        style = "yellow" if flaw.severity is FlawSeverity.WARNING else "red"
        err.print(f"{flaw.severity}: {flaw}", style=style, markup=False, soft_wrap=True)
    if any(p.severity is FlawSeverity.ERROR for p in flaws):
        raise typer.Exit(1)
    if raw.get("status") == "infeasible":
        out.print("The plan says infeasible; that cannot be checked here. Solve again to prove it.")
    else:
        out.print(f"The plan stands: {len(raw['units'])} units, objective {raw['objective']:,}.", markup=False)


@app.command()
def draw(
    instance_file: InstanceFile,
    image: Annotated[Path, typer.Argument(help="Picture to write: .svg or .png.", show_default=False)],
    plan_file: Annotated[
        Path | None, typer.Option("--plan", help="Plan to draw; without it the file's K is solved.")
    ] = None,
    tolerance: Tolerance = 1.0,
) -> None:
    """Draw the villages and their new units."""
    instance = _read(instance_file, tolerance)
    try:
        from mergeplan.draw import draw as draw_plan

        plan = Planner(instance).solve() if plan_file is None else _plan_of(instance, _read_plan(plan_file))
        draw_plan(instance, plan, image)
    except (MergeplanError, ImportError, OSError, ValueError) as error:
        _stop(str(error))
    err.print(f"wrote {image}", markup=False)


def _read(path: Path, tolerance: float) -> Instance:
    try:
        if path.suffix.lower() == ".json":
            instance = read_json(path)
        else:
            from mergeplan.formats import read_instance

            instance = read_instance(path, tolerance_m=tolerance)
    except InstanceError as error:
        for flaw in error.flaws:
            err.print(f"error: {flaw}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    except (OSError, ImportError, MergeplanError) as error:
        _stop(f"{path}: {error}")
    for warning in instance.warnings:
        who = "" if warning.index is None else f" ({instance.label(warning.index)})"
        err.print(f"warning{who}: {warning}", style="yellow", markup=False, soft_wrap=True)
    return instance


def _read_plan(path: Path) -> dict[str, Any]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        _stop(f"{path}: {error}")
    if not isinstance(raw, dict):
        _stop(f"{path}: holds no plan; write one with `mergeplan solve … --json {path}`")
    return raw


def _plan_of(instance: Instance, raw: dict[str, Any]) -> Plan:
    """The plan object behind a plan file that stands; refuses one that does not."""
    flaws = [p for p in verify_plan(instance, raw) if p.severity is FlawSeverity.ERROR]
    if flaws:
        _stop(f"the plan does not fit the instance: {flaws[0]}")
    try:
        return plan_from_json(raw, instance)
    except ValueError as error:
        _stop(str(error))


def _write_files(
    plan: Plan, instance: Instance, json_path: Path | None, geojson: Path | None, xlsx: Path | None
) -> None:
    try:
        if json_path is not None and str(json_path) != "-":
            write_json(plan, json_path)
        if geojson is not None or xlsx is not None:
            from mergeplan.formats import write_geojson, write_xlsx

            if geojson is not None:
                write_geojson(instance, plan, geojson)
            if xlsx is not None:
                write_xlsx(instance, plan, xlsx)
    except (OSError, ImportError, MergeplanError, ValueError) as error:
        _stop(str(error))


def _show(plan: Plan, instance: Instance) -> None:
    if plan.objective is not None and plan.bound is not None:
        proof = "proven optimal" if plan.status is Status.OPTIMAL else f"at most {plan.gap:,} above the optimum"
        out.print(f"{instance.villages} → {plan.count} villages, objective {plan.objective:,} ({proof})", markup=False)
    else:
        out.print("infeasible: no plan keeps all rules", style="bold red")
    for reason in plan.explanation:
        out.print(f"  {reason.message}", markup=False, soft_wrap=True)
    if plan.towns:
        table = Table("town", "before", "after", "possible")
        for town in plan.towns:
            table.add_row(str(town.town), str(town.before), str(town.count), f"{town.fewest}–{town.most}")
        out.print(table)


def _show_details(plan: Plan, planner: Planner) -> None:
    prices = {r.members: r.regret for r in regret(planner, at_least=plan.at_least, at_most=plan.at_most)}
    table = Table("town", "members", "kind", "people", "farthest m", "score", *_PARTS, "without it")
    for unit in plan.units:
        if unit.kind is Kind.HOST:
            continue
        parts = [""] * len(_PARTS) if unit.parts is None else [_units(getattr(unit.parts, p)) for p in _PARTS]
        price = prices.get(unit.members, 0)
        without = "" if unit.kind is not Kind.MERGED else "impossible" if price is None else f"+{_units(price)}"
        members = " ".join(f"[{v}]" if v == unit.centre else str(v) for v in unit.members)
        row = (str(unit.town), members, str(unit.kind), str(unit.population), str(unit.farthest_m), _units(unit.score))
        table.add_row(*(cell.replace("[", "\\[") for cell in row), *parts, without)
    out.print(table)


_PARTS = ("balance", "travel", "disrupt", "compact", "affinity")


def _units(millionths: int) -> str:
    return f"{millionths / MILLION:.3f}"


def _stop(message: str) -> NoReturn:
    err.print(f"error: {message}", style="red", markup=False, soft_wrap=True)
    raise typer.Exit(2)
