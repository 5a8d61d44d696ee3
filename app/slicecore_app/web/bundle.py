"""The modules of all components as one, made when the server starts.

A browser spends two milliseconds on every file that it asks for, and there are some eighty: as one they are there at
once. The modules stay files of their own for whoever writes, checks and tests them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter

_IMPORT = re.compile(r'^import \{\s*([^}]+?)\s*\} from "([^"]+)";$', re.MULTILINE)
_EXPORT_FROM = re.compile(r'^export \{\s*([^}]+?)\s*\} from "([^"]+)";$', re.MULTILINE)
_EXPORT_LIST = re.compile(r"export ?\{\s*([^}]+?)\s*\};?$", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) (\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def bundle(modules: Mapping[str, str]) -> str:
    """One module that exports `parts`, the default exports of all that have one by their path without ".js".

    Every module is a function that is called once, after those that it imports from. They may import and export names
    in braces, export what they declare, and have a default; what is exported must not change later. Modules may not
    import each other in a circle.

    Parameters
    ----------
    modules
        Text of every module, by its path.

    Raises
    ------
    ValueError
        For another form of import or export.
    graphlib.CycleError
        For a circle.
    """
    modules = {path: _EXPORT_FROM.sub(_taken_first, text) for path, text in modules.items()}
    imports = {
        path: [_at(path, other) for _, other in _IMPORT.findall(text)] for path, text in modules.items()
    }
    parts = [path for path, text in modules.items() if _DEFAULT.search(text)]
    needed = _reached(parts, imports)
    order = TopologicalSorter({path: imports[path] for path in sorted(needed)}).static_order()
    defaults = ", ".join(f'"{path.removesuffix(".js")}": modules["{path}"].default' for path in parts)
    functions = [_function(path, modules[path]) for path in order]
    return "\n".join(["const modules = {};", *functions, f"export const parts = {{ {defaults} }};\n"])


def _taken_first(match: re.Match[str]) -> str:
    """Import and export in the place of names that a module hands on from another."""
    names = ", ".join(name.rpartition(" as ")[2] for name in _names(match[1]))
    return f'import {{ {match[1]} }} from "{match[2]}";\nexport {{ {names} }};'


def _at(path: str, other: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), other))


def _reached(paths: Iterable[str], imports: Mapping[str, list[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(paths)
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += imports[path]
    return reached


def _function(path: str, text: str) -> str:
    """A module as a function that returns what the module exports."""
    exported = list(_EXPORT.findall(text))
    for names in _EXPORT_LIST.findall(text):
        exported += [_as_field(*name.partition(" as ")[::2]) for name in _names(names)]
    if _DEFAULT.search(text):
        exported.append("default: defaultExport")
    text = _IMPORT.sub(lambda match: _constants(path, match), _EXPORT_LIST.sub("", text))
    text = _DEFAULT.sub("const defaultExport = ", _EXPORT.sub("", text))
    left = _LEFT.search(text)
    if left:
        raise ValueError(f"{path} has a form of import or export that no bundle is made of: {left[0]}")
    return f'// {path}\nmodules["{path}"] = (() => {{\n{text}\nreturn {{ {", ".join(exported)} }};\n}})();'


def _constants(path: str, match: re.Match[str]) -> str:
    names = ", ".join(name.replace(" as ", ": ") for name in _names(match[1]))
    return f'const {{ {names} }} = modules["{_at(path, match[2])}"];'


def _as_field(name: str, exported: str) -> str:
    return f"{exported}: {name}" if exported else name


def _names(between_braces: str) -> list[str]:
    return [name.strip() for name in between_braces.split(",") if name.strip()]
