"""Contrast pairs: the same passage, asked who agreed and who declined, written from templates.

Similarity cannot tell the two apart, because every word of the question stands beside both
parties. The test uses topics and verbs that the training never sees.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.training.data.polarity_topics import (
    PARTIES,
    PERSON_KINDS,
    PLURAL_KINDS,
    TOPICS,
    Topic,
)
from rag.training.data.polarity_words import (
    AFFIRMED,
    AFFIRMED_HELD_OUT,
    DECLINED,
    DECLINED_HELD_OUT,
    ELSE,
    MORE_NEUTRAL,
    MORE_QUESTIONS,
    NEGATED_YESNO_QUESTIONS,
    NEUTRAL,
    QUESTIONS,
    REASONS,
    UNDECIDED,
    WHO,
    YESNO_QUESTIONS,
)
from rag.training.example import ALL_BUT_YESNO, YESNO, Example, Range

SOURCE = "polarity"
SIDES = ("affirmed", "declined", "undecided")
# Shares of passages in which a side is missing, so that asking for it has no answer.
MISSING_SHARE = 0.25
OPENING_SHARE = 0.6
NEUTRAL_SHARE = 0.35
REASON_SHARE = 0.4
PAIR_SHARE = 0.25
JOINED_SHARE = 0.4
YESNO_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Story:
    """A passage with the side of each party: `mentions[side]` are the parties' ranges."""

    topic: Topic
    kind: str
    text: str
    sentences: tuple[Range, ...]
    mentions: dict[str, tuple[Range, ...]]
    sides: dict[str, str]


class _Writer:
    """Collects sentences and the places of the parties in them."""

    def __init__(self) -> None:
        self.text = ""
        self.sentences: list[Range] = []
        self.mentions: dict[str, list[Range]] = {side: [] for side in SIDES}

    def add(self, pieces: Sequence[tuple[str, str]]) -> None:
        """A sentence of (text, side) pieces; a side marks the piece as a party's mention."""
        if self.text:
            self.text += " "
        start = len(self.text)
        for piece, side in pieces:
            shown = piece[0].upper() + piece[1:] if len(self.text) == start else piece
            if side:
                self.mentions[side].append((len(self.text), len(self.text) + len(shown)))
            self.text += shown
        self.sentences.append((start, len(self.text)))


def _fill(form: str, topic: Topic, plural: bool, person: bool, other: Topic) -> str:
    """The form with everything but the party, a speaker and another deed filled in."""
    it, its = ("they", "their") if plural else ("she", "her") if person else ("it", "its")
    words = {
        "inf": topic.inf, "ger": topic.ger, "noun": topic.noun,
        "has": "have" if plural else "has", "is": "are" if plural else "is",
        "was": "were" if plural else "was", "it": it, "its": its,
        "other": other.noun, "other_inf": other.inf,
    }  # fmt: skip
    kept = {"P": "\0", "who": "{who}", "else": "{else}"}
    return form.format(**words, **kept)


def _clause(
    form: str,
    names: Sequence[str],
    side: str,
    story: tuple[Topic, str, Topic],
    rng: random.Random,
) -> list[tuple[str, str]]:
    """The pieces of a clause about one party or two."""
    topic, kind, other = story
    plural = len(names) > 1 or kind in PLURAL_KINDS
    before, after = _fill(form, topic, plural, kind in PERSON_KINDS, other).split("\0")
    before, after = (_spoken(part, rng) for part in (before, after))
    pieces = [(before, "")] if before else []
    for number, name in enumerate(names):
        pieces += [(" and ", "")] if number else []
        pieces.append((name, side))
    return [*pieces, (after, "")] if after else pieces


def _spoken(text: str, rng: random.Random) -> str:
    """The text with a speaker and another deed drawn, where it has places for them."""
    if "{who}" in text:
        text = text.replace("{who}", rng.choice(WHO))
    return text.replace("{else}", rng.choice(ELSE)) if "{else}" in text else text


def _forms(side: str, held_out: bool) -> Sequence[str]:
    if side == "affirmed":
        return AFFIRMED_HELD_OUT if held_out else AFFIRMED
    if side == "declined":
        return DECLINED_HELD_OUT if held_out else DECLINED
    return UNDECIDED


