"""The report as one HTML file: what stands in it, that data can't do anything in it, and that it stays small."""

import base64
import hashlib
import io
import re
import threading
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
import soundfile

import slicecore as sc
from slicecore.audio import decoding
from slicecore.carry_over.carrying import Carried, CarriedOver, Judged
from slicecore.errors import Cancelled
from slicecore.metrics import Costs
from slicecore.metrics.intervals import value_interval
from slicecore.report.glossary import explain
from slicecore.report.html.example_clips import Sounds
from slicecore.report.html.extent import LIMITS, Extent, Limits
from slicecore.report.html.findings import Reviews
from slicecore.report.html.gathering import Gathering
from slicecore.report.html.past import Past, PastSlice, PastValue
from slicecore.report.html.rendering import report_html
from slicecore.slices import condition_test
from slicecore.slices.impact import waterfall
from slicecore.slices.options import Options
from slicecore.storage.verdicts import Judgement, OwnSlice, ReferenceCorrection, ReferenceMark

RATE = 16_000
CLIPS = 24
BAD = range(14, CLIPS)
HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Clips of noise; the last ten hum and are badly recognised; names and texts are markup wherever they can be."""
    folder = tmp_path_factory.mktemp("clips")
    rng = np.random.default_rng(1)
    seconds = np.arange(RATE // 2) / RATE
    for i in range(CLIPS - 2):
        samples = 0.05 * rng.normal(size=len(seconds))
        if i in BAD:
            samples = 0.01 * samples + 0.5 * np.sin(2 * np.pi * 50 * seconds)
        soundfile.write(folder / f"{i}.wav", samples, RATE)
    frame = pd.DataFrame(
        {
            "id": [f"c{i}{HOSTILE}" for i in range(CLIPS)],
            "audio": [*(f"{i}.wav" for i in range(CLIPS - 1)), ""],
            "sentence": [f"one two three <b>{i}</b>" for i in range(CLIPS)],
            "prediction": [
                f"one two three <b>{i}</b>" if i not in BAD else ("won too" if i % 2 else HOSTILE)
                for i in range(CLIPS)
            ],
            "prediction_large": [f"one two three <b>{i}</b>" for i in range(CLIPS)],
            "speaker": [f"s{i % 6}{HOSTILE}" for i in range(CLIPS)],
            HOSTILE: [HOSTILE if i in BAD else "near" for i in range(CLIPS)],
        }
    )
    frame.to_csv(folder / "calls.csv", index=False)
    vectors = rng.normal(size=(CLIPS, 3))
    vectors[BAD] += 50
    np.save(folder / "vectors.npy", vectors)
    return folder


@pytest.fixture(scope="module")
def find(folder):
    """A quick search by ready-made vectors."""

    def call(**given):
        quick = {"model": str(folder / "vectors.npy"), "prediction": "prediction", "shuffles": 99}
        return sc.find_slices(folder / "calls.csv", cache=folder / "cache", **{**quick, **given})

    return call


@pytest.fixture(scope="module")
def found(find):
    """A whole search, with reasons."""
    return find()


@pytest.fixture(scope="module")
def whole(found):
    """Its report."""
    return Page(report_html(found.findings()))


def plain(text):
    """A text without its narrow gaps and line breaks."""
    return " ".join(text.split())


class Page(HTMLParser):
    """A report as a browser takes it apart: elements, attributes, and the text that can be read."""

    def __init__(self, content):
        super().__init__(convert_charrefs=True)
        self.content = content.decode("utf-8")
        self.elements, self.texts, self.raw = [], [], {"style": [], "script": []}
        self._inside = []
        self.feed(self.content)
        self.text = plain(" ".join(self.texts))

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._inside = [tag] if tag in self.raw else self._inside

    def handle_endtag(self, tag):
        self._inside = [] if tag in self.raw else self._inside

    def handle_data(self, data):
        if self._inside:
            self.raw[self._inside[0]].append(data)
        else:
            self.texts.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def judged(slice_id, verdict="real_issue", note=HOSTILE):
    return Judgement(
        slice_id, "prediction", verdict, (HOSTILE,), note, HOSTILE, "2026-01-02T03:04:05+00:00", ()
    )


def test_data_can_do_nothing_in_it(found, whole):
    (slice_,) = found.slices
    own = OwnSlice("own", HOSTILE, HOSTILE, HOSTILE, "2026-01-02T03:04:05+00:00", ())
    reviews = Reviews(
        {slice_.id: judged(slice_.id)},
        own=[(own, replace(slice_, id="own"))],
        names={"own": own},
        marks={str(found.data.ids[0]): ReferenceMark(str(found.data.ids[0]), HOSTILE, "")},
        corrections={str(found.data.ids[1]): ReferenceCorrection("", "", HOSTILE, HOSTILE, "")},
    )
    for page in (whole, Page(report_html(found.findings(reviews)))):
        assert len(page.all("script")) == 1 and HOSTILE in page.text
        assert not any(
            name.startswith("on") or name == "style" for _, given in page.elements for name in given
        )
        assert not {tag for tag, _ in page.elements} & {"iframe", "object", "embed", "form", "base", "b\\"}
        addresses = [
            given.get(name) for _, given in page.elements for name in ("src", "href") if name in given
        ]
        assert all(
            re.match(r"#[\w-]+$|data:(image/jpeg|audio/mpeg);base64,[\w+/=]+$|data:,$", each)
            for each in addresses
        )
        assert "{{" not in page.text and "Undefined" not in page.text
    assert f"Corrected to “{HOSTILE[:10]}" in page.text


def test_only_its_own_style_and_script_are_allowed(whole):
    policy = next(each["content"] for each in whole.all("meta") if "http-equiv" in each)
    assert policy.startswith("default-src 'none'; img-src data:; media-src data:; ")
    for kind in ("style", "script"):
        (text,) = whole.raw[kind]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_its_numbers_are_those_of_the_result(found, whole):
    costs, (slice_,) = found.costs, found.slices
    low, high = value_interval(costs, np.arange(CLIPS))
    numbers = [
        costs.value_text(found.scan.overall),
        f"{costs.value_text(low)[:-2]} to {costs.value_text(high)}",
        costs.value_text(slice_.value),
        costs.drop_text(slice_.drop),
        costs.value_text(waterfall(found.scan).rest),
        f"{slice_.p_value:.3f}"[1:],
        slice_.groups.text[:40],
        slice_.id,
        f"{CLIPS} clips",
        ["24 clips", "1 minutes)"][0],
    ]
    assert [number for number in numbers if plain(number) not in whole.text] == []
    explanation = found.explain(slice_)
    assert explanation.sentence[:200] in whole.text
    assert explanation.causes[0].title in whole.text
    assert explanation.remedy.rstrip(".") in whole.text
    assert all(effect.measurement.label in whole.text for effect in explanation.effects[:3])


def test_it_says_how_it_was_done(found, whole):
    record = found.findings().record
    assert record["versions"]["slicecore"] == sc.__version__
    for text in (
        sc.__version__,
        np.__version__,
        *record["made_by"],
        "calls.csv",
        "99 shuffles",
        "Minimum support",
    ):
        assert plain(text) in whole.text
    assert explain("wer") in whole.text and explain("value", found.costs) in whole.text
    assert str(found.data.path.parent) not in whole.text  # a folder's name is nobody's business


def test_the_number_of_shuffles_is_the_one_that_was_taken(find, whole):
    described = Page(report_html(find(model="none", explain=False, shuffles=199).findings()))
    for page, taken in ((whole, 99), (described, 199)):
        assert f"Share of {taken} shuffles" in page.text, "in the glossary"
        assert f"share of {taken} shuffles" in page.text, "among the steps"
        assert "999 shuffles" not in page.text


def test_of_metadata_slices_it_is_the_one_that_their_work_left(find, monkeypatch):
    monkeypatch.setattr(condition_test, "_WORK", 1.0)
    result = find(model="none", explain=False, shuffles=999)
    assert {each.shuffles for each in result.metadata_slices} == {199}
    page = Page(report_html(result.findings()))
    assert "Share of 199 shuffles" in page.text and "share of 199 shuffles" in page.text
    assert "999 shuffles" not in page.text
    some = (replace(result.metadata_slices[0], shuffles=480), *result.metadata_slices)
    page = Page(report_html(replace(result.findings(), metadata_slices=some)))
    assert "Share of 199 to 480 shuffles" in page.text


def test_examples_can_be_played_and_seen(found, whole):
    (slice_,) = found.slices
    sounds = [given["src"] for given in whole.all("audio")]
    assert len(sounds) == 8  # ten examples, of which two have no file
    samples, rate = soundfile.read(io.BytesIO(base64.b64decode(sounds[0].split(",")[1])))
    assert rate == RATE and len(samples) / rate == pytest.approx(0.5, abs=0.15)
    spectrum = np.abs(np.fft.rfft(samples))
    assert abs(np.fft.rfftfreq(len(samples), 1 / rate)[spectrum.argmax()] - 50) < 5  # the hum
    assert len(whole.all("img")) == len(sounds)
    assert all(f"c{row}" in whole.text for row in slice_.members)


def test_a_clip_without_sound_says_why(whole):
    assert "File not found" in whole.text
    assert "The table names no audio file for it" in whole.text


def test_references_and_predictions_stand_below_each_other(whole):
    kinds = {
        given["class"].split()[1] for given in whole.all("span") if given.get("class", "").startswith("w ")
    }
    assert {"substitute", "delete"} <= kinds


def test_verdicts_of_reviewers_stand_in_it(found):
    (slice_,) = found.slices
    page = Page(report_html(found.findings(Reviews({slice_.id: judged(slice_.id, note="hums\nloudly")}))))
    assert "Real issue" in page.text and "hums loudly" in page.text and "on 2 January 2026" in page.text
    assert "1 of 1" in page.text
    other = Judged(judged("other", "false_positive"), "w", "calls of May", None, slice_.members, None)
    carried = CarriedOver({slice_.id: Carried(other, slice_.members, 0.95, 10, True)}, ())
    page = Page(report_html(found.findings(Reviews(carried=carried))))
    assert "False alarm" in page.text
    assert (
        "carried over from nearly the same clips (95 % in common), judged for prediction in calls of May"
        in page.text
    )


def test_clips_that_two_problems_explain_are_named(found):
    half, other = (found.scanner.group(list(rows), "whole") for rows in (range(14, 19), range(19, 24)))
    scan = replace(
        found.scan, slices=(half, other), share=lambda _: [np.zeros(0, dtype=int), np.array([15, 16])]
    )
    page = Page(report_html(replace(found.findings(), scan=scan)))
    assert "2 of its clips also have the problem of “" in page.text
    assert re.search("2 clips of “.*?” have this problem, too", page.text)


def test_defined_slices_stand_in_it_over_the_saved_runs(found):
    values = (PastValue(0, 0.5, (0.4, 0.6), "open"), PastValue(1, 0.1, (0.05, 0.2), "mended"))
    past = Past(("v1", HOSTILE), (0.3, 0.2), (PastSlice(HOSTILE, "mended", values),), True)
    page = Page(report_html(found.findings(past=past)))
    assert "Over versions of the model" in page.text and "50.0 %" in page.text and "10.0 %" in page.text
    assert len(page.all("script")) == 1 and f"from v1 to {HOSTILE}" in page.text


def test_a_report_that_would_be_large_has_fewer_examples_and_says_so(found, whole):
    limits = Limits(bytes=len(whole.content.encode()) - 20_000)
    content = report_html(found.findings(), limits)
    assert len(whole.content.encode()) > limits.bytes >= len(content)
    assert re.search(
        r"To keep this file under 0.0\d+ MB, each slice has \d example clips? instead of 10",
        Page(content).text,
    )
    assert "To keep" not in whole.text and len(whole.content.encode()) < LIMITS.bytes
    content = report_html(found.findings(), Limits(bytes=1))
    assert "There are no example clips" in Page(content).text and "<audio" not in Page(content).content


def test_sounds_are_made_once_for_all_extents_of_the_same_seconds(found, monkeypatch):
    decoded = []

    def load(path, **part):
        decoded.append(path)
        return decode(path, **part)

    decode = decoding.load
    monkeypatch.setattr(decoding, "load", load)
    gathering = Gathering(found.findings())
    assert "of longer clips" in gathering.report(Extent(4, 0.3)).reduced[0]
    once = len(decoded)
    assert once
    gathering.report(Extent(2, 0.3))
    assert len(decoded) == once
    gathering.report(Extent(2, 0.2))
    assert len(decoded) > once


def test_clips_are_shortened_that_are_longer_than_what_is_taken(found):
    sounds = Sounds(found.findings(), 0.3)
    assert sounds.shortened([0]) and not sounds.shortened([CLIPS - 1])  # the last has no file
    assert not sounds.shortened([])


def test_many_slices_are_rows_of_the_table(found):
    limits = Limits(slices=0)
    page = Page(report_html(found.findings(), limits))
    assert "of the other 1 this table has the numbers" in page.text
    assert not any(given.get("class") == "slice" for given in page.all("section"))


def test_a_report_says_how_many_references_are_empty(folder, found):
    assert "empty reference" not in Page(report_html(found.findings())).text
    frame = pd.read_csv(folder / "calls.csv").fillna("")
    frame.loc[:1, "sentence"] = ""
    lacking = sc.find_slices(
        frame.assign(audio=""),
        model=str(folder / "vectors.npy"),
        prediction="prediction",
        explain=False,
        shuffles=0,
    )
    assert "2 clips have an empty reference" in Page(report_html(lacking.findings())).text


def test_a_report_without_slices_says_why(found):
    scan = found.scanner.scan(Options(min_drop=5.0, shuffles=0))
    page = Page(report_html(replace(found.findings(), scan=scan)))
    assert "No cluster of clips meets both thresholds. The worst cluster with at least" in page.text
    assert "nothing to fix" not in page.text and "confirmed" not in page.text


def test_two_models_that_are_compared_both_stand_in_it(find):
    found = find(compare_with="prediction_large", explain=False)
    page, (slice_,) = Page(report_html(found.findings())), found.slices
    assert "Where “prediction” is worse than “prediction_large” on calls" in page.text
    (_, small), (_, large) = found.costs.compared
    both = f"prediction {small.value_text(small.value(slice_.members))}, prediction_large {large.value_text(0.0)}"
    assert plain(both) in page.text
    assert plain(found.costs.drop_text(slice_.drop)) in page.text and "extra errors" in page.text


def test_a_drop_against_the_rest_is_called_that(find, whole):
    found = find(against="rest", explain=False)
    page, (slice_,) = Page(report_html(found.findings())), found.slices
    assert plain(f"{found.costs.drop_text(slice_.drop)} against the rest") in page.text
    assert explain("drop_rest", found.costs) in page.text and explain("drop", found.costs) not in page.text
    assert "against the whole" in whole.text and "against the whole" not in page.text


@pytest.mark.parametrize("unit", [None, "labels"])
def test_any_metric_has_a_report(find, unit):
    score = np.array([0.2 if i in BAD else 3.5 for i in range(CLIPS)])
    costs = Costs(score, np.ones(CLIPS), name=HOSTILE, is_rate=False, higher_is_better=True, unit=unit)
    found = find(metric=costs, explain=False, min_drop=1.0)
    page = Page(report_html(found.findings()))
    assert HOSTILE in page.text and "−1.92" not in page.text
    assert (
        costs.value_text(found.scan.overall) in page.text
        and costs.drop_text(found.slices[0].drop) in page.text
    )


def test_it_can_be_cancelled(found):
    cancel = threading.Event()
    steps = []

    def progress(step, done, total):
        steps.append((done, total))
        cancel.set()

    with pytest.raises(Cancelled):
        report_html(found.findings(), progress=progress, cancel=cancel)
    assert steps == [(0, 2)]


def test_a_report_is_a_file(found, tmp_path):
    found.report(tmp_path / "new" / "report.html")
    assert (tmp_path / "new" / "report.html").read_bytes().startswith(b"<!doctype html>")
