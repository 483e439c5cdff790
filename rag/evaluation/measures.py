"""The measures of one question: citations, short answers, nuggets, abstention; the table of all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from rag.evaluation import across
from rag.evaluation.across import stated
from rag.evaluation.matching import fewest_extra_words, pair, token_f1
from rag.evaluation.questions import GoldQuestion, GoldSpan
from rag.evaluation.replies import Cited, Reply, Statement
from rag.evaluation.scores import NOT_APPLICABLE, Share

# What a nugget counts that is cited but not worded: as in TREC's partial support.
_PARTIAL = 0.5
_LABEL = re.compile(r"(yes|no|unclear)\s*(?:$|[,.:;–—-])", re.IGNORECASE)


# Citations


def supports(cited: Cited, gold: GoldSpan) -> bool:
    """Whether a citation and gold evidence share at least half of the shorter of the two."""
    if cited.document != gold.document:
        return False
    common = min(cited.end, gold.end) - max(cited.start, gold.start)
    return 2 * common >= min(cited.end - cited.start, gold.end - gold.start)


def supported(question: GoldQuestion, cited: Cited) -> bool:
    """Whether a citation hits any gold evidence of the question."""
    return any(supports(cited, gold) for gold in question.evidence)


def offset_integrity(reply: Reply, texts: Mapping[str, str]) -> Share:
    """Citations whose quote stands at their offsets, out of all citations."""
    exact = sum(
        0 <= c.start < c.end and texts.get(c.document, "")[c.start : c.end] == c.quote
        for c in reply.citations
    )
    return Share(exact, len(reply.citations))


def citation_precision(question: GoldQuestion, reply: Reply) -> Share:
    """Citations that hit gold evidence, out of all; an unanswerable question has none to hit.

    Those that only show who is undecided count where that was asked for, and are left out where
    it was not.
    """
    used = _citations(question, reply)
    aside = {cited for statement in reply.undecided for cited in statement.cited} - used
    judged = [cited for cited in reply.citations if cited not in aside]
    return Share(sum(supported(question, cited) for cited in judged), len(judged))


def citation_recall(question: GoldQuestion, reply: Reply) -> Share:
    """Claims with a gold-supported citation, out of the claims of answered answerable questions."""
    if not question.answerable:
        return NOT_APPLICABLE
    claims = stated(question, reply)
    return Share(sum(_claim_supported(question, claim) for claim in claims), len(claims))


def evidence_recall(question: GoldQuestion, reply: Reply) -> Share:
    """The share of a question's gold evidence that some citation hits, averaged over questions."""
    if not question.answerable:
        return NOT_APPLICABLE
    spans, citations = question.evidence, _citations(question, reply)
    hit = sum(any(supports(cited, gold) for cited in citations) for gold in spans)
    return Share(hit / len(spans), 1)


def source_recall(question: GoldQuestion, reply: Reply) -> Share:
    """As `evidence_recall`, by document: one hit for each document that gives an answer is all."""
    if not question.answerable:
        return NOT_APPLICABLE
    citations = _citations(question, reply)
    found: dict[tuple[int, str], bool] = {}
    for number, answer in enumerate(question.answers):
        for gold in answer.evidence:
            key = (number, gold.document)
            hit = any(supports(cited, gold) for cited in citations)
            found[key] = found.get(key, False) or hit
    return Share(sum(found.values()) / len(found), 1)


def evidence_accuracy(question: GoldQuestion, reply: Reply) -> Share:
    """Whether the first claim is gold-supported, out of answerable questions; a refusal is not."""
    return Share(first_supported(question, reply), 1) if question.answerable else NOT_APPLICABLE


def first_supported(question: GoldQuestion, reply: Reply) -> bool:
    """Whether some citation of the first claim hits gold evidence."""
    claims = stated(question, reply)
    return bool(claims) and _claim_supported(question, claims[0])


def _citations(question: GoldQuestion, reply: Reply) -> set[Cited]:
    """The citations of what a reply gives as its answer."""
    return {cited for statement in stated(question, reply) for cited in statement.cited}


def _claim_supported(question: GoldQuestion, claim: Statement) -> bool:
    return any(supported(question, cited) for cited in claim.cited)


# Short answers


def short_answer(question: GoldQuestion, reply: Reply) -> Share:
    """Whether the first claim gives an accepted short answer; lists have measures of their own.

    A yes-no question is judged by the verdict, else by the label where the claim begins with one
    ("No", "No, …"), and by the evidence otherwise.
    """
    if not question.answerable or question.kind == "list":
        return NOT_APPLICABLE
    if not reply.claims:
        return Share(0, 1)
    text = reply.claims[0].text
    if question.kind == "yesno":
        label = _LABEL.match(text.strip())
        verdict = reply.verdict or (label.group(1).lower() if label else "")
        right = verdict == question.yesno if verdict else first_supported(question, reply)
    else:
        right = any(fewest_extra_words(text, answer) is not None for answer in question.answers)
    return Share(right, 1)


