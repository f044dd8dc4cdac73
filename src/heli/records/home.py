"""What the first page says waits for the reader: the top of the inbox, what is to be judged apart from what is to be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from heli.kernel.panels import HomeAsk, HomePart
from heli.records.inbox import DueWhen, InboxLine, inbox_of

SHOWN = 6
"""Lines of each group; the inbox has the rest."""
ALIKE = 3
"""So many of the same in different places are one line."""


@dataclass(frozen=True, slots=True)
class HomeLine:
    """A line of the first page: one thing, or the same thing in many places; `line` is the most pressing of them."""

    line: InboxLine
    places: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The thing itself, or the inbox where all of them are."""
        if not self.places:
            return self.line.one.link
        return f"{reverse('records:inbox')}?{urlencode({'q': self.line.one.title, 'f_kind': self.line.due.id})}"


def waiting_for(ask: HomeAsk) -> list[InboxLine]:
    """The reader's inbox, read once for all parts of the page."""
    return ask.shared("records.inbox", lambda: inbox_of(ask.actor, ask.on))


def fill(ask: HomeAsk) -> dict[str, Any] | None:
    """How much waits, how much of it is late or due soon, and the first of each group."""
    if not ask.actor.grants:
        return None
    lines = waiting_for(ask)
    told = ask.told()
    groups = [[line for line in lines if line.due.judges is judging] for judging in (True, False)]
    judge, do = (_gathered([line for line in group if line.one.link not in told])[:SHOWN] for group in groups)
    return {
        "judge": judge,
        "do": do,
        "to_judge": len(groups[0]),
        "to_do": len(groups[1]),
        "late": _count(lines, DueWhen.LATE),
        "soon": _count(lines, DueWhen.SOON),
        "all": len(lines),
        "shown": bool(judge or do),
        "is_told": bool(told),
    }


def _gathered(lines: Sequence[InboxLine]) -> list[HomeLine]:
    """The lines in their order, what is the same in many places as one; what has a note stands for itself."""
    alike: dict[tuple[str, str], list[InboxLine]] = {}
    for line in lines:
        key = line.one.link if line.one.note else line.one.title
        alike.setdefault((line.due.id, key), []).append(line)
    found = []
    for same in alike.values():
        if len(same) < ALIKE:
            found += [HomeLine(line) for line in same]
        else:
            found.append(HomeLine(same[0], tuple(line.place for line in same)))
    return found


def _count(lines: Sequence[InboxLine], when: DueWhen) -> int:
    return sum(line.when is when for line in lines)


HOME = (HomePart(id="records.inbox", template="records/home.html", fill=fill, order=20),)
