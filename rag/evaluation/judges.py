"""What says whether quotes support a claim: a protocol, one judge that is built in, and the user's.

`words` is a floor and no entailment model: it knows neither order nor negation nor synonyms. A
better judge is loaded by its name, `MODULE:NAME`, from where Python finds modules or the folder
that the command is run in.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from rag.errors import EvaluationError
from rag.language import content_stems

WORDS = "words"
# A judge's probability from which on quotes support a claim.
SUPPORTED = 0.5
# The share of a claim's content words from which on `words` says yes: the highest mean of the
# balanced accuracies on WiCE dev (0.70) and AttributionBench dev (0.65); from 0.58 to 0.70 it is
# lower by 0.012 at most.
WORDS_SHARE = 0.65


class Judge(Protocol):
    """Whether quotes, taken together, support a claim."""

    def supports(self, claim: str, quotes: Sequence[str], /) -> float:
        """The probability, 0 to 1, or plain True or False; SUPPORTED and above is a yes."""
        ...


class WordsJudge:
    """The share of the claim's content words, cut to stems, that stand in the quotes.

    The value is 0.5 at WORDS_SHARE and straight on both sides of it, so that values can be ranked.
    """

    def supports(self, claim: str, quotes: Sequence[str], /) -> float:
        wanted = content_stems(claim)
        if not wanted:
            return 0.0
        found: frozenset[str] = frozenset().union(*map(content_stems, quotes))
        share = len(wanted & found) / len(wanted)
        if share < WORDS_SHARE:
            return SUPPORTED * share / WORDS_SHARE
        return SUPPORTED + (1 - SUPPORTED) * (share - WORDS_SHARE) / (1 - WORDS_SHARE)


class CheckedJudge:
    """A judge whose values are checked: what is no probability would make figures of nonsense."""

    def __init__(self, judge: Judge, name: str) -> None:
        self._judge = judge
        self.name = name

    def supports(self, claim: str, quotes: Sequence[str], /) -> float:
        """The judge's value; raises EvaluationError where it is no number from 0 to 1."""
        value = self._judge.supports(claim, quotes)
        # NumPy's and torch's numbers are no int or float, but become one.
        try:
            probability = float(value)
        except (TypeError, ValueError) as error:
            raise self._strange(value) from error
        if not 0 <= probability <= 1:  # NaN is not either
            raise self._strange(value)
        return probability

    def says_yes(self, claim: str, quotes: Sequence[str], /) -> bool:
        """Whether the quotes support the claim."""
        return self.supports(claim, quotes) >= SUPPORTED

    def _strange(self, value: object) -> EvaluationError:
        return EvaluationError(
            f"--judge {self.name}: supports() gave {value!r}: let it return True, False or a "
            "probability from 0 to 1"
        )


BUILT_IN: dict[str, Callable[[], Judge]] = {WORDS: WordsJudge}


def load_judge(name: str) -> CheckedJudge:
    """The judge of that name: one of BUILT_IN, or MODULE:NAME.

    NAME is an object with `supports`, or a class of such, which is made without arguments. Raises
    EvaluationError where there is no such judge.
    """
    if name in BUILT_IN:
        return CheckedJudge(BUILT_IN[name](), name)
    module, _, attribute = name.partition(":")
    if not module or not attribute:
        known = ", ".join(BUILT_IN)
        raise EvaluationError(f"--judge {name}: name {known}, or a judge of yours as MODULE:NAME")
    # A command's folder is not among those that Python looks into, as `python -m` has it.
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, TypeError) as error:  # a relative name is a TypeError
        raise EvaluationError(f"--judge {name}: cannot be loaded: {error}") from error
    judge = found() if isinstance(found, type) else found
    if not callable(getattr(judge, "supports", None)):
        raise EvaluationError(f"--judge {name}: has no method supports(claim, quotes)")
    return CheckedJudge(judge, name)
