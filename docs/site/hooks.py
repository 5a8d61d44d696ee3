"""Pages of the site that are made of other files: the front page, the reference of the API and of the command line."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import typer
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from typer.core import TyperCommand

sys.path.append(str(Path(__file__).parent))

from public_names import ROOT, public_names

EXAMPLES = (
    "Examples begin with `import slicecore as sc`; their `clips` and `result` are those of "
    "[`find_slices`][slicecore.find_slices]."
)
PATH_AS_TEXT = re.compile(r"\[(?:docs/)?[\w-]+\.md\]\(([\w-]+\.md)((?:#[^)]*)?)\)")
OUTSIDE = re.compile(r"\]\(\.\./((?:\.\./)*)(README\.md|CONTRIBUTING\.md|CHANGELOG\.md)")
FETCHED = re.compile(
    r"<(?:script|link|img|iframe|source|audio|video)\b[^>]*(?:src|href)=[\"']?((?:https?:)?//[^\"'>\s]+)"
)
LOG = logging.getLogger("mkdocs.hooks")
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)

OF_THE_REPOSITORY = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
"""Pages of the site whose text is a file outside `docs/`."""

SUBJECTS = {
    "search": ("Search", "The whole way as one call, and its result.", ("pipeline", "sliceguard")),
    "tables": ("Tables", "Clips of any format.", ("table",)),
    "metrics": (
        "Metrics",
        "Costs of every clip, as sums, so that the value of a group is a ratio of sums.",
        ("metrics",),
    ),
    "embeddings": (
        "Embeddings and clusters",
        "Vectors of clips, the clusters over them, and their place on the map.",
        ("embedding", "clustering", "display"),
    ),
    "slices": (
        "Slices",
        "Clusters and conditions on which the model is worse; what they cost; clips beside them.",
        ("slices", "filtering"),
    ),
    "reasons": (
        "Reasons",
        "Measurements of clips, and why a slice is bad.",
        ("measurements", "explain", "text"),
    ),
    "transfer": (
        "Definitions, gate, history",
        "Slices in other data and in other versions.",
        ("transfer", "gate", "carry_over"),
    ),
    "hand-over": (
        "Verdicts, corrections, exports",
        "What reviewers decided, and what leaves the tool.",
        ("storage", "relabel", "report", "track", "recipes"),
    ),
    "errors": (
        "Errors",
        "Whatever slicecore raises on purpose is a `SlicecoreError` whose text says what is wrong, where, and what to "
        "do.",
        ("errors",),
    ),
}
"""Pages of the reference: title, what they are about, and packages whose public names stand on them."""

OF_OTHERS = "hand-over"
"""Page for the names of packages that none of them lists."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made of other files."""
    pages = {
        **{page: _moved(name) for name, page in OF_THE_REPOSITORY.items()},
        **dict(_reference()),
        "reference/cli.md": _command_line(),
    }
    for name, content in pages.items():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Name pages by their titles, where the text of a link is their path; keep links out of `docs/` on the site."""

    def titled(match: re.Match[str]) -> str:
        file = files.get_file_from_path(match[1])
        title = TITLE.search(file.content_string) if file else None
        return f"[{title[1]}]({match[1]}{match[2]})" if title else match[0]

    return PATH_AS_TEXT.sub(
        titled, OUTSIDE.sub(lambda match: f"]({match[1]}{OF_THE_REPOSITORY[match[2]]}", markdown)
    )


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Warn of pages that would ask another host for something; links to others are none of that."""
    for remote in FETCHED.findall(output):
        LOG.warning("%s asks another host: %s", page.file.src_uri, remote)
    return output


def _moved(name: str) -> str:
    """Text of a file of the repository, with its links as they are in `docs/`."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")
    for old, new in OF_THE_REPOSITORY.items():
        text = text.replace(f"]({old}", f"]({new}")
    return text


def _reference() -> Iterator[tuple[str, str]]:
    """Pages of the API. Each public name stands on the page of its package."""
    page_of = {package: page for page, (_, _, packages) in SUBJECTS.items() for package in packages}
    names: dict[str, list[str]] = {page: [] for page in SUBJECTS}
    for package, name in public_names():
        names[page_of.get(package, OF_OTHERS)].append(name)
    for page, (title, about, _) in SUBJECTS.items():
        entries = "\n".join(map(_entry, sorted(names[page], key=_functions_first)))
        yield f"reference/{page}.md", f"# {title}\n\n{about}\n\n{EXAMPLES}\n\n{entries}\n"


def _functions_first(name: str) -> tuple[bool, str]:
    """Key of an entry: functions before classes, in the order of the alphabet."""
    return name.rpartition(".")[2][0].isupper(), name.lower()


def _entry(name: str) -> str:
    """Entry of a public name, under the name by which it is called."""
    return f"::: slicecore.{name}\n    options: {{heading: {name}, toc_label: {name}}}\n"


def _command_line() -> str:
    """Page of the command line."""
    from slicecore.cli.commands import cli
    from slicecore_app.launch import run

    cli.command("run")(run)
    program = typer.main.get_command(cli)
    context = typer.Context(program, info_name="slicecore")
    commands = [(name, program.get_command(context, name)) for name in program.list_commands(context)]
    contents = "".join(
        f"| [`{name}`](#slicecore-{name}) | {_line(command.help)} |\n" for name, command in commands
    )
    sections = "\n".join(_command(name, command, context) for name, command in commands)
    return f"# Command line\n\n| | |\n|---|---|\n{contents}\n{sections}"


def _command(name: str, command: TyperCommand, parent: typer.Context) -> str:
    context = typer.Context(command, info_name=name, parent=parent)
    usage = f"slicecore {name} {' '.join(command.collect_usage_pieces(context))}"
    records = [parameter.get_help_record(context) for parameter in command.get_params(context)]
    rows = "".join(f"| `{option}` | {_line(text)} |\n" for option, text in filter(None, records))
    about = (command.help or "").split("\n\n")[0]
    return (
        f"## slicecore {name}\n\n{about}\n\n```\n{usage}\n```\n\n"
        f'<div class="options" markdown>\n\n| | |\n|---|---|\n{rows}\n</div>\n'
    )


def _line(text: str | None) -> str:
    """Text as a cell of a table."""
    return re.sub(r"\s+", " ", text or "").replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
