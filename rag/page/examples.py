"""Example questions made from the indexed documents, whatever they are about.

Candidates come from frequent patterns of the text: who is quoted, what is counted, what is named.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from rag.errors import CitableError
from rag.language import SPEECH_VERBS, STOP_WORDS
from rag.page.view import PageEngine
from rag.results import Abstention, Answer
from rag.types import Document

# Enough documents and text to see what a corpus is about, few enough to read in a moment.
SAMPLED_DOCUMENTS = 40
SAMPLED_CHARS = 20_000
# A counted thing is followed by at most this much of what it did: `pledged to provide troops`.
DEED_WORDS = 4
# Candidates of one kind, most frequent first.
OF_A_KIND = 3

_NAME_WORD = r"[A-Z][a-z]+(?:[-’'][A-Z][a-z]+)*"
_NAME = rf"{_NAME_WORD}(?: {_NAME_WORD}){{0,2}}"
_SAYS = rf"(?:{'|'.join(SPEECH_VERBS)})"
_SPEAKER = re.compile(rf"\b({_NAME}) {_SAYS}\b|\b(?:said|says|added|replied|told) ({_NAME})\b")
# A name in the middle of a sentence; one at its start is passed over whole, its group empty.
_NAMED = re.compile(rf"(?<=[a-z,] )({_NAME})\b|\b{_NAME}\b")
_NUMBER = (
    r"(?i:\d{1,3}(?:,\d{3})*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens of)"
)
_COUNTED = re.compile(
    rf"\b{_NUMBER} ([a-z]{{3,}}s) ((?:[a-z]+ed|were|are|have|had)(?: [A-Za-z]+){{1,{DEED_WORDS}}})"
)
_CALENDAR = {*calendar.day_name, *calendar.month_name}
_QUOTED = re.compile(r"“([a-z][^“”.,!?\n]{6,50})[”]|\"([a-z][^\".,!?\n]{6,50})\"")


def examples_for(engine: PageEngine, limit: int = 4) -> list[str]:
    """Up to `limit` questions about the engine's documents, of different kinds; none is asked."""
    return list(islice(dict.fromkeys(_candidates(_sample(engine))), limit))


def answered_examples(
    ask: Callable[[str], Answer | Abstention],
    candidates: Iterable[str],
    limit: int,
    stopped: Callable[[], bool],
) -> list[str]:
    """The first `limit` candidates that find an answer; fewer where `stopped` says to stop."""
    answered: list[str] = []
    for candidate in candidates:
        if len(answered) == limit or stopped():
            break
        if _is_answered(ask, candidate):
            answered.append(candidate)
    return answered


def _is_answered(ask: Callable[[str], Answer | Abstention], question: str) -> bool:
    try:
        return ask(question).answered
    except CitableError:
        return False


def _sample(engine: PageEngine) -> list[str]:
    """The beginnings of documents spread evenly over the corpus, without page furniture."""
    sources = engine.documents()
    step = max(1, len(sources) // SAMPLED_DOCUMENTS)
    texts = []
    for source in sources[::step][:SAMPLED_DOCUMENTS]:
        try:
            texts.append(_body(engine.document(source.id))[:SAMPLED_CHARS])
        except CitableError:
            continue  # removed since the list was made
    return texts


def _body(document: Document) -> str:
    kept, start = [], 0
    for span in sorted(document.furniture):
        kept.append(document.text[start : max(start, span.start)])
        start = max(start, span.end)
    return "\n".join([*kept, document.text[start:]])


def _candidates(texts: Sequence[str]) -> Iterator[str]:
    """Questions of each kind in turn, so that the first few differ in kind."""
    kinds = [_speaker_questions(texts), _count_questions(texts), _quotation_questions(texts)]
    for rank in range(OF_A_KIND):
        for kind in kinds:
            if rank < len(kind):
                yield kind[rank]
    yield from _name_questions(texts)


def _speaker_questions(texts: Sequence[str]) -> list[str]:
    speakers = _frequent(texts, _SPEAKER, name=True)
    topics = _frequent(texts, _NAMED, name=True)
    questions = []
    for speaker in speakers[:OF_A_KIND]:
        words = set(speaker.split())
        topic = next((t for t in topics if not words & set(t.split()) and t not in speakers), "")
        questions.append(f"What did {speaker} say" + (f" about {topic}?" if topic else "?"))
    return questions


def _count_questions(texts: Sequence[str]) -> list[str]:
    found = _frequent_groups(
        (counted, _trim(deed)) for text in texts for counted, deed in set(_COUNTED.findall(text))
    )
    return [f"How many {counted} {deed}?" for counted, deed in found if deed][:OF_A_KIND]


def _quotation_questions(texts: Sequence[str]) -> list[str]:
    words = [q for q in _frequent(texts, _QUOTED, name=False) if 1 < len(q.split()) < 7]
    return [f"Who spoke of “{quotation}”?" for quotation in words[:OF_A_KIND]]


def _name_questions(texts: Sequence[str]) -> list[str]:
    return [f"What is said about {name}?" for name in _frequent(texts, _NAMED, name=True)][
        :OF_A_KIND
    ]


def _frequent(texts: Sequence[str], pattern: re.Pattern[str], *, name: bool) -> list[str]:
    """What the pattern's groups matched, by the number of documents, then of occurrences."""
    documents: Counter[str] = Counter()
    occurrences: Counter[str] = Counter()
    for text in texts:
        matches = ["".join(match.groups("")) for match in pattern.finditer(text)]
        found = [m for m in (map(_name, matches) if name else matches) if m]
        documents.update(set(found))
        occurrences.update(found)
    return sorted(documents, key=lambda m: (-documents[m], -occurrences[m], m))


def _frequent_groups(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs by how often their first part was found, each with its most frequent second part."""
    seconds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for first, second in pairs:
        seconds[first][second] += 1
    order = sorted(seconds, key=lambda first: (-seconds[first].total(), first))
    return [(first, seconds[first].most_common(1)[0][0]) for first in order]


def _name(text: str) -> str:
    """The name without the common words before it (`Then Ann Reed`); empty where none is left."""
    words = text.split()
    while words and _is_common(words[0]):
        words.pop(0)
    return "" if any(_is_common(word) for word in words) else " ".join(words)


def _is_common(word: str) -> bool:
    return len(word) < 3 or word in _CALENDAR or word.lower() in STOP_WORDS


def _trim(deed: str) -> str:
    """The deed without words at its end that lead to something cut off: `to`, `in`, `the`."""
    words = deed.split()
    while words and words[-1].lower() in STOP_WORDS:
        words.pop()
    return " ".join(words)
