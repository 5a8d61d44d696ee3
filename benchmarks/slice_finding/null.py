"""Nothing planted: how often a scan flags and confirms something all the same."""

import numpy as np

from slice_finding.generators import nothing_planted, nothing_planted_in_long_and_short_clips
from slice_finding.planted import MIN_DROP, min_support
from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.slices.options import CONFIRMED, Options
from slicecore.slices.scanner import Scanner

HARMLESS = (0.0, 0.1, 0.2)
DROPS = (0.02, 0.05, MIN_DROP)
LENGTHS = ("dealt out at random", "follow the clusters")


def table(sets: dict[int, int], first_seed: int) -> str:
    """A row per size and per spread of the error rate between natural clusters.

    Parameters
    ----------
    sets
        Size -> number of data sets.
    """
    lines = [
        "| n | harmless differences | sets | slices | any slice | any confirmed | slices by the plain rule |",
        "|---|---|---|---|---|---|---|",
    ]
    for n, count in sets.items():
        slices, confirmed, plain = np.zeros((3, len(HARMLESS), count))
        for i in range(count):
            vectors, costs = nothing_planted(n, HARMLESS, first_seed + i)
            hierarchy = build_hierarchy(vectors)
            for j, of_clips in enumerate(costs):
                scanner = Scanner(hierarchy, of_clips)
                flagged = scanner.scan(Options(min_support(n), MIN_DROP)).slices
                slices[j, i] = len(flagged)
                confirmed[j, i] = sum(slice_.tier == CONFIRMED for slice_ in flagged)
                plain[j, i] = len(
                    scanner.scan(Options(min_support(n), MIN_DROP, rule="plain", shuffles=0)).slices
                )
        for j, spread in enumerate(HARMLESS):
            lines.append(
                f"| {n} | ±{spread:.0%} | {count} | {slices[j].mean():.2f} | {(slices[j] > 0).mean():.1%} "
                f"| {(confirmed[j] > 0).mean():.1%} | {plain[j].mean():.1f} |"
            )
    return "\n".join(lines)


def table_of_lengths(sets: dict[int, int], first_seed: int) -> str:
    """A row per size and per way in which long and short clips lie in the clusters; shares with a confirmed slice.

    Parameters
    ----------
    sets
        Size -> number of data sets.
    """
    lines = [
        "| n | lengths | sets | " + " | ".join(f"minimum drop {drop:g}" for drop in DROPS) + " |",
        "|---" * (3 + len(DROPS)) + "|",
    ]
    for n, count in sets.items():
        confirmed = np.zeros((len(LENGTHS), len(DROPS), count), dtype=bool)
        for i in range(count):
            vectors, costs = nothing_planted_in_long_and_short_clips(n, first_seed + i)
            hierarchy = build_hierarchy(vectors)
            for j, of_clips in enumerate(costs):
                scanner = Scanner(hierarchy, of_clips)
                for k, drop in enumerate(DROPS):
                    slices = scanner.scan(Options(min_support(n), drop)).slices
                    confirmed[j, k, i] = any(slice_.tier == CONFIRMED for slice_ in slices)
        for name, shares in zip(LENGTHS, confirmed.mean(axis=2), strict=True):
            cells = " | ".join(f"{share:.1%}" for share in shares)
            lines.append(f"| {n} | {name} | {count} | {cells} |")
    return "\n".join(lines)
