"""The process group of an installation: gunicorn and one worker (jobs and clock), started and stopped together."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from heli.kernel.offers import contexts

STATIC = re.compile(r"""{%\s*static\s+["']([^"']+)["']""")
STOP_WITHIN_S = 25
"""How long a process may finish what it does after it was asked to stop."""


def web_command(host: str, port: int, workers: int = 2, threads: int = 4) -> list[str]:
    """Gunicorn: two processes of four threads; each process is renewed now and then."""
    return [
        sys.executable, "-m", "gunicorn", "heli.config.wsgi:application",
        "--bind", f"{host}:{port}", "--workers", str(workers), "--threads", str(threads),
        # Longer than people pause between two pages, so that a kept connection is not closed under the next question.
        "--keep-alive", "20",
        "--timeout", "120", "--graceful-timeout", "20", "--max-requests", "20000", "--max-requests-jitter", "2000",
        "--log-level", "warning", "--name", "heli-web",
    ]  # fmt: skip


def worker_command() -> list[str]:
    """The worker: jobs from the database, and the clock of scheduled ones."""
    return [sys.executable, "-m", "django", "qcluster"]


def run_together(
    commands: Sequence[Sequence[str]], *, environment: dict[str, str], on_started: Callable[[], None] = lambda: None
) -> int:
    """Run the processes until one ends or a signal asks to stop; then stop all of them.

    Returns 0 when asked to stop, else the exit code (at least 1) of the process that ended by itself.
    """
    asked: list[int] = []

    def ask(signum: int, frame: FrameType | None) -> None:
        asked.append(signum)

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    # Own sessions: a Ctrl-C in the terminal reaches this process only, which then stops the others in order.
    started = [subprocess.Popen(command, env=environment, start_new_session=True) for command in commands]
    try:
        on_started()
        while not asked and all(process.poll() is None for process in started):
            time.sleep(0.2)
        ended = next((process.returncode for process in started if process.returncode is not None), 0)
        return 0 if asked else max(1, abs(ended))
    finally:
        for process in reversed(started):
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_WITHIN_S
        for process in started:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        for number, handler in before.items():
            signal.signal(number, handler)


def environment() -> dict[str, str]:
    """The environment of the processes: the settings, and where gunicorn keeps its heartbeat files (memory if it can)."""
    shared = Path("/dev/shm")
    extra = {"GUNICORN_CMD_ARGS": f"--worker-tmp-dir {shared}"} if shared.is_dir() else {}
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "heli.config.settings", "PYTHONUNBUFFERED": "1", **extra}


def collect_static() -> None:
    """Gather and compress the files of the pages when the program's own differ from those gathered last."""
    sources = sorted(
        (name, storage.size(name), storage.get_modified_time(name).timestamp())
        for finder in finders.get_finders()
        for name, storage in finder.list([])
    )
    wanted = hashlib.sha256(json.dumps(sources).encode()).hexdigest()
    stamp = Path(settings.STATIC_ROOT) / "gathered"
    if not stamp.exists() or stamp.read_text() != wanted or lost_static():
        call_command("collectstatic", interactive=False, clear=stamp.exists(), verbosity=0)
        stamp.write_text(wanted)


def missing_static() -> list[str]:
    """Files that pages name and the program does not have: those of libraries, when they were never fetched."""
    return sorted(name for name in named_static() if finders.find(name) is None)


def named_static() -> set[str]:
    """Every file that a template of Heli asks for."""
    folders = [Path(config.path) / "templates" for config in contexts()]
    templates = [template for folder in folders for template in folder.rglob("*.html")]
    return {name for template in templates for name in STATIC.findall(template.read_text(encoding="utf-8"))}


def lost_static() -> list[str]:
    """Gathered files that are no longer there."""
    root = Path(settings.STATIC_ROOT)
    try:
        gathered: dict[str, str] = json.loads((root / "staticfiles.json").read_text())["paths"]
    except (OSError, ValueError, KeyError):
        return ["staticfiles.json"]
    return sorted(name for name in gathered.values() if not (root / name).exists())
