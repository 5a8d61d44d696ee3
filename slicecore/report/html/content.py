"""Content of a report as plain data: what stands in it, in words, before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field

from slicecore.report.html.plots import Axis, Bar, Distribution, Span
from slicecore.report.html.task_plots import TaskPlots


@dataclass(frozen=True)
class Figure:
    """A number of the head with its label, a note below it, and a sentence that explains it."""

    label: str
    value: str
    note: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Sound:
    """The sound of a clip, compressed, and its spectrogram, both as data addresses.

    Attributes
    ----------
    audio, picture : `data:` addresses of an MP3 file and of a grey picture.
    seconds, duration : length of what is in the file, and of the clip.
    """

    audio: str
    picture: str
    seconds: float
    duration: float

    @property
    def length(self) -> str:
        """Length in words: "4.2 s", "first 10.0 of 34.1 s"."""
        if self.seconds < self.duration - 0.05:
            return f"first {self.seconds:.1f} of {self.duration:.1f} s"
        return f"{self.duration:.1f} s"


@dataclass(frozen=True)
class Word:
    """A step of an alignment: kind as `slicecore.text.alignment.KIND_NAMES` has it, and the words of both sides."""

    kind: str
    reference: str
    prediction: str


@dataclass(frozen=True)
class Transcript:
    """Prediction of a model for a clip beside the reference.

    Attributes
    ----------
    model, value : name of the model, and the metric of the clip alone.
    words : the alignment; empty where the metric compares no texts.
    left_out : number of words that are left out at the end.
    reference, prediction : both texts where they are not aligned.
    """

    model: str
    value: str
    words: tuple[Word, ...] = ()
    left_out: int = 0
    reference: str = ""
    prediction: str = ""


@dataclass(frozen=True)
class Example:
    """A clip as an example.

    Attributes
    ----------
    id : of the clip.
    notes : such as "typical clip" and its speaker.
    transcripts : one, or two where two models are compared.
    sound : None where it can't be played, or is left out for size.
    silent : the reason why there is no sound; "" where there is one.
    """

    id: str
    notes: tuple[str, ...]
    transcripts: tuple[Transcript, ...]
    sound: Sound | None
    silent: str = ""


@dataclass(frozen=True)
class CauseText:
    """A probable cause: its name, evidence, claim and remedy in words, and the shares of clips with it as texts."""

    title: str
    evidence: str
    claim: str
    remedy: str
    inside: str
    rest: str
    bars: tuple[float, float]
    is_reason: bool


@dataclass(frozen=True)
class WordList:
    """Words that are misrecognised, or confused, more often than elsewhere: word and how often, each a text."""

    title: str
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Verdict:
    """Judgement of a reviewer.

    Attributes
    ----------
    name, label : such as "real_issue" and "Real issue"; both "" where only tags or a note were given.
    tags, note : as given.
    by : who gave it and when.
    carried : where it comes from if it was given for other clips, another model or table; "" else.
    """

    name: str
    label: str
    tags: tuple[str, ...]
    note: str
    by: str
    carried: str


@dataclass(frozen=True)
class SliceText:
    """A slice in a report.

    Attributes
    ----------
    number, id, name : rank (0 for a user-defined slice), id, and what it is called.
    reason : the sentence that explains it; "" where nothing was explained.
    defined : how a user-defined slice was chosen; "" for a flagged one.
    value, interval, drop, support, share, fixed : numbers in words.
    against : what the drop is measured against, "the whole" or "the rest".
    both : the values of both models where two are compared.
    who : speakers, or other groups; "" where they are not known.
    parts : "in 3 clusters"; "" for one cluster.
    tier, p : "confirmed" and "p = .012"; "" without a test.
    colour : step of the drop scale.
    span : value and interval on the axis of all slices.
    causes, distributions, values, words : the evidence.
    shared : sentences about clips that two problems explain.
    task : plots by the kind of task.
    verdict : None where it was not judged.
    examples : clips to hear.
    in_full : False where only its row is in the report.
    """

    number: int
    id: str
    name: str
    reason: str
    defined: str
    value: str
    interval: str
    drop: str
    against: str
    support: str
    share: str
    fixed: str
    both: str
    who: str
    parts: str
    tier: str
    p: str
    colour: int
    span: Span
    causes: tuple[CauseText, ...]
    distributions: tuple[Distribution, ...]
    values: tuple[str, ...]
    words: tuple[WordList, ...]
    shared: tuple[str, ...]
    verdict: Verdict | None
    examples: tuple[Example, ...]
    in_full: bool = True
    task: TaskPlots = field(default_factory=TaskPlots)

    @property
    def anchor(self) -> str:
        """Name of its place in the document: the id has only digits and letters."""
        return f"slice-{self.id}"


@dataclass(frozen=True)
class CauseCostText:
    """Cost of a cause over all slices whose most probable cause it is, in words."""

    label: str
    slices: str
    clips: str
    share: str
    change: str
    without: str


@dataclass(frozen=True)
class DescribedText:
    """A slice that metadata or measurements describe, in words."""

    label: str
    same: str
    value: str
    interval: str
    drop: str
    support: str
    who: str
    tier: str
    p: str
    colour: int
    span: Span


@dataclass(frozen=True)
class WrongText:
    """A clip whose reference is probably wrong: where it is, why, whether a reviewer agrees, and the clip itself."""

    row: str
    reason: str
    marked: str
    example: Example


@dataclass(frozen=True)
class PastText:
    """A defined slice over saved runs.

    Attributes
    ----------
    name, state, first, last : its name, state and values in words.
    line, overall : points of its values and of those of the whole table in a chart of 100 by 40.
    bars : place, both ends of the interval, value and state of every run.
    """

    name: str
    state: str
    first: str
    last: str
    line: str
    overall: str
    bars: tuple[tuple[float, float, float, float, str], ...]


@dataclass(frozen=True)
class Listing:
    """Rows of a list that may be longer than what a report shows; `left_out` says so in a sentence, or is ""."""

    rows: tuple
    left_out: str = ""


@dataclass(frozen=True)
class Report:
    """Everything that stands in a report.

    Attributes
    ----------
    title, subtitle : of the document.
    metric : its name.
    lead : what was found, in a few sentences.
    figures : numbers of the head.
    reduced : sentences about what is left out or shortened to keep the file small.
    waterfall : bars; empty where there is nothing to fix.
    fixed : the sentence above the waterfall, or why there is none.
    causes : cost of the causes.
    task : plots of all clips by the kind of task.
    axis : that of the intervals of all slices.
    slices, own, described, wrong : the slices, user-defined ones, slices over metadata, probably wrong references.
    past : defined slices over saved runs; its sentence names the runs.
    has_groups, has_test, has_verdicts : whether the tables have columns for these.
    nothing : why there is no slice; "" where there is one.
    steps : paragraphs on how it was done.
    settings : name and value of everything that was chosen.
    versions : packages and their versions.
    glossary : terms and what they mean.
    """

    title: str
    subtitle: str
    metric: str
    lead: tuple[str, ...]
    figures: tuple[Figure, ...]
    reduced: tuple[str, ...]
    waterfall: tuple[Bar, ...]
    fixed: str
    causes: tuple[CauseCostText, ...]
    task: TaskPlots
    axis: Axis
    slices: Listing
    own: tuple[SliceText, ...]
    described: Listing
    wrong: Listing
    past: Listing
    has_groups: bool
    has_test: bool
    has_verdicts: bool
    nothing: str
    steps: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    glossary: tuple[tuple[str, str], ...]
