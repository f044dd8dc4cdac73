"""The verifier of the trail: streams every entry, recomputes the chain, and names the first row that is broken."""

import hmac
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from heli.audit import anchor
from heli.audit.chain import CHUNK, body_of, broken, digest, fault_at, missing, rewritten, tail_cut
from heli.audit.keys import derived_key
from heli.audit.models import Entry
from heli.audit.rules import GENESIS, compute_serial
from heli.audit.types import AnchorMark, Head, Verdict
from heli.audit.witnessing import find_changed
from heli.kernel.db import snapshot
from heli.kernel.faults import Fault, Refused

PERSONAL = ("audit.accept", "installation.restored")
"""Acts of a person after which the trail goes on from a head that was set; the first may vouch for all before it."""


def verify_trail(on_progress: Callable[[int], None] = lambda checked: None, expected: Iterable[Head] = ()) -> Verdict:
    """Check hashes, numbers and links from the first entry on, and every head noted outside the database.

    `expected` are heads that a person has kept, from a digest message or paper; their hashes may be shortened. Constant
    memory but for the log's lines. Entries past the last line of the log are in order when they are sealed with the key:
    the process was stopped between the commit and the line.
    """
    noted = list(expected)
    marks: list[AnchorMark] = []
    if anchor.is_kept():
        # Read before the rows: whatever is noted was committed before.
        try:
            marks = _marks_of_the_log()
            noted += [mark.head for mark in [*marks, *_marks_of_the_witness()]]
        except Refused as refused:
            return Verdict(0, Head(0, GENESIS), None, refused.faults[0])
    with snapshot():
        walk = _Walk(noted, {mark.head.seq for mark in marks if mark.kind != anchor.MOVED})
        fault = next(walk.faults(on_progress), None)
    anchored = marks[-1].head if marks else None
    if fault is None and anchor.is_kept() and anchored is None and walk.head.seq:
        fault = fault_at("anchor_missing", walk.head.seq, missing())
    return Verdict(walk.head.seq, walk.head, anchored, fault, walk.accepted)


def verify_rows() -> list[Fault]:
    """Every row of a witnessed table that is not what the last entry says of it: changed, added or deleted past Heli."""
    with snapshot():
        last = Entry.objects.order_by("-seq").values_list("seq", "hash", "state").first()
        return list(find_changed(last[2], Head(*last[:2]))) if last else []


def compute_vouching() -> tuple[Head, str]:
    """The head, and one keyed digest of every entry up to it, sound or not. Under the turn at the head of the chain."""
    head, running = Head(0, GENESIS), _Vouching()
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=CHUNK):
        running.add(entry)
        head = Head(entry.seq, entry.hash)
    return head, running.digest()


class _Vouching:
    """A running digest over entries as they stand, their hashes included."""

    def __init__(self) -> None:
        self._running = hmac.new(derived_key("vouching"), digestmod="sha256")

    def add(self, entry: Entry) -> None:
        self._running.update(compute_serial({**body_of(entry), "hash": entry.hash}) + b"\n")

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

    def faults(self, on_progress: Callable[[int], None]) -> Iterator[Fault]:
        """Every break from the first on; the caller takes the first."""
        running, suspect = _Vouching(), None
        for entry in Entry.objects.order_by("seq").iterator(chunk_size=CHUNK):
            if entry.seq <= self.accepted:
                running.add(entry)
                suspect = suspect or broken(entry, self.head)
                if entry.seq == self.accepted and running.digest() != self.vouched:
                    yield suspect or _changed_since(self.accepted)
            elif fault := broken(entry, self.head):
                if self.head.seq < self.accepted:
                    fault = _changed_since(self.accepted)
                yield fault
            elif self.head.seq in self.set_by_person and entry.what not in PERSONAL:
                yield _anchor_set(self.head.seq)
            if any(not entry.hash.startswith(one) for one in self.noted.get(entry.seq, ())):
                yield rewritten(entry.seq)
            self.head = Head(entry.seq, entry.hash)
            if entry.seq % CHUNK == 0:
                on_progress(entry.seq)
        farthest = max(self.noted, default=0)
        if farthest > self.head.seq:
            yield tail_cut(self.head.seq, farthest)


def _last_vouching() -> tuple[int, str]:
    """How many entries the last sound act of acceptance vouches for, and by which digest."""
    for entry in Entry.objects.filter(what__in=PERSONAL).order_by("-seq"):
        vouched = entry.after.get("vouched") if isinstance(entry.after, dict) else None
        if vouched and hmac.compare_digest(digest(entry), entry.hash):
            return int(vouched["entries"]), str(vouched["digest"])
    return 0, ""


def _marks_of_the_log() -> list[AnchorMark]:
    path = Path(settings.TRAIL_ANCHOR)
    try:
        marks = anchor.marks(path)
        anchor.refuse_gaps(path, marks)
        if not marks:
            raise anchor.AnchorForged(f"{path} is empty")
    except FileNotFoundError:
        return []
    except (anchor.AnchorForged, OSError) as fault:
        raise Refused(fault_at("anchor_forged", 0, str(fault))) from fault
    return marks


def _marks_of_the_witness() -> list[AnchorMark]:
    if not settings.TRAIL_WITNESS:
        return []
    try:
        return anchor.marks(Path(settings.TRAIL_WITNESS))
    except (anchor.AnchorForged, OSError) as fault:
        text = _("The witness outside cannot be read: %(problem)s") % {"problem": fault}
        raise Refused(Fault("witness_unreadable", text, source="witness")) from fault


def _changed_since(accepted: int) -> Fault:
    text = _("Entries 1 to %(entry)s are not as they were when a person accepted them.") % {"entry": accepted}
    return fault_at("accepted_changed", accepted, text)


def _anchor_set(seq: int) -> Fault:
    text = _("The anchor was set to entry %(entry)s by hand, but no entry says who did and why.") % {"entry": seq}
    return fault_at("anchor_set", seq, text)
