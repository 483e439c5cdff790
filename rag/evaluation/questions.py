"""Question sets: one JSON object per line, read into frozen gold questions and checked.

The format is described in `eval/README.md`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import EvaluationError
from rag.types import JSON

KINDS = (
    "fact",
    "list",
    "who_said",
    "what_said",
    "number",
    "date",
    "place",
    "reason",
    "yesno",
    "none",
)
SPLITS = ("train", "dev", "test")
POLARITIES = ("affirmed", "declined", "undecided")
YESNO_LABELS = ("yes", "no", "unclear")


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """Verbatim evidence: `quote == text[start:end]` of the document's canonical text."""

    document: str
    start: int
    end: int
    quote: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or len(self.quote) != self.end - self.start:
            raise ValueError(
                f"{self.document}:{self.start}-{self.end} does not fit a quote of "
                f"{len(self.quote)} characters"
            )


@dataclass(frozen=True, slots=True)
class GoldAnswer:
    """One right answer: its canonical text, other accepted wordings, and all its evidence."""

    text: str
    aliases: tuple[str, ...]
    evidence: tuple[GoldSpan, ...]

    @property
    def accepted(self) -> tuple[str, ...]:
        """The canonical text and every alias."""
        return (self.text, *self.aliases)


@dataclass(frozen=True, slots=True)
class Party:
    """A party of the same matter whose `polarity` is not the one that the question asks for."""

    polarity: str
    text: str
    aliases: tuple[str, ...]

    @property
    def accepted(self) -> tuple[str, ...]:
        """The canonical text and every alias."""
        return (self.text, *self.aliases)


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with its gold answers.

    For kind `list` every answer is required, for `number` each is a value that some source gives,
    for the other kinds any one of them is right. `others` are the parties that a list with a
    polarity must not hold. Strings that do not apply to the kind are empty. `where` names the file
    and line that it was read from, for messages.
    """

    id: str
    split: str
    question: str
    kind: str
    answers: tuple[GoldAnswer, ...]
    polarity: str = ""
    yesno: str = ""
    speaker: str = ""
    why_unanswerable: str = ""
    others: tuple[Party, ...] = ()
    where: str = field(default="", compare=False)

    @property
    def answerable(self) -> bool:
        return self.kind != "none"

    @property
    def evidence(self) -> tuple[GoldSpan, ...]:
        """The evidence of all answers, each span once."""
        return tuple(dict.fromkeys(span for answer in self.answers for span in answer.evidence))

    def to_json(self) -> JSON:
        """The question as a row of a question set; keys that do not apply are left out."""
        optional = {
            "polarity": self.polarity,
            "yesno": self.yesno,
            "speaker": self.speaker,
            "why_unanswerable": self.why_unanswerable,
        }
        return {
            "id": self.id,
            "split": self.split,
            "question": self.question,
            "kind": self.kind,
            **{key: value for key, value in optional.items() if value},
            "answers": [
                {
                    "text": answer.text,
                    "aliases": list(answer.aliases),
                    "evidence": [
                        {"document": s.document, "start": s.start, "end": s.end, "quote": s.quote}
                        for s in answer.evidence
                    ],
                }
                for answer in self.answers
            ],
            **({"others": [_party_row(party) for party in self.others]} if self.others else {}),
        }


def load_questions(path: Path | str) -> list[GoldQuestion]:
    """Read a question set in file order.

    Raises EvaluationError naming the file and line of the first row that does not have the
    documented form, or that repeats an id or a question.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path}: is not UTF-8 text (byte {error.start})") from error
    found: list[GoldQuestion] = []
    first_line: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        question = _parse_line(line, where)
        for key in (f"id {question.id!r}", f"question {folded(question.question)!r}"):
            if key in first_line:
                raise EvaluationError(f"{where}: {key} stands already on line {first_line[key]}")
            first_line[key] = number
        found.append(question)
    if not found:
        raise EvaluationError(f"{path}: holds no questions; give one JSON object per line")
    return found


def save_questions(questions: Iterable[GoldQuestion], path: Path | str) -> None:
    """Write a question set that `load_questions` reads back; raises EvaluationError."""
    rows = [json.dumps(question.to_json(), ensure_ascii=False) + "\n" for question in questions]
    try:
        Path(path).write_text("".join(rows), encoding="utf-8", newline="\n")
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be written: {error.strerror or error}") from error


def check_evidence(questions: Iterable[GoldQuestion], texts: Mapping[str, str]) -> None:
    """Raise EvaluationError unless every gold quote stands at its offsets in `texts`.

    `texts` maps document ids to canonical texts.
    """
    for question in questions:
        for span in question.evidence:
            read_from = f"{question.where}: " if question.where else ""
            place = f"{span.document}:{span.start}-{span.end}"
            where = f"{read_from}question {question.id}: {place}"
            if span.document not in texts:
                raise EvaluationError(f"{where}: the index holds no document {span.document}")
            if texts[span.document][span.start : span.end] != span.quote:
                raise EvaluationError(
                    f"{where}: the document does not read {span.quote[:40]!r} there; "
                    "was this set written for another version of it?"
                )


