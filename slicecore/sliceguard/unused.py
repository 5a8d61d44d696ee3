"""Arguments of sliceguard that have no meaning here, and the warnings that say why."""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

_Parameters = ParamSpec("_Parameters")
_Returned = TypeVar("_Returned")

_NO_TRAINING = "slicecore trains no model; it looks for the slices of one whose predictions it is given"
_OWN_BATCHES = "slicecore chooses batches and threads by itself"

OF_FIND_ISSUES: Mapping[str, tuple[tuple[Any, ...], str]] = {
    "hf_num_proc": ((None,), _OWN_BATCHES),
    "hf_batch_size": ((1,), _OWN_BATCHES),
    "automl_task": (("classification",), _NO_TRAINING),
    "automl_split_key": ((None,), _NO_TRAINING),
    "automl_train_split": ((None,), _NO_TRAINING),
    "automl_time_budget": ((20.0,), _NO_TRAINING),
    "automl_use_full_embeddings": ((False,), _NO_TRAINING),
    "automl_hf_model": ((None,), _NO_TRAINING),
    "automl_hf_model_architecture": ((None,), _NO_TRAINING),
    "automl_hf_model_output_dir": (("./hf_model",), _NO_TRAINING),
    "automl_hf_model_epochs": ((5,), _NO_TRAINING),
    "drop_reference": (
        ("overall",),
        "slicecore shows each problem on the level that describes it best, and compares it with all clips",
    ),
}
"""Argument of `find_issues` -> values that change nothing, and why no other value does either."""

OF_REPORT: Mapping[str, tuple[tuple[Any, ...], str]] = {
    "spotlight_dtype": ((None, {}), "the page is slicecore's own and knows its columns"),
    "issue_portion": ((None,), "the page shows tables of any size whole"),
    "non_issue_portion": ((None,), "the page shows tables of any size whole"),
    "host": (("127.0.0.1", "localhost"), "the page can be opened on this machine only"),
}
"""Argument of `report` -> values that change nothing, and why no other value does either."""

_PACKAGE = str(Path(__file__).parents[1])


def warns_of(
    arguments: Mapping[str, tuple[tuple[Any, ...], str]],
) -> Callable[[Callable[_Parameters, _Returned]], Callable[_Parameters, _Returned]]:
    """Decorator that warns, with the reason, of arguments whose values change nothing."""

    def decorate(call: Callable[_Parameters, _Returned]) -> Callable[_Parameters, _Returned]:
        signature = inspect.signature(call)

        @functools.wraps(call)
        def checked(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Returned:
            given = signature.bind(*args, **kwargs).arguments
            for name, (usual, reason) in arguments.items():
                if name in given and given[name] not in usual:
                    warn(f"{name} is not used: {reason}.")
            return call(*args, **kwargs)

        return checked

    return decorate


def warn(text: str) -> None:
    """Warn at the line of the user's script that called slicecore."""
    level, frame = 1, inspect.currentframe()
    while frame is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        level, frame = level + 1, frame.f_back
    warnings.warn(text, UserWarning, stacklevel=level)
