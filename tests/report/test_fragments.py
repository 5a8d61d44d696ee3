"""What a notebook shows of a result and of a slice: complete, escaped, small, readable in light and dark."""

import copy
import pickle
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

import slicecore as sc
from slicecore.display.treemap import cluster_tree
from slicecore.errors import SlicecoreError
from slicecore.metrics import Costs
from slicecore.report.figures import LIMITS, map_figure, treemap_figure
from slicecore.report.html.content import Transcript, Word, WordList
from slicecore.report.html.example_clips import Sounds
from slicecore.report.html.fragments import slice_html
from slicecore.report.html.slice_texts import SliceTexts
from slicecore.slices.impact import waterfall

RATE = 16_000
CLIPS = 24
BAD = range(14, CLIPS)
HOSTILE = '</style><script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """A search in a DataFrame: the last ten clips hum and are badly recognised; the very last has no file."""
    folder = tmp_path_factory.mktemp("clips")
    rng = np.random.default_rng(1)
    seconds = np.arange(RATE // 2) / RATE
    for i in range(CLIPS - 1):
        samples = 0.05 * rng.normal(size=len(seconds))
        soundfile.write(
            folder / f"{i}.wav", samples + (0.5 * np.sin(2 * np.pi * 50 * seconds) if i in BAD else 0), RATE
        )
    frame = pd.DataFrame(
        {
            "id": [f"c{i}" for i in range(CLIPS)],
            "audio": [str(folder / f"{i}.wav") for i in range(CLIPS)],
            "sentence": ["one two three four"] * CLIPS,
            "prediction": ["won too" if i in BAD else "one two three four" for i in range(CLIPS)],
            "speaker": [f"s{i % 6}{HOSTILE}" for i in range(CLIPS)],
            HOSTILE: [HOSTILE if i in BAD else "near" for i in range(CLIPS)],
        }
    )
    vectors = rng.normal(size=(CLIPS, 3))
    vectors[BAD] += 50
    np.save(folder / "vectors.npy", vectors)
    return sc.find_slices(frame, model=str(folder / "vectors.npy"), shuffles=99, cache=folder / "cache")


def plain(text):
    """A text without its narrow gaps and line breaks."""
    return " ".join(text.split())


class Piece(HTMLParser):
    """A piece of HTML as a browser takes it apart."""

    def __init__(self, content):
        super().__init__(convert_charrefs=True)
        self.elements, self.texts, self.styles, self.open = [], [], [], []
        self.feed(content)
        self.text = plain(" ".join(self.texts))

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("img", "line", "rect", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        (self.styles if self.open[-1:] == ["style"] else self.texts).append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def assert_harmless(piece):
    assert not piece.open and len(piece.styles) == 1
    assert not {tag for tag, _ in piece.elements} & {"script", "iframe", "object", "embed", "form", "link"}
    for _, given_ in piece.elements:
        assert not any(name.startswith("on") or name in ("style", "href") for name in given_)
        assert given_.get("src", "data:").startswith("data:")


def test_a_slice_shows_its_numbers_reason_plots_and_three_players(found):
    (slice_,) = found.slices
    content = slice_._repr_html_()
    piece = Piece(content)
    assert_harmless(piece)
    for text in (
        found.explain(slice_).title,
        "10 ",
        plain(found.costs.value_text(slice_.value)),
        "Probable causes",
        slice_.id,
    ):
        assert text in piece.text
    assert found.explain(slice_).sentence.split("; ")[0] in piece.text and HOSTILE in piece.text
    assert len(piece.all("audio")) == 3 and all("controls" in each for each in piece.all("audio"))
    assert len(piece.all("polygon")) == 6 and len(piece.all("img")) == 3
    assert len(content) < 60_000  # of clips of half a second: style and text 25 kB, each clip some 10 kB
    assert found.show(slice_).html == content and repr(found.show(slice_)) == repr(slice_)


def test_any_group_can_be_shown_with_as_many_players_as_wanted(found):
    assert len(Piece(found.show([0, 1, 2, 3], players=2)._repr_html_()).all("audio")) == 2
    described = found.metadata_slices[0]
    piece = Piece(found.show(described, players=0).html)
    assert not piece.all("audio") and plain(described.label) in piece.text


def test_a_clip_that_is_not_there_says_so(found):
    piece = Piece(found.show([CLIPS - 1], seconds=0.2).html)
    assert not piece.all("audio") and "File not found" in piece.text and "Chosen clips" in piece.text
    assert "first 0.2 of 0.5 s" in Piece(found.show([0], seconds=0.2).html).text


def test_a_result_shows_headline_waterfall_and_slices_without_sounds(found):
    content = found._repr_html_()
    piece = Piece(content)
    assert_harmless(piece)
    (slice_,) = found.slices
    assert "If all were fixed" in piece.text and plain(found.costs.drop_text(slice_.drop)) in piece.text
    assert not piece.all("audio") and len(content) < 10_000


def test_colours_are_those_of_the_notebook_and_all_are_defined(found):
    for content in (found._repr_html_(), found.slices[0]._repr_html_()):
        (style,) = Piece(content).styles
        used, defined = (set(re.findall(form, style)) for form in (r"var\(--([\w-]+)\)", r"--([\w-]+):"))
        assert used | {"ramp"} == defined
        assert "[data-jp-theme-light=" in style and ".vscode-dark" in style and "light-dark(" in style
        outside = re.sub(r"\.slicecore\.slicecore\{.*", "", style)  # what is not for the piece alone
        assert all(".slicecore" in rule for rule in re.findall(r"([^{}]+)\{(?!\.)[^{}]*\}", outside))


@pytest.fixture(scope="module")
def in_words(found):
    """The slice in words."""
    findings = found.findings()
    return SliceTexts(findings).full(1, found.slices[0], [0, 20], Sounds(findings, 0.1))


@settings(max_examples=25)
@given(text=st.text(max_size=40) | st.just(HOSTILE))
def test_no_text_is_markup(in_words, text):
    text = f"{text}<b a='1'>"
    clip = replace(
        in_words.examples[0],
        id=text,
        notes=(text,),
        transcripts=(Transcript(text, text, (Word("substitute", text, text),)),),
    )
    hostile = replace(
        in_words,
        **dict.fromkeys(("name", "reason", "defined", "who", "tier"), text),
        values=(text,),
        words=(WordList(text, ((text, text),)),),
        examples=(clip, replace(clip, sound=None, silent=text)),
    )
    piece = Piece(slice_html(hostile, text))
    assert_harmless(piece)
    assert not any("a" in attributes for _, attributes in piece.elements)


def vars_of(record):
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def test_a_slice_of_a_result_is_a_slice_like_any_other(found):
    (slice_,) = found.slices
    assert slice_ == found.scan.slices[0] and found.slices[0] is slice_
    assert found.scanner.widen(slice_) == found.scanner.widen(found.scan.slices[0])
    for other in (copy.copy(slice_), pickle.loads(pickle.dumps(slice_))):
        assert type(other) is sc.Slice and other == slice_ and other.support == slice_.support


def test_figures_have_the_numbers_of_the_scan(found):
    (slice_,) = found.slices
    tiles = found.treemap().data[0]
    tree = cluster_tree(found.scanner.hierarchy, found.scan)
    assert list(tiles.values) == tree.support.tolist() and max(tiles.values) == CLIPS
    place = tiles.ids.index(slice_.id)
    assert (
        tiles.labels[place] == f"1 {found.explain(slice_).title}" and tiles["values"][place] == slice_.support
    )
    assert tiles.marker.colors[place] == pytest.approx(100 * slice_.drop, abs=0.05)
    clips, outline = found.map(cache=None).data
    assert (
        sorted(clips.customdata) == list(range(CLIPS)) and outline.name == f"1 {found.explain(slice_).title}"
    )
    assert max(clips.marker.color) == pytest.approx(
        100 * (found.costs.per_clip().max() - found.scan.overall), abs=0.05
    )
    steps = waterfall(found.scan)
    (bars,) = found.waterfall(dark=True).data
    assert list(bars.x) == pytest.approx([steps.overall, steps.steps[0].change, steps.rest])
    plots = found.evidence(slice_).data
    assert [(plot.name, sum(plot.customdata)) for plot in plots] == [("slice", 9), ("rest", 14)] * 3
    histogram = found.explainer.histogram(found.explain(slice_).effects[0].name, slice_)
    assert list(plots[0].customdata) == histogram.inside.tolist()


def test_figures_show_names_as_they_are(found):
    (slice_,) = found.slices
    names = {slice_.id: "<b>"}
    assert "1 &lt;b&gt;" in treemap_figure(
        cluster_tree(found.scanner.hierarchy, found.scan), found.scan, names
    ).to_json().replace("\\u0026", "&").replace("\\u003c", "<")


def test_a_map_of_many_clips_is_thinned_out_and_says_so(found):
    (slice_,) = found.slices
    count = LIMITS.clips + 4000
    table = pd.DataFrame({"id": map(str, range(count)), "sentence": "a", "prediction": "b"})
    scan = sc.Scan(
        (slice_,),
        0.5,
        Costs(np.ones(count), np.full(count, 2.0), name="WER"),
        5,
        0.1,
        0.1,
        None,
        found.options,
    )
    positions = np.random.default_rng(0).normal(size=(count, 2)).astype(np.float32)
    figure = map_figure(positions, sc.read(table), scan, {slice_.id: "hum"})
    shown = set(figure.data[0].customdata)
    assert len(shown) == LIMITS.clips and shown >= set(slice_.members.tolist())
    assert f"of {count:,} clips are shown" in figure.layout.annotations[0].text
    assert len(figure.to_json()) < 3_000_000


def test_where_there_is_nothing_to_draw_a_figure_says_so(found):
    scan = found.scanner.scan(sc.Options(min_drop=5))
    none = type(found)(**{**vars_of(found), "scan": scan})
    with pytest.raises(SlicecoreError, match="nothing to fix"):
        none.waterfall()
    assert len(none.treemap().data) == len(none.map().data) == 1
    assert "No cluster of clips meets both thresholds" in Piece(none._repr_html_()).text
    quick = type(found)(**{**vars_of(found), "explainer": None, "explanations": {}, "measurements": None})
    with pytest.raises(SlicecoreError, match="explain=True"):
        quick.evidence(found.slices[0])
    assert "polygon" not in {tag for tag, _ in Piece(quick.slices[0]._repr_html_()).elements}
