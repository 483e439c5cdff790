"""The quality of peers' answers beside ours: the same questions, passages and encoder.

python eval/benchmarks/peers/quality.py SET [--peers NAME …] [--limit N] [--ours FILE] [--out DIR]

Each peer runs in an environment of its own (`environments.py`), finds ten of our passages by its
own index, and answers with the sentence of them nearest to the question. Its answers are kept in
`DIR/SET-PEER.jsonl`, so that `citable eval SET --answers` scores them again. `--ours` takes answers
of `citable eval SET --save` for the last row. The figures go into `results/peers-SET.json`, and by
`eval/benchmarks/tables.py` into the README. All of `--split` (default: test) is asked.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from environments import PEERS, run

from rag.encoding.folders import DEFAULT_MODEL, model_folder
from rag.engine import Engine
from rag.errors import UnknownDocumentError
from rag.evaluation import load_corpus, load_replies, score_replies
from rag.evaluation.conditions import conditions
from rag.evaluation.corpora import Corpus
from rag.evaluation.newsroom import write_articles
from rag.evaluation.questions import GoldQuestion
from rag.splitting import split_passages
from rag.types import JSON, Document

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SCRIPTS = {
    "haystack-ai": "haystack",
    "langchain-community": "langchain",
    "llama-index-core": "llama_index",
    "txtai": "txtai",
}
RESULTS = HERE.parent / "results"
MEASURES = (
    *("short_answer", "list_f1", "yesno_right", "evidence_accuracy", "citation_precision"),
    *("citation_recall", "evidence_recall", "rightly_refused", "wrongly_refused", "auroc"),
)


class Documents:
    """The documents of a set, as the product reads them."""

    def __init__(self, corpus: Corpus) -> None:
        with tempfile.TemporaryDirectory() as folder:
            texts, index = Path(folder, "texts"), Path(folder, "index")
            if corpus.articles:
                write_articles(corpus.articles, texts)
            with Engine.build(texts if corpus.articles else ROOT / "seeds", index=index) as engine:
                self.all = [engine.document(source.id) for source in engine.documents()]

    def document(self, document_id: str) -> Document:
        for one in self.all:
            if one.id == document_id:
                return one
        raise UnknownDocumentError(f"there is no document {document_id}")


def work_of(documents: Documents, questions: Sequence[GoldQuestion]) -> JSON:
    """What a peer is given."""
    passages = [passage for one in documents.all for passage in split_passages(one)]
    return {
        "model": str(model_folder(DEFAULT_MODEL)),
        "passages": [
            {
                "document": passage.source.id,
                "start": passage.start,
                "text": passage.text,
                "sentences": [[span.start, span.end] for span in passage.sentences],
            }
            for passage in passages
        ],
        "questions": [{"id": one.id, "question": one.question} for one in questions],
    }


def row(
    name: str,
    answers: Path,
    corpus: Corpus,
    questions: Sequence[GoldQuestion],
    documents: Documents,
) -> JSON:
    """The figures of one system."""
    replies = load_replies(answers, corpus.questions)
    summary = score_replies(questions, replies, documents).overall
    intervals = {key: one.to_json() for key, one in summary.intervals.items() if key in MEASURES}
    return {
        "system": name,
        "questions": len(questions),
        **{measure: summary.values[measure] for measure in MEASURES},
        "quote_words": summary.quote_words,
        "p50_seconds": summary.p50_seconds,
        "intervals": intervals,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("set", type=Path)
    parser.add_argument("--peers", nargs="*", choices=sorted(PEERS), default=sorted(PEERS))
    parser.add_argument("--split", default="test")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--ours", type=Path, help="our own answers, for the last row")
    parser.add_argument("--out", type=Path, default=Path("peers"), help="where answers are kept")
    parser.add_argument("--json", type=Path, help="instead of results/peers-SET.json")
    options = parser.parse_args()
    corpus = load_corpus(options.set)
    questions = corpus.part(options.split, options.limit)
    documents = Documents(corpus)
    options.out.mkdir(parents=True, exist_ok=True)
    work = options.out / f"{corpus.name}-work.json"
    work.write_text(json.dumps(work_of(documents, questions)), encoding="utf-8")
    rows = []
    for peer in options.peers:
        answers = options.out / f"{corpus.name}-{peer}.jsonl"
        run(peer, HERE / f"run_{SCRIPTS[peer]}.py", [str(work), str(answers)])
        label = PEERS[peer][0].replace("==", " ")
        rows.append(row(label, answers, corpus, questions, documents))
        print(label, json.dumps({key: rows[-1][key] for key in MEASURES}), flush=True)
    if options.ours:
        rows.append(row("citable", options.ours, corpus, questions, documents))
    text = json.dumps({**conditions(), "rows": rows}, indent=1, ensure_ascii=False)
    path = options.json or RESULTS / f"peers-{corpus.name}.json"
    path.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
