"""Rules of the causes: an entry of `CAUSES` per cause, with the order in which they hide each other."""

from slicecore.explain.causes.rules.order import CAUSES, shown_by
from slicecore.explain.causes.rules.rule import Gradual, Rule

__all__ = ["CAUSES", "Gradual", "Rule", "shown_by"]
