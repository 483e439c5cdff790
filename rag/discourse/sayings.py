"""The sayings of a sentence with their speakers in full: names, roles, and pronouns resolved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.discourse.antecedents import MAX_SENTENCES_BACK, antecedent_of_pronoun
from rag.discourse.clauses import cues
from rag.discourse.cues import Cue
from rag.discourse.mentions import bare_surname, name_runs
from rag.discourse.people import full_name, gender, head_noun, holder, is_person, may_be_surname
from rag.discourse.phrases import clause_start, clause_subjects, subject
from rag.discourse.quotations import KEPT, Neighbourhood, Token
from rag.discourse.speech_words import (
    DEFINITE,
    DETERMINERS,
    PERSON_PRONOUNS,
    PRONOUNS,
    ROLES,
    UTTERANCES,
    VIEWS,
)
from rag.types import Span

# A quotation of fewer words is a term in marks (`the “summit”`) unless a verb of saying leads it.
MIN_QUOTED_WORDS = 3
# Pronouns whose meaning is kept in memory: those of some dozen documents.
KEPT_PRONOUNS = 2000

_POSSESSIVES = {"his": "he", "her": "she", "its": "it", "their": "they"}


@dataclass(frozen=True, slots=True)
class Saying:
    """A saying of a sentence, in offsets of the document; `speaker` is empty where unknown.

    `verb` is the verb or noun of saying, or what stands for it.
    """

    speaker: str
    mention: Span
    phrase: Span
    verb: Span
    reported: Span
    is_noun: bool
    pronoun: str
    number: int
    direct: bool


def sayings(near: Neighbourhood, number: int) -> tuple[Saying, ...]:
    """The sayings of a sentence with their speakers; last a quotation led by any other verb."""
    known = _known(near)
    # In order, since a pronoun looks back: hundreds of `He said so.` are no deep recursion.
    for earlier in range(number + 1):
        if earlier not in known:
            known[earlier] = _read(near, earlier)
    return known[number]


@lru_cache(maxsize=KEPT)
def _known(near: Neighbourhood) -> dict[int, tuple[Saying, ...]]:  # noqa: ARG001 (the key)
    """The sayings of a neighbourhood's sentences as far as they have been read."""
    return {}


def _read(near: Neighbourhood, number: int) -> tuple[Saying, ...]:
    tokens = near.tokens(near.sentences[number])
    told = cues(tokens)
    found = [resolve(near, number, tokens, cue) for cue in told]
    for place, token in enumerate(tokens):
        span = Span(token.start, token.end)
        if not token.is_quotation or any(s.reported.overlaps(span) for s in found):
            continue
        phrase = _leader(near, tokens, place, told)
        if phrase:
            cue = Cue(phrase, place, (place, place + 1), True)
            found.append(resolve(near, number, tokens, cue))
    return tuple(found)


def _leader(
    near: Neighbourhood, tokens: Sequence[Token], place: int, told: Sequence[Cue]
) -> tuple[int, int] | None:
    """Who leads a quotation without a verb of saying: `Lee: “…”`, `Lee found it “…”`."""
    quoted = near.text[tokens[place].start : tokens[place].end]
    if len(quoted.split()) < MIN_QUOTED_WORDS or place == 0:
        return None
    start = clause_start(tokens, place)
    # `A loan, said Lee, was “…”`: who speaks goes on.
    speaking = [cue.phrase for cue in told if start <= cue.verb < place and not cue.is_noun]
    return next(iter([*speaking[-1:], *clause_subjects(tokens, place)]), None)


