"""Detection by a score (wake words, speech, spoofed voices): false accepts and rejects at a threshold, DET curve."""

from __future__ import annotations

from collections import Counter
from dataclasses import KW_ONLY, dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from slicecore.cached_properties import cached_property
from slicecore.errors import ClipError, MetricError
from slicecore.groups import rows_of
from slicecore.metrics.costs import Costs, Members, Values, check_lengths
from slicecore.metrics.intervals import proportion_interval
from slicecore.metrics.values import numbers_of

CORRECT, FALSE_ACCEPT, FALSE_REJECT = "correct", "false accept", "false reject"
"""Outcomes of a clip."""
KINDS = (
    ("0", "1"),
    ("-1", "1"),
    ("false", "true"),
    ("no", "yes"),
    ("n", "y"),
    ("negative", "positive"),
    ("nontarget", "target"),
    ("non-target", "target"),
    ("impostor", "genuine"),
    ("spoof", "bonafide"),
    ("nonspeech", "speech"),
    ("non-speech", "speech"),
    ("noise", "speech"),
)
"""References by which detection is recognised, in small letters: of clips to be rejected, and to be accepted."""
_MOST_DIGITS = 17


def kind_of_references(reference: Values) -> tuple[str, str] | None:
    """The two references of a detection table, as in `KINDS`, that to be rejected first; None where they are others."""
    references = set(map(_plain, reference))
    return next((kind for kind in KINDS if references <= set(kind)), None) if references else None


@dataclass(frozen=True)
class DetectionRates:
    """Errors of a group of clips at a threshold.

    Attributes
    ----------
    threshold : scores from it on are accepted.
    nontargets, targets : clips to be rejected, and to be accepted.
    false_accepts, false_rejects : those of either where the decision is wrong.
    """

    threshold: float
    nontargets: int
    targets: int
    false_accepts: int
    false_rejects: int

    @property
    def false_accept_rate(self) -> float:
        """Share of the clips to be rejected that are accepted; NaN without such clips."""
        return self.false_accepts / self.nontargets if self.nontargets else np.nan

    @property
    def false_reject_rate(self) -> float:
        """Share of the clips to be accepted that are rejected; NaN without such clips."""
        return self.false_rejects / self.targets if self.targets else np.nan

    @property
    def false_accept_interval(self) -> tuple[float, float]:
        """95 % interval of the rate by its counts (Wilson, JASA 22, 1927); NaN without such clips."""
        return _interval(self.false_accepts, self.nontargets)

    @property
    def false_reject_interval(self) -> tuple[float, float]:
        """95 % interval of the rate by its counts (Wilson, JASA 22, 1927); NaN without such clips."""
        return _interval(self.false_rejects, self.targets)


@dataclass(frozen=True, eq=False)
class DetectionCurve:
    """False accepts and false rejects of a group at every threshold that makes a difference to it.

    Attributes
    ----------
    scores : (k - 1,)
        The different scores, the lowest first. Between two thresholds lies one of them.
    false_accept_rate, false_reject_rate : (k,)
        With the threshold at the lowest score, above it, …, above the highest. 0 where there are no such clips.
    """

    scores: NDArray[np.float64]
    false_accept_rate: NDArray[np.float64]
    false_reject_rate: NDArray[np.float64]

    def threshold(self, at: int) -> float:
        """The roundest number among the thresholds that have the rates at a place of the curve."""
        low = self.scores[at - 1] if at else -np.inf
        high = self.scores[at] if at < len(self.scores) else np.inf
        return _roundest(float(low), float(high))

    @cached_property
    def at_equal_errors(self) -> int:
        """Place of the curve at which the two rates differ least; of equals the one with fewer errors."""
        difference = np.abs(self.false_accept_rate - self.false_reject_rate)
        return int(np.lexsort([self.false_accept_rate + self.false_reject_rate, difference])[0])

    @cached_property
    def equal_error_rate(self) -> float:
        """Rate at which false accepts and false rejects are equally frequent among the clips of their kind.

        Between two thresholds it is on the straight line. NaN where the group has clips of one kind only.
        """
        if not (self.false_accept_rate[0] and self.false_reject_rate[-1]):
            return np.nan
        after = int(np.argmax(self.false_reject_rate >= self.false_accept_rate))  # the last is: 1 against 0
        before = max(after - 1, 0)
        gaps = (self.false_accept_rate - self.false_reject_rate)[[before, after]]
        share = gaps[0] / (gaps[0] - gaps[1]) if gaps[0] > gaps[1] else 0.0
        rates = self.false_accept_rate[[before, after]]
        return float(rates[0] + share * (rates[1] - rates[0]))

    def steps(self, most: int) -> NDArray[np.int64]:
        """At most so many places of the curve, of which none differs much from the next; that of equal errors is one.

        Differences are those of the sum of the two rates' changes, so that the steps are fine where errors change.
        """
        way = np.cumsum(
            np.abs(np.diff(self.false_accept_rate, prepend=self.false_accept_rate[0]))
            + np.abs(np.diff(self.false_reject_rate, prepend=self.false_reject_rate[0]))
        )
        if len(way) <= most:
            return np.arange(len(way))
        wanted = np.searchsorted(way, np.linspace(0, way[-1], most - 1))
        return np.unique([*wanted, self.at_equal_errors]).astype(np.int64)


