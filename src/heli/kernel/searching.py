"""What the search finds besides places: every context offers its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from heli.kernel.access import Actor


@dataclass(frozen=True, slots=True)
class SearchLine:
    """Something found: its name, what tells it from others of that name, and where it is (a path of Heli)."""

    title: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class SearchOffer:
    """A sort of things that the search finds besides places; offered in a context's `search.py` as `SEARCHES`.

    `title`: English text marked with `gettext_noop`; `find(actor, text, on)` gives the few best that the actor may open, in a
    constant number of queries. `order`: where it stands, the smallest first.
    """

    id: str
    title: str
    find: Callable[[Actor, str, date], Sequence[SearchLine]]
    order: int = 50
