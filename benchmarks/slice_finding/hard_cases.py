"""Hard, realistic cases: vectors and errors whose problems are known, each case one difficulty.

All cases share a background: 128 numbers per clip whose variances fall as 1/rank, rotated at random; 24 contents
(what is said) of unequal size, Gaussian; words per clip are negative binomial, errors Poisson around a
gamma-distributed rate of 15 %. Two kinds of problem are put in, each of which raises the rate by 30 points:

- a blob: clips of a content of their own, half as wide as the others;
- an offset: clips of any content, all moved by the same vector, as noise, a room, a channel or a codec do. It moves
  each of the 48 leading dimensions by 2 standard deviations of the clips of a content (4.5 where it is "strong"), up or
  down.

`CASES` lists the cases; the function that makes each says what is special about it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from slicecore.metrics import Costs

DIMENSIONS, LEADING, CONTENTS = 128, 48, 24
SCATTER = 0.6  # of the clips of a content, over that of the contents
BASE_RATE, RAISED_BY = 0.15, 0.3
OFFSET, STRONG = 2.0, 4.5
MIN_SUPPORT_SHARE, MIN_DROP = 0.004, 0.1


@dataclass(frozen=True, eq=False)
class HardCase:
    """Clips with planted problems.

    Attributes
    ----------
    name : of the case.
    vectors : (n, d) float32.
    errors, words : (n,) float64. Under 0/1 a clip has one word.
    group : (n,) 1 to k, 0 for none. Clips of several problems have a group of their own.
    k : number of groups.
    membership : (k, n) bool. Differs from `group` where problems overlap: a clip with noise and accent is of the groups
        "noise" and "accent", too.
    problem : (k,) problem that a group is part of, 1 to their number: the same noise may lie in two languages.
    min_support, min_drop : thresholds for the scan.
    speaker : (n,) index of the speaker, where the case has speakers.
    """

    name: str
    vectors: NDArray[np.float32]
    errors: NDArray[np.float64]
    words: NDArray[np.float64]
    group: NDArray[np.int64]
    k: int
    membership: NDArray[np.bool_]
    problem: tuple[int, ...]
    min_support: int
    min_drop: float
    speaker: NDArray[np.int64] | None = None

    @property
    def problems(self) -> NDArray[np.bool_]:
        """Memberships (p, n) of whole problems, wherever they lie: what a slice finder is judged by."""
        return np.array(
            [
                self.membership[np.array(self.problem) == i].any(axis=0)
                for i in range(1, max(self.problem, default=0) + 1)
            ]
        ).reshape(-1, len(self.vectors))

    @property
    def costs(self) -> Costs:
        """The errors as `Costs`."""
        return Costs(self.errors, self.words, name="WER")


@dataclass(eq=False)
class _Clips:
    """Clips before rotation; planting changes the arrays."""

    rng: np.random.Generator
    deviation: NDArray[np.float64]
    content: NDArray[np.int64]
    place: NDArray[np.float64]
    group: NDArray[np.int64]
    rate: NDArray[np.float64]
    words: NDArray[np.float64]
    membership: NDArray[np.bool_] | None = None
    problem: tuple[int, ...] = ()
    speaker: NDArray[np.int64] | None = None
    binary: bool = False
    after: list[Callable[[HardCase], HardCase]] = field(default_factory=list)

    def free(self, size: int, among: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """Clips that are in no group yet, drawn at random."""
        free = self.group == 0
        rows = np.flatnonzero(free if among is None else free & among)
        return self.rng.choice(rows, size=size, replace=False)

    def join(self, rows: NDArray[np.int64], raised_by: float = RAISED_BY) -> None:
        """Make a new group of clips."""
        self.group[rows] = self.group.max(initial=0) + 1
        self.rate[rows] += raised_by

    def blob(self, share: float, raised_by: float = RAISED_BY) -> None:
        """Move clips to a place of their own and make a group of them."""
        rows = self.free(round(share * len(self.group)))
        centre = self.rng.normal(size=DIMENSIONS) * self.deviation
        self.place[rows] = centre + 0.5 * SCATTER * self._noise(len(rows))
        self.join(rows, raised_by)

    def offset(self, strength: float) -> NDArray[np.float64]:
        """Vector that moves the leading dimensions by so many standard deviations of the clips of a content."""
        along = np.zeros(DIMENSIONS)
        along[:LEADING] = (
            strength * SCATTER * self.deviation[:LEADING] * self.rng.choice([-1, 1], size=LEADING)
        )
        return along

    def shift(self, share: float, strength: float = OFFSET, raised_by: float = RAISED_BY) -> None:
        """Move clips of any content by one offset and make a group of them."""
        rows = self.free(round(share * len(self.group)))
        self.place[rows] += self.offset(strength)
        self.join(rows, raised_by)

    def _noise(self, size: int) -> NDArray[np.float64]:
        return self.rng.normal(size=(size, DIMENSIONS)) * self.deviation


def make(case: str, seed: int, n: int = 2000) -> HardCase:
    """Draw a data set of a case.

    Parameters
    ----------
    case
        One of `CASES`.
    seed
        The same seed gives the same background in most cases.
    n
        Clips.
    """
    rng = np.random.default_rng(seed)
    clips = _background(rng, n)
    _PLANT[case](clips)
    rotation, _ = np.linalg.qr(rng.normal(size=(DIMENSIONS, DIMENSIONS)))
    k = int(clips.group.max(initial=0))
    membership = clips.membership
    if membership is None:
        membership = clips.group == np.arange(1, k + 1)[:, None]
    record = HardCase(
        case,
        (clips.place @ rotation).astype(np.float32),
        _errors(clips),
        np.ones(n) if clips.binary else clips.words,
        clips.group,
        k,
        membership,
        clips.problem or tuple(range(1, k + 1)),
        max(5, round(MIN_SUPPORT_SHARE * n)),
        MIN_DROP,
        clips.speaker,
    )
    for change in clips.after:
        record = change(record)
    return record


def _background(rng: np.random.Generator, n: int) -> _Clips:
    deviation = 1 / np.sqrt(np.arange(1, DIMENSIONS + 1))
    centres = rng.normal(size=(CONTENTS, DIMENSIONS)) * deviation
    content = rng.choice(CONTENTS, size=n, p=rng.dirichlet(np.full(CONTENTS, 2.0)))
    place = centres[content] + SCATTER * rng.normal(size=(n, DIMENSIONS)) * deviation
    words = 1.0 + rng.negative_binomial(3, 3 / (3 + 11), size=n)
    return _Clips(rng, deviation, content, place, np.zeros(n, dtype=int), np.full(n, BASE_RATE), words)


def _errors(clips: _Clips) -> NDArray[np.float64]:
    rng, n = clips.rng, len(clips.rate)
    if clips.binary:
        return (rng.random(n) < clips.rate).astype(np.float64)
    return rng.poisson(clips.words * clips.rate * rng.gamma(1 / 0.8, 0.8, size=n)).astype(np.float64)


def _null(clips: _Clips) -> None:
    """Nothing planted."""


def _baseline(clips: _Clips) -> None:
    """Four problems: two blobs of 2 %, two offsets of 3.5 % of the clips."""
    for share in (0.02, 0.02):
        clips.blob(share)
    for share in (0.035, 0.035):
        clips.shift(share)


def _overlap(clips: _Clips, strength: float = OFFSET) -> None:
    """(i) Noise on 7 % of the clips, accent on 7 %, both on 1.8 %: each an offset, and the offsets add up.

    Groups: noise alone, accent alone, both; as memberships all with noise, all with accent, both.
    """
    n = len(clips.group)
    noise, accent = clips.offset(strength), clips.offset(strength)
    for share, offset, raised_by in (
        (0.052, noise, RAISED_BY),
        (0.052, accent, RAISED_BY),
        (0.018, noise + accent, 1.5 * RAISED_BY),
    ):
        rows = clips.free(round(share * n))
        clips.place[rows] += offset
        clips.join(rows, raised_by)
    group = clips.group
    clips.membership = np.array([(group == 1) | (group == 3), (group == 2) | (group == 3), group == 3])


def _overlap_strong(clips: _Clips) -> None:
    """(i) The same, far louder."""
    _overlap(clips, STRONG)


def _tiny(clips: _Clips) -> None:
    """(ii) Eight clips of 2,000, 50 points worse."""
    clips.blob(0.004, raised_by=0.5)


def _two_places(clips: _Clips) -> None:
    """(iii) One problem in two clusters, whose clips have nothing in common: two groups."""
    for _ in range(2):
        clips.blob(0.02)


def _large_half(clips: _Clips) -> None:
    """(iv) 45 % of the clips have the same offset and are bad."""
    clips.shift(0.45)


def _large_half_strong(clips: _Clips) -> None:
    """(iv) The same, far louder."""
    clips.shift(0.45, STRONG)


def _graded(clips: _Clips) -> None:
    """(v) The rate rises along a direction, by 12 points a standard deviation; there is no cluster.

    The group are the clips whose rate is above the overall one by the minimum drop.
    """
    along = clips.place @ (clips.rng.normal(size=DIMENSIONS) * clips.deviation)
    along = (along - along.mean()) / along.std()
    clips.rate[:] = np.clip(0.2 + 0.12 * along, 0.01, None)
    clips.group[clips.rate >= clips.rate.mean() + MIN_DROP] = 1


def _heavy_tail(clips: _Clips) -> None:
    """(vi) Hallucinations of 300 to 700 %: 1 % of all clips at random, and 30 % of the fourth of four blobs."""
    n = len(clips.group)
    for share in (0.015, 0.02, 0.025):
        clips.blob(share)
    clips.blob(0.02, raised_by=0.0)
    wild = np.where(clips.group == 4, clips.rng.random(n) < 0.3, clips.rng.random(n) < 0.01)
    share = clips.rng.uniform(3, 7, size=n)

    def hallucinate(record: HardCase) -> HardCase:
        return replace(record, errors=np.where(wild, np.round(share * record.words), record.errors))

    clips.after.append(hallucinate)


def _lengths(clips: _Clips) -> None:
    """(vii) The baseline with 1 to 2,000 words a clip, uniform on a logarithmic scale."""
    _baseline(clips)
    clips.words[:] = np.round(np.exp(clips.rng.uniform(0, np.log(2000), size=len(clips.words))))


def _duplicates(clips: _Clips) -> None:
    """(viii) The baseline with 5 % of the clips in the table twice."""
    _baseline(clips)
    n = len(clips.group)
    extra = round(0.05 * n)
    source = np.concatenate([np.arange(n - extra), clips.rng.choice(n - extra, size=extra, replace=False)])
    clips.after.append(
        lambda record: replace(
            record,
            vectors=record.vectors[source],
            errors=record.errors[source],
            words=record.words[source],
            group=record.group[source],
            membership=record.membership[:, source],
        )
    )


def _constant(clips: _Clips) -> None:
    """(viii) The baseline with 40 constant columns."""
    _baseline(clips)
    values = clips.rng.normal(size=40).astype(np.float32)
    clips.after.append(
        lambda record: replace(
            record, vectors=np.hstack([record.vectors, np.tile(values, (len(record.vectors), 1))])
        )
    )


def _scales(clips: _Clips) -> None:
    """(viii) The baseline with columns of scales e^(2z), z normal."""
    _baseline(clips)
    scale = np.exp(2 * clips.rng.normal(size=DIMENSIONS)).astype(np.float32)
    clips.after.append(lambda record: replace(record, vectors=record.vectors * scale))


def _anisotropic(clips: _Clips) -> None:
    """(ix) The baseline in 768 dimensions, far from the origin (all cosines near 1), four of them wide and empty."""
    _baseline(clips)
    rng, n, d = clips.rng, len(clips.group), 768
    basis, _ = np.linalg.qr(rng.normal(size=(d, DIMENSIONS)))
    rest = 0.03 * rng.normal(size=(n, d))
    centre = 2 * rng.normal(size=d)
    rogue = rng.choice(d, size=4, replace=False)
    wide = 5 * rng.normal(size=(n, len(rogue)))

    def stretch(record: HardCase) -> HardCase:
        vectors = record.vectors @ basis.T + rest + centre
        vectors[:, rogue] += wide
        return replace(record, vectors=vectors.astype(np.float32))

    clips.after.append(stretch)


def _speakers(clips: _Clips) -> None:
    """(x) 100 speakers with a cluster each, whose rates differ by ±25 %; two of the ten largest are bad."""
    rng, n, count = clips.rng, len(clips.group), 100
    speaker = rng.choice(count, size=n, p=rng.dirichlet(np.full(count, 2.0)))
    centres = rng.normal(size=(count, DIMENSIONS)) * clips.deviation
    clips.place[:] = centres[speaker] + SCATTER * rng.normal(size=(n, DIMENSIONS)) * clips.deviation
    clips.rate[:] = BASE_RATE * np.clip(1 + 0.25 * rng.normal(size=count), 0.1, None)[speaker]
    largest = np.argsort(-np.bincount(speaker, minlength=count))[:10]
    for bad in rng.choice(largest, size=2, replace=False):
        clips.join(np.flatnonzero(speaker == bad))
    clips.speaker = speaker


def _rare01(clips: _Clips) -> None:
    """(xi) Right or wrong, 2 % wrong overall: two blobs and an offset with 30 %, 0.7 % elsewhere."""
    clips.binary = True
    clips.rate[:] = 0.007
    clips.blob(0.01)
    clips.blob(0.015)
    clips.shift(0.02)


def _languages(clips: _Clips) -> None:
    """(xii) Four languages; the smallest (10 %) is bad, and noise (an offset) lies on 5 % of all clips in two others.

    Groups: the bad language, the noise in the one, the noise in the other.
    """
    rng, n = clips.rng, len(clips.group)
    language = rng.choice(4, size=n, p=(0.4, 0.3, 0.2, 0.1))
    centres = 4 * rng.normal(size=(4, DIMENSIONS)) * clips.deviation
    clips.place += centres[language]
    clips.join(np.flatnonzero(language == 3))
    noise = clips.offset(OFFSET)
    for home in (0, 1):
        rows = clips.free(round(0.025 * n), language == home)
        clips.place[rows] += noise
        clips.join(rows)
    clips.problem = (1, 2, 2)


_PLANT: dict[str, Callable[[_Clips], None]] = {
    "baseline": _baseline,
    "overlap": _overlap,
    "overlap_strong": _overlap_strong,
    "tiny": _tiny,
    "two_places": _two_places,
    "large_half": _large_half,
    "large_half_strong": _large_half_strong,
    "graded": _graded,
    "heavy_tail": _heavy_tail,
    "lengths": _lengths,
    "duplicates": _duplicates,
    "constant": _constant,
    "scales": _scales,
    "anisotropic": _anisotropic,
    "speakers": _speakers,
    "rare01": _rare01,
    "languages": _languages,
    "null": _null,
}
CASES = tuple(_PLANT)
