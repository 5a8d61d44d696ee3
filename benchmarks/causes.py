"""Share of slices whose probable cause is the right one: the tables of docs/causes.md, as Markdown.

    python benchmarks/causes.py [--part slices groups weak speed damage] [--table TABLE TRUTH] [--rates 8000 16000 …]
    python benchmarks/causes.py --part blind --out page.html
    python benchmarks/causes.py --part damage --alone --table TABLE TRUTH --seeds 1 2 --only echo --cache FOLDER

TABLE and TRUTH are a data set of your own: a table that the app reads, and a CSV file of two columns, the audio path or
id of a clip in the order of the table and the problem planted in it ("clean" or nothing where there is none).
cause_finding/plants.py says which weak problems are planted and how, cause_finding/damage/ which damage that the rules
were not made on, cause_finding/by_others/ (part by_others) which of audiomentations, sox and ffmpeg, where they are
installed, cause_finding/text_kinds.py (part texts) which problems of the texts. The sample data is held out: no rule or
bound is chosen on it, nor on what is by others, nor on seeds from 20000 on. Rules are made on other tables (`--alone`
leaves the sample data out) and on seeds below 10000.
"""

import argparse
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from cause_finding.blind import page
from cause_finding.damage import LEFT_OUT
from cause_finding.damage_bench import Bench
from cause_finding.damage_table import by_kind, totals, wrong_statements
from cause_finding.pool import Labelled, Pool, at_rate
from cause_finding.real import Table
from cause_finding.store import Store
from cause_finding.text_bench import TextBench, text_table
from cause_finding.weak import Workbench, mixed, single

from slicecore.explain.causes import find_causes

PARTS = ("slices", "groups", "weak", "speed", "damage")
MORE_PARTS = ("by_others", "blind", "texts")
RATES = (8000, 16000, 22050, 44100, 48000)
SAMPLE_DATA = Path(__file__).parents[1] / "sample_data"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--part",
        nargs="+",
        choices=PARTS + MORE_PARTS,
        default=list(PARTS),
        help="all but the last three by default",
    )
    parser.add_argument(
        "--table", type=Path, nargs=2, metavar=("TABLE", "TRUTH"), action="append", default=[]
    )
    parser.add_argument(
        "--rates",
        type=int,
        nargs="+",
        help="of the files with weak problems (five by default) or damage (16000)",
    )
    parser.add_argument("--draws", type=int, default=40, help="groups per kind of weak problem")
    parser.add_argument("--alone", action="store_true", help="the tables given, without the sample data")
    parser.add_argument("--seeds", type=int, nargs="+", default=[20000], help="draws of damaged clips")
    parser.add_argument("--only", default="", help="kinds of damage whose name and level contain this")
    parser.add_argument("--cache", type=Path, help="folder in which measured clips with damage are kept")
    parser.add_argument("--out", type=Path, default=Path("blind.html"), help="page of the part blind")
    options = parser.parse_args()
    sample = [] if options.alone else [(SAMPLE_DATA / "table.csv", SAMPLE_DATA / "planted.csv")]
    store = Store(options.cache)
    paths = [*sample, *options.table]
    for table, truth in paths:
        data = Labelled.read(table, truth)
        print(f"\n# {table.parent.name}")
        _of_the_table(data, options.part)
        if "weak" in options.part:
            _weak(data, options.rates or list(RATES), options.draws)
        if "damage" in options.part:
            for rate in options.rates or [16000]:
                _damage(Bench(data, rate, store), rate, options.seeds, options.only)
        if "by_others" in options.part:
            for rate in options.rates or [16000]:
                _damage(_others_bench(data, rate, options.cache), rate, options.seeds, options.only)
        if "blind" in options.part:
            options.out.write_text(page(Bench(data, 16000, store), 40, options.seeds[0]), encoding="utf-8")
        if "texts" in options.part:
            _texts(data, options.seeds, options.draws)
        if "speed" in options.part and table == paths[0][0]:
            _speed(data)


