"""The SQLite file that is the source of truth: documents, passages, vectors, words, settings.

Write-ahead logging lets several readers work while one writer updates: a reader's `snapshot`
sees one committed state throughout. Everything that sqlite3 raises leaves here as a CitableError.
"""

from __future__ import annotations

import hashlib
import json
import shlex
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.encoding import Vectors
from rag.errors import IndexDamagedError, IndexMismatchError, IndexMissingError, IndexWriteError
from rag.index.damage import damage_reported, rebuild_command
from rag.index.schema import APPLICATION_ID, FORMAT_VERSION, PAGE_SIZE, SCHEMA
from rag.types import Document, Filters, Passage, Source, Span

FILE_NAME = "citable.sqlite3"
BUSY_SECONDS = 30
# Pages kept in memory, in KiB: what a question reads of a large index, so that the next is fast.
CACHE_KIB = 64 * 1024

_SOURCE = "d.id, d.title, d.publisher, d.author, d.published, d.sha256"
# SQLite takes at most 32,766 parameters a statement.
_PARAMETERS = 10_000

Numbers = NDArray[np.int64]


class Store:
    """One connection to an index folder's SQLite file; use it from one thread at a time.

    `open` reads an existing index, `create` opens for writing and makes what is missing.
    """

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder = folder
        self.connection = connection

    @classmethod
    def open(cls, folder: Path) -> Store:
        """Open for reading; raises IndexMissingError, IndexDamagedError or IndexMismatchError."""
        path = folder / FILE_NAME
        if not path.is_file():
            raise IndexMissingError(
                f"no index at '{folder}': make one with "
                f"`citable index PATH --index {shlex.quote(str(folder))}`"
            )
        with damage_reported(folder):
            store = cls(folder, _connect(path, "ro"))
            store._check_format()
        return store

    @classmethod
    def create(cls, folder: Path) -> Store:
        """Open for writing, with a new empty index where there was none."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IndexWriteError(f"cannot write the index folder '{folder}': {error}") from error
        with damage_reported(folder):
            connection = _connect(folder / FILE_NAME, "rwc")
            store = cls(folder, connection)
            connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")  # of a new file
            connection.execute("PRAGMA journal_mode = WAL")
            if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
                with store.transaction():
                    for statement in SCHEMA.split(";\n"):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                    connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
            store._check_format()
        return store

    def close(self) -> None:
        self.connection.close()

    def _check_format(self) -> None:
        application = self.connection.execute("PRAGMA application_id").fetchone()[0]
        version = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if application != APPLICATION_ID:
            raise IndexDamagedError(
                f"'{self.folder / FILE_NAME}' is not an index of this program: "
                f"remake it with {self.rebuild_command()}"
            )
        if version != FORMAT_VERSION:
            raise IndexMismatchError(
                f"the index in '{self.folder}' has format {version}, this program reads "
                f"{FORMAT_VERSION}: rebuild it with {self.rebuild_command()}"
            )

    def check_encoder(self, fingerprint: str) -> None:
        """Raise IndexMismatchError where the vectors were made by another encoder."""
        made_with = self.setting("encoder")
        if made_with and made_with != fingerprint:
            raise IndexMismatchError(
                f"the index in '{self.folder}' was made with the encoder {made_with}, not "
                f"{fingerprint}: rebuild it with {self.rebuild_command()}"
            )

    def rebuild_command(self) -> str:
        return rebuild_command(self.folder, self.roots())

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads inside see one committed state, whatever a writer does meanwhile."""
        with damage_reported(self.folder):
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                self.connection.execute("ROLLBACK")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Writes inside are committed together or not at all."""
        with damage_reported(self.folder):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    # Settings

    def setting(self, name: str, default: str = "") -> str:
        row = self.connection.execute(
            "SELECT value FROM setting WHERE name = ?", (name,)
        ).fetchone()
        return str(row[0]) if row else default

    def set(self, name: str, value: str) -> None:
        self.connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    @property
    def generation(self) -> str:
        """A name for the present state, new with each update that changes something."""
        return self.setting("generation", "empty")

    def roots(self) -> list[str]:
        """The paths that the index was built from, as the user gave them, made absolute."""
        try:
            return list(json.loads(self.setting("roots", "[]")))
        except (sqlite3.DatabaseError, ValueError):
            return []

    # Documents and passages

    def sources(self) -> list[Source]:
        rows = self.connection.execute(f"SELECT {_SOURCE} FROM document d ORDER BY d.id")
        return [Source(*row) for row in rows]

    def files(self) -> list[tuple[Source, Path, int]]:
        """Each document with its file and the number of its passages, in the order of the ids."""
        rows = self.connection.execute(
            f"SELECT {_SOURCE}, d.path, (SELECT count(*) FROM passage p WHERE "
            "p.document = d.number) FROM document d ORDER BY d.id"
        )
        return [(Source(*source), Path(path), passages) for *source, path, passages in rows]

    def publishers(self) -> tuple[str, ...]:
        """The different publishers of the documents, in order."""
        rows = self.connection.execute(
            "SELECT DISTINCT publisher FROM document WHERE publisher != '' ORDER BY publisher"
        )
        return tuple(publisher for (publisher,) in rows)

    def document(self, document_id: str) -> Document | None:
        """The document with its text, or None; raises IndexDamagedError where it was altered."""
        row = self.connection.execute(
            f"SELECT {_SOURCE}, b.text, b.sha256, b.furniture FROM document d "
            "JOIN body b ON b.document = d.number WHERE d.id = ?",
            (document_id,),
        ).fetchone()
        if row is None:
            return None
        *source, text, digest, furniture = row
        if text_digest(text) != digest:
            raise IndexDamagedError(
                f"the text of '{document_id}' in the index '{self.folder}' is not what was "
                f"stored: remake it with {self.rebuild_command()}"
            )
        return Document(Source(*source), text, _spans(furniture))

    def passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """The passages of these numbers, with their text; each document is read once."""
        found: dict[int, Passage] = {}
        documents: dict[int, tuple[Source, str]] = {}
        for part in _parts(numbers):
            rows = self.connection.execute(
                "SELECT number, document, start, end, sentences FROM passage "
                f"WHERE number IN ({_marks(part)}) ORDER BY number",
                part,
            )
            for number, document, start, end, sentences in rows:
                if document not in documents:
                    documents[document] = self._body(document)
                source, text = documents[document]
                found[number] = Passage(source, start, end, text[start:end], _spans(sentences))
        return found

    def _body(self, number: int) -> tuple[Source, str]:
        *source, text = self.connection.execute(
            f"SELECT {_SOURCE}, b.text FROM document d JOIN body b ON b.document = d.number "
            "WHERE d.number = ?",
            (number,),
        ).fetchone()
        return Source(*source), text

    def counts(self) -> tuple[int, int]:
        """How many documents and passages there are."""
        row = self.connection.execute(
            "SELECT (SELECT count(*) FROM document), (SELECT count(*) FROM passage)"
        ).fetchone()
        return int(row[0]), int(row[1])

    def matching(self, filters: Filters) -> Numbers:
        """The numbers of all passages whose document passes the filters, ascending."""
        clauses, values = [], []
        for column, allowed in (("id", filters.documents), ("publisher", filters.publishers)):
            if allowed:
                clauses.append(f"{column} IN ({_marks(allowed)})")
                values += list(allowed)
        if filters.published_from:
            clauses.append("published >= ? AND published != ''")
            values.append(filters.published_from)
        if filters.published_to:
            clauses.append("published <= ? AND published != ''")
            values.append(filters.published_to)
        rows = self.connection.execute(
            f"SELECT first, passages FROM document WHERE {' AND '.join(clauses) or '1'}", values
        )
        ranges = np.array(rows.fetchall(), dtype=np.int64).reshape(-1, 2)
        firsts, counts = ranges[ranges[:, 0].argsort()].T
        ends = np.cumsum(counts)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
        return np.asarray(np.repeat(firsts, counts) + within)

    # Vectors

    def numbers(self, above: int = -1) -> Numbers:
        """The numbers of all passages above one, ascending."""
        rows = self.connection.execute(
            "SELECT number FROM passage WHERE number > ? ORDER BY number", (above,)
        )
        return np.fromiter((number for (number,) in rows), dtype=np.int64)

    def vectors(self, dimensions: int, above: int = -1) -> Iterator[tuple[Numbers, Vectors]]:
        """All passage numbers above one, ascending, with their vectors as rows, in blocks."""
        rows = self.connection.execute(
            "SELECT p.number, v.data FROM passage p LEFT JOIN vector v ON v.number = p.vector "
            "WHERE p.number > ? ORDER BY p.number",
            (above,),
        )
        while block := rows.fetchmany(_PARAMETERS):
            matrix = np.frombuffer(b"".join(data or b"" for _, data in block), dtype="<f4")
            if matrix.size != len(block) * dimensions:
                raise IndexDamagedError(
                    f"the index in '{self.folder}' lacks vectors or has some of another length: "
                    f"remake it with {self.rebuild_command()}"
                )
            numbers = np.array([number for number, _ in block], dtype=np.int64)
            yield numbers, matrix.reshape(len(block), dimensions)

    def vectors_of(self, numbers: Sequence[int]) -> dict[int, Vectors]:
        """The vectors of these passages."""
        found: dict[int, Vectors] = {}
        for part in _parts(numbers):
            rows = self.connection.execute(
                "SELECT p.number, v.data FROM passage p JOIN vector v ON v.number = p.vector "
                f"WHERE p.number IN ({_marks(part)})",
                part,
            )
            found.update((number, np.frombuffer(blob, dtype="<f4")) for number, blob in rows)
        return found


def text_digest(text: str) -> str:
    """SHA-256 of a canonical text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    return connection


def _spans(encoded: str) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in json.loads(encoded))


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _parts(numbers: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), _PARAMETERS):
        yield [int(number) for number in numbers[start : start + _PARAMETERS]]
