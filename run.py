#!/usr/bin/env python3
"""The one door: set up what is missing, then do the job. Standard library only; needs Python 3.11+ and git.

python3 run.py demo     the sample district, in the browser
python3 run.py test     set up and run the tests (SQLite; browser and PostgreSQL parts where present)
python3 run.py test --quick     without browser, migrations and what is slow: three minutes, for while one works
python3 run.py test --on 2028-02-29     the same as if it were that day
python3 run.py help     everything else
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
SCRIPTS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")


SPOKEN = ("en", "zh_CN", "zh_Hans")
USUAL = ("-q", "-n", "auto", "--dist", "worksteal", "-ra")
"""How pytest is asked when nothing else is said."""
QUICK = ("--nomigrations", "-m", "not browser and not migrations and not slow")
INTO = {"UV_PYTHON": str(PYTHON), "PIP_PYTHON": str(PYTHON)}
"""Which environment uv and pip install into."""


def run(*command: str | Path, **environment: str) -> None:
    """Run a command from the project's root; stop with its exit code when it fails."""
    finished = subprocess.run([str(part) for part in command], cwd=ROOT, env={**os.environ, **environment}, check=False)
    if finished.returncode:
        sys.exit(finished.returncode)


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


def install(lock: str) -> None:
    """Make the virtual environment agree with the lock file; nothing to do when it already does.

    The environment holds what Heli needs to serve and nothing to install with: installers live elsewhere while they work.
    """
    stamp = ENVIRONMENT / "installed"
    # What was installed for tests is enough for serving.
    wanted = {name: _digest(name) for name in {lock, "dev.txt"}}
    if PYTHON.exists() and stamp.exists() and stamp.read_text() in wanted.values():
        return
    if not PYTHON.exists():
        say("creating .venv")
        venv.create(ENVIRONMENT, with_pip=False, clear=ENVIRONMENT.exists())
    say(f"installing requirements/{lock} (once)")
    stamp.unlink(missing_ok=True)
    with installer() as (agree, add):
        run(*agree, ROOT / "requirements" / lock, "-q", "--require-hashes", **INTO)
        run(*add, "-q", "--no-deps", "-e", ".", **INTO)
    if lock == "base.txt":
        slim()
    stamp.write_text(wanted[lock])


def slim() -> None:
    """Take from the environment that serves what no server reads: libraries' tests, words in other languages, a face too many."""
    libraries = Path(sysconfig.get_path("purelib", vars={"base": str(ENVIRONMENT), "platbase": str(ENVIRONMENT)}))
    foreign = [one for one in libraries.glob("**/locale/*/LC_MESSAGES") if one.parent.name not in SPOKEN]
    for folder in [*libraries.glob("*/**/tests"), *foreign]:
        shutil.rmtree(folder, ignore_errors=True)
    # Beside the serif face that papers are set in; the sans face they are set in has more characters.
    (libraries / "pylopdf_fonts_zh_cn" / "NotoSansSC-Regular.otf").unlink(missing_ok=True)


def _digest(lock: str) -> str:
    parts = (ROOT / "requirements" / lock).read_bytes(), (ROOT / "pyproject.toml").read_bytes(), sys.version.encode()
    return hashlib.sha256(b"".join(parts)).hexdigest()


@contextmanager
def installer() -> Iterator[tuple[list[str | Path], list[str | Path]]]:
    """Two commands: make the virtual environment agree with a lock file, and add to it.

    uv, in a folder that is gone afterwards; where it is not to be had pip, which is slower and leaves what is no longer needed.
    """
    with TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / PYTHON.relative_to(ENVIRONMENT)
        pip: list[str | Path] = [python, "-m", "pip", "--disable-pip-version-check", "install"]
        uv: list[str | Path] = [python, "-m", "uv", "pip"]
        if subprocess.run([*pip, "-q", "uv"], cwd=folder, check=False).returncode == 0:
            yield [*uv, "sync"], [*uv, "install"]
        else:
            say("uv is not to be had here; using pip, which is slower")
            yield [*pip, "-r"], pip


def set_up(lock: str = "base.txt") -> None:
    """Libraries, front-end files and compiled translations; quick when nothing changed."""
    install(lock)
    run(PYTHON, "-m", "heli.ui.vendor")
    run(SCRIPTS / "heli", "compile_messages")


