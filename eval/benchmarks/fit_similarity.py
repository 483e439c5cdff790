"""Fit the similarity reader's weights and threshold on the newsroom dev events.

    python eval/benchmarks/fit_similarity.py NEWSROOM_FOLDER

NEWSROOM_FOLDER holds `dev/`. Prints the weights, the constant and the threshold to put into
`rag/reader/similarity.py`, and what they reach on the same events (so these figures flatter).
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from rag.encoding import SentenceTransformerEncoder
from rag.engine import Engine
from rag.evaluation.newsroom import write_corpus
from rag.evaluation.questions import GoldQuestion
from rag.reader.similarity import PASSAGES, SimilarityReader, sentences_of


def rows(
    engine: Engine, reader: SimilarityReader, questions: Sequence[GoldQuestion]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each question the features of all sentences read and whether each is gold evidence."""
    for question in questions:
        hits = engine.search(question.question, PASSAGES)
        sentences = sentences_of(hits)
        gold = {(span.document, span.start, span.end) for span in question.evidence}
        labels = [
            any(d == p.source.id and s.start < end and start < s.end for d, start, end in gold)
            for p, s in sentences
        ]
        yield reader.features(question.question, sentences), np.array(labels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("newsroom", type=Path)
    newsroom = parser.parse_args().newsroom
    encoder = SentenceTransformerEncoder()
    reader = SimilarityReader(encoder)
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder, "corpus"), Path(folder, "index")
        questions = write_corpus(newsroom / "dev", corpus)
        with Engine.build(corpus, index=index, encoder=encoder) as engine:
            examples = list(rows(engine, reader, questions))
    model = LogisticRegression(C=10.0, max_iter=1000)
    model.fit(np.concatenate([x for x, _ in examples]), np.concatenate([y for _, y in examples]))
    print("WEIGHTS", np.round(model.coef_[0], 2).tolist())
    print("CONSTANT", round(float(model.intercept_[0]), 2))

    scores = [model.predict_proba(x)[:, 1] for x, _ in examples]
    best = np.array([s.max() for s in scores])
    right = np.array([y[np.argmax(s)] for s, (_, y) in zip(scores, examples, strict=True)])
    answerable = np.array([question.answerable for question in questions])
    balanced = [
        ((best[answerable] >= t).mean() / 2 + (best[~answerable] < t).mean() / 2, t)
        for t in np.unique(best)
    ]
    accuracy, threshold = max(balanced)
    print("THRESHOLD", round(float(threshold), 3), "balanced accuracy", round(accuracy, 3))
    print("AUROC of answerability", round(roc_auc_score(answerable, best), 3))
    print("first sentence is evidence", round(right[answerable].mean(), 3))


if __name__ == "__main__":
    main()
