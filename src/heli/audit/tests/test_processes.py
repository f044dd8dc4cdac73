"""Two processes that write at once never fork the chain; on a real SQLite file and on PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

WRITER = """
import django, sys
django.setup()
from heli.audit.services import writing
from heli.kernel.access import SYSTEM
sys.stdin.readline()  # both start together
for number in range(150):
    with writing(SYSTEM, "accounts.test") as act:
        act.after = {"writer": sys.argv[1], "number": number}
"""


@pytest.mark.migrations
@pytest.mark.django_db(transaction=True)
def test_two_processes_write_one_chain(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "heli.config.settings",
        "HELI_VAR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/heli.sqlite3",
        "HELI_ANCHOR_KEY": "a key",
    }
    if connection.vendor == "postgresql":
        its = connection.settings_dict
        environment["DATABASE_URL"] = (
            f"postgresql://{its['USER']}:{its['PASSWORD']}@{its['HOST']}:{its['PORT'] or 5432}/{its['NAME']}"
        )
    else:
        heli(environment, "migrate", "--verbosity", "0")
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, name], env=environment, stdin=subprocess.PIPE) for name in "ab"
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"\n")
        writer.stdin.close()
    assert [writer.wait(120) for writer in writers] == [0, 0]
    assert "300 entries in order, anchored at 300" in heli(environment, "audit", "verify")


def heli(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "django", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
