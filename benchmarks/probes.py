"""Probes of the slices of the sample data with the recogniser that made its predictions: what they say of each cause.

    python benchmarks/probes.py                      # judges the predictions in sample_data/probes
    python benchmarks/probes.py --write FOLDER       # the probes of every slice, mended and damaged
    python benchmarks/probes.py --recognise FOLDER   # Whisper tiny.en on them, in an environment of
                                                     # sample_data/requirements.txt, without slicecore

Prints the table of docs/probe.md. In sample_data/probes are the records and the predictions of these probes, without
their clips.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

SAMPLE_DATA = Path(__file__).parents[1] / "sample_data"
FOLDER = SAMPLE_DATA / "probes"
PREDICTIONS = "predictions.csv"


def write(folder: Path) -> None:
    """Write the probes of all slices of the sample data that have a cause which can be mended or made."""
    import slicecore as sc

    result = sc.find_slices(SAMPLE_DATA / "table.csv", min_support=5, min_drop=0.1, shuffles=0)
    for slice_ in result.slices:
        cause = result.explain(slice_).cause
        for kind in ("remedy", "damage") if cause else ():
            try:
                result.probe(slice_, damage=kind == "damage").write(folder / f"{cause.name}-{kind}")
            except sc.errors.SlicecoreError as error:
                print(f"{kind}: {error}")


def recognise(folder: Path) -> None:
    """Write the predictions of every probe in a folder."""
    sys.path.insert(0, str(SAMPLE_DATA))
    import make

    for table in sorted(folder.glob("*/probe.csv")):
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        texts = make.recognise([table.parent / row["audio"] for row in rows], make.tiny_model())
        predictions = [{"id": row["id"], "prediction": text} for row, text in zip(rows, texts, strict=True)]
        make.write_csv(table.parent / PREDICTIONS, predictions)


def judge(folder: Path) -> None:
    """Print what every probe in a folder says."""
    import slicecore as sc
    from slicecore.wording import points, rate

    print("| slice | what was done | clips | unchanged | changed | change | of the drop | verdict |")
    print("|---|---|---|---|---|---|---|---|")
    for path in sorted(folder.glob(f"*/{PREDICTIONS}")):
        made = sc.load_probe(path.parent).judge(path)
        change, (low, high) = made.change, made.share_interval
        cells = (
            made.about.label,
            f"{made.about.kind}: {made.about.change}",
            str(change.clips),
            rate(change.before),
            rate(change.after),
            f"{points(change.worse)} ({points(change.interval[0])} to {points(change.interval[1])})",
            _share(made.share, low, high),
            made.verdict,
        )
        print(f"| {' | '.join(cells)} |")


def _share(share: float, low: float, high: float) -> str:
    """A share of the drop with its interval; more than the whole drop is all of it."""
    from slicecore.wording import percent

    if share <= 0:
        return "none"
    text = "all" if share >= 1 else percent(share)
    if low >= 1:
        return text
    return f"{text} (at least {percent(low)})" if high > 1 else f"{text} ({percent(low)} to {percent(high)})"


def main() -> None:
    """Write, recognise or judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--write", type=Path, metavar="FOLDER")
    parser.add_argument("--recognise", type=Path, metavar="FOLDER")
    chosen = parser.parse_args()
    if chosen.write:
        write(chosen.write)
    elif chosen.recognise:
        recognise(chosen.recognise)
    else:
        judge(FOLDER)


if __name__ == "__main__":
    main()
