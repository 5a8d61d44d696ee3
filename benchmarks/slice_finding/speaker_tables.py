"""Tables of clips of fifty speakers of whom some are harder than others: metadata slices that fit the speakers at hand.

A speaker has an accent, an age, a pitch and a rate of speech, a clip a device, a room, a noise and a length. Rates of
errors of the speakers scatter about 15 %, normally as logits. Planted are 20 points on one thing, or nothing: then
every slice of several speakers is one of those who are hard by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from slicecore.metrics import Costs
from slicecore.slices.metadata_slices import MetadataSlice, scan_metadata
from slicecore.slices.options import CONFIRMED, ONE_GROUP, Options
from slicecore.slices.result import Scan
from slicecore.table.dataset import from_table

SPEAKERS, CLIPS = 50, 20
RATE, PLANTED = 0.15, 0.2
SPREADS = (0.0, 0.3, 0.6, 1.0)
"""Standard deviation of the speakers' logits: of .6, two of three speakers have 9 to 24 %."""
KINDS = ("nothing", "a device", "an accent", "a room with noise")
_OPTIONS = Options(min_support=10, min_drop=0.1, shuffles=199)


@dataclass(frozen=True, eq=False)
class Calls:
    """A table with a row per clip, its errors, the speakers, and a mask of the clips that are made worse."""

    table: pd.DataFrame
    costs: Costs
    speaker: NDArray[np.int64]
    planted: NDArray[np.bool_]


def calls(kind: str, spread: float, seed: int) -> Calls:
    """Draw a table; `kind` is one of `KINDS`."""
    rng = np.random.default_rng([seed, KINDS.index(kind), round(100 * spread)])
    n = SPEAKERS * CLIPS
    speaker = rng.permutation(np.arange(n) % SPEAKERS)
    accent = rng.permutation(np.arange(SPEAKERS) % 10)[speaker]
    age = rng.integers(0, 5, SPEAKERS)[speaker]
    device = rng.choice(4, n, p=[0.1, 0.3, 0.3, 0.3])
    room, noise = rng.integers(0, 6, n), rng.normal(size=n)
    columns = {
        "speaker": _named("speaker", speaker),
        "accent": _named("accent", accent),
        "age": _named("age", age),
        "pitch": rng.normal(size=SPEAKERS)[speaker] + 0.1 * rng.normal(size=n),
        "rate": rng.normal(size=SPEAKERS)[speaker] + 0.5 * rng.normal(size=n),
        "device": _named("device", device),
        "room": _named("room", room),
        "noise": noise,
        "length": rng.normal(size=n),
    }
    planted = {
        "nothing": np.zeros(n, dtype=bool),
        "a device": device == 0,
        "an accent": accent == 0,
        "a room with noise": (room == 0) & (noise > 0.5),
    }[kind]
    logit = np.log(RATE / (1 - RATE)) + spread * rng.normal(size=SPEAKERS)[speaker]
    rate = np.minimum(1 / (1 + np.exp(-logit)) + PLANTED * planted, 0.95)
    words = rng.integers(3, 15, n)
    errors = rng.binomial(words, rate).astype(np.float64)
    costs = Costs(errors, words.astype(np.float64), name="WER", unit="words")
    return Calls(pd.DataFrame(columns), costs, speaker, planted)


def speaker_rows(tables: int, first_seed: int) -> str:
    """A row per kind and spread: what is found and listed where speakers are unknown, and where they are known."""
    head = "found ± s.e. | false | false, confirmed | of one speaker"
    lines = [
        f"| planted | speakers scatter | speakers unknown: {head} | known: {head} |",
        f"|---|---|{'---|' * 8}",
    ]
    for kind in KINDS:
        for spread in SPREADS:
            drawn = [calls(kind, spread, first_seed + i) for i in range(tables)]
            cells = [_cells([_outcome(each, known) for each in drawn]) for known in (False, True)]
            lines.append(f"| {kind} | {spread:g} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _outcome(each: Calls, known: bool) -> tuple[bool, int, int, int]:
    """True if what is planted is found; the numbers of false slices, of confirmed ones, and of those of one speaker."""
    n = len(each.table)
    texts = pd.DataFrame({"sentence": ["x"] * n, "prediction": ["x"] * n})
    table = pd.concat([texts, each.table], axis=1)
    data = from_table(table, name="calls", reference="sentence", prediction="prediction")
    scan = Scan((), each.costs.value(), each.costs, _OPTIONS.clips(n), _OPTIONS.min_drop, 0.0, None, _OPTIONS)
    slices = scan_metadata(scan, data, groups=each.speaker if known else None)
    others = [found for found in slices if not _is_planted(found, each.planted)]
    of_several = [found for found in others if _largest_share(found, each.speaker) < ONE_GROUP]
    confirmed = sum(found.slice.tier == CONFIRMED for found in of_several)
    return len(others) < len(slices), len(of_several), confirmed, len(others) - len(of_several)


def _is_planted(found: MetadataSlice, planted: NDArray[np.bool_]) -> bool:
    """True for a slice that shares half of the clips (Jaccard) with the planted ones."""
    common = int(planted[found.slice.members].sum())
    return common > 0 and 2 * common >= found.slice.support + int(planted.sum()) - common


def _largest_share(found: MetadataSlice, speaker: NDArray[np.int64]) -> float:
    return float(np.bincount(speaker[found.slice.members]).max() / found.slice.support)


def _cells(outcomes: list[tuple[bool, int, int, int]]) -> str:
    found, *others = np.array(outcomes, dtype=np.float64).T
    error = found.std(ddof=1) / np.sqrt(len(found))
    return " | ".join([f"{found.mean():.2f} ±{error:.2f}", *(f"{count.mean():.2f}" for count in others)])


def _named(what: str, numbers: NDArray[np.int64]) -> list[str]:
    return [f"{what} {number}" for number in numbers]
