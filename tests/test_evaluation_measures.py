"""Every measure on hand-worked fractions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from rag.errors import EvaluationError
from rag.evaluation import measures as m
from rag.evaluation import scores
from rag.evaluation.questions import GoldAnswer, GoldQuestion, GoldSpan
from rag.evaluation.replies import Cited, Reply, Statement
from rag.evaluation.scores import NOT_APPLICABLE, Share
from rag.types import JSON

REFUSAL = Reply(answered=False, confidence=0.1)
MISSING = Reply.nothing()


def span(start: int, end: int, document: str = "a.txt") -> GoldSpan:
    return GoldSpan(document, start, end, "x" * (end - start))


def cite(start: int, end: int, document: str = "a.txt") -> Cited:
    return Cited(document, start, end, "x" * (end - start))


def gold(kind: str, *answers: str, yesno: str = "") -> GoldQuestion:
    """A question whose n-th answer has its evidence at [100 n, 100 n + 50)."""
    items = tuple(
        GoldAnswer(text, (), (span(100 * n, 100 * n + 50),)) for n, text in enumerate(answers)
    )
    return GoldQuestion("q", "dev", "?", kind, items, yesno=yesno)


def reply(*claims: tuple[str, Cited]) -> Reply:
    statements = tuple(Statement(text, (cited,)) for text, cited in claims)
    return Reply(True, 0.9, statements, tuple(dict.fromkeys(c for _, c in claims)))


HIT, MISS = cite(0, 50), cite(60, 90)
NONE = gold("none")


@pytest.mark.parametrize(
    ("cited", "hit"),
    [
        (cite(100, 200), True),
        (cite(100, 200, "b.txt"), False),
        (cite(200, 250), False),  # they touch
        (cite(199, 299), False),  # one character
        (cite(150, 250), True),  # 50 of 100
        (cite(151, 251), False),  # 49 of 100
        (cite(190, 210), True),  # 10 of the shorter, 20
        (cite(0, 900), True),  # the gold lies inside
    ],
)
def test_a_citation_hits_with_half_of_the_shorter_range(cited: Cited, hit: bool) -> None:
    assert m.supports(cited, span(100, 200)) is hit


def test_offset_integrity() -> None:
    texts = {"a.txt": "héllo 🙂 world"}
    cited = (
        Cited("a.txt", 6, 7, "🙂"),
        Cited("a.txt", 0, 5, "hello"),  # not as it stands
        Cited("b.txt", 0, 5, "héllo"),  # no such document
        Cited("a.txt", -5, 13, "world"),  # right only by counting from the end
    )
    answer = Reply(True, 1.0, (Statement("x", cited),), cited)
    assert m.offset_integrity(answer, texts) == Share(1, 4)
    assert m.offset_integrity(REFUSAL, texts) == NOT_APPLICABLE


def test_citation_precision_counts_all_citations() -> None:
    question = gold("list", "Italy", "France")
    answer = reply(("Italy", HIT), ("France", cite(100, 150)), ("Spain", MISS))
    assert m.citation_precision(question, answer) == Share(2, 3)
    assert m.citation_precision(question, REFUSAL) == NOT_APPLICABLE
    assert m.citation_precision(NONE, answer) == Share(0, 3)


def test_citation_recall_counts_claims() -> None:
    question = gold("fact", "Italy")
    both = Statement("Italy", (MISS, HIT))
    answer = Reply(True, 0.9, (both, Statement("Spain", (MISS,))), (MISS, HIT))
    assert m.citation_recall(question, answer) == Share(1, 2)
    assert m.citation_precision(question, answer) == Share(1, 2)
    assert m.citation_recall(question, REFUSAL) == NOT_APPLICABLE
    assert m.citation_recall(NONE, answer) == NOT_APPLICABLE


def test_what_only_shows_the_undecided_is_no_wrong_citation() -> None:
    party = Statement("Spain", (MISS,))
    answer = Reply(True, 0.9, (Statement("Italy", (HIT,)),), (HIT, MISS), undecided=(party,))
    assert m.citation_precision(gold("list", "Italy"), answer) == Share(1, 1)
    # Where a claim rests on it too, it counts.
    claimed = replace(answer, claims=(Statement("Italy", (HIT, MISS)),))
    assert m.citation_precision(gold("list", "Italy"), claimed) == Share(1, 2)
    # Where the undecided are asked for, they are the answer.
    asked = replace(gold("list", "Spain"), polarity="undecided")
    only = Reply(True, 0.9, (), (HIT,), undecided=(Statement("Spain", (HIT,)),))
    for measure in (m.citation_precision, m.citation_recall, m.evidence_accuracy):
        assert measure(asked, only) == Share(1, 1)
        assert measure(asked, replace(only, undecided=(party,), citations=(MISS,))) == Share(0, 1)


def test_evidence_recall_counts_gold_sentences() -> None:
    # Italy: two sentences of a.txt and one of b.txt; France: one of a.txt
    italy = GoldAnswer("Italy", (), (span(0, 50), span(60, 90), span(0, 50, "b.txt")))
    france = GoldAnswer("France", (), (span(100, 150),))
    question = GoldQuestion("q", "dev", "?", "list", (italy, france))
    answer = reply(("Italy", HIT))
    assert m.evidence_recall(question, answer) == Share(1 / 4, 1)
    assert m.source_recall(question, answer) == Share(1 / 3, 1)
    answer = reply(("Italy", HIT), ("Italy", cite(0, 50, "b.txt")), ("France", cite(100, 150)))
    assert m.evidence_recall(question, answer) == Share(3 / 4, 1)
    assert m.source_recall(question, answer) == Share(1, 1)
    for measure in (m.evidence_recall, m.source_recall):
        assert measure(question, reply(("x", cite(500, 550)))) == Share(0, 1)
        assert measure(question, REFUSAL) == Share(0, 1)
        assert measure(NONE, answer) == NOT_APPLICABLE


def test_evidence_accuracy_looks_at_the_first_claim() -> None:
    question = gold("fact", "Italy")
    assert m.evidence_accuracy(question, reply(("x", HIT), ("y", MISS))) == Share(1, 1)
    assert m.evidence_accuracy(question, reply(("y", MISS), ("x", HIT))) == Share(0, 1)
    assert m.evidence_accuracy(question, REFUSAL) == Share(0, 1)
    assert m.evidence_accuracy(NONE, REFUSAL) == NOT_APPLICABLE


def test_short_answer_takes_the_first_claim() -> None:
    question = gold("fact", "Mark Rutte", "Rutte")
    assert m.short_answer(question, reply(("NATO chief Mark Rutte", MISS))) == Share(1, 1)
    assert m.short_answer(question, reply(("Macron", HIT), ("Rutte", HIT))) == Share(0, 1)
    assert m.short_answer(question, REFUSAL) == Share(0, 1)
    assert m.short_answer(question, MISSING) == Share(0, 1)
    assert m.short_answer(gold("list", "Italy"), REFUSAL) == NOT_APPLICABLE
    assert m.short_answer(NONE, REFUSAL) == NOT_APPLICABLE


@pytest.mark.parametrize(
    ("claim", "cited", "right"),
    [
        ("No", MISS, 1),
        ("no, Italy will not", MISS, 1),
        ("Yes.", HIT, 0),
        ("Unclear", HIT, 0),
        ("Italy will not send troops", HIT, 1),  # no label: the evidence is judged
        ("Italy will not send troops", MISS, 0),
        ("No troops of Italy will go", MISS, 0),  # "No troops" is no label
        ("Nothing is planned", MISS, 0),
    ],
)
def test_yesno_by_label_else_by_evidence(claim: str, cited: Cited, right: int) -> None:
    question = gold("yesno", "no", yesno="no")
    assert m.short_answer(question, reply((claim, cited))) == Share(right, 1)


def test_a_verdict_goes_before_a_label() -> None:
    question = gold("yesno", "no", yesno="no")
    answer = reply(("Yes, Italy said, but it will not", MISS))
    assert m.short_answer(question, replace(answer, verdict="no")) == Share(1, 1)
    assert m.short_answer(question, replace(answer, verdict="yes")) == Share(0, 1)


def test_short_answer_f1_is_the_best_over_answers() -> None:
    question = gold("reason", "to deter Russia", "Europe can act")
    answer = reply(("to deter further aggression", HIT))
    assert m.short_answer_f1(question, answer) == Share(2 * 2 / (4 + 3), 1)
    assert m.short_answer_f1(question, REFUSAL) == Share(0, 1)
    assert m.short_answer_f1(gold("yesno", "no", yesno="no"), answer) == NOT_APPLICABLE


def test_nuggets_of_a_list_are_all_vital() -> None:
    question = gold("list", "Italy", "Spain", "Malta", "Peru")
    # Italy is given, of Spain only the evidence is cited, Malta and Peru are not there.
    answer = reply(("Italy", MISS), ("somebody else", cite(100, 150)))
    for strict in (m.nugget_vital_strict, m.nugget_all_strict):
        assert strict(question, answer) == Share(1 / 4, 1)
    for partial in (m.nugget_vital, m.nugget_all):
        assert partial(question, answer) == Share((1 + 1 / 2) / 4, 1)


def test_of_other_kinds_one_nugget_is_vital() -> None:
    question = gold("number", "26", "two dozen")
    answer = reply(("two dozen", MISS), ("many", HIT))  # HIT is the evidence of 26
    assert (
        m.nugget_vital_strict(question, answer) == m.nugget_vital(question, answer) == Share(1, 1)
    )
    assert m.nugget_all_strict(question, answer) == Share(1 / 2, 1)
    assert m.nugget_all(question, answer) == Share((1 + 1 / 2) / 2, 1)
    cited = reply(("many", HIT))
    assert m.nugget_vital_strict(question, cited) == Share(0, 1)
    assert m.nugget_vital(question, cited) == Share(1 / 2, 1)
    assert m.nugget_all(question, cited) == Share(1 / 4, 1)


@pytest.mark.parametrize(
    "measure", [m.nugget_vital_strict, m.nugget_vital, m.nugget_all_strict, m.nugget_all]
)
def test_who_says_nothing_has_no_nuggets(measure: Callable[[GoldQuestion, Reply], Share]) -> None:
    assert measure(gold("fact", "Italy"), REFUSAL) == Share(0, 1)
    assert measure(gold("list", "Italy"), MISSING) == Share(0, 1)
    for question in (NONE, gold("yesno", "no", yesno="no")):
        assert measure(question, reply(("no", HIT))) == NOT_APPLICABLE


def test_abstention() -> None:
    question, answer = gold("fact", "Italy"), reply(("Italy", HIT))
    assert m.rightly_refused(NONE, REFUSAL) == Share(1, 1)
    assert m.rightly_refused(NONE, answer) == Share(0, 1)
    assert m.rightly_refused(NONE, MISSING) == Share(0, 1)
    assert m.rightly_refused(question, REFUSAL) == NOT_APPLICABLE
    assert m.wrongly_refused(question, REFUSAL) == Share(1, 1)
    assert m.wrongly_refused(question, MISSING) == Share(1, 1)
    assert m.wrongly_refused(question, answer) == Share(0, 1)
    assert m.wrongly_refused(NONE, REFUSAL) == NOT_APPLICABLE


def test_answered_wrong() -> None:
    question = gold("fact", "Italy")
    assert m.answered_wrong(question, reply(("x", HIT), ("y", MISS))) == Share(0, 1)
    assert m.answered_wrong(question, reply(("y", MISS), ("x", HIT))) == Share(1, 1)
    assert m.answered_wrong(NONE, reply(("x", HIT))) == Share(1, 1)
    for nothing in (REFUSAL, MISSING):
        assert m.answered_wrong(question, nothing) == NOT_APPLICABLE


def test_pooled_shares_sum_hits_and_totals() -> None:
    assert scores.pooled([Share(1, 4), Share(1, 1), NOT_APPLICABLE]).value == pytest.approx(2 / 5)
    assert scores.pooled([NOT_APPLICABLE]).value is None


def test_majority() -> None:
    assert scores.majority(["no", "", "yes", "no", "unclear"]) == Share(2, 4)
    assert scores.majority(["yes", "yes"]).value == 1
    assert scores.majority(["", ""]) == NOT_APPLICABLE


CITATION = {"number": 1, "document": "a.txt", "start": 0, "end": 3, "quote": "abc"}


def contract(**changes: object) -> JSON:
    answer: JSON = {
        "question": "Who?",
        "answered": True,
        "confidence": 0.9,
        "claims": [{"text": "Italy", "citations": [2, 1]}],
        "citations": [
            CITATION,
            {"number": 2, "document": "b.txt", "start": 4, "end": 6, "quote": "de"},
        ],
    }
    return {**answer, **changes}


def test_a_reply_is_read_from_the_contract() -> None:
    first, second = Cited("a.txt", 0, 3, "abc"), Cited("b.txt", 4, 6, "de")
    assert Reply.from_json(contract()) == Reply(
        True, 0.9, (Statement("Italy", (second, first)),), (first, second)
    )


def test_the_later_keys_of_the_contract_are_read() -> None:
    first = Cited("a.txt", 0, 3, "abc")
    claim = {"text": "Italy", "citations": [1], "sources": 1, "speaker": "Ann Lee"}
    party = {"text": "Spain", "citations": [1], "sources": 1, "speaker": None}
    read = Reply.from_json(
        contract(claims=[claim], verdict="no", undecided=[party], disagreement=True)
    )
    assert read.claims == (Statement("Italy", (first,), "Ann Lee"),)
    assert read.undecided == (Statement("Spain", (first,)),)
    assert (read.verdict, read.disagreement) == ("no", True)
    null = Reply.from_json(contract(verdict=None, undecided=None, disagreement=None))
    assert (null.verdict, null.undecided, null.disagreement) == ("", (), False)
    assert Reply.from_json(contract(claims=[], undecided=[party])).answered


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"verdict": "maybe"}, "verdict is 'maybe', not one of yes, no, unclear"),
        ({"undecided": [{"text": "Spain"}]}, "KeyError: 'citations'"),
        ({"undecided": ["Spain"]}, "TypeError"),
        ({"citations": []}, "a claim cites 2, which is no citation's number"),
        ({"claims": []}, "answered is True with 0 claims"),
        ({"answered": False}, "answered is False with 1 claims"),
        ({"confidence": None}, "'confidence' is None, not a number from 0 to 1"),
        ({"confidence": 1.5}, "'confidence' is 1.5"),
        ({"confidence": True}, "'confidence' is True"),
        ({"confidence": float("nan")}, "'confidence' is nan"),
        ({"answered": "no"}, "'answered' is 'no', which is no bool"),
        ({"claims": [{"text": None, "citations": [1]}]}, "'text' is None"),
        ({"citations": [{**CITATION, "start": "0"}]}, "'start' is '0', which is no int"),
        ({"citations": [{**CITATION, "end": True}]}, "'end' is True"),
        ({"citations": [CITATION, CITATION]}, "two citations have the number 1"),
        ({"citations": None}, "TypeError"),
    ],
)
def test_an_answer_that_breaks_the_contract_is_refused(
    changes: dict[str, object], message: str
) -> None:
    with pytest.raises(EvaluationError, match=f"the answer to 'Who\\?' .*{message}"):
        Reply.from_json(contract(**changes))
