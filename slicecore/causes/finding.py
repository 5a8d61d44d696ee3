"""Which causes hold for a group of clips."""

from __future__ import annotations

import numpy as np

from slicecore.causes.cause import Cause
from slicecore.causes.context import Context


def find_causes(context: Context, inside: np.ndarray) -> tuple[Cause, ...]:
    """Name what is probably wrong with a group of clips.

    Parameters
    ----------
    context
        The whole set.
    inside
        (n,) bool, or rows: the group.

    Returns
    -------
    tuple of Cause
        Most probable first; empty where no audible cause is found.
    """
    return ()
