"""The accounts of the demonstration: generated when the sample is built, shown on the demo's sign-in page and nowhere else."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from heli.accounts.texts import ROLES
from heli.accounts.types import RoleName


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A name to sign in with; `place` is the name of the place the role is held over."""

    username: str
    password: str
    role: str
    place: str


def _file() -> Path:
    return Path(settings.VAR) / "demo-accounts.json"


def keep_demo_accounts(accounts: list[DemoAccount]) -> None:
    """Write the accounts beside the demo's database, readable by its owner only."""
    with os.fdopen(os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        json.dump([asdict(account) for account in accounts], stream, ensure_ascii=False)


def read_demo_accounts() -> list[DemoAccount]:
    """The accounts of this demo; none on a real installation."""
    if not settings.DEMO or not _file().exists():
        return []
    return [DemoAccount(**account) for account in json.loads(_file().read_text(encoding="utf-8"))]


def demo_accounts(request: HttpRequest) -> dict[str, Any]:
    """Template context of the sign-in page: `demo_accounts`."""
    if not settings.DEMO or request.path != reverse("account_login"):
        return {}
    return {
        "demo_accounts": [
            {
                "username": account.username,
                "password": account.password,
                "role": _("%(role)s · %(place)s") % {"role": ROLES[RoleName(account.role)], "place": account.place},
            }
            for account in read_demo_accounts()
        ]
    }
