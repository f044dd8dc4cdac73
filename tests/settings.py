"""The settings of the tests: those of every installation, and the trial ledger (tests/trial) as a context of its own."""

from pathlib import Path

from heli.config.settings import *  # noqa: F403 - the settings, and what tests change
from heli.config.settings import INSTALLED_APPS
from heli.ui.messages import compile_po, po_path

INSTALLED_APPS = [*INSTALLED_APPS, "tests.trial.inspection"]
compile_po(po_path(Path(__file__).parent / "trial" / "inspection"))
