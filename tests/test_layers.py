"""Imports go one way, and each heavy library has one module that knows it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# From the bottom up; a module may import modules of lower layers and of its own package.
LAYERS = (
    ("rag.question_words", "rag.markdown", "rag.authors", "rag.network", "rag.progress"),
    ("rag.addresses",),
    ("rag.errors", "rag.types", "rag.language", "rag.names"),
    ("rag.question", "rag.rephrasing", "rag.results", "rag.line"),
    ("rag.conversation",),
    ("rag.reading", "rag.splitting", "rag.encoding", "rag.values", "rag.days", "rag.copies"),
    ("rag.discourse", "rag.watching"),
    ("rag.index",),
    ("rag.retrieval", "rag.reader"),
    ("rag.merging", "rag.stance", "rag.enumerations"),
    ("rag.verdict", "rag.deeds", "rag.speakers", "rag.counts"),
    ("rag.statements",),
    ("rag.differing",),
    ("rag.drafting",),
    ("rag.answers", "rag.export", "rag.explained"),
    ("rag.engine",),
    ("rag",),
    ("rag.evaluation",),
    ("rag.page", "rag.doors", "rag.connections"),
    ("rag.training", "rag.options", "rag.serving", "rag.indexing"),
    ("rag.cli",),
    ("app",),
)
SOLE_IMPORTERS = {
    "datasketch": {"rag.index.copies"},
    "faiss": {"rag.index.dense"},
    "gradio": {"rag.page"},
    "ir_measures": {"rag.evaluation.retrieval"},
    "jinja2": {"rag.evaluation.reporting"},
    "mcp": {"rag.doors.mcp"},
    "watchfiles": {"rag.watching"},
    "uvicorn": {"rag.serving", "rag.connections"},
    "sentence_transformers": {"rag.encoding.reference"},
    "sqlite3": {"rag.index.store", "rag.index.damage", "rag.index.terms"},
    "langchain_text_splitters": {"rag.splitting"},
}


def modules() -> Iterator[tuple[str, Path]]:
    for path in [*sorted((ROOT / "rag").rglob("*.py")), ROOT / "app.py"]:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield name.removesuffix(".__init__"), path


def imports(path: Path, top_level: bool = False) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in tree.body if top_level else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def layer(module: str) -> int:
    """The layer of the longest name that covers the module; `rag` itself covers only itself."""
    names = {name: number for number, names in enumerate(LAYERS) for name in names}
    covering = [
        name
        for name in names
        if module == name or (name != "rag" and module.startswith(f"{name}."))
    ]
    assert covering, f"{module} is in no layer"
    return names[max(covering, key=len)]


def package(module: str) -> str:
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize(("name", "path"), list(modules()))
def test_imports_go_down(name: str, path: Path) -> None:
    known = {module for module, _ in modules()}
    for imported in imports(path) & known:
        if package(imported) == package(name) and imported != "rag":
            continue
        assert layer(imported) < layer(name), f"{name} imports {imported}"


@pytest.mark.parametrize("library", sorted(SOLE_IMPORTERS))
def test_one_module_knows_each_library(library: str) -> None:
    importers = {
        name
        for name, path in modules()
        if any(i == library or i.startswith(f"{library}.") for i in imports(path))
    }
    assert importers, f"nothing imports {library}: mend SOLE_IMPORTERS"
    allowed = SOLE_IMPORTERS[library]
    strays = {n for n in importers if not any(n == a or n.startswith(f"{a}.") for a in allowed)}
    assert not strays


def test_opening_the_command_line_loads_nothing_heavy() -> None:
    heavy = {
        *("torch", "transformers", "sentence_transformers", "huggingface_hub", "onnx"),
        *("gradio", "scipy", "sklearn", "datasketch", "langchain_text_splitters", "trafilatura"),
        *("fastapi", "uvicorn", "mcp", "pydantic", "rag.page", "rag.serving", "watchfiles"),
    }
    served = (
        *("rag.page", "rag.doors", "rag.serving", "rag.training", "rag.watching"),
        "rag.connections",
    )
    for name, path in modules():
        if not name.startswith(served):
            assert not imports(path, top_level=True) & heavy, name
