"""Result of a search for slices: what can be done with it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slicecore.cached_properties import cached_property
from slicecore.pipeline.found import Found
from slicecore.pipeline.found_slice import PLAYERS, SECONDS, FoundSlice, NotebookOutput, slice_of_result
from slicecore.pipeline.record import record_of
from slicecore.report.html.findings import NO_REVIEWS, Findings, Reviews
from slicecore.slices.result import Slice
from slicecore.storage.verdicts import REAL_ISSUE

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

    from slicecore.pipeline.analysis import Progress
    from slicecore.pipeline.drawing import Drawings
    from slicecore.pipeline.review import Review
    from slicecore.recipes.probing.probe import Probe
    from slicecore.recipes.recipe import Recipe
    from slicecore.report.html.past import Past
    from slicecore.slices.metadata_slices import MetadataSlice
    from slicecore.table.dataset import Dataset
    from slicecore.transfer.definition import Definitions


@dataclass(frozen=True, eq=False, repr=False)
class Result(Found):
    """Everything that `slicecore.find_slices` found.

    Attributes
    ----------
    data : the clips, with predicted attributes among the metadata if any were asked for.
    embeddings : one per model, in the order in which they were given.
    scanner : describes any group of clips as a slice, and scans again with other options.
    scan : the slices with the thresholds that were applied.
    metadata_slices : slices that metadata and measurements describe; where no clip has a vector they are all there is.
    measurements : of every clip; None where nothing was measured.
    explainer : explains any group of clips; None where nothing was to be explained.
    explanations : of the slices of the scan, by slice id.
    wrong_references : clips whose reference is probably wrong; None where nothing was to be explained.
    metric, normalisation : name of the metric, and how texts were normalised for it.
    attributes : models whose labels are among the metadata.
    group : column of the groups that clips come in, "file names", or None.
    time : when the search ended.
    """

    @cached_property
    def slices(self) -> tuple[FoundSlice, ...]:
        """The slices of the scan; in a notebook each shows its reason, plots and players."""
        return tuple(slice_of_result(slice_, self) for slice_ in self.scan.slices)

    @property
    def all_slices(self) -> tuple[Slice, ...]:
        """The slices of the scan; those over metadata where no clip has a vector, so that there are no clusters."""
        return self.slices if self.scan.has_clusters else tuple(each.slice for each in self.metadata_slices)

    def definitions(
        self, verdicts: Sequence[str] | None = (REAL_ISSUE,), *, cache: Path | None = None
    ) -> Definitions:
        """Definitions of slices, by which their clips are recognised in other data; `save` writes slices.yaml.

        Parameters
        ----------
        verdicts
            Slices that reviewers gave one of these verdicts on the review page, those carried over included; None for
            all slices of the scan, or over metadata where there are no clusters.
        cache
            Folder of the cache that the search was given; the user's by default.

        Raises
        ------
        SlicecoreError
            Verdicts are wanted, but the page was never opened on a table in memory, or they can't be read.

        Examples
        --------
        >>> result.definitions(verdicts=None).save("slices.yaml")
        >>> len(sc.load_definitions("slices.yaml"))
        1
        """
        from slicecore.pipeline.definitions import definitions_of

        return definitions_of(self, verdicts, cache)

    def more_like(
        self, slice_: Slice, data: Dataset | str | Path | Any, n: int = 100, *, cache: Path | None = None
    ) -> pd.DataFrame:
        """More clips like those of a slice, from data without references; see `slicecore.more_like`.

        Parameters
        ----------
        slice_
            A slice of the scan, or any group of `scanner.group`.
        data
            A folder of recordings, or a table of clips.
        n
            Most clips.
        cache
            Folder of the cache; the user's by default.

        Examples
        --------
        >>> pool = clips.tail(30).assign(id=range(30)).drop(columns="reference")
        >>> result.more_like(result.slices[0], pool, n=2)["within"].tolist()
        [True, True]
        """
        from slicecore.pipeline.definitions import definition_of
        from slicecore.transfer.more_like import more_like

        return more_like(definition_of(self, slice_, cache), data, n, cache=cache)

    def show(
        self, group: Slice | MetadataSlice | Sequence[int], players: int = PLAYERS, seconds: float = SECONDS
    ) -> NotebookOutput:
        """Show any group of clips in a notebook, with its reason, plots and players.

        Parameters
        ----------
        group
            A slice, also one of `metadata_slices` or `scanner.group`; or rows.
        players
            Number of clips that can be heard: the typical one, then the worst.
        seconds
            Longest part of a clip. What is shown is saved with the notebook: a second takes 5.3 kB.
        """
        return self._drawings.group(group, players, seconds)

    def treemap(self, dark: bool = False) -> Figure:
        """Treemap of the clusters and slices as a plotly figure; `dark` for dark notebooks.

        Raises
        ------
        SlicecoreError
            No clip has a vector, so that there are no clusters.
        """
        return self._drawings.treemap(dark)

    def map(self, dark: bool = False, *, cache: Path | None = None) -> Figure:
        """Map of the clips as a plotly figure, by the first embedding; `cache` as in `definitions`.

        Raises
        ------
        SlicecoreError
            No clip has a vector, by which it would have a place.
        """
        return self._drawings.map(dark, cache)

    def waterfall(self, dark: bool = False) -> Figure:
        """Waterfall of the slices' parts in the overall value, as a plotly figure; raises SlicecoreError without."""
        return self._drawings.waterfall(dark)

    def evidence(self, slice_: Slice, dark: bool = False) -> Figure:
        """Distributions that set a slice apart most, as a plotly figure; raises SlicecoreError without any."""
        return self._drawings.evidence(slice_, dark)

    def review(self, *, port: int | None = None, browser: bool = True) -> Review:
        """Open the review page on the result; a page that this process opened on it before is found again.

        It begins with the options of the result's scan.
        A table in memory is written to the home folder first, with its recordings: there the page keeps its verdicts.

        Parameters
        ----------
        port
            Port of the page on this machine; a free one if None.
        browser
            True to open it in a browser where there is a screen.

        Raises
        ------
        SlicecoreError
            The page is not installed, does not start, or can't show this metric.
        StorageError
            The table can't be written.
        """
        from slicecore.pipeline.review import open_review

        return open_review(self, port, browser)

    def verdicts(self, *, cache: Path | None = None) -> pd.DataFrame:
        """Verdicts of reviewers: a row per judged slice and reviewer, with the columns of slices.csv.

        `counts` is True in one row of every slice: that of the newest verdict, by which the slice is exported and
        defined. The first of the rows of a slice is that one. `cache` as in `definitions`.
        """
        from slicecore.pipeline.verdicts import verdicts_table

        return verdicts_table(self, cache)

    def recipe(self, slice_: Slice, *, share: float | None = None, name: str = "") -> Recipe:
        """Recipe of a slice: what makes clean training clips sound like its clips; `save` writes it as YAML.

        Parameters
        ----------
        slice_
            A slice of the scan, or one made by `scanner.group`.
        share
            Share of the training clips that are changed, half by default.
        name
            Of the slice; its cause by default.

        Raises
        ------
        SlicecoreError
            The clips were not measured, or the share is none.
        """
        from slicecore.recipes.making import SHARE, make

        explanation, share = self.explain(slice_), SHARE if share is None else share
        assert self.explainer is not None  # else nothing was explained
        return make(self.explainer, slice_, explanation=explanation, share=share, name=name)

    def probe(
        self, slice_: Slice, *, remedy: str = "", damage: bool = False, cause: str = "", name: str = ""
    ) -> Probe:
        """Probe whether a cause of a slice is the cause: its clips mended, or clean clips damaged.

        Parameters
        ----------
        slice_
            A slice of the scan, or one made by `scanner.group`.
        remedy, damage, cause, name
            As in `slicecore.probe`.

        Raises
        ------
        SlicecoreError
            The clips were not measured, or there is no such cause or remedy.
        """
        from slicecore.recipes.probing.making import probe

        explanation = self.explain(slice_)
        assert self.explainer is not None  # else nothing was explained
        return probe(
            self.explainer,
            slice_,
            remedy=remedy,
            damage=damage,
            cause=cause,
            explanation=explanation,
            name=name,
        )

    def record(self) -> dict[str, Any]:
        """Inputs, numbers and package versions of the run, ready for JSON."""
        return record_of(self)

    def save(
        self,
        folder: str | Path,
        *,
        measurements: bool = False,
        verdicts: bool = False,
        errors: bool = False,
        words: Sequence[str] | str | Path = (),
        word_classes: bool = False,
    ) -> None:
        """Write slices.csv, clips.csv, metadata_slices.csv, wrong_references.csv and, when all are there, run.json.

        Files of an earlier run in the folder are replaced. There is no wrong_references.csv where nothing was to be
        explained.

        Parameters
        ----------
        folder
            Created if missing.
        measurements
            True to add the measurements of every clip to clips.csv.
        verdicts
            True to fill in the verdicts that were given on the review page, and those carried over from other clips,
            models and tables; where several people judged, verdicts.csv and agreement.csv are written, too.
        errors
            True to write errors.csv, a row per wrong word, too.
        words
            Words that matter, or a file of them, as in `slicecore.word_recall`, for words.csv.
        word_classes
            True to write word_classes.csv, errors on numbers, names and rare words, too.

        Raises
        ------
        StorageError
            A file can't be written.
        SlicecoreError
            Verdicts are wanted, but the page was never opened on a table in memory, or they can't be read.
        MetricError
            Errors or classes are wanted, but the metric does not compare transcripts; or nothing is left of a word.
        TableError
            The file of words can't be read.

        Examples
        --------
        >>> from pathlib import Path
        >>> result.save("found", errors=True)
        >>> sorted(path.name for path in Path("found").iterdir())
        ['clips.csv', 'errors.csv', 'metadata_slices.csv', 'run.json', 'slices.csv', 'wrong_references.csv']
        """
        from slicecore.pipeline.writing import save_tables

        save_tables(self, Path(folder), measurements, verdicts, errors, words, word_classes)

    def report(
        self,
        path: str | Path,
        *,
        verdicts: bool = True,
        past: Past | None = None,
        progress: Progress | None = None,
        cancel: threading.Event | None = None,
    ) -> None:
        """Write a report: one HTML file with slices, reasons, sounds, methods, that needs nothing else to be read.

        Parameters
        ----------
        path
            The file, which is replaced. Folders above it are made.
        verdicts
            True to fill in the verdicts that were given on the review page.
        past
            Defined slices over saved runs, as `slicecore.gate.past.past_of` gives them.
        progress, cancel
            As in `slicecore.find_slices`.

        Raises
        ------
        StorageError
            The file can't be written.
        SlicecoreError
            Verdicts are wanted and can't be read.
        Cancelled
            If `cancel` was set.

        Examples
        --------
        >>> result.report("report.html")
        """
        from slicecore.pipeline.writing import save_report

        save_report(self, Path(path), verdicts, past, progress, cancel)

    def findings(self, reviews: Reviews = NO_REVIEWS, past: Past | None = None) -> Findings:
        """Everything that a report is about, with what reviewers said, and what defined slices were before."""
        return Findings(
            data=self.data,
            scan=self.scan,
            vectors=self.embeddings[0].vectors,
            groups=self.scanner.groups,
            metadata_slices=self.metadata_slices,
            measurements=self.measurements,
            explainer=self.explainer,
            explanations=self.explanations,
            wrong_references=self.wrong_references,
            normalisation=self.normalisation,
            record=self.record(),
            time=self.time,
            reviews=reviews,
            past=past,
        )

    def _repr_html_(self) -> str:
        return self._drawings.overview()

    @cached_property
    def _drawings(self) -> Drawings:
        from slicecore.pipeline.drawing import Drawings

        return Drawings(self)
