"""No model, foreign vectors, a full disk, two writers: told clearly, and nothing is lost."""

from __future__ import annotations

import multiprocessing
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rag.cli import main
from rag.encoding import DEFAULT_MODEL
from rag.encoding.folders import MODULES_FILE, model_folder
from rag.engine import Engine
from rag.errors import CitableError, IndexDamagedError, IndexWriteError
from rag.index.update import update_index
from tests.conftest import ROOT
from tests.fakes import WordEncoder


def model_error(folder: Path, corpus: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What indexing with the model of a folder prints."""
    assert main(["index", str(corpus), "--index", "built", "--model", str(folder)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return printed.err


def test_a_folder_that_is_no_model(
    corpus: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    told = f"citable: {corpus} is not a sentence-transformers model: it has no modules.json; "
    assert model_error(corpus, corpus, capsys).startswith(told)
    # A transformers model alone does not say how its vectors are pooled.
    plain = tmp_path / "plain"
    shutil.copytree(model_folder(DEFAULT_MODEL), plain)
    (plain / MODULES_FILE).unlink()
    assert f"{plain} is not a sentence-transformers model" in model_error(plain, corpus, capsys)
    assert not (tmp_path / "built").exists()


@pytest.mark.model
@pytest.mark.parametrize("damage", ["modules", "weights", "gone"])
def test_a_damaged_model(
    corpus: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    damage: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "model"
    shutil.copytree(model_folder(DEFAULT_MODEL), folder)
    weights = folder / "model.safetensors"
    if damage == "modules":
        (folder / MODULES_FILE).write_text("{nonsense", encoding="utf-8")
    elif damage == "weights":
        weights.write_bytes(weights.read_bytes()[: 1 << 20])
    else:
        weights.unlink()
    told = model_error(folder, corpus, capsys)
    assert told.startswith(f"citable: cannot load the model in {folder}: ")
    assert told.endswith("; restore its files or name another with --model\n")


def test_vectors_of_another_dimension(corpus: Path, tmp_path: Path, encoder: WordEncoder) -> None:
    index = tmp_path / "index"
    update_index(index, [corpus], encoder)
    # A model that was changed in place and kept its name, say.
    narrow = WordEncoder(32)
    narrow.fingerprint = encoder.fingerprint
    with (
        Engine.open(index, encoder=narrow) as engine,
        pytest.raises(IndexDamagedError, match=r"vectors.* of another length.*--rebuild"),
    ):
        engine.search("ferry")


def _update_with_files_of_at_most(size: int, index: Path, corpus: Path) -> None:
    """In a process of its own: exits with 0 when done, with 3 when told that the disk is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        update_index(index, [corpus], WordEncoder())
    except IndexWriteError as error:
        sys.exit(3 if "the space on its disk" in str(error) else 4)
    except CitableError:
        sys.exit(5)
    sys.exit(0)


def test_a_full_disk_loses_nothing(corpus: Path, tmp_path: Path, encoder: WordEncoder) -> None:
    built = tmp_path / "built"
    update_index(built, [corpus], encoder)
    before = found(built)
    largest = max(path.stat().st_size for path in built.iterdir())
    for number in range(300):
        words = " ".join(f"word{number}x{other}" for other in range(120))
        (corpus / f"{number}.txt").write_text(f"The mill {number} grinds {words}.", "utf-8")
    outcomes = []
    for size in (largest, 2 * largest, 4 * largest, 8 * largest, 16 * largest, 1 << 30):
        index = tmp_path / f"index-{size}"
        shutil.copytree(built, index)
        process = multiprocessing.get_context("fork").Process(
            target=_update_with_files_of_at_most, args=(size, index, corpus)
        )
        process.start()
        process.join()
        outcomes.append(process.exitcode)
        if process.exitcode:
            assert found(index) == before
            # With more space it is made up for.
            assert len(update_index(index, [corpus], encoder).added) == 300
        with Engine.open(index, encoder=encoder) as engine:
            assert engine.status(with_copies=False).documents == 303
    assert set(outcomes) == {0, 3}, outcomes


def found(index: Path) -> list[tuple[str, str]]:
    """The documents of an index, and what a search finds in it."""
    with Engine.open(index, encoder=WordEncoder()) as engine:
        texts = [(source.id, engine.document(source.id).text) for source in engine.documents()]
        hits = [(hit.passage.id, hit.passage.text) for hit in engine.search("ferry tickets")]
        return texts + hits


WRITING = """
import sys, time
from pathlib import Path
from rag.index.update import update_index
from tests.fakes import WordEncoder

class Slow(WordEncoder):
    def encode(self, texts):
        print("writing", flush=True)
        sys.stdin.readline()
        return super().encode(texts)

update_index(Path(sys.argv[1]), [Path(sys.argv[2])], Slow())
"""


def test_the_second_of_two_writers_is_told(
    corpus: Path, tmp_path: Path, encoder: WordEncoder
) -> None:
    index = tmp_path / "index"
    with subprocess.Popen(
        [sys.executable, "-c", WRITING, str(index), str(corpus)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdin is not None
        assert first.stdout is not None
        assert first.stdout.readline() == "writing\n"
        with pytest.raises(IndexWriteError, match=r"another process .*is writing the index in"):
            update_index(index, [corpus], encoder)
        first.stdin.write("\n")
        first.stdin.flush()
        assert first.wait() == 0
    # The first was not disturbed, and the second may write now.
    assert len(update_index(index, [corpus], encoder).unchanged) == 3
