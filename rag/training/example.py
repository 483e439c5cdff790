"""One training example: a question, a window of text, and what is known about the answer in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

# What an example can teach: where the answer starts and ends, which tokens belong to any answer,
# which sentences support it, whether the text answers at all, and yes, no or unclear.
SPAN, TAG, EVIDENCE, ANSWERABLE, YESNO = "span", "tag", "evidence", "answerable", "yesno"
ALL_BUT_YESNO = (SPAN, TAG, EVIDENCE, ANSWERABLE)
YESNO_LABELS = ("yes", "no", "unclear")

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Example:
    """Ranges are code points of `context`; a task that is not in `tasks` is not taught by it.

    `spans` are the right answers (all of them where TAG is taught), `sentences` the sentences of
    the context and `evidence` whether each supports the answer; `title` is the document's, which
    is read before the context and never quoted; `weight` multiplies the loss.
    """

    question: str
    context: str
    spans: tuple[Range, ...]
    sentences: tuple[Range, ...]
    evidence: tuple[bool, ...]
    answerable: bool
    source: str
    tasks: tuple[str, ...] = ALL_BUT_YESNO
    yesno: str = ""
    title: str = ""
    weight: float = 1.0

    def __post_init__(self) -> None:
        for start, end in (*self.spans, *self.sentences):
            if not 0 <= start < end <= len(self.context):
                raise ValueError(f"{self.source}: range {start}-{end} is outside the context")
        if len(self.sentences) != len(self.evidence):
            raise ValueError(f"{self.source}: one evidence flag per sentence is needed")
        if YESNO in self.tasks and self.yesno not in YESNO_LABELS:
            raise ValueError(f"{self.source}: yesno is {self.yesno!r}, not one of {YESNO_LABELS}")
        if not self.answerable and (self.spans or any(self.evidence)):
            raise ValueError(f"{self.source}: an unanswerable example has no span and no evidence")


def write_examples(path: Path, examples: Iterable[Example]) -> int:
    """Write one JSON object per line and return how many; a stop leaves no part of them."""
    count = 0
    beside = path.with_name(f"{path.name}.part")
    with beside.open("w", encoding="utf-8") as file:
        for example in examples:
            file.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")
            count += 1
    beside.replace(path)
    return count


def read_examples(path: Path) -> Iterator[Example]:
    """The examples that `write_examples` wrote, in order."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            for name in ("spans", "sentences"):
                row[name] = tuple((start, end) for start, end in row[name])
            yield Example(
                **{**row, "evidence": tuple(row["evidence"]), "tasks": tuple(row["tasks"])}
            )
