"""Preloading of compiled code and models that later steps need, while clips are decoded."""

from __future__ import annotations

import threading

import numpy as np

from slicecore.pipeline.analysis import EMBEDDING, Progress

_ENGLISH = "A sentence that is long enough to have a language."


def preloading(report: Progress, explain: bool) -> Progress:
    """Progress that starts to preload, once, when there are clips to be computed.

    Clustering, the test, and explaining where it is asked for, take a second to load, and three more where nothing is
    compiled yet. Where all vectors are stored already, not all of that is needed, and there is no time to load it in.
    """
    # Complete before there are threads: two that import parts of it at once may each see it half made.
    import scipy  # noqa: F401

    started = threading.Event()

    def reporting(step: str, done: int, total: int) -> None:
        if step == EMBEDDING and done < total and not started.is_set():
            started.set()
            threading.Thread(target=load, args=(explain,), name="preload", daemon=True).start()
        report(step, done, total)

    return reporting


def load(explain: bool) -> None:
    """Load what a search needs after the embedding."""
    from slicecore.clustering.hierarchy import build_hierarchy
    from slicecore.slices.permutation_kernels import run_once

    build_hierarchy([np.eye(8, dtype=np.float32)])
    run_once()
    if explain:
        from slicecore.text.language import languages

        languages([_ENGLISH])
        import scipy.stats  # noqa: F401
