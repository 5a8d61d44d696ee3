"""Slices that transfer: defined on a random half of the clips, applied to the other half.

    python benchmarks/transfer.py [--sets sample real librispeech] [--real FOLDER] [--librispeech TABLE] [--halves 10]
        [--first-seed 21000]

Prints the table of the section "How well slices transfer" of docs/gate.md. "sample" is the project's own data; "real"
needs a folder with table.csv and truth.csv (audio, truth), "librispeech" the table of Koudounas et al. (ICASSP 2023),
see slice_finding/librispeech.py: its halves are of speakers, and its groups those that the scan finds, since none is
planted. Of planted groups, precision and recall are those of the clips in the other half; the group of a slice is the
one that most of its clips are of. The drop that a slice keeps is its drop there over the one on its own half.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from slice_finding.librispeech import MODELS, Speech

import slicecore as sc
from slicecore.embedding import Embeddings
from slicecore.slices.metadata_slices import scan_metadata
from slicecore.slices.options import CONFIRMED
from slicecore.table.dataset import Dataset
from slicecore.transfer.applying import REGION, RULE, Members

ROOT = Path(__file__).parents[1]
HARMLESS = ("", "clean", "loud", "telephone_band", "phone_band", "voice_kal", "voice_espeak")


@dataclass(frozen=True)
class Held:
    """A defined slice on the other half: figures of its clips there, NaN where there is none.

    `precision` and `recall` are those of the planted group, `expected_*` what the definition says, `kept` the share of
    the drop that is left; `own_*` are those of the slice on the half that it was made of.
    """

    precision: float
    recall: float
    expected_precision: float
    expected_recall: float
    kept: float
    own_precision: float
    own_recall: float


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", nargs="+", default=["sample"], choices=["sample", "real", "librispeech"])
    parser.add_argument("--real", type=Path, help="folder with table.csv and truth.csv")
    parser.add_argument("--librispeech", type=Path, help="table of the study")
    parser.add_argument("--halves", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=21000)
    options = parser.parse_args()
    print(
        "| data | means | halves | slices | recognised | own precision | precision | expected | own recall | recall "
        "| expected | drop kept |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|", flush=True)
    for name in options.sets:
        seeds = range(options.first_seed, options.first_seed + options.halves)
        if name == "sample":
            data = sc.read(ROOT / "sample_data" / "table.csv", prediction="prediction")
            planted = pd.read_csv(ROOT / "sample_data" / "planted.csv")["problem"]
            halves = [of_planted(data, planted.fillna("").to_numpy(), seed) for seed in seeds]
        elif name == "real":
            data = sc.read(options.real / "table.csv")
            truth = pd.read_csv(options.real / "truth.csv")["truth"].to_numpy()
            halves = [of_planted(data, truth, seed) for seed in seeds]
        else:
            speech = Speech.read(options.librispeech)
            halves = [of_speakers(speech, seed) for seed in seeds]
        for means in (REGION, RULE):
            print(f"| {name} | {means} | {_cells([half[means] for half in halves])} |", flush=True)


def of_planted(data: Dataset, truth: NDArray, seed: int) -> dict[str, list[Held | None]]:
    """Confirmed slices of one half of a data set with planted problems, by means, on the other half."""
    places = np.random.default_rng(seed).permutation(len(data))
    own, other = np.sort(places[: len(data) // 2]), np.sort(places[len(data) // 2 :])
    result = sc.find_slices(
        _rows(data, own), min_support=5, min_drop=0.1, explain=False, measure=True, model="signal"
    )
    slices = [slice_ for slice_ in result.slices if slice_.tier == CONFIRMED]
    measured = result.measurements
    definitions = sc.define(
        slices,
        result.data,
        result.costs,
        embeddings=result.embeddings,
        measured=measured.table if measured else None,
        metadata_slices=result.metadata_slices,
    )
    there = _rows(data, other)
    costs = sc.metrics.wer(there.reference, there.prediction)
    held = defaultdict(list)
    for means in (REGION, RULE):
        applied = sc.apply(definitions, there, by=means)
        for slice_, members in zip(slices, applied.slices, strict=True):
            names, counts = np.unique(truth[own][slice_.members], return_counts=True)
            group = names[counts.argmax()]
            if group in HARMLESS:
                continue
            share = counts.max() / slice_.support, counts.max() / np.count_nonzero(truth[own] == group)
            held[means].append(
                _held(members, truth[other] == group, costs, slice_.drop, share) if members.means else None
            )
    return held


def of_speakers(speech: Speech, seed: int) -> dict[str, list[Held | None]]:
    """Confirmed slices of half of the speakers for each model, by means, on the other half."""
    rng = np.random.default_rng(seed)
    speakers = int(speech.speaker.max()) + 1
    mine = np.isin(speech.speaker, rng.permutation(speakers)[: speakers // 2])
    held = defaultdict(list)
    numbers = speech.table[speech.numbers]
    for model in MODELS:
        halves = []
        for rows in map(np.flatnonzero, (mine, ~mine)):
            data, costs = speech.half(rows, model)
            vectors = numbers.iloc[rows].to_numpy(np.float32)
            embeddings = Embeddings(vectors, np.isfinite(vectors).all(axis=1), {}, "numbers.npy", "numbers")
            halves.append((data, embeddings, costs))
        (data, embeddings, costs), (there, vectors_there, costs_there) = halves
        scale = embeddings.vectors.std(axis=0)
        tree = sc.build_hierarchy((embeddings.vectors - embeddings.vectors.mean(axis=0)) / scale)
        options = sc.Options(min_support=0.02, min_drop=0.3, relative=True, shuffles=199)
        scan = sc.Scanner(tree, costs, data.ids, groups=speech.speaker[mine]).scan(options)
        conditions = scan_metadata(scan, data, groups=speech.speaker[mine])
        slices = {
            REGION: [slice_ for slice_ in scan.slices if slice_.tier == CONFIRMED],
            RULE: [described.slice for described in conditions if described.slice.tier == CONFIRMED],
        }
        for means, chosen in slices.items():
            definitions = sc.define(chosen, data, costs, embeddings=embeddings, metadata_slices=conditions)
            applied = sc.apply(definitions, there, by=means, embeddings=vectors_there)
            held[means] += [
                _held(members, None, costs_there, slice_.drop, (np.nan, np.nan)) if members.means else None
                for slice_, members in zip(chosen, applied.slices, strict=True)
            ]
    return held


def _held(
    members: Members, group: NDArray[np.bool_] | None, costs: sc.Costs, drop: float, own: tuple[float, float]
) -> Held:
    hits = np.count_nonzero(group[members.rows]) if group is not None else np.nan
    count = len(members.rows)
    value = costs.value(members.rows)
    return Held(
        hits / count if count else np.nan,
        hits / max(1, np.count_nonzero(group)) if group is not None else np.nan,
        members.precision,
        members.recall,
        float(costs.drop(value, costs.value())) / drop,
        *own,
    )


def _rows(data: Dataset, rows: NDArray[np.int64]) -> Dataset:
    roles = data.roles
    return sc.from_table(
        data.table.iloc[rows],
        name=data.name,
        folder=data.path.parent if data.path else None,
        audio=roles.audio,
        reference=roles.reference,
        prediction=roles.predictions,
        id=roles.id,
    )


def _cells(halves: list[list[Held | None]]) -> str:
    """Means over the halves, with the standard error over them."""

    def mean(figure: str) -> str:
        values = [[getattr(h, figure) for h in half if h] for half in halves]
        return _mean_and_error([float(np.nanmean(v)) for v in values if len(v) and not np.isnan(v).all()])

    defined = sum(map(len, halves))
    recognised = sum(h is not None for half in halves for h in half)
    names = (
        "own_precision",
        "precision",
        "expected_precision",
        "own_recall",
        "recall",
        "expected_recall",
        "kept",
    )
    return " | ".join([str(len(halves)), str(defined), str(recognised), *map(mean, names)])


def _mean_and_error(values: list[float]) -> str:
    if not values:
        return "–"
    error = np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else float("nan")
    return f"{np.mean(values):.3f} ±{error:.3f}"


if __name__ == "__main__":
    main()
