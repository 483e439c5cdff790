"""Citations judged without gold evidence: ALCE's definitions in fractions worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.cli import main
from rag.errors import EvaluationError
from rag.evaluation.judged import JudgedClaim, judge_claim, judge_replies, statement_of
from rag.evaluation.judges import CheckedJudge, WordsJudge, load_judge
from rag.evaluation.recorded import Recorded
from rag.types import JSON

QUESTION = "Who came?"


class Facts:
    """Supports a claim when the quotes hold every letter that the claim names in capitals."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def supports(self, claim: str, quotes: Sequence[str], /) -> float:
        self.asked.append((claim, tuple(quotes)))
        wanted = {word for word in claim.split() if len(word) == 1 and word.isupper()}
        return wanted <= set(" ".join(quotes).split())


def judged(statement: str, *quotes: str) -> JudgedClaim:
    return judge_claim(CheckedJudge(Facts(), "facts"), statement, quotes)


def test_a_claim_without_quotes_is_unsupported_and_nobody_is_asked() -> None:
    facts = Facts()
    found = judge_claim(CheckedJudge(facts, "facts"), "A", ())
    assert (found.supported, found.precise, facts.asked) == (False, (), [])


def test_the_only_quote_is_precise_where_it_supports() -> None:
    assert judged("A", "A") == JudgedClaim("A", ("A",), True, (True,))
    assert judged("A", "B") == JudgedClaim("A", ("B",), False, (False,))


def test_a_quote_is_irrelevant_where_the_others_do_without_it() -> None:
    # "C" neither supports "A" alone nor is missed; "A" supports it alone.
    assert judged("A", "A", "C").precise == (True, False)
    # Two that support it alone are both precise, though either could be left out.
    assert judged("A", "A", "A too").precise == (True, True)


def test_quotes_that_support_only_together_are_all_precise() -> None:
    found = judged("A B", "A", "B", "C")
    assert found.supported
    assert found.precise == (True, True, False)


def test_no_quote_of_an_unsupported_claim_is_precise() -> None:
    found = judged("A B", "A", "C")
    assert (found.supported, found.precise) == (False, (False, False))


def reply(row_id: str, *claims: tuple[str, list[str]], question: str = QUESTION) -> Recorded:
    quotes = [quote for _, cited in claims for quote in cited]
    numbers = iter(range(1, len(quotes) + 1))
    answer: JSON = {
        "answered": bool(claims),
        "confidence": 0.5,
        "claims": [
            {"text": text, "citations": [next(numbers) for _ in cited]} for text, cited in claims
        ],
        "citations": [
            {"number": n, "document": "d", "start": 0, "end": len(quote), "quote": quote}
            for n, quote in enumerate(quotes, 1)
        ],
    }
    return Recorded(row_id, question, None, answer)


REPLIES = [
    # Supported; one of two quotes is irrelevant: recall 1, precision 1/2.
    reply("q1", ("A", ["A", "C"])),
    # One claim of two is supported: recall 1/2; one quote of three is precise.
    reply("q2", ("A", ["A"]), ("B", ["C", "D"])),
    # Nothing is cited: both 0.
    reply("q3", ("A", [])),
    reply("q4"),
    Recorded("q5", QUESTION, None, None, "failed"),
]


def test_figures_are_means_over_the_answers_that_were_given() -> None:
    found = judge_replies(CheckedJudge(Facts(), "facts"), REPLIES)
    assert (found.asked, len(found.answers)) == (5, 3)
    precision, recall = (1 / 2 + 1 / 3 + 0) / 3, (1 + 1 / 2 + 0) / 3
    assert found.values == {
        "judged_citation_precision": pytest.approx(precision),
        "judged_citation_recall": pytest.approx(recall),
        "judged_citation_f1": pytest.approx(2 * precision * recall / (precision + recall)),
    }
    interval = found.intervals["judged_citation_recall"]
    assert 0 <= interval.low < recall < interval.high <= 1
    assert [(row, claim.statement) for row, claim in found.unsupported] == [
        ("q2", "Who came? B"),
        ("q3", "Who came? A"),
    ]


def test_without_answers_there_are_no_figures_and_without_support_they_are_0() -> None:
    judge = CheckedJudge(Facts(), "facts")
    nothing = judge_replies(judge, REPLIES[3:])
    assert set(nothing.values.values()) == {None}
    assert "0 of 2 questions answered" in nothing.to_text()
    wrong = judge_replies(judge, [reply("q1", ("A", ["B"]))])
    assert set(wrong.values.values()) == {0.0}
    assert wrong.intervals == {}  # of one answer nothing can be drawn


def test_undecided_parties_are_judged_where_they_are_the_answer() -> None:
    one = reply("q1", ("A", ["A"]))
    assert one.answer is not None
    answer = {**one.answer, "claims": [], "undecided": one.answer["claims"]}
    found = judge_replies(CheckedJudge(Facts(), "f"), [Recorded("q1", QUESTION, None, answer)])
    assert found.values["judged_citation_recall"] == 1


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        ("Ann", "Who came? Ann"),
        ("Ann came to the fair.", "Ann came to the fair."),
        ("“Ann came to the fair.”", "“Ann came to the fair.”"),
        ("the U.S.", "Who came? the U.S."),  # a mark, but no sentence
        (" Ann and others from the fair ", "Who came? Ann and others from the fair"),
    ],
)
def test_a_short_answer_is_judged_after_its_question(claim: str, statement: str) -> None:
    assert statement_of(" Who came? ", claim) == statement


