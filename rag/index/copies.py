"""Near-copies among the documents of an index, by MinHash and locality-sensitive hashing.

datasketch makes a signature of each document when it is staged; it depends on the document alone.
Groups depend on all documents: each run that changes something brings them in step
(`rag/index/regroup.py`), inside the transaction that publishes it, so that they are the same
whatever runs led there. Shared sentences are found when they are asked for.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from rag.copies import FEWEST_PAIRS, near_copies, wording, words_of
from rag.index.store import Store
from rag.types import JSON, Document, Span

if TYPE_CHECKING:
    from datasketch import MinHash

# Documents are compared by their runs of this many words: reports of one event share names and
# phrases of two or three words, rarely five in a row.
RUN_WORDS = 5
# Near-copies share this part of the runs of the shorter one: one changed word in eight leaves half.
# Newsroom train, with its syndicated paragraphs: reports of one event share at most 0.15.
SHARED_RUNS = 0.5
# A wire story is cut to a third at most; what stands whole in a far longer document (a digest, a
# collection) must not tie all that stands there into one group.
SHORTEST_PART = 1 / 3
# Too few runs to tell a copy by a part of them: only equal texts are copies then.
FEWEST_RUNS = 20
# 128 values estimate a similarity to within 0.04.
DOCUMENT_VALUES = 128
# Sentences are only proposed by their signatures and then compared word by word.
SENTENCE_VALUES = 32
# What a near-copy three times as long still has; most of the pairs proposed by chance have less.
ALIKE_SENTENCES = 0.125
FEWEST_SENTENCE_WORDS = FEWEST_PAIRS + 1


class Ordered(Protocol):
    """What can be sorted and be a key."""

    def __lt__(self, other: Any, /) -> bool: ...
    def __hash__(self) -> int: ...


Item = TypeVar("Item", bound=Ordered)
Values = NDArray[np.uint32]
Place = tuple[str, Span]
"""A sentence: the id of its document and its range there."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What is kept of a document for finding copies.

    `runs` counts its different runs of words; `values` are their `DOCUMENT_VALUES` MinHash values,
    little-endian uint32; `sentences` the sentences that are long enough to be told apart, and
    `sentence_values` their `SENTENCE_VALUES` values each, one after the other.
    """

    runs: int
    values: bytes
    sentences: tuple[Span, ...]
    sentence_values: bytes

    def to_json(self) -> list[JSON | int | str | list[list[int]]]:
        spans = [[span.start, span.end] for span in self.sentences]
        return [self.runs, self.values.hex(), spans, self.sentence_values.hex()]


def sign(document: Document, sentences: Sequence[Span]) -> Signature:
    """The signature of a document with these sentences; page furniture is in none of them."""
    split = [(span, words_of(document.text[span.start : span.end])) for span in sentences]
    words = [word for _, found in split for word in found]
    long = [(span, found) for span, found in split if len(found) >= FEWEST_SENTENCE_WORDS]
    runs = _runs(words, RUN_WORDS)
    return Signature(
        len(runs),
        _minhash(runs, DOCUMENT_VALUES),
        tuple(span for span, _ in long),
        b"".join(_minhash(_runs(found, 2), SENTENCE_VALUES) for _, found in long),
    )


def _runs(words: Sequence[str], length: int) -> set[bytes]:
    """The runs of so many words; all of them where there are fewer."""
    ends = range(min(length, len(words)), len(words) + 1) if words else ()
    return {" ".join(words[max(end - length, 0) : end]).encode() for end in ends}


@cache
def _empty(size: int) -> MinHash:
    """An empty signature, kept: drawing the permutations anew would take most of the time."""
    # It imports SciPy, 0.4 s: only indexing pays for it.
    from datasketch import MinHash  # noqa: PLC0415

    return MinHash(num_perm=size, hashfunc=zlib.crc32, scheme="affine32")


def _minhash(items: Iterable[bytes], size: int) -> bytes:
    signature = _empty(size).copy()
    signature.update_batch(items)
    return bytes(signature.hashvalues.astype("<u4").tobytes())


# Groups of documents


def document_groups(signatures: Mapping[str, tuple[int, bytes]]) -> dict[str, str]:
    """For each document that has near-copies, the first id of its group, in the order of the ids.

    `signatures` are, by document id, the number of runs and the values of `Signature`.
    """
    ids = sorted(id_ for id_, (runs, _) in signatures.items() if runs)
    runs = np.array([signatures[id_][0] for id_ in ids], dtype=np.int64)
    values = _matrix([signatures[id_][1] for id_ in ids], DOCUMENT_VALUES)
    ones, others = _candidates(values)
    alike = np.mean(values[ones] == values[others], axis=1)
    near = are_near(runs[ones], runs[others], alike)
    groups = connected(zip(ones[near].tolist(), others[near].tolist(), strict=True))
    return {ids[number]: ids[group[0]] for group in groups for number in group}


def are_near(
    ones: NDArray[np.int64], others: NDArray[np.int64], alike: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Which pairs of documents are near-copies, by their numbers of runs and share of values."""
    fewer, more = np.minimum(ones, others), np.maximum(ones, others)
    # The similarity is shared / (fewer + more - shared).
    shared = alike / (1 + alike) * (fewer + more)
    in_part = (shared >= SHARED_RUNS * fewer) & (fewer >= SHORTEST_PART * more)
    return np.asarray(np.where(fewer < FEWEST_RUNS, (alike == 1) & (fewer == more), in_part))


