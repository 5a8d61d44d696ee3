"""Slices that a session has seen confirmed, and why thresholds of now do not confirm them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from slicecore.slices.options import CONFIRMED, POSSIBLE
from slicecore.wording import clips, p_value

if TYPE_CHECKING:
    from slicecore.slices.scanner import Scan


@dataclass(frozen=True)
class Confirmed:
    """The test that confirmed a slice: its p, and the thresholds."""

    p_value: float
    min_support: int
    min_drop: float


def take_note(key: Hashable, scan: Scan) -> None:
    """Remember which slices a scan confirmed; `key` names all that the test depends on but the thresholds."""
    known = _known(key)
    for slice_ in scan.slices:
        if slice_.tier == CONFIRMED and slice_.p_value is not None:
            known[slice_.id] = Confirmed(slice_.p_value, scan.min_support, scan.min_drop)


def no_longer_confirmed(key: Hashable, scan: Scan) -> dict[str, str]:
    """Sentences, by slice id, on slices that are possible now and were confirmed at other thresholds."""
    known = _known(key)
    return {
        slice_.id: why_not_confirmed(before, scan)
        for slice_ in scan.slices
        if slice_.tier == POSSIBLE and (before := known.get(slice_.id))
    }


def why_not_confirmed(before: Confirmed, scan: Scan) -> str:
    """The reason in the thresholds that a slice is confirmed no longer, in two sentences."""
    from slicecore.slices.cluster_null import SETTINGS

    text = scan.costs.threshold_text
    was = (
        f"It was confirmed, {p_value(before.p_value)}, at a minimum of {clips(before.min_support)} and "
        f"{text(before.min_drop)}"
    )
    if scan.min_drop > before.min_drop:
        now, then = (text(SETTINGS.margin * drop) for drop in (scan.min_drop, before.min_drop))
        return f"{was}. With a larger minimum drop, less of its excess counts: only what goes beyond {now}, not {then}"
    if scan.min_support < before.min_support:
        return f"{was}. Smaller clusters are tested now, too: among more of them chance goes further"
    return f"{was}. Other slices are confirmed now, and it is tested among the clips that are left"


def _known(key: Hashable) -> dict[str, Confirmed]:
    """Slices confirmed in this session; those of another table, model or metric are forgotten."""
    last, known = st.session_state.get("confirmed_slices", (None, {}))
    if last != key:
        known = {}
        st.session_state["confirmed_slices"] = (key, known)
    return known
