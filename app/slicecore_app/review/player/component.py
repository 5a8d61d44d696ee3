"""The player: sound, waveform, spectrogram and word alignment of one clip."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import streamlit as st

from slicecore_app.server.media import ClipUrls
from slicecore_app.web.components import component


class Compared(TypedDict):
    """Two models on a clip: their names, their values, and the `edits` of the second one."""

    models: Sequence[str]
    values: Sequence[str]
    edits: Sequence[Sequence[str]]


class Clip(ClipUrls):
    """A clip as the player shows it.

    `name` is what people know it by: its id, or its file where the table has no ids; `path` is where that file is.
    `value` is that of the metric `metric`; `words` those of its reference where the metric counts words. `edits` are
    [kind, word of the reference, word of the prediction] as of `slicecore.metrics.Edit`. `audio`, `picture` and `sound`
    are addresses, see `media.clip_urls`. `reason` says why the clip can't be played; "" if it can. `compared`: where
    the model is compared with another one, of which `value` is the difference. `signs` that the reference is wrong:
    each in a word or two, and with what was seen. `reference` is that of the table as it is written;
    clips of the table on the page come without it, the browser asks for it where it is needed. `step` is only for the
    clips around the one that is shown: the distance from that, negative before it.
    """

    row: int
    id: str
    name: str
    path: str
    metric: str
    value: str
    words: int | None
    duration: float | None
    edits: Sequence[Sequence[str]]
    compared: Compared | None
    signs: Sequence[tuple[str, str]]
    position: str
    reason: str
    reference: NotRequired[str]
    step: NotRequired[int]


class CorrectedText(TypedDict):
    """A corrected reference, and who corrected it and when, in words."""

    text: str
    by: str


class Corrections(TypedDict):
    """References that were corrected, by clip id, and the number of the newest correction.

    `clips` is the address at which the browser asks for any clip, `{row}` in the place of its row; "" where none can be
    corrected.
    """

    texts: Mapping[str, CorrectedText]
    newest: int
    clips: str


NO_CORRECTIONS = Corrections(texts={}, newest=0, clips="")


def player(
    clip: Clip | None,
    *,
    following: Sequence[Clip] = (),
    beside: Clip | None = None,
    typical: Clip | None = None,
    marks: str = "",
    wrong_references: Sequence[str] = (),
    wrong_hint: str = "",
    corrections: Corrections = NO_CORRECTIONS,
    table: str = "",
    nothing: str = "Select a problem to hear it",
    key: str,
    on_event: Callable[[dict[str, Any]], None],
    seq: int,
) -> None:
    """Draw the player.

    Going to a neighbour happens in the browser at once. Until this function has heard of it, what it is given is out
    of date and the browser keeps what it shows; so a caller may always hand over the clip it believes in.

    Parameters
    ----------
    clip
        The clip to show, None if there is none. Its sound goes on when it is the one shown already.
    following
        Clips near it in the order of the page, with their `step`: what the arrow keys lead to where no clips table
        is on the page (a table's own order goes first, because the reader may have sorted it).
    beside
        A well recognised clip like the shown one: a key goes to it and back, at the same place, and tells nobody.
    typical
        The clip that shows best what the ones on the page have in common; a button goes to it.
    marks
        Address of the marks of faults in a clip, `{row}` in the place of its row; "" where none are known yet.
    wrong_references, wrong_hint
        Ids of clips whose reference somebody called wrong, and what that means.
    table
        Name of the table of the clips.
    nothing
        What to say without a clip.
    on_event
        Called before the next run with `{"kind": "clip", "row": row}` when the reader went to another clip,
        with `{"kind": "reference", "clip": id, "wrong": bool}` when they called its reference wrong or took that back,
        with `{"kind": "correct", "clip": id, "text": text, "seen": number}` when they corrected it, or put the original
        back (None). The latter two have the ``table`` that the page showed.
    seq
        Running number of this drawing; the browser writes it to `data-seq` when it is done.
    """
    data = {
        "clip": clip,
        "following": list(following),
        "beside": beside,
        "typical": typical,
        "marks": marks,
        "wrong": list(wrong_references),
        "wrongHint": wrong_hint,
        "corrections": corrections,
        "table": table,
        "nothing": nothing,
        "seq": seq,
    }
    component("review/player/player")(
        key=key, data=data, height="stretch", on_event_change=lambda: on_event(st.session_state[key]["event"])
    )
