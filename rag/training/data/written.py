"""Questions that we wrote ourselves, on paragraphs of Wikipedia, news and documents of our own.

The files are under `rag/training/written`, whose README has both formats. People's unanswerable
questions teach more than made-up ones, and natural yes-no questions more than turned-round ones.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelError
from rag.evaluation.public.formats import SQUAD_ASIDE, Item, read_items
from rag.training.data import newsroom, sentences, squad
from rag.training.example import ANSWERABLE, EVIDENCE, YESNO, Example, Range
from rag.training.windows import draw_size, sentences_of, touching, window_around

FOLDER = Path(__file__).parents[1] / "written"
SOURCE = "written"
YESNO_TASKS = (EVIDENCE, ANSWERABLE, YESNO)
VERDICTS = {"y": "yes", "n": "no", "u": "unclear"}
# Every text is short: each pass draws other windows, titles and negatives.
PASSES = 3
# What stands between two lines of a file: news runs on, documents have headings and lists.
RUN_ON, LINES = " ", "\n"
KEY_DIGITS = 10

_ANSWER = re.compile(r"(?P<first>\d+)(?:-(?P<last>\d+))?:(?P<span>.+)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of a paragraph's questions: `mark` is `-`, `+`, `y`, `n` or `u`."""

    mark: str
    words: str
    question: str
    place: str


@dataclass(frozen=True, slots=True)
class Report:
    """One outlet's report of an event; `before` sentences stand in the reports before it."""

    id: str
    title: str
    before: int
    sentences: list[str]


def build_news(written: Path, seed: int) -> Iterator[Example]:
    """Examples from the reports; raises ModelError where a line is wrong."""
    yield from newsroom.build_events(read_news(written, RUN_ON), PASSES, seed, SOURCE)


def build_documents(written: Path, seed: int) -> Iterator[Example]:
    """Examples from minutes, manuals, contracts and so on; raises ModelError as above."""
    yield from newsroom.build_events(read_news(written, LINES), PASSES, seed, SOURCE)


def build_paragraphs(written: Path, data: Path, seed: int) -> Iterator[Example]:
    """Examples from the questions on the data sets' paragraphs.

    Raises ModelError where a line is wrong. Articles that are kept aside are left out.
    """
    rng = random.Random(seed)
    paragraphs = dict(_paragraphs(data))
    for path in sorted(written.glob("*.txt")):
        for key, lines in read_paragraphs(path):
            if key not in paragraphs:
                raise ModelError(f"{path}: no paragraph under {data} has the key {key}")
            title, text = paragraphs[key]
            if title in SQUAD_ASIDE:
                continue
            for line in lines:
                example = _example(line, text, title, rng)
                if example is not None:
                    yield example


def paragraph_key(context: str) -> str:
    """What a paragraph is called in the files: the start of its SHA-1."""
    return hashlib.sha1(context.encode(), usedforsecurity=False).hexdigest()[:KEY_DIGITS]


