"""What `citable eval` is asked of: a question set over an index, or a folder of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import UnknownDocumentError
from rag.evaluation.newsroom import Article, read_split
from rag.evaluation.questions import GoldQuestion, load_questions


@dataclass(frozen=True, slots=True)
class Corpus:
    """The questions of a set, and its articles where it brings them along.

    `name` is the file's or the folder's, without its ending. A question set in a file has no
    articles: its documents are in an index.
    """

    name: str
    questions: tuple[GoldQuestion, ...]
    articles: tuple[Article, ...] = ()

    def part(self, split: str = "", limit: int = 0) -> Sequence[GoldQuestion]:
        """The questions of one split, and at most `limit` of them from all over it.

        Evenly spread ones meet all kinds and events; an empty split and a limit of 0 take all.
        """
        chosen = [one for one in self.questions if split in ("", one.split)]
        if not 0 < limit < len(chosen):
            return chosen
        return [chosen[len(chosen) * number // limit] for number in range(limit)]

    def document(self, document_id: str) -> Article:
        """An article by its document id; raises UnknownDocumentError where there is none."""
        for article in self.articles:
            if article.document == document_id:
                return article
        raise UnknownDocumentError(f"{self.name}: has no document {document_id}")


def load_corpus(path: Path | str) -> Corpus:
    """Read a question set, or a folder of events; raises EvaluationError naming what is wrong."""
    path = Path(path)
    if not path.is_dir():
        return Corpus(path.stem, tuple(load_questions(path)))
    articles, questions = read_split(path)
    return Corpus(path.resolve().name, tuple(questions), tuple(articles))
