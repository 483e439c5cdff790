"""Keeps the groups of near-copies in step with the documents of an index.

A few changed documents change pairs only in the bands that they have: the groups are adjusted where
all that lost a pair are seen to hang together still. Otherwise all groups are found anew. Both ways
give the same groups, those of `document_groups`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from rag.index import bands, copies
from rag.index.bands import Node, Shelf, pairs_around
from rag.index.store import Store

# With more changes at once, or documents that agree with the changed ones in a band (a text that
# stands at the foot of all), finding all groups anew takes less time.
MOST_CHANGED, MOST_AROUND = 32, 5_000

Pair = tuple[Node, Node]


@dataclass(slots=True)
class Changes:
    """What a run does to the documents: numbers of the added, and the others as they were.

    `firsts` are the names of the groups that lost one.
    """

    added: list[int] = field(default_factory=list)
    gone: list[Node] = field(default_factory=list)
    firsts: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.added) + len(self.gone)

    def remove(self, store: Store, document: int) -> None:
        """Note a document that is about to be deleted."""
        id_, runs, values = store.connection.execute(
            "SELECT d.id, s.runs, s.minhash FROM document d JOIN signature s "
            "ON s.document = d.number WHERE d.number = ?",
            (document,),
        ).fetchone()
        self.gone.append(Node(id_, True, runs, values))
        self.firsts.add(copies.group_of(store, id_))
        bands.delete(store, document)


def regroup(store: Store, changes: Changes) -> None:
    """Bring the groups in step; part of the transaction that makes the changes."""
    if changes.added:
        signed = store.connection.execute(
            "SELECT document, minhash FROM signature WHERE runs > 0 AND document >= ? "
            "ORDER BY document",
            (min(changes.added),),
        )
        # Documents get ascending numbers, so that these are the added ones.
        bands.insert(store, signed.fetchall())
    if len(changes) > MOST_CHANGED or not _adjusted(store, changes):
        copies.regroup(store)


def _adjusted(store: Store, changes: Changes) -> bool:
    """Adjust the groups, unless that needs all of them to be found anew."""
    shelf = Shelf.of(store)
    now = [node for node in map(shelf.node, changes.added) if node.runs]
    changed = [*now, *(node for node in changes.gone if node.runs)]
    around: set[Node] = set()
    for node in changed:
        around.update(shelf.near(node))
        if len(around) > MOST_AROUND:
            return False
    links = _near(pairs_around(changed, around))
    before = _near(pairs_around(changed, (around - {*now}) | {*changes.gone}))
    for torn in copies.connected(before - links):
        left = [node for node in torn if not node.was]
        if not _hang_together(left, links):
            for node in left:
                links |= _near(pairs_around([node], shelf.near(node)))
            if not _hang_together(left, links):
                return False
    _write(store, links, changes.firsts)
    return True


def _near(pairs: Iterable[Pair]) -> set[Pair]:
    """Those of the pairs that are near-copies."""
    listed = list(pairs)
    if not listed:
        return set()
    one, other = (
        np.frombuffer(b"".join(pair[side].values for pair in listed), dtype="<u4")
        for side in (0, 1)
    )
    alike = (one == other).reshape(len(listed), -1).mean(axis=1)
    runs = np.array([(one.runs, other.runs) for one, other in listed])
    near = copies.are_near(runs[:, 0], runs[:, 1], alike)
    return {pair for pair, is_near in zip(listed, near.tolist(), strict=True) if is_near}


def _hang_together(nodes: list[Node], links: set[Pair]) -> bool:
    if len(nodes) < 2:
        return True
    wanted = set(nodes)
    return any(wanted <= set(group) for group in copies.connected(links))


def _write(store: Store, links: set[Pair], firsts: set[str]) -> None:
    """Join the groups that the links connect; those of `firsts` have lost a member."""
    joined = {(one.id, other.id) for one, other in links}
    touched = firsts | {copies.group_of(store, id_) for pair in joined for id_ in pair}
    for first in touched:
        rows = store.connection.execute(
            "SELECT d.id FROM near_copy n JOIN document d ON d.number = n.document "
            "WHERE n.first = ? ORDER BY d.id",
            (first,),
        )
        members = [id_ for (id_,) in rows]
        joined.update(itertools.pairwise(members))
    store.connection.executemany(
        "DELETE FROM near_copy WHERE first = ?", ((first,) for first in touched)
    )
    store.connection.executemany(
        "INSERT INTO near_copy SELECT number, ? FROM document WHERE id = ?",
        ((group[0], id_) for group in copies.connected(joined) for id_ in group),
    )
