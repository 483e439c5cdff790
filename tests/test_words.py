"""BM25 over the postings: the scores of FTS5, whatever was added and removed before."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.index import words
from rag.index.store import Store
from rag.index.terms import TOKENIZER, count_terms


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(words, "ROW_BYTES", 5 * words.RECORD.itemsize)  # several rows a term
    made = Store.create(tmp_path)
    yield made
    made.close()


def made_up(count: int) -> dict[int, tuple[str, str]]:
    """Titles and texts by number; low words are frequent."""
    dice = random.Random(3)
    names = [f"{first}{second}rn" for first in "bdkmt" for second in "aeiou"]

    def some(most: int) -> str:
        return " ".join(names[int(25 * dice.random() ** 2)] for _ in range(dice.randrange(1, most)))

    return {number: (some(4), some(30)) for number in range(1, count + 1)}


def by_fts5(
    texts: dict[int, tuple[str, str]], question: str, limit: int
) -> list[tuple[int, float]]:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE t USING fts5 (title, text, tokenize='{TOKENIZER}')")
    connection.executemany(
        "INSERT INTO t (rowid, title, text) VALUES (?, ?, ?)",
        ((number, *both) for number, both in texts.items()),
    )
    rows = connection.execute(
        "SELECT rowid, -bm25(t) AS score FROM t WHERE t MATCH ? ORDER BY score DESC, rowid LIMIT ?",
        (" OR ".join(f'"{word}"' for word in question.split()), limit),
    ).fetchall()
    connection.close()
    return rows


QUESTIONS = ("barn", "turn tarn", "born durn marn nothing", "Bárn barns kern", "nothing")


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("limit", [3, 100])
def test_scores_are_those_of_fts5(store: Store, question: str, limit: int) -> None:
    texts = made_up(60)
    for at in range(1, 61, 7):
        words.insert(store, ((n, *texts[n]) for n in range(at, min(at + 7, 61))))
    gone = [1, 2, 30, 31, 32, 33, 34, 35, 60]
    words.delete(store, ((n, *texts.pop(n)) for n in gone))
    got = words.score(store, question).best(limit)
    expected = by_fts5(texts, question, limit)
    assert [score for _, score in got] == pytest.approx([score for _, score in expected], rel=1e-5)
    scores = dict(by_fts5(texts, question, 100))
    assert dict(got) == {n: pytest.approx(scores[n], rel=1e-5) for n, _ in got}


def test_a_filter_leaves_the_scores_and_an_empty_one_nothing(store: Store) -> None:
    words.insert(store, ((n, *both) for n, both in made_up(60).items()))
    scores = words.score(store, "turn barn")
    every = scores.best(60)
    allowed = np.array([5, 9, 40, 999])
    assert scores.best(60, allowed) == [row for row in every if row[0] in (5, 9, 40)]
    assert scores.best(2, allowed) == scores.best(60, allowed)[:2]
    assert scores.best(60, allowed[:0]) == []
    assert (scores.of(every[0][0]), scores.of(10_000)) == (every[0][1], 0.0)


def test_equal_scores_are_in_the_order_of_the_numbers(store: Store) -> None:
    words.insert(store, ((n, "", "the same words") for n in range(1, 20)))
    words.insert(store, [(20, "", "others"), (21, "", "of these"), (22, "", "are there")])
    assert [number for number, _ in words.score(store, "words").best(5)] == [1, 2, 3, 4, 5]


def test_nothing_stays_of_what_is_removed(store: Store) -> None:
    texts = made_up(30)
    words.insert(store, ((n, *both) for n, both in texts.items()))
    words.delete(store, ((n, *both) for n, both in texts.items()))
    assert store.connection.execute("SELECT count(*) FROM posting").fetchone() == (0,)
    assert (store.setting("words"), store.setting("worded_passages")) == ("0", "0")
    assert words.score(store, "turn barn").best(10) == []


def test_terms_are_stems_without_accents() -> None:
    assert count_terms([(4, "Bridges, a bridge"), (2, "Sollerön")]) == [
        ("a", 4, 1),
        ("bridg", 4, 2),
        ("solleron", 2, 1),
    ]
