"""Glossary: a sentence with its formula for every number that page and report show, by term."""

from __future__ import annotations

from slicecore.metrics import Costs

TERMS = {
    "wer": "Word error rate: (substituted + deleted + inserted words) / words of the references, "
    "summed over the clips",
    "cer": "Character error rate: (substituted + deleted + inserted characters) / characters of the references, "
    "summed over the clips. A space counts as a character, a mark on a letter too",
    "overall": "{metric} of all clips together: errors of all clips / words of all references, "
    "or what the metric counts",
    "value": "{metric} of these clips together. Beside it the 95 % interval: "
    "what other clips of the same kind would give (bootstrap over the clips)",
    "drop": "How much worse than the whole: {metric} of the slice − overall {metric}; positive is worse, "
    "whatever the metric",
    "drop_rest": "How much worse than the rest: {metric} of the slice − {metric} of all other clips; positive is "
    "worse, whatever the metric",
    "support": "Number of clips in it",
    "parts": "Number of clips in it. Clusters whose vectors differ from those of well recognised clips near them in "
    "the same direction are one problem; beside them are clips on the same side. Narrower leads to the clusters",
    "share": "Errors in these clips / all errors of the table",
    "impact": "Errors beyond what the overall rate would give: errors − clips' words × overall {metric}",
    "if_fixed": "Overall {metric} if these clips were as good as all others together: "
    "errors of the others / words of the others",
    "p": "Share of {shuffles} shuffles of the errors over the clips in which any cluster at all stands out "
    "as much as this one",
    "confirmed": "p ≤ .05: chance alone would give a cluster as bad as this in at most 5 % of data sets",
    "possible": "Both thresholds are met, but chance is not excluded: p > .05",
    "p_group": "Share of {shuffles} shuffles in which any cluster at all stands out as much as this one; "
    "shuffled are the {noun}s, each with how hard it is, and what is left of the errors over the clips",
    "confirmed_one": "p ≤ .05: this {noun} is recognised worse than chance allows. It says nothing of other {noun}s",
    "groups": "{Noun}s that these clips come from. Where one has most of the errors, listen to another one as well",
    "group": "Clips of one speaker, session or device are alike in how hard they are. Slices then say who is in them, "
    "and p asks for more than a few bad ones",
    "threshold": "Clips with this score or more are accepted. False accepts are of the clips to be rejected, false "
    "rejects of those to be accepted; where both rates are equal is the equal error rate",
    "problems": "Flagged clusters: at least the minimum support, at least the minimum drop, each problem once",
    "described": "Clips with a value of a column, a range of numbers, or two or three of these together: at least the "
    "minimum support, at least the minimum drop",
    "p_described": "Share of {shuffles} shuffles in which any group of values or ranges stands out as much as this one",
    "confirmed_described": "p ≤ .05: chance alone would give a group as bad as this in at most 5 % of data sets",
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
    "wrong_reference": "The reference of this clip is not what is spoken in it. It still counts in the {metric} until "
    "the reference is corrected in the table",
    "treemap": "Area: number of clips. Colour: drop against the whole",
}
"""Sentences by term; names in braces depend on what is chosen."""

OF_DIFFERENCE = {
    "overall": "{metric} of {model} minus {metric} of {other}, of all clips together",
    "value": "{metric} of {model} minus {metric} of {other}, of these clips together. Beside it the 95 % interval: "
    "what other clips of the same kind would give (bootstrap over the clips)",
    "both": "{metric} of {model} vs. {metric} of {other}, of these clips together",
    "drop": "How much worse {model} is than {other} here: difference in the slice − overall difference, which counts "
    "as 0 where it speaks for {model}",
    "drop_rest": "How much worse {model} is than {other} here: difference in the slice − difference in all other "
    "clips, which counts as 0 where it speaks for {model}",
    "share": "By how much {model} is worse than {other} in these clips / in all clips, where it is worse",
    "explained": "By how much {model} is worse than {other} in flagged clusters / in all clips, where it is worse",
    "min_drop": "The difference {model} − {other} of a slice is at least this much worse than {against} and than "
    "none, {unit}",
    "excess": "Errors of {model} more than of {other} in the slices − words in them × the difference of the clips "
    "outside all slices",
}
"""The same where two models are compared, as far as a term then means something else."""


def term_of_drop(against: str) -> str:
    """Term for a drop against "whole" or "rest", as `Options.against` has it."""
    return "drop" if against == "whole" else "drop_rest"


def explain(term: str, costs: Costs | None = None, **names: str) -> str:
    """The sentence for a term; `costs` and `names` fill in what depends on the choices."""
    if costs is None:
        return TERMS[term].format(**names)
    if costs.compared and term in OF_DIFFERENCE:
        (model, _), (other, _) = costs.compared
        return OF_DIFFERENCE[term].format(metric=costs.model_costs.name, model=model, other=other, **names)
    return TERMS[term].format(metric=costs.name, **names)
