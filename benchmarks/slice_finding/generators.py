"""Vectors and errors with planted groups, in three families.

All of them share a background: 192 numbers per clip whose variances fall as 1/rank, rotated at random; 40 natural
clusters of unequal size (Dirichlet, 2) in 8 super-clusters, with heavy tails (Student's t, 5 degrees of freedom); error
rates that differ harmlessly between the natural clusters. Words per clip are negative binomial, errors Poisson around a
gamma-distributed rate. In it lie five groups of 0.6 to 4 % of the clips whose rate is raised, the smaller the group the
more. The families differ in how a group looks:

- blobs: two beside a natural cluster, two inside one and shifted in 8 of the 24 leading dimensions, one elongated;
- shapes: two rings, a bar, an arc, and two bars that cross;
- few dimensions: clips of many natural clusters, of one super-cluster, or of one cluster, alike in 3 or 4 dimensions
  and like their own cluster in all the others.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.metrics import Costs

DIMENSIONS, LEADING = 192, 24
CLUSTERS, SUPER_CLUSTERS = 40, 8
SCATTER = 0.6  # of a natural cluster, over that of the centres in their super-cluster
BASE_RATE = 0.15
HARMLESS = 0.10  # relative standard deviation of the rate between natural clusters
SHARES = (0.006, 0.01, 0.015, 0.025, 0.04)
RAISED_BY = (0.5, 0.4, 0.3, 0.2, 0.15)
DIFFICULTIES = ("easy", "hard")


@dataclass(frozen=True, eq=False)
class Sample:
    """Clips with planted groups.

    Attributes
    ----------
    vectors : (n, 192) float32.
    costs : the same clips under "WER" and under "0/1", where a clip is right or wrong.
    group : (n,) 0 to 4, or -1 for none.
    """

    vectors: NDArray[np.float32]
    costs: dict[str, Costs]
    group: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Clips:
    """Clips before rotation; planting changes the arrays."""

    rng: np.random.Generator
    deviation: NDArray[np.float64]
    centres: NDArray[np.float64]
    cluster: NDArray[np.int64]
    within: NDArray[np.float64]
    group: NDArray[np.int64]

    def members(self, size: int, clusters: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Clips that are in no group yet, of some natural clusters or of any."""
        free = self.group < 0
        if clusters is not None:
            free &= np.isin(self.cluster, clusters)
        free = np.flatnonzero(free)
        return self.rng.choice(free, size=min(size, len(free)), replace=False)

    def direction(self) -> NDArray[np.float64]:
        """Random direction in the leading dimensions, one standard deviation long in each on average."""
        along = np.zeros(DIMENSIONS)
        along[:LEADING] = self.rng.normal(size=LEADING) * self.deviation[:LEADING]
        return along


def sample(family: str, n: int, difficulty: str, seed: int) -> Sample:
    """Draw a data set of a family, "easy" or "hard"."""
    rng = np.random.default_rng(seed)
    clips = _background(rng, n)
    large = np.argsort(-np.bincount(clips.cluster, minlength=CLUSTERS))[:12]
    homes = rng.permutation(large)[: len(SHARES)]
    for i, (share, home) in enumerate(zip(SHARES, homes, strict=True)):
        _PLANT[family](clips, i, max(5, round(share * n)), int(home), difficulty)
    rate = _natural_rates(rng, HARMLESS)[clips.cluster]
    planted = clips.group >= 0
    rate[planted] += np.array(RAISED_BY)[clips.group[planted]]
    return Sample(_vectors(clips), _draw_costs(rng, rate), clips.group)


def nothing_planted(
    n: int, harmless: tuple[float, ...], seed: int
) -> tuple[NDArray[np.float32], list[Costs]]:
    """Vectors of the background alone, and WER costs for each harmless difference between natural clusters."""
    rng = np.random.default_rng([seed, n])
    clips = _background(rng, n)
    rates = [_natural_rates(rng, spread)[clips.cluster] for spread in harmless]
    return _vectors(clips), [_draw_costs(rng, rate)["WER"] for rate in rates]


def nothing_planted_in_long_and_short_clips(n: int, seed: int) -> tuple[NDArray[np.float32], list[Costs]]:
    """Vectors of the background alone, and WER costs of clips that are long or short, whose rates do not differ.

    Half of the super-clusters have clips of 25 to 40 words, the others of 2 to 4. The first costs are of the same
    lengths dealt out to the clips at random, the second of lengths that follow the clusters.
    """
    rng = np.random.default_rng([seed, n, 1])
    clips = _background(rng, n)
    long = rng.permutation(SUPER_CLUSTERS)[clips.cluster % SUPER_CLUSTERS] % 2 == 0
    words = np.where(long, rng.integers(25, 41, size=n), rng.integers(2, 5, size=n)).astype(np.float64)
    rate = np.full(n, BASE_RATE)
    return _vectors(clips), [
        _draw_costs(rng, rate, lengths)["WER"] for lengths in (rng.permutation(words), words)
    ]


