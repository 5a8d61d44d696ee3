"""What is picked: its numbers, and what the reviewer says about it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from app import engine, state, wording
from app.components.figures import Figure
from app.components.summary import summary
from app.panels.judging import VERDICT_LABELS, go_on, judge, next_unreviewed, save
from app.panels.own import own_tools
from app.panels.problems import name
from app.shown import Problem, Shown
from app.state import Pick
from slicecore.slices import Slice
from slicecore.verdicts import VERDICTS

_HELP = {
    "real_issue": "The model does badly on these clips for a reason worth fixing",
    "false_positive": "Nothing unites these clips, or nothing is wrong with them",
    "reference_error": "Wrong reference: what was said is not what the table says",
    "unsure": "Somebody else should listen",
}


def picked(shown: Shown) -> None:
    """Draw the numbers of the picked clips and, for a flagged slice, the verdict."""
    problem = shown.subject
    with st.container(key="picked-facts"):
        _facts(shown, problem)
        with st.container(key="around", horizontal=True):
            _around(shown)
            own_tools(shown)
        if st.session_state.get("save_error"):
            st.error(st.session_state["save_error"])
    with st.container(key="verdict"):
        _verdict(shown, problem)


def _facts(shown: Shown, problem: Problem | None) -> None:
    pick, costs = shown.pick, shown.costs
    if pick is None:
        text = "Pick a problem" if shown.problems else "Nothing is flagged"
        note = "Click a card, a tile or a numbered group in the map" if shown.problems else ""
        summary(
            number=None,
            points=0.0,
            title=text,
            note=note,
            numbers=[],
            text="",
            key="summary",
            seq=state.seq(),
        )
        return
    value = costs.value(pick.rows)
    drop = float(shown.drop(value))
    errors = float(costs.numerator.sum())
    numbers = [
        Figure(
            costs.name,
            wording.value(value, costs),
            note=_interval(problem.slice if problem else pick.found, shown),
            hint="All errors over all words of these clips, with the 95 % interval over other clips of this kind",
        ),
        Figure("Drop", wording.drop(drop, costs), hint=f"{costs.name} of these clips minus the overall one"),
        Figure("Support", wording.clips(len(pick.rows)), hint="Number of clips"),
    ]
    if not costs.higher_is_better and errors > 0:
        numbers += [
            Figure(
                "Of all errors",
                wording.share(float(costs.numerator[pick.rows].sum()) / errors),
                hint="Share of all errors that lie in these clips",
            ),
            Figure(
                f"If fixed, {costs.name}",
                wording.value(_if_fixed(shown), costs),
                hint=f"Overall {costs.name} if these clips had the average of the others",
            ),
        ]
    title = name(problem) if problem else "Selection"
    note = _test(problem.slice) if problem and problem.number else "not flagged"
    summary(
        number=problem.number or None if problem else None,
        points=float(shown.points(drop)),
        title=title,
        note=note,
        numbers=numbers,
        text=_errors_by_kind(shown),
        key="summary",
        seq=state.seq(),
    )


def _test(one: Slice) -> str:
    """Tier and p of a flagged slice, "confirmed · p = .009"."""
    if one.tier is None or one.p_value is None:
        return ""
    return f"{one.tier} · p = {one.p_value:.3f}".replace("0.", ".")


def _interval(found: Slice | None, shown: Shown) -> str:
    if found is None or not np.isfinite(found.interval).all():
        return ""
    low, high = (wording.value(end, shown.costs) for end in found.interval)
    return f"{low.rstrip('%').strip()} to {high}"


def _errors_by_kind(shown: Shown) -> str:
    """Kinds of the errors of the picked clips, against the rest; empty where the metric counts no words."""
    if not shown.counts_words:
        return ""
    counts = engine.word_errors(shown.source, shown.prediction, shown.choice.normalisation)
    kinds = np.stack([counts.substitutions, counts.deletions, counts.insertions])
    inside = np.zeros(len(shown.data), bool)
    inside[shown.pick.rows] = True
    here, rest = kinds[:, inside].sum(axis=1), kinds[:, ~inside].sum(axis=1)
    if not here.sum():
        return "No errors here."
    names = ("substituted", "deleted", "inserted")
    parts = [
        f"{100 * amount / here.sum():.0f}\u202f% {name}" for name, amount in zip(names, here, strict=True)
    ]
    text = f"Of the errors {parts[0]}, {parts[1]}, {parts[2]}"
    if rest.sum():
        text += " (rest: " + ", ".join(f"{100 * amount / rest.sum():.0f}" for amount in rest) + "\u202f%)"
    empty = np.array([not heard.strip() for heard in shown.data.prediction])
    if empty[inside].any():
        text += f"; {empty[inside].sum()} of {inside.sum()} predictions are empty"
    return text + "."


def _around(shown: Shown) -> None:
    """Buttons to the next larger and to the worse of the two smaller clusters."""
    found = shown.pick.found if shown.pick else None
    if found is None:
        return
    for label, other, hint in (
        ("Wider", shown.found.widen(found), "The next larger cluster that holds these clips"),
        (
            "Narrower",
            shown.found.narrow(found),
            "The part of these clips with most errors above the overall rate",
        ),
    ):
        text = f"{label}: {_brief(other, shown)}" if other else label
        st.button(text, key=label, help=hint, disabled=other is None, on_click=_look_at, args=(other,))


def _brief(one: Slice, shown: Shown) -> str:
    return f"{wording.clips(one.support)}, {wording.value(one.value, shown.costs)}"


def _look_at(one: Slice) -> None:
    state.pick(Pick("cluster", "", one.members, one))


def _if_fixed(shown: Shown) -> float:
    """The overall value if the picked clips were as good as the rest together."""
    numerator, denominator = shown.costs.numerator, shown.costs.denominator
    rows = shown.pick.rows
    rest = denominator.sum() - denominator[rows].sum()
    return float((numerator.sum() - numerator[rows].sum()) / rest) if rest > 0 else float("nan")


def _verdict(shown: Shown, problem: Problem | None) -> None:
    judgement = problem.judgement if problem else None
    given = judgement.verdict if judgement else None
    with st.container(key="verdict-buttons"):
        for digit, verdict in enumerate(VERDICTS, 1):
            with st.container(key=f"verdict-{verdict}{'-given' if verdict == given else ''}"):
                st.button(
                    f"{VERDICT_LABELS[verdict]} :gray[{digit}]",
                    key=f"say {verdict}",
                    help=_HELP[verdict],
                    disabled=problem is None,
                    on_click=judge,
                    args=(shown, problem.slice.id if problem else "", verdict),
                    width="stretch",
                )
    said = ", ".join(judgement.tags) if judgement and judgement.tags else "Tags and note"
    with st.popover(said, disabled=problem is None, width="stretch", key="notes"):
        if problem:
            _notes(shown, problem)
    st.button(
        "Next unreviewed  N",
        key="next unreviewed",
        type="primary",
        width="stretch",
        disabled=next_unreviewed(shown, problem) is None,
        on_click=go_on,
        args=(shown, problem.slice.id if problem else None),
    )


def _notes(shown: Shown, problem: Problem) -> None:
    one, judgement = problem.slice, problem.judgement
    if problem.own:
        st.caption(problem.own.reason)
    used = list(dict.fromkeys([*(judgement.tags if judgement else ()), *shown.verdicts.tags()]))
    keys = {field: f"{field} {one.id} {shown.prediction}" for field in ("tags", "note")}
    save = {"on_change": _save_notes, "args": (shown, problem, keys)}
    st.session_state.setdefault(keys["tags"], list(judgement.tags) if judgement else [])
    st.session_state.setdefault(keys["note"], judgement.note if judgement else "")
    st.multiselect(
        "Tags", used, key=keys["tags"], accept_new_options=True, placeholder="Choose or type", **save
    )
    st.text_area("Note", key=keys["note"], **save)
    st.text_input("Reviewer", key="reviewer")


def _save_notes(shown: Shown, problem: Problem, keys: dict[str, str]) -> None:
    said = {field: st.session_state[key] for field, key in keys.items()}
    save(shown, problem, lambda before: said)
