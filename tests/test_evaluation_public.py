"""Public sets: their files, their protocols, and SQuAD's measures as its own script gives them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.cli import main
from rag.errors import EvaluationError
from rag.evaluation.public import READING, evaluate_public
from rag.evaluation.public.formats import (
    Item,
    Ranking,
    YesNo,
    read_condaqa,
    read_items,
    read_trecqa,
    read_wikiqa,
)
from rag.evaluation.public.measures import average_precision, exact, f1, normalise
from rag.evaluation.public.reading import (
    SquadRow,
    best_threshold,
    condaqa_scores,
    ranking_scores,
    squad_scores,
)
from rag.evaluation.public.scifact import scifact_scores
from rag.reader.decoding import PassageReading, ScoredSpan
from rag.reader.model import PassageReader
from tests.fakes import WordEncoder


# What evaluate-v2.0.py gives, worked out by hand from its four steps.
@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The U.S.", "us"),
        ("An apple, a day!", "apple day"),
        ("four-day  plan\n", "fourday plan"),
        ("the", ""),
        ("theatre", "theatre"),
        ("“Rome”", "“rome”"),  # only ASCII punctuation goes
        ("$1,000.50", "100050"),
    ],
)
def test_squad_normal_form(text: str, normal: str) -> None:
    assert normalise(text) == normal


@pytest.mark.parametrize(
    ("said", "gold", "em", "score"),
    [
        ("the cat sat", "a cat sat down", 0, 4 / 5),  # 2/2 and 2/3
        ("cat cat", "cat", 0, 2 / 3),  # bags: 1/2 and 1/1
        ("The Cat", "cat", 1, 1),
        ("", "", 1, 1),
        ("", "cat", 0, 0),
        ("a", "the", 1, 1),  # both empty: the script compares them
        ("dog", "cat", 0, 0),
    ],
)
def test_squad_exact_match_and_f1(said: str, gold: str, em: float, score: float) -> None:
    assert exact(said, gold) == em
    assert f1(said, gold) == pytest.approx(score)


def test_average_precision() -> None:
    assert average_precision([False, True, False, True]) == pytest.approx((1 / 2 + 2 / 4) / 2)


class WordReader(PassageReader):
    """Scores a sentence by the question's words in it; its answer is the best sentence."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    def read(
        self,
        question: str,
        passages: Sequence[str],
        sentences: Sequence[Sequence[tuple[int, int]]],
        titles: Sequence[str] = (),  # noqa: ARG002
    ) -> list[PassageReading]:
        self.asked.append((question, list(passages)))
        wanted = set(question.lower().split())
        found = []
        for passage, ranges in zip(passages, sentences, strict=True):
            scores = [
                float(len(wanted & set(passage[a:b].lower().strip(".").split()))) for a, b in ranges
            ]
            spans = sorted(
                (ScoredSpan(a, b, score) for (a, b), score in zip(ranges, scores, strict=True)),
                key=lambda span: -span.score,
            )
            yesno = (0.1, 0.8, 0.1) if " not " in passage else (0.8, 0.1, 0.1)
            best = max(scores, default=0.0)
            found.append(PassageReading(best, 0.0, tuple(spans), (), tuple(scores), yesno))
        return found


def test_squad_keeps_an_answer_back_below_the_threshold_of_the_titles_aside() -> None:
    asked = Item("who sat", "Ann sat.", "T", (), ("Ann sat",))
    none = Item("which dog barked", "Ann sat.", "T", (), ())
    aside = [asked, Item("who sat down", "It rained.", "T", (), ())]
    found = squad_scores(WordReader(), [asked, none], aside)
    assert found["threshold"] == 0  # the best of those seen: what is above it is answered
    assert found["f1"] == found["exact"] == found["no_answer_accuracy"] == 1
    assert found["auroc_both"] == 1
    shown = squad_scores(WordReader(), [asked, Item("who sat", "Ben sat.", "T", (), ())], aside)
    assert shown["f1"] == 1 / 2
    assert shown["no_answer_accuracy"] == 0


def test_rankings_leave_out_questions_without_right_or_wrong_sentences() -> None:
    rankings = [
        Ranking("a b", "T", ("c d.", "a x.", "a b."), (False, True, False)),
        Ranking("a", "T", ("a.", "a."), (True, True)),
        Ranking("a", "T", ("a.",), (False,)),
    ]
    for in_context in (True, False):
        found = ranking_scores(WordReader(), rankings, in_context=in_context)
        assert found["questions"] == 1
        # In one chunk the second-best sentence comes second; alone too.
        assert found["map"] == found["mrr"] == 1 / 2


def test_condaqa_counts_labels() -> None:
    asked = [
        YesNo("did it rain", "It did not rain.", "no"),
        YesNo("did it rain", "It did.", "yes"),
        YesNo("did it snow", "It did.", "unclear"),
        YesNo("did it", "It did.", "yes"),
    ]
    found = condaqa_scores(WordReader(), asked)
    assert found == {"questions": 4, "accuracy": 3 / 4, "majority": 1 / 2}
    assert condaqa_scores(WordReader(), asked, 1)["questions"] == 1


