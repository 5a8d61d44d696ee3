"""Recipes of audiomentations as transforms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from slicecore.errors import DefinitionError
from slicecore.recipes.yaml_text import CLASS

_NEEDS = "audiomentations is not installed. Install it with: pip install 'slicecore[augment]'"


def load(path: str | Path) -> Callable[..., Any]:
    """The `Compose` of audiomentations that a recipe describes.

    Parameters
    ----------
    path
        The file audiomentations.yaml of a recipe. Sounds that it mixes in are looked for beside it.

    Returns
    -------
    audiomentations.Compose
        Call it with `samples`, (samples,) float32, and `sample_rate`.

    Raises
    ------
    DefinitionError
        The file can't be used, its sounds are missing, or audiomentations is not installed.
    """
    path = Path(path)
    try:
        recipe = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DefinitionError(
            f"The recipe {path} can't be read ({error.strerror}). Give the file audiomentations.yaml of a recipe."
        ) from error
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise DefinitionError(f"{path} is no YAML. Make the recipe anew.") from error
    try:
        import audiomentations
    except ImportError as error:
        raise DefinitionError(_NEEDS) from error
    try:
        made: Callable[..., Any] = _built(recipe, path, audiomentations)
    except RecursionError as error:
        raise DefinitionError(f"A transform in {path} contains itself. Make the recipe anew.") from error
    return made


def _built(node: object, path: Path, library: Any) -> Any:
    if not isinstance(node, Mapping) or not isinstance(node.get(CLASS), str):
        raise DefinitionError(
            f"{path} has something that is no transform with a {CLASS}. Make the recipe anew."
        )
    name, arguments = node[CLASS], {key: value for key, value in node.items() if key != CLASS}
    kind = getattr(library, name, None)
    if not isinstance(kind, type) or not callable(getattr(kind, "randomize_parameters", None)):
        raise DefinitionError(f"{path} names “{name}”, which is no transform of audiomentations.")
    if "transforms" in arguments:
        inner = arguments["transforms"] if isinstance(arguments["transforms"], list) else [None]
        arguments["transforms"] = [_built(each, path, library) for each in inner]
    if "sounds_path" in arguments:
        sounds = path.parent / str(arguments["sounds_path"])
        if not sounds.exists():
            raise DefinitionError(
                f"The sounds of {path} are missing: there is no {sounds}. Copy them with it."
            )
        arguments["sounds_path"] = str(sounds)
    try:
        return kind(**arguments)
    except (TypeError, ValueError, AssertionError) as error:
        why = str(error) or type(error).__name__
        raise DefinitionError(f"{path}: audiomentations refuses “{name}”: {why}. Correct it.") from error
