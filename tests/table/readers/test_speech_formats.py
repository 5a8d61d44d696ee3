"""Formats of speech toolkits: the same clips and texts from each, joined with predictions in files of their own."""

import gzip
import json
import shutil

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from little_table import PREDICTIONS, REFERENCES, ROWS, json_lines, seconds, write_sounds

from slicecore.embedding import embed
from slicecore.errors import SlicecoreError, TableError, TableWarning
from slicecore.table.dataset import check_audio, read
from slicecore.table.readers.registry import FORMATS, format_of

IDS = [row["id"] for row in ROWS]
FOLDERS = {"kaldi", "audiofolder", "librispeech"}


def lines(entries):
    return "".join(f"{entry}\n" for entry in entries)


def as_kaldi(folder):
    (folder / "text").write_text(lines(f"{row['id']} {row['text']}" for row in ROWS))
    (folder / "wav.scp").write_text(lines(f"{row['id']}\t{row['audio']}" for row in ROWS))
    (folder / "utt2spk").write_text(lines(f"{row['id']} {row['speaker']}" for row in ROWS))
    (folder / "spk2gender").write_text("anna f\nbob m\n")
    return folder


def as_audiofolder(folder):
    table = pd.DataFrame(ROWS)[["id", "audio", "text"]].rename(columns={"audio": "file_name"})
    (folder / "test").mkdir()
    table.to_csv(folder / "test" / "metadata.csv", index=False)
    write_sounds(folder / "test")
    return folder


def as_librispeech(folder):
    chapter = folder / "7" / "12"
    chapter.mkdir(parents=True)
    write_sounds(chapter, "flac")
    for row in range(6):
        (chapter / f"{row}.flac").rename(chapter / f"7-12-000{row}.flac")
    (chapter / "7-12.trans.txt").write_text(
        lines(f"7-12-000{row} {text}" for row, text in enumerate(REFERENCES))
    )
    return folder


def cut(row, **more):
    recording = {
        "id": "r",
        "sampling_rate": 16000,
        "num_samples": 1600 * (row + 1),
        "duration": (row + 1) / 10,
    }
    recording["sources"] = [{"type": "file", "channels": [0], "source": ROWS[row]["audio"]}]
    supervision = {"id": "s", "recording_id": "r", "start": 0.0, "duration": 0.1, "channel": 0}
    supervision |= {"text": REFERENCES[row], "speaker": ROWS[row]["speaker"], "custom": {"snr": row + 0.5}}
    return {
        "id": IDS[row],
        "start": 0,
        "duration": (row + 1) / 10,
        "channel": 0,
        "supervisions": [supervision],
        "recording": recording,
        "type": "MonoCut",
    } | more


def as_lhotse(folder):
    path = folder / "cuts.jsonl.gz"
    path.write_bytes(gzip.compress(json_lines(map(cut, range(6))).encode()))
    return path


def as_common_voice(folder):
    (folder / "clips").mkdir()
    write_sounds(folder / "clips")
    table = pd.DataFrame(ROWS)
    table = pd.DataFrame(
        {"client_id": table.speaker, "path": table.audio, "sentence": table.text, "id": table.id}
    )
    table.to_csv(folder / "test.tsv", index=False, sep="\t", quoting=3)
    return folder / "test.tsv"


def as_trn(folder):
    (folder / "ref.trn").write_text(lines(f"{row['text']} ({row['id']})" for row in ROWS))
    return folder / "ref.trn"


def as_transcripts(folder):
    (folder / "ref.txt").write_text(lines(f"{row['id']} {row['text']}" for row in ROWS))
    return folder / "ref.txt"


def hyp_trn(folder):
    (folder / "base.trn").write_text(lines(f"{p} ({i})" for i, p in zip(IDS, PREDICTIONS, strict=True)))
    return folder / "base.trn"


def hyp_by_file(folder):
    """A manifest whose rows stand in another order, with other folders before the files."""
    rows = [{"audio_filepath": f"/gpu7/{row['audio']}", "pred_text": row["pred_text"]} for row in ROWS[::-1]]
    (folder / "base.jsonl").write_text(json_lines(rows))
    return folder / "base.jsonl"


def hyp_frame(folder):
    return pd.DataFrame({"id": IDS, "hyp": PREDICTIONS}).sample(frac=1, random_state=0)


