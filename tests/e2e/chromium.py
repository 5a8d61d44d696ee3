"""Find a Chromium for the browser tests, or get one. As a script it installs one if there is none.

The headless shell is preferred: the same engine without the windows around it, which take a third of the processor time
of a page. Where Debian has it, the script installs it beside another browser.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # as a script it finds what the tests share
import debian

SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPS = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
ADVICE = (
    "The browser tests need Chromium or Chrome and found none. Install it (Debian, Ubuntu: `sudo apt-get install "
    "chromium`; elsewhere: `.venv/bin/playwright install chromium`), or leave the browser tests out with "
    "`make test-fast`."
)


def installed() -> str | None:
    """Path of an installed browser: the system's, else Playwright's own download."""
    path = next(filter(None, map(shutil.which, NAMES)), None) or next(filter(os.path.exists, MAC_APPS), None)
    return path or _playwrights_own()


def find_or_install() -> str | None:
    """Path of a browser, installed first if need be and possible; None without any."""
    return installed() or _from_debian() or _from_playwright()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _from_debian() -> str | None:
    return installed() if debian.install(SHELL) or debian.install("chromium") else None


def _from_playwright() -> str | None:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    return (
        installed()
        if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0
        else None
    )


if __name__ == "__main__":
    if not shutil.which(SHELL):
        debian.install(SHELL)
    if not find_or_install():
        sys.exit(ADVICE)
