"""The measures, one function each: a share for one question, and scores over many of them.

A share is `hits` out of `total`; total 0 means that the measure does not apply to the question.
Shares are pooled (hits summed, divided by totals summed), so a measure with total 1 for each
question is averaged over questions, and one that counts citations over citations. A missing or
refused answer keeps its total, so it scores zero and never raises a mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.evaluation.matching import fewest_extra_words, pair, token_f1
from rag.evaluation.questions import GoldQuestion, GoldSpan
from rag.evaluation.replies import Cited, Reply, Statement

CALIBRATION_BINS = 10
_LABEL = re.compile(r"(yes|no|unclear)\s*(?:$|[,.:;–—-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` out of `total`; hits may be a fraction."""

    hits: float
    total: float

    @property
    def value(self) -> float | None:
        """The quotient, or None where the measure does not apply."""
        return self.hits / self.total if self.total else None


NOT_APPLICABLE = Share(0, 0)


def pooled(shares: Iterable[Share]) -> Share:
    """All hits out of all totals."""
    kept = list(shares)
    return Share(sum(share.hits for share in kept), sum(share.total for share in kept))


# Citations


def supports(cited: Cited, gold: GoldSpan) -> bool:
    """Whether a citation and gold evidence share at least half of the shorter of the two."""
    if cited.document != gold.document:
        return False
    common = min(cited.end, gold.end) - max(cited.start, gold.start)
    return 2 * common >= min(cited.end - cited.start, gold.end - gold.start)


def supported(question: GoldQuestion, cited: Cited) -> bool:
    """Whether a citation hits any gold evidence of the question."""
    return any(supports(cited, gold) for gold in question.evidence)


def offset_integrity(reply: Reply, texts: Mapping[str, str]) -> Share:
    """Citations whose quote stands at their offsets, out of all citations."""
    exact = sum(
        0 <= c.start < c.end and texts.get(c.document, "")[c.start : c.end] == c.quote
        for c in reply.citations
    )
    return Share(exact, len(reply.citations))


def citation_precision(question: GoldQuestion, reply: Reply) -> Share:
    """Citations that hit gold evidence, out of all; an unanswerable question has none to hit."""
    hits = sum(supported(question, cited) for cited in reply.citations)
    return Share(hits, len(reply.citations))


def citation_recall(question: GoldQuestion, reply: Reply) -> Share:
    """Claims with a gold-supported citation, out of the claims of answered answerable questions."""
    if not question.answerable:
        return NOT_APPLICABLE
    hits = sum(_claim_supported(question, claim) for claim in reply.claims)
    return Share(hits, len(reply.claims))


def evidence_accuracy(question: GoldQuestion, reply: Reply) -> Share:
    """Whether the first claim is gold-supported, out of answerable questions; a refusal is not."""
    return Share(first_supported(question, reply), 1) if question.answerable else NOT_APPLICABLE


def first_supported(question: GoldQuestion, reply: Reply) -> bool:
    """Whether some citation of the first claim hits gold evidence."""
    return bool(reply.claims) and _claim_supported(question, reply.claims[0])


def _claim_supported(question: GoldQuestion, claim: Statement) -> bool:
    return any(supported(question, cited) for cited in claim.cited)


# Short answers


def short_answer(question: GoldQuestion, reply: Reply) -> Share:
    """Whether the first claim gives an accepted short answer; lists have measures of their own.

    A yes-no question is judged by the label where the claim begins with one ("No", "No, …"), and
    by the evidence otherwise.
    """
    if not question.answerable or question.kind == "list":
        return NOT_APPLICABLE
    if not reply.claims:
        return Share(0, 1)
    text = reply.claims[0].text
    if question.kind == "yesno":
        label = _LABEL.match(text.strip())
        right = (
            label.group(1).lower() == question.yesno if label else first_supported(question, reply)
        )
    else:
        right = any(fewest_extra_words(text, answer) is not None for answer in question.answers)
    return Share(right, 1)


