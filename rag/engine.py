"""The engine: one object that opens an index, searches it and answers questions from it."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rag.answers import AnswerBuilder
from rag.conversation import rewrite
from rag.encoding import DEFAULT_MODEL, Encoder, load_encoder
from rag.errors import CitableError, QuestionError, UnknownDocumentError
from rag.explained import Explained, NotingReader
from rag.index import copies
from rag.index.dense import DenseIndex
from rag.index.store import Store
from rag.progress import Progress, silent
from rag.question import publisher_named
from rag.reader import Reader
from rag.reader.similarity import SimilarityReader
from rag.reader.trained import SHIPPED, TrainedReader
from rag.results import Abstention, Answer
from rag.retrieval import Retriever
from rag.types import Document, Filters, Hit, IndexReport, Source

# A question is a sentence or a few; a longer text is a mistake, such as a pasted document.
MAX_QUESTION_CHARS = 2_000
# The name of the reader without a model of its own, for comparison.
SIMILARITY = "similarity"
# Passages given to the reader, whatever number a caller asks to see: the decision to answer must
# not depend on how much is shown. What it reads of them is in rag/reader/first_pass.py.
READ_POOL = 20


@dataclass(frozen=True, slots=True)
class Status:
    """What an index holds; `encoder` is the fingerprint of the model that made its vectors.

    `copies` are the groups of documents that are near-copies as a whole, by id; `shared_sentences`
    counts the sentences that stand, word for word or nearly, in documents of different groups.
    """

    folder: str
    documents: int
    passages: int
    encoder: str
    roots: tuple[str, ...]
    copies: tuple[tuple[str, ...], ...] = ()
    shared_sentences: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A document of the index: where its file was read, how many passages it has, its near-copies.

    `copies` are the ids of the other documents that are near-copies of it as a whole.
    """

    source: Source
    path: Path
    passages: int
    copies: tuple[str, ...] = ()


