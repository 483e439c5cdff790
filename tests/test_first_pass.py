"""The cheap pass: what is left out, what stays, and that every range is the document's own."""

from __future__ import annotations

from rag.reader.first_pass import shortened
from rag.types import Hit, Passage, Source, Span

RAIN = "It rained. Trams stood still. Nobody came. The sun set. Boats left. Shops shut."
PACT = "Rain fell. Nobody spoke. Norway declined the pact. It left at noon. Birds sang. Snow came."


def hit(name: str, text: str, before: str = "") -> Hit:
    spans, at = [], len(before)
    for sentence in text.split(". "):
        end = min(at + len(sentence) + 1, len(before) + len(text))
        spans.append(Span(at, end))
        at = end + 1
    passage = Passage(Source(name), len(before), len(before) + len(text), text, tuple(spans))
    return Hit(passage, 0.5, 0.4, 0.3)


def shown(hits: list[Hit]) -> dict[str, str]:
    return {one.passage.source.id: one.passage.text for one in hits}


def test_what_is_short_enough_stays_as_it_is() -> None:
    hits = [hit("a", RAIN), hit("b", PACT)]
    assert shortened("Who declined the pact?", hits, chars=400) == hits


def test_sentences_with_the_questions_words_stay_in_a_row_of_whole_ones() -> None:
    hits = [hit("a", RAIN), hit("b", PACT, before="x" * 30)]
    cut = shortened("Which country declined the pact?", hits, chars=45)
    assert shown(cut) == {"b": "Nobody spoke. Norway declined the pact."}
    (left,) = cut
    assert left.passage.start == 30 + PACT.index("Nobody")
    assert [left.passage.slice(one) for one in left.passage.sentences] == [
        "Nobody spoke.",
        "Norway declined the pact.",
    ]
    assert (left.score, left.dense, left.lexical) == (0.5, 0.4, 0.3)


def test_words_that_begin_alike_count_and_rare_ones_count_more() -> None:
    common = hit("a", "Norway slept. Norway woke.")
    rare = hit("b", "Norway ate. It was declining.")
    cut = shortened("Did Norway decline?", [rare, common], chars=30)
    assert shown(cut) == {"b": "Norway ate. It was declining."}
    cut = shortened("Did Norway decline?", [rare, common], chars=20)
    assert shown(cut) == {"b": "It was declining."}


def test_the_first_passages_are_kept_where_no_word_is_shared() -> None:
    hits = [hit("a", RAIN), hit("b", PACT), hit("c", RAIN)]
    cut = shortened("Wer hat abgesagt?", hits, chars=len(RAIN))
    assert shown(cut) == {"a": RAIN}


def test_no_more_is_read_than_allowed() -> None:
    hits = [hit(str(n), PACT) for n in range(9)]
    for chars in (0, 20, 100, 300, 500):
        cut = shortened("Which country declined the pact at noon?", hits, chars=chars)
        assert sum(len(one.passage.text) for one in cut) <= chars
        assert [one.passage.source.id for one in cut] == sorted(
            one.passage.source.id for one in cut
        )
