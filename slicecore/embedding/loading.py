"""Loading a model of the transformers library: safetensors only, no code from the hub, no weight made up."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slicecore.embedding.hub import Checkpoint, fetch_weights
from slicecore.embedding.model_settings import check_files
from slicecore.errors import ModelError
from slicecore.storage.cache_folders import CacheFolder
from slicecore.storage.checked_file import is_folder_whole, write_checked_folder

_log = logging.getLogger(__name__)

_CLASSIFIERS = ("ForSequenceClassification", "ForAudioClassification")
_SPEAKER_VERIFICATION = "ForXVector"

_FOR_TRAINING_ONLY = ("masked_spec_embed", "objective.weight")


def is_classifier(checkpoint: Checkpoint) -> bool:
    """Return whether a checkpoint was saved with a classification head."""
    return _architecture(checkpoint).endswith(_CLASSIFIERS)


def is_xvector(checkpoint: Checkpoint) -> bool:
    """Return whether a checkpoint was trained to tell speakers apart, with a head that gives one vector per clip."""
    return _architecture(checkpoint).endswith(_SPEAKER_VERIFICATION)


def load(checkpoint: Checkpoint, base_class: str, cache: Path) -> tuple[Any, Any, tuple[str, ...]]:
    """Load a checkpoint.

    Parameters
    ----------
    checkpoint
        Its files; weights that are not on this machine are fetched.
    base_class
        Class of the transformers library for a checkpoint without a head.
    cache
        Folder of the cache, for converted weights.

    Returns
    -------
    extractor, model
        The feature extractor, and the model in 32 bits.
    head : tuple of str
        Names of the modules that make logits of a mean hidden state; empty where the checkpoint has no such weights.

    Raises
    ------
    ModelError
        If weights can't be had or don't fit.
    """
    import transformers

    name = base_class
    if is_classifier(checkpoint):
        name = "AutoModelForAudioClassification"
    elif is_xvector(checkpoint):
        name = "AutoModelForAudioXVector"
    kind = getattr(transformers, name)
    extractor, model, missing = _from_files(checkpoint, kind, cache)
    missing = [key for key in missing if not key.endswith(_FOR_TRAINING_ONLY)]
    if not is_classifier(checkpoint):
        _refuse(missing, checkpoint)
        return extractor, model, ()
    base = _base_name(model)
    _refuse([key for key in missing if key.startswith(f"{base}.")], checkpoint)
    if missing or model.config.num_labels < 2 or model.config.problem_type == "regression":
        return extractor, getattr(model, base), ()
    return extractor, model, tuple(part for part in ("projector", "classifier") if hasattr(model, part))


def base_of(model: Any) -> Any:
    """Return the model below the head."""
    name = _base_name(model)
    return getattr(model, name) if name else model


def _base_name(model: Any) -> str:
    for name in (model.base_model_prefix, "encoder"):
        if hasattr(model, name) and hasattr(model, "classifier"):
            return str(name)
    return ""


def _architecture(checkpoint: Checkpoint) -> str:
    return str((checkpoint.config.get("architectures") or [""])[0])


def _refuse(missing: list[str], checkpoint: Checkpoint) -> None:
    if missing:
        raise ModelError(
            f"“{checkpoint.name}” can't be used: {len(missing)} of its weights are missing, such as {missing[0]}."
        )


def _from_files(checkpoint: Checkpoint, kind: Any, cache: Path) -> tuple[Any, Any, list[str]]:
    import torch
    from safetensors import SafetensorError
    from transformers import AutoFeatureExtractor

    options = {
        "use_safetensors": True,
        "trust_remote_code": False,
        "dtype": torch.float32,
        "output_loading_info": True,
    }
    if not kind.__name__.startswith("Auto"):
        del options["trust_remote_code"]  # Only the Auto classes could run code of others.
    # Some hub models have no safetensors weights; the hub then converts them, and the copy is stored for next time.
    converted = (
        CacheFolder.MODELS.within(cache) / f"{checkpoint.name.replace('/', '--')}-{checkpoint.revision}"
    )
    try:
        with _quiet():
            has_weights = fetch_weights(checkpoint)
            check_files(checkpoint.folder, checkpoint.name)
            if has_weights:
                model, report = kind.from_pretrained(checkpoint.folder, **options)
            elif is_folder_whole(converted):
                with contextlib.suppress(OSError):
                    os.utime(converted)  # the cache is pruned by when a model was last used
                model, report = kind.from_pretrained(converted, **options)
            elif checkpoint.on_hub:
                model, report = _converted(checkpoint, kind, options)
                shutil.rmtree(converted, ignore_errors=True)  # a damaged copy would stay
                _store(model, converted)
            else:
                raise ModelError(
                    f"“{checkpoint.name}” has no weights in the safetensors format. Save it again with save_pretrained."
                )
            extractor = AutoFeatureExtractor.from_pretrained(checkpoint.folder, trust_remote_code=False)
    except (
        OSError, ValueError, RuntimeError, LookupError, ImportError, AttributeError, TypeError, ArithmeticError,
        MemoryError, SafetensorError,
    ) as error:  # fmt: skip
        raise ModelError(f"“{checkpoint.name}” can't be loaded: {_first_line(error)}") from error
    return extractor, model, list(report["missing_keys"])


def _converted(checkpoint: Checkpoint, kind: Any, options: dict[str, Any]) -> Any:
    """Load the copy in the safetensors format that the hub makes of other weights when it is asked.

    The settings are the checked ones: those on the hub may be others by now.
    """
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(checkpoint.folder, trust_remote_code=False)
    try:
        return kind.from_pretrained(checkpoint.name, config=config, **options)
    except OSError as error:
        raise ModelError(
            f"“{checkpoint.name}” has no weights in the safetensors format, and the hub gave no converted copy. "
            "Name another model, or a folder in which you saved this one with save_pretrained."
        ) from error


def _store(model: Any, folder: Path) -> None:
    """Store a converted model for the next start; where that fails, it is converted again then."""
    try:
        write_checked_folder(folder, model.save_pretrained)
    except OSError as error:
        _log.warning("The model can't be stored in %s (%s); the next start fetches it again.", folder, error)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers from reporting weights that an embedding has no use for, and on mel filters."""
    from transformers.utils import logging

    before, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "At least one mel filter")
            yield
    finally:
        logging.set_verbosity(before)
        if bars:
            logging.enable_progress_bar()
