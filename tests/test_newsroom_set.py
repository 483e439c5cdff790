"""`eval/newsroom`: the events are whole, and the measures reach their marks on the gold itself."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from rag.evaluation.measures import LOWER_IS_BETTER
from rag.evaluation.newsroom import METADATA_NAME, Article, read_split, write_corpus
from rag.evaluation.questions import GoldQuestion, check_evidence, load_questions, save_questions
from rag.evaluation.replies import Cited, Reply, Statement
from rag.evaluation.run import score
from rag.evaluation.summary import Summary

EVENTS = Path(__file__).parent.parent / "eval" / "newsroom"


@pytest.fixture(scope="module")
def split() -> tuple[list[Article], list[GoldQuestion]]:
    return read_split(EVENTS)


def test_every_quote_stands_once_and_every_span_inside_its_quote() -> None:
    for path in sorted(EVENTS.glob("*.json")):
        event = json.loads(path.read_text(encoding="utf-8"))
        texts = {article["id"]: article["text"] for article in event["articles"]}
        for question in event["questions"]:
            for answer in question["answers"]:
                for evidence in answer["evidence"]:
                    assert texts[evidence["article"]].count(evidence["quote"]) == 1
                    assert evidence["span"] in evidence["quote"]


def test_counts(split: tuple[list[Article], list[GoldQuestion]]) -> None:
    articles, questions = split
    assert (len(list(EVENTS.iterdir())), len(articles), len(questions)) == (11, 43, 343)
    readme = (EVENTS.parent / "README.md").read_text(encoding="utf-8")
    for kind, count in Counter(question.kind for question in questions).items():
        assert f"{kind} {count}" in readme


def test_a_corpus_and_a_set_are_written_in_one_step(tmp_path: Path) -> None:
    questions = write_corpus(EVENTS, tmp_path / "corpus")
    files = sorted((tmp_path / "corpus").glob("*.txt"))
    assert len(files) == 43
    assert (tmp_path / "corpus" / METADATA_NAME).is_file()
    check_evidence(questions, {file.name: file.read_bytes().decode("utf-8") for file in files})
    save_questions(questions, tmp_path / "set.jsonl")
    assert load_questions(tmp_path / "set.jsonl") == questions


def gold_reply(question: GoldQuestion) -> Reply:
    """The gold itself as a reply; the undecided of the matter beside it, cited from nowhere."""
    if not question.answerable:
        return Reply(answered=False, confidence=0.0)
    claims = tuple(
        Statement(
            answer.text,
            tuple(Cited(s.document, s.start, s.end, s.quote) for s in answer.evidence),
            question.speaker,
        )
        for answer in question.answers
    )
    return Reply(
        True,
        1.0,
        claims,
        tuple(cited for claim in claims for cited in claim.cited),
        verdict=question.yesno,
        undecided=tuple(
            Statement(party.text, ()) for party in question.others if party.polarity == "undecided"
        ),
        disagreement=question.kind == "number" and len(claims) > 1,
    )


def test_the_gold_itself_scores_full_marks(
    split: tuple[list[Article], list[GoldQuestion]],
) -> None:
    articles, questions = split
    texts = {article.document: article.text for article in articles}
    rows = [score(question, gold_reply(question), texts, 0.0) for question in questions]
    assert [(row.question.id, row.problems) for row in rows if row.problems] == []
    summary = Summary.of(rows)
    for name, value in summary.values.items():
        if name not in ("yesno_majority", "aurc"):
            assert value == (0 if name in {*LOWER_IS_BETTER, "calibration_error"} else 1), name
        assert summary.counts[name] > 0


def test_giving_the_other_polarities_is_wrong(
    split: tuple[list[Article], list[GoldQuestion]],
) -> None:
    articles, questions = split
    texts = {article.document: article.text for article in articles}
    paired = [question for question in questions if question.others]
    assert paired
    for question in paired:
        others = tuple(Statement(party.text, ()) for party in question.others)
        answer = replace(gold_reply(question), claims=others, citations=(), undecided=())
        shares = score(question, answer, texts, 0.0).shares
        assert shares["wrong_polarity"].value == 1, question.id
        assert shares["list_f1"].value == 0, question.id
        assert shares["undecided_apart"].value in (0, None), question.id
