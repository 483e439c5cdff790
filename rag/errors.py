"""The errors that the project raises on purpose; the faces catch `CitableError` and nothing wider.

Each message says what happened, where, and how to mend it, in one line.
"""

from __future__ import annotations


class CitableError(Exception):
    """Base of every error that a user can mend."""


class QuestionError(CitableError):
    """The question cannot be asked: it is empty or far too long."""


class ReadingError(CitableError):
    """A path or file cannot be read; the message is the reason, the caller adds the file's name."""


class IndexMissingError(CitableError):
    """There is no index at the given folder."""


class IndexMismatchError(CitableError):
    """The index was made with another encoder or another format version."""


class IndexDamagedError(CitableError):
    """The index file cannot be read as an index."""


class UnknownDocumentError(CitableError):
    """No document of the index has the given id."""


class IndexWriteError(CitableError):
    """The index folder cannot be written, or another process is writing it."""


class ModelError(CitableError):
    """A model is missing, damaged or not what its name says."""


class EvaluationError(CitableError):
    """A question set or an answers file does not have the documented form."""
