"""SciFact in BEIR's form: does the retriever find the abstract that a claim rests on?

Each abstract is a document, its title a line before its text, indexed and searched as any folder;
the rank of an abstract is that of its best passage. BEIR's measure is nDCG@10.
"""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path

from rag.encoding import Encoder
from rag.engine import Engine
from rag.evaluation.public.reading import Scores
from rag.evaluation.retrieval import from_judgements

# Passages searched for a claim: an abstract has a few, so they hold more than ten abstracts.
PASSAGES = 100
SUFFIX = ".txt"


def scifact_scores(encoder: Encoder, folder: Path, limit: int = 0) -> Scores:
    """The ranking measures over the test claims; `limit` of them, over the whole corpus."""
    claims = _claims(folder)
    relevant = _relevant(folder / "qrels" / "test.tsv")
    asked = list(relevant)[:limit] if limit else list(relevant)
    with tempfile.TemporaryDirectory() as temporary:
        texts, index = Path(temporary, "texts"), Path(temporary, "index")
        _write(folder / "corpus.jsonl", texts)
        with Engine.build(texts, index=index, encoder=encoder) as engine:
            runs = {one: _ranked(engine, claims[one]) for one in asked}
    found = from_judgements({one: relevant[one] for one in asked}, runs)
    return {"questions": len(asked), **found.means}


def _ranked(engine: Engine, claim: str) -> dict[str, float]:
    """Abstracts by rank, the best highest."""
    hits = engine.search(claim, PASSAGES)
    ids = dict.fromkeys(hit.passage.source.id.removesuffix(SUFFIX) for hit in hits)
    return {document: -float(rank) for rank, document in enumerate(ids)}


def _claims(folder: Path) -> dict[str, str]:
    rows = map(json.loads, (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines())
    return {row["_id"]: row["text"] for row in rows}


def _relevant(path: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            found.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    return found


def _write(corpus: Path, folder: Path) -> None:
    folder.mkdir()
    for line in corpus.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        name = str(row["_id"])
        if not name.isalnum():  # it becomes a file's name
            raise ValueError(f"{name!r} is no id of an abstract")
        text = f"{row['title']}\n\n{row['text']}\n"
        (folder / f"{name}{SUFFIX}").write_text(text, encoding="utf-8", newline="")
