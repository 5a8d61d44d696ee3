"""The names that `import slicecore as sc` offers."""

import importlib
import subprocess
import sys
from importlib.metadata import version

import numpy as np
import pytest
import soundfile

import slicecore as sc


def loaded_after(code):
    """Top-level modules that a fresh interpreter has loaded once it ran some code."""
    code += "\nimport sys; print(*{name.split('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_slicecore_loads_no_numpy_and_nothing_heavier():
    heavy = {"numpy", "pandas", "scipy", "sklearn", "numba", "librosa", "torch", "transformers"} | {
        "streamlit",
        "matplotlib",
    }
    assert not loaded_after("import slicecore") & heavy
    assert "numpy" in loaded_after("import slicecore; slicecore.scan")


def test_a_search_in_recordings_of_any_rate_loads_nothing_of_the_extras(tmp_path):
    for row in range(3):
        sound = np.random.default_rng(row).normal(size=44100) / 10
        soundfile.write(tmp_path / f"{row}.wav", sound, 44100)
    table = tmp_path / "table.csv"
    table.write_text(
        "audio,sentence,prediction\n" + "".join(f"{row}.wav,a word,a word\n" for row in range(3))
    )
    loaded = loaded_after(
        f"from pathlib import Path; import slicecore as sc; from slicecore.pipeline import analyse\n"
        f"print(analyse(sc.read({str(table)!r}), measure=True, cache=Path({str(tmp_path)!r})).embeddings.vectors.shape)"
    )
    assert {"soxr", "soundfile"} < loaded
    assert not loaded & {"librosa", "numba", "plotly", "pynndescent", "sklearn", "streamlit", "umap"}


def test_every_public_name_can_be_had():
    assert len(sc.__all__) > 40
    for name in sc.__all__:
        assert getattr(sc, name) is not None
    assert set(sc.__all__) <= set(dir(sc))
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = sc.no_such_name


def test_scan_is_the_function_whatever_is_imported_first():
    for first in ("import slicecore", "import slicecore.slices.scanner", "import slicecore.cli.commands"):
        run = [sys.executable, "-c", f"{first}\nimport slicecore\nprint(type(slicecore.scan).__name__)"]
        assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == "function\n"
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("slicecore.scan")


@pytest.mark.parametrize("name", ["errors", "metrics", "sliceguard", "embedding", "measurements"])
def test_documented_modules_keep_their_paths(name):
    assert importlib.import_module(f"slicecore.{name}").__name__ == f"slicecore.{name}"


def test_the_version_is_that_of_the_installed_package():
    assert sc.__version__ == version("slicecore")
