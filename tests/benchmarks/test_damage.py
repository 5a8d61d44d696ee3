"""Damage planted on clips, and the verdict on what is named for it."""

import numpy as np
import pytest
from cause_finding.damage import DAMAGE, HARMLESS
from cause_finding.damage_bench import FITS, NONE, RIGHT, WRONG, Statement
from cause_finding.plants import Others, Spoken, level
from cause_finding.store import Store

RATE = 16000


@pytest.fixture(scope="module")
def clips():
    rng = np.random.default_rng(0)
    loudness = np.repeat(rng.random(20), RATE // 10)
    noise = [0.1 * loudness * rng.normal(size=2 * RATE) for _ in range(3)]
    return [Spoken(samples, RATE, f"a b c {i}", f"a b c {i}") for i, samples in enumerate(noise)]


@pytest.mark.parametrize("key", [key for key, kind in DAMAGE.items() if not kind.needs], ids=": ".join)
def test_damage_stays_within_full_scale_and_near_the_level(key, clips):
    damaged = DAMAGE[key].plant(clips[0], Others(clips[1:], np.random.default_rng(0)))
    channel = damaged.samples.reshape(len(damaged.samples), -1)
    channel = channel[:, np.square(channel).sum(axis=0).argmax()]
    assert np.isfinite(channel).all()
    assert np.abs(channel).max() <= 1
    assert 0.2 < level(channel) / level(clips[0].samples) < 6


def statement(planted, grade, *causes):
    return Statement(planted, grade, DAMAGE[planted, grade], 0, 8, causes, causes)


def test_verdict_is_that_on_the_first_cause_and_wrong_ones_are_listed_in_any_place():
    assert statement("echo", "weak", "echo").verdict == RIGHT
    assert statement("echo", "weak", "reverberation", "quiet").verdict == FITS
    assert statement("echo", "weak", "reverberation", "quiet").wrong == [("quiet", "quiet")]
    assert statement("echo", "weak", "voice").verdict == WRONG
    assert statement("echo", "weak").verdict == NONE


def test_nothing_is_right_of_what_is_harmless_and_not_of_what_is_not():
    assert statement("polarity", HARMLESS).verdict == RIGHT
    assert statement("polarity", HARMLESS, "voice").verdict == WRONG
    assert statement("wow of a tape", "weak").verdict == NONE


def test_stored_clips_are_measured_once_and_are_the_same(tmp_path, clips):
    made = []

    def make():
        made.append(1)
        return clips

    first = Store(tmp_path).pool(["a"], make, keep_clips=True)
    again = Store(tmp_path).pool(["a"], make, keep_clips=True)
    assert len(made) == 1
    assert first.table.equals(again.table)
    assert list(first.prediction) == list(again.prediction) == [clip.prediction for clip in clips]
