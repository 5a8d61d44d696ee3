"""Groups of damaged clips among clean ones: what is named, and whether it is right, fits or is wrong."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from cause_finding.damage import DAMAGE, HARMLESS
from cause_finding.plants import Kind, Others, Spoken
from cause_finding.pool import Labelled, Pool
from cause_finding.store import Store
from slicecore.explain.causes import find_causes

DRAWS = {8: 4, 15: 4, 30: 1}
"""Groups that are drawn of each size."""

RIGHT, FITS, WRONG, NONE = "right", "fits", "wrong", "none"


@dataclass(frozen=True)
class Statement:
    """What is named for a group: the causes, best first, and their sentences."""

    planted: str
    level: str
    kind: Kind
    seed: int
    size: int
    causes: tuple[str, ...]
    sentences: tuple[str, ...]

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
    """Clean clips of a table at a sampling rate, of which some, drawn per kind and seed, are damaged.

    Parameters
    ----------
    data
        The table.
    rate
        Sampling rate in Hz that its clips are brought to.
    store
        Where measured clips are kept.
    kinds
        By name and level.
    draws
        Number of groups of each size; as many clips as the largest has are damaged.
    """

    def __init__(
        self,
        data: Labelled,
        rate: int,
        store: Store,
        kinds: Mapping[tuple[str, str], Kind] = DAMAGE,
        draws: Mapping[int, int] = DRAWS,
    ) -> None:
        self._rate, self._store, self._kinds, self._draws = rate, store, kinds, draws
        self._of = (data.path.resolve(), data.path.stat().st_mtime_ns, rate)
        self._clips: list[Spoken] = data.clean(rate)
        self.clean: Pool = store.pool(self._of, lambda: self._clips)

    def groups(self, seed: int, only: str = "") -> Iterator[Statement]:
        """Groups of all kinds, or of those whose name contains a text, with what is named for them."""
        for name, level in self.keys():
            if only in f"{name}, {level}":
                yield from self._of_kind(name, level, seed)

    def planted(self, name: str, level: str, seed: int) -> tuple[np.ndarray, list[Spoken]]:
        """Rows of the clean clips that a kind is planted on, and the damaged clips."""
        random = _random(name, level, seed)
        rows = random.choice(len(self._clips), max(self._draws), replace=False)
        others = Others(self._clips, random)
        return rows, [self._kinds[name, level].plant(self._clips[row], others) for row in rows]

    def keys(self) -> list[tuple[str, str]]:
        """Names and levels of the kinds that are planted at this sampling rate."""
        return [key for key, kind in self._kinds.items() if self._rate >= kind.least_rate]

    def group(self, name: str, level: str, seed: int, size: int) -> tuple[Statement, list[Spoken], Spoken]:
        """One group with what is named for it, its clips, and a clip of the rest."""
        rows, clips = self.planted(name, level, seed)
        pool, base = self._pools(name, level, seed)
        statement = self._stated((name, level), seed, base, pool.some(np.arange(size)))
        rest = np.setdiff1d(np.arange(len(self._clips)), rows)
        return statement, clips[:size], self._clips[int(rest[seed % len(rest)])]

    def _of_kind(self, name: str, level: str, seed: int) -> Iterator[Statement]:
        planted, base = self._pools(name, level, seed)
        random = _random(name, level, seed + 1)
        for size, draws in self._draws.items():
            for _ in range(draws):
                some = planted.some(random.choice(len(planted), size, replace=False))
                yield self._stated((name, level), seed, base, some)

    def _pools(self, name: str, level: str, seed: int) -> tuple[Pool, Pool]:
        """Damaged clips, and the clean ones that they are not made of."""
        count = max(self._draws)
        rows = _random(name, level, seed).choice(len(self._clips), count, replace=False)
        planted = self._store.pool(
            (*self._of, name, level, seed, count),
            lambda: self.planted(name, level, seed)[1],
            keep_clips=bool(self._kinds[name, level].needs),
        )
        return planted, self.clean.some(np.setdiff1d(np.arange(len(self._clips)), rows))

    def _stated(self, key: tuple[str, str], seed: int, base: Pool, group: Pool) -> Statement:
        rows = np.arange(len(base), len(base) + len(group))
        causes = find_causes(base.signal_context(group), rows)
        sentences = tuple(f"{cause.label}: {cause.evidence}" for cause in causes)
        names = tuple(cause.name for cause in causes)
        return Statement(*key, self._kinds[key], seed, len(group), names, sentences)

    def random_groups(self, draws: int, seed: int) -> list[tuple[str, ...]]:
        """Causes of random groups of 8 to 40 clean clips."""
        random, context = np.random.default_rng(seed), self.clean.signal_context()
        sizes = random.integers(8, 41, draws)
        groups = (random.choice(len(self.clean), size, replace=False) for size in sizes)
        return [tuple(cause.name for cause in find_causes(context, group)) for group in groups]


def _random(name: str, level: str, seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(f"{name}, {level}".encode())])
