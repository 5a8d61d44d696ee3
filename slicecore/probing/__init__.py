"""Probes: clips of a slice mended, or clean clips damaged, to see whether its cause is the cause."""

from slicecore.probing.judging import Judgement
from slicecore.probing.making import probe
from slicecore.probing.probe import Probe
from slicecore.probing.written import WrittenProbe, load_probe

__all__ = ["Judgement", "Probe", "WrittenProbe", "load_probe", "probe"]
