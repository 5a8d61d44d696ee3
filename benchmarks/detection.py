"""How many planted groups a scan finds, how many slices are false, and what it costs.

    python benchmarks/detection.py [--seeds 5] [--sizes 1000 5000 20000] [--difficulty easy hard none]

Vectors of 192 numbers whose variances fall as 1/rank, rotated; 40 natural clusters of unequal size in 8 super-clusters,
heavy tails, word error rates that differ harmlessly between clusters. In them five groups of 0.6 to 4 % of the clips
with a raised error rate: two blobs beside a natural cluster, two inside one, shifted in 8 of the 24 leading
dimensions, and an elongated one.

Found: groups for which some slice has precision and recall of at least .5. False: slices of which no half is one
group. Nested: slices that lie in or around another. IoU: mean over the groups of the best intersection over union with
a slice. Confirmed and false alarm: confirmed slices, and share of the data sets in which one of them is false. "plain"
is the rule of the literature on the FINCH levels alone.
"""

import argparse
import time
from dataclasses import dataclass, fields

import numpy as np

from slicecore.hierarchy import build_hierarchy
from slicecore.metrics import Costs
from slicecore.scan import RULES, Scanner
from slicecore.significance import CONFIRMED, significance

DIMENSIONS = 192
CLUSTERS, SUPER_CLUSTERS = 40, 8
BASE_RATE = 0.15
HARMLESS = 0.10  # relative standard deviation of the rate between natural clusters
SHARES = (0.006, 0.01, 0.015, 0.025, 0.04)
RAISED_BY = (0.5, 0.4, 0.3, 0.2, 0.15)
KINDS = ("beside", "inside", "elongated", "beside", "inside")
SHIFT = {
    "easy": (2.0, 4.0),
    "hard": (0.75, 1.4),
    "none": (0.0, 0.0),
}  # standard deviations per shifted dimension
MIN_SUPPORT_SHARE = 0.005
MIN_DROP = 0.1


@dataclass(frozen=True)
class Sample:
    """Clips with planted groups: `group` is 0 to 4, or -1 for none."""

    vectors: np.ndarray
    costs: Costs
    group: np.ndarray


def sample(n: int, difficulty: str, seed: int) -> Sample:
    """Draw a data set."""
    rng = np.random.default_rng(seed)
    deviation = 1 / np.sqrt(np.arange(1, DIMENSIONS + 1))
    supers = rng.normal(scale=1.5, size=(SUPER_CLUSTERS, DIMENSIONS)) * deviation
    centres = (
        supers[np.arange(CLUSTERS) % SUPER_CLUSTERS] + rng.normal(size=(CLUSTERS, DIMENSIONS)) * deviation
    )
    cluster = rng.choice(CLUSTERS, size=n, p=rng.dirichlet(np.full(CLUSTERS, 2.0)))
    rate = BASE_RATE * np.clip(1 + rng.normal(scale=HARMLESS, size=CLUSTERS), 0.5, 1.5)[cluster]
    within = rng.normal(size=(n, DIMENSIONS)) * deviation * 0.6
    within *= np.sqrt(5 / rng.chisquare(5, size=(n, 1)))  # Student's t, 5 degrees of freedom
    group = np.full(n, -1)
    if difficulty != "none":
        _plant(rng, group, cluster, within, rate, deviation, SHIFT[difficulty])
    vectors = centres[cluster] + within
    rotation, _ = np.linalg.qr(rng.normal(size=(DIMENSIONS, DIMENSIONS)))
    words = 1.0 + rng.negative_binomial(3, 3 / (3 + 11), size=n)
    errors = rng.poisson(words * rate * rng.gamma(1 / 0.8, 0.8, size=n)).astype(float)
    return Sample((vectors @ rotation).astype(np.float32), Costs(errors, words, name="WER"), group)


