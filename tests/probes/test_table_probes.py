"""Odd tables, each a line: so many rows, or a sentence; never anything else."""

from __future__ import annotations

import json
import warnings

import pytest
from fuzz.invariant import check_sentence

from slicecore.errors import SlicecoreError
from slicecore.table.dataset import read

HEAD = "audio,reference,prediction\n"
ROW = "a.wav,x,y\n"
BAD = None
"""A sentence, or rows: what is no table for one reader may be one for another."""

CSV = (
    ("", BAD),
    ("\n\n\n", BAD),
    (HEAD, BAD),
    (HEAD + "\n\n", BAD),
    (HEAD + ROW, 1),
    (HEAD + ROW * 100, 100),
    (HEAD + "\n" + ROW + "\n\n" + ROW, 2),
    (HEAD + "a.wav,x\n", BAD),
    (HEAD + "a.wav,x,y,z\n", BAD),
    (HEAD + '"a.wav,x,y\n', BAD),
    (HEAD + 'a.wav,"x""y",z\n', 1),
    (HEAD + 'a.wav,"x\ny",z\n', 1),
    (HEAD + ",,\n", BAD),
    (HEAD + "\x00,\x00,\x00\n", None),
    (HEAD + "a.wav,\ud800,y\n", None),
    (HEAD.replace("\n", "\r\n") + ROW.replace("\n", "\r\n"), 1),
    (HEAD.replace("\n", "\r") + ROW.replace("\n", "\r"), 1),
    ("\ufeff" + HEAD + ROW, 1),
    (HEAD.replace(",", ";") + ROW.replace(",", ";"), 1),
    (HEAD.replace(",", "\t") + ROW.replace(",", "\t"), 1),
    (HEAD.replace(",", "|") + ROW.replace(",", "|"), BAD),
    ("reference,prediction\nx,y\n", 1),
    ("reference,reference\nx,y\n", BAD),
    ("a,b\nx,y\n", BAD),
    ("reference\nx\n", BAD),
    (",,\n,,\n", BAD),
    ("audio,reference,prediction,start,end\na,x,y,0,1\n", 1),
    ("audio,reference,prediction,start,end\na,x,y,nan,1\n", BAD),
    ("audio,reference,prediction,start,end\na,x,y,1,0\n", BAD),
    ("audio,reference,prediction,start,end\na,x,y,-1,1\n", BAD),
    ("audio,reference,prediction,start,end\na,x,y,0,1e999\n", BAD),
    ("audio,reference,prediction,start,end\na,x,y,zero,1\n", BAD),
    ("audio,reference,prediction,start,end\na,x,y,,\n", 1),
    ("audio,reference,prediction,id\na,x,y,\n", BAD),
    ("audio,reference,prediction,id\na,x,y,1\nb,x,y,1\n", BAD),
    (HEAD + "http://[,x,y\n", 1),
    (HEAD + "touch x |,x,y\n", 1),
    (HEAD + "/dev/zero,x,y\n", 1),
    (HEAD + "a\tb\x1b[31m.wav,x,y\n", 1),
    (HEAD + f"{'a' * 5000},x,y\n", 1),
    (",".join(f"c{n}" for n in range(300)) + ",reference,prediction\n" + "x," * 301 + "x\n", 1),
    ("<!doctype html><html></html>", BAD),
    ("PK\x03\x04", BAD),
    ("%PDF-1.4", BAD),
)
JSON = (
    ("[]", BAD),
    ("{}", BAD),
    ("[{}]", BAD),
    ("[1]", BAD),
    ("[[1]]", BAD),
    ("null", BAD),
    ("[" * 100_000, BAD),
    ('{"a":' * 10_000, BAD),
    ('[{"reference": "x", "prediction": "y"}]', 1),
    ('{"reference": "x", "prediction": "y"}\n' * 3, 3),
    ('{"reference": "x", "prediction": "y"}\n{"reference"', BAD),
    ('{"reference": "x", "prediction": "y"}\n[]\n', BAD),
    ('{"reference": null, "prediction": "y"}', 1),
    ('{"reference": 5, "prediction": 1e999}', None),
    ('{"reference": NaN, "prediction": Infinity}', None),
    ('{"reference": {"a": [1]}, "prediction": "y"}', None),
    ('{"reference": "\\ud800", "prediction": "y"}', None),
    ('{"reference": "\\u0000", "prediction": "y"}', 1),
    (f'{{"reference": {"9" * 5000}, "prediction": "y"}}', None),
    ('{"audio_filepath": 5, "text": "x", "pred_text": "y"}', None),
    ('{"audio_filepath": ["a"], "text": "x", "pred_text": "y"}', None),
    ('{"audio_filepath": "a", "text": "x", "pred_text": "y", "offset": "zero", "duration": 1}', BAD),
    ('{"audio_filepath": "a", "text": "x", "pred_text": "y", "offset": 0, "duration": -1}', BAD),
    ('{"audio_filepath": "a", "text": "x", "pred_text": "y", "offset": 1e308, "duration": 1e308}', BAD),
    ('{"session_id": 1, "start_time": 0, "end_time": 1, "words": "x", "speaker": "a", "hyp": "y"}', None),
    ('[{"session_id": 1, "start_time": 2, "end_time": 1, "words": "x", "speaker": "a", "hyp": "y"}]', BAD),
    ('{"id": "c", "start": 0, "duration": 0.1, "supervisions": [], "recording": null}', None),
    ('{"id": "c", "start": 0, "duration": 0.1, "supervisions": 3, "recording": {"sources": []}}', BAD),
    ('{"id": "c", "start": 0, "duration": 0.1, "supervisions": [3], "recording": {"sources": [3]}}', BAD),
)
LINES = (
    ("ref.trn", "(u1)\n", None),
    ("ref.trn", "x (u1)\nx (u1)\n", BAD),
    ("ref.trn", "x (\n", BAD),
    ("ref.trn", "x ()\n", None),
    ("ref.stm", "a 1 s 0 1\n", None),
    ("ref.stm", "a 1 s 1 0 x\n", BAD),
    ("ref.stm", "a 1 s nan 1 x\n", BAD),
    ("ref.stm", ";; only a comment\n", BAD),
    ("hyp.ctm", "a 1 0 0.1 x\n", None),
    ("hyp.ctm", "a 1 zero 0.1 x\n", BAD),
    ("hyp.ctm", "a 1 0 1e999 x\n", None),
    ("t.txt", "u1 x\nu1 y\n", BAD),
    ("t.parquet", "PAR1", BAD),
    ("t.parquet", "PAR1" + "\0" * 100 + "PAR1", BAD),
    ("t.arrow", "ARROW1\0\0", BAD),
    ("t.arrow", "\xff\xff\xff\xff", BAD),
    ("t.tar", "\0" * 10240, BAD),
    ("t.jsonl.gz", "\x1f\x8b\x08", BAD),
    ("t.jsonl.gz", "\x1f\x8b\x08\0\0\0\0\0\0\x03" + "\xff" * 50, BAD),
)


