"""Packages that slicecore and its extras ask for, by the metadata of what is installed."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from slicecore.errors import SlicecoreError

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_DISTRIBUTION = "slicecore"


def extras() -> list[str]:
    """Names of the extras of slicecore."""
    return importlib.metadata.metadata(_DISTRIBUTION).get_all("Provides-Extra") or []


def required(extra: str) -> Iterator[Requirement]:
    """Requirements of slicecore, or those that an extra adds, with the extras of these.

    Parameters
    ----------
    extra
        Name of the extra; "" for what slicecore asks for without one.
    """
    for requirement in _asked_by(_DISTRIBUTION, extra):
        yield requirement
        for further in sorted(requirement.extras):
            yield from _asked_by(requirement.name, further)


def require(extra: str, what: str) -> None:
    """Raise SlicecoreError where packages of an extra are not installed.

    Parameters
    ----------
    extra
        Name of the extra.
    what
        Wants them; the sentence begins with it.
    """
    lacking = [requirement.name for requirement in required(extra) if not _is_installed(requirement.name)]
    if lacking:
        raise SlicecoreError(
            f"{what} needs packages that are not installed ({', '.join(lacking)}). Install them with: "
            f"pip install '{_DISTRIBUTION}[{extra}]'"
        )


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _asked_by(distribution: str, extra: str) -> Iterator[Requirement]:
    from packaging.requirements import Requirement

    try:
        texts = importlib.metadata.requires(distribution) or []
    except importlib.metadata.PackageNotFoundError:
        return
    for text in texts:
        requirement = Requirement(text)
        always = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        added = (
            not always and requirement.marker is not None and requirement.marker.evaluate({"extra": extra})
        )
        if (added if extra else always) and requirement.name != _DISTRIBUTION:
            yield requirement
