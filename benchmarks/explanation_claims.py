"""Planted confounders: how often a property is wrongly called the reason of a bad slice, and a reason rightly.

    python benchmarks/explanation_claims.py [--seeds 60] [--first 20000]

A table of 1,000 clips of 3 to 25 words with invented measurements; a word goes wrong with a rate that
varies from clip to clip (gamma, shape 2, mean 15 %). A group of 30 clips is worse by 25 points. All of its clips have a
property, as a number of others do; what these others are like differs from row to row. Each row says how often the
property is called the reason, or told apart from it. Before claims were tested every cause was called the reason.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

import slicecore as sc
from slicecore.explain.claim import APART, REASON, UNTOLD, Claim
from slicecore.measurements import CATALOGUE, Measurements

CLIPS, GROUP, USUAL_RATE, WORSE = 1000, 30, 0.15, 0.25
USUAL = {
    "duration": (4, 0.5), "file_rate": (16000, 0), "peak": (-6, 2), "level": (-22, 3), "crest": (14, 1),
    "loudness": (-22, 3), "flat_top_share": (0, 0), "noise_floor": (-52, 4), "dynamics": (30, 3), "snr": (28, 3),
    "speech_seconds": (3.5, 0.8), "start_level": (-35, 3), "end_level": (-35, 3), "bandwidth": (7500, 200),
    "top_void": (40, 5), "floor_tilt": (-6, 3), "floor_high": (-34, 3), "hum": (5, 1.5), "hum_level": (-28, 4),
    "pitch": (165, 25),
}  # fmt: skip
"""Mean and deviation of each measurement of the sound of a clean clip."""


@dataclass
class Invented:
    """Clips before they are a table: their sound, their numbers of words, how often a word goes wrong, a device."""

    random: np.random.Generator
    sound: pd.DataFrame
    words: np.ndarray
    worse: np.ndarray
    device: np.ndarray

    @classmethod
    def clean(cls, seed: int) -> "Invented":
        """Clips without a problem."""
        random = np.random.default_rng(seed)
        sound = pd.DataFrame({name: random.normal(*usual, CLIPS) for name, usual in USUAL.items()})
        device = random.choice(["a", "b", "c", "d"], CLIPS).astype(object)
        return cls(random, sound, random.integers(3, 26, CLIPS), np.zeros(CLIPS), device)

    def explainer(self) -> sc.Explainer:
        """Explainer of the table that these clips are."""
        rate = USUAL_RATE * self.random.gamma(2, 1 / 2, CLIPS) + self.worse
        errors = self.random.binomial(self.words, np.minimum(rate, 1)).astype(float)
        self.sound["words"] = self.words
        self.sound["speech_seconds"] = self.words / 2.5
        self.sound["duration"] = self.words / 2.5 + 0.5
        table = pd.DataFrame({"sentence": "", "prediction": "", "device": self.device}, index=range(CLIPS))
        measured = self.sound.reindex(columns=list(CATALOGUE)).astype(float)
        timbre = np.full((CLIPS, 60), np.nan, np.float32)
        costs = sc.Costs(errors, self.words.astype(float), name="WER")
        return sc.Explainer(sc.from_table(table, name="invented"), Measurements(measured, timbre, {}), costs)


Plant = Callable[[Invented, np.ndarray], None]


def telephone(clips: Invented, rows: np.ndarray) -> None:
    """Nothing above 3.4 kHz."""
    clips.sound.loc[rows, "bandwidth"] = clips.random.normal(3400, 150, len(rows))
    clips.sound.loc[rows, "top_void"] = 70


def hum(clips: Invented, rows: np.ndarray) -> None:
    """Mains hum."""
    clips.sound.loc[rows, "hum"] = clips.random.normal(24, 2, len(rows))
    clips.sound.loc[rows, "hum_level"] = -8


def noise(clips: Invented, rows: np.ndarray) -> None:
    """Noise that shows only against the rest."""
    clips.sound.loc[rows, "dynamics"] = clips.random.normal(19.5, 0.8, len(rows))


def short(clips: Invented, rows: np.ndarray) -> None:
    """Three to five words."""
    clips.words[rows] = clips.random.integers(3, 6, len(rows))


def device(clips: Invented, rows: np.ndarray) -> None:
    """A value of metadata."""
    clips.device[rows] = "e"


PROPERTIES: dict[str, tuple[Plant, str]] = {
    "telephone band": (telephone, "narrow_band"),
    "noise that shows by comparison": (noise, "background_noise"),
    "few words": (short, "words"),
    "a device (metadata)": (device, "device"),
}

OTHERS = (0, 5, 10, 20, 50)


def claims_of(explanation: sc.Explanation) -> dict[str, Claim | None]:
    """Claims of an explanation by the name of cause, measurement or column. Few words are also a short time."""
    claims = {cause.name: cause.claim for cause in explanation.causes}
    claims |= {effect.name: effect.claim for effect in explanation.effects}
    claims |= {value.column: value.claim for value in explanation.metadata}
    for same in ("duration", "speech_seconds"):
        if same in claims:
            claims.setdefault("words", claims[same])
    return claims


def claim(seed: int, property_: str, others: int, worse: float, *, hidden: str = "") -> str:
    """Kind of the claim about a property of the bad group, "none" where it is not named.

    `others` clips outside have it too and are `worse` than the usual rate. `hidden`: half of them have another problem,
    which is audible ("hum") or not ("speaker").
    """
    clips = Invented.clean(seed)
    plant, name = PROPERTIES[property_]
    rows = clips.random.permutation(CLIPS)
    group, outside = rows[:GROUP], rows[GROUP : GROUP + others]
    if name == "words":
        clips.words[rows[GROUP + others :]] = clips.random.integers(8, 26, CLIPS - GROUP - others)
    for with_it in (group, outside):
        plant(clips, with_it)
    clips.worse[group] = WORSE
    clips.worse[outside] = worse
    if hidden:
        also = outside[: others // 2]
        clips.worse[also] = WORSE
        if hidden == "hum":
            spared = rows[-others:]
            for humming in (also, spared):
                hum(clips, humming)
                clips.worse[humming] = WORSE
    found = claims_of(clips.explainer().explain(group)).get(name)
    return found.kind if found else "none"


def rows(seeds: range) -> Iterator[tuple[str, str, int, Counter[str]]]:
    """Property, what the others are like, how many they are, and the claims that were made."""
    for property_ in PROPERTIES:
        for others in OTHERS:
            yield property_, "fine", others, Counter(claim(seed, property_, others, 0) for seed in seeds)
        for others in OTHERS[1:]:
            yield (
                property_,
                "as bad",
                others,
                Counter(claim(seed, property_, others, WORSE) for seed in seeds),
            )
    for worse, text in ((WORSE / 2, "half as bad"), (WORSE / 5, "a fifth as bad")):
        for others in OTHERS[2:]:
            yield (
                "telephone band",
                text,
                others,
                Counter(claim(seed, "telephone band", others, worse) for seed in seeds),
            )
    for hidden, text in (
        ("hum", "fine, but half of them also hum"),
        ("speaker", "fine, but half are one bad speaker"),
    ):
        for others in OTHERS[3:]:
            counts = Counter(claim(seed, "telephone band", others, 0, hidden=hidden) for seed in seeds)
            yield "telephone band", text, others, counts


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--first", type=int, default=20000)
    options = parser.parse_args()
    print(
        "| property of the group | others that have it are | how many | reason | too few | no reason | not named |"
    )
    print("|---|---|---|---|---|---|---|")
    for property_, like, others, counts in rows(range(options.first, options.first + options.seeds)):
        shares = [f"{counts[kind] / options.seeds:.2f}" for kind in (REASON, UNTOLD, APART, "none")]
        print(f"| {property_} | {like} | {others} | {' | '.join(shares)} |", flush=True)


if __name__ == "__main__":
    main()
