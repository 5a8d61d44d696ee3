"""The foot of the page: keys, and whether the verdicts are saved."""

from __future__ import annotations

from app import state
from app.components.footer import footer
from app.panels.saving import reviewer


def foot() -> None:
    """Draw the foot."""
    footer(reviewer=reviewer(), key="footer", seq=state.seq())
