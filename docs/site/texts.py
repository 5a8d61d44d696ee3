"""All texts of the page as a list, to be read in one go: `python docs/site/texts.py`.

A text is what stands in quotes in the app and reads like words. What is put in from the data stands as {…}.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
APP = ROOT / "app" / "slicecore_app"
OF_LIBRARY = ("wording.py", "explain", "report/glossary.py", "measurements")  # what the page has from there
COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*|\s//\s[^\n]*", re.DOTALL | re.MULTILINE)
QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
WORDS = re.compile(r"[A-Z“][a-z’]+\b.*|.*[a-z,.:;]{2,} (?:\{…\}|[a-z(“0-9]).*", re.DOTALL)
CODE = re.compile(
    r"[<>=\[\]]|--|::|;\s|\bpx\b|%,|^[.#@]|^[a-z-]+\(|^M\d|^\W*[a-z]+(-[a-z]+)+\b|^[A-Z][a-z]+[A-Z]|https?:|^\w+(\.\w+)+$"
)


def texts(file: Path) -> Iterator[tuple[int, str]]:
    """Line and text of everything in a file that a reader of the page may meet."""
    found = _of_python if file.suffix == ".py" else _of_javascript
    for line, text in found(file.read_text(encoding="utf-8")):
        words = " ".join(text.split())
        if WORDS.fullmatch(words) and not CODE.search(words):
            yield line, words


def _of_python(source: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.Expr))
    left_out = {id(statement.value) for statement in statements}  # docstrings among them
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.JoinedStr):
            left_out.update(id(inner) for inner in ast.walk(node))
            parts = (str(part.value) if isinstance(part, ast.Constant) else "{…}" for part in node.values)
            yield node.lineno, "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def _of_javascript(source: str) -> Iterator[tuple[int, str]]:
    code = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source)
    for match in QUOTED.finditer(code):
        text = match[1] if match[1] is not None else re.sub(r"\$\{[^{}]*\}", "{…}", match[2])
        yield code.count("\n", 0, match.start()) + 1, text


def main() -> None:
    """Print the texts of every file below its name."""
    files = [file for place in OF_LIBRARY for file in _files(ROOT / "slicecore" / place)]
    for file in [*_files(APP), *files]:
        lines = list(texts(file))
        if lines:
            print(f"\n{file.relative_to(ROOT)}")
            print("\n".join(f"{line:5d}  {text}" for line, text in lines))


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return sorted(
        file for file in place.rglob("*") if file.suffix in {".py", ".js"} and "vendor" not in file.parts
    )


if __name__ == "__main__":
    main()
