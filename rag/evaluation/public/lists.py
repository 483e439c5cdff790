"""MultiSpanQA: several answers in one passage, scored as its authors' script does it.

The script (github.com/haonan-li/MultiSpanQA, NAACL 2022) compares sets of spans in SQuAD's normal
form, pooled over the questions: exact, and by the longest run of characters that two spans share.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from rag.evaluation.public.formats import Range, detokenize, read_array
from rag.evaluation.public.measures import normalise
from rag.evaluation.public.reading import Scores, sentences_of
from rag.reader.model import PassageReader


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """A question on a tokenized passage; `labels` are B, I or O for each token of an answer."""

    question: str
    tokens: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def answers(self) -> frozenset[str]:
        """The gold spans in their normal form."""
        spans: list[list[str]] = []
        before = "O"
        for token, label in zip(self.tokens, self.labels, strict=True):
            if label == "B" or (label == "I" and before == "O"):
                spans.append([])
            if label != "O":
                spans[-1].append(token)
            before = label
        return frozenset(normalise(" ".join(span)) for span in spans)


def read_multispanqa(path: Path) -> list[ListQuestion]:
    """The questions of a MultiSpanQA file, in order; raises EvaluationError naming a wrong one."""
    return read_array(path, json.loads(path.read_text(encoding="utf-8"))["data"], _question)


def _question(row: dict[str, Any]) -> ListQuestion:
    tokens, labels = tuple(row["context"]), tuple(row["label"])
    if len(tokens) != len(labels):
        raise ValueError(f"{len(tokens)} tokens have {len(labels)} labels")
    if strange := set(labels) - {"B", "I", "O"}:
        raise ValueError(f"the label {min(strange)!r} is none of B, I, O")
    return ListQuestion(detokenize(row["question"])[0], tokens, labels)


def multispanqa_scores(
    reader: PassageReader, asked: Sequence[ListQuestion], limit: int = 0
) -> Scores:
    """The script's measures of the reader's tagged spans, and of its one best span beside them."""
    asked = asked[:limit] if limit else asked
    gold = [one.answers for one in asked]
    tagged, best = [], []
    for one in asked:
        text, ranges = detokenize(one.tokens)
        reading = reader.read(one.question, [text], [sentences_of(text)])[0]
        spans = [(span.start, span.end) for span in reading.tagged]
        tagged.append(frozenset(_spoken(one.tokens, ranges, span) for span in spans))
        first = [(span.start, span.end) for span in reading.spans[:1]]
        best.append(frozenset(_spoken(one.tokens, ranges, span) for span in first))
    return {
        "questions": len(asked),
        **{f"tagged_{name}": value for name, value in list_scores(gold, tagged).items()},
        **{f"best_span_{name}": value for name, value in list_scores(gold, best).items()},
    }


def list_scores(gold: Sequence[frozenset[str]], said: Sequence[frozenset[str]]) -> Scores:
    """Precision, recall and F1 over all questions, exact and by overlap.

    A question without spans on one side counts one there, as in the script.
    """
    pairs = list(zip(gold, said, strict=True))
    wanted = sum(max(len(spans), 1) for spans in gold)
    given = sum(max(len(spans), 1) for spans in said)
    same = sum(len(right & spans) for right, spans in pairs)
    near = [_overlap(right, spans) for right, spans in pairs]
    return {
        **_shares("exact", same, same, given, wanted),
        **_shares("overlap", sum(p for p, _ in near), sum(r for _, r in near), given, wanted),
    }


def _shares(name: str, precise: float, found: float, given: int, wanted: int) -> Scores:
    precision, recall = precise / given if given else 0.0, found / wanted if wanted else 0.0
    both = precision + recall
    return {
        f"{name}_precision": precision,
        f"{name}_recall": recall,
        f"{name}_f1": 2 * precision * recall / both if both else 0.0,
    }


def _overlap(gold: Iterable[str], said: Iterable[str]) -> tuple[float, float]:
    """For each span the share of it that it has in common with the closest, summed on each side."""
    common = {
        (right, span): SequenceMatcher(None, right, span).find_longest_match().size
        for right in gold
        for span in said
    }
    precise = [
        max((common[right, span] / len(span) for right in gold if span), default=0.0)
        for span in said
    ]
    found = [
        max((common[right, span] / len(right) for span in said if right), default=0.0)
        for right in gold
    ]
    return sum(precise), sum(found)


def _spoken(tokens: Sequence[str], ranges: Sequence[Range], span: Range) -> str:
    """The tokens that a span touches, joined as the script joins those of gold spans."""
    start, end = span
    inside = [token for token, (a, b) in zip(tokens, ranges, strict=True) if a < end and start < b]
    return normalise(" ".join(inside))