def _plant(
    rng: np.random.Generator,
    group: np.ndarray,
    cluster: np.ndarray,
    within: np.ndarray,
    rate: np.ndarray,
    deviation: np.ndarray,
    shift: tuple[float, float],
) -> None:
    n = len(group)
    count = np.bincount(cluster, minlength=CLUSTERS)
    homes = rng.permutation(np.argsort(-count)[:12])[: len(SHARES)]  # in the larger clusters, one each
    for i, (share, raised, kind, home) in enumerate(zip(SHARES, RAISED_BY, KINDS, homes, strict=True)):
        size = max(5, round(share * n))
        candidates = np.flatnonzero((group < 0) & ((cluster == home) if kind == "inside" else True))
        members = rng.choice(candidates, size=min(size, len(candidates)), replace=False)
        group[members] = i
        cluster[members] = home
        rate[members] += raised
        amount = rng.uniform(*shift)
        directions = rng.choice(24, size=8, replace=False) if kind == "inside" else np.arange(24)
        offset = np.zeros(DIMENSIONS)
        offset[directions] = amount * deviation[directions] * rng.choice([-1, 1], size=len(directions))
        within[members] *= 0.6
        if kind == "elongated":
            along = rng.normal(size=DIMENSIONS) * deviation
            within[members] += along * rng.uniform(-2, 2, size=(len(members), 1))
        within[members] += offset


@dataclass(frozen=True)
class Trial:
    """Outcome of one scan; see the top of the file."""

    found: int
    slices: int
    false: int
    nested: int
    overlap: float
    confirmed: int
    false_alarm: bool
    tree_s: float
    scan_ms: float


def trial(n: int, difficulty: str, seed: int) -> dict[str, Trial]:
    """Scan one data set by every rule."""
    data = sample(n, difficulty, seed)
    begin = time.process_time()
    hierarchy = build_hierarchy(data.vectors)
    tree_s = time.process_time() - begin
    scanner = Scanner(hierarchy, data.costs)
    outcome = {}
    for rule in RULES:
        begin = time.process_time()
        found = scanner.scan(max(2, round(MIN_SUPPORT_SHARE * n)), MIN_DROP, rule=rule)
        scan_ms = 1000 * (time.process_time() - begin)
        confirmed = np.array(significance(hierarchy, data.costs, found).tier) == CONFIRMED
        overlap, matched, useful = compare([one.members for one in found.slices], data.group)
        sets = [set(one.members.tolist()) for one in found.slices]
        nested = sum(
            any(i != j and (a <= b or b <= a) for j, b in enumerate(sets)) for i, a in enumerate(sets)
        )
        outcome[rule] = Trial(
            found=len(matched),
            slices=len(found.slices),
            false=int((~useful).sum()),
            nested=nested,
            overlap=overlap,
            confirmed=int(confirmed.sum()),
            false_alarm=bool((confirmed & ~useful).any()),
            tree_s=tree_s,
            scan_ms=scan_ms,
        )
    return outcome


def compare(slices: list[np.ndarray], group: np.ndarray) -> tuple[float, set[int], np.ndarray]:
    """Mean of the groups' best IoU, groups that are found, and which slices are mostly one group."""
    planted = [np.flatnonzero(group == i) for i in range(group.max() + 1)]
    best, matched, useful = np.zeros(len(planted)), set(), np.zeros(len(slices), dtype=bool)
    for k, members in enumerate(slices):
        for i, truth in enumerate(planted):
            common = len(np.intersect1d(members, truth, assume_unique=True))
            best[i] = max(best[i], common / (len(members) + len(truth) - common))
            useful[k] |= common >= 0.5 * len(members)
            if common >= 0.5 * len(members) and common >= 0.5 * len(truth):
                matched.add(i)
    return float(best.mean()) if len(best) else 0.0, matched, useful


def main() -> None:
    """Print one row per size, difficulty and rule."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=5, help="data sets of each kind")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 5000, 20000])
    parser.add_argument("--difficulty", nargs="+", choices=list(SHIFT), default=list(SHIFT))
    options = parser.parse_args()
    build_hierarchy(np.random.default_rng(0).normal(size=(100, 8)))  # compile
    names = [field.name for field in fields(Trial)]
    print("| n | difficulty | rule | " + " | ".join(name.replace("_", " ") for name in names) + " |")
    print("|---" * (3 + len(names)) + "|")
    for n in options.sizes:
        for difficulty in options.difficulty:
            trials = [trial(n, difficulty, options.first_seed + seed) for seed in range(options.seeds)]
            for rule in RULES:
                means = [np.mean([getattr(one[rule], name) for one in trials]) for name in names]
                cells = [
                    f"{mean:.3f}" if name == "false_alarm" else f"{mean:.2f}"
                    for name, mean in zip(names, means, strict=True)
                ]
                print(f"| {n} | {difficulty} | {rule} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
