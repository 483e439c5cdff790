"""haystack: documents in memory, vectors and BM25 joined by reciprocal rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from common import Embed, Find, main
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


def build(passages: Sequence[str], model: str) -> tuple[Find, Embed]:
    documents = SentenceTransformersDocumentEmbedder(model=model, progress_bar=False)
    texts = SentenceTransformersTextEmbedder(model=model, progress_bar=False)
    for embedder in (documents, texts):
        if hasattr(embedder, "warm_up"):
            embedder.warm_up()
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    rows = [Document(content=text, meta={"place": n}) for n, text in enumerate(passages)]
    store.write_documents(documents.run(rows)["documents"])
    dense, lexical = InMemoryEmbeddingRetriever(store), InMemoryBM25Retriever(store)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def find(question: str, k: int) -> list[int]:
        vector = texts.run(question)["embedding"]
        rankings = [
            dense.run(query_embedding=vector, top_k=k)["documents"],
            lexical.run(query=question, top_k=k)["documents"],
        ]
        found = joiner.run(documents=rankings, top_k=k)["documents"]
        return [document.meta["place"] for document in found]

    def embed(some: Sequence[str]) -> Any:
        # Equal texts would be one document: the place keeps them apart.
        rows = [Document(content=text, meta={"place": n}) for n, text in enumerate(some)]
        return [document.embedding for document in documents.run(rows)["documents"]]

    return find, embed


if __name__ == "__main__":
    main(build)
