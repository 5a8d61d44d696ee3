"""Recipes of slices applied to clips without a problem: whether these become like the clips of the slice.

    python benchmarks/recipes.py [--seeds 3] [--first-seed 20000]

Prints the table of docs/recipes.md. Of clips with a problem, 17 of the sample data or 25 on which one is planted, the
explainer names the cause, the recipe is made and saved, and audiomentations applies it to 25 clips without a problem;
shares are over the clips of all seeds, with their standard errors. Needs audiomentations (the extra `augment`),
loudness and numpy-audio-limiter.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile
from cause_finding.plants import KINDS, Kind, Others, Plant, Spoken, heard_badly
from cause_finding.pool import Labelled, Pool
from cause_finding.real import RIGHT
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from slicecore.audio.clip import Clip
from slicecore.explain.causes import CAUSES, find_causes
from slicecore.recipes import Recipe, load
from slicecore.recipes.group import Group
from slicecore.recipes.ingredients import STEPS
from slicecore.recipes.making import recipe_of
from slicecore.wording import fixed

SAMPLE_DATA = Path(__file__).parents[1] / "sample_data"
RATE, SIZE, OTHERS = 16_000, 25, 24
MEASURED = {
    "hum": "hum_ratio",
    "high_frequency_noise": "noise_ratio",
    "background_noise": "noise_ratio",
    "quiet": "peak",
    "loud": "loudness",
    "overdriven": "flat_top_share",
    "sampling_rate": "speed",
    "narrow_band": "bandwidth",
}
"""The measurement from which the range of a cause's recipe comes."""
SHOWN = ("slice shows it", "made show it", "same cause")
TOLERANCE = {"bandwidth": 300.0, "flat_top_share": 0.02, "speed": 0.1}
"""By how much a clip may lie outside the range; 1 dB for levels, which nobody hears."""
DECIMALS = {"bandwidth": 0, "flat_top_share": 2, "speed": 2}


def limited(decibels: float) -> Plant:
    """Turned up by so many dB, what would be above full scale turned down for 20 ms around it."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        samples, width = clip.samples * 10 ** (decibels / 20), int(0.02 * clip.rate)
        peaks = maximum_filter1d(np.abs(samples), width)
        return samples * uniform_filter1d(np.minimum(1.0, 0.97 / np.maximum(peaks, 1e-6)), width)

    return heard_badly(change)


PLANTED = {name: kind for name, kind in KINDS.items() if kind.cause in STEPS} | {
    "20 dB up, limited": Kind("loud", limited(20))
}


SAMPLE = {
    f"{problem.replace('_', ' ')}, of the sample data": problem
    for problem, cause in RIGHT.items()
    if cause in STEPS and problem not in ("hf_noise", "slow_rate", "phone_band")
}
"""Groups that are planted in the sample data, by another generator."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=20_000)
    parser.add_argument("--only", nargs="*", help="kinds of problems, by name")
    options = parser.parse_args()
    try:
        import audiomentations
    except ImportError:
        print(
            "audiomentations is not installed, so that no recipe can be applied: pip install 'slicecore[augment]'"
        )
        return
    warnings.simplefilter("ignore")
    print(f"audiomentations {audiomentations.__version__}, seeds from {options.first_seed} on\n")
    bench = Bench(Labelled.read(SAMPLE_DATA / "table.csv", SAMPLE_DATA / "planted.csv"))
    head = [*("planted", "cause", "clips", "slice", "made", "within", "before"), *SHOWN]
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    causes = {name: RIGHT[problem] for name, problem in SAMPLE.items()}
    causes |= {name: kind.cause for name, kind in PLANTED.items()}
    for name, cause in causes.items():
        if options.only and name not in options.only:
            continue
        results: dict[str, list[np.ndarray]] = defaultdict(list)
        for seed in range(options.first_seed, options.first_seed + options.seeds):
            for column, values in bench.applied(name, seed).items():
                results[column].append(values)
        if not results:
            print(f"| {name} | {cause}: not found | 0 |" + " – |" * (len(head) - 3), flush=True)
            continue
        if name in SAMPLE:  # the same clips for every seed
            results[SHOWN[0]] = results[SHOWN[0]][:1]
        joined = {column: np.concatenate(parts) for column, parts in results.items()}
        cells = [
            *(_range(joined[column], MEASURED[cause]) for column in ("own", "new")),
            *(_share(joined[column]) for column in ("within", "before", *SHOWN)),
        ]
        print(f"| {name} | {cause} | {len(joined[SHOWN[1]])} | {' | '.join(cells)} |", flush=True)


def _range(values: np.ndarray, measurement: str) -> str:
    """10 and 90 % of some values."""
    low, high = np.nanpercentile(values, [10, 90])
    return f"{fixed(low, DECIMALS.get(measurement, 1))} to {fixed(high, DECIMALS.get(measurement, 1))}"


