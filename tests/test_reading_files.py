"""Finding files: what is read, what is left out and what is reported."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from rag.errors import ReadingError
from rag.reading import file_digest, find_files


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Some text.\n", encoding="utf-8")


def names(root: Path) -> list[str]:
    return [ref.relative for ref in find_files(root).files]


def test_a_folder_gives_its_documents_sorted_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a.MD", "sub/deep/c.html", "d.pdf", "e.docx")
    write(
        tmp_path, ".hidden.txt", ".git/x.txt", "~$e.docx", "metadata.jsonl", "tool.py", "Makefile"
    )
    assert names(tmp_path) == ["a.MD", "b.txt", "d.pdf", "e.docx", "sub/deep/c.html"]
    assert find_files(tmp_path).skipped == ()


def test_refs_are_absolute_below_the_given_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "docs/in/a.txt")
    monkeypatch.chdir(tmp_path)
    (ref,) = find_files(Path("docs")).files
    assert (ref.path, ref.root, ref.relative) == (
        tmp_path / "docs/in/a.txt",
        tmp_path / "docs",
        "in/a.txt",
    )
    (alone,) = find_files(Path("docs/in/a.txt")).files
    assert (alone.root, alone.relative) == (tmp_path / "docs/in", "a.txt")


def test_an_empty_folder_has_no_files(tmp_path: Path) -> None:
    assert find_files(tmp_path).files == ()


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"gone: there is no such file or folder; check"):
        find_files(tmp_path / "gone")


def test_a_single_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "tool.py")
    with pytest.raises(ReadingError, match=r"tool\.py: this kind .* \.docx, .*\.txt"):
        find_files(tmp_path / "tool.py")


def test_loops_of_links_end_and_real_names_win(tmp_path: Path) -> None:
    write(tmp_path, "real/a.txt")
    (tmp_path / "real/loop").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "real")
    assert names(tmp_path) == ["real/a.txt"]


def test_links_that_lead_out_of_the_folder_are_reported(tmp_path: Path) -> None:
    write(tmp_path, "outside/a.txt", "outside/tool.py", "root/b.txt", "root/in/c.txt")
    root = tmp_path / "root"
    (root / "away").symlink_to(tmp_path / "outside")
    (root / "file.txt").symlink_to("../outside/a.txt")
    (root / "tool.py").symlink_to("../outside/tool.py")
    (root / "second.txt").symlink_to(root / "file.txt")
    (root / "near.txt").symlink_to("in/c.txt")
    found = find_files(root)
    assert [ref.relative for ref in found.files] == ["b.txt", "in/c.txt", "near.txt"]
    assert [item.path for item in found.skipped] == ["away", "file.txt", "second.txt"]
    assert {item.reason for item in found.skipped} == {
        "it is a link that leads out of the folder; index what it leads to by its own path"
    }
    # Whoever names a link means what it leads to.
    (tmp_path / "link").symlink_to(root / "in")
    assert names(tmp_path / "link") == ["c.txt"]
    assert names(root / "file.txt") == ["file.txt"]


def test_a_link_to_itself_is_reported(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    (tmp_path / "self.txt").symlink_to("self.txt")
    found = find_files(tmp_path)
    assert [ref.relative for ref in found.files] == ["a.txt"]
    assert [(item.path, item.reason) for item in found.skipped] == [
        ("self.txt", "it is a link that leads nowhere")
    ]


def test_names_that_could_forge_a_report_are_reported_in_one_line(tmp_path: Path) -> None:
    write(
        tmp_path,
        "up\\..\\..\\x.txt",
        "שלום ‏.txt",
        "a\nskipped: b.txt",
        "c\x1b[2J.txt",
        "d\u202etxt.md",
    )
    write(tmp_path, "e\x07/deep.txt")
    found = find_files(tmp_path)
    assert [ref.relative for ref in found.files] == ["up\\..\\..\\x.txt", "שלום ‏.txt"]
    assert [item.path for item in found.skipped] == [
        "a\\u000askipped: b.txt",
        "c\\u001b[2J.txt",
        "d\\u202etxt.md",
        "e\\u0007",
    ]
    assert all("control characters; rename it" in item.reason for item in found.skipped)


def test_a_broken_link_and_a_pipe_are_reported_not_opened(tmp_path: Path) -> None:
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    found = find_files(tmp_path)
    assert found.files == ()
    assert [(item.path, item.reason) for item in found.skipped] == [
        ("broken.txt", "it is a link that leads nowhere"),
        ("pipe.txt", "it is not a regular file"),
    ]


def test_a_name_that_is_not_utf8_is_reported(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("Text.")
    (skipped,) = find_files(tmp_path).skipped
    assert "not valid UTF-8" in skipped.reason
    assert skipped.path.startswith("caf\\")


def test_a_path_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    path.mkdir()
    with pytest.raises(ReadingError, match=r"caf\\.*not valid UTF-8"):
        find_files(path)


def test_a_folder_that_cannot_be_listed_is_reported_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The superuser may list every folder, so the refusal is played.
    write(tmp_path, "open/a.txt", "shut/b.txt")
    real = os.scandir

    def refusing(path: Path) -> os.scandir[str]:
        if Path(path).name == "shut":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    found = find_files(tmp_path)
    assert [ref.relative for ref in found.files] == ["open/a.txt"]
    (skipped,) = found.skipped
    assert skipped.path == "shut"
    assert "permission denied" in skipped.reason
    with pytest.raises(ReadingError, match="shut: permission denied"):
        find_files(tmp_path / "shut")


def test_the_digest_is_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc" * 1_000_000)
    assert file_digest(path) == hashlib.sha256(b"abc" * 1_000_000).hexdigest()
    with pytest.raises(ReadingError, match="not there any more"):
        file_digest(tmp_path / "gone.txt")
