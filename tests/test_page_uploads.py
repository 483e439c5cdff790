"""Documents that come in through the page: what is taken, what is refused, what stays as it was."""

from __future__ import annotations

import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.errors import CitableError, IndexWriteError, UnknownDocumentError
from rag.page import uploads as module
from rag.page.uploads import Outcome, Sent, Uploads, unfit_name


def sent(folder: Path, name: str, content: str | bytes) -> Sent:
    """A file as a browser sends it: under a name of its own somewhere else."""
    folder.mkdir(exist_ok=True)
    path = folder / f"arrived-{len(list(folder.iterdir()))}"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Sent(name, path, path.stat().st_size)


def ids(engine: Engine) -> list[str]:
    return [source.id for source in engine.documents()]


BEFORE = ["bridge.txt", "library.md", "towns/ferry.txt"]


def test_files_are_added_with_their_folders(engine: Engine, tmp_path: Path) -> None:
    lot = [
        sent(tmp_path / "in", "mill.txt", "The mill at Orsa burned on Tuesday.\n"),
        sent(tmp_path / "in", "old/kiln.md", "The kiln was cold.\n"),
    ]
    far: list[tuple[str, int, int]] = []
    outcomes = Uploads(engine).add(lot, lambda *step: far.append(step))
    assert outcomes == [
        Outcome("mill.txt", "added", "1 passage"),
        Outcome("old/kiln.md", "added", "1 passage"),
    ]
    assert ids(engine) == sorted([*BEFORE, "mill.txt", "old/kiln.md"])
    assert far[-1] == ("Reading and encoding", 2, 2)
    assert engine.search("mill burned")[0].passage.source.id == "mill.txt"
    assert not [path for path in Uploads(engine).folder.iterdir() if path.name.startswith(".")]


def test_a_name_that_is_there_is_replaced_or_left(engine: Engine, tmp_path: Path) -> None:
    uploads = Uploads(engine)
    uploads.add([sent(tmp_path / "in", "mill.txt", "The mill burned.\n")])
    again = uploads.add([sent(tmp_path / "in", "mill.txt", "The mill burned.\n")])
    assert [one.state for one in again] == ["already there"]
    [replaced] = uploads.add([sent(tmp_path / "in", "mill.txt", "The mill stands.\n")])
    assert replaced.state == "replaced"
    assert engine.document("mill.txt").text == "The mill stands.\n"


def test_a_file_of_a_name_in_the_users_folder_leaves_that_alone(
    engine: Engine, tmp_path: Path
) -> None:
    before = engine.document("bridge.txt").text
    Uploads(engine).add([sent(tmp_path / "in", "bridge.txt", "Another bridge.\n")])
    assert engine.document("bridge.txt").text == before
    assert engine.document("uploads/bridge.txt").text == "Another bridge.\n"


def test_an_added_document_is_removed_and_its_file_too(engine: Engine, tmp_path: Path) -> None:
    uploads = Uploads(engine)
    uploads.add([sent(tmp_path / "in", "old/kiln.md", "The kiln was cold.\n")])
    uploads.remove("old/kiln.md")
    assert ids(engine) == BEFORE
    assert list(uploads.folder.iterdir()) == []


def test_the_users_own_files_are_not_removed(engine: Engine, corpus: Path) -> None:
    with pytest.raises(CitableError, match="of your own folders"):
        Uploads(engine).remove("bridge.txt")
    with pytest.raises(UnknownDocumentError):
        Uploads(engine).remove("nothing.txt")
    assert ids(engine) == BEFORE
    assert (corpus / "bridge.txt").is_file()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../mill.txt", "leads to another place"),
        ("a/../../mill.txt", "leads to another place"),
        ("/etc/mill.txt", "leads to another place"),
        ("..\\mill.txt", "leads to another place"),
        ("C:\\mill.txt", "leads to another place"),
        ("", "leads to another place"),
        ("a//mill.txt", "leads to another place"),
        ("mi\x00ll.txt", "control characters"),
        ("mill\u202etxt.exe.txt", "control characters"),
        ("mi\ud800ll.txt", "control characters"),
        (".mill.txt", "hidden"),
        ("folder/.git/mill.txt", "hidden"),
        ("~$mill.docx", "hidden"),
        ("m" * 252 + ".txt", "longer than 255 bytes"),
        ("mill.exe", "cannot be read"),
        ("mill", "cannot be read"),
        ("metadata.jsonl", "cannot be read"),
    ],
)
def test_unfit_names(engine: Engine, tmp_path: Path, name: str, reason: str) -> None:
    [refused] = Uploads(engine).add([sent(tmp_path / "in", name, "The mill burned.\n")])
    assert refused.refused
    assert reason in refused.detail
    assert ids(engine) == BEFORE
    assert not list(tmp_path.rglob("mill*"))


