"""Settings of models of the transformers library that are looked at before anything is made of them.

Their files come from anywhere. A number of the wrong type would be an error deep in a library, and one that is far too
large an array that no memory holds; a name of a weights file may lead out of the folder, or to a pickle, which runs
code; a name of an attention function may be that of a repository of the hub, whose code is fetched and run where the
package `kernels` is installed, whatever `trust_remote_code` says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from slicecore.errors import ModelError

WEIGHTS = ".safetensors"
"""Ending of the only files that weights are read from."""

_ADAPTER = "adapter_config.json"

_SIZE, _COUNT, _SAMPLES = (1, 1 << 16), (1, 1000), (1, 1 << 26)
_LIMITS: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(
        (
            "hidden_size",
            "d_model",
            "projection_dim",
            "output_hidden_size",
            "xvector_output_dim",
            "classifier_proj_size",
        ),
        _SIZE,
    ),
    **dict.fromkeys(
        ("num_hidden_layers", "encoder_layers", "num_attention_heads", "encoder_attention_heads"), _COUNT
    ),
    **dict.fromkeys(("fft_window_size", "n_fft", "hop_length", "max_source_positions"), _SIZE),
    **dict.fromkeys(("patch_size", "frequency_stride", "time_stride", "squeeze_factor"), _COUNT),
    **dict.fromkeys(("n_samples", "nb_max_samples"), _SAMPLES),
    **dict.fromkeys(("chunk_length", "max_length_s"), (1, 600)),
    **dict.fromkeys(("intermediate_size", "encoder_ffn_dim"), (1, 1 << 20)),
    "num_mel_bins": (1, 1024),
    "feature_size": (1, 4096),
    "max_length": (1, 100_000),
    "sampling_rate": (1000, 1_000_000),
}
"""Least and most of the numbers by which sizes go; far beyond any model that there is."""

_FUNCTION = "_implementation"
"""Part of the names of settings that choose a function: of attention, of experts."""

_LISTS = ("conv_dim", "conv_kernel", "conv_stride", "tdnn_dim", "tdnn_kernel", "tdnn_dilation", "depths")


def check_settings(settings: Mapping[str, Any], where: str) -> None:
    """Raise a ModelError where a setting has another type or size than it can have; `where` names the file."""
    _check_functions(settings, where)
    for name, value in settings.items():
        if value is None:
            continue
        if name in _LIMITS:
            least, most = _LIMITS[name]
            # Models in stages have a list with a number for each.
            numbers = value if isinstance(value, list) else [value]
            if not all(_is_between(number, least, most) for number in numbers):
                raise _wrong(where, name, value, f"a number from {least} to {most:,}")
        elif name in _LISTS:
            if not isinstance(value, list) or not all(_is_between(entry, 1, _SIZE[1]) for entry in value):
                raise _wrong(where, name, value, "a list of whole numbers from 1 on")
        elif name == "architectures":
            if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
                raise _wrong(where, name, value, "a list of names")
        elif name == "audio_config":
            if not isinstance(value, dict):
                raise _wrong(where, name, value, "settings")
            check_settings(value, where)
        elif name == "transformers_weights" and not _is_weights(value):
            raise _wrong(where, name, value, f"the name of a {WEIGHTS} file in the folder")


def _check_functions(settings: Mapping[str, Any], where: str) -> None:
    left: list[tuple[str, Any]] = [("", settings)]
    while left:
        name, value = left.pop()
        if isinstance(value, Mapping):
            left += ((key if _FUNCTION in key else name, inner) for key, inner in value.items())
        elif isinstance(value, list):
            left += ((name, inner) for inner in value)
        elif name and isinstance(value, str) and "/" in value:
            raise _wrong(where, name, value, "the name of a function that the library brings along")


def check_files(folder: Path, name: str) -> None:
    """Raise a ModelError where an index of weights, or an adapter, leads to anything but safetensors in the folder."""
    if (folder / _ADAPTER).exists():
        raise ModelError(
            f"“{name}” holds an adapter ({_ADAPTER}), which belongs to another model. Merge the two with "
            "merge_and_unload, and save that."
        )
    for path in sorted(folder.glob(f"*{WEIGHTS}.index.json")):
        try:
            files = json.loads(path.read_text("utf-8"))["weight_map"]
            named = set(files.values())
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ModelError(f"The {path.name} of “{name}” can't be read as an index of weights.") from error
        for file in sorted(named, key=str):
            if not _is_weights(file) or not (folder / file).is_file():
                raise ModelError(
                    f"The {path.name} of “{name}” names “{str(file)[:80]}”, which is no {WEIGHTS} file in its folder. "
                    "Weights are read from such files alone."
                )


def _is_weights(name: object) -> bool:
    return isinstance(name, str) and name.endswith(WEIGHTS) and Path(name).name == name and "\\" not in name


def _is_between(number: object, least: int, most: int) -> bool:
    return isinstance(number, (int, float)) and not isinstance(number, bool) and least <= number <= most


def _wrong(where: str, name: str, value: object, wanted: str) -> ModelError:
    return ModelError(f"{where}: {name} is {json.dumps(value)[:40]}, not {wanted}.")