def locate(document: str, text: str, quote: str) -> GoldSpan:
    """The span of a quote that stands exactly once in a text; raises EvaluationError otherwise."""
    count = text.count(quote) if quote else 0
    if count != 1:
        raise EvaluationError(f"{document}: {quote[:60]!r} stands {count} times in it, not once")
    start = text.index(quote)
    return GoldSpan(document, start, start + len(quote), quote)


def parse_question(row: JSON, where: str) -> GoldQuestion:
    """Check one row of a question set; raises EvaluationError that begins with `where`."""
    kind = _one_of(row, "kind", KINDS, where)
    answers = tuple(
        _parse_answer(answer, f"{where}: answer {number}")
        for number, answer in enumerate(_objects(row, "answers", where), 1)
    )
    if bool(answers) == (kind == "none"):
        need = "has no answers" if kind == "none" else "needs at least one answer"
        raise EvaluationError(f"{where}: a question of kind {kind} {need}")
    said = kind in ("who_said", "what_said")
    return GoldQuestion(
        id=_text(row, "id", where),
        split=_one_of(row, "split", SPLITS, where),
        question=_text(row, "question", where),
        kind=kind,
        answers=answers,
        polarity=_one_of(row, "polarity", POLARITIES, where) if "polarity" in row else "",
        yesno=_one_of(row, "yesno", YESNO_LABELS, where) if kind == "yesno" else "",
        speaker=_text(row, "speaker", where) if said else "",
        why_unanswerable=_text(row, "why_unanswerable", where) if kind == "none" else "",
        others=_parse_others(row, where) if "others" in row else (),
        where=where,
    )


def _parse_line(line: str, where: str) -> GoldQuestion:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise EvaluationError(f"{where}: is not JSON: {error}") from error
    if not isinstance(row, dict):
        raise EvaluationError(f"{where}: needs a JSON object, found {type(row).__name__}")
    return parse_question(row, where)


def _party_row(party: Party) -> JSON:
    return {"polarity": party.polarity, "text": party.text, "aliases": list(party.aliases)}


def _parse_others(row: JSON, where: str) -> tuple[Party, ...]:
    """The parties of other polarities; only a list that asks for one polarity can have them."""
    if row["kind"] != "list" or "polarity" not in row:
        raise EvaluationError(f"{where}: 'others' needs a list question with a polarity")
    parties = []
    for number, other in enumerate(_objects(row, "others", where), 1):
        at = f"{where}: other party {number}"
        polarity = _one_of(other, "polarity", POLARITIES, at)
        if polarity == row["polarity"]:
            raise EvaluationError(f"{at}: has the polarity that the question asks for")
        parties.append(Party(polarity, _text(other, "text", at), _aliases(other, at)))
    return tuple(parties)


def _aliases(row: JSON, where: str) -> tuple[str, ...]:
    aliases = row.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(a, str) and a for a in aliases):
        raise EvaluationError(f"{where}: 'aliases' needs a list of texts")
    return tuple(aliases)


def _parse_answer(row: JSON, where: str) -> GoldAnswer:
    evidence = tuple(_parse_span(span, where) for span in _objects(row, "evidence", where))
    if not evidence:
        raise EvaluationError(f"{where}: needs evidence")
    return GoldAnswer(_text(row, "text", where), _aliases(row, where), evidence)


def _parse_span(row: JSON, where: str) -> GoldSpan:
    start, end = row.get("start"), row.get("end")
    # bool is an int in Python, and true is no offset.
    if type(start) is not int or type(end) is not int:
        raise EvaluationError(f"{where}: evidence needs whole numbers 'start' and 'end'")
    try:
        return GoldSpan(_text(row, "document", where), start, end, _text(row, "quote", where))
    except ValueError as error:
        raise EvaluationError(f"{where}: evidence {error}") from error


def _objects(row: JSON, key: str, where: str) -> Sequence[JSON]:
    value = row.get(key)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise EvaluationError(f"{where}: {key!r} needs a list of objects")
    return value


def _text(row: JSON, key: str, where: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise EvaluationError(f"{where}: {key!r} needs a text")
    return value


def _one_of(row: JSON, key: str, allowed: Sequence[str], where: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or value not in allowed:
        raise EvaluationError(f"{where}: {key!r} needs one of {', '.join(allowed)}, not {value!r}")
    return value


def folded(question: str) -> str:
    """A wording without its case and spaces: two that differ in these only are one question."""
    return " ".join(question.casefold().split())
