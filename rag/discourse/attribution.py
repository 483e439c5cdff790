"""Who says what, according to a document: the speaker of quoted and reported words.

Rules on punctuation, word order and word lists; no model. A sentence is read as clauses around its
verbs and nouns of saying (`rag.discourse.speech_words`); the speaker is never read from quoted
words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.discourse.antecedents import MAX_SENTENCES_BACK
from rag.discourse.cues import Cue
from rag.discourse.phrases import subject
from rag.discourse.quotations import Neighbourhood, neighbourhood
from rag.discourse.sayings import Saying, may_be_person, resolve, sayings
from rag.types import Span

# What stands around reported words and is no part of them.
_LOOSE = frozenset(" \t\n,:;")
_OPENING = frozenset('“„«"‘')
_CLOSING = frozenset('”“»"’')


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says something, according to the document.

    `speaker` is the name in full as the document gives it, without titles, or the noun phrase of a
    speaker without a name. `mention` is where the speaker is named, by name or noun phrase; for a
    pronoun that is in an earlier sentence. `quotation` is the quoted or reported words without the
    outer quotation marks; of a split quotation, from its first to its last character, including
    the inserted `he said`. None where the extent of the reported words cannot be told.
    """

    speaker: str
    mention: Span
    quotation: Span | None


def attribution(text: str, at: Span) -> Attribution | None:
    """Who says the words at `at` according to the document, or None for the outlet's own words.

    Raises ValueError where `at` ends past the text.
    """
    near = neighbourhood(text, at)
    best: Attribution | None = None
    for number in near.sentences_at(at):
        sentence = near.sentences[number]
        part = Span(max(at.start, sentence.start), min(at.end, sentence.end))
        found = _of_sentence(near, number, part)
        if found and (best is None or (best.quotation is None and found.quotation)):
            best = found
    return best


def statements(text: str, within: Span) -> list[Attribution]:
    """The attributed words of a passage, one for each speaker and stretch of words, in order."""
    near = neighbourhood(text, within)
    found: list[Attribution] = []
    for number in near.sentences_at(within):
        sentence = near.sentences[number]
        parts = [q for q in near.quotations if q.overlaps(sentence)] or [sentence]
        for part in (sentence, *parts):
            one = _of_sentence(
                near, number, Span(max(part.start, sentence.start), min(part.end, sentence.end))
            )
            if one and one not in found:
                found.append(one)
    return found


def _of_sentence(near: Neighbourhood, number: int, at: Span) -> Attribution | None:
    """Who says the part `at` of a sentence."""
    chosen = _choose(near, number, sayings(near, number), at)
    if chosen is None:
        chosen = _carried(near, number, at)
    if chosen is None or not chosen.speaker:
        return None
    return Attribution(chosen.speaker, chosen.mention, _extent(near, chosen))


def _choose(near: Neighbourhood, number: int, found: Sequence[Saying], at: Span) -> Saying | None:
    """The saying that a part of the sentence belongs to: the innermost that reports it."""
    named = [s for s in found if s.phrase.contains(at)]
    if named:
        return named[-1]
    sentence = near.sentences[number]
    # Words inside a clause that begin with who says them (`… because it fears that …`) tell of
    # the speaker in the outlet's words; of a whole sentence its quotation is meant.
    told = at.start if near.text[sentence.start : at.start].rstrip(" ")[-1:].isalpha() else -1
    covering = [s for s in found if s.reported.overlaps(at) and s.phrase.start != told]
    if not covering:
        return None
    if _covers_most(at, sentence):
        return min(covering, key=lambda s: (s.is_noun, s.reported.start - s.reported.end))
    return min(covering, key=lambda s: s.reported.end - s.reported.start)


def _covers_most(at: Span, sentence: Span) -> bool:
    return 2 * (at.end - at.start) > sentence.end - sentence.start


def _carried(near: Neighbourhood, number: int, at: Span) -> Saying | None:
    """The speaker of the words before, for a quotation that goes on without its own speaker."""
    quoted = near.quotation_at(at)
    sentence = near.sentences[number]
    if quoted is None or (quoted.start > sentence.start and quoted.end < sentence.end - 1):
        return None
    # A quotation over several sentences has its speaker in any of them.
    for other in near.sentences_at(quoted):
        if other != number:
            for saying in sayings(near, other):
                if saying.speaker and saying.reported.overlaps(quoted):
                    return saying
    first = near.sentences_at(quoted)[0]
    if near.sentences[first].start != quoted.start:
        return None
    for back in range(first - 1, max(-1, first - 1 - MAX_SENTENCES_BACK), -1):
        spoken = [s for s in sayings(near, back) if s.speaker and not s.is_noun]
        if spoken:
            return spoken[-1]
        if not any(q.contains(near.sentences[back]) for q in near.quotations):
            return _introduced_by(near, back, quoted)
    return None


def _introduced_by(near: Neighbourhood, number: int, quoted: Span) -> Saying | None:
    """The subject of the sentence before a bare quotation (`Lee was unimpressed. “…”`)."""
    sentence = near.sentences[number]
    if "\n" in near.text[sentence.end : quoted.start]:
        return None
    tokens = near.tokens(sentence)
    phrase = subject(tokens)
    if phrase is None:
        return None
    found = resolve(near, number, tokens, Cue(phrase, phrase[1], phrase, True))
    if found.speaker and may_be_person(near, found.speaker, found.mention):
        return replace(found, reported=quoted)
    return None


def _extent(near: Neighbourhood, saying: Saying) -> Span | None:
    """The reported words, over all the sentences of a quotation, without the outer marks."""
    start, end = saying.reported.start, saying.reported.end
    opening = next((q for q in near.quotations if q.start <= start < q.end), None)
    if opening:
        start = opening.start
    if saying.direct:
        end = max(end, _last_quoted(near, saying))
    return _without_marks(near, start, end)


def _last_quoted(near: Neighbourhood, saying: Saying) -> int:
    """The end of what the speaker goes on to say: in the sentence, and in bare ones that follow."""
    sentence = near.sentences[saying.number]
    others = [s for s in sayings(near, saying.number) if s.phrase != saying.phrase]
    end = 0
    for quoted in near.quotations:
        inside = quoted.overlaps(sentence) and quoted.start > saying.phrase.start
        if inside and not any(s.reported.overlaps(quoted) for s in others):
            end = quoted.end
    last = saying.reported.end == sentence.end or end >= sentence.end - 1
    reaches = near.text[max(end, saying.phrase.end) : sentence.end]
    if not last and any(mark in reaches for mark in '“"'):
        return end
    for following in near.sentences[saying.number + 1 :]:
        between = near.text[following.start - 2 : following.start]
        goes_on = near.quotation_at(following)
        if goes_on is None or not goes_on.contains(following):
            break
        if "\n" in between and goes_on not in near.continued:
            break
        end = goes_on.end
    return end


def _without_marks(near: Neighbourhood, start: int, end: int) -> Span | None:
    """A range without white space and commas at its ends, and without marks around the whole."""
    text = near.text
    while start < end and text[start] in _LOOSE:
        start += 1
    while start < end and text[end - 1] in _LOOSE:
        end -= 1
    closed = end - (1 if text[start:end].endswith(".") else 0)
    if start < end and text[start] in _OPENING:
        start += 1
        if text[closed - 1] in _CLOSING:
            end = closed - 1
    elif start < end and text[end - 1] in _CLOSING and not _OPENING & set(text[start : end - 1]):
        end -= 1
    while start < end and text[end - 1] in _LOOSE:
        end -= 1
    return Span(start, end) if start < end else None
