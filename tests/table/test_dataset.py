import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore.audio.decoding import load
from slicecore.errors import AudioError, TableError
from slicecore.table.dataset import check_audio, from_table, read
from slicecore.table.metadata import quantities_of, values_of
from slicecore.table.roles import Roles, as_numbers, guess_roles

SMALL = "audio,sentence,prediction,snr,speaker\na.wav,Good day,good day,12.5,anna\nb.wav,Bye,by,,bob\n"


def write(folder, text, name="clips.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_reads_roles_paths_and_metadata(tmp_path):
    data = read(write(tmp_path, SMALL))
    assert data.name == "clips"
    assert data.roles == Roles("audio", "sentence", ("prediction",), None)
    assert data.metadata == ("snr", "speaker")
    assert data.audio_paths == [tmp_path / "a.wav", tmp_path / "b.wav"]
    assert data.reference.tolist() == ["Good day", "Bye"]
    assert data.table["snr"].tolist()[0] == 12.5
    assert np.isnan(data.table["snr"].tolist()[1])
    assert data.table["speaker"].tolist() == ["anna", "bob"]
    assert len(data) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize(
    ("separator", "name"), [(",", "a.csv"), (";", "a.csv"), ("\t", "a.csv"), ("\t", "a.tsv")]
)
def test_separators_and_byte_order_mark(tmp_path, encoding, separator, name):
    text = SMALL.replace(",", separator)
    data = read(write(tmp_path, text, name, encoding))
    assert list(data.table.columns) == ["audio", "sentence", "prediction", "snr", "speaker"]


def test_text_that_looks_like_a_missing_value_stays_text(tmp_path):
    data = read(write(tmp_path, "audio,text,pred,code\na.wav,NA,null,007\nb.wav,,nan,008\n"))
    assert data.reference.tolist() == ["NA", ""]
    assert data.prediction.tolist() == ["null", "nan"]
    assert data.table["code"].tolist() == ["007", "008"]


def test_quoted_separators_and_line_breaks(tmp_path):
    data = read(write(tmp_path, 'audio,text,pred\na.wav,"one, two\nthree","say ""hi"""\n\n'))
    assert data.reference.tolist() == ["one, two\nthree"]
    assert data.prediction.tolist() == ['say "hi"']


def test_tsv_with_bare_quotes(tmp_path):
    data = read(write(tmp_path, 'path\tsentence\tprediction\na.mp3\t"Yes" she said\tyes\n', "a.tsv"))
    assert data.reference.tolist() == ['"Yes" she said']


def test_several_predictions_and_switching(tmp_path):
    data = read(write(tmp_path, "audio,ref,hyp,hyp_large,hyp_confidence\na.wav,x,y,z,0.5\n"))
    assert data.roles.predictions == ("hyp", "hyp_large")
    other = data.with_prediction("hyp_large")
    assert other.prediction.tolist() == ["z"]
    assert other.roles.predictions == ("hyp_large", "hyp")
    assert data.prediction.tolist() == ["y"]
    assert other.predictions["hyp"].tolist() == ["y"]
    with pytest.raises(TableError, match="hyp_large"):
        data.with_prediction("hyp_larg")


def test_numeric_predictions_of_several_models_are_kept(tmp_path):
    data = read(write(tmp_path, "audio,target,pred,pred_b\na.wav,1,2,3\n"))
    assert data.roles.predictions == ("pred", "pred_b")
    assert data.reference.tolist() == ["1"]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["Path", "Sentence", "Prediction"], Roles("Path", "Sentence", ("Prediction",))),
        (["audio_filepath", "text", "pred_text"], Roles("audio_filepath", "text", ("pred_text",))),
        (
            ["uid", "wav", "transcript", "asr_a", "asr_b"],
            Roles("wav", "transcript", ("asr_a", "asr_b"), "uid"),
        ),
        (["x", "y"], Roles()),
        (["audio", "mos", "mos_pred", "device"], Roles("audio", "mos", ("mos_pred",))),
        (["audio", "emotion", "predicted_emotion"], Roles("audio", "emotion", ("predicted_emotion",))),
        (["audio", "mos", "mos_pred", "wer", "wer_pred"], Roles("audio", None, ())),
        (["wav_file", "gold", "asr_out"], Roles("wav_file", "gold", ("asr_out",))),
        (["wav", "gold_transcript", "asr_output"], Roles("wav", "gold_transcript", ("asr_output",))),
        (["audio", "y_true", "y_pred"], Roles("audio", "y_true", ("y_pred",))),
    ],
)
def test_guess(columns, expected):
    assert guess_roles(columns) == expected


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        ("", {}, "is empty"),
        ("\n \n", {}, "is empty"),
        ("audio,ref,hyp\n", {}, "no rows"),
        ("audio,ref,hyp\na,b\n", {}, "Row 2 has 2 cells"),
        ("audio,ref,hyp\na,b,c\n\nd,e,f,g\n", {}, "Row 4 has 4 cells"),
        ('audio,ref,hyp\na,b,c\nd,"e,f\n', {}, "Row 3 can't be read"),
        ("audio,ref,ref\na,b,c\n", {}, "more than one column “ref”"),
        ("audio,said,hyp\na,b,c\n", {}, "No column looks like a reference"),
        ("audio,ref,heard\na,b,c\n", {}, "Columns are audio, ref, heard"),
        ("audio,sentence,hyp\na,b,c\n", {"reference": "sentense"}, "Did you mean “sentence”"),
        ("audio,Ref,hyp\na,b,c\n", {"reference": "ref"}, "Did you mean “Ref”"),
        (
            "audio,ref,hyp\na,b,c\n",
            {"prediction": "ref", "reference": "ref"},
            "as reference and as prediction",
        ),
        ("audio,ref,hyp\na,b,c\n", {"prediction": ["hyp", "hyp"]}, "twice"),
        (
            "id,audio,ref,hyp\n1,a,b,c\n2,a,b,c\n1,a,b,c\n",
            {},
            "“1” in column “id” is in row 2 and again in row 4",
        ),
        ("id,audio,ref,hyp\n1,a,b,c\n,a,b,c\n", {}, "Row 3: the id"),
    ],
)
def test_messages(tmp_path, text, arguments, message):
    with pytest.raises(TableError, match=message):
        read(write(tmp_path, text), **arguments)


