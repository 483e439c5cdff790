"""An exported model: an ONNX graph, its weights and its tokenizer, run without torch.

A text is run by itself, each on one core: nothing is spent on padding, and its vector does not
depend on what else is encoded, also where the values between the layers are rounded to its own
range (int8).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from tokenizers import Encoding, Tokenizer

from rag.encoding.protocol import Vectors
from rag.network import cores, digest_of, session

GRAPH_FILE, WEIGHTS_FILE, TOKENIZER_FILE = "model.onnx", "model.weights", "tokenizer.json"
CARD_FILE = "card.json"
INT8, FP32 = PRECISIONS = ("int8", "fp32")


class UnusableExportError(Exception):
    """The export is missing or damaged: it has to be made anew."""


@dataclass(frozen=True, slots=True)
class Card:
    """How an exported model is run, and the SHA-256 of its graph, weights and tokenizer.

    `precision` is that of the matrix products, INT8 or FP32; `pooling` is `mean` or `cls`; `prompt`
    stands before every text; `max_length` tokens are read.
    """

    precision: str
    dimensions: int
    max_length: int
    pooling: str
    prompt: str
    graph: str
    tokenizer: str
    weights: str
    weights_bytes: int

    @classmethod
    def read(cls, folder: Path) -> Card:
        """The card of an export; raises UnusableExportError."""
        try:
            row = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
            return cls(
                precision=str(row["precision"]),
                dimensions=int(row["dimensions"]),
                max_length=int(row["max_length"]),
                pooling=str(row["pooling"]),
                prompt=str(row["prompt"]),
                graph=str(row["graph"]),
                tokenizer=str(row["tokenizer"]),
                weights=str(row["weights"]),
                weights_bytes=int(row["weights_bytes"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnusableExportError(f"{folder / CARD_FILE}: {error!r}") from error

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), indent=1)
        (folder / CARD_FILE).write_text(f"{text}\n", encoding="utf-8")


class OnnxEncoder:
    """The exported model in a folder; raises UnusableExportError where a file is not the card's.

    `threads` texts are encoded at a time; 0 for as many as there are cores.
    """

    def __init__(self, folder: Path, fingerprint: str, *, threads: int = 0) -> None:
        card = Card.read(folder)
        self.fingerprint = fingerprint
        self.dimensions = card.dimensions
        self._prompt, self._mean = card.prompt, card.pooling == "mean"
        self._threads = threads or cores()
        for name, digest in ((GRAPH_FILE, card.graph), (TOKENIZER_FILE, card.tokenizer)):
            _check(folder / name, digest)
        weights = folder / WEIGHTS_FILE
        # A session refuses weights that are cut, by an error without a type of its own; any others
        # it maps into memory, while another core goes through them.
        if not weights.is_file() or weights.stat().st_size != card.weights_bytes:
            raise UnusableExportError(f"{weights}: is missing or cut")
        with ThreadPoolExecutor(1) as pool:
            checking = pool.submit(_check, weights, card.weights)
            reading = pool.submit(Tokenizer.from_file, str(folder / TOKENIZER_FILE))
            self._session = session(folder / GRAPH_FILE)
            checking.result()
            self._tokenizer = reading.result()
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(card.max_length)
        self._inputs = [one.name for one in self._session.get_inputs()]

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        encoded = self._tokenizer.encode_batch_fast([self._prompt + text for text in texts])
        if len(encoded) == 1:
            vectors[0] = self._vector(encoded[0])
            return vectors
        # The longest first, so that all cores end at about the same time.
        order = sorted(range(len(encoded)), key=lambda row: -len(encoded[row].ids))
        with ThreadPoolExecutor(self._threads) as pool:
            found = pool.map(self._vector, [encoded[row] for row in order])
            for row, vector in zip(order, found, strict=True):
                vectors[row] = vector
        return vectors

    def _vector(self, encoded: Encoding) -> Vectors:
        fed = {
            "input_ids": encoded.ids,
            "attention_mask": encoded.attention_mask,
            "token_type_ids": encoded.type_ids,
        }
        row = {name: np.array([fed[name]], dtype=np.int64) for name in self._inputs}
        hidden = self._session.run(None, row)[0][0]
        # A sum, not a mean: its length is made 1 in any case.
        pooled = hidden.sum(axis=0) if self._mean else hidden[0]
        return np.asarray(pooled / max(np.linalg.norm(pooled), np.finfo(np.float32).tiny))


def _check(path: Path, digest: str) -> None:
    try:
        found = digest_of(path)
    except OSError as error:
        raise UnusableExportError(f"{path}: {error}") from error
    if found != digest:
        raise UnusableExportError(f"{path}: its checksum is wrong")
