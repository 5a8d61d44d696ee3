"""Arrays that take long to work out from texts, kept on disk for the next start."""

from __future__ import annotations

import hashlib
import logging
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slicecore.metrics.builtin import Texts
from slicecore.storage.atomic import write_whole
from slicecore.storage.home import cache_folder

_log = logging.getLogger(__name__)


def kept_arrays(
    what: str,
    texts: Sequence[Texts],
    make: Callable[[], dict[str, NDArray]],
    cache: Path | None = None,
    numbers: Sequence[NDArray] = (),
) -> dict[str, NDArray]:
    """What `make` gives, from the cache where it was made before of the same.

    Parameters
    ----------
    what
        Name of what is made, with everything it depends on besides texts and numbers, its version included.
    texts, numbers
        What it is made of.
    cache
        Folder of the cache; the user's by default.
    """
    digest = hashlib.blake2b(f"{what} {[len(one) for one in texts]}".encode(), digest_size=16)
    for column in texts:
        # Each text is preceded by its length, so that no two tables run together to the same content.
        digest.update("".join(f"{len(text)}:{text}" for text in column).encode("utf-8", "surrogatepass"))
    for array in numbers:
        digest.update(f"{array.dtype} {array.shape}".encode() + np.ascontiguousarray(array).tobytes())
    path = (cache if cache is not None else cache_folder()) / "counts" / f"{digest.hexdigest()}.npz"
    try:
        with np.load(path, allow_pickle=False) as kept:
            return dict(kept)
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        _log.warning("What is kept in %s is damaged (%s); it is made again.", path, error)
    made = make()
    parts: dict[str, Any] = made
    try:
        write_whole(path, lambda part: np.savez(part, **parts))
    except OSError as error:
        _log.warning("Nothing can be kept in %s (%s); the next start makes it again.", path, error)
    return made