class Engine:
    """Answers questions from an index; safe to use from several threads.

    Make one with `Engine.build` (from folders) or `Engine.open` (from an index). It follows the
    index: what another process commits is seen by the next call. Questions are answered one after
    another; `documents`, `document` and `status` do not wait for them.
    """

    def __init__(
        self, store: Store, shelf: Store, encoder: Encoder, reader: Reader | str = ""
    ) -> None:
        """`store` is for questions and `shelf`, of the same index, for what is read beside them."""
        self._store = store
        self._shelf = shelf
        self._encoder = encoder
        self._reader = reader
        self._dense: tuple[str, DenseIndex] | None = None
        self._publishers: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._shelf_lock = threading.Lock()
        self.last_report: IndexReport | None = None

    @classmethod
    def open(
        cls,
        index: str | Path = "index",
        *,
        model: str = DEFAULT_MODEL,
        encoder: Encoder | None = None,
        reader: Reader | str = "",
        progress: Progress = silent,
    ) -> Engine:
        """Open an index. Raises IndexMissingError, IndexDamagedError or IndexMismatchError.

        `reader` is the folder of a trained reader (default: the shipped one), `"similarity"` for
        the baseline, or any object that reads; it is loaded by the first question. `progress` is
        told of the first use of a model, which takes some seconds.
        """
        store = Store.open(Path(index))
        try:
            encoder = encoder or load_encoder(model, progress)
            with store.snapshot():
                store.check_encoder(encoder.fingerprint)
            return cls(store, Store.open(store.folder), encoder, reader)
        except CitableError:
            store.close()
            raise

    @classmethod
    def build(
        cls,
        *paths: str | Path,
        index: str | Path = "index",
        model: str = DEFAULT_MODEL,
        encoder: Encoder | None = None,
        reader: Reader | str = "",
        prune: bool = True,
        rebuild: bool = False,
        progress: Progress = silent,
    ) -> Engine:
        """Bring the index up to date with files and folders, and open it.

        `last_report` says what was done and skipped. Raises what `update_index` raises.
        """
        # What reads files takes a tenth of a second to import: who only asks does not pay for it.
        from rag.index.update import update_index  # noqa: PLC0415

        encoder = encoder or load_encoder(model, progress)
        report = update_index(
            Path(index),
            [Path(path) for path in paths],
            encoder,
            prune=prune,
            rebuild=rebuild,
            progress=progress,
        )
        engine = cls.open(index, encoder=encoder, reader=reader)
        engine.last_report = report
        return engine

    def ask(
        self,
        question: str,
        *,
        filters: Filters = Filters(),  # noqa: B008
        history: Sequence[Answer | Abstention] = (),
    ) -> Answer | Abstention:
        """Answer a question with cited quotes, or abstain; raises QuestionError.

        A question that names a publisher of the index ("according to …") is answered from its
        documents alone, unless `filters` name others. `history` are the results of the
        conversation so far, in order: a follow-up question such as "And Germany?" is read with
        them, and the result says how.
        """
        return self.explain(question, filters=filters, history=history).result

    def explain(
        self,
        question: str,
        *,
        filters: Filters = Filters(),  # noqa: B008
        history: Sequence[Answer | Abstention] = (),
        found: Callable[[Sequence[Hit]], None] = lambda _: None,
    ) -> Explained:
        """Answer as `ask` does, and tell what the result was made from.

        `found` is called with the passages as soon as they are found, before they are read; it
        must return at once, as other questions wait meanwhile.
        """
        asked = _checked(question)
        question = _checked(_in_conversation(asked, history), ", read with those before it,")
        with self._reading() as retriever:
            publisher = publisher_named(question, self._publishers)
            if publisher and not filters.publishers:
                filters = replace(filters, publishers=(publisher,))
            hits = retriever.search(question, READ_POOL, filters)
            found(hits)
            reader = NotingReader(self._loaded_reader())
            builder = AnswerBuilder(
                reader,
                # Several claims cite one document: it is read and its digest checked once.
                functools.cache(lambda document_id: _document(self._store, document_id)),
                lambda document_id: copies.group_of(self._store, document_id),
                self._publishers,
            )
            result = builder.build(question, hits, asked if question != asked else "")
            return reader.explain(question, hits, result)

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        filters: Filters = Filters(),  # noqa: B008
    ) -> list[Hit]:
        """The `k` best passages for a question, best first; raises QuestionError."""
        question = _checked(question)
        if k < 1:
            raise QuestionError(f"cannot search for {k} passages: ask for at least 1")
        with self._reading() as retriever:
            return retriever.search(question, k, filters)

    def documents(self) -> list[Source]:
        """What is indexed, in the order of the ids."""
        with self._shelf_lock, self._shelf.snapshot():
            return self._shelf.sources()

    def document(self, document_id: str) -> Document:
        """A document with its canonical text; raises UnknownDocumentError where there is none."""
        with self._shelf_lock, self._shelf.snapshot():
            return _document(self._shelf, document_id)

    def status(self, *, with_copies: bool = True) -> Status:
        """What the index holds; finding shared sentences takes a second per 1,000 documents."""
        with self._shelf_lock, self._shelf.snapshot():
            documents, passages = self._shelf.counts()
            return Status(
                str(self._shelf.folder),
                documents,
                passages,
                self._shelf.setting("encoder"),
                tuple(self._shelf.roots()),
                tuple(copies.groups(self._shelf)) if with_copies else (),
                len(copies.shared_sentences(self._shelf)) if with_copies else 0,
            )

    def catalogue(self) -> list[Listed]:
        """What is indexed, with what is known of each document, in the order of the ids."""
        with self._shelf_lock, self._shelf.snapshot():
            groups = {id_: ids for ids in copies.groups(self._shelf) for id_ in ids}
            return [
                Listed(
                    source,
                    path,
                    passages,
                    tuple(id_ for id_ in groups.get(source.id, ()) if id_ != source.id),
                )
                for source, path, passages in self._shelf.files()
            ]

    @property
    def folder(self) -> Path:
        """The folder of the index."""
        return self._store.folder

    def update(self, *paths: str | Path, progress: Progress = lambda *_: None) -> IndexReport:
        """Bring the index up to date with files and folders, while questions go on.

        Documents that came from them and are gone are removed. Raises what `update_index` raises.
        """
        # As in `build`.
        from rag.index.update import update_index  # noqa: PLC0415

        folders = [Path(path) for path in paths]
        return update_index(self.folder, folders, self._encoder, progress=progress)

    def close(self) -> None:
        """Close the index; waits for what is being answered or read."""
        with self._lock, self._shelf_lock:
            self._store.close()
            self._shelf.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[Retriever]:
        """A retriever over one snapshot; the dense index is brought up to date after an update."""
        with self._lock, self._store.snapshot():
            generation = self._store.generation
            if self._dense is None or self._dense[0] != generation:
                self._store.check_encoder(self._encoder.fingerprint)
                before = self._dense[1] if self._dense else None
                dimensions = self._encoder.dimensions
                self._dense = generation, DenseIndex.load(self._store, dimensions, before)
                self._publishers = self._store.publishers()
            yield Retriever(self._store, self._dense[1], self._encoder)

    def _loaded_reader(self) -> Reader:
        if isinstance(self._reader, str):
            if self._reader == SIMILARITY:
                self._reader = SimilarityReader(self._encoder)
            else:
                self._reader = TrainedReader.load(Path(self._reader or SHIPPED))
        return self._reader


def _document(store: Store, document_id: str) -> Document:
    document = store.document(document_id)
    if document is None:
        raise UnknownDocumentError(f"there is no document '{document_id}' in the index")
    return document


def _in_conversation(question: str, history: Sequence[Answer | Abstention]) -> str:
    """A follow-up question made to stand alone; any other as it is."""
    previous = [one.rewritten or one.question for one in history]
    answers = [one.claims[0].text if isinstance(one, Answer) else "" for one in history]
    return rewrite(question, previous, answers)


def _checked(question: str, as_read: str = "") -> str:
    """The question with its white space closed up; `as_read` says in which form it is too long."""
    question = " ".join(question.split())
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise QuestionError("the question holds bytes that are no text: write it in UTF-8")
    if not any(character.isalnum() for character in question):
        raise QuestionError("the question is empty: ask something in words")
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"the question{as_read} has {len(question):,} characters: "
            f"ask in at most {MAX_QUESTION_CHARS:,}"
        )
    return question
