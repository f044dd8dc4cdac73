"""Would the tests notice? Plants faults in rules, services and the planner, one at a time, and runs the tests that pass there.

`python3 run.py mutants [--sample 300] [--seed 7] [--only PART]` runs every test once and notes which functions each calls. Then,
for each fault of a seeded sample, a fork of that very process swaps the code of one function and runs the tests that call it,
the most particular first, until one fails. The database in memory goes along with the fork, so that a fault costs no more than
its tests. Faults: a comparison moved by one or turned, `and` for `or`, plus for minus, a number one higher, yes for no, a `not`
left out, a call whose value nobody takes (a permission, a second person) left out. Survivors are listed with their line.
"""

import ast
import copy
import inspect
import os
import random
import signal
import sys
import types
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src"
WHERE = (
    "heli/*/rules.py", "heli/*/rules/**/*.py", "heli/*/services.py", "heli/*/services/**/*.py", "heli/accounts/queries.py",
    "heli/places/carrying.py", "heli/places/queries/restating.py", "mergeplan/knapsack.py", "mergeplan/partition.py",
)  # fmt: skip
MOST_TESTS = 60
"""Tests run against one fault, the most particular first: whoever calls fewest of these functions."""
MOST_SECONDS = 120
"""A fault that keeps the processor busy for longer is noticed."""
COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COUNTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult}


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault: the function by file and name, which of its faults, its line and words."""

    path: str
    name: str
    number: int
    line: int
    words: str


def files() -> list[Path]:
    """The files in which faults are planted."""
    found = {path for pattern in WHERE for path in SRC.glob(pattern)}
    return sorted(path for path in found if "tests" not in path.parts and "migrations" not in path.parts)


def functions(tree: ast.AST, above: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions and methods by their dotted name; what stands within a function belongs to it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield above + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, f"{above}{node.name}.")


def faults_of(function: ast.FunctionDef) -> Iterator[tuple[int, str, ast.FunctionDef]]:
    """Every fault of a function as (line, words, the function with it)."""
    count = len(list(ast.walk(function)))
    for place in range(count):
        for variant in range(2):
            changed = copy.deepcopy(function)
            node = next(one for number, one in enumerate(ast.walk(changed)) if number == place)
            before = ast.unparse(node) if isinstance(node, ast.expr | ast.stmt) else ""
            if not _spoil(node, changed, variant):
                break
            yield getattr(node, "lineno", function.lineno), f"{before[:60]} → {ast.unparse(node)[:60]}", changed


def _spoil(node: ast.AST, function: ast.FunctionDef, variant: int) -> bool:  # noqa: PLR0911 - one way out per kind of node
    """Plant the fault of this variant in the node; whether there is one."""
    if isinstance(node, ast.Compare) and variant < len(node.ops) and type(node.ops[variant]) in COMPARED:
        node.ops[variant] = COMPARED[type(node.ops[variant])]()
        return True
    if variant:
        return False
    if isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return True
    if isinstance(node, ast.BinOp) and type(node.op) in COUNTED and not _is_text(node):
        node.op = COUNTED[type(node.op)]()
        return True
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)
        return True
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        node.value = not node.value
        return True
    if isinstance(node, ast.Constant) and type(node.value) is int:
        node.value += 1
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        node.value = ast.Constant(value=None)
        return True
    return False


def _is_text(node: ast.BinOp) -> bool:
    return any(isinstance(one, ast.JoinedStr) or (isinstance(one, ast.Constant) and isinstance(one.value, str))
               for one in ast.walk(node))  # fmt: skip


def every_fault(path: Path) -> list[Planted]:
    """The faults of a file in order."""
    shown = str(path.relative_to(SRC))
    return [
        Planted(shown, name, number, line, words)
        for name, function in functions(ast.parse(path.read_text()))
        for number, (line, words, _changed) in enumerate(faults_of(function))
    ]


def plant(fault: Planted) -> bool:
    """Swap the code of the fault's function in this process; whether it could be."""
    path = SRC / fault.path
    tree = ast.parse(path.read_text())
    function = dict(functions(tree))[fault.name]
    *_rest, changed = list(faults_of(function))[fault.number]
    holder: Any = sys.modules.get(fault.path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    for part in fault.name.split("."):
        holder = inspect.getattr_static(holder, part, None)
        holder = (
            getattr(holder, "fget", None)
            or getattr(holder, "func", None)
            or getattr(holder, "__func__", None)
            or holder
        )
    real = inspect.unwrap(holder) if callable(holder) else None
    changed.decorator_list = []
    for node in ast.walk(tree):  # in place, so that lines and free names stay
        for _name, value in ast.iter_fields(node):
            if isinstance(value, list) and function in value:
                value[value.index(function)] = changed
    code = _code_of(compile(ast.fix_missing_locations(tree), str(path), "exec"), fault.name.split("."))
    if not isinstance(real, types.FunctionType) or code is None or code.co_freevars != real.__code__.co_freevars:
        return False
    real.__code__ = code
    return True


def _code_of(code: types.CodeType, names: Sequence[str]) -> types.CodeType | None:
    for name in names:
        inner = [one for one in code.co_consts if isinstance(one, types.CodeType) and one.co_name == name]
        if not inner:
            return None
        code = inner[-1]
    return code


class Mutants:
    """The plugin: notes who calls what, then plants and runs."""

    def __init__(self, sample: int, seed: int, only: str, workers: int) -> None:
        self.sample, self.seed, self.workers = sample, seed, workers
        self.paths = {str(path): str(path.relative_to(SRC)) for path in files() if only in str(path)}
        self.callers: dict[tuple[str, str], set[int]] = defaultdict(set)
        self.called: dict[int, int] = defaultdict(int)
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember that something failed."""
        self.failed = self.failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """All tests once with the profile, then the faults."""
        items = session.items
        for number, item in enumerate(items):
            called: set[tuple[str, str]] = set()
            sys.setprofile(self._profile(called))
            # The fixtures of the session stay up for what follows.
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=items[(number + 1) % len(items)])
            sys.setprofile(None)
            self.called[number] = len(called)
            for one in called:
                self.callers[one].add(number)
        if self.failed:
            pytest.exit("the tests fail without any fault", returncode=1)
        faults = [
            one for path in self.paths for one in every_fault(Path(path)) if self.callers.get((one.path, one.name))
        ]
        random.Random(self.seed).shuffle(faults)
        self._run(items, faults[: self.sample], len(faults))
        return True

    def _profile(self, called: set[tuple[str, str]]) -> Any:
        paths = self.paths

        def note(frame: types.FrameType, event: str, _arg: Any) -> None:
            if event == "call" and (path := paths.get(frame.f_code.co_filename)) is not None:
                called.add((path, frame.f_code.co_qualname.partition(".<locals>")[0]))

        return note

    def _run(self, items: Sequence[pytest.Item], faults: Sequence[Planted], known: int) -> None:
        """Share the faults among workers; each fault is a fork of its own."""
        said = ROOT / "var" / "mutants"
        said.mkdir(parents=True, exist_ok=True)
        workers = []
        for worker in range(self.workers):
            if (pid := os.fork()) == 0:
                with (said / f"{worker}.txt").open("w") as stream:
                    for fault in faults[worker :: self.workers]:
                        outcome = self._outcome(items, fault)
                        print(
                            outcome,
                            f"{fault.path}:{fault.line}",
                            fault.name,
                            fault.words,
                            sep="\t",
                            file=stream,
                            flush=True,
                        )
                os._exit(0)
            workers.append(pid)
        for pid in workers:
            os.waitpid(pid, 0)
        lines = [line for worker in range(self.workers) for line in (said / f"{worker}.txt").read_text().splitlines()]
        told = [line.split("\t")[0] for line in lines]
        planted = len(told) - told.count("not planted")
        print("\n".join(sorted(line for line in lines if line.startswith("survived"))))
        print(f"{told.count('killed')} of {planted} faults were noticed ({100 * told.count('killed') / max(planted, 1):.1f} %); "
              f"{told.count('not planted')} could not be planted; {known} are known, seed {self.seed}")  # fmt: skip

    def _outcome(self, items: Sequence[pytest.Item], fault: Planted) -> str:
        numbers = sorted(self.callers[fault.path, fault.name], key=lambda one: (self.called[one], one))[:MOST_TESTS]
        pid = os.fork()
        if pid == 0:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)  # ends this process: noticed, however busy the machine
            if not plant(fault):
                os._exit(3)
            for number in numbers:
                item = items[number]
                self.failed = False
                try:
                    item.config.hook.pytest_runtest_protocol(item=item, nextitem=item)
                except BaseException:
                    self.failed = True
                if self.failed:
                    os._exit(1)
            os._exit(0)
        status = os.waitpid(pid, 0)[1]
        return {0: "survived", 3: "not planted"}.get(os.waitstatus_to_exitcode(status), "killed")


def main(arguments: Sequence[str]) -> int:
    """Run the tests of `src` (or of the folders named) against a sample of faults."""
    import argparse

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", default="", help="only files whose path holds this")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("tests", nargs="*", default=["src"])
    given = parser.parse_args(arguments)
    plugin = Mutants(given.sample, given.seed, given.only, given.workers)
    return int(
        pytest.main(
            ["-q", "-p", "no:xdist", "-p", "no:timeout", "-m", "not browser", "-x", *given.tests], plugins=[plugin]
        )
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    sys.exit(main(sys.argv[1:]))
