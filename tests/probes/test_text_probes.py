"""Hostile texts in every place where a text leaves slicecore: Markdown, HTML, CSV, YAML, names of files."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
import yaml

from slicecore.errors import DefinitionError
from slicecore.report.csv_text import harmless, original
from slicecore.report.html.rendering import templates
from slicecore.storage.home import workspace_folder
from slicecore.storage.safe_names import SafeNames, is_device
from slicecore.transfer.file import from_yaml
from slicecore_app.server.uploads import file_name
from slicecore_app.wording import escaped

TEXTS = (
    "![p](http://127.0.0.1:9/p.png)",
    "[l](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--",
    "]]>",
    "{{ 7*7 }}{% for x in y %}",
    "{0.__class__}%(x)s%n${x}",
    "$x^2$ $$y$$",
    ":red[z] :material/bolt: :smile:",
    "`c` ```\ncode\n```",
    "# heading\n---\n* item",
    "| a | b |\n|---|---|",
    "http://evil.org www.evil.org a@evil.org",
    "&lt;b&gt; &amp;amp; &#x3c;",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r\n=1+1",
    "a;=1+1",
    '"=1+1"',
    "＝1+1",
    "\ufeff=1",
    "'=x",
    "\x00\x01\x1b[31m",
    "\ud800",
    "\u202eevil\u202c",
    "a\u2028b\u2029c\x85d",
    "e\u0301\u200b\u200d",
    "!!python/object/apply:os.system ['x']",
    "&a [*a, *a]",
    "yes",
    "1e5",
    "null",
    "- a\n- b",
    "key: value # c",
    "../../etc/passwd",
    "..\\..\\x",
    "CON",
    "a" * 5000,
    "/",
    ".",
    "..",
    "~root",
    "$HOME `id` $(id)",
    " ",
    "",
    "%00%2e%2e",
    "x\ny",
)
each = pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text)[:30])


def well_formed(text: str) -> str:
    return text.encode("utf-8", "ignore").decode()


@each
def test_markdown_shows_it_as_it_is(text):
    shown = escaped(text)
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", shown)
    assert not re.search(r"!\[|\]\(|<[a-z/!]|\$\w|:\w+\[|`\w|^[#|*-] |&\w+;", bare, re.MULTILINE)
    assert not re.search(r"(?<!\w)(https?://|www\.)\w", bare)


@each
def test_html_holds_it_as_text(text):
    made = templates().from_string('<p title="{{ text }}">{{ text }}</p>').render(text=well_formed(text))
    assert len(re.findall(r"<", made)) == 2
    assert len(re.findall(r'"', made)) == 2
    assert "onerror" not in re.sub(r">[^<]*<|\"[^\"]*\"", "", made)


@each
def test_csv_runs_nothing_and_gives_it_back(text):
    out = io.StringIO()
    csv.writer(out).writerow([harmless(text), "x"])
    out.getvalue().encode("utf-8")
    ((cell, _),) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert original(cell) == text
    for part in re.split("[;\t\r\n]", cell):
        assert not re.match(r'["\s]*[=+@＝＋－＠\ufeff]', part) or re.fullmatch(r"[+-]?[\d.]+", part)


@each
def test_yaml_makes_nothing_of_it(text):
    name = yaml.safe_dump(well_formed(text))
    for file in (f"version: 1\nmetric: {name}", well_formed(text)):
        with pytest.raises(DefinitionError):
            from_yaml(file)


@each
def test_names_of_files_stay_in_their_folder(text, tmp_path):
    part = SafeNames([text]).part[text]
    upload = file_name(text)
    for name in (part, upload):
        assert "/" not in name and "\\" not in name and "\0" not in name
        assert name not in ("", ".", "..") and len(name.encode("utf-8", "replace")) <= 250
        assert (tmp_path / name).resolve().parent == tmp_path.resolve()
        assert not is_device(name) and name == name.rstrip(" .")
    (tmp_path / upload).write_text("x")


@each
def test_a_workspace_stays_in_the_home(text, tmp_path):
    folder = workspace_folder(Path("/tables") / well_formed(text).replace("\0", ""))
    assert folder.parent == tmp_path / "home" / "workspaces"
