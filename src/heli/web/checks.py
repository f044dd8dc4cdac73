"""What `heli check` looks at besides the rows: whether the folder is closed to others."""

from collections.abc import Iterator

from heli.kernel.faults import Fault, Severity
from heli.web.folder import find_open


def check_invariants() -> Iterator[Fault]:
    """Problems found; reads only."""
    for path in find_open():
        text = f"{path} is open to other accounts of this machine: chmod go= {path}"
        yield Fault("folder_open", text, severity=Severity.WARNING, source="folder")
