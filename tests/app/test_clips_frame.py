"""The script that the frame of the clips table runs is made of modules that can't be imported there."""

from __future__ import annotations

import re

from slicecore_app.review.clips import component, frame


def test_script_of_the_frame_holds_all_modules_and_imports_nothing():
    script = frame.frame_script()
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
    assert "import.meta" not in script
    for name in ("colourScale", "significant", "valueCell", "forwardKey"):
        assert re.search(rf"(function|const) {name}\b", script), name


def test_no_name_is_declared_twice_in_the_script():
    declared = re.findall(r"^(?:const|let|function) (\w+)", frame.frame_script(), re.MULTILINE)
    assert len(declared) == len(set(declared))


def test_everything_that_aggrid_calls_is_exported():
    returned = re.search(r"return \{ (.+) \};\n\}\)\(\)$", frame.frame_script())[1].split(", ")
    sources = "".join(module.__loader__.get_source(module.__name__) for module in (frame, component))
    called = re.findall(r'(?:calls|cell|_number)\(f?"(\w+)|clipsGrid\.(\w+)', sources)
    assert {name or other for name, other in called} <= set(returned)
