"""Packages of Debian, where this process may install them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path


def install(*arguments: str) -> bool:
    """Install a package with the arguments of `apt-get install`; True if it is there.

    Two processes take turns: apt refuses the second.
    """
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    from filelock import FileLock

    with FileLock(Path(tempfile.gettempdir()) / "slicecore-apt.lock"):
        commands = (["update", "-qq"], ["install", "-y", "-qq", *arguments])
        return not any(
            subprocess.run(["apt-get", *command], stdout=subprocess.DEVNULL, check=False).returncode
            for command in commands
        )
