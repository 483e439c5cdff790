"""Ask a folder of documents; get verbatim quotes with exact, machine-checked citations."""

from __future__ import annotations

from rag.engine import Engine
from rag.errors import CitableError
from rag.results import Abstention, Answer, Claim
from rag.types import Citation, Document, Filters, Hit, Source

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
