"""Targets of the fuzzer: each takes bytes and raises where what is promised does not hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fuzz import from_outside, sound, stores, tables, texts


@dataclass(frozen=True)
class Target:
    """What is fuzzed: a function of bytes, and inputs from which others are made."""

    name: str
    run: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]


def _none() -> list[bytes]:
    return []


TARGETS = {
    target.name: target
    for target in (
        Target("tables", tables.run, tables.seeds),
        Target("tables-structured", tables.structured.hypothesis.fuzz_one_input, _none),
        Target("sound", sound.run, sound.seeds),
        Target("sound-names", sound.run_names, sound.name_seeds),
        Target("alignment", texts.run_alignment, texts.alignment_seeds),
        Target("definitions", texts.run_definitions, texts.definition_seeds),
        Target("cells", texts.run_cells, texts.cell_seeds),
        Target("checked-file", stores.run_checked, stores.seeds),
        Target("clip-store", stores.run_store, stores.seeds),
        Target("address", from_outside.run_address, from_outside.address_seeds),
        Target("requests", from_outside.run_requests, from_outside.request_seeds),
        Target("gate", from_outside.run_gate, from_outside.gate_seeds),
    )
}
