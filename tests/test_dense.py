"""Nearest vectors: exact while few, near enough when many; the file stays while passages change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.encoding import Vectors
from rag.index import dense
from rag.index.dense import DenseIndex, Main, keep_file
from rag.index.store import Store

SIZE = 16


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.create(tmp_path)
    made.connection.execute(
        "INSERT INTO document VALUES (1, 'a', 'a', '', '', '', '', '', '', '', 1, 1)"
    )
    yield made
    made.close()


def clustered(seed: int, count: int) -> Vectors:
    """Unit vectors about 20 centres."""
    dice = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(20, SIZE))
    vectors = centres[dice.integers(20, size=count)] + 0.4 * dice.normal(size=(count, SIZE))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def add(store: Store, vectors: Vectors) -> None:
    with store.transaction():
        for vector in vectors:
            number = store.connection.execute(
                "INSERT INTO vector (digest, data) VALUES (randomblob(32), ?)", (vector.tobytes(),)
            ).lastrowid
            store.connection.execute(
                "INSERT INTO passage VALUES (NULL, 1, 0, 1, '[]', ?)", (number,)
            )


def remove(store: Store, numbers: list[int]) -> None:
    with store.transaction():
        for number in numbers:
            store.connection.execute("DELETE FROM passage WHERE number = ?", (number,))
            if number <= Main.of(store).last:
                store.connection.execute("INSERT INTO gone VALUES (?)", (number,))


def exact(store: Store, vector: Vectors, limit: int) -> list[int]:
    [(numbers, vectors)] = store.vectors(SIZE)
    order = np.lexsort((numbers, -(vectors @ vector)))[:limit]
    return [int(number) for number in numbers[order]]


def found(index: DenseIndex, vector: Vectors, limit: int) -> list[int]:
    return [number for number, _ in index.search(vector, limit)]


def recall(store: Store, index: DenseIndex) -> float:
    return float(
        np.mean(
            [
                len({*found(index, query, 30)[:10]} & {*exact(store, query, 10)}) / 10
                for query in clustered(9, 20)
            ]
        )
    )


@pytest.fixture(params=[False, True], ids=["flat", "lists"])
def quantised(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    if request.param:
        monkeypatch.setattr(dense, "FLAT_PASSAGES", 500)
        monkeypatch.setattr(dense, "LISTS_PER_ROOT", 0.4)
        monkeypatch.setattr(dense, "PROBED_LISTS", 9)
    return bool(request.param)


def test_the_file_stays_while_few_passages_change(store: Store, quantised: bool) -> None:
    vectors, later = clustered(1, 1_000), clustered(2, 50)
    add(store, vectors)
    keep_file(store, SIZE)
    [path] = store.folder.glob("dense-*")
    before = DenseIndex.load(store, SIZE)
    assert len(before) == 1_000
    assert found(before, vectors[0], 1) == [1]
    remove(store, [1, 500])
    add(store, later)
    keep_file(store, SIZE)
    assert list(store.folder.glob("dense-*")) == [path]
    for index in (DenseIndex.load(store, SIZE), DenseIndex.load(store, SIZE, before)):
        assert len(index) == 1_048
        assert 1 not in found(index, vectors[0], 1_048)
        assert found(index, later[0], 1) == [1_001]
        assert recall(store, index) >= (0.95 if quantised else 1.0)
    remove(store, [1_001])
    again = DenseIndex.load(store, SIZE, index)
    assert (len(again), 1_001 in found(again, later[0], 20)) == (1_047, False)


def test_many_changes_are_worked_into_the_file(store: Store, quantised: bool) -> None:
    add(store, clustered(1, 1_000))
    keep_file(store, SIZE)
    first = Main.of(store)
    remove(store, list(range(1, 60)))
    add(store, clustered(2, 60))
    keep_file(store, SIZE)
    main = Main.of(store)
    assert [path.name for path in store.folder.glob("dense-*")] == [f"dense-{main.name}.faiss"]
    assert main.name != first.name
    assert (main.last, main.passages, main.trained_for) == (1_060, 1_001, 1_000 * quantised)
    assert store.connection.execute("SELECT count(*) FROM gone").fetchone()[0] == 0
    index = DenseIndex.load(store, SIZE)
    assert len(index) == 1_001
    assert recall(store, index) >= (0.95 if quantised else 1.0)


@pytest.mark.usefixtures("quantised")
def test_scores_are_cosines_and_a_filter_is_kept(store: Store) -> None:
    vectors = clustered(1, 1_000)
    add(store, vectors)
    keep_file(store, SIZE)
    add(store, vectors[:5])
    index = DenseIndex.load(store, SIZE)
    query = clustered(9, 1)[0]
    allowed = np.array([3, 17, 400, 999, 1_002])
    got = index.search(query, 10, allowed)
    expected = {n: float(vectors[(n - 1) % 1_000] @ query) for n in allowed.tolist()}
    assert dict(got) == {number: pytest.approx(one, abs=1e-6) for number, one in expected.items()}
    assert [score for _, score in got] == sorted((score for _, score in got), reverse=True)
    assert index.search(query, 10, allowed[:0]) == []
    assert [n for n, _ in index.search(query, 2, allowed)] == [n for n, _ in got[:2]]


@pytest.mark.usefixtures("quantised")
def test_a_file_that_is_lost_damaged_or_of_others_is_not_used(store: Store) -> None:
    add(store, clustered(1, 1_000))
    keep_file(store, SIZE)
    query = clustered(9, 1)[0]
    expected = found(DenseIndex.load(store, SIZE), query, 10)
    path = Main.of(store).path(store)
    whole = path.read_bytes()
    other = Store.create(store.folder / "other")
    other.connection.execute(
        "INSERT INTO document VALUES (1, 'a', 'a', '', '', '', '', '', '', '', 1, 1)"
    )
    add(other, clustered(3, 900))
    keep_file(other, SIZE)
    foreign = Main.of(other).path(other).read_bytes()
    other.close()
    for damage in (b"", b"nothing", whole[:2_000], whole[:-2_000], foreign):
        path.write_bytes(damage)
        assert found(DenseIndex.load(store, SIZE), query, 10) == expected
    keep_file(store, SIZE)
    assert Main.of(store).path(store) != path  # the writer mends it
    Main.of(store).path(store).unlink()
    remove(store, [expected[0]])
    index = DenseIndex.load(store, SIZE)
    assert (len(index), found(index, query, 4)) == (999, expected[1:5])
    keep_file(store, SIZE)
    assert Main.of(store).passages == 999


def test_an_index_without_passages_finds_nothing(store: Store) -> None:
    keep_file(store, SIZE)
    index = DenseIndex.load(store, SIZE)
    assert (len(index), index.search(clustered(1, 1)[0], 10)) == (0, [])
