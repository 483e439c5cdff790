"""LlamaIndex core: its own vector store kept as JSON; it has no lexical search of its own."""

from pathlib import Path

from llama_index.core import Settings, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from protocol import TOP, Search, run


def index(passages: list[str], model: str, store: Path) -> None:
    Settings.embed_model = HuggingFaceEmbedding(model_name=model, device="cpu")
    nodes = [TextNode(id_=str(number), text=text) for number, text in enumerate(passages)]
    VectorStoreIndex(nodes).storage_context.persist(persist_dir=str(store))


def opened(store: Path, model: str) -> Search:
    Settings.embed_model = HuggingFaceEmbedding(model_name=model, device="cpu")
    kept = load_index_from_storage(StorageContext.from_defaults(persist_dir=str(store)))
    retriever = kept.as_retriever(similarity_top_k=TOP)

    def search(question: str) -> list[str]:
        return [hit.node.get_content() for hit in retriever.retrieve(question)]

    return search


run(index, opened)
