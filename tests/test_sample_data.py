import re
from collections.abc import Iterable
from pathlib import Path

import jiwer
import numpy as np
import pandas as pd
import pytest
import soundfile

import slicecore as sc

FOLDER = Path(__file__).resolve().parents[1] / "sample_data"
COLUMNS = [
    *("id", "audio", "sentence", "prediction", "prediction_base"),
    *("speaker", "accent", "device", "room", "topic"),
]
HARMFUL = [
    *("hum", "overdriven", "quiet", "high_frequency_noise", "sampling_rate", "babble", "accent"),
]
HARMLESS = ["loud", "telephone_band"]
VERDICTS = dict.fromkeys(
    [
        *("background_noise-damage", "high_frequency_noise-damage", "high_frequency_noise-remedy"),
        *("hum-damage", "hum-remedy", "overdriven-damage", "quiet-damage", "quiet-remedy"),
        *("sampling_rate-damage", "sampling_rate-remedy"),
    ],
    "confirmed",
) | {"background_noise-remedy": "not confirmed"}
"""What the probes of the slices say."""


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, keep_default_na=False, dtype=str)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return read("table.csv")


@pytest.fixture(scope="module")
def problem(table: pd.DataFrame) -> pd.Series:
    return read("planted.csv").set_index("id")["problem"].reindex(table["id"]).reset_index(drop=True)


def words(texts: Iterable[str]) -> list[str]:
    return [" ".join(re.sub(r"[^\w' ]", " ", text.lower()).split()) for text in texts]


def wer(rows: pd.DataFrame, column: str = "prediction") -> float:
    return jiwer.wer(words(rows["sentence"]), words(rows[column]))


def test_both_tables_name_the_same_clips(table):
    assert list(table.columns) == COLUMNS
    assert len(table) >= 320
    assert table["id"].is_unique
    assert table["audio"].is_unique
    assert list(table["id"]) == list(read("planted.csv")["id"])


def test_every_clip_is_mono_flac_at_16_khz_and_decodes(table):
    for audio in table["audio"]:
        with soundfile.SoundFile(FOLDER / audio) as file:
            assert (file.format, file.samplerate, file.channels) == ("FLAC", 16_000, 1), audio
            samples = file.read()
        assert len(samples) >= 8_000, audio
        assert np.ptp(samples) > 0, audio


def test_no_file_is_left_over_and_all_stay_within_20_megabytes(table):
    assert {f"clips/{path.name}" for path in (FOLDER / "clips").iterdir()} == set(table["audio"])
    files = [path for path in FOLDER.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(path.stat().st_size for path in files) <= 20_000_000


def test_sentences_are_short_varied_and_evenly_spread(table):
    lengths = table["sentence"].str.split().str.len()
    assert lengths.between(3, 25).all()
    assert lengths.max() >= 20
    assert table["sentence"].nunique() >= 150


def test_voices_and_accents(table, problem):
    assert table["speaker"].nunique() >= 10
    assert table["accent"].nunique() >= 4
    hard_accent = set(table["accent"][problem == "accent"])
    assert len(hard_accent) == 1
    assert not hard_accent & set(table["accent"][problem != "accent"])


def test_each_problem_is_planted_on_about_one_clip_in_twenty(problem):
    shares = problem[problem != ""].value_counts(normalize=False) / len(problem)
    assert set(shares.index) == {*HARMFUL, *HARMLESS}
    assert shares.between(0.04, 0.065).all(), shares


def test_problems_are_not_in_blocks(problem):
    same_as_before = (problem == problem.shift()) & (problem != "")
    assert same_as_before.sum() <= 20


@pytest.mark.parametrize("name", HARMFUL)
def test_harmful_problems_are_clearly_worse_than_the_whole(table, problem, name):
    assert wer(table[problem == name]) >= wer(table) + 0.1


@pytest.mark.parametrize("name", ["", *HARMLESS])
def test_harmless_ones_are_not(table, problem, name):
    assert wer(table[problem == name]) <= wer(table)


def test_the_model_is_good_where_nothing_is_planted(table, problem):
    clean = table[problem == ""]
    assert wer(clean) <= 0.12
    assert wer(clean, "prediction_base") <= wer(clean)


def test_no_clean_speaker_looks_like_a_problem(table, problem):
    clean = table[problem == ""]
    for _, rows in clean.groupby("speaker"):
        assert wer(rows) < wer(table) + 0.1


def test_the_readme_states_the_figures_of_the_tables(table, problem):
    lines = re.findall(
        r"^\| (.+?) \| (\d+) \| ([\d.]+) % \| ([\d.]+) % \|$", (FOLDER / "README.md").read_text("utf-8"), re.M
    )
    stated = {name.split(" (")[0].strip("`"): figures for name, *figures in lines}
    groups = {name: problem == name for name in [*HARMFUL, *HARMLESS]}
    groups |= {"nothing planted": problem == "", "all clips": problem.notna()}
    assert set(stated) == set(groups)
    for name, members in groups.items():
        rows = table[members]
        computed = [len(rows), 100 * wer(rows), 100 * wer(rows, "prediction_base")]
        assert [float(figure) for figure in stated[name]] == pytest.approx(computed, abs=0.051), name


@pytest.mark.parametrize("probe", VERDICTS)
def test_probes_say_what_the_recogniser_made_of_mended_and_damaged_clips(probe: str) -> None:
    judgement = sc.load_probe(FOLDER / "probes" / probe).judge(FOLDER / "probes" / probe / "predictions.csv")
    assert judgement.verdict == VERDICTS[probe]
    assert judgement.other_recogniser is None
    low, high = judgement.effect_interval
    assert low <= judgement.effect <= high
