"""`eval/seeds.jsonl` against the articles that it is about."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from rag.evaluation.matching import words
from rag.evaluation.measures import LOWER_IS_BETTER
from rag.evaluation.questions import GoldQuestion, check_evidence, load_questions
from rag.evaluation.replies import Cited, Reply, Statement
from rag.evaluation.report import Report
from rag.evaluation.run import score
from rag.evaluation.summary import Summary

ROOT = Path(__file__).parent.parent
FURNITURE = ("Recommended Stories", "list of 3 items", "Leave a Reply", "newsletter", "Your guide")


@pytest.fixture(scope="module")
def questions() -> list[GoldQuestion]:
    return load_questions(ROOT / "eval" / "seeds.jsonl")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {p.name: p.read_bytes().decode("utf-8") for p in (ROOT / "seeds").glob("*.txt")}


def test_every_quote_stands_at_its_offsets(
    questions: list[GoldQuestion], texts: dict[str, str]
) -> None:
    assert len(texts) == 5
    check_evidence(questions, texts)
    assert {s.document for q in questions for s in q.evidence} == set(texts)


def test_quotes_are_trimmed_sentences_and_no_furniture(questions: list[GoldQuestion]) -> None:
    for question in questions:
        for span in question.evidence:
            assert span.quote == span.quote.strip()
            assert "\n" not in span.quote
            assert not any(mark in span.quote for mark in FURNITURE)


def test_counts_of_kinds_and_splits(questions: list[GoldQuestion]) -> None:
    assert Counter((q.kind, q.split) for q in questions) == {
        ("fact", "dev"): 5,
        ("fact", "test"): 6,
        ("list", "dev"): 7,
        ("list", "test"): 6,
        ("who_said", "dev"): 6,
        ("who_said", "test"): 6,
        ("what_said", "dev"): 6,
        ("what_said", "test"): 6,
        ("number", "dev"): 3,
        ("number", "test"): 3,
        ("date", "dev"): 4,
        ("date", "test"): 4,
        ("place", "dev"): 4,
        ("place", "test"): 4,
        ("reason", "dev"): 4,
        ("reason", "test"): 4,
        ("yesno", "dev"): 7,
        ("yesno", "test"): 7,
        ("none", "dev"): 15,
        ("none", "test"): 15,
    }


def test_the_readme_states_the_same_counts(questions: list[GoldQuestion]) -> None:
    readme = (ROOT / "eval" / "README.md").read_text(encoding="utf-8")
    for kind in {q.kind for q in questions}:
        dev, test = (
            sum(q.kind == kind and q.split == s for q in questions) for s in ("dev", "test")
        )
        assert f"| {kind} | {dev} | {test} |" in readme
    unanswerable = sum(not q.answerable for q in questions)
    assert f"holds {len(questions)} questions" in readme
    assert f"{len(questions) - unanswerable} that they answer and {unanswerable} that" in readme


def test_no_question_stands_twice_even_reworded_in_case_or_punctuation(
    questions: list[GoldQuestion],
) -> None:
    folded = Counter(words(q.question) for q in questions)
    assert [words_ for words_, count in folded.items() if count > 1] == []


def test_answers_of_one_question_share_no_accepted_wording(questions: list[GoldQuestion]) -> None:
    for question in questions:
        wordings = [{words(w) for w in answer.accepted} for answer in question.answers]
        assert sum(map(len, wordings)) == len(set().union(*wordings)), question.id


def test_all_four_values_of_the_number_of_countries_are_gold(
    questions: list[GoldQuestion],
) -> None:
    (question,) = [q for q in questions if q.question.startswith("How many countries pledged")]
    assert [a.text for a in question.answers] == [
        "26",
        "dozens",
        "two dozen",
        "more than two dozen",
    ]
    assert [len(a.evidence) for a in question.answers] == [4, 1, 1, 1]


def test_polarities_name_different_countries(questions: list[GoldQuestion]) -> None:
    named: dict[str, set[str]] = {}
    for question in questions:
        if question.polarity:
            named.setdefault(question.polarity, set()).update(a.text for a in question.answers)
    assert named == {
        "affirmed": {"France", "United Kingdom"},
        "declined": {"United States", "Italy"},
        "undecided": {"Germany"},
    }


def gold_reply(question: GoldQuestion) -> Reply:
    """The gold itself as a reply: a claim for each answer, with all its evidence."""
    if not question.answerable:
        return Reply(answered=False, confidence=0.0)
    claims = tuple(
        Statement(
            question.yesno or answer.text,
            tuple(Cited(s.document, s.start, s.end, s.quote) for s in answer.evidence),
            question.speaker,
        )
        for answer in question.answers
    )
    cited = tuple(c for claim in claims for c in claim.cited)
    differ = question.kind == "number" and len(claims) > 1
    return Reply(True, 1.0, claims, cited, verdict=question.yesno, disagreement=differ)


def test_the_gold_itself_scores_full_marks(
    questions: list[GoldQuestion], texts: dict[str, str]
) -> None:
    rows = [score(question, gold_reply(question), texts, 0.0) for question in questions]
    assert [row.problems for row in rows if row.problems] == []
    summary = Summary.of(rows).to_json()
    zero = {*LOWER_IS_BETTER, "calibration_error", "p50_seconds"}
    curve = Report(tuple(rows)).curve
    assert summary["aurc"] == curve.area == curve.best_area
    unpaired = {"wrong_polarity", "undecided_apart", "undecided_not_claimed"}
    assert all(summary[name] is None for name in unpaired)  # these rows name no other parties
    # Who answers all is wrong on the unanswerable: the area is not 0, but as small as can be.
    unscored = {"questions", "quote_words", "counts", "intervals", "yesno_majority", "aurc"}
    for name, value in summary.items():
        if name not in {*unscored, *unpaired}:
            assert value == (0 if name in zero else 1), name


def test_refusing_everything_scores_nothing_but_refusals(
    questions: list[GoldQuestion], texts: dict[str, str]
) -> None:
    refusal = Reply(answered=False, confidence=0.5)
    summary = Summary.of([score(q, refusal, texts, 0.0) for q in questions]).to_json()
    assert (summary["rightly_refused"], summary["wrongly_refused"]) == (1, 1)
    assert (summary["short_answer"], summary["list_f1"], summary["evidence_accuracy"]) == (0, 0, 0)
    assert (summary["citation_precision"], summary["citation_recall"]) == (None, None)
    assert (summary["auroc"], summary["calibration_error"]) == (0.5, None)