def demo(*arguments: str) -> None:
    """Build the sample district Qianfeng on SQLite (once) and serve it."""
    set_up()
    run(
        SCRIPTS / "heli",
        "demo",
        *arguments,
        HELI_DEMO="1",
        HELI_VAR=os.environ.get("HELI_VAR", str(ROOT / "var" / "demo")),
    )


def test(*arguments: str) -> None:
    """Run the tests, `--quick` those of three minutes, `--on DAY` as if it were that day; other arguments go to pytest."""
    rest, clock = [argument for argument in arguments if argument != "--quick"], {}
    if "--on" in rest:
        at = rest.index("--on")
        clock = clock_of("".join(rest[at + 1 : at + 2]))
        del rest[at : at + 2]
    set_up("dev.txt")
    run(PYTHON, "-m", "pytest", *(rest or USUAL), *(QUICK if "--quick" in arguments else ()), **clock)


def clock_of(day: str) -> dict[str, str]:
    """The environment in which all Python processes live on a day, from ten in the morning in China on: see tools/clock."""
    try:
        begins = datetime.combine(date.fromisoformat(day), time(10), timezone(timedelta(hours=8)))
    except ValueError:
        sys.exit(f"`--on` takes a day like 2028-02-29, not {day!r}")
    path = os.pathsep.join(filter(None, [str(ROOT / "tools" / "clock"), os.environ.get("PYTHONPATH")]))
    return {"HELI_CLOCK_OFFSET_S": str((begins - datetime.now(UTC)).total_seconds()), "PYTHONPATH": path}


def lint() -> None:
    """Style of code and templates, types and import contracts."""
    set_up("dev.txt")
    run(SCRIPTS / "ruff", "check", ".")
    run(SCRIPTS / "ruff", "format", "--check", ".")
    run(SCRIPTS / "djhtml", "--check", "--tabwidth", "2", "src")
    run(SCRIPTS / "mypy", "src", "run.py")
    run(SCRIPTS / "lint-imports")


def check() -> None:
    """Everything that must hold before a change lands: lint, migrations, data files, tests."""
    lint()
    run(SCRIPTS / "heli", "makemigrations", "--check", "--dry-run")
    test()


def bench(*arguments: str) -> None:
    """Measure the figures of `benchmarks/` against their named peers."""
    set_up("dev.txt")
    with installer() as (_agree, add):
        run(*add, "-q", "--group", "bench", **INTO)
    for script in sorted((ROOT / "benchmarks").glob("*.py")):
        if not arguments or script.stem in arguments:
            run(PYTHON, script)


def docs() -> None:
    """Write the generated reference pages under docs/reference."""
    set_up("dev.txt")
    run(PYTHON, ROOT / "tools" / "reference.py")


def shots(*arguments: str) -> None:
    """Take screenshots of every page at 1440 and 390 px in both languages, into var/shots."""
    set_up("dev.txt")
    run(PYTHON, ROOT / "tools" / "shots.py", *arguments)


def mutants(*arguments: str) -> None:
    """Plant faults in rules, services and the planner, and count those the tests notice (half an hour; not part of the checks)."""
    set_up("dev.txt")
    run(PYTHON, ROOT / "tools" / "mutants.py", *arguments)


def audit() -> None:
    """Write the bill of materials (var/sbom.cdx.json) and ask for known holes; says so when nobody can be asked."""
    run(sys.executable, ROOT / "tools" / "audit.py")


def usage() -> None:
    """List the jobs."""
    for name, job in JOBS.items():
        print(f"  {name:7} {(job.__doc__ or '').strip()}")


JOBS = {
    "demo": demo,
    "test": test,
    "lint": lint,
    "check": check,
    "bench": bench,
    "docs": docs,
    "shots": shots,
    "mutants": mutants,
    "audit": audit,
    "help": usage,
}

if __name__ == "__main__":
    if sys.version_info < (3, 11):
        sys.exit(f"Heli needs Python 3.11 or newer; this is {sysconfig.get_python_version()}.")
    if not shutil.which("git"):
        say("git was not found; the program runs without it, contributing does not")
    name, *rest = sys.argv[1:] or ["help"]
    if name not in JOBS:
        usage()
        sys.exit(f"no job called {name!r}")
    JOBS[name](*rest)
