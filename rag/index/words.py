"""The lexical index: SQLite's FTS5 with Porter stems and BM25, inside the one SQLite file.

Being in the same file it is committed together with what it indexes. It holds no text of its own
(`content=''`), so a deletion gives the text that was inserted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.index.store import Store
from rag.language import is_stop_word

# A title says what a passage is about; it counts as much as a word of the passage.
TITLE_WEIGHT, TEXT_WEIGHT = 1.0, 1.0

_WORD = re.compile(r"\w+")


def insert(store: Store, number: int, title: str, text: str) -> None:
    store.connection.execute(
        "INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", (number, title, text)
    )


def delete(store: Store, number: int, title: str, text: str) -> None:
    """Remove a passage; `title` and `text` are what was inserted for it."""
    store.connection.execute(
        "INSERT INTO words (words, rowid, title, text) VALUES ('delete', ?, ?, ?)",
        (number, title, text),
    )


def search(
    store: Store, question: str, limit: int, allowed: Sequence[int] | None = None
) -> list[tuple[int, float]]:
    """Passage numbers that share a word with the question, with BM25 scores, best first."""
    query = _query(question)
    if not query or (allowed is not None and not allowed):
        return []
    # FTS5 ranks every match before a join could filter it, so the filter is applied to the rows.
    rows = store.connection.execute(
        f"SELECT rowid, -bm25(words, {TITLE_WEIGHT}, {TEXT_WEIGHT}) AS score FROM words "
        "WHERE words MATCH ? ORDER BY score DESC, rowid" + ("" if allowed else " LIMIT ?"),
        (query,) if allowed else (query, limit),
    )
    if not allowed:
        return [(number, score) for number, score in rows]
    kept = set(allowed)
    return [(number, score) for number, score in rows if number in kept][:limit]


def scores_of(store: Store, question: str, numbers: Sequence[int]) -> dict[int, float]:
    """BM25 scores of these passages; those that share no word are missing."""
    query = _query(question)
    if not query or not numbers:
        return {}
    rows = store.connection.execute(
        f"SELECT rowid, -bm25(words, {TITLE_WEIGHT}, {TEXT_WEIGHT}) FROM words "
        f"WHERE words MATCH ? AND rowid IN ({','.join('?' * len(numbers))})",
        (query, *numbers),
    )
    return dict(rows.fetchall())


def _query(question: str) -> str:
    """An FTS5 query for any of the question's words, its stop words left out where others stay."""
    words = list(dict.fromkeys(_WORD.findall(question)))
    content = [word for word in words if not is_stop_word(word)] or words
    return " OR ".join(f'"{word}"' for word in content)
