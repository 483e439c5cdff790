"""Offset integrity from file to citation, over generated documents of awkward text."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag import Answer, Engine
from rag.question_words import JOINED, NEGATION, REFUSED, pattern, side
from rag.types import Evidence, Hit, Span
from tests.fakes import WordEncoder

PIECES = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80),
    st.sampled_from(
        [
            "The bridge was closed on Monday. ",
            "The bridge was closed on Monday. ",
            "“It will open,” she said. ",
            "\r\n",
            "\n\n",
            "\u2028",
            "😀👩‍👩‍👧 The bridge smiled! ",
            "الجسر مغلق اليوم. ",
            "הגשר סגור. ",
            "Cafe\u0301 bridge. ",
            "U.S. bridge… ",
            "Share this article\n",
            "Norway signed the pact; Peru will decide in May. ",
            "Britain has not decided, and the Dutch refused. ",
            "“We will pay,” said Mayor Ida Holm. “But not soon.” ",
            "He paid 26 million kronor. ",
            "Two dozen ships sank. ",
            "bridge " * 400,
            "z" * 3000,
            "\ufeff",
        ]
    ),
)
DOCUMENTS = st.lists(
    st.lists(PIECES, min_size=1, max_size=12).map("".join).filter(str.strip),
    min_size=1,
    max_size=4,
)


QUESTIONS = (
    "Which bridges were closed?",
    "Which countries signed the pact?",
    "Which parties have not decided?",
    "Did Norway sign the pact?",
    "Who said they would pay?",
    "What did Ida Holm say?",
    "How many ships sank?",
    "When will the bridge open?",
)
SIDES = pattern(f"{REFUSED}|{JOINED}|{NEGATION}")
VERDICTS = (None, (0.8, 0.1, 0.1), (0.1, 0.2, 0.7))


class AnyPart:
    """Holds parts of every sentence to be the answer, as surely as `seed` and the place say."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def threshold(self, _: str) -> float:
        return 0.0

    def least(self, _question: str, _best: float) -> float:
        return 0.0

    def notes(self, _: str) -> tuple[str, ...]:
        return ()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
        found = [
            self._evidence(hit, sentence, question)
            for hit in hits
            for sentence in hit.passage.sentences
        ]
        return sorted(found, key=lambda one: -one.probability)

    def _evidence(self, hit: Hit, sentence: Span, question: str) -> Evidence:
        mixed = self.seed + 31 * sentence.start + 7 * len(question)
        length = sentence.end - sentence.start
        start = sentence.start + (mixed % length if mixed % 3 else 0)
        end = sentence.end if mixed % 2 else min(sentence.end, start + 1 + mixed % 20)
        probability = (mixed % 100) / 100
        verdict = VERDICTS[mixed % len(VERDICTS)]
        return Evidence(hit.passage, sentence, Span(start, end), probability, verdict)


def check(answer: Answer, folder: Path) -> None:
    """What holds for every answer: its quotes are exact, its numbers and counts are right."""
    every = (*answer.claims, *answer.undecided)
    used: list[int] = []
    for claim in every:
        assert 1 <= claim.sources <= len(claim.citations)
        assert len(claim.answers) == len(claim.citations)
        for citation, inside in zip(claim.citations, claim.answers, strict=True):
            text = (folder / citation.source.id).read_bytes().decode()
            assert citation.quote
            assert text[citation.start : citation.end] == citation.quote
            assert citation.span.contains(inside)
            used.append(answer.number(citation))
    assert list(dict.fromkeys(used)) == list(range(1, len(answer.citations) + 1))
    row = json.loads(json.dumps(answer.to_json()))
    assert [citation["number"] for citation in row["citations"]] == sorted(set(used))
    shown = [number for claim in row["claims"] + row["undecided"] for number in claim["citations"]]
    assert shown == used
    for number in used:
        assert f"[{number}]" in row["answer"]


@settings(max_examples=60, deadline=None)
@example(["?"], "Which bridges were closed?", 0)  # nothing is evidence
@given(DOCUMENTS, st.sampled_from(QUESTIONS), st.integers(0, 10_000))
def test_every_citation_stands_in_its_file(documents: list[str], question: str, seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "corpus")
        folder.mkdir()
        for number, text in enumerate(documents):
            (folder / f"{number}.txt").write_bytes(text.encode())
        with Engine.build(
            folder, index=Path(name, "index"), encoder=WordEncoder(), reader=AnyPart(seed)
        ) as engine:
            hits = engine.search(question, 50)
            for hit in hits:
                text = (folder / hit.passage.source.id).read_bytes().decode()
                assert text[hit.passage.start : hit.passage.end] == hit.passage.text
            answer = engine.ask(question)
        told = [hit.passage.slice(one) for hit in hits for one in hit.passage.sentences]
        if isinstance(answer, Answer):
            assert told
            check(answer, folder)
        else:
            # The reader's threshold is 0: only questions, and words of a side where a list asks for
            # another, are no evidence.
            assert all(one.endswith("?") or (side(question) and SIDES.search(one)) for one in told)
