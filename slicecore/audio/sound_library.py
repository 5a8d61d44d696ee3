"""The package librosa, imported when it is needed."""

from __future__ import annotations

import warnings
from functools import cache
from types import ModuleType


@cache
def librosa() -> ModuleType:
    """The package librosa.

    It imports tqdm, which in a notebook without ipywidgets warns of a bar that nobody wants to see.
    """
    warnings.filterwarnings("ignore", message="IProgress not found")
    import librosa
    import librosa.filters

    return librosa
