"""Causes named for recordings that have faults of their own: the voices of games, lessons and telephone prompts.

    python benchmarks/real_recordings.py FOLDER [--fetch] [--pictures FOLDER]

`--fetch` downloads the Debian packages below into FOLDER with apt-get and unpacks them there. Every set is the
recordings of one folder, that is of one speaker with one set-up, as a group among the clips of all the others. Texts
are left out, so only the sound can be named. With `--pictures` a spectrogram of five clips of each set is drawn.
"""

import argparse
import subprocess
from pathlib import Path

import numpy as np
import soundfile
from cause_finding.damage.processing import ffmpeg
from cause_finding.plants import Spoken
from cause_finding.pool import Pool

from slicecore.audio.decoding import RecordingFile
from slicecore.errors import AudioError
from slicecore.explain.causes import find_causes

PACKAGES = (
    "klettres-data",
    "ktuberling-data",
    "asterisk-prompt-de",
    "asterisk-prompt-es-co",
    "asterisk-prompt-fr-armelle",
    "asterisk-prompt-it-menardi-gsm",
    "asterisk-core-sounds-en-wav",
    "asterisk-core-sounds-en-gsm",
    "asterisk-moh-opsound-wav",
    "pocketsphinx-testdata",
    "supercollider-common",
)
SETS = {
    "klettres-data": "usr/share/klettres/*",
    "ktuberling-data": "usr/share/ktuberling/sounds/*",
}
ENDINGS = (".ogg", ".wav", ".gsm", ".aiff")
MOST, LEAST_S, LONGEST_S, FEWEST = 24, 0.4, 8.0, 5


def fetch(folder: Path) -> None:
    """Download and unpack the packages."""
    folder.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        subprocess.run(["apt-get", "download", "-q", package], cwd=folder, check=True)
        archive = next(folder.glob(f"{package}_*.deb"))
        subprocess.run(["dpkg-deb", "-x", str(archive), str(folder / package)], check=True)


def sets(folder: Path) -> dict[str, list[Path]]:
    """Files of every set, in a fixed random order."""
    found = {}
    for package in PACKAGES:
        roots = sorted((folder / package).glob(SETS.get(package, "usr")))
        for root in roots:
            files = sorted(path for path in root.rglob("*") if path.suffix in ENDINGS)
            name = (
                package.removesuffix("-data")
                if len(roots) == 1
                else f"{package.removesuffix('-data')} {root.name}"
            )
            found[name] = [files[i] for i in np.random.default_rng(0).permutation(len(files))]
    return found


def clips(files: list[Path], temporary: Path) -> list[Spoken]:
    """Up to 24 clips of a set; what is longer than 8 s is cut there."""
    found: list[Spoken] = []
    for path in files:
        if len(found) == MOST:
            break
        wav = temporary / "gsm.wav"
        try:
            if path.suffix == ".gsm":
                ffmpeg("-i", str(path), str(wav))
            with RecordingFile(wav if path.suffix == ".gsm" else path) as file, file.part() as part:
                recording = part.decode()
        except (AudioError, subprocess.CalledProcessError):  # some are empty
            continue
        samples, rate = recording.samples[: int(LONGEST_S * recording.rate)], recording.rate
        if len(samples) >= LEAST_S * rate and np.abs(samples).max() > 0:
            found.append(Spoken(samples.astype(float), rate, "", ""))
    return found


def main() -> None:
    """Print what is named for every set."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fetch", action="store_true", help="download the packages first")
    parser.add_argument("--pictures", type=Path, help="folder for a spectrogram of each set")
    options = parser.parse_args()
    if options.fetch:
        fetch(options.folder)
    of_set = {name: clips(files, options.folder) for name, files in sets(options.folder).items()}
    of_set = {name: found for name, found in of_set.items() if len(found) >= FEWEST}
    pool = Pool.of([clip for found in of_set.values() for clip in found])
    owner = np.repeat(list(of_set), [len(found) for found in of_set.values()])
    context = pool.signal_context()
    print(f"{len(pool)} clips of {len(of_set)} sets\n\n| set | clips | named |\n|---|---|---|")
    for name in of_set:
        causes = find_causes(context, np.flatnonzero(owner == name))
        named = "; ".join(f"**{cause.name}** ({cause.evidence})" for cause in causes) or "none"
        print(f"| {name} | {len(of_set[name])} | {named} |", flush=True)
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
        for name, found in of_set.items():
            draw(found[:5], options.pictures / f"{name.replace(' ', '_')}.png")


def draw(found: list[Spoken], path: Path) -> None:
    """Spectrograms up to 11 kHz, and the waves, side by side."""
    together = np.concatenate([clip.samples.mean(axis=1)[: 2 * clip.rate] for clip in found])
    wav = path.with_suffix(".wav")
    soundfile.write(wav, together, found[0].rate)
    spectrogram, wave = "showspectrumpic=s=1200x400:stop=11000:drange=110", "showwavespic=s=1482x160"
    graph = f"aresample=44100,asplit[a][b];[a]{spectrogram}[s];[b]{wave}[w];[s][w]vstack"
    ffmpeg("-i", str(wav), "-lavfi", graph, str(path))
    wav.unlink()


if __name__ == "__main__":
    main()
