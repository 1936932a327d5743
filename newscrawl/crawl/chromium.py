"""Finds a Chromium and what drives it, or says what to install."""

from __future__ import annotations

import importlib.util
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REMEDY = "pip install -r requirements-browser.txt, and have Chromium in PATH (apt-get install chromium)"


def path() -> str:
    """The path of a Chromium that is installed.

    Raises:
        LookupError: none is, or playwright is not; says what to do.
    """
    if importlib.util.find_spec("playwright") is None:
        raise LookupError(f"playwright is not installed: {REMEDY}; or leave the setting empty")
    found = next((where for name in NAMES if (where := shutil.which(name))), None)
    if found is None:
        raise LookupError(f"no Chromium in PATH ({', '.join(NAMES)}): {REMEDY}")
    return found
