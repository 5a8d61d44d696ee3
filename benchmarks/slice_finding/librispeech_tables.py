"""Tables of what holds up on other speakers of LibriSpeech."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
from numpy.typing import NDArray

from slice_finding.librispeech import (
    CHANCE,
    CLUSTERS,
    KNOWING_SPEAKERS,
    METADATA,
    MODELS,
    PAPER,
    SEARCH,
    STUDIED,
    Held,
    Speech,
    Split,
)

HOLDS = 0.5
"""Share of its drop by which a slice must be worse on the other speakers."""
FEWEST = 10
"""Clips of other speakers by which a slice is judged."""
DRAWS = 1000


def tables(speech: Speech, splits: list[Split], seed: int = 0) -> str:
    """The tables of docs/detection.md: what holds up on other speakers, and the worst slice of each kind."""
    speakers = int(speech.speaker.max()) + 1
    # The first weight is that of the speakers as they are.
    weight = np.random.default_rng(seed).multinomial(speakers, np.full(speakers, 1 / speakers), DRAWS)
    weight = np.vstack([np.ones(speakers), weight]).astype(np.float64)
    return f"{_holding(splits, weight)}\n\n{_rivals(splits, weight)}\n\n{_worst(splits, weight)}"


_CHOSEN: dict[str, Callable[[Held], bool]] = {
    "all": lambda held: True,
    "confirmed, clips shuffled": lambda held: held.by_clips,
    "confirmed, speakers shuffled": lambda held: held.by_speakers,
}
_KINDS = [(kind, name) for kind in (CLUSTERS, METADATA, CHANCE) for name in _CHOSEN]
_KINDS += [
    (kind, name) for kind in (KNOWING_SPEAKERS, STUDIED) for name in ("all", "confirmed, speakers shuffled")
]


def _holding(splits: list[Split], weight: NDArray[np.float64]) -> str:
    lines = [
        "| model | slices over | which | slices a split | still worse by half their drop | still worse "
        "| drop, searched → other speakers | not judged |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for model in MODELS:
        for kind, name in _KINDS:
            row = _row(splits, (model,), kind, _CHOSEN[name], weight)
            if row:
                lines.append(f"| {model} | {kind} | {name} | {row} |")
    for kind, name in _KINDS:
        lines.append(f"| all four | {kind} | {name} | {_row(splits, MODELS, kind, _CHOSEN[name], weight)} |")
    return "\n".join(lines)


def _rivals(splits: list[Split], weight: NDArray[np.float64]) -> str:
    """A row per method that was run, on the splits on which it was."""
    kinds = dict.fromkeys(
        kind for each in splits for _, kind in each.slices if kind not in (CHANCE, SEARCH, PAPER)
    )
    lines = [
        "| method, all four models | splits | slices a split | still worse by half their drop | still worse "
        "| drop, searched → other speakers | not judged |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind in kinds:
        of_it = [each for each in splits if all((model, kind) in each.slices for model in MODELS)]
        if of_it:
            row = _row(of_it, MODELS, kind, _CHOSEN["all"], weight)
            lines.append(f"| {kind} | {len(of_it)} | {row} |")
    return "\n".join(lines)


def _row(
    splits: list[Split],
    models: tuple[str, ...],
    kind: str,
    chosen: Callable[[Held], bool],
    weight: NDArray[np.float64],
) -> str:
    holding, worse, judged = (np.zeros(len(weight)) for _ in range(3))
    drops, count, not_judged = [], 0, 0
    for one_split, model in product(splits, models):
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
        return "0 | – | – | – | –" if len(models) > 1 else ""
    before, after = np.mean(drops, axis=0) if drops else (np.nan, np.nan)
    return (
        f"{count / len(splits) / len(models):.2f} | {_share(holding, judged)} | {_share(worse, judged)} "
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
    for kind in (CLUSTERS, METADATA, KNOWING_SPEAKERS, STUDIED, SEARCH, PAPER):
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
