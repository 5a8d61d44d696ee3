"""Roles of the columns of a table: given by the user, else guessed from common names."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from slicecore.errors import TableError

if TYPE_CHECKING:
    import pandas as pd

# fmt: off
_AUDIO = (
    "audio", "audio_path", "audio_filepath", "audio_file", "audio_filename", "wav", "wav_path", "wav_file", "path",
    "file", "filepath", "file_path", "filename", "file_name", "clip", "recording", "sound",
)
_REFERENCE = (
    "sentence", "reference", "ref", "transcript", "transcription", "reference_text", "ref_text", "text",
    "target", "ground_truth", "label", "truth", "expected", "gold", "actual", "y_true", "gold_transcript", "gold_text",
    "reference_transcript", "ref_transcript", "ground_truth_text", "target_text", "human_transcript",
)
_PREDICTION = (
    "prediction", "predictions", "pred", "predicted", "pred_text", "hypothesis", "hyp", "hyp_text", "asr",
    "asr_text", "output", "recognized", "recognised", "y_pred",
)
_ID = (
    "id", "clip_id", "utt_id", "utterance_id", "uid", "key",
)
_START = (
    "start", "start_time", "start_s", "start_sec", "start_seconds", "segment_start", "begin", "begin_time",
)
_END = (
    "end", "end_time", "end_s", "end_sec", "end_seconds", "segment_end", "stop", "stop_time",
)
_OF_A_PAIR = ("{}_pred", "{}_prediction", "{}_predicted", "{}_hat", "{}_hyp", "pred_{}", "predicted_{}", "hyp_{}")
"""Names of a prediction by that of its reference, such as "mos_pred" beside "mos"."""

_PREDICTED = "predicted"
_PROBABILITY = "_probability"
_NO_PREDICTION = (
    "engine", "format", "version", "confidence", "score", "probability", "prob", "logprob", "time", "date", "duration",
    "latency", "language", "lang",
)
# fmt: on
_LOOKED_AT = 100  # cells by which a column of other texts is told at once
_FEWEST_TEXTS = 20
_LEAST_VARIETY = 0.1
"""A column with this much fewer different texts than the first prediction, of many, is no prediction."""


@dataclass(frozen=True)
class Roles:
    """Names of the columns that mean something to the analysis; None where there is no such column."""

    audio: str | None = None
    reference: str | None = None
    predictions: tuple[str, ...] = ()
    id: str | None = None
    start: str | None = None
    end: str | None = None

    @property
    def all(self) -> list[str]:
        """Every column that has a role."""
        single = (self.audio, self.reference, *self.predictions, self.id, self.start, self.end)
        return [column for column in single if column is not None]


def guess_roles(columns: Sequence[str]) -> Roles:
    """Guess the roles of columns from names that are common for them, whatever their case.

    The first prediction is the best-known name; every other column that starts with such a name and "_"
    (`hyp_large`) is a further one, unless its ending says that it is something else (`asr_engine`). Labels of a
    classification model, `predicted_accent` beside `prediction` or `predicted_accent_probability`, are none. Start and
    end of a segment are guessed only together: one of them alone is more often something else. Where neither a
    reference nor a prediction has such a name, one pair such as `mos` and `mos_pred` is both.
    """
    plain = {column: column.strip().lower().replace(" ", "_").replace("-", "_") for column in columns}

    def first(names: Sequence[str]) -> str | None:
        return next((column for name in names for column, key in plain.items() if key == name), None)

    audio, reference, identity = first(_AUDIO), first(_REFERENCE), first(_ID)
    taken = {audio, reference, identity}
    leading = first(_PREDICTION)
    labels = _labels(plain.values(), has_leading=leading is not None and plain[leading] != _PREDICTED)
    further = [
        column
        for column, key in plain.items()
        if column not in taken | {leading}
        and key not in labels
        and key.rsplit("_", 1)[-1] not in _NO_PREDICTION
        and any(key.startswith(f"{name}_") for name in _PREDICTION)
    ]
    if reference is None and not leading:
        pair = _pair(plain, taken)
        if pair is not None:
            reference, leading = pair
            further = [column for column in further if column not in pair]
    start, end = first(_START), first(_END)
    segment = (start, end) if audio and start and end else (None, None)
    return Roles(audio, reference, tuple(([leading] if leading else []) + further), identity, *segment)


def _pair(plain: Mapping[str, str], taken: Collection[str | None]) -> tuple[str, str] | None:
    """The one reference and prediction whose names say that they belong together; None if there are none, or two."""
    by_key = {key: column for column, key in plain.items() if column not in taken}
    pairs = [
        (column, by_key[name.format(key)])
        for key, column in by_key.items()
        for name in _OF_A_PAIR
        if name.format(key) in by_key
    ]
    return pairs[0] if len(pairs) == 1 else None


def _labels(keys: Collection[str], has_leading: bool) -> set[str]:
    """Columns such as `predicted_accent`, as `slicecore.embedding.labels` names them."""
    predicted = [key for key in keys if key.startswith(f"{_PREDICTED}_")]
    return {key for key in predicted if has_leading or f"{key}{_PROBABILITY}" in keys}


def filled_in(given: Roles, known: Roles) -> Roles:
    """The given roles, and those of `known` that are not given and whose columns aren't."""
    taken = given.all

    def free(column: str | None) -> str | None:
        return None if column in taken else column

    start, end = (
        (known.start, known.end) if given.start is None and given.end is None else (given.start, given.end)
    )
    return Roles(
        given.audio if given.audio is not None else free(known.audio),
        given.reference if given.reference is not None else free(known.reference),
        given.predictions or tuple(name for name in known.predictions if name not in taken),
        given.id if given.id is not None else free(known.id),
        start,
        end,
    )


