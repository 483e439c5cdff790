"""What the peers' scripts share; it runs in their environments: numpy and nothing of this project.

A peer gives two functions of its own: `find(question, k)`, the places of the passages that its
retrieval puts first, and `embed(texts)`, unit vectors. The answer is the sentence, among those of
the passages found, whose vector is nearest to the question's: the best that can be had of a
retriever without a language model. Nothing of it refuses, so each question is answered.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

FOUND = 10  # passages, as many as the product reads

Row = dict[str, Any]
Find = Callable[[str, int], Sequence[int]]
Embed = Callable[[Sequence[str]], Any]


def main(build: Callable[[Sequence[str], str], tuple[Find, Embed]]) -> None:
    """Answer the work in the file of the first argument into the file of the second."""
    work = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    passages: list[Row] = work["passages"]
    find, embed = build([passage["text"] for passage in passages], work["model"])
    embed([passages[0]["text"]])  # whatever is loaded late is loaded now
    with Path(sys.argv[2]).open("w", encoding="utf-8") as file:
        for question in work["questions"]:
            started = time.perf_counter()
            row = answer(question["question"], passages, find, embed)
            row |= {"id": question["id"], "seconds": time.perf_counter() - started}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def answer(question: str, passages: Sequence[Row], find: Find, embed: Embed) -> Row:
    """The best sentence of the passages found, in the contract's JSON."""
    places: dict[tuple[str, int, int], str] = {}
    for place in find(question, FOUND):
        passage = passages[place]
        for start, end in passage["sentences"]:
            quote = passage["text"][start - passage["start"] : end - passage["start"]]
            places[passage["document"], start, end] = quote
    if not places:
        return {"answered": False, "confidence": 0.0, "claims": [], "citations": []}
    vectors = np.asarray(embed([question, *places.values()]))
    cosines = vectors[1:] @ vectors[0]
    best = int(cosines.argmax())
    (document, start, end), quote = list(places.items())[best]
    return {
        "answered": True,
        # A cosine is no probability, but it ranks.
        "confidence": float(np.clip(cosines[best], 0.0, 1.0)),
        "claims": [{"text": quote, "citations": [1]}],
        "citations": [
            {"number": 1, "document": document, "start": start, "end": end, "quote": quote}
        ],
    }
