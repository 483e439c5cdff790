"""From evidence to an answer: what says the same is one claim, and what is left open stands apart.

Every step is a rule over the reader's evidence; every quote is cut from its document's text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.copies import independent_sources
from rag.deeds import of_side
from rag.discourse.context import lead_in, stand_alone
from rag.discourse.wholes import reason, statement, tidy
from rag.drafting import TAKEN_SIDES, Draft, draft, is_left_open, naming, of_one_matter
from rag.enumerations import completed, listed, without_places
from rag.language import is_stop_word
from rag.merging import Said, group, same_name
from rag.names import asks_for_country
from rag.question import according_to, speaker_wanted, understand
from rag.question_words import side
from rag.reader import Reader
from rag.results import Abstention, Answer, Claim
from rag.speakers import asked_first, attributed
from rag.stance import leaves_open
from rag.statements import names_no_matter, statements
from rag.types import Citation, Document, Evidence, Hit, Passage, QuestionType, Span
from rag.verdict import verdict

# An abstention shows this many passages.
NEAREST = 3
# What the speaker said whom a question names may come first from this share of the threshold on:
# that the documents answer it is known from the best evidence.
HALF_SURE = 0.5
# What the reader is asked to find those who have taken neither side, in the articles whose
# evidence reaches this share of the best.
RELATED_SHARE = 0.5
# Whoever asks what was said, or why, wants all of it.
WHOLES = {"quote": statement, "reason": reason}
# Of all that somebody says, so many statements are shown, those of most sources.
MOST_STATEMENTS = 12
_NAME_WORD = re.compile(r"\b[A-ZÀ-Þ]\w+")
UNDECIDED_QUESTION = "Which {parties} have yet to decide whether to join or set a condition?"


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
        everything = names_no_matter(question, asked.speaker)
        told = statements(asked.speaker, hits, self._text_of) if everything else []
        evidence = told or evidence
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
            evidence = without_places(asked.expects, evidence, least)
        good = [evidence[0], *(one for one in evidence[1:] if one.probability >= least)]
        if speaker_wanted(question):
            claims, drafted = self._speakers(good), Draft([], [])
        elif told:
            drafted = Draft(group([Said.of(one) for one in told]), [])
            claims = self._claims(asked, drafted.groups)
            if len(claims) > MOST_STATEMENTS:
                notes = (*notes, f"{len(claims)} statements were found; these are of most sources.")
                claims = claims[:MOST_STATEMENTS]
        else:
            beside = [hit.passage for hit in hits]
            drafted = draft(question, asked, good, evidence, beside)
            if asked.form == "list" and side(question) in TAKEN_SIDES:
                near = [one for one in evidence if one.probability >= RELATED_SHARE * best]
                related = of_one_matter(question, drafted, near, hits)
                drafted = self._with_undecided(
                    question, drafted, [h for h in hits if h.passage.source.id in related], opposed
                )
            claims = self._claims(asked, drafted.groups)
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
        read = without_places(understand(question).expects, read, threshold)
        found = [
            Said.of(one, name) for one in read if one.probability >= threshold and is_left_open(one)
        ]
        known = [said[0] for said in (*drafted.groups, *drafted.open_ones)]
        known += [Said.of(one, name) for one in opposed]
        new = [one for one in found if not any(one.same_as(other) for other in known)]
        return Draft(drafted.groups, [*drafted.open_ones, *group(new)])

    def _claims(self, asked: QuestionType, groups: Sequence[Sequence[Said]]) -> list[Claim]:
        """A claim for each group, those of most sources first."""
        claims = [self._claim(asked, said) for said in groups]
        return sorted(claims, key=lambda claim: -claim.sources)

    def _claim(self, asked: QuestionType, said: Sequence[Said]) -> Claim:
        """One claim from evidence that says the same, with one citation for each document."""
        evidence = [self._tidied(one.evidence) for one in said]
        if asked.form == "single" and asked.expects in WHOLES:
            evidence = [self._whole(one, WHOLES[asked.expects]) for one in evidence]
        first = evidence[0]
        verbatim = first.passage.slice(first.answer)
        named = asked.form == "list" or asked.expects == "country"
        text = (said[0].name if named else "") or verbatim
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
        return self._text_of(evidence.passage)

    def _text_of(self, passage: Passage) -> str:
        return self.document(passage.source.id).text

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
