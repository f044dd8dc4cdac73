"""The child of `apart`: reads a call from its input, answers on its output, until its input ends.

It knows Django's settings only as far as sentences need them (gettext) and imports what a call names.
"""

import os
import pickle
import resource
import sys
import traceback
from pathlib import Path
from typing import Any, BinaryIO

import django
from django.conf import settings
from django.utils import translation

TIRED = 400_000_000
"""Bytes of memory after which a child has done its work: a fresh one gives them back."""


def main() -> None:
    """Answer calls."""
    limit_memory(int(sys.argv[1]))
    calls = sys.stdin.buffer
    # Whatever a library prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    own = Path(__file__).resolve().parents[1]
    settings.configure(LOCALE_PATHS=sorted(own.glob("*/locale")), LANGUAGE_CODE="zh-hans", USE_TZ=True)
    django.setup()
    while length := int.from_bytes(calls.read(8), "big"):
        answer(calls.read(length), answers)


def limit_memory(most: int) -> None:
    """Nothing beyond, and no trace of what was read on the disk when it ends."""
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(request: bytes, answers: BinaryIO) -> None:
    """Do one call: ("value", result), ("raised", exception) or ("memory", None), and whether a fresh child is due."""
    try:
        said = pickle.dumps((*_done(request), _is_tired()))
    except MemoryError:
        said = pickle.dumps(("memory", None, True))
    answers.write(len(said).to_bytes(8, "big"))
    answers.write(said)
    answers.flush()


def _done(request: bytes) -> tuple[str, Any]:
    try:
        function, args, kwargs, language, cpu_s = pickle.loads(request)
        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + cpu_s, resource.RLIM_INFINITY))
        with translation.override(language):
            return "value", function(*args, **kwargs)
    except MemoryError:
        raise
    except Exception as wrong:
        wrong.add_note(traceback.format_exc())
        try:
            pickle.loads(pickle.dumps(wrong))
        except Exception:  # many libraries' exceptions cannot be sent
            return "raised", RuntimeError(traceback.format_exc())
        return "raised", wrong


def _is_tired() -> bool:
    pages = int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self/statm").exists() else 0
    return pages * resource.getpagesize() > TIRED


if __name__ == "__main__":
    main()