def _background(rng: np.random.Generator, n: int) -> _Clips:
    deviation = 1 / np.sqrt(np.arange(1, DIMENSIONS + 1))
    supers = rng.normal(scale=1.5, size=(SUPER_CLUSTERS, DIMENSIONS)) * deviation
    centres = (
        supers[np.arange(CLUSTERS) % SUPER_CLUSTERS] + rng.normal(size=(CLUSTERS, DIMENSIONS)) * deviation
    )
    cluster = rng.choice(CLUSTERS, size=n, p=rng.dirichlet(np.full(CLUSTERS, 2.0)))
    within = rng.normal(size=(n, DIMENSIONS)) * deviation * SCATTER
    within *= np.sqrt(5 / rng.chisquare(5, size=(n, 1)))
    return _Clips(rng, deviation, centres, cluster, within, np.full(n, -1))


def _plant_blob(clips: _Clips, i: int, size: int, home: int, difficulty: str) -> None:
    kind = ("beside", "inside", "elongated", "beside", "inside")[i]
    rng, inside = clips.rng, kind == "inside"
    members = clips.members(size, np.array([home]) if inside else None)
    clips.group[members] = i
    clips.cluster[members] = home
    shift = rng.uniform(*{"easy": (2.0, 4.0), "hard": (0.75, 1.4)}[difficulty])
    dimensions = rng.choice(LEADING, size=8 if inside else LEADING, replace=False)
    offset = np.zeros(DIMENSIONS)
    offset[dimensions] = shift * clips.deviation[dimensions] * rng.choice([-1, 1], size=len(dimensions))
    clips.within[members] = 0.6 * clips.within[members] + offset
    if kind == "elongated":
        along = rng.normal(size=DIMENSIONS) * clips.deviation
        clips.within[members] += along * rng.uniform(-2, 2, size=(len(members), 1))


def _plant_shape(clips: _Clips, i: int, size: int, home: int, difficulty: str) -> None:
    rng = clips.rng
    members = clips.members(size)
    clips.group[members] = i
    clips.cluster[members] = home
    reach = rng.uniform(*{"easy": (2.0, 3.0), "hard": (1.0, 1.6)}[difficulty])
    across, along, aside = (clips.direction() for _ in range(3))
    x, y = np.zeros((2, len(members), 1))
    kind = ("ring", "bar", "arc", "ring", "cross")[i]
    if kind in ("ring", "arc"):
        turn = rng.uniform(0, 2 * np.pi if kind == "ring" else np.pi, size=(len(members), 1))
        x, y = np.cos(turn), np.sin(turn)
    else:
        x = rng.uniform(-2, 2, size=(len(members), 1))
        if kind == "cross":
            first = rng.random(size=(len(members), 1)) < 0.5
            x, y = np.where(first, x, 0), np.where(first, 0, x)
    clips.within[members] = 0.5 * clips.within[members] + reach * (x * across + y * along) + reach * aside


def _plant_few_dimensions(clips: _Clips, i: int, size: int, home: int, difficulty: str) -> None:
    rng = clips.rng
    kind = ("cluster", "super-cluster", "everywhere", "super-cluster", "everywhere")[i]
    siblings = np.arange(CLUSTERS)[np.arange(CLUSTERS) % SUPER_CLUSTERS == home % SUPER_CLUSTERS]
    clusters = {"cluster": np.array([home]), "super-cluster": siblings, "everywhere": None}[kind]
    members = clips.members(size, clusters)
    clips.group[members] = i
    count, shift = {"easy": (4, rng.uniform(5, 7)), "hard": (3, rng.uniform(3, 4))}[difficulty]
    dimensions = rng.choice(LEADING // 2, size=count, replace=False)
    value = shift * clips.deviation[dimensions] * rng.choice([-1, 1], size=count)
    noise = 0.3 * clips.deviation[dimensions] * rng.normal(size=(len(members), count))
    # The place in these dimensions is that of the group, whatever the natural cluster.
    clips.within[np.ix_(members, dimensions)] = (
        value + noise - clips.centres[np.ix_(clips.cluster[members], dimensions)]
    )


_PLANT: dict[str, Callable[[_Clips, int, int, int, str], None]] = {
    "blobs": _plant_blob,
    "shapes": _plant_shape,
    "few dimensions": _plant_few_dimensions,
}
FAMILIES = tuple(_PLANT)


def _natural_rates(rng: np.random.Generator, harmless: float) -> NDArray[np.float64]:
    return BASE_RATE * np.clip(1 + rng.normal(scale=harmless, size=CLUSTERS), 0.25, 1.75)


def _vectors(clips: _Clips) -> NDArray[np.float32]:
    rotation, _ = np.linalg.qr(clips.rng.normal(size=(DIMENSIONS, DIMENSIONS)))
    return ((clips.centres[clips.cluster] + clips.within) @ rotation).astype(np.float32)


def _draw_costs(
    rng: np.random.Generator, rate: NDArray[np.float64], words: NDArray[np.float64] | None = None
) -> dict[str, Costs]:
    n = len(rate)
    if words is None:
        words = 1.0 + rng.negative_binomial(3, 3 / (3 + 11), size=n)
    errors = rng.poisson(words * rate * rng.gamma(1 / 0.8, 0.8, size=n)).astype(np.float64)
    wrong = (rng.random(n) < rate).astype(np.float64)
    return {"WER": Costs(errors, words, name="WER"), "0/1": Costs(wrong, np.ones(n), name="error rate")}
