"""Preloading of compiled code and models that later steps need, while clips are decoded."""

from __future__ import annotations

import threading

from slicecore.pipeline import kernels
from slicecore.pipeline.analysis import CLUSTERING, EMBEDDING, Progress

_ENGLISH = "A sentence that is long enough to have a language."


def preloading(report: Progress, explain: bool) -> Progress:
    """Progress that starts to preload, once, when there are clips to be computed, and has kernels before clustering.

    Clustering, the test, and explaining where it is asked for, take a second to load, and three more where nothing is
    compiled yet. Where all vectors are stored already, not all of that is needed, and there is no time to load it in.
    """
    # Complete before there are threads: two that import parts of it at once may each see it half made.
    import scipy  # noqa: F401

    started, ready = threading.Event(), threading.Event()

    def reporting(step: str, done: int, total: int) -> None:
        if step == EMBEDDING and done < total and not started.is_set():
            started.set()
            # Not a daemon: one that is ended within compiled code takes the process down with it.
            threading.Thread(target=load, args=(explain, ready), name="preload").start()
        if step == CLUSTERING and started.is_set():
            ready.wait()
        report(step, done, total)

    return reporting


def load(explain: bool, ready: threading.Event) -> None:
    """Load what a search needs after the embedding; sets `ready` when the kernels are there.

    Stops halfway where the program ends meanwhile.
    """
    try:
        kernels.compile_apart(_goes_on)
        if _goes_on():
            kernels.run_all()
    finally:
        ready.set()
    if explain and _goes_on():
        from slicecore.text.language import languages

        languages([_ENGLISH])


def _goes_on() -> bool:
    return threading.main_thread().is_alive()