def resolve_roles(frame: pd.DataFrame, given: Roles, labelled: bool = True) -> Roles:
    """Fill in the roles that aren't given; without `labelled` there need be no references and no predictions.

    Raises
    ------
    TableError
        If a given column is missing, or one that has to be there can't be guessed.
    """
    columns = list(frame.columns)
    for role in ("audio", "reference", "id", "start", "end"):
        column = getattr(given, role)
        require([column] if column is not None else [], columns, role)
    require(given.predictions, columns, "prediction")
    guess = guess_roles([column for column in columns if column not in given.all])
    start, end = _segment(frame, given, guess)
    roles = Roles(
        given.audio if given.audio is not None else guess.audio,
        given.reference if given.reference is not None else guess.reference,
        given.predictions or of_one_kind(frame, guess.predictions),
        given.id if given.id is not None else guess.id,
        start,
        end,
    )
    listed = _listed(columns)
    if roles.reference is None and labelled:
        raise TableError(
            f"No column looks like a reference (the correct transcript or value). Columns are {listed}. "
            "Say which it is: on the data page, with --reference on the command line, or with reference=…. A number "
            "per clip needs none: --mean-of or mean_of=…"
        )
    if not roles.predictions and labelled:
        raise TableError(
            f"No column looks like a prediction (what the model gave). Columns are {listed}. "
            "Say which it is: on the data page, with --prediction on the command line, or with prediction=…; or join "
            "files of predictions with --predictions or predictions=…"
        )
    if roles.reference in roles.predictions:
        raise TableError(f"Column “{roles.reference}” is given as reference and as prediction.")
    if (start or end) and roles.audio is None:
        raise TableError(
            f"Column “{start or end}” says which part of a file a clip is, but there is no audio column."
        )
    return roles


def number_role(frame: pd.DataFrame, given: Roles, column: str) -> Roles:
    """The given roles of a table that is looked at by a number per clip, whose column is named.

    Where nobody says, and no name tells, which columns are reference and prediction, the column is the prediction.
    Raises TableError where it is not there.
    """
    columns = list(frame.columns)
    require([column], columns, "mean")
    known = filled_in(given, guess_roles([name for name in columns if name not in given.all]))
    if (
        known.reference is not None
        and known.predictions
        and column not in (known.reference, *known.predictions)
    ):
        return given
    reference = given.reference if given.reference != column else None
    return replace(given, reference=reference, predictions=(column,))


