"""The purpose of an upload, sealed: a form says what its files are for, and nobody can make up another purpose."""

from dataclasses import dataclass

from django.core import signing

SALT = "heli.upload"


def seal_purpose(action: str, place_id: int | None) -> str:
    """A token for a form's file field: its files are for `action` ("campaigns.fill") at the place (None: anywhere)."""
    return signing.Signer(salt=SALT).sign_object([action, place_id])


def open_purpose(token: str) -> tuple[str, int | None] | None:
    """Action and place of a token, None when it was not sealed here."""
    try:
        action, place_id = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(action), place_id


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that arrived piece by piece before its form did: the id of its upload, and how it is called."""

    public_id: str
    name: str

    @property
    def value(self) -> str:
        """What the form's hidden field says."""
        return f"{self.public_id} {self.name}"


def read_uploaded(value: str) -> Uploaded | None:
    """What a hidden field says; None for anything that names no upload."""
    public_id, _space, name = value.strip().partition(" ")
    return Uploaded(public_id, name[:200]) if public_id.isascii() and public_id.isalnum() else None