def test_messages_about_the_file(tmp_path):
    with pytest.raises(TableError, match="no file"):
        read(tmp_path / "none.csv")
    with pytest.raises(TableError, match="folder"):
        read(tmp_path)
    with pytest.raises(TableError, match=r"line 2.*Latin.*UTF-8"):
        read(write(tmp_path, "audio,ref,hyp\na,é,c\n", encoding="latin-1"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_is_read_in_the_encoding_that_its_mark_says(tmp_path, encoding):
    path = tmp_path / "clips.csv"
    path.write_bytes("audio\tref\thyp\na.wav\tgrüß dich\t猫\n".encode(encoding))
    data = read(path)
    assert data.reference[0] == "grüß dich"
    assert data.prediction[0] == "猫"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("audio,ref,hyp\n".encode("utf-16-le"), "UTF-16 text without the mark"),
        ("audio".encode("utf-16") + b"x", "begins as UTF-16 text, but is damaged"),
        (b"PK\x03\x04rest", "a spreadsheet or another zip archive, not text"),
        (b"RIFF\x00\x00", "a sound file"),
    ],
)
def test_a_file_that_is_no_utf_8_text_is_told_apart(tmp_path, content, message):
    path = tmp_path / "clips.csv"
    path.write_bytes(content)
    with pytest.raises(TableError, match=message) as raised:
        read(path)
    assert "CSV UTF-8" in str(raised.value)


def test_ids_survive_order_and_new_columns(tmp_path):
    rows = [f"{i}.wav,text {i},heard {i}" for i in range(5)]
    first = read(write(tmp_path, "\n".join(["audio,ref,hyp", *rows])))
    turned = read(write(tmp_path, "\n".join(["audio,ref,hyp", *rows[::-1]]), "turned.csv"))
    wider = [f"{row},more" for row in rows]
    second = read(write(tmp_path, "\n".join(["audio,ref,hyp,hyp_b", *wider]), "wider.csv"))
    assert first.ids.tolist() == turned.ids.tolist()[::-1] == second.ids.tolist()
    assert all(len(value) == 12 for value in first.ids)


def test_ids_of_equal_rows_differ(tmp_path):
    data = read(write(tmp_path, "audio,ref,hyp\na,b,c\na,b,d\na,b,c\n"))
    assert len(set(data.ids)) == 3
    assert data.ids[2] == f"{data.ids[0]}-2"


def test_own_ids(tmp_path):
    data = read(write(tmp_path, "clip_id,audio,ref,hyp\nx1,a,b,c\nx2,a,b,c\n"))
    assert data.ids.tolist() == ["x1", "x2"]
    assert "clip_id" not in data.metadata


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)] * 3),
        min_size=1,
        unique=True,
    ),
    st.randoms(),
)
def test_ids_are_unique_and_follow_the_row(rows, random):
    table = pd.DataFrame(rows, columns=["audio", "ref", "hyp"])
    data = from_table(table, name="t")
    assert len(set(data.ids)) == len(rows)
    order = list(range(len(rows)))
    random.shuffle(order)
    again = from_table(table.iloc[order], name="t")
    assert again.ids.tolist() == data.ids[order].tolist()


def test_data_frame_values_become_text_and_are_copied(tmp_path):
    table = pd.DataFrame(
        {"audio": ["a.wav", None], "label": [3, None], "pred": [3, 4], "n": [1.5, 2.5]}, index=[7, 9]
    )
    data = from_table(table, name="t", folder=tmp_path)
    assert data.reference.tolist() == ["3", ""]
    assert data.prediction.tolist() == ["3", "4"]
    assert data.audio_paths == [tmp_path / "a.wav", None]
    assert data.table.index.tolist() == [0, 1]
    assert table.index.tolist() == [7, 9]
    assert table["pred"].tolist() == [3, 4]
    with pytest.raises(TableError, match="no rows"):
        from_table(table.iloc[:0], name="t")


