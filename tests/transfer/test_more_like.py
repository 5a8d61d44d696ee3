"""More clips like those of a slice, in data without references."""

import os
import sys

import numpy as np
import pandas as pd
import pytest
import soundfile
from invented import speech

import slicecore as sc
from slicecore.embedding import Embeddings
from slicecore.errors import DefinitionError, TableError
from slicecore.measurements import CATALOGUE, Measurements
from slicecore.measurements.measuring import measurements_from
from slicecore.measurements.sound_work import sound_arrays
from slicecore.per_clip.outcome_rows import rows_of
from slicecore.per_clip.whole_tables import with_reasons
from slicecore.storage.outcome import Outcome
from slicecore.transfer.defining import NamedSlice, define

N = 300


def embeddings_of(vectors):
    valid = np.isfinite(vectors).all(axis=1)
    return Embeddings(vectors, valid, {}, "vectors.npy", "vectors.npy", "r1", {})


@pytest.fixture(scope="module")
def halves():
    """Definition of a group on every other clip, and the table and vectors of the others, without references."""
    vectors, costs, group = speech(2 * N, bad=[(60, 0.6)], seed=4)
    own, other = slice(0, None, 2), slice(1, None, 2)
    frame = pd.DataFrame(
        {"id": [f"c{i}" for i in range(2 * N)], "device": np.where(group == 0, "tablet", "phone")}
    )
    labelled = frame.assign(reference="a b", prediction="a b")
    data = sc.from_table(labelled[own], name="own")
    costs = sc.Costs(costs.numerator[own], costs.denominator[own], name="WER")
    scanner = sc.Scanner(sc.build_hierarchy(vectors[own]), costs, data.ids)
    slices = [NamedSlice("Tablets", scanner.group(group[own] == 0))]
    definitions = define(slices, data, costs, embeddings=embeddings_of(vectors[own]))
    return definitions, frame[other].reset_index(drop=True), vectors[other], group[other] == 0, vectors, frame


def test_clips_of_the_group_come_first_without_references(halves):
    definitions, frame, vectors, group, *_ = halves
    vectors = vectors.copy()
    vectors[np.flatnonzero(group)[0]] = np.nan
    table = sc.more_like(definitions, frame, n=40, embeddings=embeddings_of(vectors))
    assert table["rank"].tolist() == list(range(1, 41)) and set(table.slice) == {"Tablets"}
    tablets = set(frame.id[group]) - {frame.id[np.flatnonzero(group)[0]]}
    assert set(table.id[:25]) <= tablets and len(tablets - set(table.id)) == 0
    assert table.score.is_monotonic_decreasing
    assert table.within[:20].all() and not table.within[35:].any()
    assert (table.distance[:20] < 1.5).all()
    assert table.why[0].startswith("In its region of vectors.npy, 0")
    assert table.row.tolist() == [frame.index[frame.id == name][0] + 2 for name in table.id]


def test_clips_of_the_slice_itself_are_left_out(halves):
    definitions, _, _, _, vectors, frame = halves
    table = sc.more_like(definitions, frame, n=len(frame), embeddings=embeddings_of(vectors))
    assert not set(table.id) & set(definitions["Tablets"].clips)
    assert len(table) == len(frame) - len(definitions["Tablets"].clips)
    assert set(table.id[:25]) <= set(frame.id[frame.device == "tablet"])


def test_without_its_embedding_a_slice_goes_by_its_rule(halves):
    definitions, frame, _, group, *_ = halves
    table = sc.more_like(definitions, frame, n=5)
    assert set(table.id) <= set(frame.id[group]) and table.within.all() and table.distance.isna().all()
    assert table.why[0] == "By its rule device = tablet"
    with pytest.raises(DefinitionError, match="Tablets: “table” has no column “device”"):
        sc.more_like(definitions, frame.drop(columns="device"))
    none = sc.more_like(definitions, frame.assign(device="phone"))
    assert none.empty and none.attrs["problems"] == ["Tablets: no clip of “table” is like it."]
    with pytest.raises(DefinitionError, match="can't have 0 clips"):
        sc.more_like(definitions, frame, n=0)
    with pytest.raises(DefinitionError, match="There is no slice “Phones”"):
        sc.more_like(definitions, frame, slices=["Phones"])


def test_a_rule_on_measurements_ranks_by_how_far_inside_it_clips_are():
    peaks = np.where(np.arange(80) < 20, -40.0, -10.0) - np.arange(80) % 7
    table = pd.DataFrame({"peak": peaks}).reindex(columns=list(CATALOGUE))
    frame = pd.DataFrame({"id": [f"c{i}" for i in range(80)], "reference": "a", "prediction": "b"})
    data = sc.from_table(frame, name="calls")
    costs = sc.Costs(np.ones(80), np.ones(80), name="WER")
    scanner = sc.Scanner(sc.build_hierarchy(np.random.default_rng(0).normal(size=(80, 3))), costs, data.ids)
    definitions = define([NamedSlice("Quiet", scanner.group(range(20)))], data, costs, measured=table)
    pool = frame.assign(id=[f"p{i}" for i in range(80)]).drop(columns=["reference", "prediction"])
    measured = Measurements(table, np.zeros((80, 60)), {})
    found = sc.more_like(definitions, pool, n=30, measurements=measured)
    assert set(found.id) == {f"p{i}" for i in range(20)} and found.id[0] in ("p6", "p13")
    assert found.why[0] == "Peak −46 dBFS (slice: Peak ≤ −40 dBFS)"


def test_a_folder_of_recordings_is_a_table_where_no_transcripts_are_needed(tmp_path):
    with pytest.raises(TableError, match="There are no recordings"):
        sc.read(tmp_path, labelled=False)
    (tmp_path / "calls").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("b.wav", "calls/a.FLAC", ".hidden/c.wav"):
        soundfile.write(tmp_path / name, np.zeros(1600), 16_000)
    (tmp_path / "notes.txt").write_text("none")
    data = sc.read(tmp_path, labelled=False)
    assert data.table["audio"].tolist() == ["b.wav", "calls/a.FLAC"]
    assert [clip.path.name for clip in data.clips] == ["b.wav", "a.FLAC"] and data.roles.reference is None
    nothing = rows_of([Outcome(None, "no sound")] * 2)
    measured = measurements_from(data, with_reasons(sound_arrays(nothing), nothing), None, tmp_path)
    assert measured.table["wer"].isna().all() and set(measured.reasons) == {0, 1}
    with pytest.raises(TableError, match="folder of no known format"):
        sc.read(tmp_path)
    (tmp_path / "old.tar").write_bytes(b"recordings beside it come first")
    assert len(sc.read(tmp_path, labelled=False)) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are texts elsewhere")
def test_a_recording_whose_name_is_no_text_is_read(tmp_path):
    name = os.fsdecode(b"\xff.wav")
    soundfile.write(tmp_path / "a.wav", np.zeros(1600), 16_000)
    (tmp_path / "a.wav").rename(tmp_path / name)
    data = sc.read(tmp_path, labelled=False)
    assert data.table["audio"].tolist() == ["?.wav"] and data.clips[0].path == tmp_path / name