@pytest.mark.parametrize(
    ("write", "name", "hypotheses", "columns"),
    [
        (as_kaldi, "kaldi", hyp_trn, ("speaker", "gender")),
        (as_audiofolder, "audiofolder", hyp_trn, ()),
        (as_audiofolder, "audiofolder", hyp_by_file, ()),
        (as_lhotse, "lhotse", hyp_by_file, ("speaker", "snr")),
        (as_common_voice, "common_voice", hyp_by_file, ("client_id",)),
        (as_trn, "trn", hyp_trn, ()),
        (as_transcripts, "transcripts", hyp_frame, ()),
    ],
)
def test_one_table_is_the_same_in_every_format(tmp_path, write, name, hypotheses, columns):
    write_sounds(tmp_path)
    table = write(tmp_path)
    assert format_of(table).name == name
    (tmp_path / "hyp").mkdir()
    data = read(table, predictions={"base": hypotheses(tmp_path / "hyp")})
    assert data.ids.tolist() == IDS
    assert data.reference.tolist() == REFERENCES
    assert data.roles.predictions == ("base",)
    assert data.prediction.tolist() == PREDICTIONS
    assert data.metadata == columns
    assert data.notes == ()
    if data.roles.audio:
        assert check_audio(data) == {}
        assert [(seconds(clip), clip.is_part) for clip in data.clips] == [
            ((row + 1) / 10, False) for row in range(6)
        ]


def test_a_folder_of_librispeech(tmp_path):
    table = as_librispeech(tmp_path)
    assert format_of(table).name == "librispeech"
    (tmp_path / "hyp.trn").write_text("x (7-12-0003)\n")
    with pytest.warns(UserWarning, match="5 of 6 clips, first 7-12-0000, 7-12-0001, 7-12-0002; theirs"):
        data = read(table, predictions=[tmp_path / "hyp.trn"])
    assert data.reference.tolist() == REFERENCES
    assert data.predictions["hyp"].tolist() == ["", "", "", "x", "", ""]
    assert [seconds(clip) for clip in data.clips] == [(row + 1) / 10 for row in range(6)]
    assert data.table["speaker"].tolist() == ["7"] * 6
    assert data.ids[5] == "7-12-0005"


def test_a_slash_before_the_name_of_an_utterance_leads_nowhere_else(tmp_path):
    (tmp_path / "7-12.trans.txt").write_text("/etc/passwd A\nb B\n")
    (tmp_path / "hyp.trn").write_text("x (/etc/passwd)\ny (b)\n")
    data = read(tmp_path, predictions=[tmp_path / "hyp.trn"])
    assert data.audio_paths == [tmp_path / "etc" / "passwd.flac", tmp_path / "b.flac"]


def test_segments_of_kaldi_and_commands_that_are_never_run(tmp_path, cache):
    touched = tmp_path / "touched"
    write_sounds(tmp_path)
    (tmp_path / "text").write_text("u1 a b\nu2 c\nu3\n")
    (tmp_path / "wav.scp").write_text(f"r1 5.wav\nr2 touch {touched} |\nr3 {tmp_path}/x.ark:17\n")
    (tmp_path / "segments").write_text("u1 r1 0.1 0.3\nu2 r2 0 -1\nu3 r3 0 1\nu4 r1 0 1\n")
    (tmp_path / "hyp.trn").write_text("a (u1)\nc (u2)\n(u3)\n")
    with pytest.warns(UserWarning, match="Left out: 1 utterance without a line in “text”, first u4"):
        data = read(tmp_path, predictions=[tmp_path / "hyp.trn"])
    assert seconds(data.clips[0]) == 0.2
    assert data.clips[1].end is None
    reasons = embed(data, "signal", cache=cache).reasons
    assert (
        reasons[1]
        == f"A command, which is never run: “touch {touched} |”. Write its output to a file and name that"
    )
    assert "Kaldi archive" in reasons[2]
    assert check_audio(data) == reasons
    assert not touched.exists()


