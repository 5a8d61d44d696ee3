"""Inputs that the fuzzer keeps, and those that it starts from, break no promise; neither do some made of them."""

import random
import tempfile
from pathlib import Path

import pytest

from fuzz import corpus
from fuzz.engine import Findings, by_chance, mutated, watched
from fuzz.invariant import SlowError, check_sentence, in_time, result_or_sentence
from fuzz.targets import TARGETS
from slicecore.errors import TableError

MADE = 12
"""Changed inputs of each target, the same in every run."""


@pytest.fixture(autouse=True)
def memory_disk(monkeypatch):
    """What is stored is forced onto the disk, which takes most of the time elsewhere."""
    if Path("/dev/shm").is_dir():
        monkeypatch.setattr(tempfile, "tempdir", "/dev/shm")


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_kept_and_what_is_made_of_it_breaks_no_promise(name):
    target, chance = TARGETS[name], random.Random(7)
    inputs = [*target.seeds(), *corpus.inputs(name)] or [chance.randbytes(200) for _ in range(MADE)]
    for data in inputs:
        target.run(data)
    for _ in range(MADE):
        target.run(mutated(chance.choice(inputs), inputs, chance))


def test_every_folder_of_the_corpus_is_that_of_a_target():
    assert {folder.name for folder in corpus.FOLDER.iterdir() if folder.is_dir()} <= set(TARGETS)
    assert sum(file.stat().st_size for file in corpus.FOLDER.rglob("*") if file.is_file()) <= 300_000


def test_of_what_grew_small_and_large_inputs_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "FOLDER", tmp_path / "kept")
    (tmp_path / "grown").mkdir()
    for size in range(1, 1001):
        (tmp_path / "grown" / str(size)).write_bytes(bytes([size % 251]) * size)
    count = corpus.keep("target", tmp_path / "grown")
    sizes = sorted(map(len, corpus.inputs("target")))
    assert len(sizes) == count <= corpus.MOST
    assert sizes[0] == 1 and sizes[-1] > 800
    assert sum(sizes) <= corpus.MOST_BYTES


def test_a_broken_promise_is_noted_once_with_its_input(tmp_path, capsys):
    def run(data):
        if b"x" in data:
            raise ValueError("wrong")
        if b"y" in data:
            raise KeyError("wrong too")

    findings = Findings(tmp_path)
    for data in (b"x", b"xx", b"yx", b"y", b"z"):
        watched(run, findings)(data)
    assert sorted(file.read_bytes() for file in tmp_path.glob("*") if not file.suffix) == [b"x", b"y"]
    assert capsys.readouterr().out.count("FINDING") == 2


def test_inputs_of_a_seed_are_the_same():
    inputs = [b"abc", b"defgh"]
    runs = [
        [mutated(b"abc", inputs, chance) for _ in range(200)]
        for chance in (random.Random(3), random.Random(3))
    ]
    assert runs[0] == runs[1]
    assert len(set(runs[0])) > 100


def test_inputs_are_made_until_the_time_is_over():
    made = []
    assert by_chance(made.append, [b"abc"], 0.01, seed=3) == len(made) > 0


def test_errors_that_are_no_sentences_are_noticed():
    def raise_for_people():
        raise TableError("There is no file t.csv. Give its path.")

    assert result_or_sentence(raise_for_people) is None
    assert result_or_sentence(lambda: 3) == 3
    for text in ("", " ", "<x object at 0x7f>", "__init__() got an unexpected keyword argument", "a" * 5000):
        with pytest.raises(AssertionError):
            check_sentence(text)


def test_what_does_not_end_is_stopped():
    with pytest.raises(SlowError), in_time(1):
        while True:
            pass
