"""Probable causes: what is audibly or legibly wrong with a group of clips, and not with the rest.

`build_context` looks at the whole set once; `find_causes` then answers for any group of its clips.
"""

from __future__ import annotations

from slicecore.explain.causes.cause import Cause
from slicecore.explain.causes.context import Context, build_context
from slicecore.explain.causes.finding import find_causes
from slicecore.explain.causes.rules import CAUSES

__all__ = ["CAUSES", "Cause", "Context", "build_context", "find_causes"]
