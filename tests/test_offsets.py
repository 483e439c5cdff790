"""Offset integrity from file to citation, over generated documents of awkward text."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from rag import Answer, Engine
from rag.types import Evidence, Hit
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


class EverySentence:
    """Holds every sentence of every passage to be the answer."""

    def threshold(self, _: str) -> float:
        return 0.0

    def notes(self, _: str) -> tuple[str, ...]:
        return ()

    def read(self, _: str, hits: Sequence[Hit]) -> list[Evidence]:
        return [
            Evidence(hit.passage, sentence, sentence, 0.5)
            for hit in hits
            for sentence in hit.passage.sentences
        ]


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS)
def test_every_citation_stands_in_its_file(documents: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "corpus")
        folder.mkdir()
        for number, text in enumerate(documents):
            (folder / f"{number}.txt").write_bytes(text.encode())
        with Engine.build(
            folder, index=Path(name, "index"), encoder=WordEncoder(), reader=EverySentence()
        ) as engine:
            indexed = {source.id for source in engine.documents()}
            for hit in engine.search("Which bridges were closed?", 50):
                text = (folder / hit.passage.source.id).read_bytes().decode()
                assert text[hit.passage.start : hit.passage.end] == hit.passage.text
            answer = engine.ask("Which bridges were closed?")
        if not indexed or not isinstance(answer, Answer):
            return
        assert answer.citations
        for citation in answer.citations:
            text = (folder / citation.source.id).read_bytes().decode()
            assert text[citation.start : citation.end] == citation.quote
