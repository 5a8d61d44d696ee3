"""Logs of a line per event, as JSON or as text, without what tables and people say.

A line holds the sentence as it stands in the code; of what is put into it, only numbers and the names of errors are
written. So no transcript, name, path or token gets into a log, whatever an error is about.
"""

from __future__ import annotations

import contextlib
import json
import linecache
import logging
import os
import sys
import threading
import time
import traceback
import warnings
from types import TracebackType
from typing import TextIO

from slicecore.errors import SlicecoreError

KIND_VARIABLE = "SLICECORE_LOG"
"""Environment variable with the form of a log: "json" or "text"; without it, warnings are sentences on stderr."""
LEVEL_VARIABLE = "SLICECORE_LOG_LEVEL"
"""Environment variable with the lowest level that is written, "info" by default."""
LEVELS = ("debug", "info", "warning", "error")

_log = logging.getLogger(__name__)
_HIDDEN = "…"
_OWN = ("slicecore", "slicecore_app")
_LINES_OF_A_CALL = 6
_INNERMOST = 12  # places of a traceback


def set_up() -> logging.Formatter | None:
    """Write a log, from now on, as the environment says; None where it asks for none.

    Returns
    -------
    logging.Formatter
        For the handlers of packages that have their own.

    Raises
    ------
    SlicecoreError
        The environment asks for a form or level that there is not.
    """
    kind = _chosen(KIND_VARIABLE, ("json", "text"))
    level = _chosen(LEVEL_VARIABLE, LEVELS) or "info"
    if kind is None:
        return None
    formatter = _AsJson() if kind == "json" else _AsText()
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.WARNING, _number(level)))
    for name in _OWN:
        logging.getLogger(name).setLevel(_number(level))
    warnings.showwarning = _warned
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    return formatter


def event(log: logging.Logger, sentence: str, **fields: float | str) -> None:
    """Log what happened with fields, whose texts are words of the code, never of data."""
    log.info(sentence, extra={"fields": fields})


def _chosen(variable: str, choices: tuple[str, ...]) -> str | None:
    text = os.environ.get(variable, "").strip().lower()
    if text and text not in choices:
        raise SlicecoreError(f"{variable}=“{text}” is none of {', '.join(choices)}. Set it to one of these.")
    return text or None


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]


class _AsJson(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_entries(record), ensure_ascii=False)


class _AsText(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entries = _entries(record)
        first = [str(entries.pop(name)) for name in ("time", "level", "logger", "message")]
        return " ".join([*first, *(f"{name}={value}" for name, value in entries.items())])


def _entries(record: logging.LogRecord) -> dict[str, object]:
    """Fields of the line of an event."""
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    entries: dict[str, object] = {
        "time": f"{moment}.{int(record.msecs):03d}Z",
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": _message(record),
    }
    entries |= getattr(record, "fields", {})
    if record.exc_info and record.exc_info[1] is not None:
        error = record.exc_info[1]
        entries |= {"error": _harmless(error), "at": " < ".join(_places(record.exc_info[2]))}
    return entries


def _message(record: logging.LogRecord) -> str:
    """The sentence of an event as its code has it. One that the code has put together may hold anything."""
    template = record.msg if isinstance(record.msg, str) else ""
    is_own = record.name.split(".", maxsplit=1)[0] in _OWN
    if not template or not (is_own or _is_in_source(template, record)):
        return f"{record.module}:{record.lineno}"
    arguments = record.args
    with contextlib.suppress(TypeError, ValueError):
        if isinstance(arguments, dict):
            return template % {name: _harmless(value) for name, value in arguments.items()}
        return template % tuple(map(_harmless, arguments)) if arguments else template
    return template


def _is_in_source(text: str, record: logging.LogRecord) -> bool:
    lines = linecache.getlines(record.pathname)[record.lineno - 1 : record.lineno - 1 + _LINES_OF_A_CALL]
    return text in "".join(lines)


def _harmless(value: object) -> object:
    """A number as it is, the name of an error, and of anything else nothing."""
    if isinstance(value, OSError) and value.errno:
        return f"{type(value).__name__}: {os.strerror(value.errno)}"
    if isinstance(value, BaseException):
        return type(value).__name__
    return value if isinstance(value, int | float) else _HIDDEN


def _places(innermost: TracebackType | None) -> list[str]:
    """Places of the code on the way to an error, the innermost first."""
    frames = [
        f"{frame.f_globals.get('__name__', '?')}:{line}" for frame, line in traceback.walk_tb(innermost)
    ]
    return frames[::-1][:_INNERMOST]


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Log the kind of a warning; its text may be about anything."""
    _log.warning("A warning", extra={"fields": {"kind": category.__name__}})


def _uncaught(kind: type[BaseException], error: BaseException, place: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        _log.critical("Ended by an error", exc_info=(kind, error, place))


def _uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
    error = arguments.exc_value
    if error is not None and not isinstance(error, SystemExit):
        _log.error("A thread ended by an error", exc_info=(type(error), error, arguments.exc_traceback))
