"""What every number on the page means: one sentence with its formula, shown on hover. Other parts ask here by term."""

from __future__ import annotations

TERMS = {
    "wer": "Word error rate: (substituted + deleted + inserted words) / words of the references, "
    "summed over the clips",
    "cer": "Character error rate: (substituted + deleted + inserted characters) / characters of the references, "
    "summed over the clips",
    "overall": "{metric} of all clips together: errors of all clips / words of all references, "
    "or what the metric counts",
    "value": "{metric} of these clips together. Beside it the 95 % interval: "
    "what other clips of the same kind would give (bootstrap over the clips)",
    "drop": "How much worse than the whole: {metric} of the slice − overall {metric}; positive is worse, "
    "whatever the metric",
    "support": "Number of clips in it",
    "share": "Errors in these clips / all errors of the table",
    "impact": "Errors beyond what the overall rate would give: errors − clips' words × overall {metric}",
    "if_fixed": "Overall {metric} if these clips were as good as all others together: "
    "errors of the others / words of the others",
    "p": "Share of 999 shuffles of the errors over the clips in which any cluster at all stands out "
    "as much as this one",
    "confirmed": "p ≤ .05: chance alone would give a cluster as bad as this in at most 5 % of data sets",
    "possible": "Both thresholds are met, but chance is not excluded: p > .05",
    "problems": "Flagged clusters: at least the minimum support, at least the minimum drop, each problem once",
    "explained": "Errors in flagged clusters / all errors of the table",
    "reviewed": "Flagged clusters with a verdict / flagged clusters",
    "min_support": "A slice has at least this many clips: a number, or a share of all clips (Options)",
    "min_drop": "The {metric} of a slice is at least this much worse than {against}, {unit}",
    "wider": "The next larger cluster that holds these clips",
    "narrower": "The part of these clips with most errors beyond the overall rate",
    "pairs": "Share of all pairs of one clip of the slice and one of the rest in which the first has the "
    "larger value (AUC)",
    "excess": "Errors in the slices − words in them × {metric} of the clips outside all slices",
    "cause_change": "How the overall {metric} changes if the slices of this cause were as good as the clips outside "
    "all slices",
    "words": "How often it happened in the slice / how often it could have; beside it the same for the rest",
    "treemap": "Area: number of clips. Colour: drop against the whole",
}
"""Sentences by term; names in braces depend on what is chosen."""


def explain(term: str, **names: str) -> str:
    """The sentence for a term; `names` fill in what depends on the choices, such as `metric="WER"`."""
    return TERMS[term].format(**names)
