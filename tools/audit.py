"""The bill of materials, and known holes in what Heli is made of: `python3 run.py audit`.

Writes var/sbom.cdx.json (CycloneDX): every library of requirements/base.txt with its hashes, and the browser modules of
package-lock.json. Then asks the public index of known holes about the libraries. Exit code 0: asked, none known; 1: some
are known, they are named; 2: the index cannot be reached or says nothing about some (the bill of materials is there all the same).

Standard library only; its two tools are locked in requirements/audit.txt and live in a folder of their own, never in the
environment that serves.
"""

import base64
import hashlib
import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / "var" / "audit-tools"
LOCK = ROOT / "requirements" / "audit.txt"
SERVED = ROOT / "requirements" / "base.txt"
BILL = ROOT / "var" / "sbom.cdx.json"
NONE_KNOWN, SOME_KNOWN, NOT_ASKED = 0, 1, 2


def install_tools() -> None:
    """A virtual environment with the tools as they are locked; nothing to do when it agrees already."""
    wanted, stamp = hashlib.sha256(LOCK.read_bytes()).hexdigest(), TOOLS / "installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("· installing requirements/audit.txt (once)", file=sys.stderr, flush=True)
    venv.create(TOOLS, with_pip=True, clear=True)
    command = [
        tool("python"),
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        str(LOCK),
    ]
    if subprocess.run(command, check=False).returncode:
        raise SystemExit(
            "the tools of the audit could not be installed: check the way to the package index, then run this again"
        )
    stamp.write_text(wanted)


def tool(name: str) -> str:
    """A program of the tools' environment."""
    folder = TOOLS / ("Scripts" if sys.platform == "win32" else "bin")
    return str(folder / name)


def write_bill() -> int:
    """Write the bill of materials; how many components it names."""
    BILL.parent.mkdir(exist_ok=True)
    command = [
        tool("cyclonedx-py"), "requirements", str(SERVED), "--pyproject", str(ROOT / "pyproject.toml"),
        "--output-reproducible", "--of", "JSON", "-o", str(BILL),
    ]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True)
    bill = json.loads(BILL.read_text(encoding="utf-8"))
    bill["components"] += browser_modules(json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8")))
    BILL.write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(bill["components"])


def browser_modules(lock: dict[str, Any]) -> list[dict[str, Any]]:
    """The components of a package-lock.json, with the hashes that npm holds them to."""
    found = []
    for path, package in sorted(lock["packages"].items()):
        if not path:
            continue  # Heli itself
        name = path.rpartition("node_modules/")[2]
        purl = f"pkg:npm/{name.replace('@', '%40', 1)}@{package['version']}"
        algorithm, _dash, digest = package.get("integrity", "").partition("-")
        hashes = (
            [{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": base64.b64decode(digest).hex()}]
            if digest
            else []
        )
        found.append(
            {
                "type": "library",
                "bom-ref": purl,
                "name": name,
                "version": package["version"],
                "purl": purl,
                "hashes": hashes,
            }
        )
    return found


def ask_for_holes() -> int:
    """Ask about the libraries; say what came back, and return the exit code."""
    command = [
        tool("pip-audit"), "-r", str(SERVED), "--require-hashes", "--disable-pip", "--progress-spinner", "off",
        "--format", "json", "--timeout", "20",
    ]  # fmt: skip
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        libraries = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = (asked.stderr.strip().splitlines() or ["no answer"])[-1]
        print(f"The index of known holes cannot be reached from here, so nothing was asked ({last[:200]}).")
        return NOT_ASKED
    holes = [(one["name"], one["version"], hole) for one in libraries for hole in one.get("vulns", ())]
    for name, version, hole in holes:
        print(f"{name} {version}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no version yet'}")
    # Of what the index does not answer about, pip-audit says "skipped": that is no clean bill.
    skipped = [one["name"] for one in libraries if "skip_reason" in one]
    if len(skipped) == len(libraries):
        print("The index of known holes answers about none of the libraries from here, so nothing is known.")
        return NOT_ASKED
    print(f"{len(libraries) - len(skipped)} libraries asked about, {len(holes)} known holes.")
    if skipped:
        print(f"No answer about: {', '.join(skipped)}")
    return SOME_KNOWN if holes else NOT_ASKED if skipped else NONE_KNOWN


def main() -> int:
    """Both; the exit code is that of the question."""
    install_tools()
    print(f"{BILL.relative_to(ROOT)}: {write_bill()} components")
    return ask_for_holes()


if __name__ == "__main__":
    sys.exit(main())