def _paragraphs(data: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """The key, title and text, with single spaces, of every paragraph that may be asked about."""
    for path in (*sorted((data / "squadshifts").glob("*.json")), data / "squad/train.json"):
        for item in read_items(path):
            yield paragraph_key(item.paragraph), (item.title, " ".join(item.paragraph.split()))
    for line in (data / "qed/qed-dev.jsonlines").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        raw = row["paragraph_text"]
        yield paragraph_key(raw), (row["title_text"], sentences.untokenized(raw))


def read_paragraphs(path: Path) -> Iterator[tuple[str, list[Asked]]]:
    """The keys of a file with their questions."""
    key, lines = "", list[Asked]()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        place = f"{path}, line {number}"
        if line.startswith("@ "):
            if key:
                yield key, lines
            key, lines = line.split()[1], []
        elif line.strip():
            mark, *words, question = (part.strip() for part in line.split(" | "))
            if mark not in "-+ynu" or len(words) != (mark in "+yn") or not key:
                raise ModelError(f"{place}: is no question as the README describes them")
            lines.append(Asked(mark, "".join(words), question, place))
    if key:
        yield key, lines


def _example(line: Asked, text: str, title: str, rng: random.Random) -> Example | None:
    spans: tuple[Range, ...] = ()
    if line.words:
        if text.count(line.words) != 1:
            raise ModelError(f"{line.place}: {line.words!r} is not once in the paragraph")
        start = text.index(line.words)
        spans = ((start, start + len(line.words)),)
    if line.mark in "-+":
        answers = (line.words,) if spans else ()
        item = Item(line.question, text, title, spans, answers)
        return squad.windowed(item, SOURCE, rng)
    return _yesno(line, text, title, spans, rng)


def _yesno(
    line: Asked, text: str, title: str, spans: tuple[Range, ...], rng: random.Random
) -> Example | None:
    """A yes-no question: its evidence is known, but no span is taught."""
    whole = sentences_of(text)
    if not whole.sentences:
        return None
    first, last = touching(whole, spans[0]) if spans else (0, len(whole.sentences) - 1)
    chars = draw_size(rng) if spans else len(text)
    window = window_around(whole, first, last, chars, rng)
    quotes = [window.local(span) for span in spans]
    return Example(
        question=line.question,
        context=window.text,
        spans=(),
        sentences=window.sentences,
        evidence=tuple(any(s < e and b < t for b, e in quotes) for s, t in window.sentences),
        answerable=bool(spans),
        source=SOURCE,
        tasks=YESNO_TASKS,
        yesno=VERDICTS[line.mark],
        title=title if rng.random() < squad.TITLE_SHARE else "",
    )


def read_news(folder: Path, between: str = RUN_ON) -> list[newsroom.Event]:
    """The events of our own news, or the matters of our documents; raises ModelError.

    Each is told in one or more texts; `between` joins their lines.
    """
    events = []
    for path in sorted(folder.glob("*.txt")):
        parts = re.split(r"^# ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for number, part in enumerate(parts[1:], 1):
            events.append(_event(f"{path.stem}-{number}", part.splitlines(), path, between))
    return events


def _event(name: str, lines: Sequence[str], path: Path, between: str) -> newsroom.Event:
    told = [Report(f"{name}-1", lines[0].strip(), 0, [])]
    asked = []
    for line in (line.strip() for line in lines[1:]):
        if line.startswith("% "):
            before = told[-1].before + len(told[-1].sentences)
            told.append(Report(f"{name}-{len(told) + 1}", line[2:].strip(), before, []))
        elif line.startswith("? "):
            asked.append(line[2:])
        elif line:
            told[-1].sentences.append(line)
    articles = (
        newsroom.Article(one.id, one.title, sentences_of(between.join(one.sentences)))
        for one in told
    )
    try:
        questions = tuple(_question(line, told) for line in asked)
    except ValueError as error:
        raise ModelError(f"{path}, “{told[0].title}”: {error}") from error
    return newsroom.Event(name, tuple(articles), questions)


def _question(line: str, told: Sequence[Report]) -> newsroom.Question:
    kind, question, *answers = (part.strip() for part in line.split(" | "))
    gold: dict[str, list[newsroom.Gold]] = {}
    for answer in (answer.strip() for part in answers for answer in part.split(" ; ")):
        report, found = _gold(answer, told)
        gold.setdefault(report, []).append(found)
    side = kind.removeprefix("list_") if kind.startswith("list_") else ""
    yesno = kind if kind in VERDICTS.values() else ""
    kind = "list" if side else "yesno" if yesno else kind
    return newsroom.Question(
        question, kind, side, yesno, {report: tuple(one) for report, one in gold.items()}
    )


def _gold(answer: str, told: Sequence[Report]) -> tuple[str, newsroom.Gold]:
    """`3:span` or `2-3:span` as a report and ranges of its sentences joined by spaces."""
    match = _ANSWER.fullmatch(answer)
    if match is None or not int(match["first"]):
        raise ValueError(f"{answer!r} is not SENTENCE:span")
    first, last = int(match["first"]), int(match["last"] or match["first"])
    report = next(one for one in reversed(told) if one.before < first)
    sentences, first, last = report.sentences, first - report.before, last - report.before
    quote = " ".join(sentences[first - 1 : last])
    if last > len(sentences) or quote.count(match["span"]) != 1:
        raise ValueError(f"{answer!r} does not stand once in those sentences of a report")
    start = sum(len(sentence) + 1 for sentence in sentences[: first - 1])
    inside = start + quote.index(match["span"])
    gold = newsroom.Gold((start, start + len(quote)), (inside, inside + len(match["span"])))
    return report.id, gold
