from __future__ import annotations

import importlib.util
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from rag.engine import Engine
from rag.reader.similarity import SimilarityReader
from tests.fakes import WordEncoder

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"


@pytest.fixture(scope="session", autouse=True)
def interrupts() -> Iterator[None]:
    """A run in the background may ignore signals, and the processes that it starts inherit that."""
    names = [getattr(signal, name) for name in ("SIGINT", "SIGHUP") if hasattr(signal, name)]
    ignored = [number for number in names if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        own = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
        signal.signal(number, own)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One cache of exported models for the session, and never the user's own."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CITABLE_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def crowd() -> ModuleType:
    """The clients of the load benchmark: programs, people on the page, and the rude."""
    spec = importlib.util.spec_from_file_location("crowd", ROOT / "eval/benchmarks/crowd.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["crowd"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Three short documents about different things."""
    folder = tmp_path / "corpus"
    (folder / "towns").mkdir(parents=True)
    (folder / "bridge.txt").write_text(
        "The bridge at Orsa was closed on Monday.\nEngineers found cracks in two piers. "
        "“It will not open before June,” said Mayor Ida Holm.\n",
        encoding="utf-8",
    )
    (folder / "library.md").write_text(
        "# A new library\n\nThe library in Mora opened in 1998. It holds 40,000 books.\n",
        encoding="utf-8",
    )
    (folder / "towns" / "ferry.txt").write_text(
        "The ferry to Sollerön runs twice a day.\nTickets cost 45 kronor.\n", encoding="utf-8"
    )
    return folder


@pytest.fixture
def engine(corpus: Path, tmp_path: Path, encoder: WordEncoder) -> Iterator[Engine]:
    """The three documents, indexed in `tmp_path / "index"`."""
    reader = SimilarityReader(encoder)
    with Engine.build(corpus, index=tmp_path / "index", encoder=encoder, reader=reader) as built:
        yield built
