"""Encryption at rest of short secrets and contacts, with keys derived from the installation's secret, one per purpose.

What was sealed with an older secret (settings, `SECRET_KEY_FALLBACKS`) opens still; it is sealed anew when it is written again.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def seal_text(purpose: str, text: str) -> str:
    """The text encrypted for a purpose ("second factor"); two seals of one text differ."""
    return _fernet(purpose).encrypt(text.encode()).decode()


def unseal_text(purpose: str, sealed: str) -> str:
    """The text back, sealed with the secret or an older one. Raises ValueError for another purpose or another installation."""
    try:
        return _fernet(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as wrong:
        raise ValueError(f"this {purpose} cannot be opened with the installation's secret") from wrong


def _fernet(purpose: str) -> MultiFernet:
    """The newest secret seals, each of them opens."""
    return MultiFernet([_key(purpose, one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(purpose: str, secret: str) -> Fernet:
    derived = hashlib.sha256(f"heli {purpose}".encode() + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(derived))
