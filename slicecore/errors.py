"""Exceptions of slicecore. Their text is a sentence for people: what is wrong, where, and what to do."""


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


class DefinitionError(SlicecoreError):
    """A definition of a slice, its file or a saved run can't be used."""


class StorageError(SlicecoreError):
    """A file of the workspace or the cache can't be read or written."""


class Cancelled(SlicecoreError):
    """Work was stopped on request. What was finished is stored."""


class VerdictError(SlicecoreError):
    """A verdict or an own slice makes no sense, is about something that is gone, or would replace a newer one."""