def test_the_forms_of_the_files(tmp_path: Path) -> None:
    squad = {
        "data": [
            {
                "title": "The_Town",
                "paragraphs": [
                    {
                        "context": "Ann sat. Ann ran.",
                        "qas": [
                            {
                                "question": "Who sat? ",
                                "answers": [{"text": "Ann", "answer_start": 0}],
                            },
                            {"question": "Who fell?", "answers": []},
                        ],
                    }
                ],
            }
        ]
    }
    path = tmp_path / "x"
    path.write_text(json.dumps(squad), encoding="utf-8")
    assert read_items(path) == [
        Item("Who sat?", "Ann sat. Ann ran.", "The Town", ((0, 3),), ("Ann",)),
        Item("Who fell?", "Ann sat. Ann ran.", "The Town", (), ()),
    ]
    path.write_text(
        "QuestionID\tQuestion\tDocumentTitle\tSentence\tLabel\n"
        'Q1\thow?\tT\tLike "this.\t1\nQ1\thow?\tT\tOr so.\t0\n',
        encoding="utf-8",
    )
    assert read_wikiqa(path) == [Ranking("how?", "T", ('Like "this.', "Or so."), (True, False))]
    path.write_text(
        "<QApairs id='1'>\n<question>\nWho\tsat\t?\n</question>\n<positive>\nAnn\tsat\t.\n"
        "</positive>\n<negative>\nIt\trained\t.\n</negative>\n</QApairs>\n",
        encoding="utf-8",
    )
    assert read_trecqa(path) == [Ranking("Who sat?", "", ("Ann sat.", "It rained."), (True, False))]
    rows = [
        {"sentence1": "It fell.", "sentence2": " Did it? ", "label": "DON'T KNOW"},
        {"sentence1": "It fell.", "sentence2": "What?", "label": "it fell"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert read_condaqa(path) == [YesNo("Did it?", "It fell.", "unclear")]


def scifact(folder: Path) -> None:
    folder.mkdir(parents=True)
    rows = [
        {"_id": "1", "title": "Bridges", "text": "Cracks grow in old piers."},
        {"_id": "2", "title": "Ferries", "text": "Ferries run in summer."},
    ]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    claims = [
        {"_id": "7", "text": "Old piers have cracks."},
        {"_id": "8", "text": "Cracks in piers and summer"},
    ]
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, claims)), encoding="utf-8")
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\n7\t1\t1\n8\t2\t1\n", encoding="utf-8"
    )


def test_scifact_ranks_abstracts(tmp_path: Path) -> None:
    scifact(tmp_path / "scifact")
    found = scifact_scores(WordEncoder(), tmp_path / "scifact")
    assert found["questions"] == 2
    assert found["recall@10"] == 1
    assert found["MRR"] == (1 + 1 / 2) / 2
    assert scifact_scores(WordEncoder(), tmp_path / "scifact", 1)["MRR"] == 1


def test_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.evaluation.public.load_encoder", lambda _: WordEncoder())
    scifact(tmp_path / "scifact")
    data = ["--data", str(tmp_path)]
    assert main(["eval", "--public", "scifact", *data, "--limit", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["nDCG@10"] == 1
    assert main(["eval", "--public", "wikiqa", *data]) == 1
    assert "WikiQA-test.tsv: cannot be read" in capsys.readouterr().err
    assert main(["eval", "--public", "wikiqa"]) == 1
    assert "--public needs --data FOLDER" in capsys.readouterr().err
    (tmp_path / "condaqa").mkdir()
    (tmp_path / "condaqa" / "dev.jsonl").write_text("[]\n", encoding="utf-8")
    assert main(["eval", "--public", "condaqa", *data]) == 1
    assert "dev.jsonl, line 1: does not have the form of its set" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(READING))
def test_the_baseline_cannot_read_alone(name: str, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="needs a trained reader"):
        evaluate_public(name, tmp_path, 0, reader="similarity", model="")


def test_the_threshold_lies_amid_those_that_are_as_good() -> None:
    answered = [SquadRow("port", score, 0.0, ("port",)) for score in (6.0, 7.0, 8.0)]
    empty = [SquadRow("port", score, 0.0, ()) for score in (-8.0, -2.0, 2.0)]
    # What lies above 2 is answered, all of it right: nothing else is as good.
    assert best_threshold([*answered, *empty]) == 2.0
    # With a wrong answer among them the best, still 2, is within an error of 6 and of 6.5.
    wrong = SquadRow("port", 6.5, 0.0, ())
    assert best_threshold([*answered, *empty, wrong]) == (2.0 + 6.5) / 2
    assert best_threshold([]) == 0.0
