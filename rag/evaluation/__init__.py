"""Judges answers against question sets with complete gold evidence; offline, in minutes."""

from rag.evaluation.questions import load_questions
from rag.evaluation.recorded import load_replies
from rag.evaluation.report import Report
from rag.evaluation.run import evaluate, score_replies

__all__ = ["Report", "evaluate", "load_questions", "load_replies", "score_replies"]
