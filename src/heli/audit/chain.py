"""One entry after another: what each must carry, and what is wrong where it does not."""

import hmac
from typing import Any

from django.utils.translation import gettext as _

from heli.audit import queries
from heli.audit.keys import derived_key
from heli.audit.models import Entry
from heli.audit.rules import compute_body, compute_hash
from heli.audit.types import Head
from heli.kernel.faults import Fault, Refused

CHUNK = 2_000
"""Entries read at once."""


def refuse_unless_chained(kept: Head | None, head: Head) -> None:
    """Raise `Refused` unless the anchored row is in the trail with its hash and, where it is behind, leads to the head.

    Reads what lies between the two, as a rule nothing or the acts of a neighbour.
    """
    if kept is None:
        raise Refused(fault_at("anchor_missing", head.seq, missing()))
    if kept.seq:
        stored = Entry.objects.filter(seq=kept.seq).values_list("hash", flat=True).first()
        if stored is None:
            raise Refused(tail_cut(queries.head().seq, kept.seq))
        if stored != kept.hash:
            raise Refused(rewritten(kept.seq))
    at = kept
    for entry in Entry.objects.filter(seq__gt=kept.seq, seq__lte=head.seq).order_by("seq").iterator(chunk_size=CHUNK):
        if fault := broken(entry, at):
            raise Refused(fault)
        at = Head(entry.seq, entry.hash)


def digest(entry: Entry, *, keyed: bool = True) -> str:
    """The hash that an entry must carry."""
    return compute_hash(body_of(entry, keyed=keyed), derived_key("entry") if keyed else None)


def body_of(entry: Entry, *, keyed: bool = True) -> dict[str, Any]:
    """What the hash is over."""
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


def broken(entry: Entry, before: Head) -> Fault | None:
    """What is wrong with an entry that should follow another."""
    if entry.seq != before.seq + 1:
        text = _("Entry %(entry)s is missing: it was deleted, or its number was changed.")
        return fault_at("entry_missing", before.seq + 1, text % {"entry": before.seq + 1})
    if entry.previous_hash != before.hash:
        text = _("Entry %(entry)s does not continue entry %(before)s: one of them was put in place of another.")
        return fault_at("entry_unchained", entry.seq, text % {"entry": entry.seq, "before": before.seq})
    if hmac.compare_digest(digest(entry), entry.hash):
        return None
    if hmac.compare_digest(digest(entry, keyed=False), entry.hash):
        text = _(
            "Entry %(entry)s carries a hash without the key, as before Heli sealed entries. After an upgrade, look into the"
            " trail and run heli audit accept once; at any other time it was written past Heli."
        )
        return fault_at("entry_unkeyed", entry.seq, text % {"entry": entry.seq})
    text = _("Entry %(entry)s (%(what)s, %(who)s) does not match its hash: it was edited, or written past Heli.")
    return fault_at("entry_edited", entry.seq, text % {"entry": entry.seq, "what": entry.what, "who": entry.actor_name})


def missing() -> str:
    """No anchor where there should be one, in words."""
    return _("No anchor is kept although the trail has entries: the file was removed or never written.")


def rewritten(seq: int) -> Fault:
    """An entry is another than the one noted outside."""
    text = _("Entry %(entry)s is not the one noted outside the database: the trail was rewritten.")
    return fault_at("history_rewritten", seq, text % {"entry": seq})


def tail_cut(head: int, noted: int) -> Fault:
    """The trail ends before what is noted outside."""
    text = _(
        "The trail ends with entry %(head)s, but entry %(anchored)s is noted outside the database: the tail was cut, or an"
        " older database was put in its place."
    )
    return fault_at("tail_cut", head + 1, text % {"head": head, "anchored": noted})


def fault_at(code: str, seq: int, message: str) -> Fault:
    """A problem of the trail at an entry; 0: of the anchor."""
    return Fault(code, message, field="seq", source=f"entry {seq}" if seq else "anchor")
