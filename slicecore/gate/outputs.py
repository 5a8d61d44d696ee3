"""Results of a gate as files: JUnit XML for build systems, Markdown for people, JSON for programs."""

from __future__ import annotations

import html
import json
import math
import re
from typing import Any
from xml.etree import ElementTree as ET

from slicecore.gate.result import BETTER, SKIPPED, WORSE, Check, Gate
from slicecore.metrics import Costs
from slicecore.wording import clips, printable

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+.!|~@:-])")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SIGNS = {WORSE: "❌ worse", SKIPPED: "⚪ skipped", BETTER: "✅ better", "ok": "✅ ok"}
_SUITE = "slicecore gate"


def junit(gate: Gate) -> str:
    """JUnit XML: a test case per check, a failure where it got worse, skipped where it could not be compared."""
    failures, skipped = (sum(check.status == status for check in gate.checks) for status in (WORSE, SKIPPED))
    counts = {
        "name": _SUITE,
        "tests": str(len(gate.checks)),
        "failures": str(failures),
        "errors": "0",
        "skipped": str(skipped),
        "time": "0",
    }
    suites = ET.Element("testsuites", {name: counts[name] for name in counts if name != "skipped"})
    suite = ET.SubElement(suites, "testsuite", counts | {"timestamp": gate.run.time.partition("+")[0]})
    for check in gate.checks:
        case = ET.SubElement(
            suite,
            "testcase",
            {"classname": _xml(f"slicecore.{gate.run.table}"), "name": _xml(check.name), "time": "0"},
        )
        if check.status == WORSE:
            failure = ET.SubElement(case, "failure", {"message": _xml(check.sentence), "type": WORSE})
            failure.text = _xml(_lines(check, gate))
        elif check.status == SKIPPED:
            ET.SubElement(case, "skipped", {"message": _xml(check.sentence)})
        else:
            ET.SubElement(case, "system-out").text = _xml(_lines(check, gate))
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def markdown(gate: Gate) -> str:
    """Summary in Markdown, for the page of a build."""
    costs = gate.run.costs()
    lines = [
        f"## {_heading(gate)}",
        "",
        f"{_md(gate.run.table)}, {len(gate.run.ids):,} clips, against {_md(gate.baseline)}.",
        "",
        f"| | | clips | {_md(costs.name)} before | now | change | 95 % interval | tolerance | by |",
        "|---|---|---:|---:|---:|---:|---|---:|---|",
        *(_row(check, costs) for check in gate.checks),
    ]
    notable = [check for check in gate.checks if check.status in (WORSE, SKIPPED)]
    if notable:
        lines += ["", *(f"- **{_md(check.name)}**: {_md(check.sentence)}" for check in notable)]
    if gate.new_slices:
        lines += [
            "",
            "### New confirmed slices",
            "",
            f"| | clips | {_md(costs.name)} | drop |",
            "|---|---:|---:|---:|",
        ]
        lines += [
            f"| {_md(new.name)} | {new.support:,} | {costs.value_text(new.value)} | {costs.drop_text(new.drop)} |"
            for new in gate.new_slices
        ]
    elif gate.new_slices is not None:
        lines += ["", "No new confirmed slices."]
    lines += [f"\n{_md(note)}" for note in gate.notes]
    return "\n".join(lines) + "\n"


def summary_html(gate: Gate) -> str:
    """Summary for a notebook: the table and the sentences of the one in Markdown."""
    costs, escape = gate.run.costs(), html.escape
    names = ("", "", "clips", f"{costs.name} before", "now", "change", "95 % interval", "tolerance", "by")
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    rows = ["".join(f"<td>{escape(cell)}</td>" for cell in _cells(check, costs)) for check in gate.checks]
    sentences = [
        f"{check.name}: {check.sentence}" for check in gate.checks if check.status in (WORSE, SKIPPED)
    ]
    sentences += [
        f"New confirmed slice {new.name}: {clips(new.support)}, {costs.value_text(new.value)} "
        f"({costs.drop_text(new.drop)})"
        for new in gate.new_slices or ()
    ]
    about = f"{_heading(gate)}. {gate.run.table}, {clips(len(gate.run.ids))}, against {gate.baseline}."
    return (
        f"<p>{escape(about)}</p><table><thead><tr>{head}</tr></thead><tbody>"
        f"{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"
        f"{''.join(f'<p>{escape(text)}</p>' for text in (*sentences, *gate.notes))}"
    )