def test_cuts_of_lhotse_that_are_parts_and_commands(tmp_path):
    command = cut(2)
    command["recording"]["sources"] = [{"type": "command", "channels": [0], "source": "rm -r x"}]
    two = cut(5, start=0.2, duration=0.3, custom={"pred_text": "b"})
    two["supervisions"] = [{"start": 1, "text": "second"}, {"start": 0, "text": "first"}]
    path = tmp_path / "cuts.json"
    path.write_text(json.dumps([cut(1), two, command]))
    data = read(path)
    assert [(clip.start, clip.end) for clip in data.clips] == [(0, None), (0.2, 0.5), (0, None)]
    assert data.reference.tolist()[1] == "first second"
    assert data.prediction.tolist() == ["", "b", ""]
    assert str(data.clips[2].path) == "rm -r x |"


def test_segments_and_words_of_nist(tmp_path):
    write_sounds(tmp_path, "flac")
    (tmp_path / "ref.stm").write_text(
        ";; a comment\n5 1 anna 0.0 0.25 <o,f0,female> good day\n5 1 bob 0.25 0.6 hello\n"
        "5 1 bob 0.6 0.7 IGNORE_TIME_SEGMENT_IN_SCORING\n4 1 bob 0 0.5\n"
    )
    (tmp_path / "hyp.ctm").write_text(
        "5 1 0.30 0.2 yellow\n5 1 0.10 0.12 day .9\n5 1 0 0.1 good .8\n5 1 7 1 ah\n"
    )
    assert [format_of(tmp_path / name).name for name in ("ref.stm", "hyp.ctm")] == ["stm", "ctm"]
    with pytest.warns(UserWarning):
        data = read(tmp_path / "ref.stm", predictions=[tmp_path / "hyp.ctm"])
    assert data.reference.tolist() == ["good day", "hello", ""]
    assert data.prediction.tolist() == ["good day", "yellow", ""]
    assert data.table["label"].tolist() == ["<o,f0,female>", "", ""]
    assert [seconds(clip) for clip in data.clips] == [0.25, 0.35, 0.5]
    assert data.notes == (
        "Left out: 1 segment of “ref.stm” not to be scored.",
        "Left out: 1 word of “hyp.ctm” in no clip.",
        "“hyp.ctm” has no words for 1 of 3 clips; theirs count as empty.",
    )


def test_segments_of_meeteval(tmp_path):
    write_sounds(tmp_path)
    segments = [
        {"session_id": "5", "speaker": "A", "start_time": 0.1, "end_time": 0.2, "words": "a", "hyp": "a"},
        {"session_id": "3", "speaker": "B", "start_time": 0.1, "end_time": 0.3, "words": "b", "hyp": "c"},
    ]
    path = tmp_path / "x.json"
    path.write_text(json.dumps(segments))
    assert format_of(path).name == "seglst"
    data = read(path)
    assert [seconds(clip) for clip in data.clips] == [0.1, 0.2]
    assert data.reference.tolist() == ["a", "b"]
    assert data.metadata == ("speaker",)


def test_padded_cuts_are_read_and_mixtures_left_out(tmp_path):
    padding = {"offset": 0.1, "cut": {"id": "p", "type": "PaddingCut", "duration": 1.0}}
    tracks = [[{"cut": cut(row), "offset": 0.0}] for row in range(3)]
    cuts = [
        {"id": "padded", "type": "MixedCut", "tracks": [*tracks[0], padding]},
        {"id": "both", "type": "MixedCut", "tracks": tracks[1] + tracks[2]},
    ]
    path = tmp_path / "cuts.jsonl"
    path.write_text(json_lines(cuts))
    hyp = pd.DataFrame({"id": ["padded"], "hyp": ["y"]})
    with pytest.warns(
        TableWarning, match="1 cut of several recordings left out, the first in row 2. Mix them down"
    ):
        data = read(path, predictions={"hyp": hyp})
    assert data.ids.tolist() == ["padded"] and data.reference.tolist() == [REFERENCES[0]]
    path.write_text(json_lines(cuts[1:]))
    with pytest.raises(TableError, match="are mixtures of several recordings"):
        read(path)


def test_names_of_common_voice_without_an_ending_are_mp3_files(tmp_path):
    (tmp_path / "clips").mkdir()
    path = tmp_path / "old.tsv"
    path.write_text('client_id\tpath\tsentence\tpred\nx\ta\t"Yes" he said\ty\n')
    data = read(path)
    assert data.audio_paths == [tmp_path / "clips" / "a.mp3"]
    assert data.reference.tolist() == ['"Yes" he said']


