"""CondaQA: yes, no or cannot be told, about negated statements and edits that turn them round."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

from rag.training.example import ANSWERABLE, YESNO, Example
from rag.training.windows import cut, sentences_of

LABELS = {"YES": "yes", "NO": "no", "DON'T KNOW": "unclear"}
# "Don't know" is a sixteenth of the rows; it is shown this often instead.
UNCLEAR_COPIES = 2
# Windows of longer passages lose what the question is about; these few are left out.
MAX_CHARS = 1200


def build(path: Path, seed: int, *, training: bool = True) -> Iterator[Example]:
    """The rows whose label is one of `LABELS`, shuffled; sentence evidence is not known."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for row in random.Random(seed).sample(rows, k=len(rows)):
        label = LABELS.get(row["label"], "")
        text = sentences_of(row["sentence1"])
        if not label or not text.sentences or (training and len(text.text) > MAX_CHARS):
            continue
        window = cut(text, 0, len(text.sentences) - 1)
        example = Example(
            question=row["sentence2"].strip(),
            context=window.text,
            spans=(),
            sentences=window.sentences,
            evidence=(False,) * len(window.sentences),
            answerable=label != "unclear",
            source="condaqa",
            tasks=(ANSWERABLE, YESNO),
            yesno=label,
        )
        for _ in range(UNCLEAR_COPIES if training and label == "unclear" else 1):
            yield example
