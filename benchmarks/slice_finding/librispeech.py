"""Slices of recognisers on LibriSpeech test-clean, searched on half of the speakers and held against the other half.

The table is that of a study (Koudounas et al., Exploring Subgroup Performance in End-to-End Speech Models, ICASSP
2023), not part of the project: a row per utterance, with the speaker, the reference, the outputs of four models and
numbers measured of the sound and the text. Vectors are these numbers, standardised on the half that is searched.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from slicecore.clustering.hierarchy import Hierarchy, build_hierarchy
from slicecore.metrics import Costs, wer
from slicecore.slices.metadata_slices import MetadataSlice, scan_metadata
from slicecore.slices.options import CONFIRMED, Options
from slicecore.slices.result import Slice
from slicecore.slices.scanner import Scanner
from slicecore.table.dataset import Dataset, from_table

MODELS = ("wav2vec2_base", "wav2vec2_large", "hubert_base", "hubert_large")
OPTIONS = Options(min_support=0.02, min_drop=0.5, relative=True, shuffles=199)
"""At least 2 % of the clips, and half as bad again as the whole."""
HOLDS = 0.5
"""Share of its drop by which a slice must be worse on the other speakers."""
FEWEST = 10
"""Clips of other speakers by which a slice is judged."""
DRAWS = 1000
CLUSTERS, METADATA, CHANCE = "clusters", "metadata", "clusters, errors dealt out anew"
PAPER = "the study's worst subgroup, chosen on all speakers"
SEARCH = "the study's search"
SEARCHED = (
    *("total_silence", "total_middle_silence", "n_pauses", "n_middle_pauses", "total_duration"),
    *("not_silence_duration", "trimmed_duration", "n_words", "n_chars", "speed_rate_word", "speed_rate_char"),
    *("speed_rate_word_trimmed", "speed_rate_char_trimmed"),
)
"""Numbers that the study searched, beside the gender."""
SEARCHED_SUPPORT = 0.03
_TEXTS = ("file", "speaker_id", "gender", "text", *MODELS)


@dataclass(frozen=True, eq=False)
class Speech:
    """The utterances: a table with `gender` and the numbers, the numbers' names, speaker (as 0, 1, …) and errors."""

    table: pd.DataFrame
    numbers: list[str]
    speaker: NDArray[np.int64]
    costs: dict[str, Costs]

    @classmethod
    def read(cls, path: Path) -> "Speech":
        """Read the table."""
        table = pd.read_csv(path)
        numbers = [name for name in table.columns if name not in _TEXTS]
        costs = {model: wer(table["text"].tolist(), table[model].tolist()) for model in MODELS}
        return cls(table, numbers, np.unique(table["speaker_id"], return_inverse=True)[1], costs)

    def half(self, rows: NDArray[np.int64], model: str) -> tuple[Dataset, Costs]:
        """Some of the clips as a data set whose metadata are the gender and the numbers, and their errors."""
        columns = ["file", "gender", "text", model, *self.numbers]
        table = self.table.loc[rows, columns].reset_index(drop=True)
        data = from_table(
            table, name="LibriSpeech", audio=None, reference="text", prediction=[model], id="file"
        )
        costs = self.costs[model]
        return data, Costs(costs.numerator[rows], costs.denominator[rows], name="WER", unit="words")

    def paper(self) -> NDArray[np.bool_]:
        """The study's worst subgroup of wav2vec 2.0 base, made again: female, slow, short, few pauses.

        Each is the outer third of a number. It has the study's support (.03) and the mean WER of its clips is 17.0 %
        (there 17.3 %); the WER of all of its words together, which counts here, is lower.
        """
        low, high = (self.table[self.numbers].quantile(share) for share in (1 / 3, 2 / 3))
        table = self.table
        return np.asarray(
            (table["gender"] == "F")
            & (table["speed_rate_word_trimmed"] > high["speed_rate_word_trimmed"])
            & (table["total_duration"] <= low["total_duration"])
            & (table["n_pauses"] <= low["n_pauses"])
        )


