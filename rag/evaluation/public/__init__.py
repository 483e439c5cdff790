"""Public sets, from a folder that the user has: the reader or the retriever alone on each.

The folder has a folder for each set: `squad/test.json` and `squad/train.json` (SQuAD 2.0's form;
two articles of the second fit the threshold), `wikiqa/WikiQA-test.tsv`, `trecqa/TEST.xml`,
`condaqa/dev.jsonl`, and BEIR's `scifact/corpus.jsonl`, `queries.jsonl` and `qrels/test.tsv`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from rag.encoding import load_encoder
from rag.engine import SIMILARITY
from rag.errors import EvaluationError
from rag.evaluation.public import reading
from rag.evaluation.public.formats import (
    SQUAD_ASIDE,
    read_condaqa,
    read_items,
    read_trecqa,
    read_wikiqa,
)
from rag.evaluation.public.reading import Scores
from rag.reader.model import PassageReader, ReaderModel
from rag.reader.trained import SHIPPED


def _squad(reader: PassageReader, data: Path, limit: int) -> Scores:
    aside = [one for one in read_items(data / "squad/train.json") if one.title in SQUAD_ASIDE]
    return reading.squad_scores(reader, read_items(data / "squad/test.json"), aside, limit)


def _wikiqa(reader: PassageReader, data: Path, limit: int) -> Scores:
    """Questions with right and wrong sentences; sentences are read in context."""
    rankings = read_wikiqa(data / "wikiqa/WikiQA-test.tsv")
    return reading.ranking_scores(reader, rankings, limit, in_context=True)


def _trecqa(reader: PassageReader, data: Path, limit: int) -> Scores:
    """The clean setting; the sentences are from different articles and are read alone."""
    rankings = read_trecqa(data / "trecqa/TEST.xml")
    return reading.ranking_scores(reader, rankings, limit, in_context=False)


def _condaqa(reader: PassageReader, data: Path, limit: int) -> Scores:
    return reading.condaqa_scores(reader, read_condaqa(data / "condaqa/dev.jsonl"), limit)


READING: Mapping[str, Callable[[PassageReader, Path, int], Scores]] = {
    "condaqa": _condaqa,
    "squad": _squad,
    "trecqa": _trecqa,
    "wikiqa": _wikiqa,
}
RETRIEVAL = "scifact"


def evaluate_public(name: str, data: Path, limit: int, *, reader: str, model: str) -> Scores:
    """The scores of a set by its protocol; `limit` questions, 0 for all.

    `reader` is the folder of a trained one (empty: the shipped), `model` what encodes passages.
    Raises EvaluationError where the set is not in the folder or does not have its form.
    """
    if reader == SIMILARITY and name != RETRIEVAL:
        raise EvaluationError(f"{name}: needs a trained reader, not '{SIMILARITY}'")
    try:
        if name == RETRIEVAL:
            # The library of the ranking measures takes half a second to load.
            from rag.evaluation.public.scifact import scifact_scores  # noqa: PLC0415

            return scifact_scores(load_encoder(model), data / name, limit)
        return READING[name](ReaderModel(Path(reader or SHIPPED)), data, limit)
    except OSError as error:
        raise EvaluationError(
            f"{error.filename or data}: cannot be read: {error.strerror or error}"
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise EvaluationError(
            f"{data / name}: does not have the form of {name} ({type(error).__name__}: {error})"
        ) from error
