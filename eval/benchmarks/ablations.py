"""What each part adds: the same questions, from BM25 alone up to the whole answer builder.

python eval/benchmarks/ablations.py [--sets SET …] [--limit N] [--reader DIR] [--json FILE]

A row that only ranks answers with the first passage as it is and never refuses; `reader reranking`
reads the best ten passages, puts those first in which it finds most, answers with the sentence that
it holds to answer best, and refuses below its threshold; `reader spans` gives the shortest answer
inside that sentence; `answer builder` is the product. Each passage is read once for a question, so
all rows cost little more than the last. `eval/benchmarks/tables.py` makes tables of the JSON.
"""

from __future__ import annotations

import argparse
import functools
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.answers import AnswerBuilder
from rag.encoding import Encoder, load_encoder
from rag.engine import READ_POOL, SIMILARITY
from rag.evaluation import load_corpus, score_replies
from rag.evaluation.conditions import conditions
from rag.evaluation.corpora import Corpus
from rag.evaluation.newsroom import write_articles
from rag.evaluation.questions import GoldQuestion
from rag.evaluation.recorded import Answers, ask_all
from rag.evaluation.retrieval import measure_rankings
from rag.explained import NotingReader
from rag.index import copies, words
from rag.index.dense import DenseIndex
from rag.index.store import Store
from rag.index.update import update_index
from rag.reader import Reader
from rag.reader.similarity import SimilarityReader
from rag.reader.trained import SHIPPED, TrainedReader
from rag.results import Abstention, Answer, Claim
from rag.retrieval import Retriever
from rag.types import JSON, Citation, Document, Evidence, Hit, Passage, Span

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).parent / "results"
SETS = (ROOT / "eval" / "seeds.jsonl", ROOT / "eval" / "newsroom")
RANKED = ("recall@1", "recall@10", "MRR", "nDCG@10")
ANSWERED = (
    *("short_answer", "list_f1", "yesno_right", "evidence_accuracy", "citation_precision"),
    *("evidence_recall", "rightly_refused", "wrongly_refused", "auroc"),
)


@dataclass(frozen=True, eq=False)
class Bench:
    """One index with everything that the rows are made of."""

    store: Store
    dense: DenseIndex
    encoder: Encoder
    reader: Reader

    @functools.cached_property
    def passages(self) -> int:
        return self.store.counts()[1]

    @functools.cache  # noqa: B019 (a bench lives as long as the program needs it)
    def document(self, document_id: str) -> Document:
        document = self.store.document(document_id)
        assert document is not None, document_id
        return document

    @functools.cache  # noqa: B019
    def hybrid(self, question: str) -> list[Hit]:
        return self._retriever.search(question, self.passages)

    @functools.cache  # noqa: B019
    def top(self, question: str) -> list[Hit]:
        """What the product reads."""
        return self._retriever.search(question, READ_POOL)

    @property
    def _retriever(self) -> Retriever:
        return Retriever(self.store, self.dense, self.encoder)

    def lexical(self, question: str) -> list[Hit]:
        found = words.score(self.store, question).best(self.passages)
        return self._hits([(number, 0.0, score) for number, score in found])

    def nearest(self, question: str) -> list[Hit]:
        vector = self.encoder.encode([question])[0]
        found = self.dense.search(vector, self.passages)
        return self._hits([(number, cosine, 0.0) for number, cosine in found])

    def reranked(self, question: str) -> list[Hit]:
        best: dict[str, float] = {}
        for one in self.read(question):
            best.setdefault(one.passage.id, one.probability)
        read = sorted(self.top(question), key=lambda hit: -best.get(hit.passage.id, 0.0))
        ids = {hit.passage.id for hit in read}
        return [*read, *(hit for hit in self.hybrid(question) if hit.passage.id not in ids)]

    def read(self, question: str) -> list[Evidence]:
        return self.reader.read(question, self.top(question))

    def _hits(self, found: Sequence[tuple[int, float, float]]) -> list[Hit]:
        passages = self.store.passages([number for number, _, _ in found])
        return [
            Hit(passages[number], max(cosine, score), cosine, score)
            for number, cosine, score in found
        ]


@dataclass(frozen=True)
class FirstPassage:
    """Answers with the passage that a ranking puts first."""

    bench: Bench
    ranking: str

    def ask(self, question: str) -> Answer | Abstention:
        hits: list[Hit] = getattr(self.bench, self.ranking)(question)
        if not hits:
            return Abstention(question, 0.0, "No passage matches.", ())
        passage = hits[0].passage
        # Any growing function does: only the order of confidences is looked at here.
        score = max(hits[0].score, 0.0)
        return _one(self.bench, question, passage, Span(passage.start, passage.end), score)


