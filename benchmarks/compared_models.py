"""Two recognisers on LibriSpeech test-clean: where one is worse than the other, beside the subgroups of a study.

    python benchmarks/compared_models.py [TABLE]

Without TABLE there is nothing to measure. It is that of Koudounas et al. (Exploring Subgroup Performance in End-to-End
Speech Models, ICASSP 2023), see slice_finding/librispeech.py. The study calls a third of the clips "low", "medium" or
"high" and gives a change of the mean WER of clips; its subgroups are made again with thirds, so they are not exactly
the same clips. Intervals are from 2,000 draws of speakers with replacement. Nothing is chosen here.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import slicecore as sc
from slicecore.metrics import Costs, wer

BASE = "wav2vec2_base"
PUBLISHED: tuple[tuple[str, Mapping[str, str], float], ...] = (
    (
        "wav2vec2_large",
        {
            "gender": "M",
            "n_pauses": "low",
            "trimmed_duration": "low",
            "speed_rate_word_trimmed": "high",
        },
        0.46,
    ),
    ("hubert_base", {"gender": "M", "n_pauses": "low", "n_words": "low", "total_silence": "medium"}, 2.50),
)
"""Model, subgroup, change of the mean WER of clips against the base model in points, as published."""
OTHERS = ("wav2vec2_large", "hubert_base", "hubert_large")
SUPPORT, DROP = 0.03, 0.005
DRAWS = 2000


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("table", type=Path, nargs="?")
    path = parser.parse_args().table
    if path is None:
        print("Give the study's table to compare models on it.")
        return
    table = pd.read_csv(path)
    costs = {model: wer(table["text"].tolist(), table[model].tolist(), "none") for model in (BASE, *OTHERS)}
    print(
        "| subgroup of the study | against the base | clips, speakers | published | mean of clips, t | words |"
    )
    print("|---|---|---|---|---|---|")
    for model, subgroup, published in PUBLISHED:
        rows = _rows(table, subgroup)
        name = ", ".join(f"{column} {value}" for column, value in subgroup.items())
        print(f"| {name} | {model} | {_worse(table, rows, costs[model], costs[BASE], published)} |")
    print("\n| against the base | WER, change | slices over metadata on which it is worse |")
    print("|---|---|---|")
    for model in OTHERS:
        result = sc.find_slices(
            path,
            reference="text",
            prediction=model,
            compare_with=BASE,
            id="file",
            group="speaker_id",
            normalisation="none",
            min_support=SUPPORT,
            min_drop=DROP,
        )
        found = [
            f"{' and '.join(map(str, each.conditions))}: {each.slice.support} clips, "
            f"{100 * each.slice.value:+.2f} pts, p {each.slice.p_value:.2f}"
            for each in result.metadata_slices or ()
        ]
        change = costs[model].value() - costs[BASE].value()
        print(f"| {model} | {costs[model].value():.2%}, {100 * change:+.2f} | {'; '.join(found) or 'none'} |")


def _rows(table: pd.DataFrame, subgroup: Mapping[str, str]) -> NDArray[np.int64]:
    mask = np.ones(len(table), dtype=bool)
    for column, wanted in subgroup.items():
        values = table[column]
        if column != "gender":
            values = pd.qcut(values.rank(method="first"), 3, labels=["low", "medium", "high"])
        mask &= (values == wanted).to_numpy()
    return np.flatnonzero(mask)


def _worse(table: pd.DataFrame, rows: NDArray[np.int64], model: Costs, base: Costs, published: float) -> str:
    """Cells of a subgroup: its size, the published change, the change by clips with t, by words with an interval."""
    by_clip = 100 * (model.per_clip() - base.per_clip())[rows]
    t = by_clip.mean() / (by_clip.std(ddof=1) / np.sqrt(len(rows)))
    speakers = table["speaker_id"].to_numpy()[rows]
    names = np.unique(speakers)
    errors, words = model.numerator - base.numerator, base.denominator
    sums = np.array(
        [[errors[rows][speakers == name].sum(), words[rows][speakers == name].sum()] for name in names]
    )
    draws = np.random.default_rng(0).integers(len(names), size=(DRAWS, len(names)))
    drawn = sums[draws].sum(axis=1)
    low, high = np.percentile(100 * drawn[:, 0] / drawn[:, 1], [2.5, 97.5])
    by_word = 100 * errors[rows].sum() / words[rows].sum()
    return (
        f"{len(rows)}, {len(names)} | {published:+.2f} | {by_clip.mean():+.2f}, {t:.2f} | "
        f"{by_word:+.2f} ({low:+.2f} to {high:+.2f})"
    )


if __name__ == "__main__":
    main()
