"""Moves what a run has staged into the index, in one transaction.

The time it takes grows with what changes, not with what the index holds.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence

from rag.index import copies, words
from rag.index.dense import Main
from rag.index.plan import Plan, Task
from rag.index.regroup import Changes, regroup
from rag.index.store import Store, text_digest
from rag.types import IndexReport

# Passages whose words are added together: the last row of a term is written once for all of them.
WORDED_TOGETHER = 5_000

# Number, title and text of a passage.
Worded = tuple[int, str, str]


def publish(
    store: Store, plan: Plan, encoder: str, roots: Sequence[str], *, rebuild: bool
) -> IndexReport:
    """Put in what was read and take out what is gone; `encoder` is the fingerprint."""
    added: list[str] = []
    changed: list[str] = []
    changes = Changes()
    with store.transaction():
        unused = _staged_digests(store)
        read = [task for task in plan.tasks if _is_staged(store, task, encoder)]
        if rebuild:
            _empty(store)
        else:
            # What could not be read keeps the document that it had.
            _delete_all(
                store, [*(task.document_id for task in read), *plan.removed], changes, unused
            )
        _insert_all(store, read, encoder, changes)
        for task in read:
            (added if task.is_new else changed).append(task.document_id)
        store.connection.execute("DELETE FROM staged")
        if rebuild:
            store.connection.execute(
                "DELETE FROM vector WHERE number NOT IN (SELECT vector FROM passage)"
            )
        store.connection.executemany(
            "DELETE FROM vector WHERE digest = ? "
            "AND NOT EXISTS (SELECT 1 FROM passage WHERE passage.vector = vector.number)",
            ((digest,) for digest in unused),
        )
        store.set("encoder", encoder)
        earlier = [] if rebuild else store.roots()
        store.set("roots", json.dumps(list(dict.fromkeys([*earlier, *roots]))))
        if rebuild or len(changes) or store.generation == "empty":
            regroup(store, changes)
            store.set("generation", uuid.uuid4().hex)
    skipped = (*plan.skipped, *plan.metadata.problems)
    # A file that was moved between folders is removed where it was, and kept under its id.
    kept = {*added, *changed}
    removed = tuple(id_ for id_ in plan.removed if id_ not in kept)
    return IndexReport(tuple(added), tuple(changed), tuple(plan.unchanged), removed, skipped)


def _staged_digests(store: Store) -> set[bytes]:
    """The digests of what is staged, also by killed runs for what has changed since."""
    found: set[bytes] = set()
    for (payload,) in store.connection.execute("SELECT payload FROM staged"):
        found.update(bytes.fromhex(digest) for *_, digest in json.loads(payload)["passages"])
    return found


def _is_staged(store: Store, task: Task, encoder: str) -> bool:
    found = store.connection.execute(
        "SELECT 1 FROM staged WHERE path = ? AND content_key = ?", task.staged_under(encoder)
    )
    return found.fetchone() is not None


def _empty(store: Store) -> None:
    for table in ("near_copy", "band", "posting", "gone", "document"):
        store.connection.execute(f"DELETE FROM {table}")
    store.connection.execute(
        "DELETE FROM setting WHERE name IN ('dense', 'worded_passages', 'words')"
    )


def _delete_all(
    store: Store, documents: Iterable[str], changes: Changes, unused: set[bytes]
) -> None:
    """Delete those of these documents that are there; `unused` gets their vectors' digests."""
    for worded in _together(_delete(store, one, changes, unused) for one in documents):
        words.delete(store, worded)


def _together(documents: Iterable[Iterable[Worded]]) -> Iterator[list[Worded]]:
    """The passages of whole documents, at least WORDED_TOGETHER at a time but for the last."""
    worded: list[Worded] = []
    for passages in documents:
        worded += passages
        if len(worded) >= WORDED_TOGETHER:
            yield worded
            worded = []
    if worded:
        yield worded


def _delete(
    store: Store, document_id: str, changes: Changes, unused: set[bytes]
) -> Iterator[Worded]:
    """Delete a document, if it is there; yields the passages that it had."""
    row = store.connection.execute(
        "SELECT d.number, d.title, b.text FROM document d JOIN body b ON b.document = d.number "
        "WHERE d.id = ?",
        (document_id,),
    ).fetchone()
    if row is None:
        return
    document, title, text = row
    last = Main.of(store).last
    for number, start, end, digest in store.connection.execute(
        "SELECT p.number, p.start, p.end, v.digest FROM passage p "
        "JOIN vector v ON v.number = p.vector WHERE p.document = ?",
        (document,),
    ).fetchall():
        if number <= last:
            store.connection.execute("INSERT INTO gone VALUES (?)", (number,))
        unused.add(digest)
        yield number, title, text[start:end]
    changes.remove(store, document)
    store.connection.execute("DELETE FROM document WHERE number = ?", (document,))


def _insert_all(store: Store, tasks: Iterable[Task], encoder: str, changes: Changes) -> None:
    for worded in _together(_insert(store, task, encoder, changes) for task in tasks):
        words.insert(store, worded)


def _insert(store: Store, task: Task, encoder: str, changes: Changes) -> Iterator[Worded]:
    """Insert a document as it was staged; yields its passages."""
    (encoded,) = store.connection.execute(
        "SELECT payload FROM staged WHERE path = ? AND content_key = ?",
        task.staged_under(encoder),
    ).fetchone()
    payload = json.loads(encoded)
    text, source, passages = str(payload["text"]), payload["source"], payload["passages"]
    (last,) = store.connection.execute(
        "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'passage'"
    ).fetchone()
    cursor = store.connection.execute(
        "INSERT INTO document (id, path, root, content_key, title, publisher, author, published, "
        "sha256, first, passages) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            task.document_id,
            str(task.ref.path),
            str(task.ref.root),
            task.content_key,
            *source,
            payload["sha256"],
            last + 1,
            len(passages),
        ),
    )
    assert cursor.lastrowid is not None
    document = cursor.lastrowid
    store.connection.execute(
        "INSERT INTO body VALUES (?, ?, ?, ?)",
        (document, text, text_digest(text), json.dumps(payload["furniture"])),
    )
    copies.insert(store, document, payload["signature"])
    changes.added.append(document)
    for number, (start, end, sentences, digest) in enumerate(passages, last + 1):
        store.connection.execute(
            "INSERT INTO passage SELECT ?, ?, ?, ?, ?, number FROM vector WHERE digest = ?",
            (number, document, start, end, json.dumps(sentences), bytes.fromhex(digest)),
        )
        yield number, source[0], text[start:end]
