"""Weak problems, one or two in a group of clips: which cause is named first, and which others."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cause_finding.plants import KINDS, Kind, Others
from cause_finding.pool import Labelled, Pool
from slicecore.explain.causes import find_causes

PLANTED = 40
SIZES = (8, 25)


@dataclass(frozen=True, eq=False)
class Workbench:
    """Half of the clean clips of a table as they are, and up to 40 of the others with each kind of problem."""

    rate: int
    base: Pool
    planted: dict[str, Pool]

    @classmethod
    def of(cls, data: Labelled, rate: int) -> "Workbench":
        """Plant and measure."""
        clips = data.clean(rate)
        base, source = clips[: len(clips) // 2], clips[len(clips) // 2 :]
        random = np.random.default_rng(9)
        kinds = {name: kind for name, kind in KINDS.items() if rate >= kind.least_rate}
        return cls(
            rate,
            Pool.of(base),
            {
                name: Pool.of([kind.plant(clip, Others(source, random)) for clip in source[:PLANTED]])
                for name, kind in kinds.items()
            },
        )

    def causes(self, parts: dict[str, int], random: np.random.Generator) -> list[str]:
        """Causes of a group with so many clips of each kind, among the clean clips."""
        added = [
            self.planted[name].some(random.choice(len(self.planted[name]), size, replace=False))
            for name, size in parts.items()
        ]
        group = np.arange(len(self.base), len(self.base) + sum(parts.values()))
        return [cause.name for cause in find_causes(self.base.context(*added), group)]


def single(bench: Workbench, draws: int) -> pd.DataFrame:
    """Share of the groups whose first cause is right, per kind and size."""
    rows = []
    for name in bench.planted:
        kind, random = KINDS[name], np.random.default_rng(1)
        right = {
            size: np.mean([_first(bench.causes({name: size}, random), kind) for _ in range(draws)])
            for size in SIZES
        }
        rows.append({"planted": name, "right cause": kind.cause or "none"} | right)
    return pd.DataFrame(rows)


def mixed(bench: Workbench, draws: int, size: int = 20, share: float = 0.7) -> pd.DataFrame:
    """Groups of which 70 % have one problem and 30 % another, of another cause."""
    random = np.random.default_rng(2)
    names = [name for name in bench.planted if KINDS[name].cause]
    larger = round(share * size)
    rows = []
    while len(rows) < draws:
        first, second = random.choice(names, 2, replace=False)
        if KINDS[first].cause == KINDS[second].cause:
            continue
        causes = bench.causes({first: larger, second: size - larger}, random)
        both = _right(KINDS[first]) | _right(KINDS[second])
        false = set(causes) - both - {*KINDS[first].fits, *KINDS[second].fits}
        rows.append(
            {
                "first": _first(causes, KINDS[first]),
                "both": all(_right(KINDS[name]) & set(causes) for name in (first, second)),
                "another": bool(false),
                "one": first,
                "other": second,
                "found": "; ".join(causes),
            }
        )
    return pd.DataFrame(rows)


def _first(causes: list[str], kind: Kind) -> bool:
    return (causes[0] if causes else "") in _right(kind)


def _right(kind: Kind) -> set[str]:
    return {kind.cause, *kind.also}
