"""What a quote needs beside it to be understood alone: the sentence that names its `he` or `it`.

The quote stays one verbatim range: it is widened to its neighbours, or the name is given apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.discourse.antecedents import LEADING, antecedent
from rag.discourse.people import full_name
from rag.discourse.quotations import Neighbourhood, Token, neighbourhood
from rag.discourse.sayings import of_pronoun, sayings
from rag.discourse.speech_words import AUXILIARIES, DEMONSTRATIVES, EMPTY_IT, PRONOUNS
from rag.language import ITEM_MARK
from rag.types import Span

# A quote is widened by at most so many sentences before it; a name further back is given apart.
MAX_SENTENCES_BEFORE = 2
# `Its founder, Ann Lee, said …` is clear but for one word: what `its` means is given apart.
_POSSESSIVES = {"his": "he", "her": "she", "its": "it", "their": "they"}
# `It is not known who paid`: nothing before it says what `it` is.
_IMPERSONAL = re.compile(
    r"It (?:is|was|has been|had been|will be|would be) (?:not |also |now |widely |still |often )*"
    r"(?:known|clear|unclear|said|thought|believed|likely|unlikely|possible|expected|hoped|feared|"
    r"true|time|understood|reported|claimed|estimated|unknown|certain|uncertain|good|bad|easy|hard|"
    r"difficult|important|a (?:fact|pity|shame|mistake))\b|"
    r"It (?:seems|appears|turned out|took|takes)\b"
)
# So many items are looked over for the line above them, with no more white space between them.
MAX_ITEMS = 30
MAX_BLANK = 4
_ITEM = re.compile(rf"{ITEM_MARK}[ \t]+\S")
_SENTENCE_BREAK = re.compile(r"(?<=[^\d][.!?])\s+")
_ENDS = re.compile(r"[.!?…,;][”\"’)*_]*$")
# A wider quote than this is a paragraph, and no longer shows what answers.
MAX_CHARS = 600


@dataclass(frozen=True, slots=True)
class Context:
    """A quote's range, widened where that names what it speaks of, and else the name.

    `antecedent` is what the quote's first pronoun or bare description stands for where `span` does
    not hold it: to be shown outside the quote. Empty where nothing is missing or none can be told.
    """

    span: Span
    antecedent: str


def stand_alone(text: str, quote: Span, furniture: Sequence[Span] = ()) -> Context:
    """The quote with what it needs to stand alone.

    A quote that starts with `He`, `It`, `This`, `The plan` or a quotation that `he said` ends is
    widened to the sentence that names who or what is meant, at most two sentences before and not
    across headings or `furniture`; an answer to a question to that question; an item of a list to
    the line that leads to it, or has that line apart. Raises ValueError where `quote` ends past
    the text.
    """
    near = neighbourhood(text, quote)
    numbers = near.sentences_at(quote)
    if not numbers or near.sentences[numbers[0]].start < quote.start:
        return Context(quote, "")
    first = numbers[0]
    found = _referent(near, first)
    if found is None or quote.contains(found.mention):
        return Context(quote, "")
    start = _start(near, first, found.mention) if found.widens else None
    if start is not None:
        wide = Span(start, quote.end)
        crossed = any(span.overlaps(Span(start, quote.start)) for span in furniture)
        if wide.end - wide.start <= MAX_CHARS and not crossed:
            return Context(wide, "")
    return Context(quote, found.name)


def lead_in(text: str, quote: Span) -> str:
    """The line that an item of a list stands under (`What is prohibited`), or an empty string.

    A quote that is no item has none.
    """
    found = _lead_in(text, quote.start)
    return _without_marks(text, found) if found else ""


def _lead_in(text: str, start: int) -> Span | None:
    """The line above the items of which one starts at `start`."""
    if not _ITEM.match(text, start) or text[text.rfind("\n", 0, start) + 1 : start].strip():
        return None
    end = start
    for _ in range(MAX_ITEMS):
        blank = text[max(0, end - MAX_BLANK - 1) : end]
        last = end - len(blank) + len(blank.rstrip())
        if not blank.strip():
            return None
        line = Span(text.rfind("\n", 0, last) + 1, last)
        content = text[line.start : line.end].lstrip()
        if not _ITEM.match(content):
            leads = content.endswith(":") or content.startswith("#") or not _ENDS.search(content)
            return line if leads else None
        end = line.start
    return None


def _without_marks(text: str, line: Span) -> str:
    """The last sentence of a line: of `Makes one tray. Ingredients:` what leads to the items."""
    whole = text[line.start : line.end].strip(" \t\r#*:_")
    return _SENTENCE_BREAK.split(whole)[-1]


def _start(near: Neighbourhood, first: int, mention: Span) -> int | None:
    """Where the sentence with the mention starts, if a quote can be widened to it."""
    for back in range(first - 1, max(-1, first - 1 - MAX_SENTENCES_BEFORE), -1):
        sentence = near.sentences[back]
        if _is_heading(near, sentence):
            return None
        if sentence.contains(mention):
            return sentence.start
    return None


def _is_heading(near: Neighbourhood, sentence: Span) -> bool:
    """Whether a sentence is a line without a full stop: a heading, a caption, furniture."""
    last = near.text[sentence.end - 1]
    return last not in '.!?…:;,"”’»)' and near.text[sentence.end : sentence.end + 1] in ("\n", "")


@dataclass(frozen=True, slots=True)
class _Referent:
    """What a pronoun or bare description stands for: the name in full, and where it is named."""

    name: str
    mention: Span
    widens: bool = True


def _referent(near: Neighbourhood, number: int) -> _Referent | None:
    """What the pronoun or bare description that a sentence is about stands for.

    Looks at a sentence's first words (`He`, `But it`, `The plan`) and at who says a quotation that
    starts it (`“…,” he said`); None where it has no such word or its meaning cannot be told.
    """
    sentence = near.sentences[number]
    leads = _lead_in(near.text, sentence.start)
    if leads is not None:
        return _Referent(_without_marks(near.text, leads), leads)
    tokens = near.tokens(sentence)
    if not tokens:
        return None
    if number and _asks(near, number - 1) and not _asks(near, number):
        return _Referent("", near.sentences[number - 1])
    place = next((n for n, t in enumerate(tokens) if t.lower not in LEADING), 0)
    if tokens[0].is_quotation:
        return _of_quotation(near, number)
    word = tokens[place].lower
    if word == "it" and EMPTY_IT.match(near.text, tokens[place].start):
        return None
    if word in PRONOUNS:
        speaker, mention = of_pronoun(near, number, tokens, place, word)
        return _Referent(speaker, mention) if mention else _before(near, number)
    if word in _POSSESSIVES:
        speaker, mention = of_pronoun(near, number, tokens, place, _POSSESSIVES[word])
        if mention is None or speaker.split()[0].lower() in _POSSESSIVES:
            return None  # `his lawyers` does not say whose `its` is
        return _Referent(speaker, mention, widens=False)
    if word in DEMONSTRATIVES and number and _is_verb(tokens[place + 1 : place + 2]):
        before = near.sentences[number - 1]
        return _Referent("", before)
    named = antecedent(near.text, sentence)
    if named is None:
        return None
    return _Referent(full_name(near.text, named), named)


def _before(near: Neighbourhood, number: int) -> _Referent | None:
    """The sentence before, in one paragraph: it names what a pronoun means, if by no name."""
    if not number or _IMPERSONAL.match(near.text, near.sentences[number].start):
        return None
    before = near.sentences[number - 1]
    if "\n" in near.text[before.end : near.sentences[number].start]:
        return None
    return _Referent("", before)


def _asks(near: Neighbourhood, number: int) -> bool:
    """Whether a sentence is a question of the text's own, and not one that somebody quotes."""
    sentence = near.sentences[number]
    return near.text[sentence.end - 1] == "?" and near.quotation_at(sentence) is None


def _is_verb(following: Sequence[Token]) -> bool:
    """Whether a demonstrative stands alone: a verb that is known as one follows (`This was …`)."""
    return bool(following) and following[0].lower in AUXILIARIES


def _of_quotation(near: Neighbourhood, number: int) -> _Referent | None:
    """Who says a quotation that starts a sentence, where that has a pronoun or nothing for it."""
    for saying in sayings(near, number):
        if saying.pronoun and saying.direct and saying.speaker:
            return _Referent(saying.speaker, saying.mention)
    if number == 0 or sayings(near, number):
        return None
    # A bare quotation is understood beside the sentence that it goes on from.
    before, sentence = near.sentences[number - 1], near.sentences[number]
    quoted = near.quotation_at(sentence)
    if quoted is None or quoted.start < sentence.start or quoted.end < sentence.end:
        return None
    if "\n" in near.text[before.end : sentence.start]:
        return None
    spoken = [s for s in sayings(near, number - 1) if s.direct and s.speaker]
    return _Referent(spoken[-1].speaker, before) if spoken else None
