"""Clips of speakers of whom some are harder than others: what is confirmed with and without knowing the speakers.

50 speakers with 20 clips each. The hardness of a clip is a standard normal number, of which a share (the ICC) of the
variance is the speaker's; a clip's error rate, and whether it is wrong, are quantiles of it. No group of speakers is
harder than another, unless one is planted: then all clips of one of ten voices are 20 points worse.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.metrics import Costs
from slicecore.slices.options import CONFIRMED, Options
from slicecore.slices.result import Slice
from slicecore.slices.scanner import Scanner

SPEAKERS, CLIPS, VOICES = 50, 20, 10
DIMENSIONS = 64
BASE_RATE = 0.15
PLANTED = 0.2
ICCS = (0.0, 0.1, 0.3, 0.5)
MIN_SUPPORT, MIN_DROP, SHUFFLES = 10, 0.1, 199
LAYOUTS = ("five similar voices together", "every speaker apart", "speakers do not matter")
_FOUND = 0.5  # Jaccard index with the planted clips


@dataclass(frozen=True, eq=False)
class Speech:
    """Clips of speakers.

    Attributes
    ----------
    vectors : (n, d) float32.
    costs : the same clips under "WER" and under "0/1".
    speaker : (n,) of every clip.
    planted : (n,) mask of the clips that are made worse.
    """

    vectors: NDArray[np.float32]
    costs: dict[str, Costs]
    speaker: NDArray[np.int64]
    planted: NDArray[np.bool_]


def speech(layout: str, icc: float, plant: bool, seed: int, clips: NDArray[np.int64] | None = None) -> Speech:
    """Draw a data set; `clips` are the clips of every speaker, 20 each by default."""
    rng = np.random.default_rng([seed, LAYOUTS.index(layout), round(100 * icc), plant])
    counts = np.full(SPEAKERS, CLIPS) if clips is None else clips
    speaker = np.repeat(np.arange(SPEAKERS), counts)
    n = len(speaker)
    voice = speaker % VOICES
    deviation = 1 / np.sqrt(np.arange(1, DIMENSIONS + 1))
    of_voice = rng.normal(size=(VOICES, DIMENSIONS)) * deviation
    of_speaker = rng.normal(size=(SPEAKERS, DIMENSIONS)) * deviation
    content = rng.normal(size=(VOICES, DIMENSIONS))[rng.integers(VOICES, size=n)] * deviation
    centre = {
        LAYOUTS[0]: 1.5 * of_voice[voice] + 0.1 * of_speaker[speaker],
        LAYOUTS[1]: 1.5 * of_speaker[speaker],
        LAYOUTS[2]: 1.5 * content,
    }[layout]
    vectors = centre + 0.5 * content + 0.6 * rng.normal(size=(n, DIMENSIONS)) * deviation
    hardness = np.sqrt(icc) * rng.normal(size=SPEAKERS)[speaker] + np.sqrt(1 - icc) * rng.normal(size=n)
    quantile = stats.norm.cdf(hardness)
    planted = plant & (voice == rng.integers(VOICES))
    rate = BASE_RATE * stats.gamma.ppf(quantile, 1 / 0.8, scale=0.8) + PLANTED * planted
    words = 1.0 + rng.negative_binomial(3, 3 / (3 + 11), size=n)
    errors = rng.poisson(words * rate).astype(np.float64)
    wrong = (quantile > 1 - BASE_RATE - PLANTED * planted).astype(np.float64)
    costs = {"WER": Costs(errors, words, name="WER"), "0/1": Costs(wrong, np.ones(n), name="error rate")}
    return Speech(vectors.astype(np.float32), costs, speaker, planted)


def unequal(seed: int) -> NDArray[np.int64]:
    """Numbers of clips of the speakers, from 4 to some 60."""
    rng = np.random.default_rng([seed, 99])
    return np.maximum(4, rng.lognormal(np.log(CLIPS) - 0.3, 0.8, size=SPEAKERS).round()).astype(np.int64)


def tables(sets: int, first_seed: int) -> str:
    """Nothing planted in all layouts, speakers of unequal size, and one bad voice."""
    parts = [(f"Nothing planted, {layout}", table(layout, sets, first_seed)) for layout in LAYOUTS]
    parts.append(("Nothing planted, 4 to 60 clips a speaker", table(LAYOUTS[0], sets, first_seed, "unequal")))
    parts.append(("One voice 20 points worse", table(LAYOUTS[0], sets, first_seed, plant=True)))
    return "\n\n".join(f"### {title}\n\n{rows}" for title, rows in parts)


def table(layout: str, sets: int, first_seed: int, sizes: str = "equal", plant: bool = False) -> str:
    """A row per ICC and metric: shares of the data sets in which something is confirmed.

    Parameters
    ----------
    layout
        One of `LAYOUTS`.
    sets
        Data sets of every row.
    first_seed
        Seed of the first.
    sizes
        "equal" or "unequal" numbers of clips of the speakers.
    plant
        True for one voice that is 20 points worse.
    """
    lines = [
        "| ICC | metric | speakers unknown: false / right | known: false / of one speaker / right |",
        "|---|---|---|---|",
    ]
    for icc in ICCS:
        shares = defaultdict(list)
        for seed in range(first_seed, first_seed + sets):
            data = speech(layout, icc, plant, seed, unequal(seed) if sizes == "unequal" else None)
            hierarchy = build_hierarchy(data.vectors)
            for metric, costs in data.costs.items():
                for known in (False, True):
                    scanner = Scanner(hierarchy, costs, groups=data.speaker if known else None)
                    flagged = scanner.scan(Options(MIN_SUPPORT, MIN_DROP, shuffles=SHUFFLES)).slices
                    confirmed = [slice_ for slice_ in flagged if slice_.tier == CONFIRMED]
                    shares[metric, known].append(_outcome(confirmed, data))
        for metric in ("WER", "0/1"):
            unknown, known = (np.mean(shares[metric, k], axis=0) for k in (False, True))
            lines.append(
                f"| {icc:g} | {metric} | {unknown[0]:.1%} / {unknown[2]:.1%} "
                f"| {known[0]:.1%} / {known[1]:.1%} / {known[2]:.1%} |"
            )
    return "\n".join(lines)


def _outcome(confirmed: list[Slice], data: Speech) -> tuple[bool, bool, bool]:
    """Three answers: there is a false slice, there is one of a single speaker, there is the right one."""
    false = one = right = False
    for slice_ in confirmed:
        common = int(data.planted[slice_.members].sum())
        right |= common >= _FOUND * (slice_.support + int(data.planted.sum()) - common)
        bad = 2 * common < slice_.support
        of_one = slice_.groups is not None and slice_.groups.is_one
        false |= bad and not of_one
        one |= bad and of_one
    return false, one, right
