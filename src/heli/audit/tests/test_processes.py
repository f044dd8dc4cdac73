"""Two processes that write at once never fork the chain; on a real SQLite file and on PostgreSQL."""

import subprocess
import sys

import pytest

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
def test_two_processes_write_one_chain(environs: dict[str, str]) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, name], env=environs, stdin=subprocess.PIPE) for name in "ab"
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"\n")
        writer.stdin.close()
    assert [writer.wait(120) for writer in writers] == [0, 0]
    verify = [sys.executable, "-m", "django", "audit", "verify"]
    said = subprocess.run(verify, env=environs, capture_output=True, text=True, check=False)
    assert "300 entries in order, anchored at 300" in said.stdout, said.stderr
