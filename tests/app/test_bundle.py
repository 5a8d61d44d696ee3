"""One module of many: the forms in which modules import and export, and what is in that of the page."""

import os
import re
import subprocess
import sys
from graphlib import CycleError
from pathlib import Path

import pytest

from slicecore_app.web import components
from slicecore_app.web.bundle import bundle
from slicecore_app.web.components import PARTS, assets

MODULES = {
    "web/names.js": "const b = 2;\nexport const a = 1;\nexport async function c() {}\nexport { b as second };",
    "web/minified.js": "const h=1,e=2;export{h as Node,e as cluster};",
    "review/part.js": """import { a as one, second } from "../web/names.js";
export { Node } from "../web/minified.js";
export default make(one, second);""",
    "review/frame.js": "export const never = asked();",
}


def test_a_module_is_a_function_of_what_it_imports_that_returns_what_it_exports():
    text = bundle(MODULES)
    assert 'const { a: one, second } = modules["web/names.js"];' in text
    assert "return { a, c, second: b };" in text
    assert "return { Node: h, cluster: e };" in text
    assert "return { Node, default: defaultExport };" in text
    assert 'export const parts = { "review/part": modules["review/part.js"].default };' in text
    assert text.index("// web/names.js") < text.index("// review/part.js")
    assert "asked" not in text  # nothing that has a default imports from it


def test_modules_that_import_each_other_are_refused():
    circle = {
        "a.js": 'import { b } from "./b.js";\nexport default b;',
        "b.js": 'import { a } from "./a.js";\nexport const b = a;',
    }
    with pytest.raises(CycleError):
        bundle(circle)


@pytest.mark.parametrize(
    "line", ['import * as all from "./x.js";', "export let changes = 1;", 'import "./x.js";']
)
def test_another_form_is_refused_by_the_name_of_its_module(line):
    with pytest.raises(ValueError, match=r"part\.js"):
        bundle({"part.js": f"{line}\nexport default 1;"})


def test_every_component_of_the_app_is_in_the_module_of_the_page():
    parts = assets()[PARTS][0].decode().splitlines()[-1]
    used = set()
    for path in Path(components.FOLDER).rglob("*.py"):
        used |= set(re.findall(r'component\("([\w/]+)"', path.read_text(encoding="utf-8")))
    assert len(used) > 10
    assert [name for name in used if f'"{name}": modules' not in parts] == []


def test_every_process_makes_the_same_module():
    """Streamlit tells components by their text: where it is another after a restart, a tab loses its own."""
    asked = "from slicecore_app.web.components import assets_version; print(assets_version())"
    versions = {
        subprocess.run(
            [sys.executable, "-c", asked],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(versions) == 1
