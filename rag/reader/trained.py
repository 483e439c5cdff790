"""The trained reader in the pipeline: spans and sentence scores become calibrated evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.question import form_of as question_form
from rag.reader.candidate import Candidate, read_passages
from rag.reader.decoding import PassageReading, ScoredSpan
from rag.reader.first_pass import shortened
from rag.reader.items import items
from rag.reader.model import RESTORE, PassageReader, ReaderModel
from rag.reader.second_look import look_again
from rag.reader.tokens import MAX_QUESTION_TOKENS
from rag.types import Evidence, Hit, Passage, Span

# Where the shipped weights are, beside this module.
SHIPPED = Path(__file__).parent / "weights"
CALIBRATION_FILE = "calibration.json"
# How a question is read: for one answer, for several, or (yes-no questions) for a sentence that
# shows the answer.
SINGLE, ITEMS, YES_NO = FORMS = ("single", "items", "yesno")
# A yes-no question takes this many sentences of a passage as candidates.
SENTENCES = 2
# The score of the best span where a passage has none: as good as no answer at all.
NO_SPAN = -20.0
# How many features the candidates of each form have.
FEATURES = {SINGLE: 8, ITEMS: 8, YES_NO: 5}


@dataclass(frozen=True, slots=True)
class Fit:
    """A logistic regression from features to the probability of a right, supported answer.

    `weights` hold one for each feature of its form and the constant; from `threshold` on an answer
    is given, and from `share` of the best's probability on, others beside it.
    """

    weights: tuple[float, ...]
    threshold: float
    share: float = 0.0

    def probabilities(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability of each row of features."""
        scores = features @ np.array(self.weights[:-1]) + self.weights[-1]
        return np.asarray(1.0 / (1.0 + np.exp(-scores)))


def load_calibration(folder: Path) -> dict[str, Fit]:
    """The fits of `calibration.json` by the form of question; raises ModelError."""
    path = folder / CALIBRATION_FILE
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {form: _fit(path, form, rows[form]) for form in FORMS}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: is missing or damaged ({error!r}); {RESTORE}") from error


def _fit(path: Path, form: str, row: Mapping[str, Any]) -> Fit:
    weights = tuple(map(float, row["weights"]))
    if len(weights) != FEATURES[form] + 1:
        raise ModelError(
            f"{path}: has {len(weights)} weights for `{form}`, not {FEATURES[form] + 1}: it was "
            "fitted for another version; `python -m rag.training calibrate` does it again"
        )
    return Fit(weights, float(row["threshold"]), float(row["share"]))