def short_answer_f1(question: GoldQuestion, reply: Reply) -> Share:
    """SQuAD's F1 of the first claim with the closest accepted answer; not for lists and yes-no."""
    if not question.answerable or question.kind in ("list", "yesno"):
        return NOT_APPLICABLE
    if not reply.claims:
        return Share(0, 1)
    accepted = [wording for answer in question.answers for wording in answer.accepted]
    return Share(max(token_f1(reply.claims[0].text, wording) for wording in accepted), 1)


# Nuggets


def nugget_vital_strict(question: GoldQuestion, reply: Reply) -> Share:
    """Vital nuggets that a claim gives: of a list each answer, of other kinds any one of them."""
    return _nuggets(question, reply, vital=True, partial=0)


def nugget_vital(question: GoldQuestion, reply: Reply) -> Share:
    """As `nugget_vital_strict`, and half for a nugget of which only the evidence is cited."""
    return _nuggets(question, reply, vital=True, partial=_PARTIAL)


def nugget_all_strict(question: GoldQuestion, reply: Reply) -> Share:
    """Gold answers that a claim gives, out of all gold answers of the question."""
    return _nuggets(question, reply, vital=False, partial=0)


def nugget_all(question: GoldQuestion, reply: Reply) -> Share:
    """As `nugget_all_strict`, and half for an answer of which only the evidence is cited."""
    return _nuggets(question, reply, vital=False, partial=_PARTIAL)


def _nuggets(question: GoldQuestion, reply: Reply, *, vital: bool, partial: float) -> Share:
    """Nugget recall (TREC RAG 2024, arXiv 2411.09607), a gold answer being a nugget."""
    if not question.answerable or question.kind == "yesno":
        return NOT_APPLICABLE
    claims, citations = stated(question, reply), _citations(question, reply)
    given = set(pair([claim.text for claim in claims], question.answers).values())
    found = []
    for number, answer in enumerate(question.answers):
        shown = any(supports(cited, gold) for cited in citations for gold in answer.evidence)
        found.append(1.0 if number in given else partial * shown)
    return Share(max(found) if vital and question.kind != "list" else sum(found) / len(found), 1)


# Abstention


def rightly_refused(question: GoldQuestion, reply: Reply) -> Share:
    """Refusals, out of unanswerable questions; a missing answer is no refusal."""
    if question.answerable:
        return NOT_APPLICABLE
    return Share(not reply.answered and not reply.missing, 1)


def wrongly_refused(question: GoldQuestion, reply: Reply) -> Share:
    """Questions without an answer, out of answerable ones; lower is better."""
    return Share(not reply.answered, 1) if question.answerable else NOT_APPLICABLE


def answered_wrong(question: GoldQuestion, reply: Reply) -> Share:
    """Answers whose first claim hits no gold evidence, out of all answers; lower is better."""
    return Share(not first_supported(question, reply), 1) if reply.answered else NOT_APPLICABLE


MEASURES: Mapping[str, Callable[[GoldQuestion, Reply], Share]] = {
    "short_answer": short_answer,
    "short_answer_f1": short_answer_f1,
    "nugget_vital_strict": nugget_vital_strict,
    "nugget_vital": nugget_vital,
    "nugget_all_strict": nugget_all_strict,
    "nugget_all": nugget_all,
    "list_precision": across.list_precision,
    "list_recall": across.list_recall,
    "list_f1": across.list_f1,
    "wrong_polarity": across.wrong_polarity,
    "undecided_apart": across.undecided_apart,
    "undecided_not_claimed": across.undecided_not_claimed,
    "speaker_right": across.speaker_right,
    "values_found": across.values_found,
    "all_values": across.all_values,
    "disagreement_shown": across.disagreement_shown,
    "false_disagreement": across.false_disagreement,
    "yesno_right": across.yesno_right,
    "yesno_abstained": across.yesno_abstained,
    "evidence_accuracy": evidence_accuracy,
    "citation_precision": citation_precision,
    "citation_recall": citation_recall,
    "evidence_recall": evidence_recall,
    "source_recall": source_recall,
    "rightly_refused": rightly_refused,
    "wrongly_refused": wrongly_refused,
    "answered_wrong": answered_wrong,
}
LOWER_IS_BETTER = frozenset(
    {
        "wrong_polarity",
        "false_disagreement",
        "yesno_abstained",
        "wrongly_refused",
        "answered_wrong",
    }
)
