"""Tables of what is named for groups of damaged clips."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cause_finding.damage import HARMLESS
from cause_finding.damage_bench import FITS, NONE, RIGHT, WRONG, Statement

VERDICTS = (RIGHT, FITS, WRONG, NONE)


def by_kind(groups: Sequence[Statement]) -> pd.DataFrame:
    """Verdicts on the first cause per kind and level, right / fits / wrong / none, and what is named most."""
    rows = []
    for key in dict.fromkeys((group.planted, group.level) for group in groups):
        own = [group for group in groups if (group.planted, group.level) == key]
        row: dict[str, object] = {
            "planted": key[0],
            "level": key[1],
            "right cause": own[0].kind.cause or "none",
        }
        for size in dict.fromkeys(group.size for group in own):
            verdicts = Counter(group.verdict for group in own if group.size == size)
            row[f"{size} clips"] = " / ".join(str(verdicts[verdict]) for verdict in VERDICTS)
        named = Counter("; ".join(group.causes) or "none" for group in own)
        row["named"] = ", ".join(f"{name} {count}" for name, count in named.most_common(3))
        rows.append(row)
    return pd.DataFrame(rows)


def totals(groups: Sequence[Statement]) -> pd.DataFrame:
    """Shares of the verdicts in percent, with their standard error over the seeds where there are several."""
    parts = {
        "all that is damaged": [group for group in groups if group.level != HARMLESS],
        **{
            level: [group for group in groups if group.level == level]
            for level in dict.fromkeys(group.level for group in groups)
        },
    }
    rows = []
    for name, part in parts.items():
        if not part:
            continue
        row: dict[str, object] = {"level": name, "groups": len(part)}
        for verdict in VERDICTS:
            row[verdict] = _share(part, [group.verdict == verdict for group in part])
        row["right or fits"] = _share(part, [group.verdict in (RIGHT, FITS) for group in part])
        row["wrong in any place"] = _share(part, [bool(group.wrong) for group in part])
        rows.append(row)
    return pd.DataFrame(rows)


def _share(groups: Sequence[Statement], counted: Sequence[bool]) -> str:
    of_seed = pd.DataFrame({"seed": [group.seed for group in groups], "counted": counted})
    shares = 100 * of_seed.groupby("seed")["counted"].mean().to_numpy()
    if len(shares) < 2:
        return f"{shares.mean():.1f}"
    return f"{shares.mean():.1f} ± {np.std(shares, ddof=1) / np.sqrt(len(shares)):.1f}"


def wrong_statements(groups: Sequence[Statement]) -> pd.DataFrame:
    """Every wrong statement, first or later: of what, how often, and one of its sentences; the most frequent first."""
    stated = [
        ((group.planted, group.level, name), group.causes[0] == name, text)
        for group in groups
        for name, text in group.wrong
    ]
    of = Counter((group.planted, group.level) for group in groups)
    rows = [
        {
            "planted": key[0],
            "level": key[1],
            "stated": key[2],
            "first": sum(first for other, first, _ in stated if other == key),
            "in all": count,
            "of": of[key[:2]],
            "for example": next(text for other, _, text in stated if other == key),
        }
        for key, count in Counter(key for key, _, _ in stated).most_common()
    ]
    return pd.DataFrame(rows)
