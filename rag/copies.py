"""How many independent sources stand behind citations: copies and near-copies count once.

Two citations are one source when their documents are near-copies as a whole, when one quote is the
other with few words changed or left out, or when both carry the same quotation word for word.
What two outlets tell in their own words is compared by its small words: the names and numbers of
an event are the same in every report of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.language import is_stop_word
from rag.types import Citation

# One wording is made from the other when they share this part of the word pairs of the shorter
# one. Set on newsroom train and the tuning half of eval/copies.jsonl.
SHARED_PAIRS = 0.62
# With less than this in common, two texts that share no name are one set phrase about two things.
SURE_PAIRS = 0.8
# Fewer shared pairs are a phrase that anyone may use; only equal sentences are then copies.
FEWEST_PAIRS = 8
# A shorter quotation is found by two reporters at one event; from here on it is the same evidence.
QUOTATION_WORDS = 6
# Two sentences of such near lengths are edits of each other, not one cut from the other.
SAME_LENGTH = 0.8
# Wordings kept for the next claim: the same sentences are cited by several claims of an answer.
CACHED_WORDINGS = 1024

NEGATIONS = frozenset(
    "no not never none nobody nothing neither nor without cannot hardly barely".split()
)

_WORD = re.compile(r"\w+")
_MARK = re.compile(r"[“”„«»\"‘’']")
_OPENS = frozenset("“„«‘")
_CLOSES = frozenset("”»")
# A single mark after one of these closes a quotation; elsewhere it may be an apostrophe.
_ENDS = frozenset(".,!?;…")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """A quote made comparable, in lower case; `wording` makes one and keeps the recent ones.

    `quoted` is every run of `QUOTATION_WORDS` words that stands inside quotation marks.
    """

    text: str
    words: tuple[str, ...]
    vocabulary: frozenset[str]
    quoted: frozenset[tuple[str, ...]]


@lru_cache(maxsize=CACHED_WORDINGS)
def wording(text: str) -> Wording:
    plain = _plain(text)
    words = tuple(_WORD.findall(plain.lower()))
    runs = set()
    for quotation in quotations(plain):
        said = _WORD.findall(quotation.lower())
        for end in range(QUOTATION_WORDS, len(said) + 1):
            runs.add(tuple(said[end - QUOTATION_WORDS : end]))
    return Wording(plain, words, frozenset(words), frozenset(runs))


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, whatever its marks and apostrophes."""
    return _WORD.findall(_plain(text).lower())


