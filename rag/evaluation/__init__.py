"""Judges answers against question sets with complete gold evidence; offline, in minutes."""

from rag.evaluation.questions import load_questions
from rag.evaluation.report import Report
from rag.evaluation.run import evaluate

__all__ = ["Report", "evaluate", "load_questions"]
