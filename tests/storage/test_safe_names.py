"""Names of slices as names of files and of a tracker's numbers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore.storage.safe_names import SafeNames, is_device, safe_name


@given(st.lists(st.text(min_size=1), max_size=4, unique=True))
def test_any_names_are_taken_and_differ(names):
    parts = SafeNames(names).part
    assert len({part.casefold() for part in parts.values()}) == len(names)
    for name, part in parts.items():
        assert re.fullmatch(r"[\w.\- ]{1,130}", part) and part.strip(". ") not in ("", ".")
        assert part == part.strip(), "no name ends with a space"
        assert safe_name(name) == safe_name(name)


@pytest.mark.parametrize("name", ["con", "NUL", "Aux.csv", "com1", "lpt9.tar.gz", "COM³", "conin$"])
def test_no_name_is_that_of_a_device_on_windows(name):
    assert is_device(name)
    assert not is_device(safe_name(name))
    assert not is_device(f"a{name}")
