"""Exceptions of slicecore. Their text is a sentence for people: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence


class SlicecoreError(Exception):
    """Root of everything slicecore raises on purpose."""


class TableError(SlicecoreError):
    """The table can't be used as it is: a column, a row or the whole file is wrong."""


class TableWarning(UserWarning):
    """Something of a table was left out; the text is a sentence for people."""


class AudioError(SlicecoreError):
    """An audio file can't be decoded. The text is the reason alone, without the path."""


class NotFoundError(AudioError):
    """There is no file where the table says that there is one."""


class NoDecoderError(AudioError):
    """An audio file can't be decoded on this machine; on another, or after an installation, it may be."""


class ModelError(SlicecoreError):
    """An embedding model can't be had or doesn't fit the data."""


class MetricError(SlicecoreError):
    """The metric can't be computed from these columns."""


class ClipError(MetricError):
    """The metric can't be computed because of one clip, which the sentence names by its row.

    Parameters
    ----------
    sentence
        With `{row}` where the number of the row stands. It is that in a CSV file, whose header is row 1, until
        `numbered` says how the rows of the table are counted.
    index
        Of the clip, from 0.
    """

    def __init__(self, sentence: str, index: int) -> None:
        super().__init__(sentence.replace("{row}", str(index + 2), 1))
        self._sentence, self._index = sentence, index

    def counted_from(self, first: int) -> ClipError:
        """The error where the clips are some of a table, the first of which is at an index there."""
        return ClipError(self._sentence, first + self._index)

    def numbered(self, numbers: Sequence[int]) -> MetricError:
        """The error with the row's number among those of a table, such as `Dataset.numbers`."""
        return MetricError(self._sentence.replace("{row}", str(numbers[self._index]), 1))


class DefinitionError(SlicecoreError):
    """A definition of a slice, its file or a saved run can't be used."""


class StorageError(SlicecoreError):
    """A file of the workspace or the cache can't be read or written."""


class Cancelled(SlicecoreError):
    """Work was stopped on request. What was finished is stored."""


class VerdictError(SlicecoreError):
    """A verdict or an own slice makes no sense, is about something that is gone, or would replace a newer one."""
