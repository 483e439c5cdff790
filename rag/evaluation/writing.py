"""`citable eval new`: a person writes questions with gold evidence over their own index.

Plain lines in and out, so that it can be piped. A question is written to the set as soon as it is
complete, after the same checks that reading the set makes; what is unfinished is not written.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TextIO

from rag.errors import EvaluationError, QuestionError
from rag.evaluation.files import check_folder, unwritable
from rag.evaluation.questions import (
    KINDS,
    POLARITIES,
    YESNO_LABELS,
    GoldAnswer,
    GoldQuestion,
    GoldSpan,
    folded,
    load_questions,
    parse_question,
)
from rag.types import JSON, Document, Hit, Source, describe

SHOWN = 5  # passages, the best
_ID = "q{:03}"
_WHY = "Why do the documents not answer it? "


class Finder(Protocol):
    """The index that the questions are about."""

    def search(self, question: str, k: int, /) -> Sequence[Hit]: ...

    def documents(self) -> Sequence[Source]: ...

    def document(self, document_id: str, /) -> Document: ...


class EndOfInput(Exception):
    """There is no further line."""


@dataclass
class Writing:
    """One sitting over a set; `added` counts what it wrote."""

    finder: Finder
    path: Path
    split: str
    source: TextIO
    out: TextIO
    added: int = 0
    _texts: dict[str, str] = field(default_factory=dict)

    def run(self) -> int:
        """Ask until the input or the questions end; returns how many were written.

        Raises EvaluationError where the set is no question set or cannot be written.
        """
        check_folder(self.path)
        known = load_questions(self.path) if _has_rows(self.path) else []
        self._say(f"Questions in {self.path}: {len(known)}. An empty question ends.")
        try:
            while wording := self._asked("\nQuestion: "):
                question = self._question(wording, known)
                if question:
                    append(self.path, question)
                    known.append(question)
                    self.added += 1
                    spans = len(question.evidence)
                    self._say(f"Written: {question.id}; pieces of evidence: {spans}.")
        except EndOfInput:
            self._say("\nThe input ended; an unfinished question is not written.")
        self._say(f"Questions added: {self.added}.")
        return self.added

    def _question(self, wording: str, known: Sequence[GoldQuestion]) -> GoldQuestion | None:
        """The question with all that belongs to it; None where it cannot be one."""
        if any(folded(one.question) == folded(wording) for one in known):
            self._say("That question is in the set already.")
            return None
        try:
            self._show(self.finder.search(wording, SHOWN))
        except QuestionError as error:
            self._say(f"{error}.")
            return None
        kind = self._choice("Kind", KINDS)
        row: JSON = {"id": _new_id(known), "split": self.split, "question": wording, "kind": kind}
        if kind == "none":
            row |= {"answers": [], "why_unanswerable": self._needed(_WHY)}
            return parse_question(row, str(self.path))
        if kind == "yesno":
            row["yesno"] = self._choice("Label", YESNO_LABELS)
        if kind in ("who_said", "what_said"):
            row["speaker"] = self._needed("Speaker: ")
        if kind == "list" and (polarity := self._choice("Polarity", ("", *POLARITIES))):
            row["polarity"] = polarity
        answers = self._answers()
        if not answers:
            self._say("Without an answer and its evidence it is not written (kind none has none).")
            return None
        whole = GoldQuestion(row["id"], self.split, wording, kind, tuple(answers)).to_json()
        return parse_question({**row, "answers": whole["answers"]}, str(self.path))

    def _answers(self) -> list[GoldAnswer]:
        found = []
        while text := self._asked("Answer, in few words (empty: no more): "):
            others = self._asked("Other right wordings, parted by | (or empty): ")
            aliases = tuple(part.strip() for part in others.split("|") if part.strip())
            evidence = self._evidence()
            if evidence:
                found.append(GoldAnswer(text, aliases, tuple(evidence)))
            else:
                self._say("Without evidence this answer is left out.")
        return found

    def _evidence(self) -> list[GoldSpan]:
        found: dict[GoldSpan, None] = {}
        while pasted := self._asked("Evidence: paste the sentence (empty: no more): "):
            try:
                spans = find_quote(pasted, self._all_texts())
            except EvaluationError as error:
                self._say(f"{error}.")
                continue
            for span in spans:
                again = " (already there)" if span in found else ""
                self._say(f"  {span.document}:{span.start}-{span.end}{again}")
                found[span] = None
        return list(found)

    def _all_texts(self) -> dict[str, str]:
        if not self._texts:
            ids = [source.id for source in self.finder.documents()]
            self._texts = {one: self.finder.document(one).text for one in ids}
        return self._texts

    def _show(self, hits: Sequence[Hit]) -> None:
        if not hits:
            self._say("No passage is near.")
        for number, hit in enumerate(hits, 1):
            passage = hit.passage
            self._say(f"\n{number}. {describe(passage.source)}:{passage.start}-{passage.end}")
            self._say(f"   {' '.join(passage.text.split())}")

    def _choice(self, name: str, allowed: Sequence[str]) -> str:
        shown = ", ".join(allowed) if allowed[0] else f"{', '.join(allowed[1:])} or empty"
        return self._checked(
            f"{name} ({shown}): ", lambda said: said in allowed, f"One of {shown}, please."
        )

    def _needed(self, prompt: str) -> str:
        return self._checked(prompt, bool, "That is needed.")

    def _checked(self, prompt: str, good: Callable[[str], bool], complaint: str) -> str:
        while not good(said := self._asked(prompt)):
            self._say(complaint)
        return said

    def _asked(self, prompt: str) -> str:
        self.out.write(prompt)
        self.out.flush()
        line = self.source.readline()
        if not line:
            raise EndOfInput
        return line.strip()

    def _say(self, text: str) -> None:
        self.out.write(f"{text}\n")
        self.out.flush()


def find_quote(pasted: str, texts: dict[str, str]) -> list[GoldSpan]:
    """Where a pasted quote stands, in every document that has it.

    Line breaks and spaces may differ; the span's quote is the document's own text. Raises
    EvaluationError where it stands nowhere, or more than once in one document.
    """
    words = pasted.split()
    if not words:
        raise EvaluationError("the quote is empty")
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    found = []
    for document, text in texts.items():
        places = list(pattern.finditer(text))
        if len(places) > 1:
            raise EvaluationError(
                f"it stands {len(places)} times in {document}: paste more of what is around it"
            )
        found += [GoldSpan(document, m.start(), m.end(), m.group()) for m in places]
    if not found:
        raise EvaluationError("it stands in no document, word for word: copy it from a passage")
    return found


def append(path: Path, question: GoldQuestion) -> None:
    """Add a question to a set as one write, on a line of its own; raises EvaluationError."""
    line = json.dumps(question.to_json(), ensure_ascii=False) + "\n"
    try:
        with path.open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                line = line if file.read(1) == b"\n" else f"\n{line}"
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise unwritable(path, error) from error


def _has_rows(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _new_id(known: Sequence[GoldQuestion]) -> str:
    """The first free id of the form q001."""
    taken = {question.id for question in known}
    number = len(known) + 1
    while _ID.format(number) in taken:
        number += 1
    return _ID.format(number)
