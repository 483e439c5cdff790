"""Bringing an index up to date with the files: incremental, resumable, all or nothing.

New and changed files are read, split and encoded into a staging table that no reader looks at,
with a commit now and then so that a killed run need not encode again. One last transaction then
moves everything: before it the previous index stands, after it the new one, never a mixture.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from rag.encoding import Encoder
from rag.errors import IndexDamagedError, IndexMismatchError, IndexWriteError, ReadingError
from rag.index import copies
from rag.index.damage import damage_reported
from rag.index.dense import keep_file
from rag.index.plan import Plan, Progress, make_plan
from rag.index.publish import publish
from rag.index.store import FILE_NAME, Store
from rag.reading import find_files, read_document
from rag.reading.apart import Apart
from rag.splitting import split_passages, split_sentences
from rag.types import Document, IndexReport, Passage, Skipped

LOCK_NAME = "writer.lock"
# Says who holds the lock; the lock's own file is emptied by whoever tries to take it.
HOLDER_NAME = "writer.pid"
# Texts encoded together: enough for all cores to end at about the same time, few enough that
# little is lost when the run is killed.
STAGED_TEXTS = 256


def update_index(
    folder: Path,
    paths: Sequence[Path],
    encoder: Encoder,
    *,
    prune: bool = True,
    rebuild: bool = False,
    progress: Progress = lambda *_: None,
) -> IndexReport:
    """Make the index in `folder` hold the documents at `paths`, besides those it has of others.

    With `prune`, documents that came from these paths and are gone are removed. With `rebuild`,
    everything at the paths is read and encoded again, also where the index is unusable; documents
    of other paths are then dropped. Raises ReadingError for a path that cannot be read at all,
    IndexMismatchError for an index of another encoder or format, IndexDamagedError, and
    IndexWriteError.
    """
    found = [find_files(path) for path in paths]
    roots = [os.path.abspath(path) for path in paths]
    with _writer_lock(folder):
        if rebuild:
            _remove_unusable(folder)
        store = Store.create(folder)
        try:
            with damage_reported(folder), Apart() as apart:
                if not rebuild:
                    store.check_encoder(encoder.fingerprint)
                plan = make_plan(
                    store, found, roots if prune else (), rebuild=rebuild, progress=progress
                )
                if rebuild:
                    plan.removed = _others(store, plan)
                _stage(store, plan, encoder, apart, progress)
                report = publish(store, plan, encoder.fingerprint, roots, rebuild=rebuild)
                keep_file(store, encoder.dimensions)
                return report
        finally:
            store.close()


@contextmanager
def _writer_lock(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK_NAME)
        lock.acquire(timeout=0)
        holder = f"{os.getpid()} on {platform.node()}"
        (folder / HOLDER_NAME).write_text(holder, encoding="utf-8")
    except Timeout as error:
        raise IndexWriteError(
            f"another process{_holder(folder)} is writing the index in '{folder}': wait until it "
            "is done"
        ) from error
    except (OSError, NotImplementedError) as error:
        raise IndexWriteError(
            f"cannot write the index folder '{folder}': {getattr(error, 'strerror', error)}; "
            "name another with --index"
        ) from error
    try:
        yield
    finally:
        lock.release()


def _holder(folder: Path) -> str:
    """Who holds the lock, as far as is known."""
    try:
        return f" ({(folder / HOLDER_NAME).read_text(encoding='utf-8')})"
    except OSError:
        return ""


def _remove_unusable(folder: Path) -> None:
    """Remove an index that cannot be opened; one that can is rebuilt in place, all or nothing."""
    if not (folder / FILE_NAME).exists():
        return
    try:
        store = Store.open(folder)
        try:
            with damage_reported(folder):
                problem = store.connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            store.close()
        if problem == "ok":
            return
    except (IndexDamagedError, IndexMismatchError):
        pass
    for path in [*folder.glob(f"{FILE_NAME}*"), *folder.glob("dense-*")]:
        path.unlink()


def _others(store: Store, plan: Plan) -> list[str]:
    """Documents that a rebuild does not read again: their vectors are of another encoder."""
    kept = {task.document_id for task in plan.tasks}
    return [source.id for source in store.sources() if source.id not in kept]


# Staging


@dataclass(slots=True)
class _Batch:
    """Read documents whose texts wait to be encoded together."""

    payloads: list[tuple[str, str, str]] = field(default_factory=list)
    texts: dict[bytes, str] = field(default_factory=dict)


def _stage(store: Store, plan: Plan, encoder: Encoder, apart: Apart, progress: Progress) -> None:
    """Read, split and encode what the tasks name, unless a killed run had done so already."""
    staged = set(store.connection.execute("SELECT path, content_key FROM staged"))
    batch = _Batch()
    for done, task in enumerate(plan.tasks):
        progress("Reading and encoding", done, len(plan.tasks))
        key = task.staged_under(encoder.fingerprint)
        if key in staged:
            continue
        try:
            document = read_document(task.ref, task.document_id, plan.metadata, apart)
        except ReadingError as error:
            plan.skipped.append(Skipped(task.ref.relative, str(error)))
            continue
        sentences = split_sentences(document)
        passages = split_passages(document, sentences)
        digests = []
        for passage in passages:
            text = embedded_text(passage)
            digest = hashlib.sha256(f"{encoder.fingerprint}\n{text}".encode()).digest()
            digests.append(digest)
            batch.texts[digest] = text
        payload = _payload(document, passages, digests, copies.sign(document, sentences))
        batch.payloads.append((*key, payload))
        if len(batch.texts) >= STAGED_TEXTS:
            _write_batch(store, batch, encoder)
            batch = _Batch()
    _write_batch(store, batch, encoder)
    progress("Reading and encoding", len(plan.tasks), len(plan.tasks))


def embedded_text(passage: Passage) -> str:
    """What is encoded for a passage: its document's title says what it is about."""
    title = passage.source.title
    return f"{title}\n{passage.text}" if title else passage.text


def _write_batch(store: Store, batch: _Batch, encoder: Encoder) -> None:
    present, size = set(), 4 * encoder.dimensions
    for digest in batch.texts:
        # A vector of another length, as no model of this name makes it, is made anew.
        if store.connection.execute(
            "SELECT 1 FROM vector WHERE digest = ? AND length(data) = ?", (digest, size)
        ).fetchone():
            present.add(digest)
    missing = [digest for digest in batch.texts if digest not in present]
    vectors = encoder.encode([batch.texts[digest] for digest in missing])
    with store.transaction():
        store.connection.executemany(
            "INSERT INTO vector (digest, data) VALUES (?, ?) "
            "ON CONFLICT (digest) DO UPDATE SET data = excluded.data",
            ((d, v.astype("<f4").tobytes()) for d, v in zip(missing, vectors, strict=True)),
        )
        store.connection.executemany(
            "INSERT OR REPLACE INTO staged VALUES (?, ?, ?)", batch.payloads
        )


def _payload(
    document: Document,
    passages: Sequence[Passage],
    digests: Sequence[bytes],
    signature: copies.Signature,
) -> str:
    source = document.source
    return json.dumps(
        {
            "source": [source.title, source.publisher, source.author, source.published],
            "sha256": source.sha256,
            "text": document.text,
            "furniture": [[span.start, span.end] for span in document.furniture],
            "passages": [
                [p.start, p.end, [[s.start, s.end] for s in p.sentences], digest.hex()]
                for p, digest in zip(passages, digests, strict=True)
            ],
            "signature": signature.to_json(),
        }
    )
