"""Makes an export of a sentence-transformers model, and checks its vectors against the model's.

The matrix products are int8 where the vectors stay close enough to the model's, fp32 elsewhere.
"""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidArgument, RuntimeException

from rag.encoding.exported import (
    FP32,
    GRAPH_FILE,
    INT8,
    PRECISIONS,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    Card,
    OnnxEncoder,
)
from rag.encoding.reference import NotExportableError, Parts, SentenceTransformerEncoder
from rag.network import digest_of
from rag.progress import Progress, silent

# Networks whose export has been seen to agree; others have masks or positions of their own.
NETWORKS = ("bert", "distilbert", "electra", "mpnet", "roberta", "xlm-roberta")
OPSET = 17
# An ONNX file of one piece, as torch writes it, holds no more.
MAX_BYTES = (1 << 31) - (1 << 24)
# Values smaller than this stay in the graph; the others are mapped into memory from the weights.
SMALL_BYTES = 1024
# The least cosine with the model's own vectors that each precision may have. In fp32, sums in
# another order differ by about 1e-7, a mistake in the graph by far more. In int8 the packaged model
# has 0.994 on average over the 5,183 abstracts of SciFact, at least 0.985, and finds as well as in
# fp32: nDCG@10 .651 for .645; with the vectors of the abstracts in fp32, .643.
LEAST_COSINE = {INT8: 0.98, FP32: 0.9999}
# The steps are to load the model, to encode the probes with it, to write and to check the export.
STAGE, STEPS = "Preparing the model, once", 4
PROBES = (
    "",
    "Rain.",
    "Who said that the harbour of Mora will close?",
    "“Straße”, naïve café, Żółw, 東京, Москва, 🐢🚢 — 3.5 million of them (in 2025)!",
    "  The ferry\truns twice a day.\n\nTickets cost 45 kronor; children travel free.  ",
    # Longer than any window.
    "The council of the town agreed on a plan to build a new bridge over the river. " * 80,
)


class ExportFailedError(Exception):
    """The export did not come about, which may be no fault of the model's: lack of memory, say."""


def export(
    reference: SentenceTransformerEncoder, folder: Path, progress: Progress = silent
) -> None:
    """Write the export of a model to an empty folder, as `OnnxEncoder` reads it.

    Raises NotExportableError, ExportFailedError, or OSError where the folder cannot be written.
    """
    progress(STAGE, 0, STEPS)
    parts = reference.parts()
    progress(STAGE, 1, STEPS)
    size = sum(value.numel() * value.element_size() for value in parts.network.parameters())
    if parts.network.config.model_type not in NETWORKS:
        raise NotExportableError(f"its network is a {parts.network.config.model_type}")
    if size > MAX_BYTES:
        raise NotExportableError("it is too large for one file")
    expected = reference.encode(PROBES)
    progress(STAGE, 2, STEPS)
    (folder / TOKENIZER_FILE).write_text(parts.tokenizer, encoding="utf-8")
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        whole = Path(temporary) / GRAPH_FILE
        _trace(parts, whole)
        progress(STAGE, 3, STEPS)
        for precision in PRECISIONS:
            try:
                _write(parts, whole, precision, folder)
                found = OnnxEncoder(folder, reference.fingerprint).encode(PROBES)
            except (Fail, InvalidArgument, RuntimeException, RuntimeError, ValueError) as error:
                if precision == INT8:
                    continue  # rounding has limits that the network itself has not
                raise ExportFailedError(f"ONNX Runtime: {error}") from error
            least = np.sum(found * expected, axis=1).min()
            if least >= LEAST_COSINE[precision]:
                return
    raise NotExportableError(f"its vectors differ: their cosine is {least:.5f}")


def _write(parts: Parts, whole: Path, precision: str, folder: Path) -> None:
    """The graph in a precision with its weights beside it, and the card."""
    # ONNX takes a second to import: only the first use of a model pays for it.
    import onnx  # noqa: PLC0415
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415

    if precision == INT8:
        rounded = whole.with_name("rounded.onnx")
        # Seven bits: two products of eight overflow the 16-bit sums of processors without VNNI.
        with _quietly():
            quantize_dynamic(
                whole, rounded, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
            )
        whole = rounded
    graph, weights = folder / GRAPH_FILE, folder / WEIGHTS_FILE
    weights.unlink(missing_ok=True)  # ONNX would write behind what is there
    onnx.save_model(
        onnx.load(str(whole)),
        str(graph),
        save_as_external_data=True,
        location=WEIGHTS_FILE,
        size_threshold=SMALL_BYTES,
    )
    # ONNX lets nobody else read the weights; whoever shares the cache has to.
    weights.chmod(graph.stat().st_mode)
    Card(
        precision=precision,
        dimensions=parts.dimensions,
        max_length=parts.max_length,
        pooling=parts.pooling,
        prompt=parts.prompt,
        graph=digest_of(graph),
        tokenizer=digest_of(folder / TOKENIZER_FILE),
        weights=digest_of(weights),
        weights_bytes=weights.stat().st_size,
    ).write(folder)


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the advice to prepare the graph, which is for networks of images."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def _trace(parts: Parts, whole: Path) -> None:
    """The network as a graph with free numbers of texts and tokens.

    Raises NotExportableError or ExportFailedError.
    """
    import torch  # noqa: PLC0415 (it takes seconds: only the first use of a model pays for it)

    class ByPosition(torch.nn.Module):
        """The network with its inputs by position, as a trace wants them."""

        def __init__(self) -> None:
            super().__init__()
            self.network = parts.network

        def forward(self, *fed: torch.Tensor) -> torch.Tensor:
            named = dict(zip(parts.inputs, fed, strict=True))
            hidden: torch.Tensor = self.network(**named).last_hidden_state
            return hidden

    # Two texts of different lengths: what is traced must not take either number for a constant.
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    ids = torch.where(mask == 1, parts.padding + 1, parts.padding)
    example = {"input_ids": ids, "attention_mask": mask, "token_type_ids": torch.zeros_like(ids)}
    before = parts.network.config._attn_implementation
    parts.network.set_attn_implementation("eager")
    try:
        with warnings.catch_warnings():
            # The newer exporter needs a library more; the older one warns that it is older.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                ByPosition().eval(),
                tuple(example[name] for name in parts.inputs),
                str(whole),
                input_names=list(parts.inputs),
                output_names=["hidden"],
                dynamic_axes={n: {0: "texts", 1: "tokens"} for n in (*parts.inputs, "hidden")},
                opset_version=OPSET,
                dynamo=False,
            )
    except torch.onnx.errors.OnnxExporterError as error:
        raise NotExportableError(f"torch: {error}") from error
    except (RuntimeError, MemoryError) as error:  # torch has no type of its own for lack of memory
        raise ExportFailedError(f"torch: {error}") from error
    finally:
        parts.network.set_attn_implementation(before)
