"""The encoder of a model: its export from the user's cache, made at the first use of the model.

The cache holds a folder for each model, `<fingerprint>-<format>`, which appears whole or not at
all. It can be deleted at any time.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import platformdirs
from filelock import FileLock

from rag.encoding.exported import Card, OnnxEncoder, UnusableExportError
from rag.encoding.exporting import STAGE, STEPS, ExportFailedError, export
from rag.encoding.folders import DEFAULT_MODEL, fingerprint_of, model_folder
from rag.encoding.protocol import Encoder, Vectors
from rag.encoding.reference import NotExportableError, SentenceTransformerEncoder
from rag.progress import Progress, silent

# Names another cache folder than the user's.
CACHE_VARIABLE = "CITABLE_CACHE"
# Of what an export holds and how it is made; a higher one leaves older exports unused.
EXPORT_FORMAT = 2
# Says in one line what in the model forbids an export; the next process need not try again.
REFUSED_FILE = "refused.txt"


def load_encoder(model: str = DEFAULT_MODEL, progress: Progress = silent) -> Encoder:
    """The fastest encoder of a model whose vectors are close to the model's own.

    `model` is what `model_folder` takes. Nothing is loaded before it encodes; `progress` is told
    when an export is made then. Raises ModelError where there is no such model.
    """
    return _ModelEncoder(model, progress)


def cache_folder() -> Path:
    """Where exports are kept: below the user's cache folder, or below `CITABLE_CACHE`."""
    named = os.environ.get(CACHE_VARIABLE)
    base = Path(named) if named else platformdirs.user_cache_path("citable", appauthor=False)
    return base / "encoders"


def export_folder(fingerprint: str) -> Path:
    """Where the export of the model of this fingerprint is, or would be."""
    # A fingerprint may hold what a file's name may not.
    name = re.sub(r"[^\w.-]", "-", fingerprint)
    return cache_folder() / f"{name}-{EXPORT_FORMAT}"


class _ModelEncoder:
    def __init__(self, model: str, progress: Progress) -> None:
        self._model = model
        self._progress = progress
        self.fingerprint = fingerprint_of(model, model_folder(model))
        self._folder = export_folder(self.fingerprint)
        self._opened: Encoder | None = None

    @property
    def dimensions(self) -> int:
        if self._opened is None:
            with suppress(UnusableExportError):
                return Card.read(self._folder).dimensions
        return self._open().dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        places = {text: number for number, text in enumerate(dict.fromkeys(texts))}
        vectors = self._open().encode(list(places))
        if len(places) == len(texts):
            return vectors
        return vectors[[places[text] for text in texts]]

    def _open(self) -> Encoder:
        if self._opened is None:
            self._opened = self._exported() or self._reference()
        return self._opened

    def _exported(self) -> OnnxEncoder | None:
        """The export, made where there is none; None where there can be none."""
        try:
            with suppress(UnusableExportError):
                return OnnxEncoder(self._folder, self.fingerprint)
            return None if self._refused.is_file() else self._made()
        except (OSError, NotImplementedError) as error:
            self._warn(
                f"cannot be kept in '{self._folder.parent}': {error}",
                f"set {CACHE_VARIABLE} to a folder that can be written",
            )
        except ExportFailedError as error:
            self._warn(f"could not be made ({error})", "the next start tries again")
        return None

    def _reference(self) -> SentenceTransformerEncoder:
        return SentenceTransformerEncoder(self._model, fingerprint=self.fingerprint)

    @property
    def _refused(self) -> Path:
        return self._folder / REFUSED_FILE

    def _warn(self, fault: str, mend: str) -> None:
        warnings.warn(
            f"the fast form of model {self._model} {fault}; encoding is slower and starts later: "
            f"{mend}",
            stacklevel=2,
        )

    def _made(self) -> OnnxEncoder | None:
        cache, name = self._folder.parent, self._folder.name
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{name}.lock"):
            with suppress(UnusableExportError):  # another process has just made it
                return OnnxEncoder(self._folder, self.fingerprint)
            for left in cache.glob(f"{name}.*.part"):  # by a process that was killed
                shutil.rmtree(left, ignore_errors=True)
            with tempfile.TemporaryDirectory(".part", f"{name}.", cache) as temporary:
                made = _make(self._reference(), Path(temporary), self._progress)
                if self._folder.exists():  # damaged
                    shutil.rmtree(self._folder)
                made.rename(self._folder)
        if not self._refused.is_file():
            return OnnxEncoder(self._folder, self.fingerprint)
        # It is said where it is found; later starts find the file.
        reason = self._refused.read_text(encoding="utf-8").strip()
        self._warn(f"cannot be made ({reason})", f"delete '{self._refused}' to have it tried again")
        return None


def _make(model: SentenceTransformerEncoder, folder: Path, progress: Progress) -> Path:
    """A new folder with the export of a model, or with what in the model forbids one.

    Raises ExportFailedError for any other reason.
    """
    made, refused = folder / "export", folder / "refused"
    made.mkdir()
    refused.mkdir()
    try:
        export(model, made, progress)
    except NotExportableError as error:
        (refused / REFUSED_FILE).write_text(f"{error}\n", encoding="utf-8")
        return refused
    finally:
        progress(STAGE, STEPS, STEPS)
    return made
