"""Which apps are Heli's contexts, and what they offer by name: figures, gates, ledgers, what is due.

Knows Django's registry of apps and nothing else of it. An app is a context when it is named `heli.…`, or says
`is_context = True` in its `AppConfig` (a locality's own, the trial ledger of the tests).
"""

import importlib
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

from django.apps import AppConfig, apps


def is_context(config: AppConfig) -> bool:
    """Whether an installed app is one of Heli's contexts."""
    return config.name.startswith("heli.") or getattr(config, "is_context", False)


def contexts() -> list[AppConfig]:
    """The installed contexts by name."""
    return sorted(filter(is_context, apps.get_app_configs()), key=lambda config: config.name)


def offered(module: str, name: str) -> Iterator[Any]:
    """What every context offers under a name in its module: offered("gates", "GATES"). A context without it offers nothing."""
    for config in contexts():
        yield from getattr(_module(f"{config.name}.{module}"), name, ())


@cache
def _module(path: str) -> ModuleType | None:
    """The module, or None where there is none: Python itself would look for it in every folder each time it is asked."""
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError as missing:
        if missing.name != path:
            raise
        return None
