"""File of slice definitions, slices.yaml: readable, in a fixed order of fields, vectors in a line each."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from slicecore.errors import DefinitionError, StorageError
from slicecore.storage.atomic import write_whole
from slicecore.transfer.definition import Definition, Definitions, Origin, Space
from slicecore.transfer.region import Region
from slicecore.transfer.rules_in_file import rule_in, rule_out
from slicecore.transfer.yaml_fields import Fields, Place, short_number, top_fields

VERSION = 1
_HEAD = """\
# Slices of a model, defined so that they can be recognised in other data (slicecore, docs/gate.md).
# Names, notes, tolerances and rules may be edited; vectors and hashes are made by slicecore.
"""
_EXACT = 9
_RARE_BREAKS = frozenset("\x85\u2028\u2029")


class _Writer(yaml.SafeDumper):
    """Writer of YAML that escapes line breaks other than the usual one, which a reader would take for spaces."""

    def represent_str(self, data: str) -> Any:
        style = '"' if _RARE_BREAKS.intersection(data) else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Writer.add_representer(str, _Writer.represent_str)


def as_definitions(given: Definitions | str | Path) -> Definitions:
    """Definitions as they are, or those of a file. Raises DefinitionError."""
    return given if isinstance(given, Definitions) else load_definitions(given)


def load_definitions(path: str | Path) -> Definitions:
    """Read definitions of slices from a YAML file.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    DefinitionError
        It can't be read, or is no such file; the text says line, field and remedy.

    Examples
    --------
    >>> result.definitions(verdicts=None).save("slices.yaml")
    >>> [definition.support for definition in sc.load_definitions("slices.yaml")]
    [20]
    """
    if not str(path).strip():
        raise DefinitionError("No file of definitions is named. Give its path, such as slices.yaml.")
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DefinitionError(
            f"{path} can't be read ({error.strerror}). Give a file that slicecore has written: slicecore scan "
            "--definitions slices.yaml, or the export of the review page."
        ) from error
    except UnicodeDecodeError as error:
        raise DefinitionError(f"{path} is no text in UTF-8. Save it as UTF-8.") from error
    except ValueError as error:
        raise DefinitionError("No file can have the name that is given for definitions. Check it.") from error
    return from_yaml(text, path.name)


def save(definitions: Definitions, path: Path) -> None:
    """Write definitions to a file, whole or not at all. Raises StorageError."""
    text = to_yaml(definitions)
    try:
        write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))
    except OSError as error:
        raise StorageError(
            f"{path} can't be written ({error.strerror}). Choose another place for the definitions."
        ) from error


def to_yaml(definitions: Definitions) -> str:
    """Text of the file."""
    origin = definitions.origin
    top: dict[str, Any] = {
        "version": VERSION,
        "metric": definitions.metric,
        "normalisation": definitions.normalisation,
        **_about_metric(definitions),
        "tolerance": short_number(definitions.tolerance),
        "tolerance_of_whole": short_number(definitions.tolerance_of_whole),
        "min_clips": definitions.min_clips,
        "made_of": {
            "table": origin.table,
            "prediction": origin.prediction,
            "clips": origin.clips,
            "value": short_number(origin.value),
            "time": origin.time,
            "slicecore": origin.slicecore,
        },
        "embeddings": [_space_out(space) for space in definitions.spaces.values()],
        "slices": [_definition_out(definition) for definition in definitions],
    }
    body = yaml.dump(top, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=1 << 30)
    return _HEAD + body


def _about_metric(definitions: Definitions) -> dict[str, Any]:
    """Fields that only detection, or the mean of a column, has."""
    fields: dict[str, Any] = {}
    if definitions.threshold is not None:
        fields["threshold"] = short_number(definitions.threshold, None)
    if definitions.is_mean:
        fields |= {"is_mean": True, "higher_is_better": definitions.higher_is_better}
    return fields


def from_yaml(text: str, file: str = "slices.yaml") -> Definitions:
    """Definitions from the text of a file; `file` is its name for errors. Raises DefinitionError."""
    top = top_fields(text, file)
    version = top["version"]
    if version.text() != str(VERSION):
        raise version.error(
            f"is {version.text()[:20]}, but this slicecore reads version {VERSION}. Install the slicecore that wrote "
            "the file, or export the definitions anew."
        )
    top.only(
        *("version", "metric", "normalisation", "threshold", "is_mean", "higher_is_better"),
        *("tolerance", "tolerance_of_whole", "min_clips", "made_of", "embeddings", "slices"),
    )
    threshold, is_mean, is_high = (top.get(name) for name in ("threshold", "is_mean", "higher_is_better"))
    spaces = [_space_in(place.fields()) for place in top["embeddings"].items()]
    by_model = {space.model: space for space in spaces}
    made_of = top["made_of"].fields().only("table", "prediction", "clips", "value", "time", "slicecore")
    try:
        return Definitions(
            slices=tuple(_definition_in(place, by_model) for place in top["slices"].items()),
            metric=top["metric"].text(),
            normalisation=top["normalisation"].text(),
            origin=Origin(
                table=made_of["table"].text(),
                prediction=made_of["prediction"].text(),
                clips=made_of["clips"].count(),
                value=made_of["value"].number(),
                time=made_of["time"].text(),
                slicecore=made_of["slicecore"].text(),
            ),
            tolerance=top["tolerance"].amount(),
            tolerance_of_whole=top["tolerance_of_whole"].amount(),
            min_clips=top["min_clips"].count(),
            spaces=by_model,
            threshold=threshold.number() if threshold else None,
            is_mean=bool(is_mean and is_mean.flag()),
            higher_is_better=bool(is_high and is_high.flag()),
        )
    except DefinitionError as error:
        raise error if str(error).startswith(file) else DefinitionError(f"{file}: {error}") from error


def _definition_out(definition: Definition) -> dict[str, Any]:
    out: dict[str, Any] = {
        "name": definition.name,
        "id": definition.id,
        "verdict": definition.verdict,
        "note": definition.note,
        "support": definition.support,
        "value": short_number(definition.value),
        "interval": [short_number(bound) for bound in definition.interval],
    }
    if definition.tolerance is not None:
        out["tolerance"] = short_number(definition.tolerance)
    if definition.rule is not None:
        out["rule"] = rule_out(definition.rule)
    if definition.region is not None:
        out["region"] = _region_out(definition.region)
    return out | {"clips": dict(definition.clips)}


def _definition_in(place: Place, spaces: Mapping[str, Space]) -> Definition:
    fields = place.fields().only(
        *("name", "id", "verdict", "note", "support", "value", "interval", "tolerance", "rule", "region"),
        "clips",
    )
    name = fields["name"].text().strip()
    if not name:
        raise fields["name"].error("is empty. Results go by it: give the slice a name.")
    tolerance, rule, region = (fields.get(field) for field in ("tolerance", "rule", "region"))
    bounds = [bound.number() for bound in fields["interval"].items()]
    if len(bounds) != 2 or bounds[0] > bounds[1]:
        raise fields["interval"].error("must have two numbers, the lower one first.")
    verdict, note = fields.get("verdict"), fields.get("note")
    return Definition(
        name=name,
        id=fields["id"].text(),
        support=fields["support"].count(),
        value=fields["value"].number(),
        interval=(bounds[0], bounds[1]),
        clips=fields["clips"].texts(),
        rule=rule_in(rule.fields()) if rule else None,
        region=_region_in(region.fields(), spaces) if region else None,
        verdict=verdict.text() if verdict else "",
        note=note.text() if note else "",
        tolerance=tolerance.amount() if tolerance else None,
    )


def _space_out(space: Space) -> dict[str, Any]:
    return {
        "model": space.model,
        "revision": space.revision,
        "settings": dict(space.settings),
        "centre": encoded(space.centre),
        "scale": encoded(space.scale),
    }


def _space_in(fields: Fields) -> Space:
    fields.only("model", "revision", "settings", "centre", "scale")
    centre = _vector(fields["centre"])
    settings = fields["settings"].plain()
    if not isinstance(settings, dict):
        raise fields["settings"].error("must consist of fields; {} for none.")
    scale = _vector(fields["scale"], len(centre))
    if not (scale > 0).all():
        raise fields["scale"].error("must be positive throughout. Export the definitions anew.")
    return Space(fields["model"].text(), fields["revision"].text(), settings, centre, scale)


def _region_out(region: Region) -> dict[str, Any]:
    return {
        "embedding": region.model,
        "precision": short_number(region.precision),
        "recall": short_number(region.recall),
        "radius": short_number(region.radius, _EXACT),
        "threshold": short_number(region.threshold, _EXACT),
        "centroid": encoded(region.centroid),
        "direction": encoded(region.direction),
        "neighbours": list(region.neighbours),
    }


def _region_in(fields: Fields, spaces: Mapping[str, Space]) -> Region:
    fields.only(
        *("embedding", "precision", "recall", "radius", "threshold", "centroid", "direction", "neighbours")
    )
    model = fields["embedding"].text()
    if model not in spaces:
        raise fields["embedding"].error(
            f"is “{model[:40]}”, which is not described under “embeddings”. Export the definitions anew."
        )
    length = len(spaces[model].centre)
    return Region(
        model=model,
        precision=fields["precision"].share(),
        recall=fields["recall"].share(),
        centroid=_vector(fields["centroid"], length),
        radius=fields["radius"].amount(),
        direction=_vector(fields["direction"], length),
        threshold=fields["threshold"].number(),
        neighbours=tuple(item.text() for item in fields["neighbours"].items()),
    )


def encoded(vector: NDArray[np.floating]) -> str:
    """A vector in a line: base64 of little-endian float32."""
    return base64.b64encode(np.asarray(vector, dtype="<f4").tobytes()).decode("ascii")


def _vector(place: Place, length: int | None = None) -> NDArray[np.float32]:
    try:
        raw = base64.b64decode(place.text(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise place.error("is no vector in base64. Export the definitions anew.") from error
    if not raw or len(raw) % 4 or length not in (None, len(raw) // 4):
        expected = f"{length} numbers" if length else "whole numbers of 4 bytes"
        raise place.error(f"is cut off: {len(raw)} bytes, not {expected}. Export the definitions anew.")
    vector = np.frombuffer(raw, dtype="<f4").astype(np.float32)
    if not np.isfinite(vector).all():
        raise place.error("has a value that is not finite. Export the definitions anew.")
    return vector
