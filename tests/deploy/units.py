"""Asks systemd what it makes of our units, on a machine that has neither our folder nor our user."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

PYTHON = "/srv/newscrawl/.venv/bin/python"


def verify(units: Iterable[Path], folder: Path) -> tuple[list[str], int, str]:
    """What systemd says of the units that is about them, its exit code, and all that it says."""
    copies = []
    for unit in units:
        copies.append(folder / unit.name)
        text = unit.read_text("utf-8").replace(PYTHON, "/bin/true")
        copies[-1].write_text(text.replace("User=newscrawl\n", ""), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, copies)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if str(folder) in line or "newscrawl" in line]
    return ours, done.returncode, done.stderr
