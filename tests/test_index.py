"""The index: incremental, all or nothing, derived files rebuilt, refused where it does not fit."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import random
import signal
import sqlite3
import time
from pathlib import Path

import numpy as np
import pytest

from rag.engine import Engine
from rag.errors import (
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    IndexWriteError,
    ReadingError,
)
from rag.index import copies, update, words
from rag.index.damage import rebuild_command
from rag.index.dense import DenseIndex
from rag.index.store import FILE_NAME, Store
from rag.index.terms import count_terms
from rag.index.update import LOCK_NAME, update_index
from rag.splitting import split_sentences
from rag.types import Filters, IndexReport
from tests.fakes import WordEncoder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def state(folder: Path) -> dict[str, str]:
    """Document ids and texts, with every part of the index checked against every other."""
    store = Store.open(folder)
    try:
        with store.snapshot():
            assert store.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            blocks = list(store.vectors(64))
            numbers = [int(number) for block, _ in blocks for number in block]
            dense = DenseIndex.load(store, 64)
            assert len(dense) == len(numbers)
            for vectors in blocks:
                for number, vector in list(zip(*vectors, strict=True))[::10]:
                    only = np.array([number])
                    assert dense.search(vector, 1, only) == [(number, pytest.approx(1.0))]
            assert store.matching(Filters()).tolist() == numbers
            assert postings_found_anew(store, numbers) == stored_postings(store)
            texts = {s.id: store.document(s.id).text for s in store.sources()}  # type: ignore[union-attr]
            for passage in store.passages(numbers).values():
                assert passage.text == texts[passage.source.id][passage.start : passage.end]
            assert groups_found_anew(store) == copies.groups(store)
            return texts
    finally:
        store.close()


Postings = dict[str, list[tuple[int, int, int]]]


def stored_postings(store: Store) -> Postings:
    terms = store.connection.execute("SELECT DISTINCT term FROM posting ORDER BY term")
    return {term: words.postings(store, term).tolist() for (term,) in terms.fetchall()}


def postings_found_anew(store: Store, numbers: list[int]) -> Postings:
    """Passage, count and passage length for each term, by the texts alone."""
    passages = store.passages(numbers)
    found: Postings = {}
    for number in numbers:
        source = passages[number].source
        counted = count_terms([(0, f"{source.title}\n{passages[number].text}")])
        length = sum(count for *_, count in counted)
        for term, _, count in counted:
            found.setdefault(term, []).append((number, count, length))
    assert store.setting("words") == str(
        sum(count for rows in found.values() for _, count, _ in rows)
    )
    return dict(sorted(found.items()))


def groups_found_anew(store: Store) -> list[tuple[str, ...]]:
    """The groups of near-copies by the documents' texts alone."""
    documents = [store.document(source.id) for source in store.sources()]
    signed = {d.id: copies.sign(d, split_sentences(d)) for d in documents if d}
    found: dict[str, list[str]] = {}
    for id_, first in copies.document_groups(
        {id_: (one.runs, one.values) for id_, one in signed.items()}
    ).items():
        found.setdefault(first, []).append(id_)
    return sorted(tuple(sorted(ids)) for ids in found.values())


def test_build_then_update(corpus: Path, folder: Path, encoder: WordEncoder) -> None:
    report = update_index(folder, [corpus], encoder)
    assert report == IndexReport(("bridge.txt", "library.md", "towns/ferry.txt"), (), (), (), ())
    assert state(folder)["library.md"] == (corpus / "library.md").read_text(encoding="utf-8")

    (corpus / "bridge.txt").write_text("The bridge is open again.", encoding="utf-8")
    (corpus / "library.md").unlink()
    (corpus / "new.txt").write_text("A mill was built.", encoding="utf-8")
    encoder.encoded.clear()
    report = update_index(folder, [corpus], encoder)
    assert report == IndexReport(
        ("new.txt",), ("bridge.txt",), ("towns/ferry.txt",), ("library.md",), ()
    )
    assert encoder.encoded == ["The bridge is open again.", "A mill was built."]
    assert state(folder)["bridge.txt"] == "The bridge is open again."
    store = Store.open(folder)
    assert store.connection.execute("SELECT count(*) FROM vector").fetchone()[0] == 3
    store.close()