def resolve(near: Neighbourhood, number: int, tokens: Sequence[Token], cue: Cue) -> Saying:
    """The saying with its speaker's name in full, and the place where that stands."""
    words = tokens[cue.phrase[0] : cue.phrase[1]]
    phrase = Span(words[0].start, words[-1].end)
    said = tokens[cue.reported[0] : cue.reported[1]]
    reported = Span(said[0].start, said[-1].end) if said else phrase
    verb = tokens[min(cue.verb, len(tokens) - 1)]
    # A quotation at the edge of the reported words that faces the verb is direct speech.
    edge = (said[-1] if said and said[-1].end <= phrase.start else said[0]) if said else None
    direct = cue.adjacent and edge is not None and (edge.is_quotation or said[-1].is_quotation)
    pronoun = _POSSESSIVES.get(words[0].lower, words[0].lower) if len(words) == 1 else ""
    if pronoun in PRONOUNS:
        speaker, mention = of_pronoun(near, number, tokens, cue.phrase[0], pronoun)
    else:
        pronoun = ""
        speaker, mention = _of_phrase(near, words)
        described = _inside_a_sentence(near.text[mention.start : mention.end])
        if speaker == described and words[0].lower in DEFINITE:
            speaker, mention = _of_description(near, number, words) or (speaker, mention)
    return Saying(
        speaker,
        mention or phrase,
        phrase,
        Span(verb.start, verb.end),
        reported,
        cue.is_noun,
        pronoun,
        number,
        direct,
    )


def _of_phrase(near: Neighbourhood, words: Sequence[Token]) -> tuple[str, Span]:
    """The name in full in a noun phrase, or who holds the role, or the phrase's own words.

    Of words that somebody has said or thinks (`Lee's stance`), it is whose they are.
    """
    owner = next((n for n, word in enumerate(words) if word.is_possessive), None)
    if owner is not None and words[-1].lower in UTTERANCES | VIEWS:
        words = words[: owner + 1]
    end = words[-1].end - (2 if words[-1].is_possessive and words[-1].text[-1] == "s" else 0)
    end = end - 1 if near.text[end - 1] in "’'" else end
    phrase = Span(words[0].start, end)
    runs = name_runs(near, Span(words[0].start, words[-1].end))
    if words[-1].is_name and not runs:
        runs = [Span(words[-1].start, end)]
    if runs and _ends_name(near, runs[0]) and is_person(near.text, runs[0]):
        # `Ann Lee of the union`: the name is the head.
        return full_name(near.text, runs[0]), runs[0]
    last = runs[-1] if runs else None
    if last and last.end == phrase.end:
        lead = near.text[phrase.start : last.start].split()
        behind = lead[-1].lower() if lead else ""
        if behind == "the":
            behind = lead[-2].lower() if len(lead) > 1 else ""
        if behind in {"of", "for", "from", "at", "in", "with", "on"}:
            first = runs[0]
            if len(runs) > 1 and _ends_name(near, first):
                return full_name(near.text, first), first
        elif "and" not in lead:
            return full_name(near.text, last), last
    first_word = words[0].lower
    if first_word in DEFINITE or words[0].is_possessive or words[0].is_name:
        held = holder(near.text, phrase)
        if held:
            return held, phrase
    return _inside_a_sentence(near.text[phrase.start : phrase.end]), phrase


def _inside_a_sentence(description: str) -> str:
    """A description as it stands inside a sentence: `The union` is `the union`."""
    starts = description.split()[0].lower() in DETERMINERS
    return description[0].lower() + description[1:] if starts else description


def _of_description(
    near: Neighbourhood, number: int, words: Sequence[Token]
) -> tuple[str, Span] | None:
    """Who `the critic` is when no words tie a name to it: the person that the sentence before, in
    the same paragraph, is about; not when it speaks of a critic itself."""
    noun = head_noun([t.text for t in words])
    if words[0].lower != "the" or noun not in ROLES:
        return None
    for back in range(number - 1, max(-1, number - 3), -1):
        sentence = near.sentences[back]
        between = near.text[sentence.end : near.sentences[back + 1].start]
        said = near.plain[sentence.start - near.start : sentence.end - near.start].lower()
        if "\n" in between or re.search(rf"\b{re.escape(noun)}\b", said):
            return None
        tokens = near.tokens(sentence)
        place = subject(tokens)
        if place and tokens[place[0]].lower not in PRONOUNS:
            speaker, mention = _of_phrase(near, tokens[place[0] : place[1]])
            return (speaker, mention) if is_person(near.text, mention) else None
        if not place or tokens[place[0]].lower not in PERSON_PRONOUNS:
            return None
    return None