@dataclass(frozen=True, eq=False)
class Held:
    """A slice of the searched half and its clips among the other speakers.

    Attributes
    ----------
    support, value, drop : on the searched half.
    by_clips, by_speakers : whether it is confirmed where clips, and where speakers, are shuffled.
    clips : of other speakers.
    errors, words : (speakers,) of these clips.
    """

    support: int
    value: float
    drop: float
    by_clips: bool
    by_speakers: bool
    clips: int
    errors: NDArray[np.float64]
    words: NDArray[np.float64]

    def value_held(self, weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """Value among the other speakers, (draws,), NaN without words; `weight` is (draws, speakers)."""
        words = weight @ self.words
        return np.divide(weight @ self.errors, words, out=np.full(len(weight), np.nan), where=words > 0)


@dataclass(frozen=True, eq=False)
class Split:
    """Half of the speakers searched, the others held out: what was found, by model and kind."""

    slices: dict[tuple[str, str], list[Held]]
    errors: dict[str, NDArray[np.float64]]
    words: NDArray[np.float64]

    def overall(self, model: str, weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """Value of all held-out clips, (draws,)."""
        words = weight @ self.words
        return np.divide(
            weight @ self.errors[model], words, out=np.full(len(weight), np.nan), where=words > 0
        )


def split(speech: Speech, seed: int) -> Split:
    """Search half of the speakers at random and look the slices up among the others."""
    rng = np.random.default_rng(seed)
    speakers = int(speech.speaker.max()) + 1
    searched = np.isin(speech.speaker, rng.permutation(speakers)[: speakers // 2])
    rows, held = np.flatnonzero(searched), np.flatnonzero(~searched)
    numbers = speech.table[speech.numbers].to_numpy(np.float64)
    vectors = ((numbers - numbers[rows].mean(axis=0)) / numbers[rows].std(axis=0)).astype(np.float32)
    hierarchy = build_hierarchy(vectors[rows])
    nearest = _nearest(vectors[rows], vectors[held])
    sums = {model: _by_speaker(speech, held, costs.numerator) for model, costs in speech.costs.items()}
    slices: dict[tuple[str, str], list[Held]] = {}
    for model in MODELS:
        data, costs = speech.half(rows, model)
        made = _Made(speech, model, held)
        slices[model, CLUSTERS] = [
            made.of(slice_, by_speakers, held[np.isin(nearest, slice_.members)])
            for slice_, by_speakers in _clusters(hierarchy, costs, speech.speaker[rows])
        ]
        dealt = rng.permutation(len(rows))
        at_random = Costs(costs.numerator[dealt], costs.denominator[dealt], name="WER", unit="words")
        slices[model, CHANCE] = [
            made.of(slice_, by_speakers, held[np.isin(nearest, slice_.members)])
            for slice_, by_speakers in _clusters(hierarchy, at_random, speech.speaker[rows])
        ]
        scan = Scanner(hierarchy, costs, data.ids).scan(OPTIONS)
        slices[model, METADATA] = [
            made.of(found.slice, False, held[_meets(found, speech.table.loc[held])])
            for found in scan_metadata(scan, data)
        ]
    slices[MODELS[0], PAPER] = [_described(speech, speech.paper(), rows, held)]
    slices[MODELS[0], SEARCH] = [_described(speech, _worst_thirds(speech, rows), rows, held)]
    return Split(slices, sums, _by_speaker(speech, held, speech.costs[MODELS[0]].denominator))


@dataclass(frozen=True, eq=False)
class _Made:
    """Makes held slices of a model."""

    speech: Speech
    model: str
    held: NDArray[np.int64]

    def of(self, slice_: Slice, by_speakers: bool, clips: NDArray[np.int64]) -> Held:
        """A slice with its clips of other speakers."""
        costs = self.speech.costs[self.model]
        return Held(
            support=slice_.support,
            value=slice_.value,
            drop=slice_.drop,
            by_clips=slice_.tier == CONFIRMED,
            by_speakers=by_speakers,
            clips=len(clips),
            errors=_by_speaker(self.speech, clips, costs.numerator),
            words=_by_speaker(self.speech, clips, costs.denominator),
        )


def _clusters(hierarchy: Hierarchy, costs: Costs, speaker: NDArray[np.int64]) -> Iterator[tuple[Slice, bool]]:
    """The slices among the clusters, and whether each is confirmed where whole speakers are shuffled."""
    by_speakers = Scanner(hierarchy, costs, groups=speaker).scan(OPTIONS).slices
    confirmed = {slice_.id for slice_ in by_speakers if slice_.tier == CONFIRMED}
    for slice_ in Scanner(hierarchy, costs).scan(OPTIONS).slices:
        yield slice_, slice_.id in confirmed


def _described(
    speech: Speech, having: NDArray[np.bool_], rows: NDArray[np.int64], held: NDArray[np.int64]
) -> Held:
    """Clips of the first model that a mask describes, as a slice."""
    costs = speech.costs[MODELS[0]]
    own, clips = rows[having[rows]], held[having[held]]
    value = costs.value(own)
    sums = (_by_speaker(speech, clips, values) for values in (costs.numerator, costs.denominator))
    return Held(len(own), value, value - costs.value(rows), False, False, len(clips), *sums)


def _worst_thirds(speech: Speech, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The worst group of at least 3 % of the searched clips that up to four conditions describe, (n,) mask.

    Conditions are the thirds of the study's numbers and the gender: the search of DivExplorer, all of them looked at.
    """
    table, costs = speech.table, speech.costs[MODELS[0]]
    items = [table["gender"].to_numpy() == gender for gender in ("F", "M")]
    for name in SEARCHED:
        low, high = table[name].iloc[rows].quantile([1 / 3, 2 / 3])
        values = table[name].to_numpy()
        items += [values <= low, (values > low) & (values <= high), values > high]
    single = np.array(items)
    first, second = np.triu_indices(len(single))
    pairs = single[first] & single[second]
    searched = pairs[:, rows].astype(np.float64)
    clips, errors, words = (
        (searched * values) @ searched.T
        for values in (np.ones(len(rows)), costs.numerator[rows], costs.denominator[rows])
    )
    value = np.where(clips >= SEARCHED_SUPPORT * len(rows), errors / np.maximum(words, 1), 0)
    one, other = np.unravel_index(value.argmax(), value.shape)
    worst: NDArray[np.bool_] = pairs[one] & pairs[other]
    return worst


def _meets(found: MetadataSlice, table: pd.DataFrame) -> NDArray[np.bool_]:
    return np.all(
        [condition.meets(table[condition.column].to_numpy()) for condition in found.conditions], axis=0
    )


def _nearest(vectors: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.int64]:
    """Row of the nearest of some vectors, for each of others."""
    from sklearn.neighbors import NearestNeighbors

    places = NearestNeighbors(n_neighbors=1).fit(vectors).kneighbors(others, return_distance=False)
    nearest: NDArray[np.int64] = places[:, 0]
    return nearest


def _by_speaker(speech: Speech, rows: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.bincount(speech.speaker[rows], values[rows], int(speech.speaker.max()) + 1)


def tables(speech: Speech, splits: list[Split], seed: int = 0) -> str:
    """The tables of docs/detection.md: what holds up on other speakers, and the worst slice of each kind."""
    speakers = int(speech.speaker.max()) + 1
    # The first weight is that of the speakers as they are.
    weight = np.random.default_rng(seed).multinomial(speakers, np.full(speakers, 1 / speakers), DRAWS)
    weight = np.vstack([np.ones(speakers), weight]).astype(np.float64)
    return f"{_holding(splits, weight)}\n\n{_worst(splits, weight)}"


def _holding(splits: list[Split], weight: NDArray[np.float64]) -> str:
    lines = [
        "| model | slices over | which | slices a split | still worse by half their drop | still worse "
        "| drop, searched → other speakers | not judged |",
        "|---|---|---|---|---|---|---|---|",
    ]
    which = {
        "all": lambda held: True,
        "confirmed, clips shuffled": lambda held: held.by_clips,
        "confirmed, speakers shuffled": lambda held: held.by_speakers,
    }
    for model in MODELS:
        for kind in (CLUSTERS, METADATA, CHANCE):
            for name, chosen in which.items():
                if kind == METADATA and "speakers" in name:
                    continue
                row = _row(splits, model, kind, chosen, weight)
                if row:
                    lines.append(f"| {model} | {kind} | {name} | {row} |")
    return "\n".join(lines)


def _row(
    splits: list[Split], model: str, kind: str, chosen: Callable[[Held], bool], weight: NDArray[np.float64]
) -> str:
    holding, worse, judged = (np.zeros(len(weight)) for _ in range(3))
    drops, count, not_judged = [], 0, 0
    for one_split in splits:
        overall = one_split.overall(model, weight)
        for held in filter(chosen, one_split.slices[model, kind]):
            count += 1
            if held.clips < FEWEST:
                not_judged += 1
                continue
            drop = held.value_held(weight) - overall
            known = np.isfinite(drop)
            judged += known
            holding += known & (drop >= HOLDS * held.drop)
            worse += known & (drop > 0)
            drops.append((held.drop, drop[0]))
    if not count:
        return ""
    before, after = np.mean(drops, axis=0) if drops else (np.nan, np.nan)
    return (
        f"{count / len(splits):.2f} | {_share(holding, judged)} | {_share(worse, judged)} "
        f"| {100 * before:+.1f} → {100 * after:+.1f} pts | {not_judged / count:.0%}"
    )


def _share(hits: NDArray[np.float64], of: NDArray[np.float64]) -> str:
    """The share as it is, and the interval of the draws."""
    share = np.divide(hits, of, out=np.full(len(of), np.nan), where=of > 0)
    if not np.isfinite(share[0]):
        return "–"
    low, high = np.nanquantile(share[1:], [0.025, 0.975])
    return f"{share[0]:.0%} ({low:.0%} to {high:.0%})"


def _worst(splits: list[Split], weight: NDArray[np.float64]) -> str:
    """A row per kind for the first model: the slice that is worst on the searched half of every split."""
    model = MODELS[0]
    lines = [
        f"| {model}: the worst slice of a split by its value | splits with one | clips | WER there "
        "| WER of its clips of other speakers | all clips of other speakers |",
        "|---|---|---|---|---|---|",
    ]
    for kind in (CLUSTERS, METADATA, SEARCH, PAPER):
        for name, confirmed in (("", False), (", confirmed", True)):
            found, after, overall = [], [], []
            for one_split in splits:
                slices = [
                    held
                    for held in one_split.slices[model, kind]
                    if held.clips >= FEWEST and (held.by_clips or not confirmed)
                ]
                if slices:
                    worst = max(slices, key=lambda held: held.value)
                    found.append((worst.support, worst.value))
                    after.append(worst.value_held(weight))
                    overall.append(one_split.overall(model, weight))
            if found:
                clips, value = np.mean(found, axis=0)
                lines.append(
                    f"| {kind}{name} | {len(found)} | {clips:.0f} | {value:.1%} | {_mean(after)} | {_mean(overall)} |"
                )
    return "\n".join(lines)


def _mean(values: list[NDArray[np.float64]]) -> str:
    known = np.isfinite(values)
    mean = np.divide(
        np.where(known, values, 0).sum(axis=0),
        known.sum(axis=0),
        out=np.full(known.shape[1], np.nan),
        where=known.any(axis=0),
    )
    low, high = np.nanquantile(mean[1:], [0.025, 0.975])
    return f"{mean[0]:.1%} ({low:.1%} to {high:.1%})"
