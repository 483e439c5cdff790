"""langchain: its FAISS vector store and rank_bm25, joined by rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from common import FOUND, Embed, Find, main
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.embeddings import HuggingFaceEmbeddings
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS


def build(passages: Sequence[str], model: str) -> tuple[Find, Embed]:
    encoder = HuggingFaceEmbeddings(
        model_name=model,
        model_kwargs={"device": "cpu"},
        encode_kwargs={"normalize_embeddings": True},
    )
    places = [{"place": number} for number in range(len(passages))]
    dense = FAISS.from_texts(list(passages), encoder, metadatas=places)
    lexical = BM25Retriever.from_texts(list(passages), metadatas=places, k=FOUND)
    both = EnsembleRetriever(
        retrievers=[dense.as_retriever(search_kwargs={"k": FOUND}), lexical], weights=[0.5, 0.5]
    )

    def find(question: str, k: int) -> list[int]:
        return [found.metadata["place"] for found in both.invoke(question)[:k]]

    def embed(some: Sequence[str]) -> Any:
        return encoder.embed_documents(list(some))

    return find, embed


if __name__ == "__main__":
    main(build)
