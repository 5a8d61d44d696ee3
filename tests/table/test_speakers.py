"""Groups that the clips of a table come in: columns of speakers, and the names of the files."""

import pandas as pd
import pytest

from slicecore.errors import TableError
from slicecore.table.dataset import from_table
from slicecore.table.speakers import FILE_NAMES, NO_GROUPS, group_column, group_labels, group_noun

CLIPS = 24


def data_set(**columns):
    frame = pd.DataFrame({"sentence": ["one"] * CLIPS, "prediction": ["one"] * CLIPS, **columns})
    return from_table(frame, name="calls")


def in_turn(*values):
    return [values[i % len(values)] for i in range(CLIPS)]


@pytest.mark.parametrize("column", ["speaker", "Speaker ID", "client_id", "spk-id"])
def test_a_column_of_speakers_is_recognised(column):
    data = data_set(room=in_turn("a", "b"), **{column: in_turn("s1", "s2", "s3")})
    assert group_column(data) == column
    assert group_labels(data, column)[:4] == ["s1", "s2", "s3", "s1"]
    assert group_noun(column) == "speaker"


@pytest.mark.parametrize("values", [["s1"] * CLIPS, [f"s{i}" for i in range(CLIPS)]])
def test_a_column_with_one_speaker_or_one_for_every_clip_is_none(values):
    assert group_column(data_set(speaker=values)) is None


@pytest.mark.parametrize(
    ("paths", "first"),
    [
        ([f"audio/{i % 3}/{i % 3 + 1000}-17-{i:04}.flac" for i in range(CLIPS)], "1000"),
        ([f"clips/p{225 + i % 4}/take{i}.wav" for i in range(CLIPS)], "p225"),
        ([f"https://there/id1027{i % 4}/x/{i}.wav" for i in range(CLIPS)], None),
        ([f"noisy/{i}.wav" if i % 2 else f"clean/{i}.wav" for i in range(CLIPS)], None),
        ([f"common_voice_en_{i}.mp3" for i in range(CLIPS)], None),
    ],
)
def test_names_of_files_tell_speakers_where_they_are_named_so(paths, first):
    data = data_set(audio=paths)
    assert group_column(data) == (FILE_NAMES if first else None)
    if first:
        assert group_labels(data, FILE_NAMES)[0] == first
        assert group_noun(FILE_NAMES) == "speaker"
    else:
        with pytest.raises(TableError, match="tell no speakers"):
            group_column(data, FILE_NAMES)


def test_any_column_can_be_chosen_or_none():
    data = data_set(speaker=in_turn("s1", "s2"), session_id=in_turn(1.0, 2.0, None))
    assert group_column(data, "session_id") == "session_id"
    assert group_labels(data, "session_id")[:3] == ["1", "2", ""]
    assert group_noun("session_id") == "session"
    assert group_column(data, NO_GROUPS) is None
    with pytest.raises(TableError, match=r"no column “sesion_id” for the groups. Did you mean “session_id”"):
        group_column(data, "sesion_id")


def test_columns_with_enough_values_are_offered():
    data = data_set(
        speaker=in_turn("s1", "s2"),
        device=in_turn("a", "b"),
        session=in_turn(*"abcdef"),
        note=[f"n{i}" for i in range(CLIPS)],
    )
    assert data.group_choices == ("speaker", "session")


def test_measured_numbers_are_no_groups_and_whole_ones_are():
    data = data_set(snr=in_turn(1.5, 2.5, 3.5, 4.5, 5.5), agent=in_turn(11, 12, 13, 14, 15))
    assert data.group_choices == ("agent",)
