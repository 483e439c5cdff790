"""Ask a folder of documents; get verbatim quotes with exact, machine-checked citations."""

from __future__ import annotations

from rag.engine import Engine
from rag.errors import CitableError
from rag.types import Abstention, Answer, Citation, Claim, Document, Filters, Hit, Source

__all__ = [
    "Abstention",
    "Answer",
    "CitableError",
    "Citation",
    "Claim",
    "Document",
    "Engine",
    "Filters",
    "Hit",
    "Source",
]
