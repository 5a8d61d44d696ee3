"""Search for the probable causes of what goes wrong in a group of clips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.explain.causes.cause import Cause
from slicecore.explain.causes.context import Context
from slicecore.explain.causes.evidence import best_measurement, evidence_of, shares_phrase
from slicecore.explain.causes.remedies import remedy
from slicecore.explain.causes.rules import CAUSES
from slicecore.explain.causes.speed import speed_of
from slicecore.explain.causes.voice import NOT_OF_VOICES, voice_likeness
from slicecore.explain.group_tests import fisher_p, q_values
from slicecore.groups import rows_of
from slicecore.wording import fixed, lower

SHARE = 0.4
"""Share of a group that must show a cause."""

LIFT = 0.3
"""Least distance from the share of the rest, as a difference."""

PART = 0.2
"""Share that is enough for the problem of a part of the group, on clips that nothing else accounts for."""

PART_LIFT, PART_RATIO = 0.15, 4
"""Least distance from the share of the rest, as a difference and as a ratio."""

SMALL_PART, SMALL_PART_RATIO = 0.08, 20
"""Share that is enough for the problem of a small part, and its least ratio to that of the rest, beyond doubt."""

Q_CAUSE = 0.01
"""False discovery rate at which causes are claimed."""

EVERYWHERE = 0.5
"""Share inside and outside from which on the whole set has a cause."""

_GRADUAL = 0.3  # how far the probability of a gradual difference must be from one half
_FEWEST = 5  # clips for a comparison
_Q_SMALL_PART = 1e-6
_ALIKE = 0.75  # share of a group from which on a cause is described on all of it
_UNEXPLAINED = 0.25  # share of a group without a cause that is looked at once more
_PASSES = 2
_VOICE = 0.85
_APART = 0.95  # probability from which on a measurement tells a group from the rest


@dataclass(frozen=True)
class _Finding:
    """A cause before it is ranked.

    Attributes
    ----------
    weight
        Share of the group that it accounts for, negative where none; ranks the causes.
    accounts_for_all
        Whether it was found on the group as a whole, so that it accounts for every clip.
    """

    name: str
    weight: float
    inside: float
    outside: float
    evidence: str
    everywhere: bool = False
    accounts_for_all: bool = False
    measurement: str = ""


_SPEED = "sampling_rate"
"""The cause that also shows by formants, pitch and rate of speech moved by one factor, see `speed_of`."""

_PARTS_OF_SPEED = frozenset(("tempo", "small_vocal_tract", "wind"))
"""Causes that may be one side of a wrong speed each: faster or slower, higher, or so low that it rumbles."""


def find_causes(context: Context, inside: NDArray | Sequence[int]) -> tuple[Cause, ...]:
    """Name what is probably wrong with a group of clips.

    Parameters
    ----------
    context
        The whole set.
    inside
        (n,) bool, or rows: the group.

    Returns
    -------
    tuple of Cause
        Most probable first; empty where no audible cause is found.

    Raises
    ------
    SlicecoreError
        A mask of another length, or a row that the table does not have.
    """
    members = rows_of(inside, len(context.clips))
    if not len(members):
        return ()
    shares = _Shares.of(context, members)
    findings, covered = _by_clips(context, members, shares)
    if any(cause.name in _PARTS_OF_SPEED for cause in findings):
        findings, covered = _as_speed(context, members, shares, findings, covered)
    for _ in range(_PASSES):
        left = members[~covered]
        few = len(left) < max(_FEWEST, _UNEXPLAINED * len(members)) or len(members) == len(context.clips)
        more = (
            [] if few else _by_comparison(context, left, members, shares, {cause.name for cause in findings})
        )
        if not more:
            break
        findings += more
        covered |= _accounted(context, members, more)
    if not findings:
        findings = _everywhere(context, members, shares)
    if not any(cause.weight > 0 for cause in findings):
        findings += _by_voice(context, members)
    findings.sort(key=lambda cause: -cause.weight)
    return tuple(
        Cause(
            cause.name,
            CAUSES[cause.name].label,
            cause.evidence,
            cause.inside,
            cause.outside,
            rank,
            cause.everywhere,
            remedy=remedy(context, cause.name, members),
            measurement=cause.measurement,
        )
        for rank, cause in enumerate(findings)
    )


@dataclass(frozen=True, eq=False)
class _Shares:
    """Share of the clips that show each cause, inside and outside, and the q-value of Fisher's exact test."""

    inside: NDArray[np.float64]
    outside: NDArray[np.float64]
    q_value: NDArray[np.float64]

    @classmethod
    def of(cls, context: Context, members: NDArray[np.int64]) -> _Shares:
        n, size = len(context.clips), len(members)
        count, everywhere = context.shown[members].sum(axis=0), context.shown_in_all
        p_value = np.where(count > 0, fisher_p(count, n, everywhere, size), 1.0)
        rest = max(n - size, 1)
        return cls(count / size, (everywhere - count) / rest, q_values(p_value))


