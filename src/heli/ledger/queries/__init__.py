"""Reads of the ledger, by topic."""

from heli.ledger.queries.holders import CollectiveRow, collective_rows, collectives_at, find_collective

__all__ = ["CollectiveRow", "collective_rows", "collectives_at", "find_collective"]
