"""Findings of axe-core on a page."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT

_RUN = "(part) => axe.run(part ?? document, { resultTypes: ['violations'] })"


def serious(page, part=None):
    """Serious and critical findings on a page, in a frame or in a part (locator) of it: rule, element, and why."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    violations = page.evaluate(_RUN, part and part.element_handle())["violations"]
    return [
        (violation["id"], node["html"][:120], node["failureSummary"][:200])
        for violation in violations
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
