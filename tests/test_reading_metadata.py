"""`metadata.jsonl` beside the documents, and the key that tells whether one changed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from rag.errors import ReadingError
from rag.reading import FileRef, Metadata, MetadataIndex, content_key, find_files, read_document
from rag.types import Skipped

TEXT = "Harbour opens\nPublished On 5 Sep 2025\n\nIt rained in Oslo.\n"


def put(root: Path, name: str, text: str = TEXT) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def describe(root: Path, *entries: object, folder: str = ".") -> None:
    lines = (entry if isinstance(entry, str) else json.dumps(entry) for entry in entries)
    put(root / folder, "metadata.jsonl", "\n".join(lines))


def ref(root: Path, name: str) -> FileRef:
    return next(ref for ref in find_files(root).files if ref.relative == name)


def title(root: Path, name: str) -> str:
    return MetadataIndex().entry(ref(root, name)).title


def test_an_entry_comes_first_and_the_rest_is_filled_from_the_text(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "---\ntitle: Front\nauthor: Ann Poe\n---\n" + TEXT)
    describe(tmp_path, {"document": "a.md", "title": "Given", "publisher": "Ystad Post"})
    source = read_document(ref(tmp_path, "a.md"), "docs/a.md", MetadataIndex()).source
    assert (source.id, source.title, source.publisher, source.author, source.published) == (
        "docs/a.md",
        "Given",
        "Ystad Post",
        "Ann Poe",
        "2025-09-05",
    )


@pytest.mark.parametrize("key", ["document", "file", "id"])
@pytest.mark.parametrize("name", ["sub/a.txt", "./sub/a.txt", "sub\\a.txt", "sub/a", "a.txt", "a"])
def test_a_file_is_named_by_path_or_name(tmp_path: Path, key: str, name: str) -> None:
    put(tmp_path, "sub/a.txt")
    describe(tmp_path, {key: name, "title": "Given"})
    assert title(tmp_path, "sub/a.txt") == "Given"


def test_a_bare_name_means_the_file_beside_first(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    put(tmp_path, "sub/a.txt")
    describe(tmp_path, {"file": "a.txt", "title": "Given"})
    assert title(tmp_path, "a.txt") == "Given"
    assert title(tmp_path, "sub/a.txt") == ""


def test_the_nearest_folder_wins_and_of_two_lines_the_last(tmp_path: Path) -> None:
    put(tmp_path, "sub/a.txt")
    describe(tmp_path, {"file": "sub/a.txt", "title": "Far"})
    assert title(tmp_path, "sub/a.txt") == "Far"
    describe(
        tmp_path,
        {"file": "a.txt", "title": "Near"},
        {"file": "a.txt", "title": "Nearest"},
        folder="sub",
    )
    assert title(tmp_path, "sub/a.txt") == "Nearest"


def test_a_decomposed_name_is_the_same_name(tmp_path: Path) -> None:
    put(tmp_path, "cafe\u0301.txt")
    describe(tmp_path, {"file": "café.txt", "title": "Given"})
    assert title(tmp_path, "cafe\u0301.txt") == "Given"


def test_bad_lines_are_reported_with_file_and_line_and_the_rest_is_used(tmp_path: Path) -> None:
    put(tmp_path, "sub/a.txt")
    describe(
        tmp_path,
        "{broken",
        "",
        "[1]",
        {"title": "No file"},
        {"file": "a.txt", "date": "some day"},
        {"file": "a.txt", "title": 7},
        {"file": "a.txt", "title": "\ud800"},
        {"file": "a.txt", "title": "Given", "date": "March 5, 2025"},
        folder="sub",
    )
    index = MetadataIndex()
    expected = Metadata(title="Given", published="2025-03-05")
    assert [index.entry(ref(tmp_path, "sub/a.txt")) for _ in range(2)] == [expected] * 2
    starts = [
        "line 1: not valid JSON (",
        "line 3: not a JSON object",
        "line 4: no file is named",
        "line 5: 'some day' is not a date; write it as YYYY-MM-DD",
        "line 6: 'title' is not a string",
        "line 7: 'title' holds half of a character",
    ]
    assert [problem.path for problem in index.problems] == ["sub/metadata.jsonl"] * len(starts)
    for problem, start in zip(index.problems, starts, strict=True):
        assert problem.reason.startswith(start)


def test_an_unreadable_metadata_file_is_reported(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    (tmp_path / "metadata.jsonl").mkdir()
    index = MetadataIndex()
    assert index.entry(ref(tmp_path, "a.txt")) == Metadata()
    assert index.problems == (Skipped("metadata.jsonl", "it is not a regular file"),)


def test_the_key_changes_with_the_file_or_its_entry_only(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    put(tmp_path, "b.txt")
    first = content_key(ref(tmp_path, "a.txt"))
    assert first == content_key(ref(tmp_path, "a.txt"), MetadataIndex())
    describe(tmp_path, {"file": "b.txt", "title": "Other"})
    assert content_key(ref(tmp_path, "a.txt")) == first
    describe(tmp_path, {"file": "a.txt", "title": "Given"})
    described = content_key(ref(tmp_path, "a.txt"))
    put(tmp_path, "a.txt", TEXT + "More.")
    changed = content_key(ref(tmp_path, "a.txt"))
    assert len({first, described, changed}) == 3
    source = read_document(ref(tmp_path, "a.txt"), "a.txt").source
    assert source.sha256 == hashlib.sha256((TEXT + "More.").encode()).hexdigest()


def test_the_key_of_a_file_that_vanished_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    gone = ref(tmp_path, "a.txt")
    gone.path.unlink()
    with pytest.raises(ReadingError, match="not there any more"):
        content_key(gone)
