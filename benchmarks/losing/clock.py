"""A clock that goes back while results are stored."""

from __future__ import annotations

import time
from pathlib import Path
from unittest.mock import patch

import numpy as np

from losing.outcome import Trial
from slicecore.storage.clip_store import Store
from slicecore.storage.outcome import Outcome

BATCHES, CLIPS, NUMBERS = 20, 50, 215
BACK_S = 400 * 86_400


def clock_back(folder: Path) -> Trial:
    """Store batches of results while the clock goes back by a year and more; then shrink the cache to half."""
    outcomes = [
        {
            (CLIPS * batch + clip).to_bytes(16, "big"): Outcome(np.full(NUMBERS, batch, np.float32))
            for clip in range(CLIPS)
        }
        for batch in range(BATCHES)
    ]
    now = time.time()
    with Store(folder) as store:
        for batch, made in enumerate(outcomes):
            moment = now + batch if batch < BATCHES // 2 else now + batch - BACK_S
            with patch("time.time", lambda moment=moment: moment):
                store.keep("model", made)
        with patch("time.time", lambda: now + BATCHES - BACK_S):
            found = [len(store.outcomes("model", made)) for made in outcomes[BATCHES // 2 :]]
            store.prune(store.bytes() // 2)
            left = [len(store.outcomes("model", made)) for made in outcomes]
    late = sum(left[BATCHES // 2 :]) / sum(left)
    return Trial(
        "clock goes back by 400 days while results are stored",
        BATCHES,
        f"{sum(found):,} of {BATCHES // 2 * CLIPS:,} results stored after it are found; in a cache of half the size "
        f"{late:.0%} are of those",
        sum(found) == BATCHES // 2 * CLIPS and late > 0.9,
    )
