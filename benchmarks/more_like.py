"""More like this: confirmed slices of a random half of the clips, and the other half ranked for each, without labels.

    python benchmarks/more_like.py [--sets sample real] [--real FOLDER] [--halves 10] [--first-seed 22000]

Prints the table of docs/more_like.md. "sample" is the project's own data; "real" needs a folder with table.csv and
truth.csv (audio, truth). A slice's group is the planted one that most of its clips are of; wanted are the clips of that
group in the other half. Precision among the first 10 and 50, as a share of what can be had there, and average
precision. Rivals: chance, and the cosine to the mean of the slice's vectors, as they are ("cosine") and standardised by
the data of the definition, as regions take them ("cosine, standardised"); "rule" is the rule on measurements of the
sound alone, where there is one.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from transfer import HARMLESS, ROOT, _mean_and_error, _rows

import slicecore as sc
from slicecore.embedding import embed_raw
from slicecore.errors import DefinitionError
from slicecore.slices.options import CONFIRMED
from slicecore.table.dataset import Dataset
from slicecore.transfer.definition import Definition, Definitions
from slicecore.transfer.rule import is_measured

FIRST = (10, 50)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", nargs="+", default=["sample"], choices=["sample", "real"])
    parser.add_argument("--real", type=Path, help="folder with table.csv and truth.csv")
    parser.add_argument("--halves", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=22000)
    options = parser.parse_args()
    print("| data | ranked by | slices | precision at 10 | precision at 50 | average precision |")
    print("|---|---|---|---|---|---|", flush=True)
    for name in options.sets:
        if name == "sample":
            data = sc.read(ROOT / "sample_data" / "table.csv", prediction="prediction")
            truth = pd.read_csv(ROOT / "sample_data" / "planted.csv")["problem"].fillna("").to_numpy()
        else:
            data = sc.read(options.real / "table.csv")
            truth = pd.read_csv(options.real / "truth.csv")["truth"].fillna("").to_numpy()
        print_rows(name, data, truth, range(options.first_seed, options.first_seed + options.halves))


def print_rows(name: str, data: Dataset, truth: NDArray, seeds: range) -> None:
    """Print the rows of a data set: means over the halves with their standard error."""
    by_half = [of_half(data, truth, seed) for seed in seeds]
    for ranking in ("chance", "cosine", "cosine, standardised", "rule", "region"):
        halves = [half[ranking] for half in by_half if half[ranking]]
        columns = np.array([np.mean(half, axis=0) for half in halves]).T
        cells = " | ".join(_mean_and_error(list(column)) for column in columns)
        print(f"| {name} | {ranking} | {sum(map(len, halves))} | {cells} |", flush=True)


def of_half(data: Dataset, truth: NDArray, seed: int) -> dict[str, list[tuple[float, ...]]]:
    """Figures of every slice of one half, by ranking."""
    rng = np.random.default_rng(seed)
    places = rng.permutation(len(data))
    own, other = np.sort(places[: len(data) // 2]), np.sort(places[len(data) // 2 :])
    result = sc.find_slices(_rows(data, own), min_support=5, min_drop=0.1, explain=False, measure=True)
    definitions = result.definitions(verdicts=None)
    there = _rows(data, other)
    pool = sc.from_table(
        there.table[[there.roles.audio]],
        name="pool",
        folder=data.path.parent if data.path else None,
        audio=there.roles.audio,
        labelled=False,
    )
    raw = embed_raw(pool, "signal").vectors, embed_raw(result.data, "signal").vectors
    figures = defaultdict(list)
    for slice_, definition in zip(result.slices, definitions, strict=True):
        names, counts = np.unique(truth[own][slice_.members], return_counts=True)
        group = names[counts.argmax()]
        wanted = truth[other] == group
        if slice_.tier != CONFIRMED or group in HARMLESS or not wanted.any():
            continue
        for ranking, order in rankings(definitions, definition, pool, raw, slice_.members, rng):
            figures[ranking].append(scores(wanted[order], np.count_nonzero(wanted)))
    return figures


def rankings(
    definitions: Definitions,
    definition: Definition,
    pool: Dataset,
    raw: tuple[NDArray, NDArray],
    members: NDArray,
    rng: np.random.Generator,
) -> Iterator[tuple[str, NDArray]]:
    """Rows of the pool in the order of each ranking."""
    space = definitions.spaces["signal"]
    yield "chance", rng.permutation(len(pool))
    yield "cosine", by_cosine(*raw, members)
    yield "cosine, standardised", by_cosine(*map(space.standard, raw), members)
    for ranking in ("rule", "region"):
        if ranking == "rule" and not (definition.rule and is_measured(definition.rule)):
            continue
        if ranking == "region" and definition.region is None:
            continue
        other = {"rule": "region", "region": "rule"}[ranking]
        alone = replaced(definitions, definition, other)
        try:
            table = sc.more_like(alone, pool, n=len(pool))
        except DefinitionError:  # a rule on texts
            continue
        row_of_id = pool.row_of_id
        first = np.array([row_of_id[name] for name in table.id], dtype=np.int64)
        rest = rng.permutation(np.setdiff1d(np.arange(len(pool)), first))  # not ranked: by chance
        yield ranking, np.concatenate([first, rest])


def replaced(definitions: Definitions, definition: Definition, without: str) -> Definitions:
    """Definitions of one slice alone, without its rule or its region."""
    return replace(definitions, slices=(replace(definition, **{without: None}),))


def by_cosine(there: NDArray, own: NDArray, members: NDArray) -> NDArray:
    """Rows by the cosine to the mean of a slice's vectors, the nearest first."""
    centre = np.nanmean(own[members], axis=0)
    vectors = np.nan_to_num(there)
    cosine = vectors @ centre / (np.linalg.norm(vectors, axis=1) * np.linalg.norm(centre) + 1e-12)
    return np.argsort(-cosine, kind="stable")


def scores(wanted: NDArray, count: int) -> tuple[float, ...]:
    """Precision among the first 10 and 50, as a share of what can be had, and average precision."""
    at = [np.count_nonzero(wanted[:first]) / min(first, count) for first in FIRST]
    hits = np.cumsum(wanted) / np.arange(1, len(wanted) + 1)
    return (*at, float(hits[wanted].mean()))


if __name__ == "__main__":
    main()
