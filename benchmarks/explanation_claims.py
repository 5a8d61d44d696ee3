"""Planted confounders: how often a property is wrongly called the reason of a bad slice, and a reason rightly.

    python benchmarks/explanation_claims.py [--part properties | speakers] [--seeds 60] [--first 20000]

A table of 1,000 clips of 3 to 25 words with invented measurements; a word goes wrong with a rate that
varies from clip to clip (gamma, shape 2, mean 15 %). A group of 30 clips is worse by 25 points. All of its clips have a
property, as a number of others do; what these others are like differs from row to row. Each row says how often the
property is called the reason, or told apart from it, where nobody knows who speaks and where the table says it. Before
claims were tested every cause was called the reason. The part "speakers" varies who the others are.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

import slicecore as sc
from slicecore.explain.claim import APART, REASON, UNTOLD, Claim
from slicecore.measurements import CATALOGUE, Measurements
from slicecore.slices.clip_groups import ClipGroups

CLIPS, GROUP, USUAL_RATE, WORSE, SPEAKERS = 1000, 30, 0.15, 0.25, 50
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
    speaker: np.ndarray

    @classmethod
    def clean(cls, seed: int) -> "Invented":
        """Clips without a problem."""
        random = np.random.default_rng(seed)
        sound = pd.DataFrame({name: random.normal(*usual, CLIPS) for name, usual in USUAL.items()})
        device = random.choice(["a", "b", "c", "d"], CLIPS).astype(object)
        speaker = np.random.default_rng([seed, 1]).integers(0, SPEAKERS, CLIPS)
        return cls(random, sound, random.integers(3, 26, CLIPS), np.zeros(CLIPS), device, speaker)

    def explainer(self) -> sc.Explainer:
        """Explainer of the table that these clips are, without the speakers."""
        rate = USUAL_RATE * self.random.gamma(2, 1 / 2, CLIPS) + self.worse
        errors = self.random.binomial(self.words, np.clip(rate, 0, 1)).astype(float)
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


Kinds = tuple[str, ...]
"""Kinds of the claim about a property where the speakers are unknown and where they are known, "none" without one."""


def claim(seed: int, property_: str, others: int, worse: float, *, hidden: str = "") -> Kinds:
    """Kinds of the claim about a property of the bad group.

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
        else:
            clips.speaker[also] = SPEAKERS
    return kinds_of(clips, group, name)


def kinds_of(clips: Invented, group: np.ndarray, name: str) -> Kinds:
    """Kinds of the claim about a property of a group."""
    explainer = clips.explainer()
    known = explainer.in_groups(ClipGroups.of(clips.speaker, "speaker"))
    found = [claims_of(each.explain(group)).get(name) for each in (explainer, known)]
    return tuple(claim.kind if claim else "none" for claim in found)


@dataclass(frozen=True)
class Cast:
    """Speakers of the clips with the telephone band: those of the bad slice, and the others.

    Attributes
    ----------
    text : what the others are like.
    others : number of clips of each of the other speakers.
    bad : how many of these speakers are bad.
    worse : by how much they are.
    usual : whether the others are among the usual speakers, whose other clips have the full band, and speak there as
        badly; else they have no other clips.
    own : speakers of the slice.
    more : clips of the slice's speakers outside it, with the telephone band and as bad.
    vary : deviation of the error rates of all speakers.
    """

    text: str
    others: tuple[int, ...]
    bad: int = 0
    worse: float = WORSE
    usual: bool = False
    own: int = 6
    more: int = 0
    vary: float = 0.0

    def claim(self, seed: int) -> Kinds:
        """Kinds of the claim about the telephone band."""
        clips = Invented.clean(seed)
        rows = clips.random.permutation(CLIPS)
        group, more, *outside = np.split(rows, np.cumsum([GROUP, self.more, *self.others]))[:-1]
        names = clips.random.permutation(SPEAKERS) if self.usual else SPEAKERS + np.arange(len(outside))
        own = 2 * SPEAKERS + np.arange(self.own)
        for name, with_it, bad in zip(names, outside, np.arange(len(outside)) < self.bad, strict=False):
            clips.speaker[with_it] = name
            clips.worse[clips.speaker == name] = self.worse if bad else 0
        for with_it in (group, more):
            clips.worse[with_it] = WORSE
            clips.speaker[with_it] = clips.random.choice(own, len(with_it))
        for with_it in (group, more, *outside):
            telephone(clips, with_it)
        if self.vary:
            clips.worse += clips.random.normal(0, self.vary, 3 * SPEAKERS)[clips.speaker]
        return kinds_of(clips, group, "narrow_band")

    @property
    def counts(self) -> str:
        """Numbers of the other speakers' clips."""
        first, last = (self.others[0], self.others[-1]) if self.others else (0, 0)
        if first == last:
            return f"{len(self.others)} of {first}" if self.others else "0"
        return f"1 of {first}, {len(self.others) - 1} of {last}"


