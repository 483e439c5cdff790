"""Whether the files of an evaluation can be written, known before anything is asked."""

from __future__ import annotations

import os
from pathlib import Path

from rag.errors import EvaluationError

# The forms of a written report.
REPORT_SUFFIXES = (".html", ".md")


def check_folder(path: Path) -> None:
    """Raise EvaluationError unless the folder of a file is there and can be written."""
    folder = path.parent
    if not folder.is_dir():
        raise EvaluationError(f"{path}: cannot be written: make the folder '{folder}' first")
    if not os.access(folder, os.W_OK):
        raise EvaluationError(
            f"{path}: cannot be written: the folder '{folder}' is write-protected"
        )


def check_new(path: Path) -> None:
    """Raise EvaluationError unless there is no such file yet and its folder can be written."""
    if path.exists():
        raise EvaluationError(f"{path}: is there already: name a new file, or remove this one")
    check_folder(path)


def check_report(path: Path) -> None:
    """Raise EvaluationError unless the ending names a form of report and it can be written."""
    if path.suffix.lower() not in REPORT_SUFFIXES:
        raise EvaluationError(f"{path}: name a file that ends in .html or .md for the report")
    check_folder(path)


def unwritable(path: Path, error: OSError) -> EvaluationError:
    """The error for a file that could not be written."""
    return EvaluationError(f"{path}: cannot be written: {error.strerror or error}")
