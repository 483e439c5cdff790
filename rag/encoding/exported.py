"""An exported model: an fp32 ONNX graph, its weights and its tokenizer, run without torch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from tokenizers import Encoding, Tokenizer

from rag.encoding.protocol import Vectors
from rag.network import digest_of, padded, session

GRAPH_FILE, WEIGHTS_FILE, TOKENIZER_FILE = "model.onnx", "model.weights", "tokenizer.json"
CARD_FILE = "card.json"
# Tokens of a batch with its padding: large enough to fill the matrix products, small enough that
# what passes between them stays in a core's own cache.
TOKEN_BUDGET = 1024


class UnusableExportError(Exception):
    """The export is missing or damaged: it has to be made anew."""


@dataclass(frozen=True, slots=True)
class Card:
    """How an exported model is run, and the SHA-256 of its graph, weights and tokenizer.

    `pooling` is `mean` or `cls`; `prompt` stands before every text; `max_length` tokens are read.
    """

    dimensions: int
    max_length: int
    padding: int
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
                dimensions=int(row["dimensions"]),
                max_length=int(row["max_length"]),
                padding=int(row["padding"]),
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

    `threads` is 0 for all cores; `token_budget` is the size of a batch.
    """

    def __init__(
        self,
        folder: Path,
        fingerprint: str,
        *,
        threads: int = 0,
        token_budget: int = TOKEN_BUDGET,
    ) -> None:
        card = Card.read(folder)
        self.fingerprint = fingerprint
        self.dimensions = card.dimensions
        self._prompt, self._padding = card.prompt, card.padding
        self._mean = card.pooling == "mean"
        self._budget = token_budget
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
            self._session = session(folder / GRAPH_FILE, threads)
            checking.result()
            self._tokenizer = reading.result()
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(card.max_length)
        self._inputs = [one.name for one in self._session.get_inputs()]

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        encoded = self._tokenizer.encode_batch_fast([self._prompt + text for text in texts])
        for rows in batches([len(one.ids) for one in encoded], self._budget):
            vectors[rows] = self._vectors([encoded[row] for row in rows])
        return vectors

    def _vectors(self, encoded: Sequence[Encoding]) -> Vectors:
        ids, attention, segments = padded(
            [one.ids for one in encoded], [one.type_ids for one in encoded], self._padding
        )
        fed = {"input_ids": ids, "attention_mask": attention, "token_type_ids": segments}
        hidden = self._session.run(None, {name: fed[name] for name in self._inputs})[0]
        if self._mean:
            # A sum, not a mean: its length is made 1 in any case.
            pooled = (attention.astype(np.float32)[:, None, :] @ hidden)[:, 0]
        else:
            pooled = hidden[:, 0]
        lengths = np.linalg.norm(pooled, axis=1, keepdims=True)
        return np.asarray(pooled / np.maximum(lengths, np.finfo(np.float32).tiny))


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Numbers of texts in batches of about one length, longest first.

    A batch padded to its longest text has at most `budget` tokens, or a single text.
    """
    order = sorted(range(len(lengths)), key=lambda number: -lengths[number])
    start = 0
    while start < len(order):
        rows = max(1, budget // max(1, lengths[order[start]]))
        yield order[start : start + rows]
        start += rows


def _check(path: Path, digest: str) -> None:
    try:
        found = digest_of(path)
    except OSError as error:
        raise UnusableExportError(f"{path}: {error}") from error
    if found != digest:
        raise UnusableExportError(f"{path}: its checksum is wrong")
