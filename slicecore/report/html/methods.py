"""Methods of a report: how slices were found, all that was chosen, versions, glossary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from slicecore.metrics.detection import DetectionCosts
from slicecore.metrics.transcripts import empty_references
from slicecore.report.glossary import explain, term_of_drop
from slicecore.slices.empty_scan import no_clusters
from slicecore.wording import clips, fixed, significant

if TYPE_CHECKING:
    from slicecore.report.html.findings import Findings

_COLUMNS = ("audio", "reference", "prediction", "compared_with", "id", "start", "end", "group")
_TERMS = (
    ("Slice", "problems"),
    ("{metric} of a slice", "value"),
    ("Overall {metric}", "overall"),
    ("Drop", "drop"),
    ("Clips", "parts"),
    ("Share of errors", "share"),
    ("Errors explained", "explained"),
    ("{metric} if fixed", "if_fixed"),
)
_OVER_METADATA = (
    ("Slice", "described"),
    ("{metric} of a slice", "value"),
    ("Overall {metric}", "overall"),
    ("Drop", "drop"),
)
_OF_TEST = (("Confirmed", "confirmed"), ("Possible", "possible"))
_OF_METADATA_TEST = (("p", "p_described"), ("Confirmed", "confirmed_described"), ("Possible", "possible"))


def steps(findings: Findings) -> tuple[str, ...]:
    """Steps by which the slices were found, a paragraph each."""
    scan, options = findings.scan, findings.scan.options
    paragraphs = _over_clusters(findings) if scan.has_clusters else _over_metadata(findings)
    if lacking := empty_references(scan.costs.model_costs):
        paragraphs.append(lacking)
    if options.shuffles:
        noun = findings.groups.noun if findings.groups else ""
        unit = (
            f"whole {noun}s, each with how hard it is, and what is left of the errors over the clips"
            if noun
            else "the errors over the clips"
        )
        shuffles = f"{_shuffles(findings)} shuffles"
        any_at_all = "any cluster at all" if scan.has_clusters else "any group at all"
        counts_for = "clusters" if scan.has_clusters else "groups"
        paragraphs.append(
            f"p is the share of {shuffles} of {unit} in which {any_at_all} stands out as "
            f"much as this slice: it counts for all {counts_for} that were looked at. A slice is confirmed where p is "
            "at most .05."
        )
    paragraphs.append(
        "Intervals are 95 % bootstrap intervals over the clips. They say how well the clips that there are fix the "
        "value, not whether the slice was worth looking for: that is what p says."
    )
    if findings.explainer is not None and scan.has_clusters:
        paragraphs.append(
            "Causes are rules on measurements of sound and text. A cause is called the reason only where other clips "
            "that have it are worse as well; else it sets the slice apart, and no more is claimed."
        )
    return tuple(paragraphs)


def _over_metadata(findings: Findings) -> list[str]:
    scan = findings.scan
    return [
        no_clusters(findings.data),
        "A group is the clips with a value of a column, a range of numbers, or two or three of these together. It is a "
        f"slice where it has at least {clips(scan.min_support)} and its {scan.costs.name} is at least "
        f"{scan.costs.threshold_text(scan.min_drop)} worse than that of {_against(findings)}.",
    ]


def _against(findings: Findings) -> str:
    return "the clips outside it" if findings.scan.options.against == "rest" else "all clips"


def _over_clusters(findings: Findings) -> list[str]:
    scan, costs = findings.scan, findings.scan.costs
    models = ", ".join(about.split(" · ")[0] for about in findings.record["made_by"])
    return [
        f"Every clip becomes a vector (embedding: {models}). The vectors are clustered into a hierarchy, coarse to "
        "fine, without a look at the errors.",
        f"A cluster is flagged where it has at least {clips(scan.min_support)} and its {costs.name} is at least "
        f"{costs.threshold_text(scan.min_drop)} worse than that of {_against(findings)}. Each problem is "
        "flagged once, on the level that describes it best; clusters that differ from the rest in the same way are one "
        "problem.",
    ]


def settings(findings: Findings) -> tuple[tuple[str, str], ...]:
    """Everything that was chosen, by name."""
    record, options = findings.record, findings.scan.options
    columns = record["columns"]
    rows = [
        ("Table", Path(record["table"]).name),
        ("Date of the search", f"{findings.time:%Y-%m-%d %H:%M} {findings.time.tzname() or ''}".strip()),
        ("Clips", fixed(record["clips"])),
        *((f"Column: {name.replace('_', ' ')}", columns[name]) for name in _COLUMNS if columns.get(name)),
        *(("Embedding", about) for about in record["made_by"]),
        *(("Attributes", model) for model in record["attributes"]),
        ("Metric", findings.scan.costs.name),
        *(_thresholds(findings)),
        ("Text normalisation", findings.normalisation),
        ("Minimum support", clips(findings.scan.min_support)),
        ("Minimum drop", findings.scan.costs.threshold_text(findings.scan.min_drop)),
        ("Compared with", "the rest of the clips" if options.against == "rest" else "the whole"),
        ("Rule", options.rule),
        ("Shuffles", fixed(options.shuffles)),
        ("Tiers", options.tier or "all"),
        ("Order", options.order),
    ]
    if options.max_slices is not None:
        rows.append(("Most slices", fixed(options.max_slices)))
    without = len(record["clips_without_vector"])
    if without:
        rows.append(("Clips without a vector", f"{fixed(without)}, in no slice"))
    return tuple(rows)


def _thresholds(findings: Findings) -> list[tuple[str, str]]:
    """Thresholds of a detector, or of both that are compared."""
    costs = findings.scan.costs
    models = [each for _, each in costs.compared] or [costs]
    values = [significant(each.threshold) for each in models if isinstance(each, DetectionCosts)]
    return [("Score threshold", " and ".join(dict.fromkeys(values)))] if values else []


def _shuffles(findings: Findings) -> str:
    """Permutations that a test took, in words: of metadata slices fewest and most of any; without a slice all."""
    scan = findings.scan
    taken = {each.shuffles for each in findings.metadata_slices} or {scan.options.shuffles}
    if scan.has_clusters:
        taken = {scan.shuffles}
    return " to ".join(fixed(count) for count in dict.fromkeys((min(taken), max(taken))))


def versions(findings: Findings) -> tuple[tuple[str, str], ...]:
    """Packages that the numbers depend on, slicecore first."""
    known = dict(findings.record["versions"])
    first = [(name, known.pop(name)) for name in ("slicecore", "python") if name in known]
    return (*first, *sorted(known.items()))


def glossary(findings: Findings) -> tuple[tuple[str, str], ...]:
    """Terms of the report and what they mean."""
    costs, groups = findings.scan.costs, findings.groups
    terms, of_test = [*_TERMS], [("p", "p_group" if groups else "p"), *_OF_TEST]
    if not findings.scan.has_clusters:
        terms, of_test = [*_OVER_METADATA], [*_OF_METADATA_TEST]
    if findings.scan.options.shuffles:
        terms += of_test
    if groups:
        terms.append((groups.noun.capitalize() + "s", "groups"))
    if findings.scan.has_clusters:
        terms.append(("Pairs (AUC)", "pairs"))
    drop = term_of_drop(findings.scan.options.against)
    names = {"shuffles": _shuffles(findings)}
    if groups:
        names |= {"noun": groups.noun, "Noun": groups.noun.capitalize()}
    metric = costs.model_costs.name if costs.compared else costs.name
    entries = [
        (title.format(metric=costs.name), explain(drop if term == "drop" else term, costs, **names))
        for title, term in terms
    ]
    by_name = {"WER": "wer", "CER": "cer"}
    if metric in by_name:
        entries.insert(0, (metric, explain(by_name[metric])))
    return tuple(entries)
