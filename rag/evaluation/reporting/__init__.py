"""A report as one file to read and to pass on: HTML without scripts, or Markdown."""

from rag.evaluation.reporting.contents import Contents
from rag.evaluation.reporting.writing import render, write_report

__all__ = ["Contents", "render", "write_report"]
