"""Nothing planted: how often something is flagged all the same."""

import numpy as np

from slice_finding.generators import nothing_planted
from slice_finding.planted import MIN_DROP, min_support
from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.slices.options import CONFIRMED, Options
from slicecore.slices.scanner import Scanner

HARMLESS = (0.0, 0.1, 0.2)


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
                found = scanner.scan(Options(min_support(n), MIN_DROP)).slices
                slices[j, i] = len(found)
                confirmed[j, i] = sum(one.tier == CONFIRMED for one in found)
                plain[j, i] = len(
                    scanner.scan(Options(min_support(n), MIN_DROP, rule="plain", shuffles=0)).slices
                )
        for j, spread in enumerate(HARMLESS):
            lines.append(
                f"| {n} | ±{spread:.0%} | {count} | {slices[j].mean():.2f} | {(slices[j] > 0).mean():.1%} "
                f"| {(confirmed[j] > 0).mean():.1%} | {plain[j].mean():.1f} |"
            )
    return "\n".join(lines)
