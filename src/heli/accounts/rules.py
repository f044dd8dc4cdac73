"""Pure rules of accounts: the role table read from data, which roles allow an action, when a name is locked."""

import re
from collections.abc import Container, Iterable, Sequence
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from heli.accounts.types import LockRules, Role, RoleName, RoleTable, SignInRules
from heli.kernel.packs import Key, Shape, load_pack

SIGNED_IN = "ui.read"
"""What everyone who is signed in may do, whatever their roles."""

MINUTES = {"window_minutes": "window", "lock_minutes": "lock", "idle_minutes": "idle"}
SIGN_IN_KEYS = (
    Key("failures", Shape.WHOLE, "so many lock a name for a source", least=1),
    Key("window_minutes", Shape.WHOLE, "within which failures count together", least=1),
    Key("lock_minutes", Shape.WHOLE, "how long the lock holds", least=1),
    Key("source_failures", Shape.WHOLE, "so many under any names tire the source", least=1),
    Key("watched_after", Shape.WHOLE, "so many from anywhere put a name under watch", least=1),
    Key("watched_failures", Shape.WHOLE, "so many lock a watched name for a source", least=1),
    Key("watched_minutes", Shape.WHOLE, "how long a name is watched", least=1),
    Key("idle_minutes", Shape.WHOLE, "after which a session ends unused", least=1),
    Key("absolute_hours", Shape.WHOLE, "after which a session ends in any case", least=1),
)
ROLE_KEYS = (
    Key("actions", Shape.TEXTS, "patterns of what it may do"),
    Key("second_factor", Shape.YES_NO, "whether it must set one up first", required=False),
)
KEYS = (
    Key("sign_in", Shape.TABLE, "when names and sources are locked, when sessions end", keys=SIGN_IN_KEYS),
    Key(
        "roles",
        Shape.TABLE,
        "the roles",
        keys=tuple(Key(name, Shape.TABLE, "a role", False, ROLE_KEYS) for name in RoleName),
    ),
)
USERNAME = re.compile(r"[A-Za-z0-9_.\-\u3400-\u4dbf\u4e00-\u9fff]{3,60}")
"""Latin letters and Chinese characters only: full-width or Cyrillic letters would pass for another person's name."""


def parse_role_table(path: Path) -> RoleTable:
    """Read roles.toml. Raises `Refused` that names the file and line of the unknown or missing key."""
    data = load_pack(path, KEYS).data
    sign_in: dict[str, Any] = data["sign_in"]
    return RoleTable(
        roles={
            name: Role(RoleName(name), tuple(role["actions"]), bool(role.get("second_factor", False)))
            for name, role in data["roles"].items()
        },
        sign_in=SignInRules(
            failures=sign_in["failures"],
            source_failures=sign_in["source_failures"],
            watched_after=sign_in["watched_after"],
            watched=LockRules(
                failures=sign_in["watched_failures"],
                window=timedelta(minutes=sign_in["watched_minutes"]),
                lock=timedelta(minutes=sign_in["watched_minutes"]),
            ),
            absolute=timedelta(hours=sign_in["absolute_hours"]),
            **{field: timedelta(minutes=sign_in[key]) for key, field in MINUTES.items()},
        ),
    )


@cache
def role_table() -> RoleTable:
    """The role table of this installation."""
    return parse_role_table(Path(__file__).parent / "data" / "roles.toml")


@cache
def allows(role: str, action: str) -> bool:
    """Whether the role's patterns name the action."""
    known = role_table().roles.get(role)
    return known is not None and any(fnmatchcase(action, pattern) for pattern in known.actions)


def is_reading(action: str) -> bool:
    """Whether the action changes nothing."""
    return action.endswith((".read", ".export"))


def compute_locked_until(failures: Sequence[datetime], now: datetime, rules: LockRules) -> datetime | None:
    """Until when a name is locked for a source, None when it is not.

    `failures` are the moments of failed sign-ins under it from there since the last success. The lock runs from the failure
    that filled the window, so that trying on does not prolong it.
    """
    moments = sorted(failures)
    for first, last in zip(moments, moments[rules.failures - 1 :], strict=False):
        if last - first <= rules.window and now < last + rules.lock:
            return last + rules.lock
    return None


def is_username(username: str) -> bool:
    """Whether it can be a sign-in name: 3 to 60 letters, digits, dots, hyphens, underscores."""
    return USERNAME.fullmatch(username) is not None


_CALLED = (Key("sign", Shape.TEXT, "what the browser says"), Key("name", Shape.TEXT, "what people call it"))
AGENTS = tuple(Key(name, Shape.TABLES, "the first that fits is told", keys=_CALLED) for name in ("browsers", "systems"))


@cache
def agents() -> tuple[tuple[tuple[str, str], ...], ...]:
    """(sign, name) of browsers and of systems (data/agents.toml). Raises `Refused` naming file and line."""
    data = load_pack(Path(__file__).parent / "data" / "agents.toml", AGENTS).data
    return tuple(tuple((one["sign"], one["name"]) for one in data[key.name]) for key in AGENTS)


def describe_agent(agent: str) -> str:
    """A browser in words its user recognises ("Chrome, Windows"), from what it says of itself; nothing finer is kept."""
    found = [next((word for sign, word in known if sign in agent), "") for known in agents()]
    return ", ".join(filter(None, found))


SOFTENED = str.maketrans("013457@$!", "oieastasi")
"""Signs that stand for letters in dressed-up words."""
OWN_LETTERS = 4
"""So many letters beside known words, or twice as many digits in no usual order, make a password one's own."""
USUAL_DIGITS = re.compile(r"(?:19|20)\d\d|(\d)\1+|0?123\d*|\d*321")


def is_built_from(password: str, words: Iterable[str], common: Container[str]) -> bool:
    """Whether a password is nothing but known words and common passwords with digits and signs around them.

    Each word is taken out in any case, also with digits for letters (h3li); then years, counting and repeated digits. What
    is left must hold `OWN_LETTERS` letters that are no common password themselves, a digit counting half a letter.
    """
    known = sorted({word.lower() for word in words if len(word) > 1}, key=len, reverse=True)
    for form in (password.lower(), password.lower().translate(SOFTENED)):
        left = form
        for word in known:
            left = left.replace(word, " ")
        parts = [part for part in re.split(r"[\W\d_]+", left) if len(part) < OWN_LETTERS or part not in common]
        digits = re.findall(r"\d", USUAL_DIGITS.sub(" ", left))
        if 2 * sum(map(len, parts)) + len(digits) < 2 * OWN_LETTERS:
            return True
    return False


def compute_key_digest(secret: str) -> str:
    """What is kept of a program's key. It is 256 random bits, so that a plain digest gives nothing away."""
    return sha256(secret.strip().encode()).hexdigest()
