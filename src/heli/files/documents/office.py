"""LibreOffice, where it is installed: the only way to a PDF of a Word file that somebody edited."""

import shutil
import subprocess
import tempfile
from pathlib import Path

MOST_SECONDS = 120


def has_office() -> bool:
    """Whether LibreOffice is installed here."""
    return shutil.which("soffice") is not None


def docx_to_pdf(content: bytes) -> bytes:
    """A Word file as PDF, converted in a folder and with a profile of its own. Raises ValueError when it does not succeed."""
    command = shutil.which("soffice")
    if command is None:
        raise ValueError("LibreOffice is not installed")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "document.docx", Path(folder) / "document.pdf"
        source.write_bytes(content)
        words = [
            command, "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to", "pdf", "--outdir", folder, str(source),
        ]  # fmt: skip
        try:
            subprocess.run(words, capture_output=True, timeout=MOST_SECONDS, check=True)
        except (subprocess.SubprocessError, OSError) as wrong:
            raise ValueError("LibreOffice could not convert the document") from wrong
        if not target.exists():
            raise ValueError("LibreOffice could not convert the document")
        return target.read_bytes()
