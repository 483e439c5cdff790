"""From the logits of one window to answers and scores, in numpy and without a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.reader.tokens import Window

Floats = NDArray[np.float32]

START, END, TAG, EVIDENCE = range(4)
ANSWERABLE = 0
# Longest answer in tokens: a spoken sentence or a reason; longer "answers" are two joined ones.
MAX_ANSWER_TOKENS = 48
# Answers kept of each passage.
TOP_SPANS = 5
# A sentence that no window holds a token of is as good as certainly no evidence.
NO_EVIDENCE = -20.0


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A range of code points of a passage; the higher the score, the better."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What the reader makes of one passage.

    `answerable` is the logit that the passage answers; `null` the no-answer span's logit;
    `spans` at most TOP_SPANS disjoint answers, best first, scored start + end - null (above 0:
    better than no answer); `tagged` the runs of words tagged as part of any answer, in order,
    scored by their mean logit; `sentences` an evidence logit for each sentence that was given;
    `yesno` the probabilities of yes, no and unclear.
    """

    answerable: float
    null: float
    spans: tuple[ScoredSpan, ...]
    tagged: tuple[ScoredSpan, ...]
    sentences: tuple[float, ...]
    yesno: tuple[float, float, float]


def best_spans(
    logits: Floats,
    window: Window,
    sentences: Sequence[tuple[int, int]],
    top: int = TOP_SPANS,
) -> tuple[ScoredSpan, ...]:
    """The best disjoint spans of whole words; `logits` (tokens, 4) are of the whole window.

    No span goes on past its sentence: what does joins two answers.
    """
    count = len(window.offsets)
    if not count:
        return ()
    context = logits[window.first : window.first + count]
    null = float(logits[0, START] + logits[0, END])
    scores = context[:, START, None] + context[None, :, END] - null
    places = np.arange(count)
    length = places[None, :] - places[:, None]
    opens = ~np.array(window.continues)
    closes = np.append(opens[1:], True)
    allowed = (length >= 0) & (length < MAX_ANSWER_TOKENS) & opens[:, None] & closes[None, :]
    starts = [start for start, _ in window.offsets]
    sentence = np.searchsorted([start for start, _ in sentences], starts, side="right")
    allowed &= sentence[:, None] == sentence[None, :]
    scores = np.where(allowed, scores, -np.inf)
    found: list[ScoredSpan] = []
    while len(found) < top:
        first, last = np.unravel_index(int(np.argmax(scores)), scores.shape)
        score = float(scores[first, last])
        if not np.isfinite(score):
            break
        found.append(ScoredSpan(window.offsets[first][0], window.offsets[last][1], score))
        # What is left must end before this one or begin after it.
        scores[: last + 1, first:] = -np.inf
    return tuple(found)


def tagged_runs(logits: Floats, window: Window, threshold: float = 0.0) -> tuple[ScoredSpan, ...]:
    """Runs of words whose tag logit is above the threshold; a word counts by its first token."""
    tags = logits[window.first : window.first + len(window.offsets), TAG]
    runs: list[list[int]] = []
    inside = False
    for place, value in enumerate(tags):
        if not window.continues[place]:
            begins = bool(value > threshold)
            if begins and not inside:
                runs.append([])
            inside = begins
        if inside:
            runs[-1].append(place)
    return tuple(
        ScoredSpan(window.offsets[run[0]][0], window.offsets[run[-1]][1], float(tags[run].mean()))
        for run in runs
    )


def sentence_scores(
    logits: Sequence[Floats], windows: Sequence[Window], sentences: Sequence[tuple[int, int]]
) -> tuple[float, ...]:
    """The mean evidence logit of each sentence's tokens, in the window that holds most of them."""
    best = [(0, NO_EVIDENCE)] * len(sentences)
    for values, window in zip(logits, windows, strict=True):
        evidence = values[window.first : window.first + len(window.offsets), EVIDENCE]
        starts = np.array([start for start, _ in window.offsets])
        for number, (start, end) in enumerate(sentences):
            inside = (starts >= start) & (starts < end)
            count = int(inside.sum())
            if count > best[number][0]:
                best[number] = (count, float(evidence[inside].mean()))
    return tuple(score for _, score in best)


def read_passage(
    logits: Sequence[Floats],
    verdicts: Sequence[Floats],
    windows: Sequence[Window],
    sentences: Sequence[tuple[int, int]],
) -> PassageReading:
    """Join the windows of one passage; `logits` are per token, `verdicts` (4,) per window."""
    spans = [
        span for v, w in zip(logits, windows, strict=True) for span in best_spans(v, w, sentences)
    ]
    tagged = [run for v, w in zip(logits, windows, strict=True) for run in tagged_runs(v, w)]
    surest = max(verdicts, key=lambda verdict: float(verdict[ANSWERABLE]))
    return PassageReading(
        answerable=float(surest[ANSWERABLE]),
        null=min(float(v[0, START] + v[0, END]) for v in logits),
        spans=disjoint(spans)[:TOP_SPANS],
        tagged=tuple(sorted(disjoint(tagged), key=lambda span: span.start)),
        sentences=sentence_scores(logits, windows, sentences),
        yesno=_softmax(surest[ANSWERABLE + 1 :]),
    )


def disjoint(spans: Sequence[ScoredSpan]) -> tuple[ScoredSpan, ...]:
    """The spans best first, without those that overlap a better one."""
    kept: list[ScoredSpan] = []
    for span in sorted(spans, key=lambda span: (-span.score, span.start)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return tuple(kept)


def _softmax(logits: Floats) -> tuple[float, float, float]:
    powers = np.exp(logits - logits.max())
    yes, no, unclear = (float(value) for value in powers / powers.sum())
    return yes, no, unclear
