"""Keeps every test's questions and passages out of the training mix.

The sources are different data sets, but several quote Wikipedia, so a sentence or question of a
test can stand in a training file. Whatever overlaps is left out of training, never of the test.
"""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.evaluation.public.formats import detokenize, read_items
from rag.training.data import newsroom
from rag.training.example import Example

# So many words in a row that are the same call a text the test's: fewer ("The company said so
# on Monday") are anybody's. Questions count from fewer words, but as a whole.
RUN_WORDS = 10
QUESTION_WORDS = 5

_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The keys of the tests' questions, and every run of RUN_WORDS words of their texts."""

    questions: frozenset[str]
    runs: frozenset[str]

    def overlaps(self, example: Example) -> bool:
        """Whether an example asks a test's question or shows a run of a test's words."""
        asked = key(example.question) in self.questions
        return asked or any(run in self.runs for run in runs(example.context))


def key(text: str) -> str:
    """The text's letters and digits as lower-cased words."""
    return " ".join(_WORD.findall(text.lower()))


def runs(text: str) -> Iterator[str]:
    """Every run of RUN_WORDS words of the text's key."""
    words = key(text).split()
    for start in range(len(words) - RUN_WORDS + 1):
        yield " ".join(words[start : start + RUN_WORDS])


def read_forbidden(data: Path) -> Forbidden:
    """Everything of the test sets that are under `data`; a set that is not there adds nothing."""
    questions: set[str] = set()
    texts: set[str] = set()
    for asked, shown in _tests(data):
        questions.add(key(asked))
        texts.update(shown)
    long = (question for question in questions if len(question.split()) >= QUESTION_WORDS)
    return Forbidden(frozenset(long), frozenset(run for text in texts for run in runs(text)))


def _tests(data: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Questions of the tests with their texts."""
    if (data / "squad/test.json").is_file():
        for item in read_items(data / "squad/test.json"):
            yield item.question, (item.paragraph,)
    for event in newsroom.read_events(data / "newsroom/test"):
        texts = tuple(article.text.text for article in event.articles)
        for question in event.questions:
            yield question.text, texts
    for path in sorted((data / "wikiqa").glob("*.tsv")):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield row["Question"], (row["Sentence"],)
    for name in ("DEV.xml", "TEST.xml"):
        if (data / "trecqa" / name).is_file():
            yield from _trecqa((data / "trecqa" / name).read_text("utf-8", errors="replace"))
    if (data / "condaqa/dev.jsonl").is_file():
        for line in (data / "condaqa/dev.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield row["sentence2"], (row["sentence1"],)


def _trecqa(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for mark, line in itertools.pairwise(text.splitlines()):
        words = detokenize(line.split("\t"))[0]
        if mark.strip() == "<question>":
            yield words, ()
        elif mark.strip() in ("<positive>", "<negative>"):
            yield "", (words,)