class TrainedReader:
    """Reads passages with the trained model; `folder` may hold a reader of the user's own."""

    def __init__(self, model: PassageReader, fits: Mapping[str, Fit]) -> None:
        self._model = model
        self._fits = fits

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> TrainedReader:
        """The reader in a folder; raises ModelError where a file is missing or damaged."""
        return cls(ReaderModel(folder), load_calibration(folder))

    def threshold(self, question: str) -> float:
        return self._fits[form_of(question)].threshold

    def least(self, question: str, best: float) -> float:
        fit = self._fits[form_of(question)]
        return max(fit.threshold, fit.share * best)

    def notes(self, question: str) -> tuple[str, ...]:
        if not self._model.question_is_cut(question):
            return ()
        return (f"The question is long: only its first {MAX_QUESTION_TOKENS} tokens were read.",)

    def read(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
        found = candidates(self._model, question, hits)
        if not found:
            return []
        features = np.array([candidate.features for candidate in found])
        probabilities = self._fits[form_of(question)].probabilities(features)
        best: dict[tuple[str, Span], Evidence] = {}
        for candidate, probability in zip(found, probabilities, strict=True):
            # Passages overlap: the same answer at the same place counts once, at its best.
            key = candidate.passage.source.id, candidate.answer
            if key not in best or best[key].probability < probability:
                best[key] = Evidence(
                    candidate.passage,
                    candidate.quote,
                    candidate.answer,
                    float(probability),
                    candidate.verdict,
                )
        return sorted(best.values(), key=lambda evidence: -evidence.probability)


def form_of(question: str) -> str:
    """How a question is read."""
    return {"yes-no": YES_NO, "list": ITEMS, "single": SINGLE}[question_form(question)]


def candidates(model: PassageReader, question: str, hits: Sequence[Hit]) -> list[Candidate]:
    """All possible answers: spans, tagged items, or whole sentences, by the question.

    Of many passages only what the first pass leaves is read, and the best again. Not for yes-no
    questions: fewer are right with it, on two dev sets.
    """
    farther = _farther(hits)
    hits = shortened(question, hits)
    form = form_of(question)
    make = {SINGLE: _spans, ITEMS: _items, YES_NO: _sentences}[form]
    readings = read_passages(model, question, [hit.passage for hit in hits])
    found = [
        replace(one, features=(*one.features, farther[one.passage.source.id]))
        for hit, reading in zip(hits, readings, strict=True)
        for one in make(hit, reading)
    ]
    return found if form == YES_NO else look_again(model, question, found, tagged=form == ITEMS)


def _farther(hits: Sequence[Hit]) -> dict[str, float]:
    """By how much each document's best cosine is less than that of the nearest document: 0 or less.

    A document farther from the question than another is more often about another matter.
    """
    best: dict[str, float] = {}
    for hit in hits:
        id_ = hit.passage.source.id
        best[id_] = max(hit.dense, best.get(id_, hit.dense))
    nearest = max(best.values(), default=0.0)
    return {id_: cosine - nearest for id_, cosine in best.items()}


def _spans(hit: Hit, reading: PassageReading) -> Iterator[Candidate]:
    for scored in reading.spans:
        yield from _quoted(hit, reading, scored)


def _items(hit: Hit, reading: PassageReading) -> Iterator[Candidate]:
    """Tagged runs; a run that lists names (`France, Spain and Italy`) is one item for each."""
    for run in reading.tagged:
        for item in items(hit.passage.text, run):
            yield from _quoted(hit, reading, item)


def _sentences(hit: Hit, reading: PassageReading) -> Iterator[Candidate]:
    score = reading.spans[0].score if reading.spans else NO_SPAN
    told = [n for n, s in enumerate(hit.passage.sentences) if hit.passage.slice(s)[-1] != "?"]
    for place in sorted(told, key=lambda n: -reading.sentences[n])[:SENTENCES]:
        sentence = hit.passage.sentences[place]
        features = (score, reading.sentences[place], reading.answerable, hit.dense)
        yield Candidate(hit.passage, sentence, sentence, features, reading.yesno)


def _quoted(hit: Hit, reading: PassageReading, scored: ScoredSpan) -> Iterator[Candidate]:
    """The candidate with the sentences that hold it; none for text that is never quoted."""
    passage = hit.passage
    answer = Span(passage.start + scored.start, passage.start + scored.end)
    held = [n for n, s in enumerate(passage.sentences) if s.overlaps(answer)]
    if not held:
        return  # furniture between two sentences is read, and never quoted
    quote = Span(passage.sentences[held[0]].start, passage.sentences[held[-1]].end)
    if not quote.contains(answer) or _crosses_a_gap(passage, held):
        return
    evidence = max(reading.sentences[n] for n in held)
    yield Candidate(passage, quote, answer, (scored.score, evidence, reading.answerable, hit.dense))


def _crosses_a_gap(passage: Passage, held: Sequence[int]) -> bool:
    """Whether something other than white space, such as furniture, lies between the sentences."""
    return any(
        passage.slice(Span(passage.sentences[n].end, passage.sentences[n + 1].start)).strip()
        for n in held[:-1]
        if passage.sentences[n].end < passage.sentences[n + 1].start
    )
