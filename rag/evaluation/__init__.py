"""Judges answers against question sets with complete gold evidence; offline, in minutes."""

from rag.evaluation.command import run_eval
from rag.evaluation.compare import compare
from rag.evaluation.corpora import load_corpus
from rag.evaluation.judged import Judged, judge_replies
from rag.evaluation.judges import Judge, load_judge
from rag.evaluation.questions import load_questions
from rag.evaluation.recorded import load_replies
from rag.evaluation.report import Report
from rag.evaluation.run import evaluate, score_replies

__all__ = [
    "Judge",
    "Judged",
    "Report",
    "compare",
    "evaluate",
    "judge_replies",
    "load_corpus",
    "load_judge",
    "load_questions",
    "load_replies",
    "run_eval",
    "score_replies",
]
