"""The measures of the public sets, as their own scripts define them.

Exact match and F1 are those of SQuAD's evaluation script (arXiv 1606.05250, 1806.03822); average
precision and reciprocal rank those of trec_eval.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """SQuAD's normal form: lower case, no punctuation, no articles, single spaces."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact(predicted: str, gold: str) -> float:
    """1 where the normal forms are equal."""
    return float(normalise(predicted) == normalise(gold))


def f1(predicted: str, gold: str) -> float:
    """F1 of the words of the normal forms; two empty answers are equal."""
    left, right = normalise(predicted).split(), normalise(gold).split()
    if not left or not right:
        return float(left == right)
    same = sum((Counter(left) & Counter(right)).values())
    return 2 * same / (len(left) + len(right))


def mean(values: Sequence[float]) -> float:
    """The mean; 0 for none."""
    return sum(values) / len(values) if values else 0.0


def average_precision(ranked: Sequence[bool]) -> float:
    """The mean, over the right ones, of the precision at their ranks."""
    precisions, found = [], 0
    for rank, right in enumerate(ranked, 1):
        if right:
            found += 1
            precisions.append(found / rank)
    return mean(precisions)


def auroc(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """The chance that a right one scores above a wrong one, ties half; 0.5 without both."""
    right = sum(labels)
    wrong = len(labels) - right
    if not right or not wrong:
        return 0.5
    order = sorted(range(len(scores)), key=lambda i: scores[i])
    ranks = [0.0] * len(scores)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        for place in range(start, end):
            ranks[order[place]] = (start + end + 1) / 2
        start = end
    total = sum(rank for rank, label in zip(ranks, labels, strict=True) if label)
    return (total - right * (right + 1) / 2) / (right * wrong)
