"""Recipes as YAML: what audiomentations and NeMo read, and beside it as comments what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import indent, wrap
from typing import TYPE_CHECKING, Any

import yaml

import slicecore
from slicecore.recipes.recipe import NOISE_MANIFEST
from slicecore.wording import clips, percent, printable

if TYPE_CHECKING:
    from slicecore.recipes.recipe import Recipe, Step, Transform

CLASS = "__class_fullname__"
"""Field with the name of a transform, as audiomentations writes it (`to_dict`)."""
_WIDTH = 110
_NOISES = ("noise", "noise_norm")


def audiomentations_yaml(recipe: Recipe) -> str:
    """The recipe as audiomentations describes a `Compose`; "" where there are no steps."""
    if not recipe.steps:
        return ""
    lines = [
        *_head(recipe, "audiomentations"),
        *_comment(
            "Load it with slicecore.recipes.load, or build each transform by name; paths are relative to this file. "
            f"The clips are to have {recipe.rate:,} Hz."
        ),
    ]
    lines += [f"{CLASS}: Compose", f"p: {recipe.share}  # share of the clips that are changed", "transforms:"]
    for step in recipe.steps:
        lines += _about(step)
        lines.append(_dump([_node(step)]))
    return "\n".join(line.rstrip("\n") for line in lines) + "\n"


def nemo_yaml(recipe: Recipe) -> str:
    """The section `augmentor` of NeMo's `model.train_ds`; "" where no step can be made with it."""
    lines, used = [], set()
    for step in recipe.steps:
        for perturbation in step.perturbations:
            about = _about(step, *step.nemo_notes)
            if perturbation.name in used:
                about += _comment(f"Left out: NeMo takes “{perturbation.name}” once.")
                lines += about
                continue
            used.add(perturbation.name)
            share = {"prob": round(step.share * recipe.share, 3)}
            lines += [*about, _dump({perturbation.name: share | _with_folder(perturbation, step)})]
        if not step.perturbations:
            lines += _comment(f"{step.label}: NeMo has no perturbation that makes it.")
    if not used:
        return ""
    head = _head(recipe, "NeMo")
    head += _comment(
        "Put it under model.train_ds. manifest_path is relative to where the training is started."
    )
    body = indent("\n".join(line.rstrip("\n") for line in lines), "  ")
    return "\n".join([*head, "augmentor:", body]) + "\n"


def _head(recipe: Recipe, library: str) -> list[str]:
    lines = _comment(
        f"Recipe for {library} by slicecore {slicecore.__version__}: makes clips like those of the slice "
        f"“{recipe.name}”, {clips(recipe.support)} of {recipe.table}."
    )
    for label, sentence in recipe.without.items():
        lines += _comment(f"Without a recipe: {label}. {sentence}")
    return lines


def _about(step: Step, *notes: str) -> list[str]:
    lines = _comment(f"{step.label}, {_of_clips(step.share)}.")
    for text in (*map(str, step.measured), *step.notes, *notes):
        lines += _comment(text)
    return lines


def _of_clips(share: float) -> str:
    return "in all changed clips" if share == 1 else f"in {percent(share)} of the changed clips"


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(printable(text), _WIDTH, break_on_hyphens=False)]


def _node(step: Step) -> dict[str, Any]:
    nodes = [
        {CLASS: transform.name, "p": 1.0, **_with_folder(transform, step)} for transform in step.transforms
    ]
    if len(nodes) == 1:
        return nodes[0] | {"p": step.share}
    return {CLASS: "Compose", "p": step.share, "transforms": nodes}


def _with_folder(transform: Transform, step: Step) -> dict[str, Any]:
    places: Mapping[str, str] = {}
    if step.folder:
        manifest = f"{step.folder}/{NOISE_MANIFEST}"
        is_nemo = transform.name in _NOISES
        places = {"manifest_path": manifest} if is_nemo else {"sounds_path": step.folder}
    return {**places, **transform.arguments}


def _dump(node: Iterable[Any]) -> str:
    text: str = yaml.safe_dump(node, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return text