def short_answer_f1(question: GoldQuestion, reply: Reply) -> Share:
    """SQuAD's F1 of the first claim with the closest accepted answer; not for lists and yes-no."""
    if not question.answerable or question.kind in ("list", "yesno"):
        return NOT_APPLICABLE
    if not reply.claims:
        return Share(0, 1)
    accepted = [wording for answer in question.answers for wording in answer.accepted]
    return Share(max(token_f1(reply.claims[0].text, wording) for wording in accepted), 1)


def list_precision(question: GoldQuestion, reply: Reply) -> Share:
    """Claims matched with a gold item, averaged over list questions; a refusal scores 0."""
    return _list_share(question, reply, len(reply.claims))


def list_recall(question: GoldQuestion, reply: Reply) -> Share:
    """Gold items matched with a claim, averaged over list questions."""
    return _list_share(question, reply, len(question.answers))


def list_f1(question: GoldQuestion, reply: Reply) -> Share:
    """The harmonic mean of a list's precision and recall, averaged over list questions."""
    return _list_share(question, reply, (len(reply.claims) + len(question.answers)) / 2)


def _list_share(question: GoldQuestion, reply: Reply, out_of: float) -> Share:
    if question.kind != "list":
        return NOT_APPLICABLE
    found = len(pair([claim.text for claim in reply.claims], question.answers))
    return Share(found / out_of if out_of else 0.0, 1)


def values_found(question: GoldQuestion, reply: Reply) -> Share:
    """Of the values that sources differ on, those that some claim gives; numbers only."""
    if question.kind != "number" or len(question.answers) < 2:
        return NOT_APPLICABLE
    found = len(pair([claim.text for claim in reply.claims], question.answers))
    return Share(found, len(question.answers))


# Abstention and confidence


def rightly_refused(question: GoldQuestion, reply: Reply) -> Share:
    """Refusals, out of unanswerable questions; a missing answer is no refusal."""
    if question.answerable:
        return NOT_APPLICABLE
    return Share(not reply.answered and not reply.missing, 1)


def wrongly_refused(question: GoldQuestion, reply: Reply) -> Share:
    """Questions without an answer, out of answerable ones; lower is better."""
    return Share(not reply.answered, 1) if question.answerable else NOT_APPLICABLE


def auroc(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """The chance that a positive has the higher score than a negative; ties count half.

    `pairs` are (score, positive); None where one of the classes is empty.
    """
    positives = [score for score, positive in pairs if positive]
    negatives = [score for score, positive in pairs if not positive]
    if not positives or not negatives:
        return None
    wins = sum((p > n) + (p == n) / 2 for p in positives for n in negatives)
    return wins / (len(positives) * len(negatives))


def calibration_error(
    pairs: Sequence[tuple[float, bool]], bins: int = CALIBRATION_BINS
) -> float | None:
    """Expected calibration error over bins of equal mass (arXiv 1909.10155); None without pairs.

    `pairs` are (confidence, correct). They are sorted by confidence and cut into `bins` parts
    whose sizes differ by at most one; the differences between a part's mean confidence and its
    share of correct ones are averaged, weighted by size. Equal confidences share their mean
    correctness, so the result does not depend on the order of the questions.
    """
    if not pairs:
        return None
    grouped: dict[float, list[bool]] = {}
    for confidence, correct in pairs:
        grouped.setdefault(confidence, []).append(correct)
    ranked = [
        (confidence, sum(group) / len(group))
        for confidence, group in sorted(grouped.items())
        for _ in group
    ]
    edges = [len(ranked) * i // bins for i in range(bins + 1)]
    parts = [ranked[a:b] for a, b in pairwise(edges) if b > a]
    gaps = (abs(sum(confidence - right for confidence, right in part)) for part in parts)
    return sum(gaps) / len(ranked)


MEASURES: Mapping[str, Callable[[GoldQuestion, Reply], Share]] = {
    "short_answer": short_answer,
    "short_answer_f1": short_answer_f1,
    "list_precision": list_precision,
    "list_recall": list_recall,
    "list_f1": list_f1,
    "values_found": values_found,
    "evidence_accuracy": evidence_accuracy,
    "citation_precision": citation_precision,
    "citation_recall": citation_recall,
    "rightly_refused": rightly_refused,
    "wrongly_refused": wrongly_refused,
}
