"""LibreOffice, where it is installed: the only way to a PDF of a Word file that somebody edited."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

MOST_SECONDS = 120
AT_A_TIME = 40
"""Files of one call: they share its time."""


def has_office() -> bool:
    """Whether LibreOffice is installed here."""
    return shutil.which("soffice") is not None


def docx_to_pdf(content: bytes) -> bytes:
    """A Word file as PDF, converted in a folder and with a profile of its own. Raises ValueError when it does not succeed."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "document.docx"
        source.write_bytes(content)
        _convert([source], Path(folder))
        target = source.with_suffix(".pdf")
        if not target.exists():
            raise ValueError("LibreOffice could not convert the document")
        return target.read_bytes()


def open_all(sources: Sequence[Path]) -> list[Path]:
    """Those of the Word files that LibreOffice does not open; many at a time, for it starts slowly. Raises ValueError as above."""
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, len(sources), AT_A_TIME):
            _convert(sources[start : start + AT_A_TIME], Path(folder))
        return [source for source in sources if not (Path(folder) / f"{source.stem}.pdf").exists()]


def _convert(sources: Sequence[Path], folder: Path) -> None:
    command = shutil.which("soffice")
    if command is None:
        raise ValueError("LibreOffice is not installed")
    words = [
        command, "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile",
        "--convert-to", "pdf", "--outdir", str(folder), *map(str, sources),
    ]  # fmt: skip
    try:
        subprocess.run(words, capture_output=True, timeout=MOST_SECONDS, check=True)
    except (subprocess.SubprocessError, OSError) as wrong:
        raise ValueError("LibreOffice could not convert the document") from wrong