def check(path, content, count):
    encoding = "latin-1" if path.suffix in (".gz", ".arrow", ".tar") else "utf-8"
    path.write_bytes(content.encode(encoding, "strict" if encoding == "latin-1" else "surrogatepass"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for labelled in (True, False):
            try:
                rows = len(read(path, labelled=labelled))
            except SlicecoreError as error:
                check_sentence(str(error))
                assert not (labelled and count), str(error)
            else:
                assert rows > 0 and (not labelled or count in (None, rows))


@pytest.mark.parametrize(("content", "count"), CSV, ids=lambda value: ascii(value)[:40])
def test_csv(tmp_path, content, count):
    check(tmp_path / "t.csv", content, count)


@pytest.mark.parametrize(("content", "count"), JSON, ids=lambda value: ascii(value)[:40])
def test_json(tmp_path, content, count):
    for name in ("t.json", "t.jsonl"):
        check(tmp_path / name, content, count)


@pytest.mark.parametrize(("name", "content", "count"), LINES, ids=lambda value: ascii(value)[:40])
def test_lines_and_bytes(tmp_path, name, content, count):
    check(tmp_path / name, content, count)


ENCODINGS = ("utf-8", "utf-16", "utf-32", "utf-16-le", "latin-1", "cp1252", "shift-jis", "utf-7")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings(tmp_path, encoding):
    (tmp_path / "t.csv").write_bytes((HEAD + "a.wav,x,ÿ\n").encode(encoding, "replace"))
    try:
        assert len(read(tmp_path / "t.csv")) == 1
    except SlicecoreError as error:
        check_sentence(str(error))


@pytest.mark.parametrize("column", ["audio", "reference", "prediction", "id", "start", "end"])
@pytest.mark.parametrize(
    "name", ["", "nowhere", "__class__", "a\0b", "\ud800", "x" * 3000, "reference", "\n"]
)
def test_columns_that_are_asked_for(tmp_path, column, name):
    (tmp_path / "t.csv").write_text(HEAD + ROW)
    try:
        assert len(read(tmp_path / "t.csv", **{column: name})) == 1
    except SlicecoreError as error:
        check_sentence(str(error))


MANIFEST = {
    "audio_filepath": "a",
    "text": "x",
    "pred_text": "y",
    "offset": 0,
    "duration": 1,
    "id": "u",
    "speaker": "s",
}
VALUES = (None, True, 0, -1, 1e308, "", "x", [], {}, [[1]], {"a": 1})


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize("field", MANIFEST)
def test_every_field_of_a_manifest_may_be_anything(tmp_path, field, value):
    check(tmp_path / "t.jsonl", json.dumps({**MANIFEST, field: value}) + "\n", None)