def _ends_name(near: Neighbourhood, name: Span) -> bool:
    """Whether `of`, `for` or the like follows a name, which is then the phrase's head."""
    following = near.text[name.end : name.end + 6].split()
    return bool(following) and following[0] in {"of", "for", "from", "at", "in", "with", "on"}


def of_pronoun(
    near: Neighbourhood, number: int, tokens: Sequence[Token], place: int, pronoun: str
) -> tuple[str, Span | None]:
    """Who a pronoun stands for: of its own sentence's subject, else of the last who spoke."""
    for same in clause_subjects(tokens, place):
        words = tokens[same[0] : same[1]]
        if same[1] < place and words[0].lower not in PRONOUNS and not words[-1].is_possessive:
            speaker, mention = _of_phrase(near, words)
            if (pronoun in PERSON_PRONOUNS) == may_be_person(near, speaker, mention):
                return speaker, mention
    bare = bare_surname(near, near.sentences[number]) if place else None
    if bare and pronoun in PERSON_PRONOUNS and not _only_reported(tokens, place):
        return near.text[bare.start : bare.end], bare
    return _of_earlier(near, number, pronoun)


def _only_reported(tokens: Sequence[Token], place: int) -> bool:
    """Whether all before a pronoun is what it is said to say (`Cardiff would pay, she said`)."""
    return tokens[place - 1].text == "," and not any(t.text in ";:" for t in tokens[:place])


@lru_cache(maxsize=KEPT_PRONOUNS)
def _of_earlier(near: Neighbourhood, number: int, pronoun: str) -> tuple[str, Span | None]:
    """Who a pronoun stands for by the sentences before its own."""
    for back in range(number - 1, max(-1, number - 1 - MAX_SENTENCES_BACK), -1):
        for saying in sayings(near, back):
            if saying.speaker and not saying.is_noun and _agrees(near, saying, pronoun):
                return saying.speaker, saying.mention
        described = _described_subject(near, back, pronoun)
        if described:
            return described
        named = antecedent_of_pronoun(near, back + 1, pronoun, depth=1)
        if named:
            return full_name(near.text, named), named
        if pronoun not in PERSON_PRONOUNS:
            break
    return "", None


def _described_subject(near: Neighbourhood, number: int, pronoun: str) -> tuple[str, Span] | None:
    """The person of a role that a sentence is about (`The minister was asked …`), for `he`."""
    tokens = near.tokens(near.sentences[number])
    place = subject(tokens)
    if pronoun not in PERSON_PRONOUNS or place is None:
        return None
    words = tokens[place[0] : place[1]]
    if words[0].lower not in DEFINITE or words[-1].lower not in ROLES:
        return None
    speaker, mention = _of_phrase(near, words)
    return (speaker, mention) if speaker[:1].isupper() and is_person(near.text, mention) else None


def _agrees(near: Neighbourhood, saying: Saying, pronoun: str) -> bool:
    if saying.pronoun and saying.pronoun != pronoun:
        return False
    person = may_be_person(near, saying.speaker, saying.mention)
    if pronoun in PERSON_PRONOUNS and may_be_surname(near, saying.mention):
        return True
    if pronoun in PERSON_PRONOUNS:
        return person and gender(near.text, saying.mention) in ("", pronoun)
    return not person


def may_be_person(near: Neighbourhood, speaker: str, mention: Span) -> bool:
    """Whether a speaker can be `he` or `she`: a person's name or a role."""
    return (
        is_person(near.text, mention)
        or bool(holder(near.text, mention))
        or (any(word.lower() in ROLES for word in speaker.split()))
    )
