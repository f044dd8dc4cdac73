"""Writes of the ledger, by topic."""

from heli.ledger.services.holders import note_members, open_books

__all__ = ["note_members", "open_books"]
