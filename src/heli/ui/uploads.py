"""The purpose of an upload, sealed: a form says what its files are for, and nobody can make up another purpose."""

from dataclasses import dataclass

from django.core import signing

SALT = "heli.upload"


@dataclass(frozen=True, slots=True)
class UploadPurpose:
    """What a field's files are for: an action ("campaigns.fill") at a place (None: anywhere); `photo`: only pictures."""

    action: str
    place_id: int | None
    photo: bool = False


def seal_purpose(purpose: UploadPurpose) -> str:
    """A token for a form's file field."""
    return signing.Signer(salt=SALT).sign_object([purpose.action, purpose.place_id, purpose.photo])


def open_purpose(token: str) -> UploadPurpose | None:
    """The purpose of a token, None when it was not sealed here."""
    try:
        return UploadPurpose(*signing.Signer(salt=SALT).unsign_object(token))
    except (signing.BadSignature, ValueError, TypeError):
        return None


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
