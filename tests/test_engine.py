"""Answers from an index: verbatim, cited, and decided by the evidence alone."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import rag.engine
from rag import CitableError, Citation, Engine, Filters
from rag.answers import AnswerBuilder
from rag.errors import QuestionError, UnknownDocumentError
from rag.index.update import embedded_text
from rag.results import Abstention, Answer, Claim
from rag.types import Document, Evidence, Hit, Source, Span
from tests.fakes import WordEncoder


class WordReader:
    """Plants evidence: each sentence that holds the word, with the word as its answer."""

    def threshold(self, _: str) -> float:
        return 0.5

    def least(self, _question: str, _best: float) -> float:
        return 0.5

    def __init__(self, word: str, probability: float = 0.9) -> None:
        self.word, self.probability = word, probability
        self.read_passages: list[int] = []

    def notes(self, _: str) -> tuple[str, ...]:
        return ()

    def read(self, _: str, hits: Sequence[Hit]) -> list[Evidence]:
        self.read_passages.append(len(hits))
        found = {}
        for hit in hits:
            for sentence in hit.passage.sentences:
                at = hit.passage.slice(sentence).find(self.word)
                if at >= 0:
                    answer = Span(sentence.start + at, sentence.start + at + len(self.word))
                    evidence = Evidence(hit.passage, sentence, answer, self.probability)
                    found[hit.passage.source.id, sentence] = evidence
        return list(found.values())


@pytest.fixture
def engine(corpus: Path, tmp_path: Path, encoder: WordEncoder) -> Iterator[Engine]:
    reader = WordReader("June")
    with Engine.build(corpus, index=tmp_path / "index", encoder=encoder, reader=reader) as engine:
        yield engine


def test_an_answer_is_verbatim_and_cited(engine: Engine, corpus: Path) -> None:
    answer = engine.ask("When will the bridge open?")
    assert isinstance(answer, Answer)
    text = (corpus / "bridge.txt").read_text(encoding="utf-8")
    quote = "“It will not open before June,” said Mayor Ida Holm."
    start = text.index(quote)
    assert answer.to_json() == {
        "question": "When will the bridge open?",
        "answered": True,
        "confidence": 0.9,
        "rewritten_question": None,
        "question_type": {
            "form": "single",
            "expects": "date",
            "polarity": None,
            "speaker": None,
            "publisher": None,
        },
        "answer": "According to Ida Holm: “June” [1]",
        "verdict": None,
        "claims": [
            {
                "text": "June",
                "citations": [1],
                "confidence": 0.9,
                "sources": 1,
                "speaker": "Ida Holm",
                "context": None,
            }
        ],
        "undecided": [],
        "disagreement": False,
        "citations": [
            {
                "number": 1,
                "document": "bridge.txt",
                "title": "bridge.txt",
                "publisher": None,
                "published": None,
                "start": start,
                "end": start + len(quote),
                "quote": quote,
            }
        ],
        "nearest": [],
        "reason": None,
        "notes": [],
    }
    assert answer.to_markdown() == (
        "**When will the bridge open?**\n\n- According to Ida Holm: “June” [1]\n\nReferences\n\n"
        f"1. bridge.txt, characters {start}–{start + len(quote)}: “{quote}”\n"
    )


def test_weak_evidence_is_an_abstention(engine: Engine) -> None:
    engine._reader = WordReader("June", probability=0.2)
    answer = engine.ask("When will the bridge open?")
    assert isinstance(answer, Abstention)
    row = answer.to_json()
    assert (row["answered"], row["claims"], row["citations"]) == (False, [], [])
    assert "20%" in row["reason"]
    assert row["nearest"][0]["document"] == "bridge.txt"
    assert len(row["nearest"]) == 3
    assert set(row) == set(json.loads(json.dumps(row)))


def test_a_filter_that_matches_nothing_finds_nothing(engine: Engine) -> None:
    nowhere = Filters(documents=("no-such.txt",))
    assert engine.search("bridge", filters=nowhere) == []
    answer = engine.ask("When will the bridge open?", filters=nowhere)
    assert isinstance(answer, Abstention)
    assert answer.nearest == ()


def test_a_named_publisher_is_the_only_one_asked(tmp_path: Path, encoder: WordEncoder) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    rows = []
    for name, publisher, month in (("a", "Harbour Gazette", "June"), ("b", "Daily Gull", "May")):
        (folder / f"{name}.txt").write_text(f"The bridge opens in {month}.", encoding="utf-8")
        rows.append(json.dumps({"document": f"{name}.txt", "publisher": publisher}))
    (folder / "metadata.jsonl").write_text("\n".join(rows), encoding="utf-8")
    reader = WordReader("The bridge")
    with Engine.build(folder, index=tmp_path / "i", encoder=encoder, reader=reader) as engine:
        one = engine.ask("According to the Daily Gull, when does the bridge open?")
        both = engine.ask("When does the bridge open?")
        other = Filters(publishers=("Harbour Gazette",))
        told = engine.ask("According to the Daily Gull, when does it open?", filters=other)
    assert isinstance(one, Answer)
    assert isinstance(both, Answer)
    assert isinstance(told, Answer)
    assert [c.source.id for c in one.citations] == ["b.txt"]
    assert one.question_type.publisher == "Daily Gull"
    assert len(both.citations) == 2
    assert [c.source.id for c in told.citations] == ["a.txt"]


def test_a_document_is_read_once_for_an_answer(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    real = engine._store.document

    def counted(document_id: str) -> Document | None:
        read.append(document_id)
        return real(document_id)

    monkeypatch.setattr(engine._store, "document", counted)
    answer = engine.ask("When will the bridge open?")
    assert isinstance(answer, Answer)
    assert read == [answer.citations[0].source.id]


def test_how_many_are_shown_does_not_change_the_decision(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    decisions = []
    for k in (1, 2, 50):
        assert len(engine.search("When will the bridge open?", k)) == min(k, 3)
        decisions.append(engine.ask("When will the bridge open?"))
    assert decisions[0] == decisions[1] == decisions[2]
    monkeypatch.setattr(rag.engine, "READ_POOL", 1)
    assert engine.ask("When will the bridge open?") == decisions[0]


def test_near_identical_sentences_support_one_claim(tmp_path: Path, encoder: WordEncoder) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    same = "The minister said on Monday that the old port will close in May."
    (folder / "a.txt").write_text(same, encoding="utf-8")
    (folder / "b.txt").write_text(same.replace("on Monday ", ""), encoding="utf-8")
    (folder / "c.txt").write_text("The port will be open to ships in May.", encoding="utf-8")

    class SentenceReader(WordReader):
        def read(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
            found = super().read(question, hits)
            whole = [Evidence(e.passage, e.quote, e.quote, e.probability) for e in found]
            return sorted(whole, key=lambda e: e.passage.source.id)

    with Engine.build(
        folder, index=tmp_path / "i", encoder=encoder, reader=SentenceReader("port")
    ) as engine:
        answer = engine.ask("When will the port close?")
    assert isinstance(answer, Answer)
    [claim] = answer.claims
    assert claim.text == same
    assert [c.source.id for c in claim.citations] == ["a.txt", "b.txt"]
    assert answer.text == f"{same} [1][2]"


def test_items_are_named_merged_and_cited(tmp_path: Path, encoder: WordEncoder) -> None:
    folder = tmp_path / "pact"
    folder.mkdir()
    lines = {
        "a.txt": "Britain said no to the pact. The Dutch refused as well.",
        "b.txt": "The UK will not join the pact, and nor will the Norwegian fleet.",
        "c.txt": "Ida Holm refused to sign. Holm said so twice.",
    }
    for name, text in lines.items():
        (folder / name).write_text(text, encoding="utf-8")
    planted = ["Britain", "The Dutch", "UK", "the Norwegian fleet", "Ida Holm", "Holm"]

    class Items(WordReader):
        def read(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
            found = []
            for number, word in enumerate(planted):
                self.word, self.probability = word, 0.9 - number / 100
                found += super().read(question, hits)
            return found

    with Engine.build(folder, index=tmp_path / "i", encoder=encoder, reader=Items("")) as engine:
        countries = engine.ask("Which countries refused to join the pact?")
        parties = engine.ask("Which parties refused to join the pact?")
        single = engine.ask("Who was first to refuse the pact?")
    assert isinstance(countries, Answer)
    assert isinstance(parties, Answer)
    assert isinstance(single, Answer)
    assert countries.text == ("United Kingdom [1][2]; Netherlands [3]; Norway [2]; Ida Holm [4]")
    assert [c.text for c in parties.claims] == [
        "United Kingdom", "Netherlands", "the Norwegian fleet", "Ida Holm"
    ]  # fmt: skip
    assert single.text == "Britain [1][2]"


def test_numbers_follow_first_use() -> None:
    one, two, three = (Citation(Source(i), 0, 3, "abc") for i in "xyz")
    span = Span(0, 3)
    claims = (
        Claim("A", (two, one), (span, span), 0.9),
        Claim("B", (three, two), (span, span), 0.8),
    )
    answer = Answer("?", claims, 0.9)
    assert answer.citations == (two, one, three)
    assert answer.text == "A [1][2]; B [3][1]"


def test_a_citation_cannot_lie() -> None:
    document = Document(Source("a"), "Some text.")
    assert Citation.of(document, Span(0, 4)).quote == "Some"
    with pytest.raises(ValueError, match="does not fit"):
        Citation.of(document, Span(5, 40))
    with pytest.raises(ValueError, match="needs 0 <= start < end"):
        Span(4, 4)


def test_bad_questions(engine: Engine) -> None:
    for empty in ("", "  \n ", "?!…"):
        with pytest.raises(QuestionError, match="empty"):
            engine.ask(empty)
    with pytest.raises(QuestionError, match="100,000 characters"):
        engine.ask("a" * 100_000)
    with pytest.raises(QuestionError, match="at least 1"):
        engine.search("bridge", 0)
    with pytest.raises(UnknownDocumentError, match=r"^there is no document 'x\.txt' in the index$"):
        engine.document("x.txt")


def test_odd_questions_are_only_text(engine: Engine) -> None:
    for question in (
        'bridge" OR "ferry',
        "NEAR(bridge)",
        "text:bridge*",
        "^",
        "' -- ; DROP",
        "a" * 999,
    ):
        if any(c.isalnum() for c in question):
            engine.ask(question)
    assert engine.search('"bridge" AND')[0].passage.source.id == "bridge.txt"


def test_fusion_scores_and_parts(engine: Engine) -> None:
    hits = engine.search("ferry tickets", 3)
    assert hits[0].passage.source.id == "towns/ferry.txt"
    assert hits[0].score == pytest.approx(1 / 61 + 1 / 61)
    assert hits[0].lexical > 0
    assert hits[1].lexical == hits[2].lexical == 0.0
    assert hits[1].score == pytest.approx(1 / 62)
    query = WordEncoder().encode(["ferry tickets"])[0]
    texts = [embedded_text(hit.passage) for hit in hits]
    assert [h.dense for h in hits] == pytest.approx(
        (WordEncoder().encode(texts) @ query).tolist(), abs=1e-6
    )


def test_several_threads_may_ask(engine: Engine) -> None:
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(engine.ask("When will the bridge open?")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert len(set(answers)) == 1


def test_documents_are_read_while_a_question_is_answered(
    engine: Engine, corpus: Path, encoder: WordEncoder, tmp_path: Path
) -> None:
    started, go_on = threading.Event(), threading.Event()

    class Slow(WordReader):
        def read(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
            started.set()
            assert go_on.wait(20)
            return super().read(question, hits)

    engine._reader = Slow("June")
    with ThreadPoolExecutor(2) as pool:
        asked = pool.submit(engine.ask, "When will the bridge open?")
        try:
            assert started.wait(20)
            sources = pool.submit(engine.documents).result(timeout=5)
            document = pool.submit(engine.document, "bridge.txt").result(timeout=5)
            assert pool.submit(engine.status).result(timeout=5).documents == len(sources) == 3
            assert document.text == (corpus / "bridge.txt").read_text(encoding="utf-8")
            # What an update commits meanwhile is seen.
            (corpus / "new.txt").write_text("The quay at Rättvik was painted.", encoding="utf-8")
            Engine.build(corpus, index=tmp_path / "index", encoder=encoder).close()
            assert pool.submit(engine.document, "new.txt").result(timeout=5).source.id == "new.txt"
            assert not asked.done()
        finally:
            go_on.set()
        assert isinstance(asked.result(timeout=20), Answer)


def test_a_question_that_grows_too_long_in_a_conversation(engine: Engine) -> None:
    first = Abstention(f"Did Norway sign the pact {'of the harbour ' * 131}", 0.1, "", ())
    assert len(first.question) < rag.engine.MAX_QUESTION_CHARS
    engine.ask(first.question)
    with pytest.raises(QuestionError, match=r"question, read with those before it, has 2,0\d\d"):
        engine.ask("And in the case of the towns of the south?", history=[first])


def test_asking_loads_no_reader_of_files() -> None:
    program = "import sys, rag.cli; print({'yaml', 'charset_normalizer'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def test_an_empty_index_abstains(tmp_path: Path, encoder: WordEncoder) -> None:
    (tmp_path / "empty").mkdir()
    with Engine.build(
        tmp_path / "empty", index=tmp_path / "i", encoder=encoder, reader=WordReader("it")
    ) as engine:
        answer = engine.ask("What is here?")
    assert isinstance(answer, Abstention)


def test_quotes_come_from_the_document(engine: Engine) -> None:
    source = Source("gone.txt")

    def no_document(document_id: str) -> Document:
        raise CitableError(f"no document {document_id}")

    builder = AnswerBuilder(WordReader("June"), no_document)
    hits = engine.search("When will the bridge open?")
    with pytest.raises(CitableError, match=r"bridge\.txt"):
        builder.build("When will the bridge open?", hits)
    assert source.label == "gone.txt"
