"""Groups of near-copies that are adjusted are those that are found anew, whatever the order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.index import copies, regroup
from rag.index.copies import document_groups, sign
from rag.index.regroup import Changes
from rag.index.store import Store
from rag.splitting import split_sentences
from rag.types import Document, Source


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.create(tmp_path)
    yield made
    made.close()


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one each time that all groups are found anew."""
    calls: list[int] = []
    whole = copies.regroup

    def counted(store: Store) -> None:
        calls.append(1)
        whole(store)

    monkeypatch.setattr(copies, "regroup", counted)
    return calls


def change(store: Store, texts: dict[str, str]) -> None:
    """Give documents these texts; a document with an empty one is removed."""
    changes = Changes()
    with store.transaction():
        for id_ in texts:
            row = store.connection.execute(
                "SELECT number FROM document WHERE id = ?", (id_,)
            ).fetchone()
            if row:
                changes.remove(store, row[0])
                store.connection.execute("DELETE FROM document WHERE number = ?", row)
        for id_, text in texts.items():
            if not text:
                continue
            document = Document(Source(id_), text)
            number = store.connection.execute(
                "INSERT INTO document VALUES (NULL, ?, ?, '', '', '', '', '', '', '', 0, 0)",
                (id_, id_),
            ).lastrowid
            assert number is not None
            signature = sign(document, split_sentences(document))
            copies.insert(store, number, list(signature.to_json()))
            changes.added.append(number)
        regroup.regroup(store, changes)
    assert copies.groups(store) == found_anew(store)


def found_anew(store: Store) -> list[tuple[str, ...]]:
    rows = store.connection.execute(
        "SELECT d.id, s.runs, s.minhash FROM document d JOIN signature s ON s.document = d.number"
    )
    groups: dict[str, list[str]] = {}
    signatures = {id_: (runs, values) for id_, runs, values in rows}
    for id_, first in document_groups(signatures).items():
        groups.setdefault(first, []).append(id_)
    return sorted(tuple(sorted(ids)) for ids in groups.values())


def sentences(seed: int, count: int) -> list[str]:
    dice = random.Random(seed)
    words = ["".join(dice.choices("abdegiklmnoprstuv", k=6)) for _ in range(400)]
    return [f"{' '.join(dice.choices(words, k=14)).capitalize()}." for _ in range(count)]


def test_a_chain_of_copies_is_torn_and_tied(store: Store, anew: list[int]) -> None:
    line = sentences(1, 12)
    change(store, {"a": " ".join(line[:8]), "c": " ".join(line[4:]), "e": " ".join(line[:3])})
    links = copies.groups(store)
    change(store, {"b": " ".join(line)})
    assert copies.groups(store) == [("a", "b", "c", "e")]
    change(store, {"b": ""})
    assert copies.groups(store) == links
    assert len(anew) == 1  # nothing ties what it tied
    change(store, {"b": " ".join(line), "a": "", "d": "Nothing of the kind."})
    change(store, {"b": "Nothing of that kind.", "d": " ".join(line)})
    change(store, {"c": "", "d": "", "e": "…"})
    assert copies.groups(store) == []
    assert len(anew) == 1


def test_copies_of_one_text_are_adjusted(store: Store, anew: list[int]) -> None:
    letter = sentences(2, 6)
    names = [f"{number:02}" for number in range(40)]
    for some in (names[:20], names[20:]):
        change(store, {name: " ".join([*letter, f"Dear {name}."]) for name in some})
    assert copies.groups(store) == [tuple(names)]
    change(store, {"00": "", "17": "", "99": " ".join(letter)})
    assert copies.groups(store) == [(*names[1:17], *names[18:], "99")]
    assert not anew


@pytest.mark.parametrize("seed", range(3))
def test_any_order_gives_the_same_groups(store: Store, anew: list[int], seed: int) -> None:
    """Documents that share parts of each other, and a line that stands below all of them."""
    dice, pool = random.Random(seed), sentences(seed, 16)
    below = "Send us a line about what you saw in the street where you live, and we will look."
    for _ in range(25):
        change(
            store,
            {
                f"{dice.randrange(24):02}": " ".join(
                    [*pool[(at := dice.randrange(14)) : at + dice.randrange(1, 7)], below]
                )
                if dice.random() < 0.8
                else ""
                for _ in range(dice.randrange(1, 4))
            },
        )
    assert len(anew) < 5


def test_many_changes_find_all_groups_anew(store: Store, anew: list[int]) -> None:
    change(store, {f"{n:02}": "One text for all of them." for n in range(regroup.MOST_CHANGED + 1)})
    assert len(anew) == 1
    assert len(copies.groups(store)) == 1
