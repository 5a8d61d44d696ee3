"""Plots of a report by the kind of task: confusion of labels, DET curves, the distribution of a number."""

import html
import re

import numpy as np
import pandas as pd
import pytest

import slicecore as sc
from slicecore.report.html import style
from slicecore.report.html.rendering import report_html

CLIPS = 120
BAD = np.arange(CLIPS) < 20
WORDS = np.array(["yes", "no", "<b>stop"])[np.arange(CLIPS) % 3]
WRONG = np.where(WORDS == "no", "yes", "no")
TARGETS = np.arange(CLIPS) % 2
RNG = np.random.default_rng(0)
VECTORS = list(RNG.normal(size=(CLIPS, 8)) + 6 * BAD[:, None])


def report(cache, frame, **given):
    """Readable text of a report, and its source."""
    frame = frame.assign(vector=VECTORS)
    result = sc.find_slices(frame, model="column:vector", explain=False, shuffles=99, cache=cache, **given)
    assert len(result.slices) == 1
    source = report_html(result.findings()).decode()
    assert " style=" not in source and "<b>stop" not in source
    body = re.sub(r"<(style|script)[^>]*>.*?</\1>", "", source, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split()), source


@pytest.fixture(scope="module")
def labels():
    return pd.DataFrame(
        {"reference": WORDS, "prediction": np.where(BAD, WRONG, WORDS), "prediction_large": WORDS}
    )


def test_labels_have_a_matrix_of_all_clips_and_of_each_slice(labels, tmp_path):
    text, source = report(tmp_path, labels, prediction="prediction")
    assert "ref → pred yes no <b>stop yes 33 7 no 7 33 <b>stop 6 34" in text
    assert "ref → pred yes no <b>stop yes 7 no 7 <b>stop 6" in text
    assert source.count('<table class="matrix') == 2


def test_two_models_have_a_matrix_each_and_their_difference(labels, tmp_path):
    text, source = report(tmp_path, labels, prediction="prediction", compare_with="prediction_large")
    assert source.count('<table class="matrix') == 6
    assert "Difference ref → pred yes no <b>stop yes −7 +7 no +7 −7 <b>stop +6 −6" in text


def test_a_detector_has_its_curve_with_the_threshold(tmp_path):
    scores = np.where(BAD, 1 - TARGETS, TARGETS) + RNG.normal(0, 0.1, CLIPS)
    frame = pd.DataFrame({"reference": TARGETS, "prediction": scores})
    text, source = report(tmp_path, frame, threshold=0.45)
    assert "Threshold 0.45, marked by dots" in text and "Score threshold 0.45" in text
    assert f"All clips ({CLIPS}) False accepts 16.7 % (10 of 60)" in text
    assert "This slice (20) False accepts 100.0 % (10 of 10)" in text
    assert source.count("<circle") == 3 and 'aria-label="DET curve. All clips' in source


def test_a_number_has_its_distribution(tmp_path):
    frame = pd.DataFrame({"mos": np.where(BAD, 2, 4) + RNG.normal(0, 0.1, CLIPS)})
    text, _ = report(tmp_path, frame, mean_of="mos", higher_is_better=True, min_drop=0.5)
    assert re.search(r"mos of single clips median 3\.\d+ .* 120 clips", text)
    assert re.search(r"mos of single clips median (1\.9\d*|2\.0\d*|2) \(rest: (3\.9\d*|4\.0\d*|4)\)", text)


@pytest.mark.parametrize("dark", [False, True])
def test_text_is_readable_on_every_colour_of_the_drop_scale(dark):
    colours = style.colours(dark)
    for step in style.drop_steps():
        luminance = []
        for name in (f"drop-{step}", f"on-drop-{step}"):
            channels = (int(colours[name][i : i + 2], 16) / 255 for i in (1, 3, 5))
            linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
            luminance.append(sum(np.multiply(list(linear), [0.2126, 0.7152, 0.0722])))
        assert (max(luminance) + 0.05) / (min(luminance) + 0.05) >= 4.5