def test_no_audio_column(tmp_path):
    data = read(write(tmp_path, "label,pred\na,b\n"))
    assert data.audio_paths == [None]


def test_check_audio(tmp_path):
    (tmp_path / "good.wav").write_bytes(b"RIFF")
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "sub").mkdir()
    data = read(
        write(
            tmp_path, "audio,ref,hyp\ngood.wav,a,b\nempty.wav,a,b\nsub,a,b\nnone.wav,a,b\n,a,b\nall.raw,a,b\n"
        )
    )
    (tmp_path / "all.raw").write_bytes(b"samples")
    reasons = check_audio(data)
    assert set(reasons) == {1, 2, 3, 4, 5}
    for row in (1, 2, 3, 5):  # what decoding says later
        with pytest.raises(AudioError, match=re.escape(reasons[row])):
            load(data.clips[row].path)
    assert "0 bytes" in reasons[1]
    assert "folder" in reasons[2]
    assert reasons[3] == "File not found"
    assert "No audio path" in reasons[4]


def test_audio_paths_may_start_in_another_folder(tmp_path):
    path = tmp_path / "uploads" / "calls.csv"
    path.parent.mkdir()
    path.write_text("audio,sentence,prediction\nclips/a.wav,a,b\n")
    assert read(path, folder=tmp_path / "calls").audio_paths == [tmp_path / "calls" / "clips" / "a.wav"]


@pytest.mark.parametrize(
    "columns",
    [
        ["sentence", "prediction", "predicted_accent", "asr_engine", "output_format"],
        ["sentence", "prediction", "predicted_accent", "predicted_accent_probability"],
        ["sentence", "hyp_large", "predicted_accent", "predicted_accent_probability"],
    ],
)
def test_labels_and_notes_on_a_model_are_no_models(columns):
    assert guess_roles(columns).predictions == (columns[1],)


def test_predicted_is_a_name_like_others():
    assert guess_roles(["text", "predicted", "predicted_large"]).predictions == (
        "predicted",
        "predicted_large",
    )
    assert guess_roles(["text", "predicted_a", "predicted_b"]).predictions == ("predicted_a", "predicted_b")


def test_a_few_values_over_and_over_are_no_transcripts():
    texts = [f"clip number {row}" for row in range(40)]
    frame = pd.DataFrame(
        {"text": texts, "pred": texts, "pred_large": texts, "pred_device": ["left", "right"] * 20}
    )
    assert from_table(frame, name="t").roles.predictions == ("pred", "pred_large")


def test_nullable_columns_are_read_as_others_are():
    frame = pd.DataFrame(
        {
            "text": ["a", "b", "c"],
            "pred": ["a", None, "c"],
            "pred_large": ["a", "b", None],
            "pred_score": [1, None, 3],
            "snr": [1.5, None, 2.5],
            "ok": [True, None, False],
        }
    )
    for table in (frame, frame.convert_dtypes(), frame.astype({"pred_large": "category"})):
        data = from_table(table, name="t")
        assert data.roles.predictions == ("pred", "pred_large")
        assert data.prediction.tolist() == ["a", "", "c"]
        assert data.predictions["pred_large"].tolist() == ["a", "b", ""]
        assert quantities_of(data.table, ["snr"]).columns.tolist() == []
        (score,) = values_of(data.table.assign(pred_score=[1, 1, 2]), ["pred_score"])
        assert score.names == ("1", "2")


def test_a_nullable_column_of_numbers_is_a_quantity():
    frame = pd.DataFrame({"text": "a", "pred": "a", "snr": [None, *range(20)]}).convert_dtypes()
    data = from_table(frame, name="t")
    numbers = quantities_of(data.table, ["snr"])["snr"].to_numpy()
    assert np.isnan(numbers[0]) and numbers[1:].tolist() == list(range(20))


def test_a_cell_may_be_longer_than_a_novel(tmp_path):
    long = "word " * 60_000
    data = read(write(tmp_path, f"audio,text,pred\na.wav,{long},b\n"))
    assert data.reference.tolist() == [long]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "-2"], "int64"),
        (["+1", " 2"], "int64"),
        (["1e5", ".5"], "float64"),
        (["", "3"], "float64"),
        (["007", "8"], "str"),
        (["0x10", "1"], "str"),
        (["inf", "1"], "str"),
        (["nan", "1"], "str"),
        (["1"] * 200 + ["x"], "str"),
        (["9" * 20, "1"], "float64"),
    ],
)
def test_a_column_is_of_numbers_where_all_its_cells_are(cells, kind):
    column = as_numbers(pd.Series(cells, dtype=str))
    assert (pd.api.types.is_numeric_dtype(column) and str(column.dtype)) == (kind if kind != "str" else False)
    if kind != "str":
        assert column.dropna().tolist() == [float(cell) for cell in cells if cell]


@pytest.mark.parametrize("text", ["[{}]", "{}\n{}\n"])
def test_rows_without_any_field_are_a_sentence(tmp_path, text):
    (tmp_path / "t.json").write_text(text)
    with pytest.raises(TableError, match="rows without any field"):
        read(tmp_path / "t.json", labelled=False)