def test_an_update_without_changes_writes_nothing(
    corpus: Path, folder: Path, encoder: WordEncoder
) -> None:
    update_index(folder, [corpus], encoder)
    before = sorted(p.name for p in folder.glob("dense-*"))
    encoder.encoded.clear()
    assert len(update_index(folder, [corpus], encoder).unchanged) == 3
    assert encoder.encoded == []
    assert sorted(p.name for p in folder.glob("dense-*")) == before


def test_no_prune_keeps_what_is_gone(corpus: Path, folder: Path, encoder: WordEncoder) -> None:
    update_index(folder, [corpus], encoder)
    (corpus / "bridge.txt").unlink()
    assert update_index(folder, [corpus], encoder, prune=False).removed == ()
    assert "bridge.txt" in state(folder)


def test_other_folders_are_left_alone(
    corpus: Path, folder: Path, encoder: WordEncoder, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "bridge.txt").write_text("Another bridge.", encoding="utf-8")
    update_index(folder, [corpus], encoder)
    assert update_index(folder, [other], encoder).added == ("other/bridge.txt",)
    assert set(state(folder)) == {
        "bridge.txt", "library.md", "towns/ferry.txt", "other/bridge.txt"
    }  # fmt: skip


def test_a_moved_folder_keeps_its_ids(
    corpus: Path, folder: Path, encoder: WordEncoder, tmp_path: Path
) -> None:
    update_index(folder, [corpus], encoder)
    moved = tmp_path / "moved"
    corpus.rename(moved)
    report = update_index(folder, [moved], encoder)
    assert (report.added, report.removed) == ((), ())
    assert set(state(folder)) == {"bridge.txt", "library.md", "towns/ferry.txt"}