def even(speakers: int, clips: int = 4) -> tuple[int, ...]:
    """Numbers of clips of speakers that have as many each."""
    return (clips,) * speakers


def half(clips: int, speakers: int) -> tuple[int, ...]:
    """Numbers of clips of speakers the first of whom has half of all."""
    return clips // 2, *even(speakers, clips // 2 // speakers)


CASTS = (
    *(Cast("one bad, the others fine", even(n), 1) for n in (5, 10, 20)),
    *(
        Cast("one bad, who has half of the clips", half(*n), 1)
        for n in ((10, 5), (20, 5), (20, 10), (50, 5), (50, 25))
    ),
    *(
        Cast("the same, speakers with other clips", half(*n), 1, usual=True)
        for n in ((10, 5), (20, 5), (50, 5))
    ),
    *(Cast("two bad, the others fine", even(n), 2) for n in (5, 10, 20)),
    *(Cast("fine", even(n)) for n in (5, 10, 20)),
    *(Cast("fine; speakers vary by 10 points", even(n, 10), vary=0.1) for n in (5, 10, 20)),
    *(Cast("as bad", even(n), n) for n in (3, 4, 5, 10, 20)),
    *(Cast("as bad", even(n, 10), n) for n in (3, 4, 5)),
    *(Cast("as bad", even(n, 1), n) for n in (10, 20)),
    *(Cast("as bad; speakers vary by 10 points", even(n), n, vary=0.1) for n in (5, 10, 20)),
    *(Cast("half as bad", even(n), n, WORSE / 2) for n in (5, 10, 20)),
    *(Cast("fine; one speaker in the slice, ten more clips", even(n), own=1, more=10) for n in (5, 10)),
    *(Cast("as bad; one speaker in the slice, ten more clips", even(n), n, own=1, more=10) for n in (5, 10)),
    Cast("none; one speaker in the slice, twenty more clips", (), own=1, more=20),
    *(Cast("fine; five speakers in the slice, twenty more clips", even(n), own=5, more=20) for n in (5, 10)),
    *(
        Cast("as bad; five speakers in the slice, twenty more clips", even(n), n, own=5, more=20)
        for n in (5, 10)
    ),
)


def planted() -> Iterator[tuple[str, str, int, Callable[..., Kinds]]]:
    """Property, what the others are like, how many they are, and the function that makes the claim of a seed."""
    for property_ in PROPERTIES:
        for others in OTHERS:
            yield property_, "fine", others, partial(claim, property_=property_, others=others, worse=0)
        for others in OTHERS[1:]:
            yield property_, "as bad", others, partial(claim, property_=property_, others=others, worse=WORSE)
    of_telephone = partial(claim, property_="telephone band")
    for worse, text in ((WORSE / 2, "half as bad"), (WORSE / 5, "a fifth as bad")):
        for others in OTHERS[2:]:
            yield "telephone band", text, others, partial(of_telephone, others=others, worse=worse)
    for hidden, text in (
        ("hum", "fine, but half of them also hum"),
        ("speaker", "fine, but half are one bad speaker"),
    ):
        for others in OTHERS[3:]:
            yield "telephone band", text, others, partial(of_telephone, others=others, worse=0, hidden=hidden)


def cells(make: Callable[[int], Kinds], seeds: range) -> str:
    """Cells of a table: shares of the claims "reason", "too few", "no reason" and, where there are any, of no claim."""
    texts = []
    for kinds in zip(*map(make, seeds), strict=True):
        counts = Counter(kinds)
        parts = [f"{counts[kind] / len(seeds):.2f}" for kind in (REASON, UNTOLD, APART)]
        texts.append(" / ".join(parts) + (f" ({counts['none']} not named)" if counts["none"] else ""))
    return " | ".join(texts)


def properties(seeds: range) -> None:
    """Print the table of properties."""
    print("| property of the group | others that have it are | how many | speakers unknown | known |")
    print("|---|---|---|---|---|")
    for property_, like, others, make in planted():
        print(f"| {property_} | {like} | {others} | {cells(make, seeds)} |", flush=True)


def speakers(seeds: range) -> None:
    """Print the table of speakers."""
    print("| other speakers with the telephone band | their clips | speakers unknown | known |")
    print("|---|---|---|---|")
    for cast in CASTS:
        print(f"| {cast.text} | {cast.counts} | {cells(cast.claim, seeds)} |", flush=True)


PARTS = {"properties": properties, "speakers": speakers}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=list(PARTS))
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--first", type=int, default=20000)
    options = parser.parse_args()
    print("Share of the tables in which it is called the reason / too few tell / no reason.")
    for part in [options.part] if options.part else PARTS:
        print()
        PARTS[part](range(options.first, options.first + options.seeds))


if __name__ == "__main__":
    main()
