"""Recipes: ranges are the slice's own, names and arguments are those of the libraries, what can't be made is said."""

import io
import json
import sys
import types
import zipfile

import numpy as np
import pandas as pd
import pytest
import soundfile
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import butter, sosfilt

import slicecore as sc
from slicecore.audio.clip import Clip
from slicecore.errors import DefinitionError, SlicecoreError, StorageError
from slicecore.explain.causes import CAUSES, Cause, build_context
from slicecore.explain.claim import APART, Claim
from slicecore.measurements import CATALOGUE, Measurements
from slicecore.recipes.ingredients import STEPS, WITHOUT
from slicecore.recipes.making import recipe_of
from slicecore.recipes.noise import floor_of

RATE = 16_000
N = 40
BAD = np.arange(12)

FILTER = {"min_cutoff_freq", "max_cutoff_freq", "min_rolloff", "max_rolloff", "zero_phase", "p"}
AUDIOMENTATIONS = {
    "AddBackgroundNoise": {
        *("sounds_path", "min_snr_db", "max_snr_db", "noise_rms", "min_absolute_rms_db"),
        *("max_absolute_rms_db", "noise_transform", "p", "lru_cache_size"),
    },
    "Clip": {"a_min", "a_max", "p"},
    "Compose": {"transforms", "p", "shuffle"},
    "Gain": {"min_gain_db", "max_gain_db", "p"},
    "Limiter": {
        *("min_threshold_db", "max_threshold_db", "min_attack", "max_attack", "min_release"),
        *("max_release", "threshold_mode", "p"),
    },
    "HighPassFilter": FILTER,
    "LoudnessNormalization": {"min_lufs", "max_lufs", "p"},
    "LowPassFilter": FILTER,
    "Normalize": {"apply_to", "p"},
    "Resample": {"min_sample_rate", "max_sample_rate", "p"},
}
"""Arguments of the transforms of audiomentations 0.43.1, by `inspect.signature`."""

NEMO = {
    "gain": {"min_gain_dbfs", "max_gain_dbfs", "rng"},
    "noise": {
        *("manifest_path", "min_snr_db", "max_snr_db", "max_gain_db", "rng", "audio_tar_filepaths"),
        *("shuffle_n", "orig_sr"),
    },
    "speed": {"sr", "resample_type", "min_speed_rate", "max_speed_rate", "num_rates", "rng"},
    "transcode_aug": {"codecs", "rng"},
}
"""Arguments by nemo/collections/asr/parts/preprocessing/perturb.py of NVIDIA-NeMo/Speech, commit 01002ee."""


