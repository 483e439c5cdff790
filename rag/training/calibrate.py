"""Turns the reader's scores into probabilities, on dev events that it was not trained on.

For each form of question, a logistic regression ranks candidates by how probably they are right:
their quote overlaps gold evidence, and their text is an accepted answer (but for yes-no questions).
The scores of each question's best are then scaled (Platt, 1999) to the probability that its quote
is gold evidence, which is what `confidence` means; both together are one linear fit.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from rag.engine import READ_POOL, Engine
from rag.evaluation.matching import fewest_extra_words
from rag.evaluation.newsroom import write_corpus
from rag.evaluation.questions import GoldQuestion
from rag.names import asks_for_country, country, country_in
from rag.reader.candidate import Candidate
from rag.reader.model import ReaderModel
from rag.reader.trained import (
    CALIBRATION_FILE,
    FEATURES,
    FORMS,
    ITEMS,
    SINGLE,
    YES_NO,
    Fit,
    candidates,
    form_of,
)

# A candidate that is never near the top teaches nothing about the ones that are shown.
TOP_CANDIDATES = 8
# Of the answerable dev questions this share may be refused, no more: below the tenth that is
# allowed, because a corpus that is asked tomorrow is seldom easier than the one fitted on.
WRONGLY_REFUSED = 0.07
# Shares of the best item's probability that are tried for keeping others beside it.
SHARES = tuple(n / 20 for n in range(4, 20))
WRONG = -1


@dataclass(frozen=True, slots=True)
class Judged:
    """A question's candidates: features, what each says, whether its quote is gold evidence.

    `gives` is the number of the gold answer that a candidate gives with a quote that shows it,
    or WRONG; `says` is its text, or its country's one name.
    """

    question: GoldQuestion
    features: NDArray[np.float64]
    gives: NDArray[np.int64]
    supported: NDArray[np.bool_]
    says: tuple[str, ...]

    @property
    def right(self) -> NDArray[np.bool_]:
        return np.asarray(self.gives != WRONG)

    def of(self, features: int) -> Judged:
        """The same question with the first features of its candidates."""
        return replace(self, features=self.features[:, :features])

    def only(self, rows: NDArray[np.intp]) -> Judged:
        """The same question with some of its candidates."""
        says = tuple(self.says[row] for row in rows)
        return Judged(
            self.question, self.features[rows], self.gives[rows], self.supported[rows], says
        )


def calibrate(data: Path, reader: Path) -> dict[str, object]:
    """Fit on `DATA/newsroom/dev`, write `calibration.json` into the reader's folder, return it."""
    judged = judge(data / "newsroom" / "dev", ReaderModel(reader))
    result: dict[str, object] = {"made_from": "newsroom dev"}
    for form, fit in fit_forms(judged).items():
        result[form] = {
            "weights": [round(v, 5) for v in fit.weights],
            "threshold": round(fit.threshold, 4),
            "share": fit.share,
            "questions": len(_asked(judged, form)),
        }
    (reader / CALIBRATION_FILE).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return result


def fit_forms(judged: Sequence[Judged]) -> dict[str, Fit]:
    """A fit for each form of question, with one threshold for all."""
    # Thirty yes-no questions, none of them without an answer, do not teach when to refuse: the
    # questions for a single answer teach it with them, from the same scores.
    taught_by = {SINGLE: (SINGLE,), ITEMS: (ITEMS,), YES_NO: (SINGLE, YES_NO)}
    weights = {
        form: _fit(
            [one.of(FEATURES[form]) for other in taught_by[form] for one in _asked(judged, other)],
            0 if form == ITEMS else TOP_CANDIDATES,
        )
        for form in FORMS
    }
    ranked = {form: Fit(of_form, 0.0) for form, of_form in weights.items()}
    threshold = _answer_threshold(
        [(fit, one) for form, fit in ranked.items() for one in _asked(judged, form)]
    )
    share = _best_share(ranked[ITEMS], _asked(judged, ITEMS))
    return {form: Fit(weights[form], threshold, share if form == ITEMS else 0.0) for form in FORMS}


