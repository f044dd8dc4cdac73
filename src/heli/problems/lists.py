"""The problem ledger as a list in Excel: its template, and reading one with every mistake named by its row."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from heli.bodies import queries as bodies
from heli.campaigns.models import Campaign
from heli.kernel.problems import Problem, Refused
from heli.places.imports.queries import ListRow, ReadList, day_in, read_list
from heli.places.types import PlaceRow
from heli.problems.catalogues import problem_kinds
from heli.problems.services import IssueSpec
from heli.problems.texts import ISSUE_SOURCES
from heli.problems.types import IssueSource
from heli.ui.exports import write_xlsx

MOST = 5_000


def heads() -> list[str]:
    """The headings of the list in order; the first five must be filled in."""
    return [
        _("Village or code"), _("What is the matter?"), _("Kind"), _("Found on"), _("Where it came to light"),
        _("Description"), _("Who leads it"), _("Due on"), _("Measures"),
    ]  # fmt: skip


def template_file() -> bytes:
    """An empty list with its headings."""
    stream = io.BytesIO()
    write_xlsx(stream, _("Problem ledger"), heads(), [], kinds=["text"] * len(heads()), sample=False)
    return stream.getvalue()


def age_text(name: str) -> str:
    """A class of age in words: "8-30" days."""
    first, _dash, last = name.partition("-")
    if not last:
        return _("%(days)s days and more") % {"days": first}
    return _("%(first)s to %(last)s days") % {"first": first, "last": last}


def read_specs(
    content: bytes, name: str, campaign: Campaign, rows: Sequence[PlaceRow], on: date
) -> tuple[list[IssueSpec], str, ReadList]:
    """The problems of a list, the hash of the file, and how it was read. Raises `Refused` with every problem by its row."""
    listed = read_list(content, name, heads())
    if len(listed.rows) > MOST:
        text = _("A list holds at most %(most)s problems; divide it.") % {"most": MOST}
        raise Refused(Problem("list_long", text, field="file"))
    places: dict[str, list[int]] = {}
    for row in rows:
        for word in (row.name, row.code, f"{row.parent_name}{row.name}"):
            if word and row.id not in places.setdefault(word, []):
                places[word].append(row.id)
    leaders: dict[str, list[str]] = {}
    for holder in bodies.holders_in(campaign.district_id, on):
        leaders.setdefault(holder.name, []).append(holder.key)
    found: list[Problem] = []
    specs = []
    for listed_row in listed.rows:
        reader = _Reader(listed_row, places, leaders)
        spec = reader.spec()
        found += reader.found
        if spec is not None:
            specs.append(spec)
    if found:
        raise Refused(found)
    if not specs:
        raise Refused(Problem("list_empty", _("The list holds no problem."), field="file"))
    return specs, hashlib.sha256(content).hexdigest(), listed


class _Reader:
    """Reads one row, collecting what is wrong with it."""

    def __init__(self, row: ListRow, places: Mapping[str, list[int]], leaders: Mapping[str, list[str]]) -> None:
        self.row, self.places, self.leaders = row, places, leaders
        self.heads = heads()
        self.source = _("row %(row)s") % {"row": row.number}
        self.found: list[Problem] = []

    def wrong(self, code: str, message: str, column: int) -> None:
        self.found.append(Problem(code, message, field=self.heads[column], source=self.source))

    def text(self, column: int) -> str:
        return self.row.text(self.heads[column])

    def spec(self) -> IssueSpec | None:
        """The problem of the row; None when something is wrong with it."""
        place_id = self.one(self.places, 0)
        kind, source = self.word_of(_kinds(), 2), self.word_of(_sources(), 4)
        found_on, due_on = self.day(3), self.day(7)
        if not self.text(1):
            self.wrong("title_empty", _("Say in a few words what the matter is."), 1)
        if found_on is None and not self.text(3):
            self.wrong("day_missing", _("Give the day it was found."), 3)
        leader = self.one(self.leaders, 6) if self.text(6) else ""
        if self.found or found_on is None:
            return None
        return IssueSpec(
            place_id=int(place_id or 0),
            kind=str(kind),
            source=IssueSource(str(source)),
            title=self.text(1)[:120],
            found_on=found_on,
            description=self.text(5),
            leader=str(leader or ""),
            due_on=due_on,
            measures=self.text(8),
            row=self.source,
        )

    def one(self, known: Mapping[str, Sequence[int | str]], column: int) -> int | str | None:
        """The one thing a word names."""
        word = self.text(column)
        same = known.get(word, ())
        if len(same) == 1:
            return same[0]
        if same:
            self.wrong("several", _("“%(word)s” is there more than once: give its code.") % {"word": word}, column)
        else:
            self.wrong("unknown", _("“%(word)s” is not there.") % {"word": word}, column)
        return None

    def word_of(self, known: Mapping[str, str], column: int) -> str | None:
        """The key behind a word of a catalogue."""
        word = self.text(column)
        if word in known:
            return known[word]
        names = ", ".join(sorted(set(known) - set(known.values())))
        self.wrong("unknown", _("Write one of: %(names)s.") % {"names": names}, column)
        return None

    def day(self, column: int) -> date | None:
        """A day, or nothing for an empty cell."""
        word = self.text(column)
        day = day_in(word) if word else None
        if word and day is None:
            self.wrong("day_unreadable", _("“%(word)s” is not a day: write 2026-03-02.") % {"word": word}, column)
        return day


def _kinds() -> dict[str, str]:
    """Kinds by their words in both languages and by their key."""
    found: dict[str, str] = {}
    for key, entry in problem_kinds().entries.items():
        found |= {entry.words.zh: key, entry.words.en: key, key: key}
    return found


def _sources() -> dict[str, str]:
    return {
        **{str(text): str(key) for key, text in ISSUE_SOURCES.items()},
        **{str(key): str(key) for key in IssueSource},
    }
