"""Writes the trained network as the folder that ships: an ONNX graph, tokenizer and card."""

from __future__ import annotations

import json
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions

from rag.errors import ModelError
from rag.network import digest_of
from rag.reader.model import CARD_FILE, GRAPH_FILE, TOKENIZER_FILE
from rag.training.network import TOKEN_LABELS, WINDOW_LABELS, ReaderNetwork, new_network

# int8: products in integers, the fastest; stored8 and fp16: small files whose weights become
# fp32 when the graph is loaded, the most faithful; fp32: as trained.
FORMS = ("int8", "stored8", "fp16", "fp32")
OPSET = 17
# Where ONNX Runtime keeps its fused operators.
FUSED_DOMAIN = "com.microsoft"
# Weights smaller than this stay fp32: biases and norms weigh nothing and matter much.
SMALL = 4096
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUTS = ("tokens", "window")


def export(weights: Path, out: Path, form: str, max_length: int) -> dict[str, Any]:
    """Write `reader.onnx`, `tokenizer.json` and `reader.json` to `out`; returns the card."""
    if form not in FORMS:
        raise ModelError(f"{form!r} is not a form of export; use one of {', '.join(FORMS)}")
    network = new_network(weights).eval()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain = _fused(_graph(network, Path(folder)), network)
        _convert(plain, form, out / GRAPH_FILE)
    (out / TOKENIZER_FILE).write_bytes((weights / TOKENIZER_FILE).read_bytes())
    card = {
        "format": 1,
        "form": form,
        "max_length": max_length,
        "token_labels": TOKEN_LABELS,
        "window_labels": WINDOW_LABELS,
        "sha256": {name: digest_of(out / name) for name in (GRAPH_FILE, TOKENIZER_FILE)},
    }
    (out / CARD_FILE).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return card


def _graph(network: ReaderNetwork, folder: Path) -> Path:
    """The network as a plain fp32 graph with free numbers of rows and tokens."""
    network.bert.set_attn_implementation("eager")
    rows = torch.tensor([[101, 2040, 102, 3000, 102], [101, 2040, 102, 102, 0]])
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 1, 0]])
    segments = torch.tensor([[0, 0, 0, 1, 1], [0, 0, 0, 1, 0]])
    axes = {name: {0: "rows", 1: "tokens"} for name in (*INPUTS, "tokens")}
    path = folder / "plain.onnx"
    with warnings.catch_warnings():
        # The newer exporter needs a library more, and its graph is not fused by ONNX Runtime.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (rows % network.bert.config.vocab_size, mask, segments),
            str(path),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes={**axes, "window": {0: "rows"}},
            opset_version=OPSET,
            dynamo=False,
        )
    return path


def _fused(path: Path, network: ReaderNetwork) -> onnx.ModelProto:
    """The graph with attention, normalisation and activation as single operators."""
    config = network.bert.config
    options = FusionOptions("bert")
    # Fused with the addition before it, a layer norm takes five times as long on a CPU.
    options.enable_skip_layer_norm = options.enable_bias_skip_layer_norm = False
    fused = optimizer.optimize_model(
        str(path),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        optimization_options=options,
        opt_level=0,
    )
    model: onnx.ModelProto = fused.model
    if all(known.domain != FUSED_DOMAIN for known in model.opset_import):
        model.opset_import.append(helper.make_opsetid(FUSED_DOMAIN, 1))
    return model


def _convert(model: onnx.ModelProto, form: str, path: Path) -> None:
    if form == "int8":
        model = _integer_products(model)
    if form in ("int8", "stored8", "fp16"):
        _shrink(model, form)
    onnx.save(model, str(path))


def _integer_products(model: onnx.ModelProto) -> onnx.ModelProto:
    """The encoder's products in integers; the heads, which cost nothing, stay as they are.

    Weights have seven bits: with eight, sums overflow on processors without VNNI instructions.
    """
    heads = [n.name for n in model.graph.node if n.op_type == "Gemm" or "token_head" in n.name]
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "fused.onnx", Path(folder) / "int8.onnx"
        onnx.save(model, str(source))
        quantize_dynamic(
            str(source),
            str(target),
            op_types_to_quantize=["MatMul", "Attention"],
            nodes_to_exclude=heads,
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            # The fused operators' outputs have no inferred type.
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
        return onnx.load(str(target))


def _shrink(model: onnx.ModelProto, form: str) -> None:
    """Store the large weights in fewer bits, with operators that restore them on loading."""
    kept, nodes = [], []
    for weight in model.graph.initializer:
        values = numpy_helper.to_array(weight)
        if weight.data_type != TensorProto.FLOAT or values.ndim != 2 or values.size < SMALL:
            kept.append(weight)
        elif form == "fp16":
            stored = numpy_helper.from_array(values.astype(np.float16), f"{weight.name}_fp16")
            kept.append(stored)
            nodes.append(_cast(stored.name, weight.name))
        else:
            scale = np.abs(values).max(axis=_axis(values), keepdims=True) / 127
            scale = np.where(scale == 0, 1, scale).astype(np.float32)
            stored = numpy_helper.from_array(
                np.round(values / scale).astype(np.int8), f"{weight.name}_int8"
            )
            scales = numpy_helper.from_array(scale, f"{weight.name}_scale")
            kept += [stored, scales]
            nodes += [
                _cast(stored.name, f"{weight.name}_cast"),
                helper.make_node("Mul", [f"{weight.name}_cast", scales.name], [weight.name]),
            ]
    rest: Sequence[onnx.NodeProto] = list(model.graph.node)
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend([*nodes, *rest])


def _axis(values: np.ndarray[Any, np.dtype[np.float32]]) -> int:
    """The axis within which a scale is shared: a row of the embeddings, a column of the others."""
    return 1 if values.shape[0] > values.shape[1] * 8 else 0


def _cast(source: str, target: str) -> onnx.NodeProto:
    return helper.make_node("Cast", [source], [target], to=TensorProto.FLOAT)
