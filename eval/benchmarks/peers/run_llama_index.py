"""llama-index: its vector index over nodes, embedded by its Hugging Face integration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from common import Embed, Find, main
from llama_index.core import VectorStoreIndex
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding


def build(passages: Sequence[str], model: str) -> tuple[Find, Embed]:
    encoder = HuggingFaceEmbedding(model_name=model, device="cpu")
    nodes = [TextNode(text=text, id_=str(n)) for n, text in enumerate(passages)]
    index = VectorStoreIndex(nodes, embed_model=encoder)

    def find(question: str, k: int) -> list[int]:
        retriever = index.as_retriever(similarity_top_k=k)
        return [int(found.node.node_id) for found in retriever.retrieve(question)]

    def embed(some: Sequence[str]) -> Any:
        return encoder.get_text_embedding_batch(list(some))

    return find, embed


if __name__ == "__main__":
    main(build)