def _matrix(rows: Sequence[bytes], size: int) -> Values:
    return np.frombuffer(b"".join(rows), dtype="<u4").reshape(-1, size)


def _candidates(values: Values) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of rows that agree in a band of two values, so that hardly a similar pair is missed.

    Of the many rows that agree in one band each is paired with the next and with the first: a
    thousand copies of one text are joined by two thousand pairs, not by half a million.
    """
    count = len(values)
    bands = np.ascontiguousarray(values).view("<u8")
    keys = [np.empty(0, dtype=np.int64)]
    for band in bands.T if count else ():
        order = np.argsort(band, kind="stable")
        same = band[order][1:] == band[order][:-1]
        starts = np.maximum.accumulate(np.where(np.append(False, same), 0, np.arange(count)))
        for earlier in (order[:-1], order[starts[1:]]):
            keys.append((earlier * count + order[1:])[same])
    pairs = np.unique(np.concatenate(keys))
    return pairs // max(count, 1), pairs % max(count, 1)


def connected(pairs: Iterable[tuple[Item, Item]]) -> list[list[Item]]:
    """The groups of items that the pairs connect, each sorted, sorted by their first."""
    parent: dict[Item, Item] = {}

    def root(number: Item) -> Item:
        while (above := parent.setdefault(number, number)) != number:
            parent[number] = parent[above]  # halves the way of the next one who asks
            number = above
        return number

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        parent[second] = first
    groups = defaultdict(list)
    for number in sorted(parent):
        groups[root(number)].append(number)
    return sorted(groups.values())


# In the store


def insert(store: Store, document: int, encoded: list[object]) -> None:
    """Store a document's signature, in the form of `Signature.to_json`."""
    runs, values, sentences, sentence_values = encoded
    store.connection.execute(
        "INSERT INTO signature VALUES (?, ?, ?, ?, ?)",
        (
            document,
            runs,
            bytes.fromhex(str(values)),
            json.dumps(sentences),
            bytes.fromhex(str(sentence_values)),
        ),
    )


def regroup(store: Store) -> None:
    """Find the groups of all documents anew; part of the transaction that changes documents."""
    rows = store.connection.execute(
        "SELECT d.id, d.number, s.runs, s.minhash FROM document d JOIN signature s "
        "ON s.document = d.number"
    ).fetchall()
    numbers = {id_: number for id_, number, _, _ in rows}
    groups = document_groups({id_: (runs, values) for id_, _, runs, values in rows})
    store.connection.execute("DELETE FROM near_copy")
    store.connection.executemany(
        "INSERT INTO near_copy VALUES (?, ?)",
        ((numbers[id_], first) for id_, first in groups.items()),
    )


def group_of(store: Store, document_id: str) -> str:
    """The name that all near-copies of a document share: the first one's id, or its own id."""
    row = store.connection.execute(
        "SELECT n.first FROM near_copy n JOIN document d ON d.number = n.document WHERE d.id = ?",
        (document_id,),
    ).fetchone()
    return str(row[0]) if row else document_id


def groups(store: Store) -> list[tuple[str, ...]]:
    """The groups of near-copies by document id, each in the order of the ids."""
    found: dict[str, list[str]] = defaultdict(list)
    for first, document_id in store.connection.execute(
        "SELECT n.first, d.id FROM near_copy n JOIN document d ON d.number = n.document "
        "ORDER BY n.first, d.id"
    ):
        found[first].append(document_id)
    return [tuple(ids) for ids in found.values()]


def shared_sentences(store: Store) -> list[tuple[Place, ...]]:
    """Sentences that stand, word for word or nearly, in documents that are no near-copies.

    Each with all its places; the time grows with the number of sentences in the index.
    """
    firsts = {id_: group[0] for group in groups(store) for id_ in group}
    places: list[Place] = []
    values: list[bytes] = []
    for id_, spans, encoded in store.connection.execute(
        "SELECT d.id, s.sentences, s.sentence_minhash FROM document d JOIN signature s "
        "ON s.document = d.number ORDER BY d.id"
    ):
        places += [(id_, Span(start, end)) for start, end in json.loads(spans)]
        values.append(encoded)
    matrix = _matrix(values, SENTENCE_VALUES)
    ones, others = _candidates(matrix)
    alike = np.mean(matrix[ones] == matrix[others], axis=1) >= ALIKE_SENTENCES
    ones, others = ones[alike], others[alike]
    pairs = [
        (one, other)
        for one, other in zip(ones.tolist(), others.tolist(), strict=True)
        if places[one][0] != places[other][0]
        and firsts.get(places[one][0], one) != firsts.get(places[other][0], other)
    ]
    texts = _texts(store, {places[number] for pair in pairs for number in pair})
    near = (
        (one, other)
        for one, other in pairs
        if near_copies(wording(texts[places[one]]), wording(texts[places[other]]))
    )
    return [tuple(places[number] for number in group) for group in connected(near)]


def _texts(store: Store, places: Iterable[Place]) -> dict[Place, str]:
    """The sentences of these places; each document's text is read once."""
    wanted: dict[str, list[Span]] = defaultdict(list)
    for id_, span in places:
        wanted[id_].append(span)
    found: dict[Place, str] = {}
    for id_, spans in wanted.items():
        document = store.document(id_)
        if document is not None:
            found.update(((id_, s), document.text[s.start : s.end]) for s in spans)
    return found