def write_story(rng: random.Random, *, held_out: bool, sides: Sequence[str]) -> Story:
    """A short passage in which parties take the given sides, in an order drawn at random."""
    topic = rng.choice([t for t in TOPICS if t.held_out == held_out])
    kind = rng.choice(topic.kinds)
    other = rng.choice([t for t in TOPICS if t.noun != topic.noun and t.held_out == held_out])
    names = rng.sample(PARTIES[kind], k=min(len(PARTIES[kind]), 8))
    about = (topic, kind, other)
    writer = _Writer()
    if rng.random() < OPENING_SHARE:
        writer.add([(topic.opening, "")])
    taken: dict[str, str] = {}
    clauses = []
    for side in rng.sample(sides, k=len(sides)):
        group = [names.pop() for _ in range(2 if rng.random() < PAIR_SHARE else 1)]
        taken.update(dict.fromkeys(group, side))
        clauses.append(_clause(rng.choice(_forms(side, held_out)), group, side, about, rng))
    while clauses:
        pieces = clauses.pop()
        if clauses and rng.random() < JOINED_SHARE:
            joint = rng.choice((", while ", ", but ", "; ", ", whereas "))
            pieces = [*pieces, (joint, ""), *clauses.pop()]
        elif rng.random() < REASON_SHARE:
            pieces = [*pieces, (f", {rng.choice(REASONS)}", "")]
        writer.add([*pieces, (".", "")])
        if names and rng.random() < NEUTRAL_SHARE:
            neutral = rng.choice(NEUTRAL if held_out else (*NEUTRAL, *MORE_NEUTRAL))
            writer.add([*_clause(neutral, [names.pop()], "", about, rng), (".", "")])
    mentions = {side: tuple(found) for side, found in writer.mentions.items()}
    return Story(topic, kind, writer.text, tuple(writer.sentences), mentions, taken)


def ask_list(story: Story, side: str, rng: random.Random) -> Example:
    """Who took this side; unanswerable where nobody did."""
    topic = story.topic
    forms = QUESTIONS[side]
    if not topic.held_out:
        more = MORE_QUESTIONS[side]
        forms += tuple(form for form in more if topic.obj or "{obj}" not in form)
    question = rng.choice(forms).format(
        kind=story.kind, inf=topic.inf, ger=topic.ger, noun=topic.noun, obj=topic.obj
    )
    spans = story.mentions[side]
    return Example(
        question=question,
        context=story.text,
        spans=spans,
        sentences=story.sentences,
        evidence=_evidence(story, spans),
        answerable=bool(spans),
        source=SOURCE,
        tasks=ALL_BUT_YESNO,
    )


def ask_yesno(story: Story, party: str, rng: random.Random) -> Example:
    """Whether a party took a side; the span is not taught, since a clause has no one end."""
    topic, side = story.topic, story.sides[party]
    negated = rng.random() < 0.4
    form = rng.choice(NEGATED_YESNO_QUESTIONS if negated else YESNO_QUESTIONS)
    question = form.format(P=party, inf=topic.inf, ger=topic.ger, noun=topic.noun)
    positive = "declined" if negated else "affirmed"
    label = "unclear" if side == "undecided" else "yes" if side == positive else "no"
    at = story.text.lower().index(party.lower())
    spans = ((at, at + len(party)),)
    return Example(
        question=question,
        context=story.text,
        spans=(),
        sentences=story.sentences,
        evidence=_evidence(story, spans),
        answerable=True,
        source=SOURCE,
        tasks=("evidence", "answerable", YESNO),
        yesno=label,
    )


def _evidence(story: Story, spans: Sequence[Range]) -> tuple[bool, ...]:
    return tuple(any(s <= a and b <= e for a, b in spans) for s, e in story.sentences)


def build(count: int, seed: int) -> Iterator[Example]:
    """About `count` training examples, in groups over one passage."""
    rng = random.Random(seed)
    made = 0
    while made < count:
        # The first two are nearly always there, because the contrast is what is taught.
        sides = [side for side in SIDES[:2] if rng.random() > MISSING_SHARE / 2]
        sides += [SIDES[2]] if rng.random() < 0.5 else []
        sides += rng.sample(SIDES[:2], k=1) if rng.random() < 0.3 else []
        if not sides:
            continue
        story = write_story(rng, held_out=False, sides=sides)
        asked = [*SIDES[:2], *([SIDES[2]] if rng.random() < 0.4 else [])]
        for side in asked:
            yield ask_list(story, side, rng)
        made += len(asked)
        if rng.random() < YESNO_SHARE:
            yield ask_yesno(story, rng.choice(sorted(story.sides)), rng)
            made += 1


def build_pairs(count: int, seed: int, *, held_out: bool = True) -> list[tuple[Example, Example]]:
    """Pairs of one passage with both sides, asked for each; by default in held-out words."""
    rng = random.Random(seed)
    pairs = []
    for _ in range(count):
        story = write_story(rng, held_out=held_out, sides=SIDES[:2])
        pairs.append((ask_list(story, "affirmed", rng), ask_list(story, "declined", rng)))
    return pairs
