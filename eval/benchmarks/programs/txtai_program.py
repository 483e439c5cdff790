"""txtai: FAISS, its BM25 and the texts in SQLite; scores of both rankings are added."""

from pathlib import Path

from protocol import TOP, Search, run
from txtai.embeddings import Embeddings


def index(passages: list[str], model: str, store: Path) -> None:
    embeddings = Embeddings(path=model, content=True, hybrid=True, gpu=False)
    embeddings.index((number, text, None) for number, text in enumerate(passages))
    embeddings.save(str(store))
    embeddings.close()


def opened(store: Path, _: str) -> Search:
    embeddings = Embeddings()
    embeddings.load(str(store))

    def search(question: str) -> list[str]:
        return [hit["text"] for hit in embeddings.search(question, TOP)]

    return search


run(index, opened)
