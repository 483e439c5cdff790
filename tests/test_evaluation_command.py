"""`citable eval`: sets and folders of events, saved answers, comparison, gate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rag.cli import main
from rag.engine import Engine
from rag.errors import UnknownDocumentError
from rag.evaluation import load_corpus
from rag.progress import Progress, silent
from rag.reader.similarity import SimilarityReader
from tests.fakes import WordEncoder

TEXTS = {
    "ev1-a": "Rome declined the plan on Monday. Paris backed the plan at once.",
    "ev1-b": "Italy will stay away. The bridge was closed in June.",
    "ev2-a": "The ferry to Mora runs twice a day. Tickets cost 45 kronor.",
}


def evidence(article: str, quote: str, span: str) -> dict[str, str]:
    return {"article": article, "quote": quote, "span": span}


QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "ev1": [
        {
            "question": "Which town declined the plan on Monday?",
            "kind": "fact",
            "answers": [
                {
                    "text": "Rome",
                    "evidence": [evidence("ev1-a", "Rome declined the plan on Monday.", "Rome")],
                }
            ],
        },
        {
            "question": "When was the bridge closed?",
            "kind": "date",
            "answers": [
                {
                    "text": "June",
                    "evidence": [evidence("ev1-b", "The bridge was closed in June.", "June")],
                }
            ],
        },
    ],
    "ev2": [
        {
            "question": "What do tickets cost?",
            "kind": "number",
            "answers": [
                {
                    "text": "45 kronor",
                    "evidence": [evidence("ev2-a", "Tickets cost 45 kronor.", "45 kronor")],
                }
            ],
        },
        {
            "question": "Who sells umbrellas?",
            "kind": "none",
            "answers": [],
            "why_unanswerable": "not said",
        },
    ],
}


class WordEngine:
    """Makes engines with models that cost nothing, and counts them."""

    made = 0

    @classmethod
    def open(cls, index: str, *, model: str, reader: str, progress: Progress) -> Engine:  # noqa: ARG003
        cls.made += 1
        return Engine.open(index, encoder=WordEncoder(), reader=SimilarityReader(WordEncoder()))

    @classmethod
    def build(
        cls,
        *paths: Path,
        index: Path,
        model: str,  # noqa: ARG003
        reader: str,
        progress: Progress = silent,
    ) -> Engine:
        cls.made += 1
        encoder = WordEncoder()
        Engine.build(*paths, index=index, encoder=encoder, progress=progress).close()
        return Engine.open(index, encoder=encoder, reader=reader or SimilarityReader(encoder))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the events in `news`; the tests run in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("rag.evaluation.command.Engine", WordEngine)
    WordEngine.made = 0
    (tmp_path / "news").mkdir()
    for name, questions in QUESTIONS.items():
        articles = [
            {"id": one, "text": text, "title": one, "publisher": "W", "published": "2026-01-02"}
            for one, text in TEXTS.items()
            if one.startswith(name)
        ]
        event = {"articles": articles, "questions": questions}
        (tmp_path / "news" / f"{name}.json").write_text(json.dumps(event), encoding="utf-8")
    return tmp_path


def written_answers(path: Path, *, refused: bool = False) -> Path:
    """Answers of another system in the contract's JSON: the gold, or refusals of everything."""
    lines = []
    for question in load_corpus("news").questions:
        spans = () if refused else question.evidence
        claims = [{"text": question.answers[0].text, "citations": [1]}] if spans else []
        row = {
            "id": question.id,
            "answered": bool(claims),
            "confidence": 0.8 if claims else 0.1,
            "claims": claims,
            "citations": [
                {"number": n, "document": s.document, "start": s.start, "end": s.end}
                | {"quote": s.quote}
                for n, s in enumerate(spans, 1)
            ],
        }
        lines.append(json.dumps(row))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["eval", *arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_a_folder_of_events_is_indexed_and_asked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = ran(capsys, "news", "--save", "kept.jsonl", "--json")
    assert (status, err) == (0, "")
    asked = json.loads(out)
    assert [row["id"] for row in asked["rows"]] == ["ev1-q01", "ev1-q02", "ev2-q01", "ev2-q02"]
    assert asked["overall"]["offset_integrity"] == 1
    assert asked["overall"]["evidence_accuracy"] > 0
    assert asked["overall"]["intervals"]["evidence_accuracy"]["low"] <= 1
    # Nothing is left behind, and what was kept scores the same without an engine.
    assert sorted(path.name for path in folder.iterdir()) == ["kept.jsonl", "news"]
    assert WordEngine.made == 1
    status, out, _ = ran(capsys, "news", "--answers", "kept.jsonl", "--json")
    assert (status, json.loads(out)) == (0, asked)
    assert WordEngine.made == 1


def test_a_part_of_a_set(capsys: pytest.CaptureFixture[str]) -> None:
    answers = str(written_answers(Path("answers.jsonl")))
    _, out, _ = ran(capsys, "news", "--limit", "2", "--answers", answers, "--json")
    assert [row["id"] for row in json.loads(out)["rows"]] == ["ev1-q01", "ev2-q01"]
    status, out, err = ran(capsys, "news", "--split", "dev", "--answers", answers)
    assert (status, out) == (1, "")
    assert err == "citable: news: has no questions of split dev, only of test\n"


def test_answers_of_any_system_over_an_index(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = load_corpus("news")
    (folder / "set.jsonl").write_text(
        "".join(json.dumps(question.to_json()) + "\n" for question in corpus.questions)
    )
    (folder / "texts").mkdir()
    for article in corpus.articles:
        (folder / "texts" / article.document).write_text(article.text, encoding="utf-8")
    WordEngine.build(folder / "texts", index=folder / "index", model="", reader="").close()
    answers = str(written_answers(folder / "answers.jsonl"))
    status, out, _ = ran(capsys, "set.jsonl", "--answers", answers, "--json")
    overall = json.loads(out)["overall"]
    assert status == 0
    for name in ("short_answer", "citation_precision", "offset_integrity", "rightly_refused"):
        assert overall[name] == 1, name
    # An index of another version of a document is not what the set is about.
    (folder / "texts" / "ev1-b.txt").write_text("Another text.", encoding="utf-8")
    WordEngine.build(folder / "texts", index=folder / "index", model="", reader="").close()
    status, out, err = ran(capsys, "set.jsonl", "--answers", answers)
    assert (status, out) == (1, "")
    assert "set.jsonl, line 2: question ev1-q02: ev1-b.txt:22-52: the document does not" in err


def test_a_missing_answer_scores_zero(capsys: pytest.CaptureFixture[str]) -> None:
    path = written_answers(Path("answers.jsonl"))
    path.write_text(path.read_text().split("\n")[0], encoding="utf-8")
    _, out, _ = ran(capsys, "news", "--answers", str(path), "--json")
    found = json.loads(out)
    assert found["overall"]["evidence_accuracy"] == pytest.approx(1 / 3)
    assert found["overall"]["rightly_refused"] == 0
    assert found["rows"][3]["problems"] == ["failed: no reply was saved"]


def test_comparison(capsys: pytest.CaptureFixture[str]) -> None:
    this = str(written_answers(Path("this.jsonl")))
    other = str(written_answers(Path("other.jsonl"), refused=True))
    _, out, _ = ran(capsys, "news", "--answers", this, "--compare", other, "--json")
    found = json.loads(out)
    difference = found["comparison"]["evidence_accuracy"]
    assert (difference["this"], difference["other"], difference["difference"]) == (1, 0, 1)
    assert difference["interval"]["low"] == 1
    assert difference["p"] == pytest.approx(1 / 2, abs=0.03)  # two events: both are swapped or none
    assert found["overall"]["evidence_accuracy"] == 1
    _, out, _ = ran(capsys, "news", "--answers", this, "--compare", other)
    assert out.split()[:6] == ["n", "this", "other", "difference", "95%", "p"]
    # What is asked now can be compared too.
    status, out, _ = ran(capsys, "news", "--compare", other, "--json")
    assert status == 0
    assert json.loads(out)["comparison"]["wrongly_refused"]["other"] == 1


def test_gate(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = str(written_answers(folder / "good.jsonl"))
    bad = str(written_answers(folder / "bad.jsonl", refused=True))
    status, out, _ = ran(capsys, "news", "--answers", good, "--accept", "expected.toml")
    assert status == 0
    assert out.endswith("\naccepted the figures of news (test) in expected.toml\n")
    status, out, _ = ran(capsys, "news", "--answers", good, "--gate", "expected.toml")
    assert status == 0
    assert "\ngate news: 0 of " in out
    status, out, err = ran(capsys, "news", "--answers", bad, "--gate", "expected.toml")
    assert (status, err) == (1, "")
    table = out[out.index("\ngate news: ") :].splitlines()
    assert ["test", "evidence_accuracy", "1.000", "0.333", "0.000"] in map(str.split, table)
    status, out, _ = ran(capsys, "news", "--answers", bad, "--gate", "expected.toml", "--json")
    assert (status, json.loads(out)["gate"]["passed"]) == (1, False)


def test_a_misspelt_reader_ends_the_run_and_accepts_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--reader", "absnt", "--accept", "expected.toml", "--save", "kept.jsonl"]
    status, out, err = ran(capsys, "news", *options)
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert "absnt" in err
    assert [path.name for path in folder.iterdir()] == ["news"]


def test_figures_that_cannot_be_accepted_are_printed_all_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written_answers(folder / "answers.jsonl")
    path.write_text(path.read_text().split("\n")[0], encoding="utf-8")
    arguments = ["news", "--answers", str(path), "--accept", "expected.toml"]
    status, out, err = ran(capsys, *arguments)
    assert (status, err) == (1, "")
    assert out.startswith(" ")
    assert out.splitlines()[-1].startswith("not accepted: news: 3 of 4 questions have no answer")
    status, out, _ = ran(capsys, *arguments, "--json")
    said = json.loads(out)["accept"]
    assert (status, said["accepted"]) == (1, False)
    assert "3 of 4 questions have no answer" in said["message"]
    assert json.loads(out)["overall"]["evidence_accuracy"] == pytest.approx(1 / 3)
    assert not (folder / "expected.toml").exists()


def test_a_gate_on_a_split_that_the_set_lost(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = str(written_answers(folder / "good.jsonl"))
    ran(capsys, "news", "--answers", good, "--accept", "expected.toml")
    expected = folder / "expected.toml"
    text = expected.read_text(encoding="utf-8")
    expected.write_text(text + text[text.index("[") :].replace("news.test", "news.dev"))
    status, out, err = ran(capsys, "news", "--answers", good, "--gate", "expected.toml")
    assert (status, out) == (1, "")
    assert "news: has no questions of dev here, and figures are accepted for them" in err
    arguments = ["news", "--answers", good, "--gate", "expected.toml", "--split", "test"]
    assert ran(capsys, *arguments)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["absent"], "absent: cannot be read"),
        (["news", "--answers", "absent.jsonl"], "absent.jsonl: cannot be read"),
        (["news", "--compare", "unknown.jsonl"], "unknown.jsonl, line 1: the set has no question"),
        (["news", "--gate", "absent.toml"], "absent.toml: cannot be read"),
        (["news", "--gate", "empty.toml"], "no figures are accepted for news.test"),
        (["news", "--accept", "unknown.jsonl"], "unknown.jsonl: is not TOML"),
        (["news", "--accept", "absent/x.toml"], "make the folder 'absent' first"),
        (["news", "--save", "absent/kept.jsonl"], "make the folder 'absent' first"),
        (["news", "--save", "unknown.jsonl"], "unknown.jsonl: is there already"),
        (["news", "--split", "train"], "news: has no questions of split train, only of test"),
    ],
)
def test_errors_are_one_line_and_come_before_the_questions(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    (folder / "unknown.jsonl").write_text('{"id": "x", "answer": null}', encoding="utf-8")
    (folder / "empty.toml").touch()
    status, out, err = ran(capsys, *arguments)
    assert (status, out) == (1, "")
    assert err.startswith("citable: ")
    assert err.count("\n") == 1
    assert message in err
    assert WordEngine.made == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["--save", "a", "--answers", "b"],
        ["--gate", "a", "--accept", "b"],
        ["--gate", "a", "--compare", "b"],
        ["--split", "all"],
        ["--limit", "some"],
        ["--limit", "0"],
    ],
)
def test_options_that_do_not_go_together(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(["eval", "news", *arguments])
    assert exit_info.value.code == 2


@pytest.mark.parametrize("limit", ["some", "0", "1.5"])
def test_a_limit_that_is_no_number_is_told(capsys: pytest.CaptureFixture[str], limit: str) -> None:
    with pytest.raises(SystemExit):
        main(["eval", "news", "--limit", limit])
    err = capsys.readouterr().err
    assert f"argument --limit: needs a whole number of at least 1, not '{limit}'" in err


def test_a_corpus_has_its_documents() -> None:
    corpus = load_corpus("news")
    assert (corpus.name, len(corpus.questions), len(corpus.articles)) == ("news", 4, 3)
    assert corpus.document("ev1-b.txt").text == TEXTS["ev1-b"]
    with pytest.raises(UnknownDocumentError, match=r"news: has no document ev9\.txt"):
        corpus.document("ev9.txt")


def test_a_part_is_spread_over_the_set() -> None:
    corpus = load_corpus("news")
    ids = [question.id for question in corpus.part(limit=3)]
    assert ids == ["ev1-q01", "ev1-q02", "ev2-q01"]
    assert len(corpus.part()) == len(corpus.part(limit=9)) == len(corpus.part(split="test")) == 4
    assert corpus.part(split="train") == []


def test_a_report_is_written_beside_what_is_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = written_answers(folder / "gold.jsonl")
    refused = written_answers(folder / "refused.jsonl", refused=True)
    (folder / "eval").mkdir()
    accept = ["eval", "news", "--answers", str(answers), "--accept", "eval/expected.toml"]
    assert main(accept) == 0
    shown = ["eval", "news", "--answers", str(refused), "--report", "r.md"]
    assert main(shown) == 0
    assert main([*shown[:-1], "c.md", "--compare", str(answers)]) == 0
    text, both = (Path(name).read_text(encoding="utf-8") for name in ("r.md", "c.md"))
    assert "| first claim on gold evidence | 3 | 0.00 | 0.00–0.00 | -1.000 worse |" in text
    assert "| saved answers | " in text
    assert "Beside the other system" not in text
    assert "| evidence\\_accuracy | 3 | 0.00 | 1.00 |" in both
    capsys.readouterr()
    assert main([*shown[:-1], "r.pdf"]) == 1
    assert "ends in .html or .md" in capsys.readouterr().err


def test_a_sample_has_accepted_figures_of_its_own(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = written_answers(folder / "gold.jsonl")
    run = ["eval", "news", "--answers", str(answers)]
    assert main([*run, "--limit", "2", "--gate", "missing.toml"]) == 1
    assert main([*run, "--accept", "x.toml"]) == 0
    assert main([*run, "--limit", "2", "--gate", "x.toml"]) == 1
    assert "no figures are accepted for news-2.test" in capsys.readouterr().err
    assert main([*run, "--limit", "2", "--accept", "x.toml"]) == 0
    assert main([*run, "--limit", "2", "--gate", "x.toml"]) == 0
    assert main([*run, "--gate", "x.toml"]) == 0
    refused = written_answers(folder / "refused.jsonl", refused=True)
    assert main([*run[:-1], str(refused), "--limit", "2", "--gate", "x.toml"]) == 1


def test_retrieval_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "news", "--retrieval", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["questions"] == 3
    assert found["recall@10"] == 1  # three documents of one passage each
    assert {row["id"] for row in found["rows"]} == {"ev1-q01", "ev1-q02", "ev2-q01"}
    assert main(["eval", "news", "--retrieval"]) == 0
    assert "MRR" in capsys.readouterr().out
    assert main(["eval", "news", "--retrieval", "--report", "r.md"]) == 1
    assert "--retrieval makes no answers" in capsys.readouterr().err


def test_a_judge_scores_the_answers_to_a_set_as_it_scores_them_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out, err = ran(capsys, "news", "--judge", "words", "--save", "kept.jsonl", "--json")
    assert (status, err) == (0, "")
    asked = json.loads(out)
    assert asked["asked"] == 4
    assert 0 < asked["answered"] <= 4
    status, out, err = ran(capsys, "--answers", "kept.jsonl", "--judge", "words", "--json")
    assert (status, json.loads(out), WordEngine.made) == (0, asked, 1)
    # Nothing is asked where the judge is not there or the file is.
    assert ran(capsys, "news", "--judge", "nobody", "--save", "new.jsonl")[0] == 1
    assert ran(capsys, "news", "--judge", "words", "--save", "kept.jsonl")[0] == 1
    assert WordEngine.made == 1