def _segment(frame: pd.DataFrame, given: Roles, guess: Roles) -> tuple[str | None, str | None]:
    """Columns of start and end: the given ones, else the guessed ones if nearly all their cells are numbers."""
    if given.start is not None or given.end is not None:
        return given.start, given.end
    if (
        guess.start is None
        or guess.end is None
        or not all(_mostly_seconds(frame[column]) for column in (guess.start, guess.end))
    ):
        return None, None
    return guess.start, guess.end


def _mostly_seconds(column: pd.Series) -> bool:
    import pandas as pd

    filled = column[column.notna() & (column.astype(str).str.strip() != "")]
    numbers = pd.to_numeric(filled, errors="coerce")
    # A day is longer than any recording; larger numbers are points in time.
    return bool(len(filled)) and (numbers < 86_400).mean() > 0.9


def of_one_kind(frame: pd.DataFrame, predictions: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out guessed columns of numbers, or of a few values over and over, beside predictions that are text."""
    if len(predictions) < 2 or is_numeric(frame[predictions[0]]):
        return predictions
    texts = frame[predictions[0]].nunique()
    fewest = texts * _LEAST_VARIETY if texts >= _FEWEST_TEXTS else 0
    further = (
        name for name in predictions[1:] if not is_numeric(frame[name]) and frame[name].nunique() > fewest
    )
    return (predictions[0], *further)


def require(names: Sequence[str], columns: Sequence[str], role: str) -> None:
    """Raise a `TableError` if a name is no column, or is there twice."""
    for name in names:
        if name not in columns:
            close = difflib.get_close_matches(name, columns, n=1, cutoff=0.5)
            same = [column for column in columns if column.strip().lower() == name.strip().lower()]
            hint = f" Did you mean “{(same or close)[0]}”?" if same or close else ""
            raise TableError(
                f"There is no column “{name}” for the {role}.{hint} Columns are {_listed(columns)}."
            )
    if len(set(names)) < len(names):
        raise TableError(f"A column is given twice as {role}: {_listed(names)}.")


def is_numeric(column: pd.Series) -> bool:
    """Return whether all cells of a column that aren't empty are plain numbers."""
    import pandas as pd

    # As objects first: nullable columns, categories and dates take no "".
    text = column.astype(object).where(column.notna(), "").astype(str)
    return pd.api.types.is_numeric_dtype(as_numbers(text))


def as_numbers(column: pd.Series) -> pd.Series:
    """Return a column of text as numbers if all cells that aren't empty are plain numbers, else as it is."""
    filled = column[column.str.strip() != ""]
    if not len(filled) or not _finite(_parsed(filled.head(_LOOKED_AT))) or _has_codes(filled):
        return column
    numbers = _parsed(filled)
    if not _finite(numbers):
        return column
    return numbers if len(filled) == len(column) else numbers.reindex(column.index)


def _parsed(texts: pd.Series) -> pd.Series:
    """Numbers of texts, NaN for a text that is none."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    # Arrow is twenty times as fast, but makes floats of whole numbers with a sign before them.
    cells = pa.array(texts, pa.large_string())
    for kind in () if pc.any(pc.match_substring(cells, "+")).as_py() else (pa.int64(), pa.float64()):
        try:
            return pd.Series(cells.cast(kind).to_numpy(zero_copy_only=False), index=texts.index)
        except pa.ArrowException:
            continue
    return pd.to_numeric(texts, errors="coerce")


def _finite(numbers: pd.Series) -> bool:
    return bool(np.isfinite(numbers.to_numpy(dtype=float)).all())


def _has_codes(texts: pd.Series) -> bool:
    """True if some text is a code, not a number: "007", "0x1F"."""
    import pyarrow as pa
    import pyarrow.compute as pc

    codes = pc.match_substring_regex(pa.array(texts, pa.large_string()), r"^\s*[-+]?0[\dxX]")
    return bool(pc.any(codes).as_py())


def _listed(columns: Sequence[str]) -> str:
    names = ", ".join(columns[:30]) or "none"
    return names if len(columns) <= 30 else f"{names} and {len(columns) - 30} more"
