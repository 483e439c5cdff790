"""What the pronoun or bare description at the start of a sentence stands for.

Looks back over the sentences before; conservative: None where it cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.discourse.mentions import bare_surname, name_runs
from rag.discourse.people import (
    gender,
    introductions,
    is_person,
    is_thing,
    may_be_surname,
)
from rag.discourse.quotations import FILLER, Neighbourhood, Token, neighbourhood
from rag.discourse.speech_words import (
    AUXILIARIES,
    CLAUSE_WORDS,
    DETERMINERS,
    HELPERS,
    ORGANISATIONS,
    PERSON_PRONOUNS,
    PREPOSITIONS,
    PRONOUNS,
    ROLES,
    SAYING,
    TITLES,
)
from rag.names import country
from rag.types import Span

# An antecedent further back than this many sentences is a guess.
MAX_SENTENCES_BACK = 5
# A description's noun is introduced at most this many sentences before.
MAX_SENTENCES_TO_NOUN = 2
# A subject holds at most this many words before its name (`the Czech deputy minister Ann Lee`).
MAX_WORDS_BEFORE_SUBJECT = 5
# Words that may stand before a sentence's subject without changing it.
LEADING = frozenset("but and so yet then still now later".split())

_WORD = re.compile(r"\w[\w’'-]*")
_BEFORE_NAMES = DETERMINERS | TITLES | ROLES | ORGANISATIONS | LEADING | HELPERS
_NO_MODIFIER = "|".join(sorted(PREPOSITIONS | DETERMINERS | CLAUSE_WORDS))
_KINDS_OF_COUNTRY = frozenset({"country", "government"})
_KINDS_OF_ORGANISATION = _KINDS_OF_COUNTRY | frozenset(
    """company firm group bank airline carrier retailer manufacturer maker agency ministry
    department club union league association federation foundation institute university museum
    party court council commission committee operator insurer lender producer supplier chain
    charity newspaper organisation organization""".split()
)


def antecedent(text: str, sentence: Span) -> Span | None:
    """What the pronoun or bare description at the start of a sentence stands for, by its mention.

    For `He`, `She`, `It`, `They` and for `The plan`, `The company`, `The minister`; None where it
    cannot be told, or the sentence starts with neither.
    """
    near = neighbourhood(text, sentence)
    tokens = [t for t in near.tokens(sentence) if t.is_word]
    if tokens and tokens[0].lower in LEADING:
        tokens = tokens[1:]
    if not tokens:
        return None
    numbers = near.sentences_at(sentence)
    first = numbers[0] if numbers else 0
    if tokens[0].lower in PRONOUNS:
        return antecedent_of_pronoun(near, first, tokens[0].lower)
    if tokens[0].lower in {"the", "this", "that", "these", "those"}:
        return _antecedent_of_description(near, first, tokens[1:4])
    return None


def antecedent_of_pronoun(
    near: Neighbourhood, number: int, pronoun: str, depth: int = MAX_SENTENCES_BACK
) -> Span | None:
    """The mention that a pronoun in the given sentence stands for, `depth` sentences back."""
    for back in range(number - 1, max(-1, number - 1 - depth), -1):
        sentence = near.sentences[back]
        found = [
            name
            for name in name_runs(near, sentence)
            if not near.text.startswith(("’s", "'s", "’ ", "' "), name.end)
        ]
        if pronoun in PERSON_PRONOUNS:
            people = [n for n in found if is_person(near.text, n)]
            people = [n for n in people if gender(near.text, n) in ("", pronoun)]
            known = [n for n in people if gender(near.text, n) == pronoun]
            if len(people) > 1 and len(known) == 1:
                return known[0]
            if not people:
                people = [n for n in found if may_be_surname(near, n)]
                if (
                    len(people) != 1
                    or _subject_or_only(near, sentence, people, strict=True) is None
                ):
                    people = []
            if people:
                return _subject_or_only(near, sentence, people)
            bare = bare_surname(near, sentence)
            if bare:
                return bare
        elif pronoun == "it":
            things = [n for n in found if is_thing(near.text, n)]
            if things:
                return _subject_or_only(near, sentence, things, strict=True)
        elif len(found) > 1 or (found and not is_person(near.text, found[0])):
            return _subject_or_only(near, sentence, found, strict=True)
        words = [t.lower for t in near.tokens(sentence) if t.is_word]
        if pronoun not in words[:3] and pronoun not in PERSON_PRONOUNS:
            # A thing is named in the sentence before, or in a chain of sentences about it.
            return None
    return None


def _subject_or_only(
    near: Neighbourhood, sentence: Span, found: Sequence[Span], *, strict: bool = False
) -> Span | None:
    """The name that the sentence is about: its first words, or the only one."""
    first = found[0]
    before = near.plain[sentence.start - near.start : first.start - near.start]
    words = _WORD.findall(before)
    subject = FILLER not in before and len(words) <= MAX_WORDS_BEFORE_SUBJECT
    subject = subject and all(w[0].isupper() or w.lower() in _BEFORE_NAMES for w in words)
    subject = subject and not any(w.lower() in PREPOSITIONS | CLAUSE_WORDS for w in words)
    if subject or (len(found) == 1 and not strict):
        return first
    return None


def _ends_phrase(following: Sequence[Token]) -> bool:
    """Whether a noun ends its phrase: what follows can be a verb (`the port authority` is none)."""
    if not following:
        return True
    word = following[0].lower
    return (
        word in AUXILIARIES | SAYING | HELPERS
        or (word in PREPOSITIONS and word != "of")
        or word.endswith("ed")
    )


def _antecedent_of_description(
    near: Neighbourhood, number: int, following: Sequence[Token]
) -> Span | None:
    """`The plan` after `a plan …`; `The company` after its name; `The minister` by the role."""
    noun = following[0].lower if following else ""
    if not noun or following[0].is_name or not _ends_phrase(following[1:2]):
        return None
    for back in range(number - 1, max(-1, number - 1 - MAX_SENTENCES_TO_NOUN), -1):
        sentence = near.sentences[back]
        if noun in ROLES:
            for introduction in introductions(near.text, sentence):
                if introduction.noun == noun and sentence.contains(introduction.name):
                    return introduction.name
        if noun in _KINDS_OF_ORGANISATION:
            things = [n for n in name_runs(near, sentence) if is_thing(near.text, n)]
            things = [
                n
                for n in things
                if bool(country(near.text[n.start : n.end])) == (noun in _KINDS_OF_COUNTRY)
            ]
            if things:
                return _subject_or_only(near, sentence, things)
        introduced = re.compile(
            rf"\b(?:an?|one)\s(?:(?!(?:{_NO_MODIFIER})\s)[\w’'-]+\s){{0,3}}{re.escape(noun)}\b",
            re.IGNORECASE,
        )
        match = introduced.search(
            near.plain, sentence.start - near.start, sentence.end - near.start
        )
        if match:
            return Span(near.start + match.start(), near.start + match.end())
    return None
