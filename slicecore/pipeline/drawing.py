"""Drawings of a result: pieces of HTML for notebooks, and plotly figures."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from slicecore.cached_properties import cached_property
from slicecore.errors import SlicecoreError, StorageError
from slicecore.pipeline.found_slice import NotebookOutput
from slicecore.pipeline.verdicts import is_judged, reviews_on
from slicecore.slices.empty_scan import no_clusters
from slicecore.slices.result import Slice
from slicecore.storage.home import cache_folder

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from slicecore.pipeline.result import Result
    from slicecore.report.html.findings import Findings
    from slicecore.slices.metadata_slices import MetadataSlice


class Drawings:
    """Drawings of a result, with the names that report and page have; methods and errors are those of `Result`.

    Parameters
    ----------
    result
        The result.
    """

    def __init__(self, result: Result) -> None:
        self._result = result

    def overview(self) -> str:
        """The result as HTML."""
        from slicecore.report.html.fragments import result_fragment

        return result_fragment(self._judged_findings())

    def group(
        self, group: Slice | MetadataSlice | Sequence[int], players: int, seconds: float
    ) -> NotebookOutput:
        """A group of clips, see `Result.show`."""
        from slicecore.report.html.fragments import slice_fragment
        from slicecore.slices.metadata_slices import MetadataSlice

        result = self._result
        name = group.label if isinstance(group, MetadataSlice) else ""
        group = group.slice if isinstance(group, MetadataSlice) else group
        slice_ = group if isinstance(group, Slice) else result.scanner.group(group, result.options.against)
        return NotebookOutput(
            repr(slice_), slice_fragment(self._judged_findings(), slice_, players, seconds, name)
        )

    def treemap(self, dark: bool) -> Figure:
        """Clusters and slices as a treemap."""
        from slicecore.display.treemap import cluster_tree
        from slicecore.report.figures import treemap_figure

        self._require_clusters()
        scan = self._result.scan
        return treemap_figure(cluster_tree(self._result.scanner.hierarchy, scan), scan, self._names, dark)

    def map(self, dark: bool, cache: Path | None) -> Figure:
        """The clips as a map."""
        from slicecore.pipeline.cached import cached_positions
        from slicecore.report.figures import map_figure

        self._require_clusters()
        result = self._result
        folder = cache_folder() if cache is None else cache
        positions = cached_positions(result.embeddings[0].vectors, result.scanner.hierarchy, folder)
        return map_figure(positions, result.data, result.scan, self._names, dark)

    def waterfall(self, dark: bool) -> Figure:
        """The slices' parts in the overall value as a waterfall."""
        from slicecore.report.figures import waterfall_figure

        self._require_clusters()
        return waterfall_figure(self._result.scan, self._names, dark)

    def evidence(self, slice_: Slice, dark: bool) -> Figure:
        """Distributions that set a slice apart."""
        from slicecore.report.figures import evidence_figure

        explanation, explainer = self._result.explain(slice_), self._result.explainer
        if explainer is None:
            raise SlicecoreError("Nothing was measured. Search with explain=True.")
        name = self._names.get(slice_.id) or explanation.title or f"Slice {slice_.id}"
        return evidence_figure(explanation, explainer, slice_, name, dark)

    def _require_clusters(self) -> None:
        if not self._result.scan.has_clusters:
            raise SlicecoreError(no_clusters(self._result.data))

    @cached_property
    def _names(self) -> dict[str, str]:
        """Names of the slices, as report and page have them."""
        from slicecore.report.html.slice_texts import SliceTexts

        texts = SliceTexts(self._plain_findings)
        return {slice_.id: texts.name(number, slice_) for number, slice_ in enumerate(self._result.slices, 1)}

    @cached_property
    def _plain_findings(self) -> Findings:
        return self._result.findings()

    def _judged_findings(self) -> Findings:
        """Findings with what reviewers have said by now; without, where that can't be read."""
        with contextlib.suppress(StorageError):  # a result can be looked at wherever it is
            if is_judged(self._result.data):
                return replace(self._plain_findings, reviews=reviews_on(self._result))
        return self._plain_findings
