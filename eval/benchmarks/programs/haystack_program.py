"""Haystack: an in-memory store kept in a JSON file, vectors and BM25 joined by reciprocal rank."""

from pathlib import Path

from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from protocol import TOP, Search, run

FILE = "store.json"


def index(passages: list[str], model: str, store: Path) -> None:
    embedder = SentenceTransformersDocumentEmbedder(model=model, progress_bar=False)
    embedder.warm_up()
    documents = InMemoryDocumentStore(embedding_similarity_function="cosine")
    made = [Document(id=str(number), content=text) for number, text in enumerate(passages)]
    documents.write_documents(embedder.run(documents=made)["documents"])
    store.mkdir()
    documents.save_to_disk(str(store / FILE))


def opened(store: Path, model: str) -> Search:
    documents = InMemoryDocumentStore.load_from_disk(str(store / FILE))
    embedder = SentenceTransformersTextEmbedder(model=model, progress_bar=False)
    embedder.warm_up()
    dense = InMemoryEmbeddingRetriever(document_store=documents, top_k=TOP)
    lexical = InMemoryBM25Retriever(document_store=documents, top_k=TOP)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=TOP)

    def search(question: str) -> list[str]:
        vector = embedder.run(text=question)["embedding"]
        rankings = [
            dense.run(query_embedding=vector)["documents"],
            lexical.run(query=question)["documents"],
        ]
        return [document.content for document in joiner.run(documents=rankings)["documents"]]

    return search


run(index, opened)
