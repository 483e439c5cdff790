"""The second look at the best candidates, with planted readings in place of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from rag.reader.candidate import Candidate
from rag.reader.decoding import PassageReading, ScoredSpan
from rag.reader.second_look import LOOKED_AT, LOST, MOST, look_again
from rag.splitting import split_passages
from rag.types import Document, Passage, Source, Span

SENTENCES = [f"Boat number {n} left the harbour of Mora." for n in range(12)]
QUESTION = "Which boat left?"


class Second:
    """Finds one word wherever it stands, as a span and as a tag of another score."""

    def __init__(self, word: str, span: float = 3.0, tag: float = 1.0) -> None:
        self.word, self.span, self.tag = word, span, tag
        self.seen: list[str] = []

    def read(
        self,
        question: str,
        passages: Sequence[str],
        sentences: Sequence[Sequence[tuple[int, int]]],
        titles: Sequence[str],
    ) -> list[PassageReading]:
        assert question == QUESTION
        assert set(titles) <= {"A title"}
        self.seen += passages
        found = []
        for text, ranges in zip(passages, sentences, strict=True):
            at = text.rfind(self.word)
            place = (at, at + len(self.word))
            spans = (ScoredSpan(*place, self.span),) if at >= 0 else ()
            tags = (ScoredSpan(*place, self.tag),) if at >= 0 else ()
            held = tuple(4.0 if s <= at < e else -9.0 for s, e in ranges)
            found.append(PassageReading(2.5, 0.0, spans, tags, held, (0.3, 0.3, 0.4)))
        return found


def passage() -> Passage:
    [found] = split_passages(Document(Source("a.txt", "A title"), " ".join(SENTENCES)))
    return found


def candidate(
    number: int, word: str = "harbour", score: float = 1.0, cosine: float = 0.5, last: int = 0
) -> Candidate:
    held = passage()
    quote = Span(held.sentences[number].start, held.sentences[last or number].end)
    start = held.text.index(word, quote.start)
    return Candidate(held, quote, Span(start, start + len(word)), (score, 3.0, 2.0, cosine, -0.1))


def look(model: Second, found: Sequence[Candidate], tagged: bool = False) -> list[Candidate]:
    return look_again(model, QUESTION, found, tagged=tagged)  # type: ignore[arg-type]


def test_a_candidate_is_read_again_with_the_sentence_before() -> None:
    model = Second("harbour")
    first, third = look(model, [candidate(0), candidate(2)])
    assert set(model.seen) == {SENTENCES[0], " ".join(SENTENCES[1:3])}
    assert first.features == third.features == (1.0, 3.0, 2.0, 0.5, -0.1, 2.0, 1.0, 0.5)
    assert replace(third, features=third.features[:5]) == candidate(2)


def test_tags_are_compared_with_tags() -> None:
    [found] = look(Second("harbour", tag=-0.5), [candidate(2)], tagged=True)
    assert found.features[5] == -1.5


@pytest.mark.parametrize(
    ("word", "span", "change"),
    [("Mora", 3.0, LOST), ("harbour", 30.0, MOST), ("harbour", -30.0, -MOST)],
)
def test_what_is_not_found_again_is_lost_and_a_change_has_bounds(
    word: str, span: float, change: float
) -> None:
    [found] = look(Second(word, span), [candidate(2)])
    assert found.features[5] == change


def test_only_the_most_promising_quotes_are_read_again_each_once() -> None:
    model = Second("harbour")
    found = [candidate(n, score=float(n)) for n in range(len(SENTENCES))]
    twins = [candidate(n, "Boat", float(n)) for n in range(len(SENTENCES))]
    again = look(model, [*found, *twins])
    assert len(model.seen) == LOOKED_AT
    unread = [one.features[5:] == (0.0, 0.0, 0.0) for one in again]
    assert unread == 2 * [n < len(SENTENCES) - LOOKED_AT for n in range(len(SENTENCES))]


def test_what_is_promising_is_near_the_question_as_well() -> None:
    model = Second("harbour")
    far = [candidate(n, score=2.0, cosine=0.0) for n in range(LOOKED_AT)]
    look(model, [*far, candidate(LOOKED_AT + 1, cosine=0.5)])
    assert SENTENCES[LOOKED_AT + 1] in " ".join(model.seen)


def test_the_evidence_is_that_of_the_best_sentence_of_the_quote() -> None:
    [found] = look(Second("number 2"), [candidate(2, "number 2", last=3)])
    assert found.features[6] == 1.0


def test_documents_with_the_same_places_are_told_apart() -> None:
    one, other = candidate(2), candidate(2)
    there = replace(one.passage, source=Source("b.txt", "A title"))
    assert len(look(model := Second("harbour"), [one, replace(other, passage=there)])) == 2
    assert len(model.seen) == 2


def test_a_passage_of_two_sentences_is_not_read_twice() -> None:
    text = " ".join(SENTENCES[:2])
    [short] = split_passages(Document(Source("a.txt", "A title"), text))
    start = text.rindex("harbour")
    answer = Span(start, start + len("harbour"))
    whole = Candidate(short, short.sentences[1], answer, (1.0, 3.0, 2.0, 0.5))
    [found] = look(model := Second("harbour"), [whole])
    assert model.seen == []
    assert found.features == (*whole.features, 0.0, 0.0, 0.0)


def test_nothing_is_read_again_where_nothing_was_found() -> None:
    assert look(Second("harbour"), []) == []
