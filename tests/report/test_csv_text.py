"""Cells of exports: no spreadsheet runs one, and every text can be had back."""

import csv
import io
import re

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import slicecore as sc
from slicecore.report import csv_files
from slicecore.report.csv_files import to_csv
from slicecore.report.csv_text import harmless, original

SIGNS = "=+-@＝＋－＠"
ODD = st.text(alphabet=SIGNS + "'\"\\ \t\r\n;,u8dDab1.\ufeff\ud800\udfff", max_size=12)


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def without_halves(text):
    """A text that pandas takes as the name of a column."""
    return text.encode("utf-8", "ignore").decode()


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("\n=1+1", "'\n'=1+1"),
        ("\r=1+1", "'\r'=1+1"),
        ("＝1+1", "'＝1+1"),
        ("＋1+1", "'＋1+1"),
        ("－1+1", "'－1+1"),
        ("＠SUM(1)", "'＠SUM(1)"),
        ("a;=1+1", "a;'=1+1"),
        ("a\n-b", "a\n'-b"),
        ("'=x", "''=x"),
        ("=x", "'=x"),
        ("it's", "it's"),
        ("a;b; c", "a;b; c"),
        ("a\ud800b", r"a\ud800b"),
        (r"a\ud800b", r"a\\ud800b"),
        (r"C:\users", r"C:\users"),
    ],
)
def test_a_cell_is_harmless_and_plain_text_stays_as_it_is(text, cell):
    assert harmless(text) == cell
    assert original(cell) == text


@given(st.one_of(ODD, st.text()))
@example("\\\ud800")
@example("'\t'=")
def test_every_text_can_be_had_back_and_no_part_of_a_cell_is_run(text):
    cell = harmless(text)
    assert original(cell) == text
    cell.encode("utf-8")
    for part in re.split("[;\t\r\n]", cell):
        assert is_number(part) or part.strip(' "')[:1] not in set(SIGNS) or part.lstrip(' "')[:1] == "'"
    assert cell[:1] not in set("\t\r\n")


@given(st.lists(ODD.map(without_halves).filter(str.strip), min_size=1, max_size=4, unique=True))
def test_different_texts_are_different_cells_of_a_file_also_as_headers(texts):
    table = pd.DataFrame([texts], columns=texts, dtype=object)
    names, cells = csv.reader(io.StringIO(to_csv(table).decode(), newline=""))
    assert [original(cell) for cell in cells] == texts
    assert [original(name) for name in names] == texts


def test_a_cell_of_a_megabyte_is_read_back(tmp_path):
    long = "word " * 200_000 + "end"
    table = pd.DataFrame({"audio": ["a.wav"], "reference": [long], "prediction": ["-"]})
    (tmp_path / "calls.csv").write_bytes(to_csv(table))
    assert sc.read(tmp_path / "calls.csv").reference[0] == long


def test_a_column_of_texts_is_written_as_its_cells_are():
    parts = ["", "=", "＋", "-1.5", "'", " ", "a", ";", "\t", "\r\n", "\\ud800", "\ufeff", '"', "@b"]
    texts = [first + second for first in parts for second in parts]
    expected = io.StringIO()
    pd.DataFrame({"text": list(map(harmless, texts))}).to_csv(expected, index=False, lineterminator="\r\n")
    assert to_csv(pd.DataFrame({"text": texts})).decode() == expected.getvalue()


def test_a_table_of_many_rows_is_written_in_parts_that_are_one_table(monkeypatch):
    table = pd.DataFrame(
        {
            "=id": [f"={row}" for row in range(25)],
            "text": pd.Series(["one, two", "", "three\n=four"] * 8 + ["-5"], dtype="string[pyarrow]"),
            "value": [row / 7 for row in range(25)],
            "support": pd.array([1, None, 3, 4, 5] * 5, dtype="Int64"),
            "none": [None] * 25,
        }
    )
    times = table.assign(time=pd.to_datetime(["2026-01-01 00:00"] * 24 + ["2026-01-01 12:30"]))
    whole = to_csv(table), to_csv(times)
    monkeypatch.setattr(csv_files, "_ROWS_AT_ONCE", 10)
    assert (to_csv(table), to_csv(times)) == whole
    assert whole[0].count(b"\r\n") == 26
    assert b"2026-01-01 00:00:00\r\n" in whole[1]  # the last row has a time, so all have


NUMBERS = st.one_of(
    st.floats(width=64),
    st.floats(-1e10, 1e10).map(lambda number: round(number, 6)),
    st.integers(-12, 12).map(lambda power: 10.0**power),
    st.integers(-(10**6), 10**6).map(float),
    st.just(-0.0),
)


@given(
    st.lists(
        st.tuples(
            st.text(alphabet="aä,\"\r\n'= ", max_size=4) | st.none(),
            NUMBERS,
            st.integers(-(2**63), 2**63 - 1),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_columns_of_text_and_numbers_are_written_as_pandas_writes_them(rows):
    texts, numbers, whole = zip(*rows, strict=True)
    columns = {
        "text": pd.Series(texts, dtype="string[pyarrow]"),
        "number": numbers,
        "whole": whole,
        "again": numbers,
    }
    expected = pd.DataFrame(columns | {"text": [harmless(text) if text else text for text in texts]}).round(6)
    written = io.StringIO()
    expected.to_csv(written, index=False, lineterminator="\r\n")
    assert to_csv(pd.DataFrame(columns)).decode() == written.getvalue()
