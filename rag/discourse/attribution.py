"""Who says what, according to a document: the speaker of quoted and reported words.

Rules on punctuation, word order and word lists; no model. A sentence is read as clauses around its
verbs and nouns of saying (`rag.discourse.speech_words`); the speaker is never read from quoted
words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.discourse.antecedents import MAX_SENTENCES_BACK
from rag.discourse.cues import Cue
from rag.discourse.phrases import subject
from rag.discourse.quotations import Neighbourhood, neighbourhood
from rag.discourse.sayings import Saying, may_be_person, resolve, sayings
from rag.discourse.speech_words import DENIALS, QUESTIONS
from rag.discourse.transcripts import turn_at
from rag.types import Span


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says something, according to the document.

    `speaker` is the name in full as the document gives it, without titles, or the noun phrase of a
    speaker without a name. `mention` is where the speaker is named, by name or noun phrase; for a
    pronoun that is in an earlier sentence. `asserted` is False where the speaker denies the words,
    or asks whether they are true, and does not state them. `names` is True where the words name or
    describe the speaker, as `ferry director` does in `Ferry director Ann Lee said …`: then the
    outlet says them.
    """

    speaker: str
    mention: Span
    asserted: bool = True
    names: bool = False


def attribution(text: str, at: Span) -> Attribution | None:
    """Who says the words at `at` according to the document, or None for the outlet's own words.

    Over several sentences, the first speaker. In a conversation whose turns have labels, the one
    whose turn it is, but for what that one quotes from others.
    Raises ValueError where `at` ends past the text.
    """
    near = neighbourhood(text, at)
    for number in near.sentences_at(at):
        sentence = near.sentences[number]
        part = Span(max(at.start, sentence.start), min(at.end, sentence.end))
        found = _of_sentence(near, number, part)
        if found:
            return found
    turn = turn_at(text, at)
    return Attribution(turn.speaker, turn.label) if turn else None


def reported_with(text: str, at: Span) -> Span | None:
    """The quotation around `at`, or what a speaker is reported to say there in one sentence.

    None for the outlet's own words, and where `at` stands in several sentences.
    """
    near = neighbourhood(text, at)
    numbers = near.sentences_at(at)
    if len(numbers) != 1:
        return None
    quoted = near.quotation_at(at)
    if quoted is not None and quoted.contains(at):
        return quoted
    chosen = _choose(near, numbers[0], sayings(near, numbers[0]), at)
    if chosen is None or not chosen.reported.contains(at):
        return None
    # `The boxes, Lee said, were wet`: the whole would have the outlet's words in it.
    return None if chosen.reported.contains(chosen.verb) else chosen.reported


def _of_sentence(near: Neighbourhood, number: int, at: Span) -> Attribution | None:
    """Who says the part `at` of a sentence."""
    found = sayings(near, number)
    chosen = _choose(near, number, found, at)
    if chosen is None:
        chosen = _carried(near, number, at)
    if chosen is None or not chosen.speaker:
        return None
    doubted = any(_doubts(near, s, at) for s in (chosen, *_around(near, chosen, found)))
    names = chosen.phrase.contains(at)
    return Attribution(chosen.speaker, chosen.mention, not doubted, names)


def _doubts(near: Neighbourhood, saying: Saying, at: Span) -> bool:
    """Whether somebody denies the words at `at` or asks about them, instead of stating them."""
    verb = near.text[saying.verb.start : saying.verb.end].lower()
    if not saying.reported.overlaps(at) or verb not in DENIALS | QUESTIONS:
        return False
    if verb in QUESTIONS:
        return True
    if saying.direct and saying.reported.end <= saying.phrase.start:
        return False  # `“It is not dead,” Lee denied.`
    if ":" in near.plain[saying.verb.end - near.start : at.start - near.start]:
        return False  # `Lee denied it: she had never been there.`
    quoted = near.quotation_at(at)
    if quoted is None or not quoted.contains(at):
        return True
    # `Lee dismissed it as “a fine mess”`.
    return not near.text[saying.verb.end : quoted.start].endswith(" as ")


def _around(near: Neighbourhood, inner: Saying, found: Sequence[Saying]) -> Iterator[Saying]:
    """The sayings that another is a part of: `denied that Lee said …`, `denied having said …`."""
    for saying in found:
        between = near.text[saying.verb.end : max(saying.verb.end, inner.verb.start)]
        if saying.reported.start == inner.phrase.start or between == " having ":
            yield saying


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
