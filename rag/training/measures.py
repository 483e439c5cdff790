"""The measures that the training shares with the evaluation on public sets."""

from __future__ import annotations

from rag.evaluation.public.measures import auroc, average_precision, exact, f1, mean, normalise

__all__ = ["auroc", "average_precision", "exact", "f1", "mean", "normalise"]
