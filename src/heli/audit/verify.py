"""The verifier of the trail: streams every entry, recomputes the chain, and names the first row that is broken."""

import hmac
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from heli.audit import anchor, queries
from heli.audit.keys import derived_key
from heli.audit.models import Entry
from heli.audit.rules import GENESIS, compute_body, compute_hash, compute_serial
from heli.audit.types import Head, Mark, Verdict
from heli.kernel.db import snapshot
from heli.kernel.problems import Problem, Refused

CHUNK = 2_000
PERSONAL = ("audit.accept", "installation.restored")
"""Acts of a person after which the trail goes on from a head that was set; the first may vouch for all before it."""


def verify_trail(on_progress: Callable[[int], None] = lambda checked: None, expected: Iterable[Head] = ()) -> Verdict:
    """Check hashes, numbers and links from the first entry on, and every head noted outside the database.

    `expected` are heads that a person has kept, from a digest message or paper; their hashes may be shortened. Constant
    memory but for the log's lines. Entries past the last line of the log are in order when they are sealed with the key:
    the process was stopped between the commit and the line.
    """
    noted = list(expected)
    marks: list[Mark] = []
    if anchor.is_kept():
        # Read before the rows: whatever is noted was committed before.
        try:
            marks = _marks_of_the_log()
            noted += [mark.head for mark in [*marks, *_marks_of_the_witness()]]
        except Refused as refused:
            return Verdict(0, Head(0, GENESIS), None, refused.problems[0])
    with snapshot():
        walk = _Walk(noted, {mark.head.seq for mark in marks if mark.kind != anchor.MOVED})
        problem = next(walk.problems(on_progress), None)
    anchored = marks[-1].head if marks else None
    if problem is None and anchor.is_kept() and anchored is None and walk.head.seq:
        problem = _problem("anchor_missing", walk.head.seq, _missing())
    return Verdict(walk.head.seq, walk.head, anchored, problem, walk.accepted)


def refuse_unless_chained(kept: Head | None, head: Head) -> None:
    """Raise `Refused` unless the anchored row is in the trail with its hash and, where it is behind, leads to the head.

    Reads what lies between the two, as a rule nothing or the acts of a neighbour.
    """
    if kept is None:
        raise Refused(_problem("anchor_missing", head.seq, _missing()))
    if kept.seq:
        stored = Entry.objects.filter(seq=kept.seq).values_list("hash", flat=True).first()
        if stored is None:
            raise Refused(_tail_cut(queries.head().seq, kept.seq))
        if stored != kept.hash:
            raise Refused(_rewritten(kept.seq))
    at = kept
    for entry in Entry.objects.filter(seq__gt=kept.seq, seq__lte=head.seq).order_by("seq").iterator(chunk_size=CHUNK):
        if problem := _broken(entry, at):
            raise Refused(problem)
        at = Head(entry.seq, entry.hash)


def digest(entry: Entry, *, keyed: bool = True) -> str:
    """The hash that an entry must carry."""
    return compute_hash(_body(entry, keyed=keyed), derived_key("entry") if keyed else None)


def compute_vouching() -> tuple[Head, str]:
    """The head, and one keyed digest of every entry up to it, sound or not. Under the turn at the head of the chain."""
    head, running = Head(0, GENESIS), _Vouching()
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=CHUNK):
        running.add(entry)
        head = Head(entry.seq, entry.hash)
    return head, running.digest()


def _body(entry: Entry, *, keyed: bool = True) -> dict[str, Any]:
    body = compute_body(
        seq=entry.seq,
        at=entry.at,
        actor_id=entry.actor_id,
        actor_name=entry.actor_name,
        what=entry.what,
        place_id=entry.place_id,
        subject=entry.subject,
        before=entry.before,
        after=entry.after,
        reason=entry.reason,
        previous_hash=entry.previous_hash,
    )
    return {**body, "state": entry.state} if keyed else body


class _Vouching:
    """A running digest over entries as they stand, their hashes included."""

    def __init__(self) -> None:
        self._running = hmac.new(derived_key("vouching"), digestmod="sha256")

    def add(self, entry: Entry) -> None:
        self._running.update(compute_serial({**_body(entry), "hash": entry.hash}) + b"\n")

    def digest(self) -> str:
        return self._running.hexdigest()


