"""The network's weights out of a reader that ships, so that training goes on where no others are.

Weights of fewer bits come back as they were rounded. The encoder is a BERT as MiniLM is: what
else its configuration could say has BERT's defaults.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from onnx import numpy_helper
from transformers import BertConfig

from rag.errors import ModelError
from rag.reader.model import GRAPH_FILE

Floats = NDArray[np.float32]
# How the names of weights in `ReaderNetwork` begin.
PARTS = ("bert.", "token_head.", "window_dense.", "window_head.", "yesno_dense.", "yesno_head.")


def restore(folder: Path) -> tuple[BertConfig, dict[str, torch.Tensor]]:
    """The encoder's configuration and all weights, by their names in `ReaderNetwork`.

    Raises ModelError for a graph that `export` did not write, or wrote with products in integers.
    """
    path = folder / GRAPH_FILE
    try:
        graph = onnx.load(str(path)).graph
    except (OSError, DecodeError) as error:
        raise ModelError(f"{path}: cannot be read as a graph ({error})") from error
    constants = _constants(graph)
    state = {name: value for name, value in constants.items() if name.startswith(PARTS)}
    heads = 0
    try:
        for node in graph.node:
            if node.op_type == "MatMul":
                name = node.name.removeprefix("/").removesuffix("/MatMul").replace("/", ".")
                state[f"{name}.weight"] = constants[node.input[1]].T
            elif node.op_type == "Attention":
                heads = next(a.i for a in node.attribute if a.name == "num_heads")
                layer = node.name.removeprefix("Attention_")
                weights, biases = (np.split(constants[i], 3, axis=-1) for i in node.input[1:3])
                for part, weight, bias in zip(
                    ("query", "key", "value"), weights, biases, strict=True
                ):
                    name = f"bert.encoder.layer.{layer}.attention.self.{part}"
                    state[f"{name}.weight"], state[f"{name}.bias"] = weight.T, bias
        config = _config(state, heads)
    except KeyError as error:
        raise ModelError(
            f"{path}: has no weights to train on ({error} is missing); give a reader that was"
            " exported as stored8, fp16 or fp32"
        ) from error
    return config, {name: torch.tensor(value.copy()) for name, value in state.items()}


def _constants(graph: Any) -> dict[str, Floats]:
    """The graph's weights in fp32, those that are stored in fewer bits among them."""
    raw = {weight.name: numpy_helper.to_array(weight) for weight in graph.initializer}
    found = {name: value for name, value in raw.items() if value.dtype == np.float32}
    for node in graph.node:
        if node.op_type == "Cast" and node.input[0] in raw:
            found[node.output[0]] = raw[node.input[0]].astype(np.float32)
        elif node.op_type == "Mul" and all(name in found for name in node.input):
            found[node.output[0]] = found[node.input[0]] * found[node.input[1]]
    # What only leads to a weight is none itself.
    return {name: v for name, v in found.items() if not name.endswith(("_scale", "_cast"))}


def _config(state: dict[str, Floats], heads: int) -> BertConfig:
    words, width = state["bert.embeddings.word_embeddings.weight"].shape
    return BertConfig(
        vocab_size=words,
        hidden_size=width,
        num_hidden_layers=sum(name.endswith("attention.self.query.weight") for name in state),
        num_attention_heads=heads,
        intermediate_size=len(state["bert.encoder.layer.0.intermediate.dense.weight"]),
        max_position_embeddings=len(state["bert.embeddings.position_embeddings.weight"]),
        type_vocab_size=len(state["bert.embeddings.token_type_embeddings.weight"]),
    )