def _of_the_table(data: Labelled, parts: list[str]) -> None:
    if not {"slices", "groups"} & set(parts):
        return
    analysed = Table(data)
    if "slices" in parts:
        _print("Slices", analysed.slices())
    if "groups" in parts:
        _print("Random parts of every planted group, right cause first", analysed.parts(25))
        for clean in (True, False):
            counts = analysed.random_groups(600, clean)
            kind = "clean" if clean else "any"
            print(f"\n600 random groups of {kind} clips: {dict(counts.most_common())}")


def _texts(data: Labelled, seeds: list[int], groups: int) -> None:
    bench = TextBench.of(data)
    draws = [10 * seed + draw for seed in seeds for draw in range(10)]
    _print(f"Problems of the texts, {len(draws)} groups each", text_table(bench, draws))
    random = np.random.default_rng(seeds[0])
    causes = Counter("; ".join(bench.random_group(random)) or "none" for _ in range(groups))
    print(f"\nRandom groups of clips as they are: {dict(causes.most_common())}")


def _weak(data: Labelled, rates: list[int], draws: int) -> None:
    tables = []
    for rate in rates:
        bench = Workbench.of(data, rate)
        table = single(bench, draws).set_index(["planted", "right cause"])
        tables.append(table.rename(columns=lambda size, rate=rate: f"{rate / 1000:g} kHz, {size}"))
        pairs = mixed(bench, 5 * draws)
        print(f"\nTwo problems, 14 and 6 of 20 clips, {rate} Hz, {len(pairs)} groups:", end=" ")
        print(pairs[["first", "both", "another"]].mean().round(3).to_dict())
        missed = {
            side: pairs.groupby(side)["both"].mean().loc[lambda share: share < 0.5].round(2).to_dict()
            for side in ("one", "other")
        }
        print(f"Both named in fewer than half: {missed}")
    _print("Weak problems, right cause first", pd.concat(tables, axis=1).reset_index())


def _others_bench(data: Labelled, rate: int, cache: Path | None) -> Bench:
    from cause_finding.by_others import BY_OTHERS

    store = Store(cache, ("plants.py", "damage/[!_t]*.py", "by_others/*.py"))
    return Bench(data, rate, store, BY_OTHERS, {8: 2, 15: 2})


def _damage(bench: Bench, rate: int, seeds: list[int], only: str) -> None:
    groups = [group for seed in seeds for group in bench.groups(seed, only)]
    _print(f"Damage, {rate} Hz, first cause: right / fits / wrong / none", by_kind(groups))
    _print("Totals in percent", totals(groups))
    _print("Wrong statements, each", wrong_statements(groups))
    if LEFT_OUT:
        print(f"\nLeft out, for want of ffmpeg or sox: {'; '.join(LEFT_OUT)}")
    if not only:
        counts = Counter("; ".join(causes) or "none" for causes in bench.random_groups(600, seeds[0]))
        print(f"\n600 random groups of clean clips: {dict(counts.most_common())}")


def _speed(data: Labelled) -> None:
    clips = data.clean(16000)[:60]
    for rate in RATES:
        files = [at_rate(clip, rate) for clip in clips]
        Pool.of(files[:2])
        start = time.process_time()
        Pool.of(files)
        used = (time.process_time() - start) / len(files)
        seconds = np.mean([len(clip.samples) / clip.rate for clip in files])
        print(f"\nMeasuring, {rate} Hz: {1000 * used:.1f} CPU ms a clip of {seconds:.1f} s, without decoding")
    pool = Pool.of(clips)
    start = time.process_time()
    many = pool.some(np.resize(np.arange(len(pool)), 100_000))
    context = many.context(vectors=np.random.default_rng(1).normal(size=(100_000, 215)).astype(np.float32))
    print(f"\n100,000 clips: context {time.process_time() - start:.1f} CPU s", end="")
    random = np.random.default_rng(0)
    for size in (25, 1000, 20_000):
        group = random.choice(100_000, size, replace=False)
        start = time.process_time()
        for _ in range(5):
            find_causes(context, group)
        print(f", {size} clips {200 * (time.process_time() - start):.0f} CPU ms", end="")
    print()


def _print(title: str, table: pd.DataFrame) -> None:
    print(f"\n## {title}\n")
    head = [str(column) for column in table.columns]
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in table.itertuples(index=False):
        cells = [f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row]
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