_NAMES = tuple(CAUSES)


def _by_clips(
    context: Context, members: NDArray[np.int64], shares: _Shares
) -> tuple[list[_Finding], NDArray[np.bool_]]:
    """Causes that enough clips show by themselves, and the clips of the group that these account for."""
    shown = context.shown[members]
    covered = np.zeros(len(members), bool)
    findings: list[_Finding] = []
    lift = shares.inside - shares.outside
    for i in np.argsort(-lift, kind="stable"):
        holds = CAUSES[_NAMES[i]].holds
        if shares.q_value[i] > Q_CAUSE or (holds and not holds(context.clips.iloc[members])):
            continue
        whole = shares.inside[i] >= SHARE and lift[i] >= LIFT
        own = (shown[:, i] & ~covered).mean()
        rest = shares.outside[i]
        part = own >= max(PART, rest + PART_LIFT, PART_RATIO * rest)
        if whole or part or _is_small_part(own, rest, shares.q_value[i], len(members)):
            # A problem of a part is described on its part.
            showing = members[shown[:, i]]
            fired = best_measurement(context, CAUSES[_NAMES[i]].evidence, showing)
            described = members if shares.inside[i] >= _ALIKE else showing
            evidence = evidence_of(context, _NAMES[i], described, members, fired)
            evidence += shares_phrase(shares.inside[i], rest)
            findings.append(_Finding(_NAMES[i], lift[i], shares.inside[i], rest, evidence, measurement=fired))
            covered |= shown[:, i]
    return findings, covered


def _as_speed(
    context: Context,
    members: NDArray[np.int64],
    shares: _Shares,
    findings: list[_Finding],
    covered: NDArray[np.bool_],
) -> tuple[list[_Finding], NDArray[np.bool_]]:
    """Findings with the wrong speed in the place of its sides, where the group as a whole has one."""
    others = [cause for cause in findings if cause.name not in _PARTS_OF_SPEED]
    if any(cause.name == _SPEED for cause in others):
        return others, covered
    rest = np.setdiff1d(np.arange(len(context.clips)), members)
    speed = _by_speed(context, members, rest, shares, weight=1.0)
    return (others + speed, np.ones(len(members), bool)) if speed else (findings, covered)


def _is_small_part(own: float, rest: float, q_value: float, size: int) -> bool:
    """True if a problem is that of a small part of a large group beyond doubt, as in a cluster that holds many."""
    enough = own >= SMALL_PART and own * size >= _FEWEST
    return enough and own >= SMALL_PART_RATIO * rest and q_value <= _Q_SMALL_PART


def _accounted(context: Context, members: NDArray[np.int64], findings: list[_Finding]) -> NDArray[np.bool_]:
    """Clips of the group that lie beyond the bound of a cause that was found by comparison, (members,)."""
    covered = np.zeros(len(members), bool)
    for cause in findings:
        for gradual in CAUSES[cause.name].gradual:
            values = context.clips[gradual.measurement].to_numpy()[members]
            covered |= gradual.sign * (values - gradual.bound) >= 0
        covered |= cause.accounts_for_all
    return covered


