"""Records of a workspace: judgements of slices, slices that people made, marks of references."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from slicecore.errors import VerdictError

_LESS = " \u2212 "
REAL_ISSUE = "real_issue"
VERDICTS = (REAL_ISSUE, "false_positive", "reference_error", "unsure")


@dataclass(frozen=True)
class Origin:
    """A judgement that was carried over to another slice.

    Attributes
    ----------
    workspace, table : str
        Name of the folder of the workspace in which it was given, and of the table.
    model, slice_id : str
        The model and the slice that were judged.
    number : int
        Its number in that workspace.
    overlap : float
        Jaccard index of both slices among the clips that both tables have.
    """

    workspace: str
    table: str
    model: str
    slice_id: str
    number: int
    overlap: float

    @property
    def key(self) -> tuple[str, str, str]:
        """Workspace, model and slice."""
        return self.workspace, self.model, self.slice_id


@dataclass(frozen=True)
class Refusal:
    """A judgement that a reviewer did not want for a slice; `origin` is its workspace, model and slice."""

    slice_id: str
    clip_ids: tuple[str, ...]
    model: str
    origin: tuple[str, str, str]


@dataclass(frozen=True)
class Judgement:
    """The verdict, tags and note of one reviewer on one slice of one model at one time.

    Attributes
    ----------
    slice_id : str
        Id of the slice, a hash of its clips.
    model : str
        The name of a prediction column, or of two that were compared as `name_of_comparison` gives it.
    verdict : str or None
        One of `VERDICTS`, None when only tags or a note were given or a verdict was taken back.
    tags : tuple of str
    note, reviewer : str
    time : str
        ISO 8601, UTC, to the second.
    clip_ids : tuple of str
        The slice's clips, so that it can be exported when no scan finds it any more.
    number : int
        Grows with every judgement of the workspace; 0 for one that is not written.
    origin : Origin or None
        The judgement that was carried over and confirmed by this one, if any.
    """

    slice_id: str
    model: str
    verdict: str | None
    tags: tuple[str, ...]
    note: str
    reviewer: str
    time: str
    clip_ids: tuple[str, ...]
    number: int = 0
    origin: Origin | None = None

    @property
    def is_empty(self) -> bool:
        """True if there is neither verdict nor tag nor note: everything was taken back."""
        return not (self.verdict or self.tags or self.note)


@dataclass(frozen=True)
class Amendment:
    """A change of a judgement as it was written: the judgement before it, which may be empty, and the one since."""

    before: Judgement
    since: Judgement


OWN_REASON = "your selection: "
"""Beginning of the reason of a user-defined slice, as the page writes it to its maker."""
FOUND_REASON = "found as: "
"""Beginning of the reason of a flagged slice that somebody named; the name that it has by itself follows."""


@dataclass(frozen=True)
class OwnSlice:
    """A slice that a person made: clips inside a lasso, of a filter, like another clip.

    Attributes
    ----------
    slice_id : str
        A hash of its clips, as that of a found slice.
    name, reason : str
        Its name, and how its clips were chosen: "your selection: accent = scottish".
    reviewer, time : str
        Who made or renamed it, and when: ISO 8601, UTC, to the second.
    clip_ids : tuple of str
    """

    slice_id: str
    name: str
    reason: str
    reviewer: str
    time: str
    clip_ids: tuple[str, ...]

    @property
    def is_named(self) -> bool:
        """True if a person gave the name: else it only repeats the reason."""
        given = self.reason.lower().removeprefix(OWN_REASON).removeprefix(FOUND_REASON)
        return given != self.name.lower()

    @property
    def was_found(self) -> bool:
        """True for a flagged slice that somebody named, rather than clips that somebody chose."""
        return self.reason.startswith(FOUND_REASON)


@dataclass(frozen=True)
class ReferenceMark:
    """A reference that a person who listened called wrong. It holds for every model.

    Attributes
    ----------
    clip_id : str
        Id of the clip in the table.
    reviewer, time : str
        Who marked it and when: ISO 8601, UTC, to the second.
    wrong : bool
        False: the mark was taken back.
    number : int
        Grows with every mark of the workspace; 0 for one that is not written.
    """

    clip_id: str
    reviewer: str
    time: str
    wrong: bool = True
    number: int = 0


@dataclass(frozen=True)
class ReferenceCorrection:
    """A reference as a person who listened put it right. It holds for every model.

    Attributes
    ----------
    clip_id : str
        Id of the clip in the table.
    original : str
        The reference in the table when it was corrected.
    text : str or None
        The corrected one; None: the original was put back.
    reviewer, time : str
        Who corrected it and when: ISO 8601, UTC, to the second.
    number : int
        Grows with every correction of the workspace; 0 for one that is not written.
    """

    clip_id: str
    original: str
    text: str | None
    reviewer: str
    time: str
    number: int = 0


@dataclass(frozen=True)
class Corrected:
    """A correction as it was written, and the one before it, if any."""

    before: ReferenceCorrection | None
    since: ReferenceCorrection


@dataclass(frozen=True)
class Assignment:
    """The reviewer who is to judge a slice of a model.

    Attributes
    ----------
    slice_id, model : str
    assignee : str
        Name of the reviewer; "" for nobody.
    reviewer, time : str
        Who assigned the slice and when: ISO 8601, UTC, to the second.
    number : int
        Grows with every assignment of the workspace.
    """

    slice_id: str
    model: str
    assignee: str
    reviewer: str
    time: str
    number: int


@dataclass(frozen=True)
class Assigned:
    """Assignments as they were written together: the number of the last, and the assignees before, by slice id."""

    number: int
    before: dict[str, str]


class Newest(NamedTuple):
    """Numbers of the newest records of a workspace; one grows with whatever is written."""

    judgement: int
    own_slice: int
    mark: int
    refusal: int
    correction: int
    assignment: int


@dataclass(frozen=True)
class Workspace:
    """All that is current in a workspace, read at one time.

    Attributes
    ----------
    newest : Newest
    judgements : dict
        The judgement that counts by slice id, of one model: the newest of a reviewer, those that are empty left out.
    opinions : dict
        Latest judgement of every reviewer by slice id, of the same model, the newest last, no empty ones.
    every_model : tuple of Judgement
        The judgements that count, of all models.
    refusals : tuple of Refusal
        Judgements carried over that reviewers did not want, of one model.
    own_slices, marked_references, corrections : dict
        By slice id, and the others by clip id.
    tags : tuple of str
        Every tag used, most used first.
    reviewers : dict
        Names of the browsers in which people judged, by the name of the reviewer, the first to use it first.
    other_names : dict
        Name of a reviewer, by other names under which the same person has judged.
    assignments : dict
        Who is to judge a slice, by slice id, of the same model; those to nobody left out.
    """

    newest: Newest
    judgements: dict[str, Judgement]
    every_model: tuple[Judgement, ...]
    refusals: tuple[Refusal, ...]
    own_slices: dict[str, OwnSlice]
    marked_references: dict[str, ReferenceMark]
    tags: tuple[str, ...]
    corrections: dict[str, ReferenceCorrection]
    opinions: dict[str, tuple[Judgement, ...]]
    reviewers: dict[str, tuple[str, ...]]
    other_names: dict[str, str]
    assignments: dict[str, Assignment]

    @property
    def assignees(self) -> dict[str, str]:
        """Names of the reviewers who are to judge a slice, by slice id."""
        return {slice_id: each.assignee for slice_id, each in self.assignments.items()}

    @property
    def people(self) -> tuple[str, ...]:
        """Names of all who have judged, were given a name, or are to judge something; sorted."""
        names = {
            *(each.reviewer for each in self.every_model),
            *(each.reviewer for given in self.opinions.values() for each in given),
            *self.reviewers,
            *(each.assignee for each in self.assignments.values()),
        }
        return tuple(sorted({self.other_names.get(name, name) for name in names if name}, key=str.casefold))


class NoteLengthError(VerdictError):
    """The note on a slice would be longer than notes may be."""

    def __init__(self, slice_id: str, length: int, most: int) -> None:
        self.slice_id, self.length, self.most = slice_id, length, most
        super().__init__(f"{self.about(f'slice {slice_id}')} Shorten it: nothing was written.")

    def about(self, name: str) -> str:
        """A sentence that calls the slice by a name."""
        return f"The note on {name} would have {self.length:,} characters; notes have at most {self.most:,}."


def name_of_comparison(model: str, other: str) -> str:
    """Name under which judgements are kept of where a model is worse than another one.

    A judgement of a difference is one of neither model alone.
    """
    return f"{model}{_LESS}{other}"


def is_comparison(model: str) -> bool:
    """True if a model that was judged is a comparison of two, see `name_of_comparison`."""
    return _LESS in model


def unjudged(slice_id: str, model: str, clip_ids: Sequence[str]) -> Judgement:
    """The judgement of a slice that was never judged."""
    return Judgement(slice_id, model, None, (), "", "", "", tuple(clip_ids))