# ---------------------------------------------------------------------------------------------------------------
# Faults
@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"wav.scp": ""}, "no file .*text"),
        ({"wav.scp": "", "text": ""}, "is empty"),
        ({"wav.scp": "", "text": "a b\na c\n"}, "“a” is in row 1 of “text” and again in row 2"),
        ({"wav.scp": "", "text": "a b\n", "segments": "a r 1\n"}, "Row 1 of “segments” is not an utterance"),
        ({"metadata.csv": "name,text\na,b\n"}, "no column “file_name”"),
        ({"a/metadata.csv": "", "b/metadata.csv": ""}, "several tables: a/metadata.csv, b/metadata.csv"),
        ({"1/a.trans.txt": "u x\n", "2/b.trans.txt": "u y\n"}, "“u” is in “a.trans.txt” and again in “b"),
        ({"t": "good day (u1)\nbad day (u1)\n"}, "“u1” is in row 1"),
        ({"t": "client_id\tpath\tsentence\nx\ty\n"}, "Row 2 has 2 cells"),
        ({"t": json_lines([cut(0, type="MixedCut")])}, "Row 1 of “t” is a MixedCut"),
        ({"t": json_lines([cut(0), cut(1, start="x")])}, "Row 2 of “t” has “x” as start"),
        (
            {"t": json_lines([cut(0, recording={"sources": [{"type": "memory"}]})])},
            "recording of type “memory”",
        ),
        (
            {"t": '[{"session_id": 1, "words": "x", "start_time": "a", "end_time": 1, "hyp": ""}]'},
            "Row 1: “a”",
        ),
    ],
)
def test_faults_are_named(tmp_path, files, message):
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    with pytest.raises(TableError, match=message):
        read(tmp_path / "t" if "t" in files else tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("trn", "good day\n", "Row 1 of “t” does not end in an id"),
        ("stm", "a 1 x 0 z hello\n", "Row 1 of “t” is not file, channel"),
        ("ctm", "a 1 0 z hello\n", "Row 1 of “t” is not file, channel, start"),
        ("nemo", '{"a": 1}', "no NeMo manifest"),
        ("seglst", '[{"words": 1}]', "no SegLST"),
        ("common_voice", "a,b\n1,2\n", "no column “client_id”"),
        ("audiofolder", "x", "no folder"),
    ],
)
def test_a_file_that_is_not_of_the_chosen_format_is_refused(tmp_path, name, content, message):
    (tmp_path / "t").write_text(content)
    with pytest.raises(TableError, match=message):
        read(tmp_path / "t", format=name)


words = st.text(st.sampled_from("ab1. ()<>\t;|-\ud7ff\u2028"), max_size=12)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
@pytest.mark.filterwarnings("ignore::slicecore.errors.TableWarning")
def test_a_malformed_file_gives_a_sentence_or_rows(tmp_path, data):
    kind = data.draw(st.sampled_from([known.name for known in FORMATS]))
    name = data.draw(st.sampled_from([None, kind]))
    shutil.rmtree(tmp_path / "x", ignore_errors=True)
    (tmp_path / "x").mkdir()
    some = st.lists(words, max_size=4).map(lines)
    values = st.one_of(
        words, st.none(), st.integers(), st.lists(words, max_size=1), st.dictionaries(words, words)
    )
    if kind in FOLDERS:
        files = {"kaldi": ["wav.scp", "text", "segments", "utt2spk"], "audiofolder": ["metadata.csv"]}
        for file in files.get(kind, ["1.trans.txt"]):
            (tmp_path / "x" / file).write_text(data.draw(some))
        table = tmp_path / "x"
    else:
        table = tmp_path / "x" / "t"
        record = cut(0)
        for part in (record, record["supervisions"][0], record["recording"]):
            part.update(data.draw(st.dictionaries(st.sampled_from(sorted(part)), values, max_size=2)))
        segment = data.draw(
            st.dictionaries(st.sampled_from(["session_id", "words", "start_time", "end_time"]), values)
        )
        content = {
            "lhotse": json_lines([record]),
            "seglst": json.dumps([segment]),
            "common_voice": "client_id\tpath\tsentence\n" + data.draw(some).replace(";", "\t"),
        }.get(kind, data.draw(some))
        table.write_text(content)
    try:
        assert len(read(table, format=name, predictions={"m": pd.DataFrame({"id": ["a"], "hyp": ["b"]})}))
    except SlicecoreError as error:
        assert str(error).rstrip()[-1] in ".…?"
