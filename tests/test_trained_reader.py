"""The trained reader in the pipeline, with planted readings in place of the model."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.reader.decoding import PassageReading, ScoredSpan
from rag.reader.trained import (
    FEATURES,
    Fit,
    TrainedReader,
    candidates,
    form_of,
    load_calibration,
)
from rag.splitting import split_passages
from rag.types import Document, Evidence, Hit, Source, Span

TEXT = "Ida Holm spoke first. The harbour of Mora will close, she said. Rain fell."
FITS = {
    "single": Fit((1.0, *[0.0] * 8), 0.6),
    "items": Fit((0.0, 1.0, *[0.0] * 6, -1.0), 0.4),
    "yesno": Fit((1.0, *[0.0] * 5), 0.5),
}


class Planted:
    """Finds a phrase in each passage with planted scores: tags and later readings have others."""

    def __init__(
        self,
        phrase: str,
        score: float,
        evidence: float = 2.0,
        tagged: float = 0.0,
        later: float = 0.0,
    ) -> None:
        self.phrase, self.score, self.evidence = phrase, score, evidence
        self.tagged, self.later = tagged, later

    def question_is_cut(self, question: str) -> bool:
        return len(question.split()) > 64

    def read(
        self,
        question: str,
        passages: Sequence[str],
        sentences: Sequence[Sequence[tuple[int, int]]],
        titles: Sequence[str] = (),
    ) -> list[PassageReading]:
        assert question
        assert len(titles) == len(passages)
        found = []
        for text, ranges in zip(passages, sentences, strict=True):
            at = text.find(self.phrase)
            spans = () if at < 0 else (ScoredSpan(at, at + len(self.phrase), self.score),)
            held = tuple(self.evidence if s <= at < e else -5.0 for s, e in ranges)
            tags = tuple(replace(span, score=span.score + self.tagged) for span in spans)
            found.append(PassageReading(1.5, 0.0, spans, tags, held, (0.3, 0.3, 0.4)))
        self.score += self.later
        return found


def hits(text: str, *furniture: Span) -> list[Hit]:
    document = Document(Source("a.txt", "A title"), text, furniture)
    return [Hit(passage, 0.1, 0.25, 1.0) for passage in split_passages(document)]


def read(question: str, model: Planted, found: Sequence[Hit]) -> list[Evidence]:
    return TrainedReader(model, FITS).read(question, found)  # type: ignore[arg-type]


def test_a_span_is_evidence_with_its_sentence() -> None:
    [evidence] = read("What will close?", Planted("harbour of Mora", 0.5), hits(TEXT))
    passage = evidence.passage
    assert passage.slice(evidence.answer) == "harbour of Mora"
    assert passage.slice(evidence.quote) == "The harbour of Mora will close, she said."
    assert evidence.probability == pytest.approx(1 / (1 + math.exp(-0.5)))


def test_features_and_the_choice_of_spans_or_items() -> None:
    model = Planted("harbour of Mora", 0.5, evidence=3.0)
    [single] = candidates(model, "What will close?", hits(TEXT))  # type: ignore[arg-type]
    assert single.features == (0.5, 3.0, 1.5, 0.25, 0.0, 0.0, 0.0, 0.0)
    [item] = read("Which harbours will close?", model, hits(TEXT))
    assert item.probability == pytest.approx(1 / (1 + math.exp(-(3.0 - 1.0))))
    reader = TrainedReader(model, FITS)  # type: ignore[arg-type]
    assert reader.threshold("What will close?") == 0.6
    assert reader.threshold("Which harbours will close?") == 0.4


def test_the_second_look_is_at_spans_or_at_tags_and_counts() -> None:
    for question, score in (("What will close?", 0.5), ("Which harbours will close?", 1.5)):
        model = Planted("harbour of Mora", 0.5, tagged=1.0, later=0.25)
        [found] = candidates(model, question, hits(TEXT))  # type: ignore[arg-type]
        assert found.features == (score, 2.0, 1.5, 0.25, 0.0, 0.25, 0.0, 0.0)
    fits = {**FITS, "single": Fit((1.0, 0.0, 0.0, 0.0, 0.0, 4.0, 0.0, 0.0, 0.0), 0.6)}
    model = Planted("harbour of Mora", 0.5, later=0.25)
    [evidence] = TrainedReader(model, fits).read("What?", hits(TEXT))  # type: ignore[arg-type]
    assert evidence.probability == pytest.approx(1 / (1 + math.exp(-1.5)))
    sentence, _ = candidates(Planted("harbour", 1.0), "Will it close?", hits(TEXT))  # type: ignore[arg-type]
    assert len(sentence.features) == FEATURES["yesno"]


def test_a_document_farther_from_the_question_than_another_is_told_apart() -> None:
    near = hits(TEXT)
    far = [
        replace(one, dense=0.1, passage=replace(one.passage, source=Source("b.txt")))
        for one in near
    ]
    model = Planted("harbour of Mora", 0.5)
    found = candidates(model, "What will close?", [*far, *near])  # type: ignore[arg-type]
    assert [one.features[3:5] for one in found] == [(0.1, pytest.approx(-0.15)), (0.25, 0.0)]


def test_an_answer_over_two_sentences_quotes_both() -> None:
    [evidence] = read("What?", Planted("first. The harbour", 1.0), hits(TEXT))
    assert evidence.passage.slice(evidence.quote) == TEXT[: TEXT.index(" Rain")]


def test_furniture_is_never_quoted() -> None:
    text = "Ida Holm spoke first.\nShare this article\nThe harbour will close, she said."
    start = text.index("Share")
    furniture = Span(start, start + len("Share this article"))
    assert read("What?", Planted("Share this article", 9.0), hits(text, furniture)) == []
    assert (
        read("What?", Planted("first.\nShare this article\nThe", 9.0), hits(text, furniture)) == []
    )
    assert len(read("What?", Planted("harbour", 9.0), hits(text, furniture))) == 1


def test_overlapping_passages_count_a_place_once() -> None:
    text = " ".join(f"Sentence number {n} has eight words in it." for n in range(40))
    found = hits(text)
    shared = set(found[0].passage.sentences) & set(found[1].passage.sentences)
    phrase = text[min(shared).start : min(shared).end].split(" has")[0]
    places = {(e.answer.start, e.answer.end) for e in read("What?", Planted(phrase, 1.0), found)}
    assert len(read("What?", Planted(phrase, 1.0), found)) == len(places) == 1


def test_a_long_question_is_cut_with_a_note() -> None:
    reader = TrainedReader(Planted("harbour", 1.0), FITS)  # type: ignore[arg-type]
    assert reader.notes("What will close?") == ()
    [note] = reader.notes("What " + "very " * 200 + "old harbour will close?")
    assert "first 64 tokens" in note


def test_nothing_to_read() -> None:
    assert read("What?", Planted("harbour", 1.0), []) == []


def test_a_list_of_names_is_one_item_for_each() -> None:
    text = "They were joined by France, the Orkney Isles and Peru, but rain and wind came."
    found = read(
        "Which places joined?", Planted("France, the Orkney Isles and Peru", 1.0), hits(text)
    )
    items = [e.passage.slice(e.answer) for e in found]
    assert items == ["France", "the Orkney Isles", "Peru"]
    [one] = read("Which things came?", Planted("rain and wind", 1.0), hits(text))
    assert one.passage.slice(one.answer) == "rain and wind"


def test_yes_no_questions_give_the_sentences_of_most_evidence() -> None:
    found = read("Will the harbour close?", Planted("harbour", 1.0, evidence=3.0), hits(TEXT))
    assert len(found) == 2
    quotes = {e.passage.slice(e.quote) for e in found}
    assert "The harbour of Mora will close, she said." in quotes
    assert all(e.answer == e.quote for e in found)


def test_a_question_shows_no_yes_or_no() -> None:
    text = "Will the harbour close? Rain fell."
    found = read("Will the harbour close?", Planted("harbour", 1.0, evidence=3.0), hits(text))
    assert [e.passage.slice(e.quote) for e in found] == ["Rain fell."]


def test_forms_of_questions() -> None:
    asked = ("Will it close?", "Which harbours will close?", "Who spoke?")
    assert [form_of(question) for question in asked] == ["yesno", "items", "single"]


def test_calibration_files(tmp_path: Path) -> None:
    weights = {form: tuple(float(n) for n in range(FEATURES[form] + 1)) for form in FITS}
    row = {form: {"weights": weights[form], "threshold": 0.3, "share": 0.5} for form in FITS}
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(row), encoding="utf-8")
    assert load_calibration(tmp_path) == {form: Fit(weights[form], 0.3, 0.5) for form in FITS}
    short = {**row, "items": {"weights": [1] * 5, "threshold": 0.3, "share": 0.5}}
    path.write_text(json.dumps(short), encoding="utf-8")
    with pytest.raises(ModelError, match=r"5 weights for `items`, not 9.*calibrate") as raised:
        load_calibration(tmp_path)
    assert "damaged" not in str(raised.value)
    for damaged in ("{}", "not json", json.dumps(short)):
        path.write_text(damaged, encoding="utf-8")
        with pytest.raises(ModelError, match=r"calibration\.json"):
            load_calibration(tmp_path)
    path.unlink()
    with pytest.raises(ModelError, match="missing"):
        load_calibration(tmp_path)
