"""Texts made of single clips that pages ask for again, of which the newest are kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence

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
        self._most_bytes = most_bytes
        self._bytes = 0
        self._lock = threading.Lock()
        self._texts: OrderedDict[Hashable, str] = OrderedDict()

    def get(self, keys: Sequence[Hashable], make: Callable[[Sequence[int]], Sequence[str]]) -> list[str]:
        """The texts under keys; `make` gives those of the keys at some positions, which are not kept."""
        with self._lock:
            texts = {key: self._texts[key] for key in keys if key in self._texts}
        missing = [position for position, key in enumerate(keys) if key not in texts]
        texts |= zip([keys[position] for position in missing], make(missing) if missing else (), strict=True)
        with self._lock:
            for key in keys:
                if key not in self._texts:
                    self._texts[key] = texts[key]
                    self._bytes += len(texts[key]) + ENTRY
                self._texts.move_to_end(key)
            while self._bytes > self._most_bytes and self._texts:
                self._bytes -= len(self._texts.popitem(last=False)[1]) + ENTRY
        return [texts[key] for key in keys]