@dataclass(frozen=True)
class BestEvidence:
    """Answers with the sentence, or the `span` inside it, that the reader finds best."""

    bench: Bench
    span: bool

    def ask(self, question: str) -> Answer | Abstention:
        found = self.bench.read(question)
        probability = found[0].probability if found else 0.0
        if probability < self.bench.reader.threshold(question):
            return Abstention(question, probability, "The best evidence is too weak.", ())
        best = found[0]
        text = best.passage.slice(best.answer if self.span else best.quote)
        citation = Citation.of(self.bench.document(best.passage.source.id), best.quote)
        claim = Claim(text, (citation,), (best.answer,), probability)
        return Answer(question, (claim,), probability)


@dataclass(frozen=True)
class Built:
    """Answers as the product does."""

    bench: Bench

    def ask(self, question: str) -> Answer | Abstention:
        bench = self.bench
        builder = AnswerBuilder(
            bench.reader,
            bench.document,
            lambda document_id: copies.group_of(bench.store, document_id),
            bench.store.publishers(),
        )
        return builder.build(question, bench.top(question))


def _one(bench: Bench, question: str, passage: Passage, span: Span, score: float) -> Answer:
    citation = Citation.of(bench.document(passage.source.id), span)
    confidence = score / (1 + score)
    return Answer(question, (Claim(citation.quote, (citation,), (span,), confidence),), confidence)


def rows(bench: Bench, corpus: Corpus, questions: Sequence[GoldQuestion]) -> Iterator[JSON]:
    """A row for each system, from the least to the whole."""
    systems: dict[str, tuple[Answers, str]] = {
        "BM25 only": (FirstPassage(bench, "lexical"), "lexical"),
        "dense only": (FirstPassage(bench, "nearest"), "nearest"),
        "hybrid": (FirstPassage(bench, "hybrid"), "hybrid"),
        "+ reader reranking": (BestEvidence(bench, span=False), "reranked"),
        "+ reader spans": (BestEvidence(bench, span=True), ""),
        "+ answer builder": (Built(bench), ""),
    }
    every = [hit.passage for hit in bench.hybrid(questions[0].question)]
    for name, (system, ranking) in systems.items():
        report = score_replies(questions, list(ask_all(system, questions)), bench)
        values = report.overall.values
        row: JSON = {"system": name, "set": corpus.name, "questions": len(questions)}
        if ranking:
            rankings = {
                one.id: [hit.passage for hit in getattr(bench, ranking)(one.question)]
                for one in questions
            }
            means = measure_rankings(questions, rankings, every).means
            row |= {measure: means[measure] for measure in RANKED}
        yield row | {measure: values[measure] for measure in ANSWERED}
        print(f"{corpus.name}: {name}", flush=True)


@contextmanager
def opened(corpus: Corpus, reader: str) -> Iterator[Bench]:
    """A fresh index over the documents of a set."""
    encoder = load_encoder()
    with tempfile.TemporaryDirectory() as folder:
        texts, index = Path(folder, "texts"), Path(folder, "index")
        if corpus.articles:
            write_articles(corpus.articles, texts)
        update_index(index, [texts if corpus.articles else ROOT / "seeds"], encoder)
        reads = (
            SimilarityReader(encoder)
            if reader == SIMILARITY
            else TrainedReader.load(Path(reader or SHIPPED))
        )
        store = Store.open(index)
        try:
            with store.snapshot():
                dense = DenseIndex.load(store, encoder.dimensions)
                yield Bench(store, dense, encoder, NotingReader(reads))
        finally:
            store.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", nargs="+", type=Path, default=SETS)
    parser.add_argument("--split", default="test", help="only this half (default: test)")
    parser.add_argument("--limit", type=int, default=0, help="N questions of each set")
    parser.add_argument("--reader", default="", help="as for citable eval")
    parser.add_argument("--json", type=Path, default=RESULTS / "ablations.json")
    options = parser.parse_args()
    found: list[JSON] = []
    for path in options.sets:
        corpus = load_corpus(path)
        questions = corpus.part(options.split, options.limit)
        with opened(corpus, options.reader) as bench:
            found += rows(bench, corpus, questions)
    text = json.dumps({**conditions(), "rows": found}, indent=1, ensure_ascii=False)
    options.json.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
