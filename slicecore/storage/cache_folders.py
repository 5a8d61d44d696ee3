"""Names of everything in a cache folder beside the store of results per clip: one place to add another kind."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path


class CacheFolder(StrEnum):
    """Folders of the cache; each holds one kind of thing that can be made again.

    `TABLES` are large tables as they were read, `OUTCOMES` the results per clip of all their clips, `PARTS` come
    from a cluster's workers, `TREES` are hierarchies, `MAPS` places of clips, `COUNTS` errors and measurements of
    texts, `SHUFFLES` maxima of a permutation test, `CHOICES` the metadata slices that were chosen, `MODELS`
    checkpoints converted to safetensors, and `PRECISION` says in how many bits a model computes here.
    """

    TABLES = "tables"
    OUTCOMES = "outcomes"
    PARTS = "parts"
    TREES = "trees"
    MAPS = "maps"
    COUNTS = "counts"
    SHUFFLES = "shuffles"
    CHOICES = "choices"
    PRECISION = "precision"
    MODELS = "models"

    @property
    def is_costly(self) -> bool:
        """True if its entries take a download to make again, not a moment."""
        return self is CacheFolder.MODELS

    def within(self, cache: Path) -> Path:
        """Path of the folder in a cache."""
        return cache / self.value