def _plain(text: str) -> str:
    """One form of letters that can be written with combining marks, as PDF files do."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=CACHED_WORDINGS)
def word_pairs(text: str) -> frozenset[Pair]:
    """Neighbouring words in lower case, without pairs of two names or numbers (`Ida Holm`)."""
    words = _WORD.findall(text)
    return frozenset(
        (one.lower(), two.lower())
        for one, two in pairwise(words)
        if one[0].islower() or two[0].islower()
    )


def independent_sources(
    citations: Sequence[Citation], same_document_group: Callable[[str], str]
) -> int:
    """How many independent sources the citations are: from 1 to their number, 0 for none.

    `same_document_group` gives, for a document's id, a name that all near-copies of the document
    share and no other document has; its own id where there are none (`rag.index.copies.group_of`).
    """
    groups = [same_document_group(citation.source.id) for citation in citations]
    wordings = [wording(citation.quote) for citation in citations]
    roots = list(range(len(citations)))
    for one in range(len(citations)):
        for other in range(one):
            if roots[one] != roots[other] and (
                groups[one] == groups[other] or same_wording(wordings[one], wordings[other])
            ):
                old, new = roots[one], roots[other]
                roots = [new if root == old else root for root in roots]
    return len(set(roots))


def same_wording(one: Wording, other: Wording) -> bool:
    """Whether two quotes are copies, near-copies, or carry the same quotation."""
    return not one.quoted.isdisjoint(other.quoted) or near_copies(one, other)


def near_copies(one: Wording, other: Wording) -> bool:
    """Whether one text is the other with few words changed, added or left out.

    A changed number is an update of the same report; a `not` put in or taken out is no copy.
    """
    # The vocabulary tells most pairs apart in a microsecond: no fewer words than pairs are shared.
    fewer_words = min(len(one.vocabulary), len(other.vocabulary))
    if len(one.vocabulary & other.vocabulary) < SHARED_PAIRS * fewer_words:
        return False
    if one.words == other.words:
        return True
    pairs, others = word_pairs(one.text), word_pairs(other.text)
    shared, fewer = len(pairs & others), min(len(pairs), len(others))
    if shared < max(FEWEST_PAIRS, SHARED_PAIRS * fewer):
        return False
    if shared < SURE_PAIRS * fewer and _name_others(one, other):
        return False
    return not _negated(*sorted((one, other), key=lambda wording: len(wording.words)))


def quotations(text: str) -> list[str]:
    """What stands inside quotation marks, curly, straight or angled; one that is cut is joined.

    A quotation that opens before the text or closes after it counts from or to the text's end.
    """
    joined: list[str] = []
    if _MARK.search(text) is None:
        return joined
    for piece in _quoted_pieces(text):
        # `“We will stay,” she said, “and we will vote.”` is one quotation.
        if joined and joined[-1].rstrip().endswith(",") and piece.lstrip()[:1].islower():
            joined[-1] += f" {piece}"
        else:
            joined.append(piece)
    return joined


def _quoted_pieces(text: str) -> Iterator[str]:
    position, is_open, single = 0, False, False
    for match in _MARK.finditer(text):
        at = match.start()
        before, after = text[max(at - 1, 0) : at], text[at + 1 : at + 2]
        opens = _opens(match.group(), before, after)
        if single and match.group() == "’" and before != "s" and not after.isalnum():
            opens = False  # `‘a fine muddle’ and`; after an s it may be `the dockers’ port`
        # A second closing mark, and the inches of `6" wide`, close nothing.
        stray = opens is False and not is_open and (position > 0 or before.isdigit())
        if opens is None or (opens and is_open) or stray:
            continue
        if not opens and text[position:at].strip():
            yield text[position:at]
        position, is_open, single = at + 1, opens, opens and match.group() == "‘"
    if is_open and text[position:].strip():
        yield text[position:]


def _opens(mark: str, before: str, after: str) -> bool | None:
    """Whether a mark opens (or else closes) a quotation; None for an apostrophe."""
    if mark in _OPENS:
        return True
    if mark in _CLOSES:
        return False
    starts_word = not before.isalnum() and before not in _ENDS and after.isalnum()
    if mark == '"':
        return starts_word or not before.strip()
    if mark == "'" and starts_word:
        return True
    return False if before in _ENDS and not after.isalnum() else None


def _name_others(one: Wording, other: Wording) -> bool:
    """Whether two texts name somebody or something each, and nothing in common."""
    names, others = _names(one), _names(other)
    return bool(names and others) and names.isdisjoint(others)


def _names(text: Wording) -> set[str]:
    written = _WORD.findall(text.text)
    return {word for word in written if word[0].isupper() and not is_stop_word(word.lower())}


def _negated(shorter: Wording, longer: Wording) -> bool:
    """Whether one of two nearly equal texts denies what the other says."""
    denials, more = _denials(shorter), _denials(longer)
    if len(denials) == len(more):
        return False
    if len(denials) > len(more) or len(shorter.words) >= SAME_LENGTH * len(longer.words):
        return True
    # A clause with its own `not` may have been cut off; a `not` between two words that are
    # neighbours in the shorter text was put in.
    neighbours = set(pairwise(shorter.words))
    words = ["", *longer.words, ""]
    return any((words[at], words[at + 2]) in neighbours for at in more)


def _denials(text: Wording) -> list[int]:
    words = text.words
    return [
        at
        for at, word in enumerate(words)
        if word in NEGATIONS or (word == "t" and words[at - 1].endswith("n"))  # don’t, can't
    ]
