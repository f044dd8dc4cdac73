"""The verifier of the trail: streams every entry, recomputes the chain, and names the first row that is broken."""

import time
from collections.abc import Callable

from django.utils.translation import gettext as _

from heli.audit import anchor
from heli.audit.models import Entry
from heli.audit.rules import GENESIS
from heli.audit.services import digest
from heli.audit.types import Head, Verdict
from heli.kernel.problems import Problem

CHUNK = 2_000
PATIENCE_S = 2.0
"""How long the anchor may lag behind a commit of this very moment."""


def verify_trail(on_progress: Callable[[int], None] = lambda checked: None) -> Verdict:
    """Check hashes, numbers and links from the first entry on, then the head against the anchor outside the database.

    Constant memory. Entries written meanwhile are checked as well.
    """
    try:
        anchored = anchor.read() if anchor.is_kept() else None
    except anchor.AnchorForged as forged:
        return Verdict(0, Head(0, GENESIS), None, _problem("anchor_forged", 0, str(forged)))
    head, problem = _walk(Head(0, GENESIS), anchored, on_progress)
    if problem is None and anchor.is_kept():
        head, anchored, problem = _meet_anchor(head, on_progress)
    return Verdict(head.seq, head, anchored, problem)


def _walk(head: Head, anchored: Head | None, on_progress: Callable[[int], None]) -> tuple[Head, Problem | None]:
    """Follow the chain from `head` to its end; the last sound entry and the first break."""
    for entry in Entry.objects.filter(seq__gt=head.seq).order_by("seq").iterator(chunk_size=CHUNK):
        if entry.seq != head.seq + 1:
            return head, _problem(
                "entry_missing",
                head.seq + 1,
                _("Entry %(entry)s is missing: it was deleted, or its number was changed.") % {"entry": head.seq + 1},
            )
        sound = digest(entry) == entry.hash
        if entry.previous_hash != head.hash:
            return head, _problem(
                "entry_unchained",
                entry.seq,
                _("Entry %(entry)s does not continue entry %(before)s: one of them was put in place of another.")
                % {"entry": entry.seq, "before": head.seq},
            )
        if not sound:
            return head, _problem(
                "entry_edited",
                entry.seq,
                _("Entry %(entry)s (%(what)s, %(who)s) does not match its hash: it was edited, or written past Heli.")
                % {"entry": entry.seq, "what": entry.what, "who": entry.actor_name},
            )
        if anchored and entry.seq == anchored.seq and entry.hash != anchored.hash:
            return head, _problem(
                "history_rewritten",
                entry.seq,
                _("Entry %(entry)s is sound in itself but not the one anchored outside the database: rewritten.")
                % {"entry": entry.seq},
            )
        head = Head(entry.seq, entry.hash)
        if head.seq % CHUNK == 0:
            on_progress(head.seq)
    return head, None


def _meet_anchor(head: Head, on_progress: Callable[[int], None]) -> tuple[Head, Head | None, Problem | None]:
    """Compare the end of the chain with the anchor, which is moved a moment after each commit."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            anchored = anchor.read()
        except anchor.AnchorForged as forged:
            return head, None, _problem("anchor_forged", 0, str(forged))
        head, problem = _walk(head, anchored, on_progress)
        if problem or (anchored or Head(0, GENESIS)) == head:
            return head, anchored, problem
        if time.monotonic() > deadline:
            break
        time.sleep(0.1)
    if anchored is None:
        text = _("No anchor is kept although the trail has entries: the file was removed or never written.")
        return head, None, _problem("anchor_missing", head.seq, text)
    if anchored.seq > head.seq:
        text = _("The trail ends with entry %(head)s, but entry %(anchored)s is anchored: the tail was cut.") % {
            "head": head.seq,
            "anchored": anchored.seq,
        }
        return head, anchored, _problem("tail_cut", head.seq + 1, text)
    text = _(
        "Entry %(entry)s and later were never anchored: they were written past Heli, or it was stopped midway."
    ) % {"entry": anchored.seq + 1}
    return head, anchored, _problem("tail_unanchored", anchored.seq + 1, text)


def _problem(code: str, seq: int, message: str) -> Problem:
    return Problem(code, message, field="seq", source=f"entry {seq}" if seq else "anchor")