def test_metadata_change_is_a_change(corpus: Path, folder: Path, encoder: WordEncoder) -> None:
    update_index(folder, [corpus], encoder)
    row = {"document": "bridge.txt", "publisher": "The Orsa Post", "published": "2025-03-04"}
    (corpus / "metadata.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert update_index(folder, [corpus], encoder).changed == ("bridge.txt",)
    with Engine.open(folder, encoder=encoder) as engine:
        hits = engine.search("bridge ferry", filters=Filters(publishers=("The Orsa Post",)))
        assert {h.passage.source.id for h in hits} == {"bridge.txt"}
        assert engine.search("bridge", filters=Filters(published_from="2025-03-05")) == []
        dated = engine.search("ferry library", filters=Filters(published_to="2025-03-04"))
        assert {h.passage.source.id for h in dated} == {"bridge.txt"}


def test_a_file_given_by_itself_keeps_what_the_folder_above_says_of_it(
    corpus: Path, folder: Path, encoder: WordEncoder
) -> None:
    row = {"document": "towns/ferry.txt", "publisher": "The Orsa Post"}
    (corpus / "metadata.jsonl").write_text(json.dumps(row), encoding="utf-8")
    update_index(folder, [corpus], encoder)
    for path in (corpus / "towns" / "ferry.txt", corpus / "towns"):
        report = update_index(folder, [path], encoder)
        assert (report.changed, report.unchanged) == ((), ("towns/ferry.txt",))


def test_a_file_moved_between_folders_is_changed_and_not_removed(
    tmp_path: Path, folder: Path, encoder: WordEncoder
) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    (tmp_path / "a" / "mill.txt").write_text("The mill grinds rye.", encoding="utf-8")
    both = [tmp_path / "a", tmp_path / "b"]
    update_index(folder, both, encoder)
    (tmp_path / "a" / "mill.txt").rename(tmp_path / "b" / "mill.txt")
    report = update_index(folder, both, encoder)
    assert (report.added, report.removed) == ((), ())
    assert list(state(folder)) == ["mill.txt"]


def test_a_file_that_became_unreadable_keeps_its_document(
    corpus: Path, folder: Path, encoder: WordEncoder
) -> None:
    update_index(folder, [corpus], encoder)
    old = (corpus / "bridge.txt").read_text(encoding="utf-8")
    (corpus / "bridge.txt").write_bytes(b"\x00\x01\x02" * 100)
    report = update_index(folder, [corpus], encoder)
    assert [s.path for s in report.skipped] == ["bridge.txt"]
    assert state(folder)["bridge.txt"] == old


def test_identical_passages_are_encoded_once(
    folder: Path, encoder: WordEncoder, tmp_path: Path
) -> None:
    corpus = tmp_path / "copies"
    corpus.mkdir()
    for number in range(4):
        (corpus / f"{number}.txt").write_text("The same words here.", encoding="utf-8")
    update_index(folder, [corpus], encoder)
    assert encoder.encoded == ["The same words here."]
    assert len(state(folder)) == 4


def test_groups_of_copies_follow_the_documents(
    corpus: Path, folder: Path, encoder: WordEncoder
) -> None:
    def found() -> list[tuple[str, ...]]:
        state(folder)
        with Engine.open(folder, encoder=encoder) as engine:
            return list(engine.status().copies)

    names = "Ada Birk Cato Dag Elin Frey Gro Hild Ivar".split()
    wire = " ".join(
        f"The {name} left a pier of its own at dawn for the isle of {name}." for name in names
    )
    update_index(folder, [corpus], encoder)
    assert found() == []
    (corpus / "wire.txt").write_text(wire, encoding="utf-8")
    (corpus / "copy.txt").write_text(f"Ships leave\n\n{wire}", encoding="utf-8")
    update_index(folder, [corpus], encoder)
    assert found() == [("copy.txt", "wire.txt")]
    (corpus / "an.txt").write_text(wire, encoding="utf-8")
    update_index(folder, [corpus], encoder)
    assert found() == [("an.txt", "copy.txt", "wire.txt")]
    store = Store.open(folder)
    assert {copies.group_of(store, name) for name in ("an.txt", "wire.txt")} == {"an.txt"}
    assert copies.group_of(store, "bridge.txt") == "bridge.txt"
    store.close()
    update_index(folder, [corpus], encoder, rebuild=True)
    assert found() == [("an.txt", "copy.txt", "wire.txt")]
    (corpus / "an.txt").unlink()
    (corpus / "copy.txt").write_text("Nothing of the kind is told here.", encoding="utf-8")
    update_index(folder, [corpus], encoder)
    assert found() == []


def test_sentences_that_other_documents_share(
    corpus: Path, folder: Path, encoder: WordEncoder
) -> None:
    shared = "Engineers of the county found long cracks in two of the seven old piers on Monday."
    edited = shared.replace("found long", "found many")
    lines = {
        "a.txt": f"{shared} The ferry runs.",
        "b.txt": f"It rained before anybody went out to look. {edited} Nobody slept there.",
        "c.txt": "Two of the seven piers have cracks, say people who looked at them.",
    }
    for name, text in lines.items():
        (corpus / name).write_text(text, encoding="utf-8")
    update_index(folder, [corpus], encoder)
    store = Store.open(folder)
    assert [[id_ for id_, _ in places] for places in copies.shared_sentences(store)] == [
        ["a.txt", "b.txt"]
    ]
    assert copies.groups(store) == []
    store.close()
    # Whole copies of a document share all their sentences: these are not counted again.
    (corpus / "d.txt").write_text(lines["a.txt"], encoding="utf-8")
    (corpus / "b.txt").unlink()
    update_index(folder, [corpus], encoder)
    with Engine.open(folder, encoder=encoder) as engine:
        status = engine.status()
        assert (status.copies, status.shared_sentences) == ((("a.txt", "d.txt"),), 0)
        assert engine.status(with_copies=False).copies == ()


def test_a_lost_or_damaged_dense_file_is_rebuilt(
    corpus: Path, folder: Path, encoder: WordEncoder
) -> None:
    update_index(folder, [corpus], encoder)
    [dense] = folder.glob("dense-*.faiss")
    with Engine.open(folder, encoder=encoder) as engine:
        expected = engine.search("ferry tickets")
    for damage in (dense.unlink, lambda: dense.write_bytes(b"nothing")):
        damage()
        with Engine.open(folder, encoder=encoder) as engine:
            assert engine.search("ferry tickets") == expected


def test_dense_scores_equal_brute_force(corpus: Path, folder: Path, encoder: WordEncoder) -> None:
    update_index(folder, [corpus], encoder)
    store = Store.open(folder)
    [(numbers, vectors)] = store.vectors(64)
    query = encoder.encode(["the bridge in june"])[0]
    products = vectors @ query
    order = np.argsort(-products, kind="stable")
    found = DenseIndex.load(store, 64).search(query, 3)
    assert [n for n, _ in found] == [numbers[i] for i in order[:3]]
    assert [s for _, s in found] == pytest.approx(products[order[:3]].tolist(), abs=1e-6)
    store.close()


def test_another_encoder_is_refused_then_rebuilt(
    corpus: Path, folder: Path, encoder: WordEncoder
) -> None:
    update_index(folder, [corpus], encoder)
    other = WordEncoder(32, "other")
    with pytest.raises(IndexMismatchError, match=r"words:64.*other:32.*citable index .*--rebuild"):
        update_index(folder, [corpus], other)
    with pytest.raises(IndexMismatchError, match="--rebuild"):
        Engine.open(folder, encoder=other)
    update_index(folder, [corpus], other, rebuild=True)
    with Engine.open(folder, encoder=other) as engine:
        assert engine.search("ferry")[0].passage.source.id == "towns/ferry.txt"


def test_another_format_is_refused_then_rebuilt(
    corpus: Path, folder: Path, encoder: WordEncoder
) -> None:
    update_index(folder, [corpus], encoder)
    connection = sqlite3.connect(folder / FILE_NAME)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(IndexMismatchError, match=r"format 99.*citable index .*--rebuild"):
        Engine.open(folder, encoder=encoder)
    update_index(folder, [corpus], encoder, rebuild=True)
    assert len(state(folder)) == 3


def read_everything(folder: Path, encoder: WordEncoder) -> None:
    with Engine.open(folder, encoder=encoder) as engine:
        engine.search("bridge")
        engine.document("bridge.txt")


@pytest.mark.parametrize("damage", ["garbage", "truncated", "foreign", "text"])
def test_a_damaged_index_is_refused_then_rebuilt(
    corpus: Path, folder: Path, encoder: WordEncoder, damage: str
) -> None:
    update_index(folder, [corpus], encoder)
    path = folder / FILE_NAME
    data = path.read_bytes()
    if damage == "garbage":
        path.write_bytes(random.Random(1).randbytes(len(data)))
    elif damage == "truncated":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "foreign":
        path.unlink()
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE mine (a)")
        connection.close()
    else:
        path.write_bytes(data.replace(b"cracks in two piers", b"cracks in six piers"))
    with pytest.raises(IndexDamagedError, match="citable index"):
        read_everything(folder, encoder)
    update_index(folder, [corpus], encoder, rebuild=True)
    assert state(folder)["bridge.txt"] == (corpus / "bridge.txt").read_text(encoding="utf-8")


def test_a_missing_index_and_paths(folder: Path, encoder: WordEncoder, tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="citable index PATH"):
        Engine.open(folder, encoder=encoder)
    with pytest.raises(IndexMissingError, match=r"--index '.*/no such'`"):
        Engine.open(folder / "no such", encoder=encoder)
    assert rebuild_command(Path("my index"), ["/a b", "/a&b", "/c"]) == (
        "`citable index '/a b' '/a&b' /c --rebuild --index 'my index'`"
    )
    with pytest.raises(ReadingError, match="no such file or folder"):
        update_index(folder, [tmp_path / "nowhere"], encoder)
    assert not folder.exists()


def test_an_unwritable_folder(corpus: Path, encoder: WordEncoder, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(IndexWriteError, match="cannot write the index folder"):
        update_index(tmp_path / "file" / "index", [corpus], encoder)


def test_what_a_killed_run_encoded_does_not_stay(
    corpus: Path, folder: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update, "STAGED_TEXTS", 1)

    class Killed(WordEncoder):
        def encode(self, texts):  # type: ignore[no-untyped-def]
            if any("library" in text for text in texts):
                raise KeyboardInterrupt
            return super().encode(texts)

    with pytest.raises(KeyboardInterrupt):
        update_index(folder, [corpus], Killed())
    (corpus / "bridge.txt").write_text("The bridge is open again.", encoding="utf-8")
    update_index(folder, [corpus], encoder)
    assert state(folder)["bridge.txt"] == "The bridge is open again."
    store = Store.open(folder)
    assert store.connection.execute("SELECT count(*) FROM vector").fetchone() == (3,)
    assert store.connection.execute("SELECT count(*) FROM staged").fetchone() == (0,)
    store.close()


def test_one_writer_at_a_time(corpus: Path, folder: Path, encoder: WordEncoder) -> None:
    class Nested(WordEncoder):
        def encode(self, texts):  # type: ignore[no-untyped-def]
            with pytest.raises(IndexWriteError, match=r"another process \(\d+ on .*\) is writing"):
                update_index(folder, [corpus], encoder)
            return super().encode(texts)

    update_index(folder, [corpus], Nested())
    assert (folder / LOCK_NAME).exists()
    assert len(state(folder)) == 3


def test_readers_see_whole_states_while_a_writer_updates(
    corpus: Path, folder: Path, encoder: WordEncoder
) -> None:
    update_index(folder, [corpus], encoder)
    seen: list[str] = []
    reader = Engine.open(folder, encoder=encoder)

    class Watching(WordEncoder):
        def encode(self, texts):  # type: ignore[no-untyped-def]
            seen.append(reader.search("bridge")[0].passage.text)
            return super().encode(texts)

    (corpus / "bridge.txt").write_text("A bridge, rebuilt.", encoding="utf-8")
    update_index(folder, [corpus], Watching())
    assert seen
    assert all(text.startswith("The bridge at Orsa") for text in seen)
    assert reader.search("bridge")[0].passage.text == "A bridge, rebuilt."
    reader.close()


# Killed runs

KILLS = 60


def write_generation(corpus: Path, generation: int) -> dict[str, str]:
    """Rewrite a corpus of 60 files: some stay, some change, some come and go."""
    texts: dict[str, str] = {}
    for number in range(60):
        path = corpus / f"{number:02}.txt"
        if number % 5 == generation:
            path.unlink(missing_ok=True)
            continue
        version = generation if number % 3 == 0 else 0
        sentences = [f"Fact {i} of file {number} in version {version} stands." for i in range(40)]
        texts[path.name] = " ".join(sentences)
        path.write_text(texts[path.name], encoding="utf-8")
    return texts


def run_until_killed(corpus: Path, folder: Path, delay: float) -> float | None:
    """Index in a process that is killed after `delay` seconds; how long it took, if it ended."""
    child = multiprocessing.get_context("fork").Process(
        target=update_index, args=(folder, [corpus], WordEncoder())
    )
    started = time.monotonic()
    child.start()
    child.join(delay)
    child.kill()
    child.join()
    assert child.exitcode in (0, -signal.SIGKILL)
    return None if child.exitcode else time.monotonic() - started


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")
def test_a_killed_run_leaves_the_previous_index_or_the_new_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update, "STAGED_TEXTS", 8)  # many commits on the way
    corpus = tmp_path / "generations"
    corpus.mkdir()
    before = write_generation(corpus, 0)
    whole = run_until_killed(corpus, folder, 60)
    assert whole is not None
    assert state(folder) == before
    dice, killed, ended, generation = random.Random(7), 0, 0, 0
    for attempt in itertools.count():
        if killed == KILLS:
            break
        after = write_generation(corpus, 1 - generation)
        assert after != before
        # Now and then a run may end, however busy the machine is.
        delay = 60 if attempt % 8 == 7 else dice.uniform(0.0, whole)
        took = run_until_killed(corpus, folder, delay)
        killed += took is None
        whole = min(whole, took or whole)
        found = state(folder)
        assert found in (before, after)
        if found == after:
            before, generation, ended = after, 1 - generation, ended + 1
    assert ended > 0
    # Written anew: the last run may have been killed after its commit, or before it.
    wanted = write_generation(corpus, 1 - generation)
    update_index(folder, [corpus], WordEncoder())
    assert state(folder) == wanted