def context_of(**bad):
    """A context in which some clips have other measurements than the rest, which is as clean speech is."""
    usual = dict.fromkeys(CATALOGUE, 0.0) | {
        **{"duration": 3, "file_rate": RATE, "peak": -6, "level": -26, "loudness": -24, "dynamics": 40},
        **{"noise_floor": -60, "hum": 5, "hum_level": -30, "hum_frequency": 50, "bandwidth": 7500},
        **{"floor_tilt": -8, "floor_high": -40, "top_void": 30, "character_rate": 14, "pitch": 180},
    }
    rng = np.random.default_rng(0)
    table = pd.DataFrame([usual] * N, dtype=float)
    for name, value in bad.items():
        table.loc[BAD, name] = value + rng.normal(0, 0.01 * abs(value), len(BAD))
    timbre = np.zeros((N, 60), np.float32)
    return build_context(Measurements(table, timbre, np.full(N, "", object)), ["a b c"] * N, ["a b c"] * N)


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Sounds of the bad clips, a hum of 60 Hz in low noise, and of two others, whose amplitudes are uniform."""
    folder, rng = tmp_path_factory.mktemp("sounds"), np.random.default_rng(0)
    time = np.arange(RATE) / RATE
    for row in BAD:
        wave = 0.2 * np.sin(2 * np.pi * 60 * time) + 0.1 * np.sin(2 * np.pi * 180 * time)
        soundfile.write(folder / f"{row}.wav", wave + 0.01 * rng.normal(size=RATE), RATE)
    others = range(len(BAD), len(BAD) + 2)
    for row in others:
        soundfile.write(folder / f"{row}.wav", rng.uniform(-0.5, 0.5, RATE), RATE)
    return [Clip(folder / f"{row}.wav") if row in (*BAD, *others) else None for row in range(N)]


def cause(name, share=1.0, **given):
    return Cause(name, CAUSES[name].label, "", share, 0.0, 0, **given)


CASES = {
    "hum": {"hum": 25, "hum_level": -3, "hum_frequency": 60},
    "high_frequency_noise": {"floor_tilt": 15, "floor_high": -5, "noise_floor": -30},
    "background_noise": {"dynamics": 12, "noise_floor": -32},
    "quiet": {"peak": -45, "loudness": -60},
    "loud": {"loudness": -9, "peak": -0.5},
    "overdriven": {"flat_top_share": 0.4},
    "narrow_band": {"bandwidth": 3600, "top_void": 60},
    "sampling_rate": {"character_rate": 9},
}


def recipe(name, clips, **given):
    context = context_of(**CASES[name])
    if name == "sampling_rate":
        context.clips["spectral_shift"] = np.where(np.arange(N) < len(BAD), np.log(0.64), 0.0)
    made = recipe_of(context, [cause(name)], BAD, clips, name="Slice", table="calls", **given)
    return made


def nodes(node):
    yield node
    for inner in node.get("transforms", ()):
        yield from nodes(inner)


@pytest.mark.parametrize("name", CASES)
def test_names_and_arguments_are_those_of_the_libraries(name, clips):
    made = recipe(name, clips)
    for node in nodes(yaml.safe_load(made.audiomentations)):
        kind = node.pop("__class_fullname__")
        assert set(node) <= AUDIOMENTATIONS[kind], kind
        for argument, low in node.items():
            if argument.startswith("min_"):
                assert low <= node[argument.replace("min_", "max_", 1)]
    nemo = made.nemo
    for kind, arguments in (yaml.safe_load(nemo)["augmentor"] if nemo else {}).items():
        assert 0 <= arguments.pop("prob") <= 1
        assert set(arguments) <= NEMO[kind], kind
    assert set(CASES) == set(STEPS)


def of(made, kind):
    """Arguments of a transform of a recipe."""
    return next(n for n in nodes(yaml.safe_load(made.audiomentations)) if n["__class_fullname__"] == kind)


def test_ranges_are_those_of_the_slice(clips):
    quiet = recipe("quiet", clips)
    peaks = context_of(**CASES["quiet"]).clips["peak"][BAD]
    gain = of(quiet, "Gain")
    assert (gain["min_gain_db"], gain["max_gain_db"]) == pytest.approx(
        np.percentile(peaks, [10, 90]), abs=0.05
    )
    (measured, _) = quiet.steps[0].measured
    assert measured.clips == len(BAD) and measured.rest == -6
    assert "Peak: median −45" in quiet.audiomentations and "; −6.0 dBFS in the rest" in quiet.audiomentations
    nemo = yaml.safe_load(quiet.nemo)["augmentor"]["gain"]
    assert nemo["min_gain_dbfs"] == pytest.approx(gain["min_gain_db"] + 6)
    assert nemo["prob"] == 0.5, "half of the clips, the share of the recipe"
    band = of(recipe("narrow_band", clips), "LowPassFilter")
    assert 3200 < band["min_cutoff_freq"] < band["max_cutoff_freq"] < 3500
    assert yaml.safe_load(recipe("narrow_band", clips).nemo)["augmentor"]["transcode_aug"]["codecs"] == [
        "g711"
    ]
    # Half the energy is hum at 0 dB: −3 dB against the whole.
    assert of(recipe("hum", clips), "AddBackgroundNoise")["min_snr_db"] == pytest.approx(0, abs=0.4)
    loud = of(recipe("loud", clips), "LoudnessNormalization")
    assert -9.3 < loud["min_lufs"] < -9 < loud["max_lufs"] < -8.7


def test_clips_are_overdriven_until_as_many_samples_are_cut_off(clips):
    made = recipe("overdriven", clips)
    (node,) = yaml.safe_load(made.audiomentations)["transforms"]
    normalise, gain, clip, level = node["transforms"]
    # Of uniform amplitudes 40 % are above 60 % of the peak.
    assert [gain["min_gain_db"], gain["max_gain_db"]] == pytest.approx([-20 * np.log10(0.6)] * 2, abs=0.2)
    assert (clip["a_min"], clip["a_max"]) == (-1, 1)
    assert (level["min_gain_db"], level["max_gain_db"]) == (-6, -6), "the peak of the slice"
    assert normalise["__class_fullname__"] == "Normalize" and made.nemo == ""
    without = recipe("overdriven", [*clips[: len(BAD)], *[None] * (N - len(BAD))])
    assert without.steps == () and "None of the recordings that it needs" in str(without)


def test_a_telephone_band_is_cut_at_both_ends(tmp_path):
    rng, sounds = np.random.default_rng(0), []
    for row in range(N):
        edges = (300, 3400) if row in BAD else (60, 7000)
        sections = butter(8, edges, "bandpass", fs=RATE, output="sos")
        soundfile.write(tmp_path / f"{row}.wav", sosfilt(sections, 0.1 * rng.normal(size=RATE)), RATE)
        sounds.append(Clip(tmp_path / f"{row}.wav"))
    cut = of(recipe("narrow_band", sounds), "HighPassFilter")
    assert 200 < cut["min_cutoff_freq"] <= cut["max_cutoff_freq"] < 350
    as_the_rest = [*sounds[len(BAD) : 2 * len(BAD)], *sounds[len(BAD) :]]
    assert "HighPassFilter" not in recipe("narrow_band", as_the_rest).audiomentations


def test_slower_clips_have_more_samples(clips):
    made = recipe("sampling_rate", clips)
    speed = of(made, "Resample")
    assert 24_500 < speed["min_sample_rate"] <= speed["max_sample_rate"] < 25_500
    nemo = yaml.safe_load(made.nemo)["augmentor"]["speed"]
    assert nemo["min_speed_rate"] == pytest.approx(speed["min_sample_rate"] / RATE, abs=0.01)


def test_sounds_of_another_recipe_are_not_mixed_in(clips, tmp_path):
    recipe("hum", clips).save(tmp_path)
    recipe("hum", clips).save(tmp_path)
    (tmp_path / "noise/hum/older.wav").write_bytes(b"")
    with pytest.raises(StorageError, match=r"holds 1 file of something else, such as older\.wav"):
        recipe("hum", clips).save(tmp_path)
    assert (tmp_path / "noise/hum/older.wav").exists()


def test_hum_is_mixed_in_from_a_file_with_its_lines(clips, tmp_path):
    made = recipe("hum", clips)
    files = made.save(tmp_path)
    assert [file.name for file in files] == ["audiomentations.yaml", "nemo.yaml"]
    samples, rate = soundfile.read(tmp_path / of(made, "AddBackgroundNoise")["sounds_path"] / "hum.wav")
    spectrum = np.abs(np.fft.rfft(samples)) ** 2
    strongest = np.argmax(spectrum) * rate / len(samples)
    assert strongest == pytest.approx(60, abs=0.1)
    third = spectrum[round(180 * len(samples) / rate)]
    assert 10 * np.log10(third / spectrum.max()) == pytest.approx(20 * np.log10(0.5), abs=0.5)
    with zipfile.ZipFile(io.BytesIO(made.zipped())) as files:
        assert files.read("noise/hum/hum.wav") == (tmp_path / "noise/hum/hum.wav").read_bytes()
    manifest = yaml.safe_load(made.nemo)["augmentor"]["noise"]["manifest_path"]
    (line,) = map(json.loads, (tmp_path / manifest).read_text().splitlines())
    assert line == {"audio_filepath": "hum.wav", "duration": 40.0, "text": ""}


def test_noise_has_the_spectrum_of_the_quietest_frames(clips):
    sounds = floor_of(clips[: len(BAD)], "hiss")
    assert list(sounds.samples) == [f"hiss-{i}.wav" for i in (1, 2, 3, 4)]
    power = np.abs(np.fft.rfft(sounds.samples["hiss-1.wav"])) ** 2
    at = np.fft.rfftfreq(len(sounds.samples["hiss-1.wav"]), 1 / RATE)
    low, high = power[(at > 20) & (at < 250)].mean(), power[(at > 3000) & (at < 7000)].mean()
    assert 10 * np.log10(low / high) > 20, "what the clips have below 250 Hz"
    assert floor_of([None], "hiss") is None


def test_causes_that_nothing_makes_are_said(clips, tmp_path):
    context = context_of()
    names = sorted(WITHOUT)
    causes = [cause(name) for name in names]
    causes.append(Cause("one_speaker", "One speaker", "", 1.0, 0.0, 9))
    made = recipe_of(context, causes, BAD, clips, name="Slice", table="calls")
    assert made.steps == () and made.audiomentations == made.nemo == ""
    assert set(made.without) == {CAUSES[name].label for name in names} | {"One speaker"}
    assert "No augmentation repairs runaway output" in str(made)
    with pytest.raises(
        StorageError, match=r"There is no recipe for “Slice”\. .*No augmentation makes a voice"
    ):
        made.save(tmp_path)
    assert made.line.startswith("Slice: ")
    voice = recipe_of(context, [cause("voice")], BAD, clips, name=CAUSES["voice"].label, table="calls")
    assert voice.line == str(voice) and voice.line.count(voice.name) == 1
    assert set(WITHOUT) | set(STEPS) == set(CAUSES), "every cause has a recipe or a reason for none"


def test_what_is_no_reason_has_no_recipe(clips):
    context = context_of(**CASES["quiet"])
    for fields, text in (({"claim": Claim(APART)}, "are not worse"), ({"everywhere": True}, "as well")):
        made = recipe_of(context, [cause("quiet", **fields)], BAD, clips, name="S", table="t")
        assert made.steps == () and text in made.without["Very quiet"]


def test_a_problem_of_a_part_is_measured_on_its_part(clips):
    context = context_of(**CASES["quiet"])
    rows = np.arange(2 * len(BAD))  # as many others
    made = recipe_of(context, [cause("quiet", 0.5)], rows, clips, name="S", table="t", share=1.0)
    assert made.steps[0].share == 0.5 and made.steps[0].measured[0].clips == len(BAD)
    assert yaml.safe_load(made.nemo)["augmentor"]["gain"]["prob"] == 0.5


def test_two_noises_are_one_of_nemo(clips):
    context = context_of(**CASES["hum"], **CASES["background_noise"])
    causes = [cause("hum"), cause("background_noise")]
    made = recipe_of(context, causes, BAD, clips, name="S", table="t")
    assert [step.cause for step in made.steps] == ["background_noise", "hum"]
    assert "Left out: NeMo takes “noise” once." in made.nemo
    assert list(yaml.safe_load(made.nemo)["augmentor"]) == ["noise"]


QUIET = context_of(**CASES["quiet"])


@settings(max_examples=40)
@given(st.text(), st.text(), st.floats(0.01, 1))
def test_any_name_leaves_the_yaml_whole(name, table, share):
    made = recipe_of(QUIET, [cause("quiet")], BAD, [None] * N, name=name, table=table, share=share)
    assert yaml.safe_load(made.audiomentations)["p"] == share
    assert list(yaml.safe_load(made.nemo)) == ["augmentor"]


def test_a_share_of_nothing_is_refused(clips):
    with pytest.raises(SlicecoreError, match="can't change a share of 0"):
        recipe("quiet", clips, share=0)


@pytest.fixture
def library(monkeypatch):
    """A stand-in for audiomentations: transforms that keep their arguments."""

    def init(self, **arguments):
        if "wrong" in arguments:
            raise TypeError("unexpected argument “wrong”")
        self.arguments = arguments

    body = {"__init__": init, "randomize_parameters": lambda self: None}
    made = types.ModuleType("audiomentations")
    for name in AUDIOMENTATIONS:
        setattr(made, name, type(name, (), body))
    made.os = __import__("os")
    monkeypatch.setitem(sys.modules, "audiomentations", made)
    return made


def test_a_saved_recipe_is_loaded(library, clips, tmp_path):
    path, _ = recipe("hum", clips).save(tmp_path)
    loaded = sc.recipes.load(path)
    assert type(loaded) is library.Compose and loaded.arguments["p"] == 0.5
    (noise,) = loaded.arguments["transforms"]
    assert noise.arguments["sounds_path"] == str(tmp_path / "noise/hum")
    assert noise.arguments["min_snr_db"] <= noise.arguments["max_snr_db"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: [", "is no YAML"),
        ("- 1", "no transform with a __class_fullname__"),
        ("__class_fullname__: os", "names “os”, which is no transform"),
        ("__class_fullname__: Compose\ntransforms: 3", "no transform with a __class_fullname__"),
        ("&a\n__class_fullname__: Compose\ntransforms: [*a]", "contains itself"),
        ("[" * 1000, "is no YAML"),
        (
            "__class_fullname__: AddBackgroundNoise\nsounds_path: gone",
            "sounds of .* are missing: there is no",
        ),
        ("__class_fullname__: Gain\nwrong: 3", "audiomentations refuses “Gain”: unexpected argument"),
    ],
)
def test_what_is_no_recipe_is_a_sentence(library, content, message, tmp_path):
    (tmp_path / "r.yaml").write_text(content)
    with pytest.raises(DefinitionError, match=message):
        sc.recipes.load(tmp_path / "r.yaml")


def test_without_a_file_or_the_library_there_is_a_sentence(monkeypatch, tmp_path):
    with pytest.raises(DefinitionError, match="can't be read"):
        sc.recipes.load(tmp_path / "gone.yaml")
    (tmp_path / "r.yaml").write_text("__class_fullname__: Gain")
    monkeypatch.setitem(sys.modules, "audiomentations", None)
    with pytest.raises(DefinitionError, match=r"slicecore\[augment\]"):
        sc.recipes.load(tmp_path / "r.yaml")
