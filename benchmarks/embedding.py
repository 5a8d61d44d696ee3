"""Speed of embedding against the plain loop: one clip at a time in 32 bits, decoded in the same thread.

The plain loop runs twice: with as many threads per product as PyTorch takes by itself, and with one. Threads that wait
for each other count as CPU time, so that on a busy machine the loop with one thread is the harder one to beat.

    python benchmarks/embedding.py [clips] [--only wav2vec2] [--precision int8]

The models have random weights at their real size, so that nothing is downloaded. Both sides load the same checkpoint
from disk. What the first start on a machine costs, when fewer bits are compared with 32, is in a column of its own: it
embeds another clip into the same cache, which then knows the precision. `--precision` computes with that one whatever
the comparison says: random weights give all sounds much the same vector, and may be refused where real ones pass.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

SECONDS = 5.0
RATE = 16000
SIGNAL_CLIPS = 400


def main() -> None:
    count = int(sys.argv[1]) if sys.argv[1:] and sys.argv[1].isdigit() else 16
    only = option("--only")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        os.environ["SLICECORE_HOME"] = str(folder / "home")
        table = make_clips(folder / "clips", count)
        mixed = make_clips(folder / "mixed", count, spread=2.0)
        other = make_clips(folder / "other", 1, spread=1.0)
        many = make_clips(folder / "many", SIGNAL_CLIPS)
        print(f"{count} clips of {SECONDS:.0f} s, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
        print(
            "Clips/s (CPU s per clip); times as fast and times less CPU are against the loop with several threads / "
            "with one.\n"
        )
        print(
            f"| model | plain loop, {default_threads()} threads | plain loop, 1 thread | embed | times as fast | "
            "times less CPU | least cosine | first start, s |"
        )
        print("|---|---|---|---|---|---|---|---|")
        rows = (
            ("AST, 86 M weights", make_ast, table),
            ("wav2vec2-base, 95 M weights", make_wav2vec2, table),
            ("wav2vec2-base, clips of 3 to 7 s", make_wav2vec2, mixed),
        )
        for name, make, clips in rows:
            if only in name:
                row(name, make(folder / name), clips, other, count)
        signal_row(many)


def option(name: str) -> str:
    """Value of an option of the command line, "" where it is not given."""
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else ""


def take(name: str, cache: Path) -> None:
    """Note a precision for the models of a cache."""
    from slicecore.embedding.precision import Decision, remember, worth_trying
    from slicecore.storage.cache_folders import CacheFolder

    for note in CacheFolder.PRECISION.within(cache).glob("*.note"):
        remember(note.stem, Decision(worth_trying(10**9)[0], name), cache)


def row(name: str, model: Path, table: Path, other: Path, count: int) -> None:
    import slicecore as sc

    data = sc.read(table)
    _, first, _ = timed(lambda: sc.embed(sc.read(other), str(model), cache=model / "cache"))
    if forced := option("--precision"):
        take(forced, model / "cache")
    several, single = (
        timed(partial(plain_loop, model, data.audio_paths, threads)) for threads in (default_threads(), 1)
    )
    run, wall, cpu = timed(lambda: sc.embed(data, str(model), cache=model / "cache"))
    plain = single[0]
    cosine = (
        (plain * run.vectors).sum(1) / np.linalg.norm(plain, axis=1) / np.linalg.norm(run.vectors, axis=1)
    )
    print(
        f"| {name}, {run.settings['precision']} | "
        + "".join(f"{count / each:.2f} ({used / count:.2f}) | " for _, each, used in (several, single))
        + f"{count / wall:.2f} ({cpu / count:.2f}) | {several[1] / wall:.1f} / {single[1] / wall:.1f} | "
        f"{several[2] / cpu:.1f} / {single[2] / cpu:.1f} | {cosine.min():.5f} | {first:.0f} |",
        flush=True,
    )


def signal_row(table: Path) -> None:
    import slicecore as sc

    data = sc.read(table)
    sc.embed(
        sc.from_table(data.table.head(8), name="warm", folder=table.parent), cache=table.parent / "first"
    )
    _, wall, cpu = timed(lambda: sc.embed(data, cache=table.parent / "cache"))
    print(
        f"\nsignal: {SIGNAL_CLIPS / wall:.0f} clips/s, {1000 * cpu / SIGNAL_CLIPS:.1f} ms CPU per clip: "
        f"{os.cpu_count() / (cpu / SIGNAL_CLIPS):.0f} clips/s with all cores free"
    )


def default_threads() -> int:
    """Number of threads that PyTorch takes by itself."""
    import torch

    return torch.get_num_threads()


def plain_loop(model: Path, paths: list[Path], threads: int) -> np.ndarray:
    """Embed as a script from a tutorial would, with so many threads per product."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(threads):
        return embedded_one_by_one(model, paths)


def embedded_one_by_one(model: Path, paths: list[Path]) -> np.ndarray:
    """Vectors of the loop."""
    import librosa
    import torch
    from transformers import AutoFeatureExtractor, AutoModel

    extractor, network = AutoFeatureExtractor.from_pretrained(model), AutoModel.from_pretrained(model).eval()
    vectors = []
    for path in paths:
        samples, _ = librosa.load(path, sr=RATE)
        with torch.no_grad():
            output = network(**extractor(samples, sampling_rate=RATE, return_tensors="pt"))
        pooled = output.get("pooler_output")
        vectors.append((output.last_hidden_state.mean(dim=1) if pooled is None else pooled)[0].numpy())
    return np.stack(vectors)


def timed(work: Callable) -> tuple:
    """Result, seconds, and CPU seconds of all threads."""
    start, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - start, time.process_time() - cpu


def make_clips(folder: Path, count: int, spread: float = 0.0) -> Path:
    """Write clips of noise and tones, of 5 s or up to `spread` seconds more or less, and a table of them."""
    import soundfile

    folder.mkdir()
    random, lines = np.random.default_rng(0), ["audio,sentence,prediction"]
    for number in range(count):
        clock = np.arange(int((SECONDS + random.uniform(-spread, spread)) * RATE)) / RATE
        tone = 0.2 * np.sin(2 * np.pi * random.uniform(80, 400) * clock) * (np.sin(15 * clock) > 0)
        soundfile.write(folder / f"{number}.flac", tone + random.normal(0, 0.02, len(clock)), RATE)
        lines.append(f"{number}.flac,a,b")
    (folder / "table.csv").write_text("\n".join(lines))
    return folder / "table.csv"


def make_ast(folder: Path) -> Path:
    """Random weights in the shape of MIT/ast-finetuned-audioset-10-10-0.4593."""
    import torch
    import transformers

    torch.manual_seed(0)
    transformers.ASTForAudioClassification(transformers.ASTConfig(num_labels=527)).save_pretrained(folder)
    transformers.ASTFeatureExtractor().save_pretrained(folder)
    return folder


def make_wav2vec2(folder: Path) -> Path:
    """Random weights in the shape of facebook/wav2vec2-base."""
    import torch
    import transformers

    torch.manual_seed(0)
    transformers.Wav2Vec2Model(transformers.Wav2Vec2Config()).save_pretrained(folder)
    transformers.Wav2Vec2FeatureExtractor().save_pretrained(folder)
    return folder


if __name__ == "__main__":
    main()
