"""What a question ends in: an answer made of claims with their citations, or an abstention."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from rag.markdown import escape, one_line
from rag.types import JSON, Citation, Hit, QuestionType, Span, describe

VERDICTS = ("yes", "no", "unclear")
# A question whose wording tells nothing of what is wanted.
ANYTHING = QuestionType("single", "thing")


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of an answer with all the citations that support it (at least one).

    `answers` are the ranges, one for each citation, of the answer inside the quote. `sources`
    counts the independent ones among the citations: copies count once. `speaker` is who says it,
    where a source reports it as somebody's words; `context` is what a pronoun at the quote's
    beginning stands for, where the quote does not say it.
    """

    text: str
    citations: tuple[Citation, ...]
    answers: tuple[Span, ...]
    confidence: float
    sources: int = 1
    speaker: str = ""
    context: str = ""

    def __post_init__(self) -> None:
        if not self.citations or len(self.answers) != len(self.citations):
            raise ValueError(f"claim {self.text!r} needs one answer range for each citation")
        if not 1 <= self.sources <= len(self.citations):
            raise ValueError(f"claim {self.text!r}: {self.sources} sources")

    @property
    def attributed(self) -> str:
        """The claim as it is printed: `According to Ann Lee: “…”` where somebody says it.

        A claim that names its speaker is printed as it is.
        """
        named = rf"\b{re.escape(self.speaker)}\b"
        if not self.speaker or re.search(named, self.text, re.IGNORECASE):
            return self.text
        words = self.text
        # A quotation's own marks give way to those put around it.
        if words[0] == "“" and words[-1] == "”" and words.count("“") == 1:
            words = words[1:-1]
        return f"According to {self.speaker}: “{words}”"

    def to_json(self, number: Callable[[Citation], int]) -> JSON:
        return {
            "text": self.text,
            "citations": [number(citation) for citation in self.citations],
            "confidence": self.confidence,
            "sources": self.sources,
            "speaker": self.speaker or None,
            "context": self.context or None,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """Claims with their citations; numbers are given in order of first use when it is rendered.

    `confidence` is the probability of the evidence that comes first; where the words of the speaker
    asked for come before more probable ones, it may be below what an answer needs at least.
    `undecided` are the parties that have not decided, in the form of claims; `verdict` is `yes`,
    `no` or `unclear` for a yes-no question; `disagreement` says that the claims are differing
    values of one thing; `rewritten` is the question that was answered, where a follow-up question
    was made to stand alone. `notes` say what the asker should know of how the question was read.
    """

    question: str
    claims: tuple[Claim, ...]
    confidence: float
    question_type: QuestionType = ANYTHING
    undecided: tuple[Claim, ...] = ()
    verdict: str = ""
    disagreement: bool = False
    rewritten: str = ""
    notes: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = field(init=False)

    def __post_init__(self) -> None:
        if not self.claims:
            raise ValueError("an answer needs a claim; use Abstention")
        if self.verdict and self.verdict not in VERDICTS:
            raise ValueError(f"the verdict {self.verdict!r} is none of {VERDICTS}")
        every = (*self.claims, *self.undecided)
        used = dict.fromkeys(citation for claim in every for citation in claim.citations)
        object.__setattr__(self, "citations", tuple(used))

    @property
    def answered(self) -> bool:
        return True

    def number(self, citation: Citation) -> int:
        """The citation's number, from 1."""
        return self.citations.index(citation) + 1

    def marks(self, claim: Claim) -> str:
        """The numbers of a claim's citations: `[1][3]`."""
        return "".join(f"[{self.number(citation)}]" for citation in claim.citations)

    @property
    def text(self) -> str:
        """`United States [1][2]; Italy [3]`, after the verdict, before what is undecided."""
        text = "; ".join(f"{claim.attributed} {self.marks(claim)}" for claim in self.claims)
        if self.verdict:
            text = f"{self.verdict.capitalize()}: {text}"
        if self.undecided:
            rest = "; ".join(f"{claim.text} {self.marks(claim)}" for claim in self.undecided)
            text += f"; undecided: {rest}"
        return text

    def to_json(self) -> JSON:
        """The answer as a JSON-ready dict, the contract of version 1."""
        return {
            "question": self.question,
            "rewritten_question": self.rewritten or None,
            "question_type": self.question_type.to_json(),
            "answered": True,
            "confidence": self.confidence,
            "answer": self.text,
            "verdict": self.verdict or None,
            "claims": [claim.to_json(self.number) for claim in self.claims],
            "undecided": [claim.to_json(self.number) for claim in self.undecided],
            "disagreement": self.disagreement,
            "citations": [
                {
                    "number": number,
                    **citation.source.to_json(),
                    "start": citation.start,
                    "end": citation.end,
                    "quote": citation.quote,
                }
                for number, citation in enumerate(self.citations, 1)
            ],
            "nearest": [],
            "reason": None,
            "notes": list(self.notes),
        }

    def to_markdown(self) -> str:
        """The claims as lines and a numbered list of references; rendered, quotes are verbatim."""
        return self._rendered(f"**{escape(self.question)}**", escape)

    def to_text(self) -> str:
        """What `to_markdown` says, for reading as it is."""
        return self._rendered(one_line(self.question), one_line)

    def _rendered(self, heading: str, shown: Callable[[str], str]) -> str:
        lines = [heading, ""]
        if self.rewritten:
            lines += [f"Read as: {shown(self.rewritten)}", ""]
        if self.verdict:
            lines += [f"{self.verdict.capitalize()}:", ""]
        lines += [self._line(claim, shown) for claim in self.claims]
        if self.undecided:
            lines += ["", "Undecided:", ""]
            lines += [self._line(claim, shown) for claim in self.undecided]
        if self.disagreement:
            lines += ["", "The sources differ."]
        lines += [f"\nNote: {shown(note)}" for note in self.notes]
        lines += ["", "References", ""]
        for number, citation in enumerate(self.citations, 1):
            lines.append(
                f"{number}. {shown(describe(citation.source))}, characters "
                f"{citation.start}–{citation.end}: “{shown(citation.quote)}”"
            )
        return "\n".join(lines) + "\n"

    def _line(self, claim: Claim, shown: Callable[[str], str]) -> str:
        sources = f" ({claim.sources} independent sources)" if claim.sources > 1 else ""
        about = f" [about {shown(claim.context)}]" if claim.context else ""
        return f"- {shown(claim.attributed)}{about} {self.marks(claim)}{sources}"


@dataclass(frozen=True, slots=True)
class Abstention:
    """The decision not to answer, with its reason and the nearest passages."""

    question: str
    confidence: float
    reason: str
    nearest: tuple[Hit, ...]
    question_type: QuestionType = ANYTHING
    rewritten: str = ""
    notes: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        return False

    def to_json(self) -> JSON:
        """The abstention as a JSON-ready dict, the contract of version 1."""
        return {
            "question": self.question,
            "rewritten_question": self.rewritten or None,
            "question_type": self.question_type.to_json(),
            "answered": False,
            "confidence": self.confidence,
            "answer": "",
            "verdict": None,
            "claims": [],
            "undecided": [],
            "disagreement": False,
            "citations": [],
            "nearest": [hit.to_json() for hit in self.nearest],
            "reason": self.reason,
            "notes": list(self.notes),
        }

    def to_markdown(self) -> str:
        """The reason and the nearest passages as a list; rendered, passages are verbatim."""
        return self._rendered(f"**{escape(self.question)}**", escape)

    def to_text(self) -> str:
        """What `to_markdown` says, for reading as it is."""
        return self._rendered(one_line(self.question), one_line)

    def _rendered(self, heading: str, shown: Callable[[str], str]) -> str:
        lines = [heading, ""]
        if self.rewritten:
            lines += [f"Read as: {shown(self.rewritten)}", ""]
        lines.append(shown(self.reason))
        lines += [f"\nNote: {shown(note)}" for note in self.notes]
        if self.nearest:
            lines += ["", "Nearest passages", ""]
        for hit in self.nearest:
            passage = hit.passage
            lines.append(
                f"- {shown(describe(passage.source))}, characters "
                f"{passage.start}–{passage.end}: “{shown(passage.text)}”"
            )
        return "\n".join(lines) + "\n"