def _by_comparison(
    context: Context,
    left: NDArray[np.int64],
    members: NDArray[np.int64],
    shares: _Shares,
    known: set[str],
) -> list[_Finding]:
    """Causes that show only against the rest, on the clips that nothing accounts for yet."""
    compared = context.ranks.compare(left)
    at = {name: i for i, name in enumerate(context.ranks.names)}
    outside = np.ones(len(context.clips), bool)
    outside[members] = False
    tests = [(name, gradual) for name, rule in CAUSES.items() for gradual in rule.gradual]
    by_name: dict[str, _Finding] = {}
    weight = len(left) / len(members)
    for name, gradual in tests:
        if gradual.measurement not in at:
            continue
        i = at[gradual.measurement]
        size = gradual.sign * (compared.probability[i] - 0.5)
        if not (size >= _GRADUAL and compared.p_value[i] <= Q_CAUSE / len(tests)):
            continue
        values = context.ranks.columns[i]
        own, rest = np.nanmedian(values[left]), np.nanmedian(values[outside])
        if gradual.sign * (own - rest) >= gradual.gap and gradual.sign * (own - gradual.bound) >= 0:
            at_cause = _NAMES.index(name)
            evidence = evidence_of(context, name, left, members, gradual.evidence or gradual.measurement)
            finding = _Finding(
                name,
                2 * size * weight,
                shares.inside[at_cause],
                shares.outside[at_cause],
                evidence,
                measurement=gradual.measurement,
            )
            # Of several comparisons of a cause the clearest counts.
            by_name[name] = max(by_name.get(name, finding), finding, key=lambda each: each.weight)
    findings = list(by_name.values())
    # A cause that is known already may go on below its threshold here, with all that it brings about.
    hidden = {hides for cause in findings for hides in CAUSES[cause.name].hides}
    hidden |= _PARTS_OF_SPEED if _SPEED in known else frozenset()
    only_of_speed = all(cause.name in _PARTS_OF_SPEED for cause in findings)
    findings = [cause for cause in findings if cause.name not in hidden | known]
    if only_of_speed and _SPEED not in known:
        findings = _by_speed(context, left, np.flatnonzero(outside), shares, weight) or findings
    return findings


def _by_speed(
    context: Context, left: NDArray[np.int64], outside: NDArray[np.int64], shares: _Shares, weight: float
) -> list[_Finding]:
    clips = context.clips
    rate, pitch = clips["relative_rate"].to_numpy(), clips["relative_pitch"].to_numpy()
    speed = speed_of(left, outside, context.likeness, rate, pitch)
    if speed is None:
        return []
    i = _NAMES.index(_SPEED)
    evidence = (
        f"Speaking rate {fixed(speed.rate, 2)}, formants {fixed(speed.formants, 2)} and pitch {fixed(speed.pitch, 2)} "
        "times those of the rest"
    )
    return [_Finding(_SPEED, weight, shares.inside[i], shares.outside[i], evidence, accounts_for_all=True)]


def _everywhere(context: Context, members: NDArray[np.int64], shares: _Shares) -> list[_Finding]:
    """Causes that the group and the rest show alike."""
    rows = np.flatnonzero((shares.inside >= EVERYWHERE) & (shares.outside >= EVERYWHERE))
    return [
        _Finding(
            _NAMES[i],
            -1 + 0.01 * shares.inside[i],
            shares.inside[i],
            shares.outside[i],
            f"Everywhere alike, {lower(evidence_of(context, _NAMES[i], members, members))}"
            f"{shares_phrase(shares.inside[i], shares.outside[i])}",
            everywhere=True,
        )
        for i in rows
    ]


def _by_voice(context: Context, members: NDArray[np.int64]) -> list[_Finding]:
    if context.vectors is None or not _FEWEST <= len(members) < len(context.clips):
        return []
    if not context.sounding[members].any():  # vectors of the user's own, which may be of anything
        return []
    probability, p_value = voice_likeness(context.vectors, members)
    if (
        probability < _VOICE + 0.6 / len(members)
        or p_value > Q_CAUSE
        or _set_apart_otherwise(context, members)
    ):
        return []
    return [
        _Finding(
            "voice",
            -2,
            0.0,
            0.0,
            "These clips sound more alike than the rest "
            f"(similarity {fixed(probability, 2).removeprefix('0')}; chance .50), and nothing else was found",
        )
    ]


def _set_apart_otherwise(context: Context, members: NDArray[np.int64]) -> bool:
    """True if something that is no property of a voice tells a group from the rest: that may be why it is alike."""
    compared = context.ranks.compare(members)
    rows = [at for at, name in enumerate(context.ranks.names) if name in NOT_OF_VOICES]
    distance = np.abs(compared.probability[rows] - 0.5)
    return bool(((distance >= _APART - 0.5) & (compared.p_value[rows] <= Q_CAUSE / len(rows))).any())
