"""What an indexing run has to do: which files are new, changed, unchanged or gone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
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

    def staged_under(self, encoder: str) -> tuple[str, str]:
        """Path and key under which what was read of it is staged."""
        return str(self.ref.path), f"{self.document_id}\n{self.content_key}\n{encoder}"


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
    refs = {str(ref.path): ref for one in found for ref in one.files}
    stored = _stored(store, refs.values(), pruned)
    owners = {document.id: path for path, document in stored.items()}
    for done, (path, ref) in enumerate(refs.items()):
        progress("Looking at files", done, len(refs))
        if not rebuild and path in stored and ref.root.is_relative_to(stored[path].root):
            # It was found from a folder above, whose metadata.jsonl goes on counting.
            above = Path(stored[path].root)
            ref = FileRef(ref.path, above, ref.path.relative_to(above).as_posix())
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


@dataclass(frozen=True, slots=True)
class _Stored:
    id: str
    root: str
    content_key: str


def _stored(store: Store, refs: Iterable[FileRef], roots: Sequence[str]) -> dict[str, _Stored]:
    """The documents that these files may be, by path, and those at or under the roots."""
    found: dict[str, _Stored] = {}

    def look(condition: str, *values: str) -> None:
        rows = store.connection.execute(
            f"SELECT path, id, root, content_key FROM document WHERE {condition}", values
        )
        found.update((path, _Stored(*row)) for path, *row in rows)

    for root in roots:
        below = os.path.join(root, "")
        look("path = ?", root)
        # Not LIKE, which takes no notice of case and would read all paths.
        look("path >= ? AND path < ?", below, below[:-1] + chr(ord(below[-1]) + 1))
    for ref in refs:
        if str(ref.path) in found:
            continue
        look("path = ?", str(ref.path))
        for candidate in _candidates(ref):
            look("id = ?", candidate)
            # The numbered ones of the same name: '~' is followed by DEL.
            look("id >= ? AND id < ?", f"{candidate}~", f"{candidate}\x7f")
    return found


def _candidates(ref: FileRef) -> tuple[str, str]:
    return ref.relative, f"{ref.root.name}/{ref.relative}"


def _free_id(ref: FileRef, owners: dict[str, str]) -> str:
    """The path below the root; with the root's name, then a number, where that is taken.

    An id whose file is no longer where it was is free: the folder has been moved.
    """
    candidates = _candidates(ref)
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
