"""The files of public sets, read into frozen data; each in the form that its authors publish."""

from __future__ import annotations

import csv
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from rag.errors import EvaluationError

_T = TypeVar("_T")
Range = tuple[int, int]
# Titles of squad/train.json that are kept aside from training, two of those with unanswerable
# questions that people wrote: they watch a training and fit the threshold of no answer.
SQUAD_ASIDE = ("Geology", "Normans")
# CondaQA's labels in the words of the project.
YESNO = {"YES": "yes", "NO": "no", "DON'T KNOW": "unclear"}


def read_lines(path: Path, parse: Callable[[dict[str, Any]], _T]) -> Iterator[_T]:
    """What `parse` makes of each line of JSON; raises EvaluationError naming file and line."""
    # Not splitlines: a text may hold a line separator that is none of JSON's.
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            yield _parsed(f"{path}, line {number}", line, lambda one: parse(json.loads(one)))


def read_array(path: Path, rows: Sequence[Any], parse: Callable[[Any], _T]) -> list[_T]:
    """What `parse` makes of each row of a file; EvaluationError names the file and the row."""
    return [_parsed(f"{path}, question {n}", row, parse) for n, row in enumerate(rows, 1)]


def _parsed(where: str, row: Any, parse: Callable[[Any], _T]) -> _T:
    try:
        return parse(row)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EvaluationError(
            f"{where}: does not have the form of its set ({type(error).__name__}: {error})"
        ) from error


@dataclass(frozen=True, slots=True)
class Item:
    """A question on a paragraph.

    `answers` are the annotators' different texts, none for an unanswerable question; `spans` are
    the places of those that have a certain place, most frequent first.
    """

    question: str
    paragraph: str
    title: str
    spans: tuple[Range, ...]
    answers: tuple[str, ...]


def read_items(path: Path) -> list[Item]:
    """Every question of a file, in order."""
    return [
        Item(
            qa["question"].strip(),
            paragraph["context"],
            article.get("title", "").replace("_", " "),
            _spans(paragraph["context"], qa["answers"]),
            tuple(sorted({answer["text"].strip() for answer in qa["answers"]})),
        )
        for article in json.loads(path.read_text(encoding="utf-8"))["data"]
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
    ]


def _spans(context: str, answers: Sequence[dict[str, Any]]) -> tuple[Range, ...]:
    """The answers' ranges, most frequent first; a text that occurs twice has no certain place."""
    counts: Counter[Range] = Counter()
    for answer in answers:
        text = answer["text"].strip()
        start = context.find(text, max(0, answer["answer_start"] - 2))
        if text and start >= 0 and not answer.get("ambiguous_start"):
            counts[start, start + len(text)] += 1
    return tuple(sorted(counts, key=lambda span: (-counts[span], span[1] - span[0])))


@dataclass(frozen=True, slots=True)
class Ranking:
    """A question with candidate sentences, in their order, and which of them answer it."""

    question: str
    title: str
    sentences: tuple[str, ...]
    right: tuple[bool, ...]


def read_wikiqa(path: Path) -> list[Ranking]:
    """The questions of a WikiQA file (tab-separated, with a header), in order."""
    rows: dict[str, list[dict[str, str]]] = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            rows.setdefault(row["QuestionID"], []).append(row)
    return [
        Ranking(
            group[0]["Question"],
            group[0]["DocumentTitle"],
            tuple(row["Sentence"] for row in group),
            tuple(row["Label"] == "1" for row in group),
        )
        for group in rows.values()
    ]


def read_selqa(path: Path) -> list[Ranking]:
    """The questions of a SelQA file of answer sentence selection, in order."""
    return read_array(path, json.loads(path.read_text(encoding="utf-8")), _selqa)


def _selqa(row: dict[str, Any]) -> Ranking:
    sentences = tuple(map(str.strip, row["candidates"]))
    if strange := set(row["answers"]) - set(range(len(sentences))):
        raise ValueError(f"the answer {min(strange)} is no place of its {len(sentences)} sentences")
    right = tuple(place in row["answers"] for place in range(len(sentences)))
    return Ranking(row["question"], row["article"], sentences, right)


def read_trecqa(path: Path) -> list[Ranking]:
    """The questions of a TREC-QA file (pseudo-XML with tab-separated tokens), in order."""
    return list(_trecqa(path.read_text(encoding="utf-8", errors="replace")))


def _trecqa(text: str) -> Iterator[Ranking]:
    for block in text.split("<QApairs")[1:]:
        question, sentences, right = "", [], []
        lines = block.splitlines()
        for mark, line in itertools.pairwise(lines):
            if mark.strip() == "<question>":
                question = detokenize(line.split("\t"))[0]
            elif mark.strip() in ("<positive>", "<negative>"):
                sentences.append(detokenize(line.split("\t"))[0])
                right.append(mark.strip() == "<positive>")
        yield Ranking(question, "", tuple(sentences), tuple(right))


@dataclass(frozen=True, slots=True)
class YesNo:
    """A yes-no question on a passage; `label` is yes, no or unclear."""

    question: str
    passage: str
    label: str


def read_condaqa(path: Path) -> list[YesNo]:
    """The questions of a CondaQA file whose label is yes, no or don't know, in order."""
    return [one for one in read_lines(path, _condaqa) if one is not None]


def _condaqa(row: dict[str, Any]) -> YesNo | None:
    if row["label"] not in YESNO:
        return None
    return YesNo(row["sentence2"].strip(), row["sentence1"], YESNO[row["label"]])


def detokenize(words: Sequence[str]) -> tuple[str, list[Range]]:
    """Tokens joined as people write them, and the range of each in the text."""
    text, ranges, glue = "", [], True
    for word in words:
        glue = glue or word in {",", ".", ";", ":", "?", "!", ")", "]", "%", "'s", "n't", "''"}
        text += "" if glue else " "
        shown = '"' if word in {"``", "''"} else word
        ranges.append((len(text), len(text) + len(shown)))
        text += shown
        glue = word in {"(", "[", "$", "``"}
    return text, ranges
