"""Public names of slicecore, read from its sources."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

BESIDES = (("sliceguard", "sliceguard.SliceGuard"), ("embedding", "embedding.Cluster"))
"""Package and name of what is public and imported from its package."""


def public_names() -> Iterator[tuple[str, str]]:
    """Package and name of everything public, with the names in public modules that are not public by themselves."""
    folder = ROOT / "slicecore"
    body = ast.parse((folder / "__init__.pyi").read_text(encoding="utf-8")).body
    imports = [statement for statement in body if isinstance(statement, ast.ImportFrom)]
    names = {alias.name: each.module for each in imports for alias in each.names}
    for name, module in names.items():
        if module:
            yield module.split(".")[0], name
        else:
            inner = _names_of_module(folder / name)
            yield from ((name, f"{name}.{each}") for each in inner if each not in names)
    yield from BESIDES


def _names_of_module(path: Path) -> list[str]:
    """Names that a module or a package exports: those in `__all__`, else its classes."""
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    body = ast.parse(file.read_text(encoding="utf-8")).body
    for statement in body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            return ast.literal_eval(statement.value)
    return [statement.name for statement in body if isinstance(statement, ast.ClassDef)]