class _Walk:
    """One way along the chain; `head` is the last entry in order."""

    def __init__(self, noted: Iterable[Head], set_by_person: set[int]) -> None:
        self.noted: dict[int, set[str]] = {}
        for one in noted:
            if one.seq:
                self.noted.setdefault(one.seq, set()).add(one.hash)
        self.set_by_person = set_by_person
        self.head = Head(0, GENESIS)
        self.accepted, self.vouched = _last_vouching()

    def problems(self, on_progress: Callable[[int], None]) -> Iterator[Problem]:
        """Every break from the first on; the caller takes the first."""
        running, suspect = _Vouching(), None
        for entry in Entry.objects.order_by("seq").iterator(chunk_size=CHUNK):
            if entry.seq <= self.accepted:
                running.add(entry)
                suspect = suspect or _broken(entry, self.head)
                if entry.seq == self.accepted and running.digest() != self.vouched:
                    yield suspect or _changed_since(self.accepted)
            elif problem := _broken(entry, self.head):
                if self.head.seq < self.accepted:
                    problem = _changed_since(self.accepted)
                yield problem
            elif self.head.seq in self.set_by_person and entry.what not in PERSONAL:
                yield _anchor_set(self.head.seq)
            if any(not entry.hash.startswith(one) for one in self.noted.get(entry.seq, ())):
                yield _rewritten(entry.seq)
            self.head = Head(entry.seq, entry.hash)
            if entry.seq % CHUNK == 0:
                on_progress(entry.seq)
        farthest = max(self.noted, default=0)
        if farthest > self.head.seq:
            yield _tail_cut(self.head.seq, farthest)


def _last_vouching() -> tuple[int, str]:
    """How many entries the last sound act of acceptance vouches for, and by which digest."""
    for entry in Entry.objects.filter(what__in=PERSONAL).order_by("-seq"):
        vouched = entry.after.get("vouched") if isinstance(entry.after, dict) else None
        if vouched and hmac.compare_digest(digest(entry), entry.hash):
            return int(vouched["entries"]), str(vouched["digest"])
    return 0, ""


def _broken(entry: Entry, before: Head) -> Problem | None:
    """What is wrong with an entry that should follow another."""
    if entry.seq != before.seq + 1:
        text = _("Entry %(entry)s is missing: it was deleted, or its number was changed.")
        return _problem("entry_missing", before.seq + 1, text % {"entry": before.seq + 1})
    if entry.previous_hash != before.hash:
        text = _("Entry %(entry)s does not continue entry %(before)s: one of them was put in place of another.")
        return _problem("entry_unchained", entry.seq, text % {"entry": entry.seq, "before": before.seq})
    if hmac.compare_digest(digest(entry), entry.hash):
        return None
    if hmac.compare_digest(digest(entry, keyed=False), entry.hash):
        text = _(
            "Entry %(entry)s carries a hash without the key, as before Heli sealed entries. After an upgrade, look into the"
            " trail and run heli audit accept once; at any other time it was written past Heli."
        )
        return _problem("entry_unkeyed", entry.seq, text % {"entry": entry.seq})
    text = _("Entry %(entry)s (%(what)s, %(who)s) does not match its hash: it was edited, or written past Heli.")
    return _problem("entry_edited", entry.seq, text % {"entry": entry.seq, "what": entry.what, "who": entry.actor_name})


def _marks_of_the_log() -> list[Mark]:
    path = Path(settings.TRAIL_ANCHOR)
    try:
        marks = anchor.marks(path)
        anchor.refuse_gaps(path, marks)
        if not marks:
            raise anchor.AnchorForged(f"{path} is empty")
    except FileNotFoundError:
        return []
    except (anchor.AnchorForged, OSError) as problem:
        raise Refused(_problem("anchor_forged", 0, str(problem))) from problem
    return marks


def _marks_of_the_witness() -> list[Mark]:
    if not settings.TRAIL_WITNESS:
        return []
    try:
        return anchor.marks(Path(settings.TRAIL_WITNESS))
    except (anchor.AnchorForged, OSError) as problem:
        text = _("The witness outside cannot be read: %(problem)s") % {"problem": problem}
        raise Refused(Problem("witness_unreadable", text, source="witness")) from problem


def _missing() -> str:
    return _("No anchor is kept although the trail has entries: the file was removed or never written.")


def _rewritten(seq: int) -> Problem:
    text = _("Entry %(entry)s is not the one noted outside the database: the trail was rewritten.")
    return _problem("history_rewritten", seq, text % {"entry": seq})


def _tail_cut(head: int, noted: int) -> Problem:
    text = _(
        "The trail ends with entry %(head)s, but entry %(anchored)s is noted outside the database: the tail was cut, or an"
        " older database was put in its place."
    )
    return _problem("tail_cut", head + 1, text % {"head": head, "anchored": noted})


def _changed_since(accepted: int) -> Problem:
    text = _("Entries 1 to %(entry)s are not as they were when a person accepted them.") % {"entry": accepted}
    return _problem("accepted_changed", accepted, text)


def _anchor_set(seq: int) -> Problem:
    text = _("The anchor was set to entry %(entry)s by hand, but no entry says who did and why.") % {"entry": seq}
    return _problem("anchor_set", seq, text)


def _problem(code: str, seq: int, message: str) -> Problem:
    return Problem(code, message, field="seq", source=f"entry {seq}" if seq else "anchor")
