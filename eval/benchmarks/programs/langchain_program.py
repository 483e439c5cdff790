"""LangChain community: FAISS on disk, rank_bm25 made anew from its texts, joined by rank."""

from pathlib import Path

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.embeddings import HuggingFaceEmbeddings
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from protocol import TOP, Search, run


def embeddings(model: str) -> HuggingFaceEmbeddings:
    return HuggingFaceEmbeddings(
        model_name=model,
        model_kwargs={"device": "cpu"},
        encode_kwargs={"normalize_embeddings": True},
    )


def index(passages: list[str], model: str, store: Path) -> None:
    FAISS.from_texts(passages, embeddings(model)).save_local(str(store))


def opened(store: Path, model: str) -> Search:
    # The file is one that `index` has written.
    faiss = FAISS.load_local(str(store), embeddings(model), allow_dangerous_deserialization=True)
    documents = [faiss.docstore.search(key) for key in faiss.index_to_docstore_id.values()]
    lexical = BM25Retriever.from_documents(documents, k=TOP)
    dense = faiss.as_retriever(search_kwargs={"k": TOP})
    both = EnsembleRetriever(retrievers=[dense, lexical], weights=[0.5, 0.5])

    def search(question: str) -> list[str]:
        return [document.page_content for document in both.invoke(question)[:TOP]]

    return search


run(index, opened)
