"""What the rest of the program knows of an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into unit vectors, so that an inner product is a cosine."""

    @property
    def fingerprint(self) -> str:
        """Differs when vectors of two encoders may not be compared."""

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape `(len(texts), dimensions)`, float32, of length 1."""
