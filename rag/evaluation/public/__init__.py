"""Public sets, from a folder that the user has: the reader, the retriever or a judge on each.

The folder has a folder for each set: `squad/test.json` and `squad/train.json` (SQuAD 2.0's form;
two articles of the second fit the threshold), `wikiqa/WikiQA-test.tsv`, `trecqa/TEST.xml`,
`condaqa/dev.jsonl`, `multispanqa/train.json`, `selqa/selqa-ass-test.json`, `squadshifts/*.json`,
BEIR's `scifact/corpus.jsonl`, `queries.jsonl` and `qrels/test.tsv`, `wice/test.jsonl` and
`wice/dev.jsonl`, and `attributionbench/dev_all_subset_balanced.jsonl`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.encoding import load_encoder
from rag.engine import SIMILARITY
from rag.errors import EvaluationError
from rag.evaluation.judges import WORDS, Judge, load_judge
from rag.evaluation.public import claims, lists, reading
from rag.evaluation.public.formats import (
    SQUAD_ASIDE,
    read_condaqa,
    read_items,
    read_selqa,
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


def _selqa(reader: PassageReader, data: Path, limit: int) -> Scores:
    """Candidates are the sentences of a section, read in context."""
    rankings = read_selqa(data / "selqa/selqa-ass-test.json")
    return reading.ranking_scores(reader, rankings, limit, in_context=True)


def _squadshifts(reader: PassageReader, data: Path, limit: int) -> Scores:
    """Each of its sets by itself; `limit` questions of each."""
    paths = sorted((data / "squadshifts").glob("*_v1.0.json"))
    if not paths:
        raise EvaluationError(f"{data / 'squadshifts'}: holds no file *_v1.0.json")
    return {
        f"{path.stem.removesuffix('_v1.0')}_{name}": value
        for path in paths
        for name, value in reading.answered_scores(reader, read_items(path), limit).items()
    }


def _multispanqa(reader: PassageReader, data: Path, limit: int) -> Scores:
    asked = lists.read_multispanqa(data / "multispanqa/train.json")
    return lists.multispanqa_scores(reader, asked, limit)


@dataclass(frozen=True, slots=True)
class _Judging:
    """A set of claims: its file, what reads it, and what scores a judge on them."""

    file: str
    read: Callable[[Path], list[claims.Claim]]
    score: Callable[[Judge, Sequence[claims.Claim], int], Scores]


READING: Mapping[str, Callable[[PassageReader, Path, int], Scores]] = {
    "condaqa": _condaqa,
    "multispanqa": _multispanqa,
    "selqa": _selqa,
    "squad": _squad,
    "squadshifts": _squadshifts,
    "trecqa": _trecqa,
    "wikiqa": _wikiqa,
}
JUDGING: Mapping[str, _Judging] = {
    "attributionbench": _Judging(
        "attributionbench/dev_all_subset_balanced.jsonl",
        claims.read_attributionbench,
        claims.attributionbench_scores,
    ),
    "wice": _Judging("wice/test.jsonl", claims.read_wice, claims.wice_scores),
    "wice-dev": _Judging("wice/dev.jsonl", claims.read_wice, claims.wice_scores),
}
RETRIEVAL = "scifact"
_TRAINED = "the shipped reader was trained on this set: no test of it"
_FITTED = f"the threshold of the judge '{WORDS}' was fitted on this set: no test of it"
# What has to be said with the figures of a set.
NOTES: Mapping[str, str] = {
    "attributionbench": _FITTED,
    "multispanqa": _TRAINED,
    "selqa": _TRAINED,
    "squadshifts": _TRAINED,
    "wice-dev": _FITTED,
}


def evaluate_public(
    name: str, data: Path, limit: int, *, reader: str = "", model: str = "", judge: str = ""
) -> Scores:
    """The scores of a set by its protocol; `limit` questions, 0 for all.

    `reader` is the folder of a trained one (empty: the shipped), `model` what encodes passages,
    `judge` the name of one (empty: `words`). Raises EvaluationError where the set is not in the
    folder or does not have its form.
    """
    if judge and name not in JUDGING:
        sets = ", ".join(JUDGING)
        raise EvaluationError(f"{name}: has no claims to judge: leave --judge out, or name {sets}")
    if reader == SIMILARITY and name in READING:
        raise EvaluationError(f"{name}: needs a trained reader, not '{SIMILARITY}'")
    if name in JUDGING:
        judging, chosen = JUDGING[name], load_judge(judge or WORDS)
        with _form_of(name, data):
            asked = judging.read(data / judging.file)
        # Outside: what a judge of the user's raises says nothing of the set.
        return judging.score(chosen, asked, limit)
    with _form_of(name, data):
        if name == RETRIEVAL:
            # The library of the ranking measures takes half a second to load.
            from rag.evaluation.public.scifact import scifact_scores  # noqa: PLC0415

            return scifact_scores(load_encoder(model), data / name, limit)
        return READING[name](ReaderModel(Path(reader or SHIPPED)), data, limit)


@contextmanager
def _form_of(name: str, data: Path) -> Iterator[None]:
    """Errors of reading a set, as an EvaluationError that names it."""
    try:
        yield
    except OSError as error:
        raise EvaluationError(
            f"{error.filename or data}: cannot be read: {error.strerror or error}"
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise EvaluationError(
            f"{data / name}: does not have the form of {name} ({type(error).__name__}: {error})"
        ) from error
