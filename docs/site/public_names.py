"""Public names of slicecore, read from its sources."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def public_names() -> Iterator[tuple[str, str]]:
    """Package and name of everything public, with the names in public modules."""
    folder = ROOT / "slicecore"
    for statement in ast.parse((folder / "__init__.pyi").read_text(encoding="utf-8")).body:
        if not isinstance(statement, ast.ImportFrom):
            continue
        for alias in statement.names:
            if statement.module:
                yield statement.module.split(".")[0], alias.name
            else:
                yield from (
                    (alias.name, f"{alias.name}.{name}") for name in _names_of_module(folder / alias.name)
                )


def _names_of_module(path: Path) -> list[str]:
    """Names that a module or a package exports: those in `__all__`, else its classes."""
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    body = ast.parse(file.read_text(encoding="utf-8")).body
    for statement in body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            return ast.literal_eval(statement.value)
    return [statement.name for statement in body if isinstance(statement, ast.ClassDef)]
