"""What `mergeplan solve` and `mergeplan verify` do with a file that says its form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from mergeplan.questions import check_answer, solve_question
from mergeplan.questions.answers import Solved
from mergeplan.types import InstanceError, MergeplanError, Status

MOST_LINES = 60
"""Lines of an answer that a screen shows; files hold all."""

err = Console(stderr=True, highlight=False)
out = Console(highlight=False)
if not out.is_terminal:
    out.width = 200  # a file or a pipe has no edge to wrap at


def read_question(path: Path) -> Mapping[str, Any] | None:
    """The file's object when it says a form; None when it is an instance of the merger planner or no readable JSON."""
    if path.suffix.lower() != ".json":
        return None
    try:
        raw = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    return raw if isinstance(raw, dict) and "form" in raw else None


def answer_question(
    raw: Mapping[str, Any],
    json_path: Path | None,
    geojson: Path | None,
    xlsx: Path | None,
    *,
    explain: bool,
    curve: bool,
) -> None:
    """Solve, write the files asked for, say the rest. Exit codes as the command's."""
    with _told():
        solved = solve_question(raw, explain=explain, curve=curve)
        if json_path is not None and str(json_path) != "-":
            json_path.write_bytes(solved.dump())
        if geojson is not None or xlsx is not None:
            from mergeplan.formats import write_answer_geojson, write_answer_xlsx

            if geojson is not None:
                write_answer_geojson(solved, geojson)
            if xlsx is not None:
                write_answer_xlsx(solved, xlsx)
    if json_path is not None and str(json_path) == "-":
        typer.echo(solved.dump().decode(), nl=False)
    else:
        _show(solved)
    if solved.status is Status.INFEASIBLE:
        raise typer.Exit(1)


def check_question(raw: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """List everything wrong with an answer; exit code 1 when there is something."""
    with _told():
        flaws = check_answer(raw, answer)
    for flaw in flaws:
        err.print(f"error: {flaw}", style="red", markup=False, soft_wrap=True)
    if flaws:
        raise typer.Exit(1)
    if answer.get("status") == "infeasible":
        out.print("The answer says infeasible; that cannot be checked here. Solve again to prove it.")
    else:
        out.print(f"The answer stands: objective {answer['objective']:,}.", markup=False)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except InstanceError as error:
        for flaw in error.flaws:
            err.print(f"error: {flaw}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    except (MergeplanError, OSError, ImportError, ValueError) as error:
        err.print(f"error: {error}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None


def _show(solved: Solved) -> None:
    if solved.objective is None or solved.bound is None:
        out.print("infeasible: no answer keeps all rules", style="bold red")
    else:
        gap = solved.objective - solved.bound
        told = "proven optimal" if solved.status is Status.OPTIMAL else f"at most {gap:,} above the optimum"
        out.print(f"objective {solved.objective:,} ({told})", markup=False)
    for said in solved.explanation:
        out.print(f"  {said}", markup=False, soft_wrap=True)
    heads = [head for head in dict.fromkeys(key for line in solved.lines for key in line) if head not in ("x", "y")]
    if heads:
        table = Table(*heads)
        for line in solved.lines[:MOST_LINES]:
            table.add_row(*("" if line.get(head) is None else str(line[head]).replace("[", "\\[") for head in heads))
        out.print(table)
    if len(solved.lines) > MOST_LINES:
        out.print(f"… and {len(solved.lines) - MOST_LINES:,} more lines, in the files of --json and --xlsx")
