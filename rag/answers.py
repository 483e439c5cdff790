"""From evidence to an answer: what says the same is one claim, and what is left open stands apart.

Every step is a rule over the reader's evidence; every quote is cut from its document's text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.copies import independent_sources
from rag.counts import counted_otherwise
from rag.deeds import of_side
from rag.differing import near_enough, other_dates, other_numbers
from rag.discourse.context import lead_in, stand_alone
from rag.discourse.wholes import reason, statement, tidy
from rag.enumerations import completed, listed, without_places
from rag.language import content_stems, is_stop_word
from rag.merging import Said, group, same_name
from rag.names import asks_for_country, country, country_in, country_itself
from rag.question import according_to, speaker_wanted, understand
from rag.question_words import side
from rag.reader import Reader
from rag.results import Abstention, Answer, Claim
from rag.speakers import asked_first, attributed
from rag.stance import is_open, leaves_open
from rag.types import Citation, Document, Evidence, Hit, Passage, QuestionType, Span
from rag.verdict import verdict

# An abstention shows this many passages.
NEAREST = 3
# Weaker evidence that names an item which is claimed anyway backs it, from this share of the best's
# probability on (newsroom dev: evidence recall of lists .39 to .46, citation precision the same).
SUPPORT_SHARE = 0.3
SUPPORT_EVIDENCE = 25  # pieces that are looked at for it, the best: for time
# What the speaker said whom a question names may come first from this share of the threshold on:
# that the documents answer it is known from the best evidence.
HALF_SURE = 0.5
# The sides of which what is left open is kept apart; who asks for the undecided wants them.
TAKEN_SIDES = ("affirmed", "declined")
# What the reader is asked to find those who have taken neither side, in the articles whose
# evidence reaches this share of the best: they tell of the same matter.
RELATED_SHARE = 0.5
RELATED_WORDS = 0.6
# Who asks for them wants where somebody is as well as who.
PLACES = ("place", "country")
# Whoever asks what was said, or why, wants all of it.
WHOLES = {"quote": statement, "reason": reason}
# One account is asked for where one source is named: `the mayor`, not `the union and the firm`.
_ONE = re.compile(r"^(?!.*\b(?:and|both|each|various|different|several|all)\b).+", re.IGNORECASE)
_NAME_WORD = re.compile(r"\b[A-ZÀ-Þ]\w+")
UNDECIDED_QUESTION = "Which {parties} have yet to decide whether to join or set a condition?"


@dataclass(frozen=True, slots=True)
class Draft:
    """Groups of evidence, each a claim to be, in order; `open_ones` are the undecided parties."""

    groups: list[list[Said]]
    open_ones: list[list[Said]]
    disagreement: bool = False


@dataclass(frozen=True, slots=True)
class AnswerBuilder:
    """Decides whether to answer, and makes the claims with their citations.

    `document` gives a document by its id; `copy_group` names the group of near-copies that a
    document belongs to; `publishers` are those of the index, for "according to …".
    """

    reader: Reader
    document: Callable[[str], Document]
    copy_group: Callable[[str], str] = str
    publishers: Sequence[str] = ()

    def build(self, question: str, hits: Sequence[Hit], original: str = "") -> Answer | Abstention:
        """Answer from the passages; the decision depends on the evidence in them alone.

        `original` is the follow-up question as it was asked, where `question` is made from it.
        """
        asked = understand(question, self.publishers)
        shown, rewritten = (original, question) if original else (question, "")
        notes = self.reader.notes(question)
        if not hits:
            reason = "No passage matches the question and filters."
            return Abstention(shown, 0.0, reason, (), asked, rewritten, notes)
        stranger = unknown_source(question, asked, hits)
        if stranger:
            reason = f"No passage that was found names “{stranger}”."
            nearest = tuple(hits[:NEAREST])
            return Abstention(shown, 0.0, reason, nearest, asked, rewritten, notes)
        read = self.reader.read(question, hits)
        evidence = of_side(question, read)
        kept = {id(one) for one in evidence}
        opposed = [one for one in read if id(one) not in kept]
        if asked.expects != "quote" and not speaker_wanted(question):
            # A report's own question, or that of an interview, answers none.
            evidence = [one for one in evidence if not one.passage.slice(one.quote).endswith("?")]
        best = evidence[0].probability if evidence else 0.0
        threshold = self.reader.threshold(question)
        if not evidence or best < threshold:
            reason = (
                "The documents do not seem to answer this: the best evidence reaches "
                f"{best:.0%}, and {threshold:.0%} is needed."
            )
            return Abstention(shown, best, reason, tuple(hits[:NEAREST]), asked, rewritten, notes)
        least = self.reader.least(question, best)
        if (asked.form, asked.expects) == ("single", "quote") and asked.speaker:
            evidence = asked_first(asked.speaker, evidence, self._text, HALF_SURE * threshold)
        if asked.form == "list":
            evidence = completed(evidence, least, naming(question))
            evidence = listed(evidence, least, [hit.passage for hit in hits])
            if asked.expects not in PLACES:
                evidence = without_places(evidence, least)
        good = [evidence[0], *(one for one in evidence[1:] if one.probability >= least)]
        if speaker_wanted(question):
            claims, drafted = self._speakers(good), Draft([], [])
        else:
            beside = [hit.passage for hit in hits]
            drafted = draft(question, asked, good, evidence, beside)
            if asked.form == "list" and side(question) in TAKEN_SIDES:
                near = [one for one in evidence if one.probability >= RELATED_SHARE * best]
                related = _of_one_matter(question, drafted, near, hits)
                drafted = self._with_undecided(
                    question, drafted, [h for h in hits if h.passage.source.id in related], opposed
                )
            claims = [self._claim(asked, said) for said in drafted.groups]
            claims.sort(key=lambda claim: -claim.sources)
        return Answer(
            shown,
            tuple(claims),
            # What is shown first may be less probable than what the decision to answer rests on.
            good[0].probability,
            asked,
            undecided=tuple(self._claim(asked, said) for said in drafted.open_ones),
            verdict=verdict(question, good, self._lead) if asked.form == "yes-no" else "",
            disagreement=drafted.disagreement,
            rewritten=rewritten,
            notes=notes,
        )

    def _with_undecided(
        self, question: str, drafted: Draft, hits: Sequence[Hit], opposed: Sequence[Evidence]
    ) -> Draft:
        """Read what may be left open in related passages again, for who has taken no side.

        `opposed` is evidence for the parties of the other side.
        """
        again = [hit for hit in hits if leaves_open(hit.passage.text)]
        if not again:
            return drafted
        parties = "countries" if asks_for_country(question) else "parties"
        asked = UNDECIDED_QUESTION.format(parties=parties)
        name = naming(question)
        threshold = self.reader.threshold(asked)
        read = self.reader.read(asked, again)
        if understand(question).expects not in PLACES:
            read = without_places(read, threshold)
        found = [
            Said.of(one, name) for one in read if one.probability >= threshold and _is_open(one)
        ]
        known = [said[0] for said in (*drafted.groups, *drafted.open_ones)]
        known += [Said.of(one, name) for one in opposed]
        new = [one for one in found if not any(one.same_as(other) for other in known)]
        return Draft(drafted.groups, [*drafted.open_ones, *group(new)])

    def _claim(self, asked: QuestionType, said: Sequence[Said]) -> Claim:
        """One claim from evidence that says the same, with one citation for each document."""
        evidence = [self._tidied(one.evidence) for one in said]
        if asked.form == "single" and asked.expects in WHOLES:
            evidence = [self._whole(one, WHOLES[asked.expects]) for one in evidence]
        first = evidence[0]
        verbatim = first.passage.slice(first.answer)
        text = said[0].name or verbatim
        # `Lee said “Italy”` would be a quotation that stands nowhere, where Lee said `Rome`.
        quoted = asked.form != "list" and text == verbatim
        speaker = self._speaker(asked, first) if quoted else ""
        return self._cited(text, evidence, speaker)

    def _tidied(self, evidence: Evidence) -> Evidence:
        answer = tidy(self._text(evidence), evidence.answer)
        return replace(evidence, answer=answer) if evidence.quote.contains(answer) else evidence

    def _whole(self, evidence: Evidence, whole: Callable[[str, Span], Span]) -> Evidence:
        """The evidence with all of the statement or reason of which the reader gave a part."""
        document = self.document(evidence.passage.source.id)
        answer = whole(document.text, evidence.answer)
        held = [one for one in evidence.passage.sentences if one.overlaps(answer)]
        quote = Span(held[0].start, held[-1].end)
        if not quote.contains(answer) or any(one.overlaps(quote) for one in document.furniture):
            return evidence  # it goes on past its passage, or past what is never quoted
        return replace(evidence, answer=answer, quote=quote)

    def _speaker(self, asked: QuestionType, evidence: Evidence) -> str:
        """Who says the answer: nobody where the outlet does, or where it is denied or asked."""
        found = attributed(self._text(evidence), evidence, nearby=asked.expects == "quote")
        if found is None or not found.asserted:
            return ""
        # `Mayor Ann Lee said …`: that she is the mayor, the outlet says.
        told = found.names or found.mention.overlaps(evidence.answer)
        return "" if told else found.speaker

    def _speakers(self, good: Sequence[Evidence]) -> list[Claim]:
        """Who says what was asked about: the speaker of the best evidence, wherever it stands."""
        found = attributed(self._text(good[0]), good[0])
        if found is None:
            same = group([Said.of(one) for one in good])[0]
            text = same[0].evidence.passage.slice(same[0].evidence.answer)
            return [self._cited(text, [one.evidence for one in same], "")]
        speaker, also = found.speaker, []
        for one in good[1:]:
            other = attributed(self._text(one), one)
            if other is not None and same_name(other.speaker, speaker):
                also.append(one)
                speaker = max(speaker, other.speaker, key=len)
        return [self._cited(speaker, [good[0], *also], speaker)]

    def _lead(self, evidence: Evidence) -> str:
        return lead_in(self._text(evidence), evidence.quote)

    def _text(self, evidence: Evidence) -> str:
        return self.document(evidence.passage.source.id).text

    def _cited(self, text: str, evidence: Sequence[Evidence], speaker: str) -> Claim:
        best: dict[str, Evidence] = {}
        for one in evidence:
            best.setdefault(one.passage.source.id, one)
        citations, narrow, about = [], [], ""
        for id_, one in best.items():
            document = self.document(id_)
            context = stand_alone(document.text, one.quote, document.furniture)
            citations.append(Citation.of(document, context.span))
            # Sources are told apart by what they say themselves, not by the sentences around it.
            narrow.append(Citation.of(document, one.quote))
            if len(citations) == 1:
                about = context.antecedent
        return Claim(
            text,
            tuple(citations),
            tuple(one.answer for one in best.values()),
            evidence[0].probability,
            independent_sources(narrow, self.copy_group),
            speaker,
            about,
        )


def _of_one_matter(
    question: str, drafted: Draft, near: Sequence[Evidence], hits: Sequence[Hit]
) -> set[str]:
    """The documents of a draft's claims, and of `near` evidence those about what they are about.

    Their passages have RELATED_WORDS of the question's words that those of the claims have.
    """
    shown = {
        one.evidence.passage.source.id
        for said in (*drafted.groups, *drafted.open_ones)
        for one in said
    }
    asked = content_stems(question)
    words: dict[str, set[str]] = {}
    for hit in hits:
        found = words.setdefault(hit.passage.source.id, set())
        found |= asked & content_stems(hit.passage.text)
    wanted = set().union(*(words.get(id_, set()) for id_ in shown))
    return shown | {
        id_
        for one in near
        if len(words.get(id_ := one.passage.source.id, set()) & wanted)
        >= RELATED_WORDS * len(wanted)
    }


def unknown_source(question: str, asked: QuestionType, hits: Sequence[Hit]) -> str:
    """Whose account alone is asked for, where it is a name that stands nowhere; else nothing."""
    whom = according_to(question)
    names = [word for word in _NAME_WORD.findall(whom) if not is_stop_word(word)]
    if asked.publisher or not names:
        return ""
    last = re.compile(rf"\b{re.escape(names[-1])}", re.IGNORECASE)
    known = any(
        last.search(f"{source.title}\n{source.publisher}\n{source.author}\n{hit.passage.text}")
        for hit in hits
        for source in [hit.passage.source]
    )
    return "" if known else whom


def naming(question: str) -> Callable[[str], str]:
    """What gives the country that an answer names.

    Where a country is asked for, `the Italian premier` names it; elsewhere only `Italy` does, and
    `Rome` where no place is asked for.
    """
    if asks_for_country(question):
        return country_in
    return country_itself if understand(question).expects == "place" else country


def draft(
    question: str,
    asked: QuestionType,
    good: Sequence[Evidence],
    every: Sequence[Evidence],
    passages: Sequence[Passage] = (),
) -> Draft:
    """Group evidence, the most probable first, into claims by what the question wants.

    `good` is what reaches the threshold; a differing value may come from `every` evidence, and
    from what its `passages` say beside it.
    """
    name = naming(question)
    said = [Said.of(found, name) for found in good]
    if asked.form == "list":
        groups = supported(group(said), [Said.of(one, name) for one in _weaker(good, every)])
        return sides(groups) if asked.polarity in TAKEN_SIDES else Draft(groups, [])
    same = [one for one in said if one.same_as(said[0])]
    if asked.form == "single" and asked.expects == "date":
        moved = group(other_dates(question, said, same))
        return Draft([same, *moved], [], disagreement=bool(moved))
    if asked.form != "single" or _ONE.search(according_to(question)):
        return Draft([same], [])
    beside = counted_otherwise([one.evidence for one in same], passages)
    differing = [Said.of(found, name) for found in beside]
    if asked.expects == "number":
        near = [Said.of(found, name) for found in near_enough(every)]
        differing = [*other_numbers(question, said[0], near), *differing]
    return Draft([same, *group(differing)], [], disagreement=bool(differing))


def _weaker(good: Sequence[Evidence], every: Sequence[Evidence]) -> list[Evidence]:
    """What does not suffice for an item, but does to support one."""
    least = SUPPORT_SHARE * good[0].probability
    chosen = {id(one) for one in good}
    weaker = [one for one in every if id(one) not in chosen and one.probability >= least]
    return weaker[:SUPPORT_EVIDENCE]


def supported(groups: Sequence[list[Said]], weaker: Sequence[Said]) -> list[list[Said]]:
    """The groups with weaker evidence that names the same; what is left open supports no side."""
    return [
        [*said, *(one for one in weaker if one.same_as(said[0]) and not _is_open(one.evidence))]
        for said in groups
    ]


def sides(groups: Sequence[list[Said]]) -> Draft:
    """Keep apart the parties of which all evidence leaves open what they do."""
    decided: list[list[Said]] = []
    left_open: list[list[Said]] = []
    for said in groups:
        firm = [one for one in said if not _is_open(one.evidence)]
        (decided if firm else left_open).append(firm or said)
    # An answer needs a claim: where nobody has decided, those who have not are the answer.
    return Draft(decided, left_open) if decided else Draft(left_open, [])


def _is_open(evidence: Evidence) -> bool:
    start = evidence.quote.start
    party = Span(evidence.answer.start - start, evidence.answer.end - start)
    return is_open(evidence.passage.slice(evidence.quote), party)
