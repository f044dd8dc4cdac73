"""Sessions in the database with their account beside them, so that people see and end their own (settings, `SESSION_ENGINE`).

Django's own way of extending its database sessions; no address is kept, and the table is no part of backup or trail.
"""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DBStore

from heli.accounts.models import Session


class SessionStore(DBStore):
    """Writes the account's key into a column of its own."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """A row for the session's data."""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        key = str(data.get(SESSION_KEY, ""))
        row.account_id = int(key) if key.isdigit() else None
        return row
