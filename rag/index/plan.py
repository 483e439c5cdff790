"""What an indexing run has to do: which files are new, changed, unchanged or gone."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import ReadingError
from rag.index.store import Store
from rag.reading import FileRef, Found, MetadataIndex, content_key
from rag.types import Skipped

Progress = Callable[[str, int, int], None]
"""Called with the stage's name, how many files are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read, with the id that its document has or will have."""

    ref: FileRef
    document_id: str
    content_key: str
    is_new: bool


@dataclass(slots=True)
class Plan:
    """The tasks of a run and what it leaves alone, by document id."""

    tasks: list[Task] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    metadata: MetadataIndex = field(default_factory=MetadataIndex)


def make_plan(
    store: Store,
    found: Sequence[Found],
    pruned: Sequence[str],
    *,
    rebuild: bool,
    progress: Progress,
) -> Plan:
    """Compare the files found with the documents stored.

    A file that is there but cannot be read keeps the document that it had. Documents
    whose files stood at or under one of the `pruned` paths and are gone are to be removed.
    """
    plan = Plan(skipped=[skipped for one in found for skipped in one.skipped])
    stored = {row[0]: _Stored(*row[1:]) for row in store.connection.execute(_STORED)}
    owners = {document.id: path for path, document in stored.items()}
    refs = {str(ref.path): ref for one in found for ref in one.files}
    for done, (path, ref) in enumerate(refs.items()):
        progress("Looking at files", done, len(refs))
        document_id = stored[path].id if path in stored else _free_id(ref, owners)
        moved_from = owners.get(document_id, path)
        owners[document_id] = path
        try:
            key = content_key(ref, plan.metadata)
        except ReadingError as error:
            plan.skipped.append(Skipped(ref.relative, str(error)))
            continue
        known = stored.get(moved_from)
        if known and known.content_key == key and moved_from == path and not rebuild:
            plan.unchanged.append(document_id)
        else:
            plan.tasks.append(Task(ref, document_id, key, known is None))
    plan.removed = _gone(stored, refs, pruned)
    return plan


_STORED = "SELECT path, id, root, content_key FROM document"


@dataclass(frozen=True, slots=True)
class _Stored:
    id: str
    root: str
    content_key: str


def _free_id(ref: FileRef, owners: dict[str, str]) -> str:
    """The path below the root; with the root's name, then a number, where that is taken.

    An id whose file is no longer where it was is free: the folder has been moved.
    """
    candidates = [ref.relative, f"{ref.root.name}/{ref.relative}"]
    for candidate in candidates:
        if candidate not in owners or not os.path.lexists(owners[candidate]):
            return candidate
    number = 2
    while f"{candidates[1]}~{number}" in owners:
        number += 1
    return f"{candidates[1]}~{number}"


def _gone(stored: dict[str, _Stored], refs: dict[str, FileRef], pruned: Sequence[str]) -> list[str]:
    return sorted(
        document.id
        for path, document in stored.items()
        if path not in refs
        and any(Path(path).is_relative_to(root) for root in pruned)
        and not os.path.lexists(path)
    )
