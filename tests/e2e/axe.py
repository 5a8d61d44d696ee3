"""Findings of axe-core on a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe


def serious(page):
    """Serious and critical findings on a page or in a frame: rule, element, and why."""
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (violation["id"], node["html"][:120], node["failureSummary"][:200])
        for violation in violations
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