class DetectionTable:
    """References and scores of a detection table.

    Parameters
    ----------
    reference
        (n,) of two values, see `KINDS`: whether a clip is to be rejected or accepted.
    prediction
        (n,) scores, as text or as numbers; a higher one speaks for accepting.

    Raises
    ------
    MetricError
        The lengths differ, the references are others, or a score is no finite number (names row and column).
    """

    def __init__(self, reference: Values, prediction: Values) -> None:
        check_lengths(reference, prediction)
        plain = [_plain(value) for value in reference]
        counts = Counter(plain)
        self.kind = max(KINDS, key=lambda kind: sum(counts[value] for value in kind))
        other = next((row for row, value in enumerate(plain) if value not in self.kind), None)
        if other is not None:
            kinds = " or ".join("/".join(kind) for kind in KINDS[:4])
            written = list(reference)[other]
            raise ClipError(
                f"Row {{row}}: the reference “{written}” says neither that the clip is to be rejected nor "
                f"accepted. Detection needs references of two kinds, such as {kinds}.",
                other,
            )
        self.is_target: NDArray[np.bool_] = np.array([value == self.kind[1] for value in plain], dtype=bool)
        self.scores: NDArray[np.float64] = numbers_of(prediction, "prediction")

    def rates(self, threshold: float, group: Members | None = None) -> DetectionRates:
        """Errors of a group at a threshold, of all by default."""
        rows = rows_of(group, len(self.scores))
        targets, accepted = self.is_target[rows], self.scores[rows] >= threshold
        return DetectionRates(
            threshold,
            nontargets=int((~targets).sum()),
            targets=int(targets.sum()),
            false_accepts=int((accepted & ~targets).sum()),
            false_rejects=int((~accepted & targets).sum()),
        )

    def curve(self, group: Members | None = None) -> DetectionCurve:
        """The rates of a group at every threshold, of all by default."""
        rows = rows_of(group, len(self.scores))
        scores, place = np.unique(self.scores[rows], return_inverse=True)
        below = [
            np.concatenate([[0], np.cumsum(np.bincount(place[kind], minlength=len(scores)))])
            for kind in (~self.is_target[rows], self.is_target[rows])
        ]
        rejected, missed = (counts / max(1, counts[-1]) for counts in below)
        has_nontargets = bool(below[0][-1])
        return DetectionCurve(scores, (1 - rejected) if has_nontargets else 0 * rejected, missed)

    @cached_property
    def equal_error_threshold(self) -> float:
        """Threshold at which the two rates of all clips differ least."""
        whole = self.curve()
        return whole.threshold(whole.at_equal_errors)

    def costs(self, threshold: float | None = None) -> DetectionCosts:
        """Wrong decisions per clip; by default at the threshold of equal error rates."""
        threshold = self.equal_error_threshold if threshold is None else float(threshold)
        wrong = (self.scores >= threshold) != self.is_target
        return DetectionCosts(
            wrong.astype(np.float64),
            np.ones(len(wrong)),
            name="Error rate",
            unit="decisions",
            threshold=threshold,
            is_target=self.is_target,
        )


@dataclass(frozen=True, eq=False, repr=False)
class DetectionCosts(Costs):
    """Share of clips that are falsely accepted or rejected at a threshold.

    Attributes
    ----------
    threshold
        Scores from it on are accepted.
    is_target : (n,) bool
        Clips to be accepted.
    """

    _: KW_ONLY
    threshold: float
    is_target: NDArray[np.bool_]

    @property
    def outcomes(self) -> NDArray[np.object_]:
        """See `Costs.outcomes`."""
        wrong = np.where(self.is_target, FALSE_REJECT, FALSE_ACCEPT)
        return np.where(self.numerator > 0, wrong, CORRECT).astype(object)


def detection(reference: Values, prediction: Values, threshold: float | None = None) -> DetectionCosts:
    """Share of clips on the wrong side of a threshold of scores: false accepts and false rejects.

    Parameters
    ----------
    reference
        (n,) of two values, such as 0 and 1, no and yes, spoof and bonafide.
    prediction
        (n,) scores; a higher one speaks for accepting.
    threshold
        Scores from it on are accepted; by default where false accepts and false rejects are equally frequent among the
        clips of their kind (equal error rate).

    Raises
    ------
    MetricError
        The lengths differ, the references are others, or a score is no finite number (names row and column).

    Examples
    --------
    >>> costs = sc.metrics.detection([0, 0, 1, 1], [.1, .6, .4, .9], threshold=.5)
    >>> costs.value(), costs.outcomes.tolist()
    (0.5, ['correct', 'false accept', 'false reject', 'correct'])
    """
    if threshold is not None and not np.isfinite(threshold):
        raise MetricError(f"The threshold is {threshold}. Give a finite number.")
    return DetectionTable(reference, prediction).costs(threshold)


def normal_deviates(rates: ArrayLike) -> NDArray[np.float64]:
    """Places of rates on an axis of a DET curve: quantiles of the normal distribution, infinite for 0 and 1.

    Martin et al., The DET curve in assessment of detection task performance, Eurospeech 1997.
    """
    from scipy.special import ndtri

    deviates: NDArray[np.float64] = ndtri(np.asarray(rates, dtype=np.float64))
    return deviates


def _plain(value: object) -> str:
    text = str(value).strip().casefold()
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() else text


def _interval(count: int, of: int) -> tuple[float, float]:
    return proportion_interval(count, of) if of else (np.nan, np.nan)


def _roundest(low: float, high: float) -> float:
    """Number with the fewest digits that is above `low` and at most `high`, near their middle."""
    if np.isinf(low):
        return high if np.isfinite(high) else 0.0
    if np.isinf(high):
        high = low + max(abs(low), 1.0)
        return _roundest(low, high)
    middle = low + (high - low) / 2
    for digits in range(1, _MOST_DIGITS + 1):
        rounded = float(f"{middle:.{digits}g}")
        if low < rounded <= high:
            return rounded
    return high
