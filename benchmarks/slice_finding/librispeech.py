"""Slices of recognisers on LibriSpeech test-clean, searched on half of the speakers and held against the other half.

The table is that of a study (Koudounas et al., Exploring Subgroup Performance in End-to-End Speech Models, ICASSP
2023), not part of the project: a row per utterance, with the speaker, the reference, the outputs of four models and
numbers measured of the sound and the text. Vectors are these numbers, standardised on the half that is searched.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from slice_finding import metadata_rivals
from slice_finding.answers import Slices
from slice_finding.data_set import DataSet
from slice_finding.metadata_rivals import Task
from slice_finding.methods import METHODS, TITLES
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
CLUSTERS, METADATA, CHANCE = "clusters", "metadata", "clusters, errors dealt out anew"
KNOWING_SPEAKERS, STUDIED = "metadata, speakers known", "metadata, speakers known, the study's numbers"
"""As the product searches a table that names the speakers: in all numbers, and in those of `SEARCHED`."""
PAPER = "the study's worst subgroup, chosen on all speakers"
SEARCH = "the study's search"
RIVALS = ("plain", "k-means-50", "hdbscan-leaf-10", "domino-tuned", "planespot", "spotlight")
"""Methods of `slice_finding.methods` on the same vectors, errors and thresholds."""
RIVAL_CONDITIONS = 3
"""Most conditions of a slice of the rivals that search metadata, as of ours."""
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
    def read(cls, path: Path) -> Speech:
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
class Group:
    """Searched clips that are no slice of a scan, with what is asked of one."""

    members: NDArray[np.int64]
    support: int
    value: float
    drop: float
    tier: str | None = None


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


@dataclass(frozen=True, eq=False)
class Rivals:
    """Other methods to run beside ours.

    Attributes
    ----------
    built_in : names of `slice_finding.methods`.
    pythons : of the environments of the rivals that search metadata (`slice_finding.metadata_rivals`).
    answers : slices by method and data set, as made on the data folder of `data_sets`.
    """

    built_in: tuple[str, ...] = RIVALS
    pythons: Mapping[str, Path] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, Slices]] = field(default_factory=dict)


def data_sets(speech: Speech, seeds: Iterable[int]) -> Iterator[DataSet]:
    """The searched halves as data sets, one for each split and model."""
    for seed in seeds:
        half = _Half.of(speech, np.random.default_rng(seed))
        for model in MODELS:
            yield half.data_set(model, seed, speech.half(half.rows, model)[1])


def split(speech: Speech, seed: int, others: Rivals | None = None) -> Split:
    """Search half of the speakers at random and look the slices up among the others."""
    rng = np.random.default_rng(seed)
    half = _Half.of(speech, rng)
    hierarchy = build_hierarchy(half.vectors)
    speaker = speech.speaker[half.rows]
    slices: dict[tuple[str, str], list[Held]] = {}
    for model in MODELS:
        data, costs = speech.half(half.rows, model)
        slices[model, CLUSTERS] = half.clusters(model, _clusters(hierarchy, costs, speaker))
        dealt = rng.permutation(len(costs))
        at_random = Costs(costs.numerator[dealt], costs.denominator[dealt], name="WER", unit="words")
        slices[model, CHANCE] = half.clusters(model, _clusters(hierarchy, at_random, speaker))
        slices[model, METADATA] = half.metadata(model, hierarchy, data, costs)
        slices[model, KNOWING_SPEAKERS] = half.knowing_speakers(model, hierarchy, data, costs)
        studied = replace(speech, numbers=list(SEARCHED)).half(half.rows, model)
        slices[model, STUDIED] = half.knowing_speakers(model, hierarchy, *studied)
        if others:
            slices |= rivals(half, half.data_set(model, seed, costs), model, others)
    if others:
        slices |= rivals_over_metadata(half, others.pythons)
    slices[MODELS[0], PAPER] = [half.described(speech.paper())]
    slices[MODELS[0], SEARCH] = [half.described(_worst_thirds(speech, half.rows))]
    errors = {
        model: _by_speaker(speech, half.others, costs.numerator) for model, costs in speech.costs.items()
    }
    return Split(slices, errors, _by_speaker(speech, half.others, speech.costs[MODELS[0]].denominator))


def rivals(half: _Half, data: DataSet, model: str, others: Rivals) -> dict[tuple[str, str], list[Held]]:
    """Slices of the other methods on the searched half, looked up like our clusters."""
    found = {name: METHODS[name](data)[name] for name in others.built_in}
    found |= {name: sets[data.name] for name, sets in others.answers.items() if data.name in sets}
    return {
        (model, TITLES.get(name, name)): half.clusters(
            model, ((half.plain_slice(data.costs, members), False) for members in slices)
        )
        for name, slices in found.items()
    }


def rivals_over_metadata(half: _Half, pythons: Mapping[str, Path]) -> dict[tuple[str, str], list[Held]]:
    """Slices of the rivals that search metadata, looked up by their conditions.

    They search the gender and the numbers that the study searched, cut into tenths of the searched half.
    """
    table = half.tenths(["gender", *SEARCHED])
    searched, others = table.iloc[half.rows], table.iloc[half.others]
    costs = [half.speech.half(half.rows, model)[1] for model in MODELS]
    tasks = [
        Task(searched, each, half.least, OPTIONS.min_drop * each.value(), RIVAL_CONDITIONS) for each in costs
    ]
    slices: dict[tuple[str, str], list[Held]] = {}
    for rival, python in pythons.items():
        for model, cost, answer in zip(
            MODELS, costs, metadata_rivals.find_slices(rival, python, tasks), strict=True
        ):
            slices[model, rival] = [
                half.held_of(
                    model,
                    half.plain_slice(cost, members),
                    np.all([others[name] == value for name, value in conditions.items()], axis=0),
                )
                for members, conditions in zip(answer.slices, answer.conditions, strict=True)
            ]
    return slices


@dataclass(frozen=True, eq=False)
class _Half:
    """The searched clips with their vectors, the other clips, and which searched clip each of these is nearest to."""

    speech: Speech
    rows: NDArray[np.int64]
    others: NDArray[np.int64]
    vectors: NDArray[np.float32]
    nearest: NDArray[np.int64]

    @classmethod
    def of(cls, speech: Speech, rng: np.random.Generator) -> _Half:
        """Half of the speakers at random."""
        speakers = int(speech.speaker.max()) + 1
        searched = np.isin(speech.speaker, rng.permutation(speakers)[: speakers // 2])
        rows, others = np.flatnonzero(searched), np.flatnonzero(~searched)
        numbers = speech.table[speech.numbers].to_numpy(np.float64)
        vectors = ((numbers - numbers[rows].mean(axis=0)) / numbers[rows].std(axis=0)).astype(np.float32)
        return cls(speech, rows, others, vectors[rows], _nearest(vectors[rows], vectors[others]))

    @property
    def least(self) -> int:
        """Smallest support of a slice, in clips."""
        return math.ceil(OPTIONS.min_support * len(self.rows))

    def data_set(self, model: str, seed: int, costs: Costs) -> DataSet:
        """The searched clips for methods that know vectors and errors only."""
        none = np.zeros((0, len(costs)), dtype=bool)
        drop = OPTIONS.min_drop * costs.value()
        return DataSet(
            f"librispeech-{model}-{seed}",
            f"librispeech-{model}",
            f"librispeech-{seed}",
            self.vectors,
            costs,
            none,
            self.least,
            drop,
        )

    def tenths(self, names: list[str]) -> pd.DataFrame:
        """Columns of all clips as text, numbers cut into tenths of the searched clips."""
        columns = {}
        for name in names:
            column = self.speech.table[name]
            if pd.api.types.is_numeric_dtype(column):
                edges = np.unique(column.iloc[self.rows].quantile(np.arange(0.1, 1, 0.1)))
                column = "q" + pd.Series(np.searchsorted(edges, column, side="right")).astype(str)
            columns[name] = column
        return pd.DataFrame(columns)

    def clusters(self, model: str, found: Iterable[tuple[Slice | Group, bool]]) -> list[Held]:
        """Groups of searched clips, and whether each is confirmed by speakers; others join by their nearest clip."""
        return [
            self.held_of(model, group, np.isin(self.nearest, group.members), by_speakers)
            for group, by_speakers in found
        ]

    def metadata(self, model: str, hierarchy: Hierarchy, data: Dataset, costs: Costs) -> list[Held]:
        """Slices over metadata, which others join by the conditions."""
        table, speaker = self.speech.table.loc[self.others], self.speech.speaker[self.rows]
        scan = Scanner(hierarchy, costs, data.ids).scan(OPTIONS)
        by_clips, by_speakers = (scan_metadata(scan, data, groups=groups) for groups in (None, speaker))
        confirmed = {found.slice.id for found in by_speakers if found.slice.tier == CONFIRMED}
        return [
            self.held_of(model, found.slice, _meets(found, table), found.slice.id in confirmed)
            for found in by_clips
        ]

    def knowing_speakers(self, model: str, hierarchy: Hierarchy, data: Dataset, costs: Costs) -> list[Held]:
        """Slices over metadata where the search knows who speaks; they are confirmed by speakers alone."""
        table, speaker = self.speech.table.loc[self.others], self.speech.speaker[self.rows]
        scan = Scanner(hierarchy, costs, data.ids).scan(OPTIONS)
        return [
            replace(
                self.held_of(model, found.slice, _meets(found, table)),
                by_clips=False,
                by_speakers=found.slice.tier == CONFIRMED,
            )
            for found in scan_metadata(scan, data, groups=speaker)
        ]

    def held_of(
        self, model: str, group: Slice | Group, having: NDArray[np.bool_], by_speakers: bool = False
    ) -> Held:
        """A group of the searched half with its clips among the others."""
        costs, clips = self.speech.costs[model], self.others[having]
        sums = (_by_speaker(self.speech, clips, values) for values in (costs.numerator, costs.denominator))
        confirmed = group.tier == CONFIRMED
        return Held(group.support, group.value, group.drop, confirmed, by_speakers, int(having.sum()), *sums)

    def plain_slice(self, costs: Costs, members: NDArray[np.int64]) -> Group:
        """Any searched clips as a group without a test."""
        value = costs.value(members)
        return Group(members, len(members), value, value - costs.value())

    def described(self, having: NDArray[np.bool_]) -> Held:
        """Clips of the first model that a mask over all clips describes."""
        costs = self.speech.half(self.rows, MODELS[0])[1]
        group = self.plain_slice(costs, np.flatnonzero(having[self.rows]))
        return self.held_of(MODELS[0], group, having[self.others])


def _clusters(
    hierarchy: Hierarchy, costs: Costs, speaker: NDArray[np.int64]
) -> Iterator[tuple[Slice | Group, bool]]:
    """The slices among the clusters, and whether each is confirmed where whole speakers are shuffled."""
    by_speakers = Scanner(hierarchy, costs, groups=speaker).scan(OPTIONS).slices
    confirmed = {slice_.id for slice_ in by_speakers if slice_.tier == CONFIRMED}
    for slice_ in Scanner(hierarchy, costs).scan(OPTIONS).slices:
        yield slice_, slice_.id in confirmed


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
