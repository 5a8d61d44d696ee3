"""The calls of the sliceguard library (version 0.0.35) on this engine: `find_issues` and `report`.

A script changes its import to `from slicecore.sliceguard import SliceGuard` and runs. What has no meaning here is
accepted and answered with a warning that says why.
"""

from slicecore.sliceguard.calls import SliceGuard

__all__ = ["Audio", "SliceGuard"]

Audio = "audio"
"""For scripts that say `spotlight_dtype={"audio": Audio}`: the page knows by itself which column is audio."""