def _share(values: np.ndarray) -> str:
    """A share in percent with its standard error, not 0 where all or none are counted (Jeffreys); of groups counts."""
    count, of = float(np.sum(values)), len(values)
    if of < SIZE:
        return f"{count:.0f} of {of}"
    likely = (count + 0.5) / (of + 1)
    return f"{100 * count / of:.0f} ±{100 * np.sqrt(likely * (1 - likely) / of):.0f}"


class Bench:
    """Clips without a problem, measured once."""

    def __init__(self, data: Labelled) -> None:
        self.clips = data.clean(RATE)
        self.pool = Pool.of(self.clips)
        self.groups = {name: data.having(problem, RATE) for name, problem in SAMPLE.items()}

    def applied(self, name: str, seed: int) -> dict[str, np.ndarray]:
        """Values and shares per clip, or per group; nothing where the cause is not found."""
        rng = np.random.default_rng(seed)
        random.seed(seed)
        np.random.seed(seed)
        order = rng.permutation(len(self.clips))
        ill, changed, rest = order[:SIZE], order[SIZE : 2 * SIZE], order[2 * SIZE :]
        if name in self.groups:
            return self._compared(self.groups[name], changed, rest)
        others = Others([self.clips[i] for i in rest], rng)
        planted = [PLANTED[name].plant(self.clips[i], others) for i in ill]
        return self._compared(planted, changed, rest)

    def _compared(self, planted: Sequence[Spoken], changed: np.ndarray, rest: np.ndarray):
        """The planted clips beside others to which their recipe is applied."""
        sick, healthy, size = Pool.of(planted), self.pool.some(rest), len(planted)
        context = Pool.context(sick, healthy)
        causes = find_causes(context, np.arange(size))
        if not causes or causes[0].name not in STEPS:
            return {}
        cause = causes[0].name
        after = Pool.of(self._changed(planted, context, causes, changed, rest))
        # In one context, so that what is relative to the whole set is relative to the same.
        everything = Pool.context(sick, healthy, after, self.pool.some(changed))
        ends = np.cumsum([size, len(rest), len(changed)])
        parts = np.split(np.arange(len(everything.clips)), ends)
        own, new, old = (_values(everything, cause, parts[i], parts[1]) for i in (0, 2, 3))
        like = Pool.context(after, healthy)
        found = find_causes(like, np.arange(len(changed)))
        column, reach = list(CAUSES).index(cause), TOLERANCE.get(MEASURED[cause], 1.0)
        return {
            "own": own,
            "new": new,
            "within": _within(new, own, reach),
            "before": _within(old, own, reach),
            SHOWN[0]: context.shown[:size, column],
            SHOWN[1]: like.shown[: len(changed), column],
            SHOWN[2]: np.array([bool(found) and found[0].name == cause]),
        }

    def _changed(self, planted, context, causes, changed: np.ndarray, rest: np.ndarray) -> list[Spoken]:
        with tempfile.TemporaryDirectory() as folder:
            some = [self.clips[i] for i in rest[:OTHERS]]
            augment = load(_recipe([*planted, *some], context, causes, np.arange(len(planted)), Path(folder)))
            _always(augment)
            samples = [augment(self.clips[i].samples.astype(np.float32), sample_rate=RATE) for i in changed]
        return [replace(self.clips[i], samples=each) for i, each in zip(changed, samples, strict=True)]


def _recipe(sounds: Sequence[Spoken], context, causes, rows, folder: Path) -> Path:
    """A saved recipe; the first clips of the context have sounds."""
    clips: list[Clip | None] = [None] * len(context.clips)
    for row, clip in enumerate(sounds):
        clips[row] = Clip(folder / f"{row}.wav")
        soundfile.write(folder / f"{row}.wav", clip.samples, clip.rate)
    made: Recipe = recipe_of(context, causes[:1], rows, clips, name="planted", table="sample data", share=1.0)
    return made.save(folder / "recipe")[0]


def _always(transform) -> None:
    """Let every transform change every clip."""
    transform.p = 1.0
    for inner in getattr(transform, "transforms", ()):
        _always(inner)


def _values(context, cause: str, rows: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """Measured values of clips, or of the group where a single clip does not tell."""
    group = Group(context, rows, rows, rest, [])
    if cause == "sampling_rate":
        speed = group.speed()
        return np.array([speed.median if speed else np.nan])
    return group.values(MEASURED[cause])[rows]


def _within(values: np.ndarray, own: np.ndarray, reach: float) -> np.ndarray:
    """Values that lie between the 10 and 90 % of those of the slice, or hardly outside."""
    low, high = np.nanpercentile(own, [10, 90])
    known = values[np.isfinite(values)]
    return (known >= low - reach) & (known <= high + reach)


if __name__ == "__main__":
    main()
