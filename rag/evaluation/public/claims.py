"""WiCE and AttributionBench: how often a judge of citations is right.

WiCE (arXiv 2303.01432): claims of Wikipedia and the web pages that they cite. By the paper and its
code a claim is supported or not (partially supported is not); a page is judged in overlapping
chunks of whole sentences, and the best chunk counts. AttributionBench (arXiv 2402.15089): claims
with all their references, and macro-F1 on each of the collections that it is made of.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.evaluation.judges import SUPPORTED, Judge
from rag.evaluation.public.formats import read_lines
from rag.evaluation.public.measures import auroc, mean
from rag.evaluation.public.reading import Scores

# WiCE's code closes a chunk before it has so many words.
CHUNK_WORDS = 256
WICE_LABELS = ("supported", "partially_supported", "not_supported")
ATTRIBUTION_LABELS = ("attributable", "not attributable")


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim and what may support it: all quotes of some of its `evidence` together.

    `group` is the collection that it is from.
    """

    text: str
    evidence: tuple[tuple[str, ...], ...]
    supported: bool
    group: str = ""


def read_wice(path: Path) -> list[Claim]:
    """The claims of a WiCE file (claims or subclaims, the original set), in order."""
    return list(read_lines(path, _wice))


def _wice(row: dict[str, Any]) -> Claim:
    label = _one_of(row["label"], WICE_LABELS)
    return Claim(_text(row["claim"]), chunks(_texts(row["evidence"])), label == WICE_LABELS[0])


def chunks(sentences: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The chunks of a page: below CHUNK_WORDS words, nearly half of each in the next again.

    They are those of WiCE's code, but for the sentence that it leaves out behind a chunk of one or
    two. A sentence that is too long is a chunk of its own, and the last chunk takes the last
    sentence whatever its length.
    """
    lengths = [len(sentence.split()) for sentence in sentences]
    found: list[tuple[str, ...]] = []
    start = 0
    while True:
        words = itertools.accumulate(lengths[start:-1])
        filled = next((n for n, count in enumerate(words, 1) if count >= CHUNK_WORDS), 0)
        if not filled:
            return (*found, tuple(sentences[start:]))
        size = max(filled - 1, 1)
        found.append(tuple(sentences[start : start + size]))
        start += min(filled - (size - 1) // 2, size)


def read_attributionbench(path: Path) -> list[Claim]:
    """The claims of an AttributionBench file, each with all its references, in order."""
    return list(read_lines(path, _attribution))


def _attribution(row: dict[str, Any]) -> Claim:
    label = _one_of(row["attribution_label"], ATTRIBUTION_LABELS)
    references = (_texts(row["references"]),)
    supported = label == ATTRIBUTION_LABELS[0]
    return Claim(_text(row["claim"]), references, supported, _text(row["src_dataset"]))


def wice_scores(judge: Judge, claims: Sequence[Claim], limit: int = 0) -> Scores:
    """WiCE's measures: F1 of "supported", accuracy, balanced accuracy and AUROC.

    Its thresholds are fitted on dev; here a judge says yes from SUPPORTED on. `majority` is the
    accuracy of always saying no.
    """
    claims = _spread(claims, limit)
    values = [_value(judge, claim) for claim in claims]
    said, right = [value >= SUPPORTED for value in values], [claim.supported for claim in claims]
    yes, no = _recall(said, right, True), _recall(said, right, False)
    return {
        "claims": len(claims),
        "f1_supported": _f1(said, right, True),
        "accuracy": _accuracy(said, right),
        "balanced_accuracy": (yes + no) / 2,
        "auroc": auroc(values, right),
        "majority": 1 - mean(right),
    }


def attributionbench_scores(judge: Judge, claims: Sequence[Claim], limit: int = 0) -> Scores:
    """AttributionBench's measure: macro-F1 of each collection, and the mean of them."""
    claims = _spread(claims, limit)
    values = [_value(judge, claim) for claim in claims]
    said, right = [value >= SUPPORTED for value in values], [claim.supported for claim in claims]
    by_group: Scores = {}
    for group in sorted({claim.group for claim in claims}):
        places = [place for place, claim in enumerate(claims) if claim.group == group]
        part = [said[place] for place in places], [right[place] for place in places]
        by_group[f"macro_f1 {group}"] = (_f1(*part, True) + _f1(*part, False)) / 2
    return {
        "claims": len(claims),
        "macro_f1": mean(list(by_group.values())),
        **by_group,
        "accuracy": _accuracy(said, right),
        "auroc": auroc(values, right),
    }


def _value(judge: Judge, claim: Claim) -> float:
    """What the judge says of the evidence that supports most."""
    return max((judge.supports(claim.text, quotes) for quotes in claim.evidence), default=0.0)


def _spread(claims: Sequence[Claim], limit: int) -> Sequence[Claim]:
    """`limit` claims, evenly spread: the files have one collection after another."""
    count = min(limit or len(claims), len(claims))
    return [claims[number * len(claims) // count] for number in range(count)]


def _accuracy(said: Sequence[bool], right: Sequence[bool]) -> float:
    return mean([a == b for a, b in zip(said, right, strict=True)])


def _recall(said: Sequence[bool], right: Sequence[bool], label: bool) -> float:
    """The share of the claims of a label that are given it; 0 where there are none."""
    return mean([a == label for a, b in zip(said, right, strict=True) if b == label])


def _f1(said: Sequence[bool], right: Sequence[bool], label: bool) -> float:
    """F1 of a label; 0 where it neither occurs nor is given."""
    both = sum(a == b == label for a, b in zip(said, right, strict=True))
    either = sum(a == label for a in said) + sum(b == label for b in right)
    return 2 * both / either if either else 0.0


def _one_of(label: object, labels: Sequence[str]) -> str:
    if label not in labels:
        raise ValueError(f"the label {label!r} is none of {', '.join(labels)}")
    return str(label)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise TypeError(f"{value!r} is no list of texts")
    return tuple(map(_text, value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
