"""Files of others are taken apart in a process of their own, so that no file can take the server with it.

A child is a bare Python that answers one call after another over two pipes (`apart_child`): no database, no secrets, a limit
on memory and on processor time. It is started when first needed, used again, and ends when this process ends, for it then
reads the end of its pipe. A child that dies or takes too long is a refusal with words; `services.sent_by` says who sent it.
Calls and answers are pickled: both ends are this very program. The child never holds more than it was given.
"""

import atexit
import logging
import os
import pickle
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heli.kernel.faults import Fault, Refused

P = ParamSpec("P")
R = TypeVar("R")
logger = logging.getLogger("heli.files")

CPU_S = 90
"""Processor seconds of one call: a list of 300,000 rows takes 20."""
WALL_S = 600
"""Seconds of the clock, for a child that waits instead of computing."""
MEMORY = 1_500_000_000
"""Bytes a child may hold, counted by the kernel for all that is its own (RLIMIT_DATA)."""
MOST_CHILDREN = 2
"""At once, for each process of the server: further calls wait for their turn."""
KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PROJ_DATA", "PROJ_LIB", "GDAL_DATA", "SYSTEMROOT")
"""What a child sees of the environment: neither the key nor the database."""


class Overtaxed(Refused):
    """Reading was stopped: the file asked for more memory or time than any honest one needs. `how` is "time" or "memory"."""

    def __init__(self, how: str) -> None:
        self.how = how
        text = _(
            "Reading this file was stopped: what it holds asks for more memory or time than any list, photo or map needs. "
            "Nothing was taken from it. Copy what is needed into a new file and send that."
        )
        super().__init__(Fault("file_overtaxes", text, field="file"))


@dataclass(slots=True)
class _Child:
    """A running child, and the folder for what it unpacks."""

    process: subprocess.Popen[bytes]
    folder: str

    @classmethod
    def start(cls) -> "_Child":
        folder = tempfile.mkdtemp(prefix="heli-apart-")
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        environment |= {
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "TMPDIR": folder,
            # One thread: each thread of the numeric libraries would reserve memory of its own.
            **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "GDAL_NUM_THREADS"), "1"),
        }
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "heli.files.apart_child", str(MEMORY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=folder,
        )
        return cls(process, folder)

    def ask(self, request: bytes, deadline: float) -> bytes:
        """The answer to one request. Raises TimeoutError, and OSError when the child is gone."""
        assert self.process.stdin is not None
        self.process.stdin.write(len(request).to_bytes(8, "big") + request)
        self.process.stdin.flush()
        return self._read(int.from_bytes(self._read(8, deadline), "big"), deadline)

    def _read(self, length: int, deadline: float) -> bytes:
        assert self.process.stdout is not None
        handle = self.process.stdout.fileno()
        waiting = select.poll()
        waiting.register(handle, select.POLLIN)
        blocks: list[bytes] = []
        while length:
            left = deadline - time.monotonic()
            if left <= 0 or not waiting.poll(left * 1000):
                raise TimeoutError
            block = os.read(handle, min(length, 1 << 20))
            if not block:
                raise BrokenPipeError
            blocks.append(block)
            length -= len(block)
        return b"".join(blocks)

    def end(self) -> int:
        """Stop it, however it stands, and remove what it left; its exit status."""
        self.process.kill()
        status = self.process.wait()
        self.let_go()
        shutil.rmtree(self.folder, ignore_errors=True)
        return status

    def let_go(self) -> None:
        """Close this side of the pipes; the child ends when every side is closed."""
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue  # what was still to be written to a dead child


class _Pool:
    """Children of this process, at most `MOST_CHILDREN` at once."""

    def __init__(self) -> None:
        self.idle: list[_Child] = []
        self.turns = threading.BoundedSemaphore(MOST_CHILDREN)

    def answer(self, request: bytes) -> Any:
        """What a child answers. Raises `Overtaxed`."""
        deadline = time.monotonic() + WALL_S
        if not self.turns.acquire(timeout=WALL_S):
            raise Overtaxed("time")
        try:
            child = self._take()
            try:
                kind, value, tired = pickle.loads(child.ask(request, deadline))
            except (OSError, TimeoutError) as gone:
                status = child.end()
                late = isinstance(gone, TimeoutError) or status == -signal.SIGXCPU
                logger.warning("a file was not read to its end", extra={"status": status, "late": late})
                raise Overtaxed("time" if late else "memory") from gone
            except BaseException:
                child.end()  # interrupted in the middle of an answer: nobody could make sense of the rest
                raise
            if tired:
                child.end()
            else:
                self.idle.append(child)
        finally:
            self.turns.release()
        return kind, value

    def _take(self) -> _Child:
        while self.idle:
            try:
                child = self.idle.pop()
            except IndexError:
                break  # another thread was quicker
            if child.process.poll() is None:
                return child
            child.end()
        return _Child.start()

    def end(self) -> None:
        """End those that rest."""
        while self.idle:
            self.idle.pop().end()

    def forget(self) -> None:
        """After a fork the children are the parent's: let go of them without a word."""
        for child in self.idle:
            child.let_go()
        self.__init__()  # type: ignore[misc]  # begins anew, with locks nobody holds


_pool = _Pool()
atexit.register(_pool.end)
os.register_at_fork(after_in_child=_pool.forget)


def call(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function of a module that needs neither Django nor the database, in a child, in the reader's language.

    Arguments and result are plain values. What the function raises is raised here; `Overtaxed` when it went beyond memory or
    time, after which the next call has a fresh child.
    """
    kind, value = _pool.answer(pickle.dumps((function, args, kwargs, get_language() or "zh-hans", CPU_S)))
    if kind == "raised":
        raise value
    if kind == "memory":
        raise Overtaxed(kind)
    answer: R = value
    return answer
