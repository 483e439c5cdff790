"""The questions that we wrote: both formats, their labels, and the files that are committed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.evaluation.newsroom import read_split
from rag.evaluation.public.formats import SQUAD_ASIDE
from rag.training.data import newsroom, written
from rag.training.example import SPAN, YESNO, Example

PARAGRAPH = (
    "The Vell bridge opened in 1911. It was rebuilt in steel in 1954 after a flood. "
    "Trams no longer cross it."
)
QUESTIONS = """@ {key}
- | When was the bridge sold?
+ | 1954 | In what year did it get a steel structure?
n | no longer cross it | Can a tram take you over the river?
u | Is the bridge painted green?
"""
NEWS = """# Three ports, two answers
Lisbon and Porto said yes to the new ferry on Monday.
Its rival would not be drawn.
Faro, the smallest of the three, sent the papers back unsigned.
? list_affirmed | Which ports agreed? | 1:Lisbon ; 1:Porto
? list_declined | Who turned the ferry down? | 3:Faro
? yes | Has Porto accepted? | 1:said yes
? unclear | Is the ferry cheaper?
? none | What will a ticket cost?
"""


TWICE_TOLD = """# Ferry men walk out
Crews tied up at noon on Friday.
"We are worn out," said Ida Roe.
% Ports still
Boats stopped on Friday.
Roe, who leads the crews, blamed long shifts.
? date | When did the boats stop? | 1:Friday ; 3:Friday
? reason | Why did crews stop? | 4:long shifts
"""
ASKED = {"question": "When did it open?", "answers": [{"text": "1911", "answer_start": 26}]}


def corpus(
    folder: Path, lines: str, title: str = "Vell_bridge", untokenized: str = ""
) -> tuple[Path, Path]:
    """The folder of our questions on PARAGRAPH, and the folder of the data sets."""
    for name in ("squadshifts", "squad", "qed", "paragraphs"):
        (folder / name).mkdir()
    article = {"title": title, "paragraphs": [{"context": PARAGRAPH, "qas": [ASKED]}]}
    (folder / "squad/train.json").write_text(json.dumps({"data": [article]}), encoding="utf-8")
    row = {"title_text": "Vell bridge", "paragraph_text": untokenized}
    (folder / "qed/qed-dev.jsonlines").write_text(json.dumps(row) + "\n", encoding="utf-8")
    key = written.paragraph_key(untokenized or PARAGRAPH)
    (folder / "paragraphs/a.txt").write_text(lines.format(key=key), encoding="utf-8")
    return folder / "paragraphs", folder


def supported(example: Example) -> list[str]:
    pairs = zip(example.sentences, example.evidence, strict=True)
    return [example.context[start:end] for (start, end), flag in pairs if flag]


def test_paragraph_questions_are_labelled(tmp_path: Path) -> None:
    none, some, no, unclear = written.build_paragraphs(*corpus(tmp_path, QUESTIONS), seed=1)
    assert not none.answerable
    assert not none.spans
    assert [some.context[start:end] for start, end in some.spans] == ["1954"]
    assert supported(some) == ["It was rebuilt in steel in 1954 after a flood."]
    assert (no.yesno, no.answerable, supported(no)) == ("no", True, ["Trams no longer cross it."])
    assert SPAN not in no.tasks
    assert (unclear.yesno, unclear.answerable, supported(unclear)) == ("unclear", False, [])


def test_questions_on_articles_that_are_kept_aside_are_left_out(tmp_path: Path) -> None:
    files, data = corpus(tmp_path, QUESTIONS, title=SQUAD_ASIDE[0])
    assert list(written.build_paragraphs(files, data, seed=1)) == []


def test_a_paragraph_of_natural_questions_is_read_as_people_write_it(tmp_path: Path) -> None:
    raw = "The `` Old Lady '' ( a well - known bridge ) opened in 1911 -- and closed in 1990 ."
    files, data = corpus(tmp_path, "@ {key}\n+ | 1990 | When was it shut?\n", untokenized=raw)
    (made,) = written.build_paragraphs(files, data, seed=1)
    assert made.context == (
        'The "Old Lady" (a well-known bridge) opened in 1911 – and closed in 1990.'
    )


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("@ {key}\n+ | 1812 | When?\n", "'1812' is not once in the paragraph"),
        ("@ {key}\n+ | In what year?\n", "line 2: is no question"),
        ("@ 0123456789\n- | When?\n", "the key 0123456789"),
    ],
)
def test_a_wrong_line_is_told(tmp_path: Path, lines: str, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        list(written.build_paragraphs(*corpus(tmp_path, lines), seed=1))


def test_sentences_of_a_second_report_are_counted_on(tmp_path: Path) -> None:
    (tmp_path / "n.txt").write_text(TWICE_TOLD, encoding="utf-8")
    (event,) = written.read_news(tmp_path)
    assert [article.title for article in event.articles] == ["Ferry men walk out", "Ports still"]
    texts = {article.id: article.text.text for article in event.articles}
    when, why = event.questions
    assert [(i, [texts[i][slice(*g.span)] for g in gold]) for i, gold in when.gold.items()] == [
        ("n-1-1", ["Friday"]),
        ("n-1-2", ["Friday"]),
    ]
    ((report, (gold,)),) = why.gold.items()
    assert texts[report][slice(*gold.quote)] == "Roe, who leads the crews, blamed long shifts."


def test_news_becomes_events(tmp_path: Path) -> None:
    (tmp_path / "n.txt").write_text(NEWS, encoding="utf-8")
    (event,) = written.read_news(tmp_path)
    agreed, turned, accepted, unclear, none = event.questions
    article = event.articles[0].text.text
    assert event.articles[0].title == "Three ports, two answers"
    shown = [article[gold.span[0] : gold.span[1]] for gold in agreed.gold["n-1-1"]]
    assert (agreed.kind, agreed.polarity, shown) == ("list", "affirmed", ["Lisbon", "Porto"])
    (gold,) = turned.gold["n-1-1"]
    assert article[gold.quote[0] : gold.quote[1]].startswith("Faro, the smallest")
    assert (accepted.kind, accepted.yesno) == ("yesno", "yes")
    assert (unclear.yesno, unclear.gold, none.kind, none.gold) == ("unclear", {}, "none", {})
    made = list(newsroom.build_events([event], 1, 3, written.SOURCE))
    assert {example.source for example in made} == {"written"}
    unsettled = [e for e in made if e.question == "Is the ferry cheaper?"]
    assert {(e.yesno, YESNO in e.tasks) for e in unsettled} == {("unclear", True)}


def test_headings_of_documents_stand_apart(tmp_path: Path) -> None:
    lines = "# Rules\n2. Keys\nKeys stay with Ida Roe.\n? fact | Who keeps them? | 1-2:Ida Roe\n"
    (tmp_path / "d.txt").write_text(lines, encoding="utf-8")
    (event,) = written.read_news(tmp_path, written.LINES)
    told = event.articles[0].text
    assert [told.text[slice(*s)] for s in told.sentences] == ["2. Keys", "Keys stay with Ida Roe."]
    (gold,) = event.questions[0].gold["d-1-1"]
    assert told.text[slice(*gold.span)] == "Ida Roe"


def test_a_wrong_answer_in_the_news_is_told(tmp_path: Path) -> None:
    (tmp_path / "n.txt").write_text(NEWS.replace("3:Faro", "2:Faro"), encoding="utf-8")
    with pytest.raises(ModelError, match=r"Three ports, two answers.*'2:Faro' does not stand once"):
        written.read_news(tmp_path)


NEWS_FILES, DOCUMENTS = written.FOLDER / "news", written.FOLDER / "documents"
STORIES, ENCYCLOPAEDIA = written.FOLDER / "stories", written.FOLDER / "encyclopaedia"


@pytest.mark.parametrize(
    ("folder", "between", "asked"),
    [
        (NEWS_FILES, written.RUN_ON, {"list", "yesno", "who_said", "what_said", "none"}),
        (STORIES, written.RUN_ON, {"list", "yesno", "who_said", "what_said", "none"}),
        (ENCYCLOPAEDIA, written.RUN_ON, {"list", "yesno", "fact", "date", "none"}),
        (DOCUMENTS, written.LINES, {"list", "yesno", "who_said", "what_said", "none"}),
    ],
)
def test_the_committed_texts_are_sound(folder: Path, between: str, asked: set[str]) -> None:
    events = written.read_news(folder, between)
    kinds = Counter(question.kind for event in events for question in event.questions)
    assert asked <= set(kinds)


def test_the_committed_paragraphs_are_sound() -> None:
    paths = sorted((written.FOLDER / "paragraphs").glob("*.txt"))
    read = [pair for path in paths for pair in written.read_paragraphs(path)]
    keys = [key for key, _ in read]
    assert len(keys) == len(set(keys)) > 1000
    marks = Counter(line.mark for _, lines in read for line in lines)
    assert set(marks) == set("-+ynu")
    assert all(line.question.endswith("?") for _, lines in read for line in lines)


@pytest.mark.parametrize(
    ("folder", "asked"),
    [
        (written.FOLDER / "dev", ("list", "yesno", "who_said", "what_said", "none")),
        (DOCUMENTS / "dev", ("list", "yesno", "fact", "reason", "none")),
    ],
)
def test_what_rules_are_tried_on_is_sound_and_is_not_trained_on(
    folder: Path, asked: tuple[str, ...]
) -> None:
    articles, questions = read_split(folder)
    trained = {
        a.title
        for texts in (NEWS_FILES, STORIES, ENCYCLOPAEDIA, DOCUMENTS)
        for event in written.read_news(texts)
        for a in event.articles
    }
    assert not trained & {article.title for article in articles}
    assert {question.split for question in questions} == {"dev"}
    kinds = Counter(question.kind for question in questions)
    assert min(kinds[kind] for kind in asked) > 20