def test_names_in_any_script_are_fit() -> None:
    for name in ("млин.txt", "工場/水車.md", "a b (2) [1].PDF", "<b>.html", "o’mill & co.txt"):
        assert unfit_name(name) == ""


def bomb(path: Path) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * 50_000_000)
    return path.read_bytes()


def test_broken_files_leave_the_index_and_the_older_file(engine: Engine, tmp_path: Path) -> None:
    uploads = Uploads(engine)
    uploads.add([sent(tmp_path / "in", "good.txt", "The mill burned.\n")])
    generation = engine.catalogue()
    lot = [
        sent(tmp_path / "in", "note.docx", "no zip"),
        sent(tmp_path / "in", "bomb.docx", bomb(tmp_path / "bomb")),
        sent(tmp_path / "in", "page.pdf", b"%PDF-1.7 and no more"),
        sent(tmp_path / "in", "empty.txt", ""),
        sent(tmp_path / "in", "good.txt/under.txt", "A file below a file.\n"),
        Sent("large.txt", None, module.MAX_FILE_BYTES + 1),
        Sent("lost.txt", None, 10),
    ]
    outcomes = uploads.add(lot)
    assert all(one.refused and one.detail for one in outcomes)
    assert len(outcomes) == len(lot)
    assert engine.catalogue() == generation
    assert [path.name for path in uploads.folder.iterdir()] == ["good.txt"]


def test_a_good_file_is_taken_beside_a_broken_one(engine: Engine, tmp_path: Path) -> None:
    lot = [
        sent(tmp_path / "in", "page.pdf", b"%PDF-1.7 and no more"),
        sent(tmp_path / "in", "mill.txt", "The mill burned.\n"),
    ]
    states = {one.name: one.state for one in Uploads(engine).add(lot)}
    assert states == {"page.pdf": "refused", "mill.txt": "added"}
    assert ids(engine) == sorted([*BEFORE, "mill.txt"])


def test_a_lot_that_is_too_large_is_refused_whole(engine: Engine) -> None:
    with pytest.raises(CitableError, match="too many at a time"):
        Uploads(engine).add([Sent(f"{n}.txt", None, 1) for n in range(module.MAX_FILES + 1)])
    assert ids(engine) == BEFORE


def test_an_index_that_cannot_be_written_keeps_files_and_documents(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads = Uploads(engine)
    uploads.add([sent(tmp_path / "in", "mill.txt", "The mill burned.\n")])

    def refuses(*_: object, **__: object) -> None:
        raise IndexWriteError("another process is writing")

    monkeypatch.setattr(engine, "update", refuses)
    for change in (
        lambda: uploads.add([sent(tmp_path / "in", "mill.txt", "The mill stands.\n")]),
        lambda: uploads.add([sent(tmp_path / "in", "new/one.txt", "One.\n")]),
        lambda: uploads.remove("mill.txt"),
    ):
        with pytest.raises(IndexWriteError):
            change()
    assert [path.name for path in uploads.folder.iterdir()] == ["mill.txt"]
    assert (uploads.folder / "mill.txt").read_text() == "The mill burned.\n"


def test_people_add_remove_and_ask_at_once(engine: Engine, tmp_path: Path) -> None:
    uploads = Uploads(engine)

    def come_and_go(name: str) -> None:
        for _ in range(3):
            [added] = uploads.add([sent(tmp_path / name, f"{name}.txt", f"The {name} burned.\n")])
            assert added.state == "added"
            uploads.remove(f"{name}.txt")
        uploads.add([sent(tmp_path / name, f"{name}.txt", f"The {name} burned.\n")])

    with ThreadPoolExecutor(2) as pool:
        people = [pool.submit(come_and_go, name) for name in ("mill", "kiln")]
        asked = 0
        while not all(one.done() for one in people) or not asked:
            for citation in engine.ask("The library in Mora opened in 1998.").citations:
                assert citation.source.id == "library.md"
            for hit in engine.search("burned"):
                assert hit.passage.text
            asked += 1
        for one in people:
            one.result()
    assert ids(engine) == sorted([*BEFORE, "kiln.txt", "mill.txt"])
