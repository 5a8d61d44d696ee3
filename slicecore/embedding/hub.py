"""Files of a model for transformers: a folder, or the local copy of a model on the hub."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from slicecore.embedding.model_settings import check_settings
from slicecore.errors import ModelError
from slicecore.storage.home import expanded, is_there

_CONFIG = "config.json"
# Newer checkpoints keep the feature extractor's settings as a part of the processor's.
_EXTRACTOR, _PROCESSOR = "preprocessor_config.json", "processor_config.json"
_SETTINGS = (_CONFIG, _EXTRACTOR, _PROCESSOR)
_WEIGHTS = "*.safetensors"
_ANSWER_WITHIN_S = 5

NEEDS_PACKAGES = "“{}” needs PyTorch and Transformers. Install them with: pip install 'slicecore[models]'"


@dataclass(frozen=True)
class Checkpoint:
    """A model's files.

    Attributes
    ----------
    name
        As asked for.
    folder
        Folder of its settings, and of its weights unless they must still be fetched.
    revision
        Commit on the hub, or a hash of a folder's files.
    config, preprocessor
        Settings of the model and of its feature extractor.
    on_hub
        True if it comes from the hub.
    """

    name: str
    folder: Path
    revision: str
    config: dict[str, Any]
    preprocessor: dict[str, Any]
    on_hub: bool


def find_checkpoint(name: str) -> Checkpoint:
    """Find a model by folder or hub name, and read its settings. Weights are not fetched.

    Raises
    ------
    ModelError
        If there is no such model, the hub can't be reached, or its settings are missing.
    """
    folder = expanded(name)
    on_hub = not (is_there(folder) and folder.is_dir())
    if on_hub:
        folder = _from_hub(name, list(_SETTINGS))
    config, preprocessor = _read_settings(folder / _CONFIG, name), _read_preprocessor(folder, name)
    check_settings(config, f"The {_CONFIG} of “{name}”")
    check_settings(preprocessor, f"The settings of the feature extractor of “{name}”")
    revision = folder.name if on_hub else _folder_revision(folder)
    return Checkpoint(name, folder, revision, config, preprocessor, on_hub)


def is_on_this_machine(name: str) -> bool:
    """True if there is a local copy of a model on the hub, with weights in the safetensors format."""
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import LocalEntryNotFoundError
    except ImportError:
        return False
    try:
        folder = Path(snapshot_download(name, local_files_only=True))
    except LocalEntryNotFoundError:
        return False
    return (folder / _CONFIG).exists() and has_weights(folder)


def has_weights(folder: Path) -> bool:
    """Return whether a folder has weights in the safetensors format."""
    return any(folder.glob(_WEIGHTS))


def fetch_weights(checkpoint: Checkpoint) -> bool:
    """Fetch the weights of a model on the hub; False if it has none in the safetensors format.

    Raises
    ------
    ModelError
        If they are not here and the hub can't be reached.
    """
    if not has_weights(checkpoint.folder) and checkpoint.on_hub:
        _from_hub(checkpoint.name, [*_SETTINGS, _WEIGHTS, "*.safetensors.index.json"], checkpoint.revision)
    return has_weights(checkpoint.folder)


def _from_hub(name: str, files: list[str], revision: str | None = None) -> Path:
    """Folder of the local copy with these files; asks the hub only if there is none."""
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import (
            GatedRepoError,
            HfHubHTTPError,
            HFValidationError,
            LocalEntryNotFoundError,
            RepositoryNotFoundError,
        )
    except ImportError as error:
        raise ModelError(NEEDS_PACKAGES.format(name)) from error
    if revision is None:
        try:
            folder = Path(snapshot_download(name, allow_patterns=files, local_files_only=True))
            if (folder / _CONFIG).exists():
                return folder
        except HFValidationError as error:
            raise ModelError(
                f"There is no folder “{name}”, and it can't be the name of a model on the hub."
            ) from error
        except LocalEntryNotFoundError:
            pass  # Not on this machine yet: ask the hub.
    other = "Use “signal”, or name a folder with the model."
    try:
        return Path(
            snapshot_download(name, revision=revision, allow_patterns=files, etag_timeout=_ANSWER_WITHIN_S)
        )
    except GatedRepoError as error:
        raise ModelError(
            f"The model “{name}” is only given to those who have asked for it. {other}"
        ) from error
    except RepositoryNotFoundError as error:
        raise ModelError(f"There is no model “{name}” on the hub, or it is private. {other}") from error
    # LocalEntryNotFoundError stands for every kind of failed connection.
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        raise ModelError(
            f"The model “{name}” is not on this machine, and the hub can't be reached. {other}"
        ) from error


def _read_settings(path: Path, name: str) -> dict[str, Any]:
    try:
        settings = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"“{name}” is no audio model for transformers: it has no {path.name}.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"The {path.name} of “{name}” can't be read: {error}") from error
    if not isinstance(settings, dict):
        raise ModelError(f"The {path.name} of “{name}” holds no settings.")
    return settings


def _read_preprocessor(folder: Path, name: str) -> dict[str, Any]:
    """Settings of the feature extractor, from the file that transformers would take."""
    if (folder / _PROCESSOR).is_file():
        processor = _read_settings(folder / _PROCESSOR, name)
        part = processor.get("feature_extractor") or processor.get("audio_processor")
        if isinstance(part, dict):
            return part
    return _read_settings(folder / _EXTRACTOR, name)


def _folder_revision(folder: Path) -> str:
    digest = blake2b(digest_size=16)
    settings = [path for file in _SETTINGS if (path := folder / file).is_file()]
    for path in sorted([*settings, *folder.glob(_WEIGHTS)]):
        digest.update(path.name.encode())
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