def _asked(judged: Sequence[Judged], form: str) -> list[Judged]:
    return [one for one in judged if form_of(one.question.question) == form]


def _answer_threshold(judged: Sequence[tuple[Fit, Judged]]) -> float:
    """The probability that WRONGLY_REFUSED of the answerable questions do not reach.

    One for all forms, since each fit gives the same probability: of a form with thirty questions,
    two would decide it.
    """
    answerable = [(fit, one) for fit, one in judged if one.question.answerable]
    best = [fit.probabilities(one.features).max() for fit, one in answerable]
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
                    found.append(judge_candidates(question, read))
            return found


def judge_candidates(question: GoldQuestion, read: Sequence[Candidate]) -> Judged:
    """What the candidates of a question say, and which of it is right."""
    name = country_in if asks_for_country(question.question) else country
    texts = [candidate.passage.slice(candidate.answer) for candidate in read]
    return Judged(
        question,
        np.array([candidate.features for candidate in read]),
        np.array([_gives(question, c, text) for c, text in zip(read, texts, strict=True)]),
        np.array([_is_supported(question, candidate) for candidate in read]),
        tuple(name(text) or text.lower() for text in texts),
    )


def _gives(question: GoldQuestion, candidate: Candidate, text: str) -> int:
    document, quote = candidate.passage.source.id, candidate.quote
    for number, answer in enumerate(question.answers):
        if question.kind != "yesno" and fewest_extra_words(text, answer) is None:
            continue
        if any(
            span.document == document and quote.start < span.end and span.start < quote.end
            for span in answer.evidence
        ):
            return number
    return WRONG


def _is_supported(question: GoldQuestion, candidate: Candidate) -> bool:
    document, quote = candidate.passage.source.id, candidate.quote
    return any(
        span.document == document and quote.start < span.end and span.start < quote.end
        for span in question.evidence
    )


def _fit(judged: Sequence[Judged], top: int) -> tuple[float, ...]:
    """Weights and constant: ranked by what is right, scaled by what is supported.

    Fitted on all candidates, then again on the `top` of each question by the first fit.
    """
    model = _regression(judged)
    if top:
        order = [np.argsort(-model.decision_function(one.features))[:top] for one in judged]
        model = _regression([one.only(rows) for one, rows in zip(judged, order, strict=True)])
    scores = [model.decision_function(one.features) for one in judged]
    best = np.array([row.max() for row in scores])
    supported = [one.supported[int(row.argmax())] for one, row in zip(judged, scores, strict=True)]
    scale = LogisticRegression(C=1.0).fit(best[:, None], supported)
    factor = float(scale.coef_[0, 0])
    return (
        *(factor * float(weight) for weight in model.coef_[0]),
        factor * float(model.intercept_[0]) + float(scale.intercept_[0]),
    )


def _regression(judged: Sequence[Judged]) -> LogisticRegression:
    features = np.concatenate([one.features for one in judged])
    right = np.concatenate([one.right for one in judged])
    return LogisticRegression(C=1.0, max_iter=1000).fit(features, right)


def _best_share(fit: Fit, judged: Sequence[Judged]) -> float:
    """The share of the best item's probability that gives the best F1 of lists, on average.

    A share's neighbours count as well: the curve is flat, and its very top is chance.
    """
    lists = [one for one in judged if one.question.answerable]
    curve = [sum(_list_f1(fit, one, share) for one in lists) for share in SHARES]
    smooth = np.convolve(curve, np.ones(3), mode="valid")
    return SHARES[int(smooth.argmax()) + 1]


def _list_f1(fit: Fit, judged: Judged, share: float) -> float:
    probabilities = fit.probabilities(judged.features)
    kept = np.flatnonzero(probabilities >= share * probabilities.max())
    said = {judged.says[row] for row in kept}
    right = {judged.says[row] for row in kept if judged.gives[row] != WRONG}
    given = {int(judged.gives[row]) for row in kept} - {WRONG}
    precision, recall = len(right) / len(said), len(given) / len(judged.question.answers)
    return 2 * precision * recall / (precision + recall) if given else 0.0
