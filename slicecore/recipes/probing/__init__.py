"""Probes: clips of a slice mended, or clean clips damaged, to see whether its cause is the cause."""

from slicecore.recipes.probing.judging import Judgement
from slicecore.recipes.probing.making import probe
from slicecore.recipes.probing.probe import Probe
from slicecore.recipes.probing.written import WrittenProbe, load_probe

__all__ = ["Judgement", "Probe", "WrittenProbe", "load_probe", "probe"]
