"""Groups of damaged clips among clean ones: what is named, and whether it is right, fits or is wrong."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cause_finding.damage import DAMAGE, HARMLESS
from cause_finding.plants import Kind, Others, Spoken
from cause_finding.pool import Labelled, Pool
from cause_finding.store import Store
from slicecore.explain.causes import Cause, find_causes

CLIPS = 30
DRAWS = {8: 4, 15: 4, 30: 1}
"""Groups that are drawn of each size."""

RIGHT, FITS, WRONG, NONE = "right", "fits", "wrong", "none"


@dataclass(frozen=True)
class Statement:
    """What is named for a group: the causes, best first, and their sentences."""

    planted: str
    level: str
    seed: int
    size: int
    causes: tuple[str, ...]
    sentences: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        """The kind that is planted."""
        return DAMAGE[self.planted, self.level]

    @property
    def verdict(self) -> str:
        """Verdict on the first cause."""
        if not self.causes:
            return RIGHT if self.level == HARMLESS else NONE
        return judged(self.kind, self.causes[0])

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """Causes that are named in any place and are wrong, with their sentences."""
        pairs = zip(self.causes, self.sentences, strict=True)
        return [(name, text) for name, text in pairs if judged(self.kind, name) == WRONG]


def judged(kind: Kind, cause: str) -> str:
    """Verdict on a cause that is named: right, fits or wrong."""
    if cause == kind.cause or cause in kind.also:
        return RIGHT
    return FITS if cause in kind.fits else WRONG


class Bench:
    """Clean clips of a table at a sampling rate, of which 30, drawn per kind and seed, are damaged."""

    def __init__(self, data: Labelled, rate: int, store: Store) -> None:
        self._rate, self._store = rate, store
        self._of = (data.path.resolve(), data.path.stat().st_mtime_ns, rate)
        self._clips: list[Spoken] = data.clean(rate)
        self.clean: Pool = store.pool(self._of, lambda: self._clips)

    def groups(self, seed: int, only: str = "") -> Iterator[Statement]:
        """Groups of all kinds, or of those whose name contains a text, with what is named for them."""
        for (name, level), kind in DAMAGE.items():
            if self._rate >= kind.least_rate and only in f"{name}, {level}":
                yield from self._of_kind(name, level, kind, seed)

    def _of_kind(self, name: str, level: str, kind: Kind, seed: int) -> Iterator[Statement]:
        random = np.random.default_rng([seed, zlib.crc32(f"{name}, {level}".encode())])
        rows = random.choice(len(self._clips), CLIPS, replace=False)
        others = Others(self._clips, np.random.default_rng(random.integers(2**32)))
        planted = self._store.pool(
            (*self._of, name, level, seed),
            lambda: [kind.plant(self._clips[row], others) for row in rows],
            keep_clips=bool(kind.needs),
        )
        base = self.clean.some(np.setdiff1d(np.arange(len(self._clips)), rows))
        for size, draws in DRAWS.items():
            for _ in range(draws):
                some = planted.some(random.choice(CLIPS, size, replace=False))
                causes = find_causes(base.signal_context(some), np.arange(len(base), len(base) + size))
                yield _statement(name, level, seed, size, causes)

    def random_groups(self, draws: int, seed: int) -> list[tuple[str, ...]]:
        """Causes of random groups of 8 to 40 clean clips."""
        random, context = np.random.default_rng(seed), self.clean.signal_context()
        sizes = random.integers(8, 41, draws)
        groups = (random.choice(len(self.clean), size, replace=False) for size in sizes)
        return [tuple(cause.name for cause in find_causes(context, group)) for group in groups]


def _statement(name: str, level: str, seed: int, size: int, causes: tuple[Cause, ...]) -> Statement:
    sentences = tuple(f"{cause.label}: {cause.evidence}" for cause in causes)
    return Statement(name, level, seed, size, tuple(cause.name for cause in causes), sentences)
