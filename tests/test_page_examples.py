"""Example questions come from the corpus, whatever it is, and are ones that find an answer."""

from __future__ import annotations

from collections.abc import Sequence

from rag.errors import CitableError
from rag.page import examples_for
from rag.page.examples import answered_examples
from rag.results import Abstention, Answer
from rag.types import Document, Source
from tests.browser_support import QUESTION, FakeEngine, harbour

WHARF = (
    "The wharf burned on Monday in Port Selby. Mara Quill said the ropes were dry. "
    "Mara Quill added that Port Selby would rebuild. Nine boats were lost in the fire. "
    "She spoke of a “wall of smoke” over the bay, near Port Selby."
)


class Agreeable(FakeEngine):
    """Answers everything but the questions that have a refused word."""

    refused: tuple[str, ...] = ()

    def ask(
        self, question: str, *, history: Sequence[Answer | Abstention] = ()
    ) -> Answer | Abstention:
        self.asked.append(question)
        self.histories.append(tuple(result.question for result in history))
        if any(word in question for word in self.refused):
            return Abstention(question, 0.1, "no", ())
        source = self.documents()[0]
        text = self.texts[source.id].text.split(".")[0]
        return Answer(question, (self.claim(text, (source.id, text, text)),), 0.9)


def agreeable(*texts: str) -> Agreeable:
    engine = Agreeable()
    for number, text in enumerate(texts):
        engine.add(Source(f"{number}.txt"), text)
    return engine


def test_questions_of_different_kinds_about_what_the_text_names() -> None:
    assert examples_for(agreeable(WHARF)) == [
        "What did Mara Quill say about Port Selby?",
        "How many boats were lost in the fire?",
        "Who spoke of “wall of smoke”?",
        "What is said about Port Selby?",
    ]


def test_names_of_more_documents_come_first() -> None:
    once = "Then Alma Booth said no. Alma Booth said no. Alma Booth said no."
    engine = agreeable(once, "Then Cyrus Deed said yes.", "Now Cyrus Deed said yes.")
    assert examples_for(engine, limit=2) == ["What did Cyrus Deed say?", "What did Alma Booth say?"]


def test_questions_without_an_answer_are_left_out() -> None:
    engine = agreeable(WHARF)
    engine.refused = ("boats", "smoke")
    candidates = examples_for(engine)
    assert engine.asked == []
    assert answered_examples(engine.ask, candidates, 2, lambda: False) == [
        "What did Mara Quill say about Port Selby?",
        "What is said about Port Selby?",
    ]
    assert engine.asked == candidates


def test_trying_out_ends_when_told() -> None:
    engine = agreeable(WHARF)
    tried = answered_examples(engine.ask, examples_for(engine), 4, lambda: len(engine.asked) == 2)
    assert tried == examples_for(engine)[:2]


def test_a_refused_question_is_no_example() -> None:
    assert answered_examples(harbour().ask, ["", QUESTION], 4, lambda: False) == [QUESTION]


def test_furniture_gives_no_example() -> None:
    engine = Agreeable()
    engine.add(Source("a.txt"), f"Share this.\n{WHARF}", WHARF)
    assert examples_for(engine) == []


def test_corpora_without_material_give_none() -> None:
    assert examples_for(agreeable()) == []
    assert examples_for(agreeable("", "   ", "1 2 3")) == []


def test_a_document_removed_meanwhile_is_passed_over() -> None:
    class Shrinking(Agreeable):
        def document(self, document_id: str) -> Document:
            if document_id == "0.txt":
                raise CitableError("gone")
            return super().document(document_id)

    engine = Shrinking()
    engine.add(Source("0.txt"), "Gone.")
    engine.add(Source("1.txt"), WHARF)
    assert examples_for(engine, limit=1) == ["What did Mara Quill say about Port Selby?"]


def test_harbour_examples_do_not_fail_on_hostile_text() -> None:
    assert isinstance(examples_for(harbour()), list)
