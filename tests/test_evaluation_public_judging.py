"""WiCE and AttributionBench (how often a judge is right), MultiSpanQA, SelQA and SQuADShifts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.cli import main
from rag.errors import EvaluationError
from rag.evaluation.public import JUDGING, READING, RETRIEVAL, evaluate_public, lists
from rag.evaluation.public.claims import (
    Claim,
    attributionbench_scores,
    chunks,
    read_attributionbench,
    read_wice,
    wice_scores,
)
from rag.evaluation.public.formats import Item, Ranking, read_selqa
from rag.evaluation.public.lists import ListQuestion, list_scores, multispanqa_scores
from rag.evaluation.public.reading import answered_scores
from rag.options import PUBLIC_JUDGING, PUBLIC_READING
from rag.reader.decoding import PassageReading, ScoredSpan
from rag.reader.model import PassageReader


class Said:
    """Supports a claim as much as the best number among the quotes."""

    def supports(self, claim: str, quotes: Sequence[str], /) -> float:  # noqa: ARG002
        return max(map(float, quotes))


def claim(value: float, supported: bool, group: str = "") -> Claim:
    return Claim("c", ((str(value),), ("0",)), supported, group)


def test_the_options_name_every_set() -> None:
    assert set(PUBLIC_JUDGING) == set(JUDGING)
    assert set(PUBLIC_READING) == {*READING, RETRIEVAL}


def test_wice_measures_by_hand() -> None:
    claims = [
        *(claim(0.9, True), claim(0.5, True), claim(0.1, True)),
        *(claim(0.7, False), claim(0.2, False)),
    ]
    found = wice_scores(Said(), claims)
    # Said yes: 0.9, 0.5, 0.7, of which two are right; one supported claim is missed.
    assert found["f1_supported"] == pytest.approx(2 * 2 / (3 + 3))
    assert found["accuracy"] == pytest.approx(3 / 5)
    assert found["balanced_accuracy"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    # Of 6 pairs, supported above the other: 0.9 twice, 0.5 once, 0.1 never.
    assert found["auroc"] == pytest.approx(3 / 6)
    assert found["majority"] == pytest.approx(2 / 5)
    # Evenly spread: the first and the third of five.
    assert wice_scores(Said(), claims, 2)["claims"] == 2
    assert wice_scores(Said(), claims, 2)["accuracy"] == 1 / 2


def test_attributionbench_measures_by_hand() -> None:
    claims = [
        *(claim(0.9, True, "A"), claim(0.9, True, "A"), claim(0.9, False, "A")),
        *(claim(0.9, True, "B"), claim(0.1, False, "B")),
    ]
    found = attributionbench_scores(Said(), claims)
    # A: always yes. F1 of attributable 2·2/(3+2), of the other 0. B: all right.
    assert found["macro_f1 A"] == pytest.approx((4 / 5 + 0) / 2)
    assert found["macro_f1 B"] == 1
    assert found["macro_f1"] == pytest.approx((2 / 5 + 1) / 2)
    assert found["accuracy"] == pytest.approx(4 / 5)


def test_a_page_is_judged_in_overlapping_chunks() -> None:
    assert chunks(["a b", "c"]) == (("a b", "c"),)
    long, half, third = " ".join("w" * 300), " ".join("w" * 130), " ".join("w" * 60)
    # A sentence that is too long stands alone, and nothing is left out behind it.
    assert chunks([long, "a", "b"]) == ((long,), ("a", "b"))
    assert chunks(["a", long, "b"]) == (("a",), (long,), ("b",))
    assert chunks([half, half, "a"]) == ((half,), (half, "a"))
    # Four of 60 words fit, the fifth fills it: the next chunk begins with the fifth, less one.
    found = chunks([*[third] * 5, "a", "b"])
    assert [len(one) for one in found] == [4, 3]
    assert found[1] == (third, "a", "b")


WICE = {
    "label": "partially_supported",
    "claim": "Ann left.",
    "evidence": ["Ann ran.", "It rained."],
    "supporting_sentences": [[0]],
    "meta": {"id": "dev1"},
}
ATTRIBUTION = {
    "claim": "Ann left.",
    "references": ["Ann ran.", "It rained."],
    "attribution_label": "attributable",
    "src_dataset": "LFQA",
}


def test_the_forms_of_the_files_of_claims(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    rows = [WICE, {**WICE, "label": "supported"}]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    page = (("Ann ran.", "It rained."),)
    assert read_wice(path) == [Claim("Ann left.", page, False), Claim("Ann left.", page, True)]
    path.write_text(json.dumps(ATTRIBUTION), encoding="utf-8")
    assert read_attributionbench(path) == [Claim("Ann left.", page, True, "LFQA")]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{", "JSONDecodeError"),
        ("[]", "TypeError"),
        (json.dumps({**WICE, "label": "maybe"}), "the label 'maybe' is none of supported"),
        (json.dumps({**WICE, "evidence": "Ann ran."}), "'Ann ran.' is no list of texts"),
        (json.dumps({**WICE, "claim": 3}), "3 is no text"),
        (json.dumps({"label": "supported", "claim": "x"}), "KeyError: 'evidence'"),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line(row: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(f"{json.dumps(WICE)}\n\n{row}\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"x\.jsonl, line 3: does not have") as raised:
        read_wice(path)
    assert message in str(raised.value)


def test_the_command_measures_the_judge(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wice").mkdir()
    rows = [{**WICE, "label": "supported", "evidence": ["Ann left."]}, WICE]
    text = "\n".join(map(json.dumps, rows))
    for split in ("dev", "test"):
        (tmp_path / "wice" / f"{split}.jsonl").write_text(text, encoding="utf-8")
    data = ["--data", str(tmp_path)]
    assert main(["eval", "--public", "wice", *data, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["claims"], found["accuracy"], found["note"]) == (2, 1, None)
    assert main(["eval", "--public", "wice-dev", *data, "--judge", "words"]) == 0
    shown = capsys.readouterr().out
    assert "f1_supported       1\n" in shown
    assert "(the threshold of the judge 'words' was fitted on this set: no test of it)" in shown


def test_what_a_judge_raises_is_not_blamed_on_the_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wice").mkdir()
    (tmp_path / "wice/test.jsonl").write_text(json.dumps(WICE), encoding="utf-8")
    (tmp_path / "failing_judge_of_a_test.py").write_text(
        "class J:\n def supports(self, claim, quotes): raise ValueError('of the judge')\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))  # undoes what load_judge adds
    with pytest.raises(ValueError, match=r"^of the judge$"):
        evaluate_public("wice", tmp_path, 0, judge="failing_judge_of_a_test:J")
    (tmp_path / "wice/test.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(EvaluationError, match="line 1: does not have the form of its set"):
        evaluate_public("wice", tmp_path, 0)


def words(*spans: str) -> frozenset[str]:
    return frozenset(spans)


def test_lists_are_scored_by_exact_spans_pooled_over_questions() -> None:
    gold = [words("ann", "ben"), words("eve")]
    found = list_scores(gold, [words("ann", "tom", "kim"), words()])
    # One of four: the question without an answer counts as a wrong one.
    assert found["exact_precision"] == 1 / 4
    assert found["exact_recall"] == 1 / 3
    assert found["exact_f1"] == pytest.approx(2 * (1 / 4) * (1 / 3) / (1 / 4 + 1 / 3))


def test_lists_are_scored_by_what_spans_have_in_common() -> None:
    found = list_scores([words("ann lee", "tom")], [words("ann", "xyz")])
    # "ann" is all in "ann lee", of which it is 3/7; "xyz" and "tom" share nothing.
    assert found["overlap_precision"] == pytest.approx((1 + 0) / 2)
    assert found["overlap_recall"] == pytest.approx((3 / 7 + 0) / 2)
    assert found["exact_f1"] == found["exact_precision"] == 0
    # Only the longest run counts, not two of them: "ab" of "abxcd" and "abycd".
    assert list_scores([words("abxcd")], [words("abycd")])["overlap_f1"] == pytest.approx(2 / 5)
    # The normal form of "the" is empty: it has nothing in common with anything.
    assert list_scores([words("ann")], [words("")])["overlap_f1"] == 0


ASKED = ListQuestion(
    "who sat?",
    ("The", "Smiths", "and", "O", "'s", "son", "sat", "."),
    ("B", "I", "O", "B", "I", "I", "O", "O"),
)


def test_gold_spans_are_the_labelled_tokens_in_their_normal_form() -> None:
    # Tokens are joined by spaces before punctuation goes, as the script does it.
    assert ASKED.answers == {"smiths", "o s son"}
    assert ListQuestion("?", ("a1", "b", "c"), ("B", "B", "I")).answers == {"a1", "b c"}
    assert ListQuestion("?", ("x", "b", "c"), ("O", "I", "O")).answers == {"b"}


class TagReader(PassageReader):
    """Tags what a test says, by its text; the best span is the first of them."""

    def __init__(self, *tagged: str) -> None:
        self.tagged = tagged

    def read(
        self,
        question: str,  # noqa: ARG002
        passages: Sequence[str],
        sentences: Sequence[Sequence[tuple[int, int]]],
        titles: Sequence[str] = (),  # noqa: ARG002
    ) -> list[PassageReading]:
        found = []
        for passage, ranges in zip(passages, sentences, strict=True):
            starts = [(passage.index(text), text) for text in self.tagged]
            spans = tuple(ScoredSpan(at, at + len(text), 1.0) for at, text in starts)
            evidence = (0.0,) * len(ranges)
            found.append(PassageReading(1.0, 0.0, spans[:1], spans, evidence, (0.1, 0.1, 0.8)))
        return found


def test_multispanqa_scores_tags_beside_the_best_span() -> None:
    found = multispanqa_scores(TagReader("The Smiths", "O's son"), [ASKED])
    assert found["questions"] == 1
    assert found["tagged_exact_f1"] == found["tagged_overlap_f1"] == 1
    assert found["best_span_exact_precision"] == 1
    assert found["best_span_exact_recall"] == 1 / 2
    # "son" is 3 of the 7 characters of "o s son".
    partly = multispanqa_scores(TagReader("son"), [ASKED])
    assert partly["tagged_exact_f1"] == 0
    assert partly["tagged_overlap_recall"] == pytest.approx((3 / 7 + 1 / 6) / 2)
    assert multispanqa_scores(TagReader(), [ASKED])["tagged_overlap_f1"] == 0


def test_the_form_of_multispanqa(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    row = {"question": ["who", "sat", "?"], "context": list(ASKED.tokens)}
    row["label"] = list(ASKED.labels)
    path.write_text(json.dumps({"data": [row]}), encoding="utf-8")
    assert lists.read_multispanqa(path) == [ASKED]
    for wrong, message in (
        ({**row, "label": ["O"]}, "8 tokens have 1 labels"),
        ({**row, "label": ["X"] * 8}, "the label 'X' is none of B, I, O"),
        ({"question": []}, "KeyError: 'context'"),
    ):
        path.write_text(json.dumps({"data": [row, wrong]}), encoding="utf-8")
        with pytest.raises(EvaluationError, match=r"x\.json, question 2: ") as raised:
            lists.read_multispanqa(path)
        assert message in str(raised.value)


def test_the_form_of_selqa(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    row = {
        "question": "Who?",
        "article": "T",
        "candidates": ["It rained. ", "Ann."],
        "answers": [1],
    }
    path.write_text(json.dumps([row]), encoding="utf-8")
    assert read_selqa(path) == [Ranking("Who?", "T", ("It rained.", "Ann."), (False, True))]
    path.write_text(json.dumps([{**row, "answers": [2]}]), encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"question 1: .*the answer 2 is no place of its 2"):
        read_selqa(path)


def test_squadshifts_gives_the_best_span_of_every_question() -> None:
    items = [
        Item("who sat", "Ann Lee sat.", "T", (), ("Ann Lee",)),
        Item("who ran", "Ann Lee ran.", "T", (), ("Ann Lee sat",)),
    ]
    found = answered_scores(TagReader("Ann Lee"), items)
    assert found == {"questions": 2, "f1": pytest.approx((1 + 4 / 5) / 2), "exact": 1 / 2}
    assert answered_scores(TagReader("Ann Lee"), items, 1)["questions"] == 1
