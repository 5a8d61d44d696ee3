"""Vectors and errors with planted groups by a generator that no constant of the product was chosen on.

What a clip is made of crosses here: its content (30, unequal), its speaker (60, unequal, in another 40 dimensions) and
noise of its own add up in 256 numbers, so that the background has no tree of clusters. Words per clip are log-normal,
errors binomial with a beta-distributed rate, and one clip in a hundred is lost altogether. Contents differ harmlessly
in their rate, by ±10 %. Five groups of the same shares and rises as in generators.py:

- apart: a cluster of its own, a shift away from a random clip;
- dense: the neighbours of a random clip, drawn together;
- room: clips of one speaker, moved by an offset, or of several where one has too few;
- spread: a cluster of its own with heavy tails;
- topic: clips of one content, moved by an offset.

Easy and hard differ in the length of the shift, 2 to 3 or 1.1 to 1.7 times the distance of a clip from the mean of
its content and speaker, and in how much a dense group is drawn together.
"""

import numpy as np
from numpy.typing import NDArray

from slice_finding.generators import BASE_RATE, HARMLESS, RAISED_BY, SHARES, Sample
from slicecore.metrics import Costs

DIMENSIONS, CONTENTS, SPEAKERS = 256, 30, 60
VOICE = 40  # dimensions in which speakers differ
SHIFT = {"easy": (2.0, 3.0), "hard": (1.1, 1.7)}
DRAWN = {"easy": 0.25, "hard": 0.4}  # what remains of the distances in a dense group
KINDS = ("apart", "dense", "room", "spread", "topic")


def held_out(n: int, difficulty: str, seed: int) -> Sample:
    """Draw a data set, "easy" or "hard"."""
    rng = np.random.default_rng([seed, n])
    basis, _ = np.linalg.qr(rng.normal(size=(DIMENSIONS, DIMENSIONS)))
    falling = np.exp(-np.arange(DIMENSIONS) / 40)
    content = rng.choice(CONTENTS, size=n, p=_shares(rng, CONTENTS))
    speaker = rng.choice(SPEAKERS, size=n, p=_shares(rng, SPEAKERS))
    voices = np.zeros((SPEAKERS, DIMENSIONS))
    voices[:, rng.permutation(DIMENSIONS // 2)[:VOICE]] = 0.7 * rng.normal(size=(SPEAKERS, VOICE))
    own = 0.8 * rng.normal(size=(n, DIMENSIONS)) * falling
    place = (rng.normal(size=(CONTENTS, DIMENSIONS)) * falling)[content] + voices[speaker] * falling + own
    length = np.sqrt((own**2).sum(axis=1).mean())

    group = np.full(n, -1)
    for i in rng.permutation(len(KINDS)):
        size = max(5, round(SHARES[i] * n))
        rows = _members(rng, KINDS[i], size, group, place, content, speaker)
        group[rows] = i
        shift = rng.normal(size=DIMENSIONS) * falling
        shift *= rng.uniform(*SHIFT[difficulty]) * length / np.linalg.norm(shift)
        if KINDS[i] == "dense":
            place[rows] = place[rows].mean(axis=0) + DRAWN[difficulty] * (
                place[rows] - place[rows].mean(axis=0)
            )
        elif KINDS[i] in ("apart", "spread"):
            tails = np.sqrt(4 / rng.chisquare(4, size=(size, 1))) if KINDS[i] == "spread" else 1.0
            place[rows] = place[rng.integers(n)] + shift + 0.7 * own[rows] * tails
        else:
            place[rows] += shift

    rate = (BASE_RATE * np.clip(1 + rng.normal(scale=HARMLESS, size=CONTENTS), 0.25, 1.75))[content]
    rate[group >= 0] += np.array(RAISED_BY)[group[group >= 0]]
    return Sample((place @ basis).astype(np.float32), _costs(rng, rate), group)


def _shares(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    weight = np.exp(0.8 * rng.normal(size=count))
    return weight / weight.sum()


def _members(
    rng: np.random.Generator,
    kind: str,
    size: int,
    group: NDArray[np.int64],
    place: NDArray[np.float64],
    content: NDArray[np.int64],
    speaker: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Clips for a group among those that are in none."""
    free = np.flatnonzero(group < 0)
    if kind == "dense":
        distance = ((place[free] - place[rng.choice(free)]) ** 2).sum(axis=1)
        return free[np.argsort(distance)[:size]]
    if kind in ("room", "topic"):
        of = (speaker if kind == "room" else content)[free]
        # Whole speakers or contents until there are enough, beginning with one of the largest third.
        order = np.argsort(-np.bincount(of))
        third = len(order) // 3
        rank = np.argsort(np.concatenate([rng.permutation(order[:third]), order[third:]]))
        return free[np.lexsort((rng.random(len(free)), rank[of]))[:size]]
    return rng.choice(free, size=size, replace=False)


def _costs(rng: np.random.Generator, rate: NDArray[np.float64]) -> dict[str, Costs]:
    n = len(rate)
    words = np.maximum(1, np.round(np.exp(np.log(8) + 0.6 * rng.normal(size=n))))
    of_clip = rng.beta(2.5 * rate, 2.5 * (1 - rate))
    errors = rng.binomial(words.astype(int), of_clip).astype(np.float64)
    lost = rng.random(n) < 0.01
    errors[lost] = words[lost]
    wrong = ((rng.random(n) < rate) | lost).astype(np.float64)
    return {"WER": Costs(errors, words, name="WER"), "0/1": Costs(wrong, np.ones(n), name="error rate")}
