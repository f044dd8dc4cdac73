"""Public ids: short, unguessable, safe to read aloud. Internal integer keys never leave the house for strangers."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
"""No 0/o, 1/i/l or u: letters that people confuse on the telephone."""


def new_public_id(length: int = 12) -> str:
    """A random public id; 12 characters hold 58 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
