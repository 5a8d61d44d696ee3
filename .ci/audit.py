"""Known vulnerabilities of what an interpreter has installed: exit code 1: there are some, 2: nobody could say.

`make audit`. A service that does not answer, or knows none of the packages, is no clean result. With
`--pass-unaudited`, for a CI without such a service, it is a sentence and exit code 0.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

OWN = "slicecore"
ACCEPTED = {
    "PYSEC-2024-277": "no release of joblib is without it, whose makers dispute it: joblib reads pickles of its own "
    "cache, and nothing here gives it files of others",
}
"""Advisories that are no finding as long as no release mends them, and why they do no harm here."""

_PINS = """
from importlib.metadata import distributions
for found in distributions():
    print(found.metadata["Name"], found.version)
"""
UNAUDITED = "NOT AUDITED: nothing is known of those, since no advisories for them can be reached from here."
FOUND, UNKNOWN = 1, 2


def judge(report: str) -> tuple[int, list[str]]:
    """Exit code and lines to print for a report of pip-audit in JSON, "" where it made none."""
    if not report:
        return UNKNOWN, ["The index could not be asked; the lines above say why."]
    packages = [each for each in json.loads(report)["dependencies"] if each["name"] != OWN]
    found, accepted = [], []
    for each in packages:
        for flaw in each.get("vulns", ()):
            name = f"{each['name']} {each['version']}: {flaw['id']}"
            known = ACCEPTED.keys() & {flaw["id"], *flaw.get("aliases", ())}
            if known and not flaw["fix_versions"]:
                accepted.append(f"{name}, accepted: {ACCEPTED[known.pop()]}")
            else:
                found.append(f"{name}, mended in {', '.join(flaw['fix_versions']) or 'none'}")
    skipped = [f"{each['name']}: {each['skip_reason']}" for each in packages if "skip_reason" in each]
    if found:
        return FOUND, found + accepted + skipped
    if skipped or not packages:
        return UNKNOWN, [
            *accepted,
            *skipped,
            f"{len(skipped)} of {len(packages)} packages could not be looked up.",
        ]
    return 0, [*accepted, f"No {'other ' * bool(accepted)}known vulnerability in {len(packages)} packages."]


def pins(listed: str) -> str:
    """Requirements for packages that are listed with their versions, a line each.

    The index knows no local versions, such as 2.15.0+cpu of PyTorch's own builds: it is asked for the release.
    """
    there = dict(line.split() for line in listed.splitlines())
    return "".join(f"{name}=={version.split('+')[0]}\n" for name, version in there.items() if name != OWN)


def main(audit: str, python: str, passes_unaudited: bool) -> int:
    """Ask about the packages of an interpreter with the program pip-audit; returns the exit code."""
    listed = subprocess.run([python, "-I", "-c", _PINS], capture_output=True, text=True, check=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        report, installed = Path(folder) / "report.json", Path(folder) / "installed.txt"
        installed.write_text(pins(listed), encoding="utf-8")
        options = [
            *("--progress-spinner", "off", "--format", "json", "--output", str(report)),
            *("--no-deps", "--disable-pip", "--requirement", str(installed)),
        ]
        # It also says "no known vulnerabilities found" where it has looked nothing up, so its words count only where
        # it made no report.
        done = subprocess.run([audit, *options], check=False, stderr=subprocess.PIPE, text=True)
        made = report.read_text(encoding="utf-8") if report.exists() else ""
        sys.stdout.write("" if made else done.stderr)
        status, lines = judge(made)
    if status == UNKNOWN and passes_unaudited:
        status, lines = 0, [*lines[-1:], UNAUDITED]
    sys.stdout.write("\n".join([*lines, ""]))
    return status


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pass-unaudited", action="store_true")
    parser.add_argument("audit", help="the program pip-audit")
    parser.add_argument("python", help="the interpreter whose packages are looked up")
    given = parser.parse_args()
    sys.exit(main(given.audit, given.python, given.pass_unaudited))
