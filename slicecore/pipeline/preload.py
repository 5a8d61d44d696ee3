"""Preloading of libraries and models that later steps need, while clips are decoded."""

from __future__ import annotations

import threading

import numpy as np

from slicecore.pipeline.analysis import CLUSTERING, EMBEDDING, Progress

_ENGLISH = "A sentence that is long enough to have a language."


def preloading(report: Progress, explain: bool) -> Progress:
    """Progress that starts to preload, once, when there are clips to be computed, and is done before clustering.

    Clustering, the test, and explaining where it is asked for, take a second to load. Where all vectors are stored
    already, not all of that is needed, and there is no time to load it in.
    """
    # Complete before there are threads: two that import parts of it at once may each see it half made.
    import scipy  # noqa: F401

    started, ready = threading.Event(), threading.Event()

    def reporting(step: str, done: int, total: int) -> None:
        if step == EMBEDDING and done < total and not started.is_set():
            started.set()
            # Not a daemon: one that is ended within a library takes the process down with it.
            threading.Thread(target=load, args=(explain, ready), name="preload").start()
        if step == CLUSTERING and started.is_set():
            ready.wait()
        report(step, done, total)

    return reporting


def load(explain: bool, ready: threading.Event) -> None:
    """Load what a search needs after the embedding; sets `ready` when clustering is there.

    Stops halfway where the program ends meanwhile.
    """
    from slicecore.clustering.hierarchy import build_hierarchy

    try:
        build_hierarchy([np.eye(8, dtype=np.float32)])
    finally:
        ready.set()
    if explain and threading.main_thread().is_alive():
        from slicecore.text.language import languages

        languages([_ENGLISH])