def to_json(gate: Gate) -> str:
    """The result as JSON."""
    record: dict[str, Any] = {
        "slicecore_gate": 1,
        "status": gate.status,
        "exit_code": gate.exit_code,
        "table": gate.run.table,
        "clips": len(gate.run.ids),
        "baseline": gate.baseline,
        "metric": gate.run.metric,
        "checks": [_record(check) for check in gate.checks],
        "new_slices": None if gate.new_slices is None else [vars(new) for new in gate.new_slices],
        "notes": list(gate.notes),
    }
    return json.dumps(record, indent=2, ensure_ascii=False, default=float) + "\n"


def text(gate: Gate) -> str:
    """The result for a terminal."""
    costs = gate.run.costs()
    lines = [f"{check.status:<8}{check.name}: {check.sentence}" for check in gate.checks]
    lines += [
        f"new     {new.name}: {new.support} clips, {costs.value_text(new.value)} ({costs.drop_text(new.drop)})"
        for new in gate.new_slices or ()
    ]
    return "\n".join(map(printable, [*lines, *gate.notes, _heading(gate)]))


def _heading(gate: Gate) -> str:
    count = sum(check.status == WORSE for check in gate.checks)
    if count:
        return f"Gate: {count} of {len(gate.checks)} checks got worse"
    if gate.status == SKIPPED:
        return "Gate: nothing was tested, no slice could be compared"
    skipped = sum(check.status == SKIPPED for check in gate.checks)
    return "Gate: nothing got worse" + (
        f"; {skipped} of {len(gate.checks)} checks skipped" if skipped else ""
    )


def _row(check: Check, costs: Costs) -> str:
    status, name, *cells = _cells(check, costs)
    return f"| {' | '.join([status, _md(name), *cells])} |"


def _cells(check: Check, costs: Costs) -> list[str]:
    """A check as the cells of a table."""
    change = check.change
    numbers = ["–"] * 4
    if change:
        low, high = change.interval
        numbers = [
            costs.value_text(change.before),
            costs.value_text(change.after),
            costs.drop_text(change.worse),
            f"{costs.drop_text(low)} to {costs.drop_text(high)}",
        ]
    cells = [_SIGNS[check.status], check.name, f"{check.support:,}", *numbers]
    return [*cells, costs.threshold_text(check.tolerance), check.means or "–"]


def _record(check: Check) -> dict[str, Any]:
    change = check.change
    return {
        "name": check.name,
        "status": check.status,
        "sentence": check.sentence,
        "clips": check.support,
        "means": check.means,
        "expected_precision": _number(check.precision),
        "expected_recall": _number(check.recall),
        "tolerance": check.tolerance,
        "compared_clips": change.clips if change else 0,
        "before": _number(change.before) if change else None,
        "now": _number(change.after) if change else None,
        "worse_by": _number(change.worse) if change else None,
        "interval": [_number(bound) for bound in change.interval] if change else None,
        "p": _number(check.p) if change else None,
    }


def _lines(check: Check, gate: Gate) -> str:
    return f"{check.sentence}\nClips by {check.means}. Against {gate.baseline}."


def _xml(value: str) -> str:
    """A text without the characters that XML can't hold."""
    return _NOT_IN_XML.sub("", value)


def _md(value: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    return "".join(_HTML.get(c, c) for c in _MARKDOWN.sub(r"\\\1", printable(value)))


def _number(number: float) -> float | None:
    return None if math.isnan(number) else float(number)
