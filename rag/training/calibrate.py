"""Turns the reader's scores into probabilities, on dev events that it was not trained on.

A logistic regression for each form of question says how probable it is that a candidate is right:
its quote overlaps gold evidence, and its text is an accepted answer (but for yes-no questions).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from rag.engine import READ_POOL, Engine
from rag.evaluation.matching import fewest_extra_words
from rag.evaluation.newsroom import write_corpus
from rag.evaluation.questions import GoldQuestion
from rag.reader.model import ReaderModel
from rag.reader.trained import CALIBRATION_FILE, FORMS, ITEMS, Candidate, candidates, form_of

# A candidate that is never near the top teaches nothing about the ones that are shown.
TOP_CANDIDATES = 8
# Of the answerable dev questions this share may be refused, no more.
WRONGLY_REFUSED = 0.10


@dataclass(frozen=True, slots=True)
class Judged:
    """A question's candidates, their features and whether each is right."""

    question: GoldQuestion
    features: NDArray[np.float64]
    right: NDArray[np.bool_]


def calibrate(data: Path, reader: Path) -> dict[str, object]:
    """Fit on `DATA/newsroom/dev`, write `calibration.json` into the reader's folder, return it."""
    judged = judge(data / "newsroom" / "dev", ReaderModel(reader))
    result: dict[str, object] = {"made_from": "newsroom dev"}
    for form in FORMS:
        asked = [one for one in judged if form_of(one.question.question) == form]
        model = _fit(asked, 0 if form == ITEMS else TOP_CANDIDATES)
        find = _best_item_threshold if form == ITEMS else _answer_threshold
        result[form] = {
            "weights": [round(float(v), 5) for v in (*model.coef_[0], model.intercept_[0])],
            "threshold": round(find(model, asked), 4),
            "questions": len(asked),
        }
    (reader / CALIBRATION_FILE).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return result


def _answer_threshold(model: LogisticRegression, judged: Sequence[Judged]) -> float:
    """The probability that WRONGLY_REFUSED of the answerable questions do not reach."""
    answerable = [one for one in judged if one.question.answerable]
    best = [model.predict_proba(one.features)[:, 1].max() for one in answerable]
    return float(np.quantile(best, WRONGLY_REFUSED))


def judge(split: Path, model: ReaderModel) -> list[Judged]:
    """Read every question of a split over its pooled articles."""
    with tempfile.TemporaryDirectory() as folder:
        questions = write_corpus(split, Path(folder, "corpus"))
        with Engine.build(Path(folder, "corpus"), index=Path(folder, "index")) as engine:
            found = []
            for question in questions:
                hits = engine.search(question.question, READ_POOL)
                read = candidates(model, question.question, hits)
                if read:
                    features = np.array([candidate.features for candidate in read])
                    right = np.array([_is_right(question, candidate) for candidate in read])
                    found.append(Judged(question, features, right))
            return found


def _is_right(question: GoldQuestion, candidate: Candidate) -> bool:
    text = candidate.passage.slice(candidate.answer)
    document, quote = candidate.passage.source.id, candidate.quote
    return any(
        span.document == document and quote.start < span.end and span.start < quote.end
        for answer in question.answers
        if question.kind == "yesno" or fewest_extra_words(text, answer) is not None
        for span in answer.evidence
    )


def _fit(judged: Sequence[Judged], top: int) -> LogisticRegression:
    """Fit on all candidates, then again on each question's best by the first fit."""
    model = _regression(judged)
    if top:
        best = []
        for one in judged:
            order = np.argsort(-model.predict_proba(one.features)[:, 1])[:top]
            best.append(Judged(one.question, one.features[order], one.right[order]))
        model = _regression(best)
    return model


def _regression(judged: Sequence[Judged]) -> LogisticRegression:
    features = np.concatenate([one.features for one in judged])
    right = np.concatenate([one.right for one in judged])
    return LogisticRegression(C=1.0, max_iter=1000).fit(features, right)


def _best_item_threshold(model: LogisticRegression, judged: Sequence[Judged]) -> float:
    """The probability that gives the best F1 over all candidates of list questions."""
    scores = np.concatenate([model.predict_proba(one.features)[:, 1] for one in judged])
    right = np.concatenate([one.right for one in judged])
    thresholds = np.unique(scores)
    f1 = [2 * right[scores >= t].sum() / ((scores >= t).sum() + right.sum()) for t in thresholds]
    return float(thresholds[int(np.argmax(f1))])
