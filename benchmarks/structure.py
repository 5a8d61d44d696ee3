"""Structure of the two packages as text: rooms by floor, circles, longest functions and modules.

Run: `python benchmarks/structure.py`. A room stands one floor above the highest that it imports, for types too.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp

PACKAGES = ("slicecore", "slicecore_app")
FOLDERS = (Path("slicecore"), Path("app"))
ROOT = Path(__file__).parents[1]
LONGEST = 10


def rooms(package: str) -> dict[str, set[str]]:
    """Imports of every room of a package (a direct child: folder or module) from the others."""
    graph = grimp.build_graph(package)
    imports: dict[str, set[str]] = defaultdict(set)
    for module in graph.modules - {package}:
        room = module.split(".")[1]
        targets = (name.split(".") for name in graph.find_modules_directly_imported_by(module))
        imports[room] |= {parts[1] for parts in targets if len(parts) > 1 and parts[1] != room}
    return dict(imports)


def circle(imports: dict[str, set[str]]) -> list[str]:
    """A circle among rooms, or an empty list."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def floors(imports: dict[str, set[str]]) -> dict[str, int]:
    """The floor of every room, 1 on the ground."""
    height: dict[str, int] = {}
    for room in TopologicalSorter(imports).static_order():
        height[room] = 1 + max((height[below] for below in imports.get(room, ())), default=0)
    return height


def functions(path: Path) -> Iterator[tuple[int, str]]:
    """Length in lines and name of every function of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.end_lineno - node.lineno + 1, f"{path.relative_to(ROOT)}:{node.name}"


def main() -> None:
    """Print everything."""
    for package in PACKAGES:
        imports = rooms(package)
        cycle = circle(imports)
        print(f"\n{package}: {len(imports)} rooms, circle: {' -> '.join(cycle) or 'none'}")
        if cycle:
            continue
        height = floors(imports)
        for floor in sorted(set(height.values()), reverse=True):
            for room in sorted(room for room in height if height[room] == floor):
                print(f"{floor:>3}  {room:<14}{' '.join(sorted(imports.get(room, ())))}")
    files = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    print("\nLongest functions (lines)")
    for length, name in sorted((entry for path in files for entry in functions(path)), reverse=True)[
        :LONGEST
    ]:
        print(f"{length:>5}  {name}")
    print("\nLongest modules (lines)")
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    for path in sorted(files, key=lambda path: -lengths[path])[:LONGEST]:
        print(f"{lengths[path]:>5}  {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
