"""Questions that we wrote ourselves, on paragraphs of SQuADShifts and on news of our own.

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
from rag.evaluation.public.formats import Item
from rag.training.data import newsroom, squad
from rag.training.example import ANSWERABLE, EVIDENCE, YESNO, Example, Range
from rag.training.windows import draw_size, sentences_of, touching, window_around

FOLDER = Path(__file__).parents[1] / "written"
SOURCE = "written"
YESNO_TASKS = (EVIDENCE, ANSWERABLE, YESNO)
VERDICTS = {"y": "yes", "n": "no", "u": "unclear"}
# Every news passage is short: each pass draws other windows, titles and negatives.
NEWS_PASSES = 3
KEY_DIGITS = 10

_ANSWER = re.compile(r"(?P<first>\d+)(?:-(?P<last>\d+))?:(?P<span>.+)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of a paragraph's questions: `mark` is `-`, `+`, `y`, `n` or `u`."""

    mark: str
    words: str
    question: str
    place: str


def build_news(written: Path, seed: int) -> Iterator[Example]:
    """Examples from the reports; raises ModelError where a line is wrong."""
    yield from newsroom.build_events(read_news(written), NEWS_PASSES, seed, SOURCE)


def build_paragraphs(written: Path, shifts: Path, seed: int) -> Iterator[Example]:
    """Examples from the questions on paragraphs; raises ModelError where a line is wrong."""
    rng = random.Random(seed)
    paragraphs = _paragraphs(shifts)
    for path in sorted(written.glob("*.txt")):
        for key, lines in read_paragraphs(path):
            if key not in paragraphs:
                raise ModelError(f"{path}: no paragraph of {shifts} has the key {key}")
            title, text = paragraphs[key]
            for line in lines:
                example = _example(line, text, title, rng)
                if example is not None:
                    yield example


def paragraph_key(context: str) -> str:
    """What a paragraph is called in the files: the start of its SHA-1."""
    return hashlib.sha1(context.encode(), usedforsecurity=False).hexdigest()[:KEY_DIGITS]


def _paragraphs(shifts: Path) -> dict[str, tuple[str, str]]:
    """Title and text, with single spaces, of every paragraph by its key."""
    found = {}
    for path in sorted(shifts.glob("*.json")):
        for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
            title = article.get("title", "").replace("_", " ")
            for paragraph in article["paragraphs"]:
                text = " ".join(paragraph["context"].split())
                found[paragraph_key(paragraph["context"])] = (title, text)
    return found


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


def read_news(folder: Path) -> list[newsroom.Event]:
    """Every passage of our own news as an event of one article; raises ModelError."""
    events = []
    for path in sorted(folder.glob("*.txt")):
        parts = re.split(r"^# ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for number, part in enumerate(parts[1:], 1):
            events.append(_event(f"{path.stem}-{number}", part.splitlines(), path))
    return events


def _event(name: str, lines: Sequence[str], path: Path) -> newsroom.Event:
    title = lines[0].strip()
    rest = [line.strip() for line in lines[1:] if line.strip()]
    sentences = [line for line in rest if not line.startswith("? ")]
    article = newsroom.Article(name, title, sentences_of(" ".join(sentences)))
    try:
        questions = tuple(
            _question(line[2:], sentences, name) for line in rest if line.startswith("? ")
        )
    except ValueError as error:
        raise ModelError(f"{path}, “{title}”: {error}") from error
    return newsroom.Event(name, (article,), questions)


def _question(line: str, sentences: Sequence[str], article: str) -> newsroom.Question:
    kind, question, *answers = (part.strip() for part in line.split(" | "))
    gold = tuple(
        _gold(answer.strip(), sentences) for part in answers for answer in part.split(" ; ")
    )
    side = kind.removeprefix("list_") if kind.startswith("list_") else ""
    yesno = kind if kind in VERDICTS.values() else ""
    kind = "list" if side else "yesno" if yesno else kind
    return newsroom.Question(question, kind, side, yesno, {article: gold} if gold else {})


def _gold(answer: str, sentences: Sequence[str]) -> newsroom.Gold:
    """`3:span` or `2-3:span` as ranges of the sentences joined by spaces."""
    match = _ANSWER.fullmatch(answer)
    if match is None:
        raise ValueError(f"{answer!r} is not SENTENCE:span")
    first, last = int(match["first"]), int(match["last"] or match["first"])
    quote = " ".join(sentences[first - 1 : last])
    if quote.count(match["span"]) != 1:
        raise ValueError(f"{match['span']!r} is not once in sentence {first}-{last}")
    start = sum(len(sentence) + 1 for sentence in sentences[: first - 1])
    inside = start + quote.index(match["span"])
    return newsroom.Gold((start, start + len(quote)), (inside, inside + len(match["span"])))
