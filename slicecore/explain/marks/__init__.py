"""Marks of faults: where in a recording the causes are that it shows."""

from slicecore.explain.marks.mark import Mark
from slicecore.explain.marks.marking import FINDERS, LONGEST_S, marks, marks_of_clip, thinned

__all__ = ["FINDERS", "LONGEST_S", "Mark", "marks", "marks_of_clip", "thinned"]
