"""What the tests of `apart` call in a child: functions of a module that needs no database."""

import os
import signal
import threading
import time
from pathlib import Path

from django.utils.translation import gettext

from heli.kernel.faults import Fault, Refused


def process() -> int:
    return os.getpid()


def greedy() -> int:
    return len(bytearray(10**12))


KEPT: list[bytes] = []


def keep(size: int) -> int:
    KEPT.append(b"x" * size)
    return len(KEPT)


def endless() -> None:
    while True:
        pass


def idle() -> None:
    time.sleep(3600)


def aborting() -> None:
    os.kill(os.getpid(), signal.SIGABRT)


def refusing() -> None:
    raise Refused([Fault("a", gettext("The file is empty. Choose another."), field="file"), Fault("b", "c")])


def unsendable() -> None:
    error = ValueError("x")
    error.lock = threading.Lock()  # type: ignore[attr-defined]  # what cannot be sent
    raise error


def chatting() -> str:
    print("not an answer", flush=True)
    os.system("echo nor this")
    return "answer"


def environment() -> dict[str, str]:
    return dict(os.environ)


def littering() -> str:
    path = Path(os.environ["TMPDIR"]) / "left"
    path.write_text("x")
    aborting()
    return ""


def folder() -> str:
    return os.environ["TMPDIR"]