def test_a_short_answer_needs_its_question() -> None:
    judge = CheckedJudge(Facts(), "facts")
    with pytest.raises(EvaluationError, match=r"answer q1: the claim 'A' .* add it"):
        judge_replies(judge, [reply("q1", ("A", ["A"]), question="")])
    one = reply("q1", ("A", ["A"]), question="")
    assert one.answer is not None
    kept = Recorded("q1", "", None, {**one.answer, "question": "Who?"})
    assert judge_replies(judge, [kept]).answers[0].claims[0].statement == "Who? A"


def test_words_counts_the_content_words_of_the_claim() -> None:
    words = WordsJudge()
    # ferry, depar(ts), Mora, daily: the others are stop words.
    claim = "The ferry departs from Mora daily"
    assert words.supports(claim, ["A ferry to Mora", "departing daily"]) == pytest.approx(1)
    # Half of them, where 0.65 is a yes: 0.5 · 0.5 / 0.65; three quarters: 0.5 + 0.5 · 0.1 / 0.35.
    assert words.supports(claim, ["A ferry to Mora"]) == pytest.approx(5 / 13)
    assert words.supports(claim, ["A ferry to Mora", "daily"]) == pytest.approx(9 / 14)
    assert words.supports(claim, ["It was so."]) == 0
    assert words.supports("It is as it was.", ["It is as it was."]) == 0  # nothing to check


class Strange:
    def __init__(self, value: object) -> None:
        self.value = value

    def supports(self, claim: str, quotes: Sequence[str], /) -> float:  # noqa: ARG002
        return self.value  # type: ignore[return-value]


@pytest.mark.parametrize("value", [None, 1.5, -1, float("nan"), "yes"])
def test_what_is_no_probability_is_refused(value: object) -> None:
    with pytest.raises(EvaluationError, match=r"--judge mine:it: supports\(\) gave .*0 to 1"):
        CheckedJudge(Strange(value), "mine:it").says_yes("A", ("A",))


def test_half_is_a_yes() -> None:
    assert CheckedJudge(Strange(0.5), "it").says_yes("A", ("A",))
    assert not CheckedJudge(Strange(0.49), "it").says_yes("A", ("A",))


MINE = """
class Always:
    def supports(self, claim, quotes):
        return True

class Never:
    def supports(self, claim, quotes):
        return 0.0

never = Never()
number = 7
"""


def test_a_judge_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))  # undoes what load_judge adds
    (tmp_path / "my_judges_of_a_test.py").write_text(MINE, encoding="utf-8")
    assert load_judge("my_judges_of_a_test:Always").says_yes("A", ("B",))
    assert not load_judge("my_judges_of_a_test:never").says_yes("A", ("A",))
    with pytest.raises(EvaluationError, match="has no method supports"):
        load_judge("my_judges_of_a_test:number")
    with pytest.raises(EvaluationError, match=r"cannot be loaded: .*has no attribute 'other'"):
        load_judge("my_judges_of_a_test:other")
    with pytest.raises(EvaluationError, match="cannot be loaded: No module named 'no_such_one'"):
        load_judge("no_such_one:judge")
    with pytest.raises(EvaluationError, match="cannot be loaded: the 'package' argument"):
        load_judge(".mine:judge")
    with pytest.raises(EvaluationError, match="name words, or a judge of yours as MODULE:NAME"):
        load_judge("word")


def test_the_command_judges_a_file_of_answers_without_a_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        reply("x1", ("Ann came to the fair.", ["Yesterday Ann came to the fair."])),
        reply("x2", ("Ben", ["Ben came.", "It rained."])),
        reply("x3", ("Eve", ["It rained."])),
    ]
    path = tmp_path / "answers.jsonl"
    path.write_text("\n".join(json.dumps(row.to_json()) for row in rows), encoding="utf-8")
    command = ["eval", "--answers", str(path), "--judge", "words"]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["judge"], found["answered"], found["claims"]) == ("words", 3, 3)
    # x1 supported; "came Ben" is in the first quote of x2, its second is irrelevant; x3 is not.
    assert found["judged_citation_recall"] == pytest.approx(2 / 3)
    assert found["judged_citation_precision"] == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert not [name for name in found if name.startswith("citation_")]
    assert main(command) == 0
    shown = capsys.readouterr().out
    assert "judged_citation_precision" in shown
    assert "1 of 3 claims unsupported" in shown
    assert "x3: Who came? Eve" in shown


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--gate", "x.toml"], "--judge uses no gold evidence"),
        (["--report", "x.md"], "--judge uses no gold evidence"),
        (["--limit", "2"], "leave --split and --limit out"),
        (["--public", "wikiqa", "--data", "."], "wikiqa: has no claims to judge"),
    ],
)
def test_what_does_not_go_with_a_judge(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text("", encoding="utf-8")
    assert main(["eval", "--answers", str(path), "--judge", "words", *options]) == 1
    assert message in capsys.readouterr().err


def test_a_broken_row_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "answers.jsonl"
    row = json.dumps(reply("x1", ("Ann", ["Ann"])).to_json())
    path.write_text(f"{row}\n{row}\n", encoding="utf-8")
    assert main(["eval", "--answers", str(path), "--judge", "words"]) == 1
    assert "line 2: question x1 is answered already on line 1" in capsys.readouterr().err
