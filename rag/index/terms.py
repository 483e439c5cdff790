"""The terms of a text: words in lower case without accents, cut to their Porter stems.

SQLite's FTS5 does it, in an index in memory that is emptied after each use.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable

TOKENIZER = "porter unicode61 remove_diacritics 2"

# A SQLite connection belongs to the thread that made it.
_local = threading.local()


def count_terms(texts: Iterable[tuple[int, str]]) -> list[tuple[str, int, int]]:
    """Rows (term, number, how often) of numbered texts, in the order of the terms and numbers.

    Numbers are at least 0 and each occurs once.
    """
    connection = _connection()
    try:
        connection.executemany("INSERT INTO text (rowid, words) VALUES (?, ?)", texts)
        return connection.execute(
            "SELECT term, doc, count(*) FROM term GROUP BY term, doc ORDER BY term, doc"
        ).fetchall()
    finally:
        connection.execute("INSERT INTO text (text) VALUES ('delete-all')")


def _connection() -> sqlite3.Connection:
    connection: sqlite3.Connection | None = getattr(_local, "connection", None)
    if connection is None:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.execute(
            f"CREATE VIRTUAL TABLE text USING fts5 (words, content='', tokenize='{TOKENIZER}')"
        )
        connection.execute("CREATE VIRTUAL TABLE term USING fts5vocab (text, instance)")
        _local.connection = connection
    return connection
