"""A model through sentence-transformers and torch; the only module that imports that library.

It is what an export is made from and measured against, and how a model runs that has none.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.encoding.folders import DEFAULT_MODEL, fingerprint_of, go_offline, model_folder
from rag.encoding.protocol import Vectors
from rag.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH_SIZE = 16
# The chains of modules that an export can take the place of; vectors are normalised in any case.
EXPORTED_CHAINS = (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
EXPORTED_POOLING = ("mean", "cls")
NETWORK_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
# A tokenizer without a limit of its own names one of 1e30 tokens.
MAX_WINDOW = 1 << 16


class NotExportableError(Exception):
    """Something in the model forbids an export, or the export does not agree; says what."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What an export needs of a model.

    `network` is the torch module from token ids to the last hidden state, `inputs` the names of
    what it is fed. At most `max_length` tokens of a text, with `prompt` before it, are read.
    """

    network: Any
    inputs: tuple[str, ...]
    tokenizer: str
    padding: int
    max_length: int
    pooling: str
    prompt: str
    dimensions: int


class SentenceTransformerEncoder:
    """A sentence-transformers model, loaded at its first use.

    `model` is what `model_folder` takes. Raises ModelError where there is no such model. A
    `fingerprint` that is known already spares reading the weights for it.
    """

    def __init__(
        self,
        model: str = DEFAULT_MODEL,
        *,
        batch_size: int = BATCH_SIZE,
        fingerprint: str = "",
    ) -> None:
        self.model = model
        self._batch_size = batch_size
        self._folder = model_folder(model)
        self.fingerprint = fingerprint or fingerprint_of(model, self._folder)
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
            batch_size=self._batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def parts(self) -> Parts:
        """What an export is made from; raises NotExportableError for a model of another build."""
        model = self._load()
        chain = [type(module).__name__ for module in model]
        if chain not in EXPORTED_CHAINS:
            raise NotExportableError(f"its modules are {', '.join(chain)}")
        transformer: Any = model[0]
        pooling: Any = model[1]
        prompt = model.prompts.get(model.default_prompt_name or "") or ""
        tokenizer, window = transformer.tokenizer, transformer.max_seq_length
        for refused, reason in (
            (pooling.pooling_mode not in EXPORTED_POOLING, f"it pools by {pooling.pooling_mode}"),
            (prompt and not pooling.include_prompt, "its pooling leaves the prompt out"),
            (model.truncate_dim is not None, "its vectors are cut"),
            (transformer.processing_kwargs, "it tokenizes in a way of its own"),
            (not getattr(tokenizer, "is_fast", False), "its tokenizer is not a fast one"),
            (not window or window > MAX_WINDOW, "it has no window"),
        ):
            if refused:
                raise NotExportableError(reason)
        taken = inspect.signature(transformer.model.forward).parameters
        given = tokenizer.model_input_names
        return Parts(
            network=transformer.model,
            inputs=tuple(name for name in NETWORK_INPUTS if name in taken and name in given),
            tokenizer=tokenizer.backend_tokenizer.to_str(),
            padding=int(tokenizer.pad_token_id or 0),
            max_length=int(window),
            pooling=pooling.pooling_mode,
            prompt=prompt,
            dimensions=self.dimensions,
        )

    def _load(self) -> SentenceTransformer:
        if self._loaded is None:
            go_offline()
            # Torch takes seconds to import: only encoding without an export pays for it.
            from safetensors import SafetensorError  # noqa: PLC0415
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415
            from transformers.utils import logging  # noqa: PLC0415

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            try:
                self._loaded = SentenceTransformer(
                    str(self._folder), device="cpu", local_files_only=True
                )
            except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
                # Some reasons have several lines.
                reason = " ".join(str(error).split()).rstrip(".")
                raise ModelError(
                    f"cannot load the model in {self._folder}: {reason}; restore its files or name "
                    "another with --model"
                ) from error
        return self._loaded
