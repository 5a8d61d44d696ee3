"""Title, numbers and reason of what is picked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypedDict

from slicecore_app.review.detection.det_view import DetView
from slicecore_app.review.head.component import Figure
from slicecore_app.review.labels.confusion_view import ConfusionView
from slicecore_app.web.components import component


@dataclass(frozen=True)
class Step:
    """A way from a slice to a larger or smaller cluster: `name` "wider" or "narrower", `size` its number of clips.

    `slice` is the id of that cluster, `tree` and `node` its place in the hierarchy; "", -1 and -1 where there is none.
    """

    name: str
    label: str
    hint: str
    slice: str
    tree: int
    node: int
    size: str = ""


WordRow = tuple[str, str, str, tuple[str, str] | tuple[()]]
"""What, count and hint, such as ("the → a", "4 of 12", "5 of 274 in the rest"), and the label and the prediction of the
clips that a click selects; () where it selects none."""


@dataclass(frozen=True)
class WordList:
    """Words or labels of a slice, row by row."""

    title: str
    rows: Sequence[WordRow]


@dataclass(frozen=True)
class SharedSentence:
    """A sentence about clips that two problems explain, and the slices whose they are.

    Attributes
    ----------
    text : such as "12 of its clips also have the problem of #2 Noise."
    home, other : ids of the slice that the clips are in, and of the one whose problem they have as well.
    """

    text: str
    home: str
    other: str


class Test(TypedDict):
    """The result of a slice's test: its tier, and a note on it, each with a hint."""

    tier: str
    tier_hint: str
    note: str
    note_hint: str


@dataclass(frozen=True)
class Summary:
    """Badge, title, numbers and reason of a slice, or a hint while there is none.

    `naming` has `about` and `word` of an event that edits the title, None where it can't be edited; `name_hint` is the
    name that a slice has by itself, where somebody has named it. The badge is on the drop scale by `points`; there is
    none without `number`. `words`, `confusion` and `det` open from a button. `button` is there only while nothing is
    picked. The sentences of `shared` follow the text; a click selects their clips.
    """

    title: str
    slice: str | None = None
    number: int | None = None
    points: float = 0.0
    tier: str = ""
    tier_hint: str = ""
    note: str = ""
    note_hint: str = ""
    numbers: Sequence[Figure] = ()
    text: str = ""
    shared: Sequence[SharedSentence] = ()
    around: Sequence[Step] = ()
    words: Sequence[WordList] = ()
    confusion: ConfusionView | None = None
    det: DetView | None = None
    naming: Mapping[str, Any] | None = None
    name_hint: str = ""
    button: str = ""


def slice_summary(
    content: Summary,
    *,
    basis: Sequence[str] = (),
    key: str,
    on_event: Callable[[], None],
    seq: int,
) -> None:
    """Draw a summary. Where another slice is picked in the browser, its card stands there until this has followed.

    What picks clips comes with the `basis`, see `review.basis`.

    Events: ``{kind: "cluster", slice, tree, node}`` for one of the steps, ``{kind: "slice", slice}`` from the button,
    ``{kind: "rename", about, word}``, signed and with the name in the word, ``{kind: "shared", home, other}`` for clips
    that two problems explain, ``{kind: "confused", actual, predicted, everywhere, of}`` for clips of one label that got
    another, in the picked clips or everywhere, of the matrix of that kind (see `confusion_view`).
    """
    data = asdict(content) | {"basis": list(basis), "seq": seq}
    component("review/slice/slice")(key=key, data=data, on_event_change=on_event, height="stretch")
