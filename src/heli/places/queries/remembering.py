"""What a page asks again and again is asked once: answers remembered while nothing is written."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("known_places", default=None)


@contextmanager
def reading_only() -> Iterator[None]:
    """While a page is only read: which places belong to a root, how one stood, what came before it, is asked once."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once(key: Hashable, ask: Callable[[], T]) -> T:
    """The answer remembered under the key inside `reading_only`; asked anew outside of it."""
    known = _known.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    answer: T = known[key]
    return answer
