"""Clips that are in the table several times, nothing planted: what is confirmed with and without knowing the copies."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from slice_finding.generators import BASE_RATE
from slice_finding.metadata_tables import METRICS, make_table
from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.metrics import Costs
from slicecore.slices.copies import find_copies
from slicecore.slices.metadata_slices import scan_metadata
from slicecore.slices.options import CONFIRMED, Options
from slicecore.slices.result import Scan
from slicecore.slices.scanner import Scanner
from slicecore.table.dataset import from_table

DIFFERENT, DIMENSIONS, CLUSTERS = 600, 64, 12
SHARE = 0.1  # of the clips that are repeated
CASES = ((1, 0.0), (2, 0.0), (5, 0.0), (5, 0.02), (10, 0.0), (10, 0.02))
MIN_SUPPORT, MIN_DROP, SHUFFLES = 5, 0.1, 199
ROWS, COLUMNS, TIMES = 1000, 10, (1, 2, 5, 10)
"""Different clips and columns of the tables for metadata slices, and how often a tenth of the clips is in them."""


def repeated(times: int, jitter: float, seed: int) -> tuple[NDArray[np.float32], dict[str, Costs], NDArray]:
    """Vectors, costs and texts of clips of which a tenth are in the table so many times.

    Copies have the errors of the clip. `jitter` is the standard deviation of what sets their vectors apart, over that
    of all vectors.
    """
    rng = np.random.default_rng([seed, times, round(1000 * jitter)])
    deviation = 1 / np.sqrt(np.arange(1, DIMENSIONS + 1))
    centre = rng.normal(size=(CLUSTERS, DIMENSIONS))[rng.integers(CLUSTERS, size=DIFFERENT)]
    vectors = (centre + 0.6 * rng.normal(size=(DIFFERENT, DIMENSIONS))) * deviation
    words = 1.0 + rng.negative_binomial(3, 3 / (3 + 11), size=DIFFERENT)
    errors = rng.poisson(words * BASE_RATE * rng.gamma(1 / 0.8, 0.8, size=DIFFERENT)).astype(np.float64)
    wrong = (rng.random(DIFFERENT) < BASE_RATE).astype(np.float64)
    again = rng.choice(DIFFERENT, size=round(SHARE * DIFFERENT), replace=False)
    rows = np.concatenate([np.arange(DIFFERENT), np.tile(again, times - 1)])
    copied = vectors[rows]
    copied[DIFFERENT:] += jitter * rng.normal(size=(len(rows) - DIFFERENT, DIMENSIONS)) * vectors.std(axis=0)
    order = rng.permutation(len(rows))
    rows, copied = rows[order], copied[order]
    costs = {
        "WER": Costs(errors[rows], words[rows], name="WER"),
        "0/1": Costs(wrong[rows], np.ones(len(rows)), name="error rate"),
    }
    return copied.astype(np.float32), costs, rows.astype(str)


def tables(sets: int, first_seed: int) -> str:
    """Both tables: slices of a scan, and slices over the columns of a table."""
    return f"{table(sets, first_seed)}\n\n### Metadata slices\n\n{metadata_table(sets, first_seed)}"


def table(sets: int, first_seed: int) -> str:
    """A row per number of copies, jitter and metric: shares of the data sets in which something is confirmed."""
    lines = [
        "| a tenth of the clips | metric | any confirmed, copies unknown | known | slices, unknown | known |",
        "|---|---|---|---|---|---|",
    ]
    for times, jitter in CASES:
        counts = defaultdict(list)
        for seed in range(first_seed, first_seed + sets):
            vectors, by_metric, texts = repeated(times, jitter, seed)
            hierarchy = build_hierarchy(vectors)
            copies = find_copies([vectors], hierarchy, texts)
            for metric, costs in by_metric.items():
                for known in (False, True):
                    scanner = Scanner(hierarchy, costs, copies=copies if known else None)
                    slices = scanner.scan(Options(MIN_SUPPORT, MIN_DROP, shuffles=SHUFFLES)).slices
                    confirmed = sum(slice_.tier == CONFIRMED for slice_ in slices)
                    counts[metric, known].append((confirmed > 0, len(slices)))
        for metric in ("WER", "0/1"):
            unknown, known = (np.mean(counts[metric, k], axis=0) for k in (False, True))
            name = "once" if times == 1 else f"{times} times" + (f", {jitter:.0%} apart" if jitter else "")
            lines.append(
                f"| {name} | {metric} | {unknown[0]:.1%} | {known[0]:.1%} | {unknown[1]:.1f} | {known[1]:.1f} |"
            )
    return "\n".join(lines)


def metadata_table(sets: int, first_seed: int) -> str:
    """The same for slices over the columns of a table: a row per number of copies and metric."""
    lines = [
        "| a tenth of the clips | metric | any confirmed, copies unknown | known | slices, unknown | known |",
        "|---|---|---|---|---|---|",
    ]
    for times in TIMES:
        counts = defaultdict(list)
        for seed in range(first_seed, first_seed + sets):
            table = make_table("nothing", ROWS, COLUMNS, seed)
            again = np.random.default_rng([seed, times]).choice(ROWS, round(SHARE * ROWS), replace=False)
            rows = np.concatenate([np.arange(ROWS), np.tile(again, times - 1)])
            columns = table.columns.iloc[rows].reset_index(drop=True).assign(reference="x", prediction="x")
            data = from_table(columns, name="planted", reference="reference", prediction="prediction")
            for metric, of_clip in table.costs.items():
                costs = Costs(of_clip.numerator[rows], of_clip.denominator[rows], name=metric)
                options = Options(ROWS // 100, MIN_DROP, shuffles=SHUFFLES)
                scan = Scan((), costs.value(), costs, options.clips(len(rows)), MIN_DROP, 0.0, None, options)
                for known in (False, True):
                    slices = scan_metadata(scan, data, copies=rows if known else None)
                    confirmed = sum(each.slice.tier == CONFIRMED for each in slices)
                    counts[metric, known].append((confirmed > 0, len(slices)))
        for metric in METRICS:
            unknown, known = (np.mean(counts[metric, k], axis=0) for k in (False, True))
            name = "once" if times == 1 else f"{times} times"
            lines.append(
                f"| {name} | {metric} | {unknown[0]:.1%} | {known[0]:.1%} | {unknown[1]:.2f} | {known[1]:.2f} |"
            )
    return "\n".join(lines)
