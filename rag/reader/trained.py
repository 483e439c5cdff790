"""The trained reader in the pipeline: spans and sentence scores become calibrated evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.language import is_list
from rag.reader.decoding import PassageReading, ScoredSpan
from rag.reader.model import RESTORE, PassageReader, ReaderModel
from rag.types import Evidence, Hit, Passage, Span

# Where the shipped weights are, beside this module.
SHIPPED = Path(__file__).parent / "weights"
CALIBRATION_FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible answer with what its probability is computed from.

    `features` are: the span's or the tags' score, the evidence logit of the best of its
    sentences, the passage's answerability logit, and the passage's cosine with the question.
    """

    passage: Passage
    quote: Span
    answer: Span
    features: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic regressions from features to the probability of a right, supported answer.

    `single` and `items` hold a weight for each feature and the constant, for questions with one
    answer and with several; the thresholds are the probabilities from which an answer, or an
    item of several, is given. All come from dev data (`python -m rag.training calibrate`).
    """

    single: tuple[float, ...]
    items: tuple[float, ...]
    threshold: float
    item_threshold: float

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read `calibration.json`; raises ModelError where it is missing or damaged."""
        path = folder / CALIBRATION_FILE
        try:
            row = json.loads(path.read_text(encoding="utf-8"))
            single, items = tuple(row["single"]), tuple(row["items"])
            found = cls(single, items, float(row["threshold"]), float(row["item_threshold"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{path}: is missing or damaged ({error!r}); {RESTORE}") from error
        if len(single) != 5 or len(items) != 5:
            raise ModelError(f"{path}: needs five numbers each for single and items; {RESTORE}")
        return found

    def probabilities(self, candidates: Sequence[Candidate], several: bool) -> NDArray[np.float64]:
        """The probability of each candidate, shape `(len(candidates),)`."""
        weights = np.array(self.items if several else self.single)
        features = np.array([candidate.features for candidate in candidates])
        return np.asarray(1.0 / (1.0 + np.exp(-(features @ weights[:-1] + weights[-1]))))


class TrainedReader:
    """Reads passages with the trained model; `folder` may hold a reader of the user's own."""

    def __init__(self, model: PassageReader, calibration: Calibration) -> None:
        self._model = model
        self._calibration = calibration

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> TrainedReader:
        """The reader in a folder; raises ModelError where a file is missing or damaged."""
        return cls(ReaderModel(folder), Calibration.load(folder))

    def threshold(self, question: str) -> float:
        several = is_list(question)
        return self._calibration.item_threshold if several else self._calibration.threshold

    def read(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
        found = candidates(self._model, question, hits)
        if not found:
            return []
        probabilities = self._calibration.probabilities(found, is_list(question))
        best: dict[tuple[str, Span], Evidence] = {}
        for candidate, probability in zip(found, probabilities, strict=True):
            # Passages overlap: the same answer at the same place counts once, at its best.
            key = candidate.passage.source.id, candidate.answer
            if key not in best or best[key].probability < probability:
                best[key] = Evidence(
                    candidate.passage, candidate.quote, candidate.answer, float(probability)
                )
        return sorted(best.values(), key=lambda evidence: -evidence.probability)


def candidates(model: PassageReader, question: str, hits: Sequence[Hit]) -> list[Candidate]:
    """All possible answers: tagged runs for a question that wants several, else the best spans."""
    several = is_list(question)
    passages = [hit.passage for hit in hits]
    readings = model.read(
        question,
        [passage.text for passage in passages],
        [
            [(s.start - passage.start, s.end - passage.start) for s in passage.sentences]
            for passage in passages
        ],
        [passage.source.title for passage in passages],
    )
    return [
        candidate
        for hit, reading in zip(hits, readings, strict=True)
        for candidate in _of_passage(hit, reading, several)
    ]


def _of_passage(hit: Hit, reading: PassageReading, several: bool) -> Iterator[Candidate]:
    passage = hit.passage
    found: Sequence[ScoredSpan] = reading.tagged if several else reading.spans
    for scored in found:
        answer = Span(passage.start + scored.start, passage.start + scored.end)
        held = [n for n, s in enumerate(passage.sentences) if s.overlaps(answer)]
        if not held:
            continue  # furniture between two sentences is read, and never quoted
        quote = Span(passage.sentences[held[0]].start, passage.sentences[held[-1]].end)
        if not quote.contains(answer) or _crosses_a_gap(passage, held):
            continue
        evidence = max(reading.sentences[n] for n in held)
        yield Candidate(
            passage, quote, answer, (scored.score, evidence, reading.answerable, hit.dense)
        )


def _crosses_a_gap(passage: Passage, held: Sequence[int]) -> bool:
    """Whether something other than white space, such as furniture, lies between the sentences."""
    return any(
        passage.slice(Span(passage.sentences[n].end, passage.sentences[n + 1].start)).strip()
        for n in held[:-1]
        if passage.sentences[n].end < passage.sentences[n + 1].start
    )
