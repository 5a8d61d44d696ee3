"""Texts made of single clips that pages ask for again, of which the newest are kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence

from cachetools import LRUCache

ENTRY = 220
"""Bytes that an entry takes beside its text."""


class RecentTexts:
    """A memory of texts, in ASCII, by key; those that nobody asked for longest go first.

    Parameters
    ----------
    most_bytes
        Bytes that all of them may take.
    """

    def __init__(self, most_bytes: int) -> None:
        self._lock = threading.Lock()
        self._texts: LRUCache[Hashable, str] = LRUCache(most_bytes, lambda text: len(text) + ENTRY)

    def get(self, keys: Sequence[Hashable], make: Callable[[Sequence[int]], Sequence[str]]) -> list[str]:
        """The texts under keys; `make` gives those of the keys at some positions, which are not kept."""
        with self._lock:
            texts = {key: self._texts[key] for key in keys if key in self._texts}
        missing = [position for position, key in enumerate(keys) if key not in texts]
        texts |= zip([keys[position] for position in missing], make(missing) if missing else (), strict=True)
        with self._lock:
            for position in missing:
                text = texts[keys[position]]
                if len(text) + ENTRY <= self._texts.maxsize:
                    self._texts[keys[position]] = text
        return [texts[key] for key in keys]
