"""Encryption at rest of short secrets and contacts, with keys derived from the installation's secret, one per purpose."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal_text(purpose: str, text: str) -> str:
    """The text encrypted for a purpose ("second factor"); two seals of one text differ."""
    return _fernet(purpose).encrypt(text.encode()).decode()


def unseal_text(purpose: str, sealed: str) -> str:
    """The text back. Raises ValueError when it was sealed for another purpose or with another installation's secret."""
    try:
        return _fernet(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as wrong:
        raise ValueError(f"this {purpose} cannot be opened with the installation's secret") from wrong


def _fernet(purpose: str) -> Fernet:
    derived = hashlib.sha256(f"heli {purpose}".encode() + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(derived))
