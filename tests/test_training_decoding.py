"""Planted logits: spans, tagged runs and sentence scores come out where they were put."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from rag.reader.decoding import (
    END,
    EVIDENCE,
    MAX_ANSWER_TOKENS,
    NO_EVIDENCE,
    START,
    TAG,
    ScoredSpan,
    best_spans,
    disjoint,
    read_passage,
    sentence_scores,
    tagged_runs,
)
from rag.reader.tokens import Window

# "Bo left . Ann staye ##d" with a question of one token: [CLS] q [SEP] passage [SEP].
PASSAGE = "Bo left. Ann stayed"
SENTENCES = [(0, 8), (9, 19)]
OFFSETS = ((0, 2), (3, 7), (7, 8), (9, 12), (13, 18), (18, 19))
WINDOW = Window(
    ids=tuple(range(10)),
    second=3,
    first=3,
    offsets=OFFSETS,
    continues=(False, False, False, False, False, True),
)
SENTENCES = ((0, 8), (9, 19))


def planted(**places: dict[int, float]) -> np.ndarray:
    """Logits of -5 but for the passage tokens that are named, by label."""
    logits = np.full((10, 4), -5.0, dtype=np.float32)
    logits[0, [START, END]] = 0.0
    for name, values in places.items():
        for token, value in values.items():
            logits[WINDOW.first + token, {"s": START, "e": END, "t": TAG, "v": EVIDENCE}[name]] = (
                value
            )
    return logits


def test_the_best_span_is_where_it_was_planted_and_scored_against_no_answer() -> None:
    logits = planted(s={3: 4.0}, e={3: 3.0})
    logits[0, [START, END]] = 1.0
    assert best_spans(logits, WINDOW, SENTENCES, top=1) == (ScoredSpan(9, 12, 5.0),)


def test_later_spans_do_not_overlap_better_ones() -> None:
    spans = best_spans(planted(s={0: 4.0, 3: 3.0}, e={1: 4.0, 3: 3.0}), WINDOW, SENTENCES)
    assert [(PASSAGE[s.start : s.end], s.score) for s in spans[:2]] == [
        ("Bo left", 8.0),
        ("Ann", 6.0),
    ]
    places = sorted((s.start, s.end) for s in spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(places))


def test_a_span_is_made_of_whole_words() -> None:
    spans = best_spans(planted(s={5: 9.0, 3: 2.0}, e={4: 9.0, 5: 1.0}), WINDOW, SENTENCES, top=1)
    assert PASSAGE[spans[0].start : spans[0].end] == "Ann stayed"


def test_a_span_does_not_go_on_past_its_sentence() -> None:
    logits = planted(s={0: 9.0, 3: 1.0}, e={1: 1.0, 4: 2.0, 5: 9.0})
    joined = best_spans(logits, WINDOW, [(0, len(PASSAGE))], top=1)
    apart = best_spans(logits, WINDOW, SENTENCES, top=2)
    assert [PASSAGE[s.start : s.end] for s in joined] == [PASSAGE]
    assert [PASSAGE[s.start : s.end] for s in apart] == ["Bo left", "Ann stayed"]


def test_an_end_before_its_start_is_no_span() -> None:
    spans = best_spans(planted(s={3: 6.0}, e={0: 6.0}), WINDOW, SENTENCES)
    assert all(span.start < span.end for span in spans)
    assert spans[0].score == pytest.approx(1.0)


def test_a_span_is_never_longer_than_allowed() -> None:
    count = MAX_ANSWER_TOKENS + 10
    window = Window(
        ids=tuple(range(count + 4)),
        second=3,
        first=3,
        offsets=tuple((i * 2, i * 2 + 1) for i in range(count)),
        continues=(False,) * count,
    )
    logits = np.full((count + 4, 4), -5.0, dtype=np.float32)
    logits[3, START] = logits[3 + count - 1, END] = 9.0
    for span in best_spans(logits, window, [(0, count * 2)]):
        assert span.end - span.start <= MAX_ANSWER_TOKENS * 2


def test_tagged_runs_are_words_whose_first_token_is_tagged() -> None:
    runs = tagged_runs(planted(t={0: 2.0, 3: 1.0, 4: 3.0}), WINDOW)
    assert [PASSAGE[r.start : r.end] for r in runs] == ["Bo", "Ann stayed"]
    assert runs[0].score == pytest.approx(2.0)
    # The second token of "stayed" is not tagged itself: it counts in the mean.
    assert runs[1].score == pytest.approx((1.0 + 3.0 - 5.0) / 3)


def test_a_sentence_scores_the_mean_of_its_tokens() -> None:
    scores = sentence_scores([planted(v={0: 1.0, 1: 2.0, 2: 3.0})], [WINDOW], SENTENCES)
    assert scores == pytest.approx((2.0, -5.0))


def test_a_sentence_that_no_window_shows_is_no_evidence() -> None:
    assert sentence_scores([planted()], [WINDOW], [(40, 50)]) == (NO_EVIDENCE,)


def test_disjoint_keeps_the_better_of_two_overlapping_spans() -> None:
    spans = [ScoredSpan(0, 5, 1.0), ScoredSpan(4, 9, 3.0), ScoredSpan(9, 12, 2.0)]
    assert disjoint(spans) == (ScoredSpan(4, 9, 3.0), ScoredSpan(9, 12, 2.0))


def test_a_long_passage_takes_its_verdict_from_the_surest_window() -> None:
    doubtful = np.array([-1.0, 5.0, 0.0, 0.0], dtype=np.float32)
    sure = np.array([2.0, 0.0, 5.0, 0.0], dtype=np.float32)
    reading = read_passage(
        [planted(s={0: 1.0}, e={0: 1.0}), planted(s={0: 4.0}, e={0: 4.0})],
        [doubtful, sure],
        [WINDOW, WINDOW],
        SENTENCES,
    )
    assert reading.answerable == 2.0
    assert max(reading.yesno) == reading.yesno[1] > 0.9
    assert sum(reading.yesno) == pytest.approx(1.0)
    assert reading.spans[0] == ScoredSpan(0, 2, 8.0)
    assert sum(span.start == 0 for span in reading.spans) == 1
