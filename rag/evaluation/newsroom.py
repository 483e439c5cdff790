"""Turns a folder of event files into a corpus of text files and a question set over it.

An event file is one JSON object with `articles` and `questions`; its form is in `eval/README.md`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluation.matters import with_others
from rag.evaluation.questions import (
    SPLITS,
    GoldAnswer,
    GoldQuestion,
    GoldSpan,
    locate,
    parse_question,
)
from rag.types import JSON

METADATA_NAME = "metadata.jsonl"
_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Article:
    """One outlet's report; its file is `<id>.txt` and holds `text` and nothing else."""

    id: str
    text: str
    title: str
    publisher: str
    published: str

    @property
    def document(self) -> str:
        return f"{self.id}.txt"

    def metadata(self) -> JSON:
        """The article's row of the metadata file."""
        return {
            "document": self.document,
            "title": self.title,
            "publisher": self.publisher,
            "published": self.published,
        }


def write_corpus(split_dir: Path, out: Path) -> list[GoldQuestion]:
    """Write all articles of a split into one folder and return the questions over them.

    `out` gets a UTF-8 text file for each article, with exactly its text, and `metadata.jsonl`. The
    questions' split is the name of `split_dir` where that is train, dev or test, else test; lists
    of one matter know each other's parties (`rag.evaluation.matters`).
    Raises EvaluationError where an event file does not have its form, or where `out` holds files
    of anything else, which would be indexed along.
    """
    articles, questions = read_split(split_dir)
    write_articles(articles, out)
    return questions


def write_articles(articles: Sequence[Article], out: Path) -> None:
    """Write articles into one folder, to be indexed; raises EvaluationError as `write_corpus`."""
    files = {a.document: a.text for a in articles}
    rows = [json.dumps(a.metadata(), ensure_ascii=False) + "\n" for a in articles]
    files[METADATA_NAME] = "".join(rows)
    try:
        out.mkdir(parents=True, exist_ok=True)
        strange = sorted({path.name for path in out.iterdir()} - set(files))
        if strange:
            raise EvaluationError(f"{out}: holds {strange[0]}; give a new or empty folder")
        for name, text in files.items():
            (out / name).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise EvaluationError(f"{out}: cannot be written: {error.strerror or error}") from error


def read_split(split_dir: Path) -> tuple[list[Article], list[GoldQuestion]]:
    """The articles and questions of all event files of a folder, by file name."""
    paths = sorted(split_dir.glob("*.json"))
    if not paths:
        raise EvaluationError(f"{split_dir}: holds no event files (*.json)")
    split = split_dir.name if split_dir.name in SPLITS else "test"
    articles: dict[str, Article] = {}
    questions: list[GoldQuestion] = []
    for path in paths:
        event = _load(path)
        own = _articles(event, path)
        again = articles.keys() & own.keys()
        if again:
            raise EvaluationError(f"{path}: article {min(again)} stands in another file too")
        articles |= own
        asked = [
            _question(row, own, f"{path}, question {number}", f"{path.stem}-q{number:02}", split)
            for number, row in enumerate(_rows(event, "questions", path), 1)
        ]
        questions += with_others(asked)
    return list(articles.values()), questions


def _load(path: Path) -> JSON:
    try:
        event = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # not JSON, or not UTF-8
        raise EvaluationError(f"{path}: is not JSON: {error}") from error
    if not isinstance(event, dict):
        raise EvaluationError(f"{path}: needs a JSON object, found {type(event).__name__}")
    return event


def _rows(event: Mapping[str, Any], key: str, path: Path) -> list[JSON]:
    rows = event.get(key)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise EvaluationError(f"{path}: {key!r} needs a list of objects")
    return rows


def _articles(event: Mapping[str, Any], path: Path) -> dict[str, Article]:
    found: dict[str, Article] = {}
    for row in _rows(event, "articles", path):
        keys = ("id", "text", "title", "publisher", "published")
        lacking = [key for key in keys if not isinstance(row.get(key), str) or not row[key]]
        if lacking:
            raise EvaluationError(f"{path}: an article needs a text for {', '.join(lacking)}")
        article = Article(*(row[key] for key in keys))
        if not _SAFE_ID.fullmatch(article.id):
            raise EvaluationError(f"{path}: article id {article.id!r} cannot be a file name")
        if article.id in found:
            raise EvaluationError(f"{path}: article {article.id} stands twice")
        found[article.id] = article
    return found


def _question(
    row: JSON, articles: Mapping[str, Article], where: str, row_id: str, split: str
) -> GoldQuestion:
    """The row as a row of a question set, with offsets, then checked like any other."""
    if not isinstance(row.get("answers"), list):
        raise EvaluationError(f"{where}: 'answers' needs a list of objects")
    try:
        answers = [_answer(answer, articles) for answer in row["answers"]]
    except (KeyError, TypeError) as error:
        raise EvaluationError(f"{where}: an answer lacks {error}") from error
    except EvaluationError as error:
        raise EvaluationError(f"{where}: {error}") from error
    gold = GoldQuestion(row_id, split, "", "", tuple(answers)).to_json()
    return parse_question({**row, "id": row_id, "split": split, "answers": gold["answers"]}, where)


def _answer(answer: JSON, articles: Mapping[str, Article]) -> GoldAnswer:
    spans: list[GoldSpan] = []
    # The mention as it stands ("Berlin") is as right an answer as what it names ("Germany").
    accepted = list(answer.get("aliases", []))
    for evidence in answer["evidence"]:
        if evidence["article"] not in articles:
            raise EvaluationError(f"no article {evidence['article']!r} in this file")
        article = articles[evidence["article"]]
        spans.append(locate(article.document, article.text, evidence["quote"]))
        accepted.append(evidence.get("span") or answer["text"])
    aliases = dict.fromkeys(alias for alias in accepted if alias != answer["text"])
    return GoldAnswer(answer["text"], tuple(aliases), tuple(spans))
