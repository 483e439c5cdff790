"""What every exported network needs to run: its checksum, a session, and padded token ids."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

Ids = NDArray[np.int64]
# Fusions that cost more than they save: the fused layer norm takes 0.34 ms for 135 tokens of 384
# numbers, the addition and the layer norm apart 0.07 ms (ONNX Runtime 1.32, a processor with AVX2).
SLOW_FUSIONS = ["SkipLayerNormFusion"]


def digest_of(path: Path) -> str:
    """The SHA-256 of a file; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # a container may have fewer than the machine
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def session(graph: Path) -> onnxruntime.InferenceSession:
    """The network of an ONNX file, on the core of whoever runs it.

    Texts are small: several at a time, each on one core, are done sooner than one after the other
    on all cores, which wait for each other at every product and spin meanwhile.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(
        str(graph), options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOW_FUSIONS
    )


def padded(
    ids: Sequence[Sequence[int]], segments: Sequence[Sequence[int]], padding: int
) -> tuple[Ids, Ids, Ids]:
    """Token ids, attention mask and segment ids, each of shape (texts, tokens of the longest)."""
    shape = (len(ids), max(map(len, ids)))
    tokens = np.full(shape, padding, dtype=np.int64)
    attention, kinds = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for row, (one, kind) in enumerate(zip(ids, segments, strict=True)):
        tokens[row, : len(one)] = one
        attention[row, : len(one)] = 1
        kinds[row, : len(kind)] = kind
    return tokens, attention, kinds
