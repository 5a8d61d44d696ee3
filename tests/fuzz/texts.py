"""Texts: the aligner against rapidfuzz and jiwer, slices.yaml, and cells of CSV."""

from __future__ import annotations

import csv
import io
import sys

import jiwer
import numpy as np
from rapidfuzz.distance import Levenshtein

from fuzz.invariant import in_time, result_or_sentence
from slicecore.report.csv_text import harmless, original
from slicecore.text.alignment import DELETED, EQUAL, INSERTED, SUBSTITUTED, align_table
from slicecore.text.normalisation import NORMALISATIONS, joins_compounds, normalise
from slicecore.transfer.file import from_yaml, to_yaml

_NAMES = tuple(NORMALISATIONS)
_SIGNS = "=+-@＝＋－＠"


def run_alignment(data: bytes) -> None:
    """Align pairs of texts under a normalisation, and compare with two other libraries."""
    name = _NAMES[data[0] % len(_NAMES)] if data else _NAMES[0]
    lines = data[1:].decode("utf-8", "replace").split("\x1e")
    sides = [line.partition("\x1f")[::2] for line in lines[:8]]
    references, predictions = [reference for reference, _ in sides], [text for _, text in sides]
    with in_time():
        table = align_table(references, predictions, name)
        words = [
            [text.split() for text in normalise(tuple(side), name)] for side in (references, predictions)
        ]
    for row, (reference, prediction) in enumerate(zip(*words, strict=True)):
        distance = Levenshtein.distance(reference, prediction)
        if joins_compounds(name):  # words that are only divided in another way are no errors
            assert table.errors[row] <= distance
        else:
            assert table.errors[row] == distance
            assert table.reference_words[row] == len(reference)
            assert table.prediction_words[row] == len(prediction)
            if reference:
                _compare_with_jiwer(reference, prediction, table, row)
            steps = list(table.steps(row))
            assert [step[1] for step in steps if step[1]] == reference
            assert [step[2] for step in steps if step[2]] == prediction


def _compare_with_jiwer(reference, prediction, table, row) -> None:
    keep = jiwer.Compose([jiwer.ReduceToListOfListOfWords()])
    plain = [" ".join(f"w{hash(word)}" for word in side) for side in (reference, prediction)]
    theirs = jiwer.process_words(*plain, reference_transform=keep, hypothesis_transform=keep)
    ours = [int(table.count(kind)[row]) for kind in (SUBSTITUTED, DELETED, INSERTED, EQUAL)]
    assert sum(ours[:3]) == theirs.substitutions + theirs.deletions + theirs.insertions
    assert ours[1] - ours[2] == theirs.deletions - theirs.insertions


def alignment_seeds() -> list[bytes]:
    """Pairs with errors of every kind, in several scripts, for every normalisation."""
    texts = (
        "a cold day\x1fa gold\x1eyes\x1foh yes sir",
        "ice cream don't\x1ficecream do n't\x1e\x1f",
        "twenty-one € 5,00 Dr. Smith's\x1f21 5 euros doctor smiths",
        "今日は\x1f今日 は\x1eصباح الخير\x1fصباح",
        "e\u0301\u200b \u00a0\x1fé \u3000x",
    )
    return [bytes([number]) + text.encode() for number in range(len(_NAMES)) for text in texts]


def run_definitions(data: bytes) -> None:
    """Read a slices.yaml; one that is read is the same when it was written and read again."""
    text = data.decode("utf-8", "replace")
    with in_time():
        definitions = result_or_sentence(lambda: from_yaml(text))
        if definitions is not None:
            written = to_yaml(definitions)
            assert to_yaml(from_yaml(written)) == written


def definition_seeds() -> list[bytes]:
    """A file with rules, regions and hashes of clips, and its parts."""
    from slicecore.transfer.file import encoded

    vector = encoded(np.array([0.5, 0.5, 0.5], np.float32))
    text = f"""version: 1
metric: wer
normalisation: basic
tolerance: 0.01
tolerance_of_whole: 0.005
min_clips: 5
made_of: {{table: t.csv, prediction: p, clips: 40, value: 0.2, time: '2026-01-01', slicecore: 0.1.0}}
embeddings:
- {{model: signal, dimensions: 3, revision: '', settings: {{}}, mean: {vector}}}
slices:
- id: 0123456789ab
  name: hum
  note: ''
  tags: [a]
  verdict: real_issue
  clips: {{c1: ab12}}
  support: 20
  value: 0.4
  drop: 0.2
  tolerance: 0.02
  rule:
    conditions:
    - {{column: snr, operator: '<', value: 5, measured: true}}
    - {{column: room, operator: '=', value: a}}
    - {{column: snr, operator: between, value: [1, 2]}}
  region: {{model: signal, centre: {vector}, radius: 0.5}}
"""
    return [text.encode(), b"version: 1\nslices: []\n", b"- 1\n", b"a: &a [*a]\n", b"{}", b"version: {a: b}"]


def run_cells(data: bytes) -> None:
    """Make a cell harmless, write it as CSV, read it, and get the text back."""
    text = data.decode("utf-8", "surrogatepass" if _is_surrogate(data) else "replace")
    cell = harmless(text)
    assert original(cell) == text
    cell.encode("utf-8")
    assert cell[:1] not in _SIGNS or not cell or _is_number(cell.splitlines()[0].split(";")[0].split("\t")[0])
    csv.field_size_limit(sys.maxsize)
    out = io.StringIO()
    csv.writer(out).writerow([cell, "x"])
    ((read, _),) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert original(read) == text


def _is_surrogate(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def cell_seeds() -> list[bytes]:
    """Beginnings of formulas, separators, apostrophes and half characters."""
    texts = (
        "=1+1",
        "'=x",
        "\n=1",
        "a;=1\t-2",
        "＝1",
        "\ud800\\ud800",
        "\\\\ud800",
        "-1.5",
        "it's",
        "\ufeff=",
        "' =1",
    )
    return [text.encode("utf-8", "surrogatepass") for text in texts]
