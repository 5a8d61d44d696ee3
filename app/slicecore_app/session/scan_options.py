"""Options of a scan by the settings of the page, and drops of the scan as the page has them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import streamlit as st

from slicecore.errors import SlicecoreError
from slicecore.slices.options import Options
from slicecore_app.session import threshold_steps
from slicecore_app.session.parsing import Table
from slicecore_app.session.settings import OPTIONS, SETTINGS


def chosen_options() -> Options:
    """The choices of now as the options of a scan."""
    return _options_of(st.session_state)


def options_of_view(view: Mapping[str, str], table: Table) -> Options:
    """The choices of a view as the options of a scan; what doesn't fit, or is not in it, as where nothing was chosen.

    Parameters
    ----------
    view
        Texts by the names of settings in an address.
    table
        The table, with the choices on which those of the scan depend.
    """
    now = dict(table.now)
    table = replace(table, now=now)
    for setting in SETTINGS:
        if setting.to_scan is None and setting not in OPTIONS:
            continue
        now[setting.name] = setting.default(table)
        if setting.url in view:
            with suppress(ValueError, KeyError, TypeError, SlicecoreError):
                now[setting.name] = setting.parse(view[setting.url], table)
    return _options_of(now)


def drop_as_setting(drop: float, *, is_rate: bool, relative: bool) -> float:
    """A drop of the scan as the minimum drop of the page: in percent for rates and shares."""
    unit = threshold_steps.per_unit(is_rate, relative)
    return float(drop) if unit == 1 else round(unit * drop, 6)


def _options_of(now: Mapping[Any, Any]) -> Options:
    return Options(
        **{
            setting.name: setting.to_scan(now[setting.name], now)
            for setting in SETTINGS
            if setting.to_scan is not None
        }
    )
