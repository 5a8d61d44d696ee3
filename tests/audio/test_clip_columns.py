"""Clips as columns: each recording and each clip once, whatever the rows are made of."""

from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from slicecore.audio.clip import Clip
from slicecore.audio.clip_columns import columns_of_clips
from slicecore.table.cells import Clips
from slicecore.table.dataset import read
from slicecore.table.roles import Roles

CLIPS = st.one_of(
    st.none(),
    st.builds(
        Clip,
        st.sampled_from([Path("/a.wav"), Path("/b.wav"), "https://host/a.wav"]),
        st.sampled_from([0.0, 1.0, 2.5]),
        st.sampled_from([None, 3.0, 4.0]),
    ),
)


@given(st.lists(CLIPS, max_size=12))
def test_columns_give_back_the_clips_and_the_different_ones_in_their_order(clips):
    columns = columns_of_clips(clips)
    assert [columns.clip(row) for row in range(len(clips))] == clips
    assert columns.is_part.tolist() == [clip is not None and clip.is_part for clip in clips]
    different, which = columns.distinct()
    assert different == list(dict.fromkeys(clip for clip in clips if clip is not None))
    assert [None if at < 0 else different[at] for at in which] == clips


def test_clips_of_a_table_are_the_same_as_columns_and_one_by_one(tmp_path):
    cells = ["a.wav", "", "./a.wav", " ", "https://host/b.wav", "a.wav", "file:///c.wav"]
    starts, ends = ["", "", "1", "", "2", "1", ""], ["", "", "2", "", "", "2", ""]
    table = pd.DataFrame({"audio": cells, "start": starts, "end": ends, "sentence": "hi", "prediction": "hi"})
    table.to_csv(tmp_path / "table.csv", index=False)
    clips = read(tmp_path / "table.csv").clips
    columns = columns_of_clips(clips)
    assert [columns.clip(row) for row in range(len(cells))] == list(clips)
    assert columns.places == [str(tmp_path / "a.wav"), "https://host/b.wav", "/c.wav"]
    assert len(columns.places) == 3  # two cells name one file


def test_places_beside_the_cells_go_before_them(tmp_path):
    frame = pd.DataFrame({"audio": ["a.wav", "b.wav", ""]})
    places = [None, tmp_path / "other.wav", tmp_path / "third.wav"]
    clips = Clips(frame, Roles(audio="audio"), tmp_path, [1, 2, 3], places)
    columns = columns_of_clips(clips)
    assert [columns.clip(row) for row in range(3)] == list(clips)
    assert [columns.path(place) for place in range(3)] == [tmp_path / "a.wav", *places[1:]]


def test_a_table_without_audio_has_no_recording():
    clips = Clips(pd.DataFrame({"text": ["a", "b"]}), Roles(), ".", [1, 2])
    different, which = columns_of_clips(clips).distinct()
    assert different == [] and np.array_equal(which, [-1, -1])


@given(
    st.lists(
        st.sampled_from(["a", ".", "..", "", "/", "a.wav", " b", "//", "s3:", "x|"]), min_size=1, max_size=5
    )
)
def test_a_cell_names_the_file_that_paths_would(parts):
    cell, folder = "/".join(parts), Path("/calls/here")
    (clip,) = Clips(pd.DataFrame({"audio": [cell]}), Roles(audio="audio"), folder, [1])
    if not cell.strip():
        assert clip is None
    elif cell.strip().endswith("|"):
        assert clip.path == Path(cell.strip())
    elif cell.startswith("s3://"):
        assert clip.path == cell
    else:
        assert clip.path == folder / cell
        assert columns_of_clips(
            Clips(pd.DataFrame({"audio": [cell]}), Roles(audio="audio"), folder, [1])
        ).places == [str(folder / cell)]


@given(
    st.lists(
        st.lists(
            st.sampled_from(["a", "..", ".", "é x.wav", "", "b:", "c.wav "]), min_size=1, max_size=3
        ).map("/".join),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["/", "/calls", "/calls/../here"]),
)
def test_all_cells_at_once_name_what_each_names(cells, folder):
    frame = pd.DataFrame({"audio": pd.Series(cells, dtype="str")})
    clips = Clips(frame, Roles(audio="audio"), folder, range(len(cells)))
    columns = columns_of_clips(clips)
    assert [columns.clip(row) for row in range(len(cells))] == list(clips)
    assert len(set(columns.places)) == len(columns.places)
