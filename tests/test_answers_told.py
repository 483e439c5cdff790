"""Who says it, yes or no, how many sources, and quotes that stand alone: planted evidence."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.answers import MOST_STATEMENTS, AnswerBuilder
from rag.results import Abstention, Answer
from rag.statements import ATTRIBUTED
from rag.types import QuestionType
from tests.planted import Corpus, Verdict, cited, texts

SIGNED = "Which countries signed the pact?"

# --- Who says it

DEBT = {
    "a": "Mayor Ann Lee came to Lima. “The debt is paid,” Lee said on Monday.",
    "b": "The debt was paid, said Bo Kim. He left.",
    "c": "“The debt is paid in full,” Ann Lee told reporters.",
    "d": "The debt is paid.",
}
LEE = ("a", "“The debt is paid,” Lee said on Monday.", "The debt is paid", 0.9)
KIM = ("b", "The debt was paid, said Bo Kim.", "The debt was paid", 0.8)
LEE_AGAIN = ("c", "“The debt is paid in full,” Ann Lee told reporters.", "paid in full", 0.7)
OUTLET = ("d", "The debt is paid.", "The debt is paid", 0.6)


def test_who_said_it_is_the_speaker_with_all_that_shows_it() -> None:
    answer = Corpus(DEBT).answer("Who said the debt was paid?", LEE, KIM, LEE_AGAIN, OUTLET)
    [claim] = answer.claims
    assert (claim.text, claim.speaker) == ("Ann Lee", "Ann Lee")
    assert cited(claim) == ["a", "c"]
    assert answer.text == "Ann Lee [1][2]"


def test_who_said_it_is_the_readers_answer_where_no_words_are_attributed() -> None:
    corpus = Corpus({"a": "The letter bears the name of Ann Lee."})
    answer = corpus.answer(
        "Who said the debt was paid?",
        ("a", "The letter bears the name of Ann Lee.", "Ann Lee", 0.9),
    )
    [claim] = answer.claims
    assert (claim.text, claim.speaker) == ("Ann Lee", "")


def test_what_somebody_says_reads_as_such() -> None:
    answer = Corpus(DEBT).answer("What did Ann Lee say about the debt?", LEE)
    [claim] = answer.claims
    assert claim.speaker == "Ann Lee"
    assert answer.text == "According to Ann Lee: “The debt is paid” [1]"
    assert "- According to Ann Lee: “The debt is paid” [1]" in answer.to_markdown()
    assert answer.to_json()["claims"][0]["speaker"] == "Ann Lee"


def test_all_that_somebody_says_answers_a_question_for_no_matter() -> None:
    corpus = Corpus(
        {
            "a": "Ann Lee of Lima said that the debt is paid. “We owe nobody a thing,” Lee added. "
            "Bo Kim said that the port is closed.",
            "b": "The debt is paid, Ann Lee told the paper last week. She left for Rome.",
        }
    )
    kim = ("a", "Bo Kim said that the port is closed.", "the port is closed", 0.9)
    answer = corpus.answer("What did Ann Lee say?", kim)
    assert answer.text == (
        "According to Ann Lee: “the debt is paid” [1][2]; "
        "According to Ann Lee: “We owe nobody a thing” [1]"
    )
    assert {claim.speaker for claim in answer.claims} == {"Ann Lee"}
    assert answer.confidence == ATTRIBUTED
    # Who is not quoted is left to the reader, and a matter is one.
    assert texts(corpus.answer("What did Ida Holm say?", kim).claims) == ["the port is closed"]
    about = corpus.answer("What did Ann Lee say about the port?", kim)
    assert texts(about.claims) == ["the port is closed"]


def test_of_many_statements_those_of_most_sources_are_shown() -> None:
    things = "debt road port bank mine wall lake farm mill dock quay barn tower".split()
    said = [f"Ann Lee said that the {thing} is not for sale." for thing in things]
    tower = "The tower is not for sale, Ann Lee told a paper."
    answer = Corpus({"a": " ".join(said), "b": tower}).answer("What does Ann Lee say?")
    assert len(things) > MOST_STATEMENTS == len(answer.claims)
    assert answer.claims[0].sources == 2
    assert answer.notes == ("13 statements were found; these are of most sources.",)


def test_what_somebody_says_is_given_whole_and_a_quotation_of_two_sentences_too() -> None:
    first, second = "“The debt is paid in full.", "We owe nobody,” Ann Lee said."
    corpus = Corpus({"a": f"{first} {second}"})
    answer = corpus.answer("What did Ann Lee say about the debt?", ("a", first, "paid", 0.9))
    [claim] = answer.claims
    assert claim.text == "The debt is paid in full. We owe nobody"
    assert claim.citations[0].quote == f"{first} {second}"


def test_a_reason_is_given_to_the_end_of_its_clause() -> None:
    sentence = "Lima left because the debt of its port had doubled since May, Lee said."
    answer = Corpus({"a": sentence}).answer("Why did Lima leave?", ("a", sentence, "the debt", 0.9))
    assert texts(answer.claims) == ["the debt"]
    answer = Corpus({"a": sentence}).answer(
        "Why did Lima leave?", ("a", sentence, "the debt of its port had", 0.9)
    )
    assert texts(answer.claims) == ["the debt of its port had doubled since May"]


def test_an_outlets_own_words_have_no_speaker() -> None:
    answer = Corpus(DEBT).answer("Is the debt paid, and since when?", OUTLET)
    assert answer.claims[0].speaker == ""
    assert answer.text.endswith("The debt is paid [1]")
    assert answer.to_json()["claims"][0]["speaker"] is None


def test_a_speaker_who_is_the_answer_does_not_say_it() -> None:
    sentence = "“The debt is paid,” said Bo Kim, who leads the council."
    answer = Corpus({"a": sentence}).answer(
        "Who leads the council?", ("a", sentence, "Bo Kim", 0.9)
    )
    assert [(claim.text, claim.speaker) for claim in answer.claims] == [("Bo Kim", "")]


@pytest.mark.parametrize(
    ("answer", "speaker"),
    [
        ("Ferry director", ""),
        ("deputy director of the ferries", ""),
        ("the boats are old", "Bo Kim"),
    ],
)
def test_what_a_speaker_is_called_the_outlet_says(answer: str, speaker: str) -> None:
    called = answer.replace("the boats are old", "Ferry director")
    text = f"{called} Bo Kim said the boats are old."
    found = Corpus({"a": text}).answer("Which office does Bo Kim hold?", ("a", text, answer, 0.9))
    assert [(claim.text, claim.speaker) for claim in found.claims] == [(answer, speaker)]


def test_items_of_a_list_have_no_speaker() -> None:
    sentence = "“Norway signed the pact,” said Bo Kim."
    answer = Corpus({"a": sentence}).answer(SIGNED, ("a", sentence, "Norway", 0.9))
    assert (texts(answer.claims), answer.claims[0].speaker) == (["Norway"], "")


# --- Yes or no


SIGNS = "Norway signed the pact."
DECIDES = "Norway will decide about the pact in May."


@pytest.mark.parametrize(
    ("sentence", "verdicts", "verdict"),
    [
        (SIGNS, [(0.8, 0.1, 0.1)], "yes"),
        (SIGNS, [(0.1, 0.8, 0.1)], "no"),
        (DECIDES, [(0.1, 0.1, 0.8)], "unclear"),
        # The sentence's words count where the reader is in doubt, and no further.
        (SIGNS, [(0.4, 0.4, 0.2)], "yes"),
        ("Norway did not sign the pact.", [(0.4, 0.4, 0.2)], "no"),
        (DECIDES, [(0.4, 0.4, 0.2)], "unclear"),
        (DECIDES, [(0.9, 0.05, 0.05)], "yes"),
        # The surer sentence weighs more, and a sentence without a reading nothing.
        (SIGNS, [(0.1, 0.9, 0.0), (0.6, 0.4, 0.0)], "no"),
        (SIGNS, [None, (0.1, 0.8, 0.1)], "no"),
        (SIGNS, [None, None], ""),
    ],
)
def test_a_verdict_is_the_readers_and_the_words(
    sentence: str, verdicts: Sequence[Verdict | None], verdict: str
) -> None:
    corpus = Corpus({str(number): sentence for number in range(len(verdicts))})
    corpus.planted = [
        corpus.evidence((str(number), sentence, "Norway", 0.9 - 0.1 * number), one)
        for number, one in enumerate(verdicts)
    ]
    answer = corpus.build("Did Norway sign the pact?")
    assert isinstance(answer, Answer)
    assert answer.verdict == verdict
    assert answer.to_json()["verdict"] == (verdict or None)
    assert answer.text.startswith(f"{verdict.capitalize()}: " if verdict else "Norway")


def test_only_a_yes_no_question_has_a_verdict() -> None:
    corpus = Corpus({"a": "Norway signed the pact."})
    plan = ("a", "Norway signed the pact.", "Norway", 0.9)
    corpus.planted = [corpus.evidence(plan, (0.9, 0.1, 0.0))]
    answer = corpus.build("Who was first to sign the pact?")
    assert isinstance(answer, Answer)
    assert answer.verdict == ""


# --- Sources


def test_copies_count_once() -> None:
    told = "The mayor said on Monday that the old port of Orsa will close for good in May."
    corpus = Corpus({"a": told, "b": told.replace("on Monday ", "")})
    plans = [(id_, document.text, "May", 0.9) for id_, document in corpus.documents.items()]
    [claim] = corpus.answer("When will the port close?", *plans).claims
    assert (cited(claim), claim.sources) == (["a", "b"], 1)


def test_independent_wordings_count_each() -> None:
    corpus = Corpus({"a": "The old port closes in May.", "b": "In May, ships will leave for good."})
    plans = [(id_, document.text, "May", 0.9) for id_, document in corpus.documents.items()]
    answer = corpus.answer("When will the port close?", *plans)
    assert answer.claims[0].sources == 2
    assert "(2 independent sources)" in answer.to_markdown()


def test_documents_of_one_copy_group_count_once() -> None:
    documents = {"a": "The old port closes in May.", "b": "In May, ships will leave for good."}
    corpus = Corpus(documents, copies=("a", "b"))
    plans = [(id_, text, "May", 0.9) for id_, text in documents.items()]
    answer = corpus.answer("When will the port close?", *plans)
    assert answer.claims[0].sources == 1
    assert "independent sources" not in answer.to_markdown()


# --- Quotes that stand alone


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("He closed the port in May.", "Bo Kim came to Orsa. He closed the port in May."),
        ("Ann Lee closed the port in May.", "Ann Lee closed the port in May."),
    ],
)
def test_a_quote_is_widened_to_the_name_it_needs(sentence: str, quote: str) -> None:
    corpus = Corpus({"a": f"It rained. Bo Kim came to Orsa. {sentence} Nobody knew."})
    answer = corpus.answer("When was the port closed?", ("a", sentence, "May", 0.9))
    [claim] = answer.claims
    [citation] = claim.citations
    assert citation.quote == quote
    text = corpus.documents["a"].text
    assert text[citation.start : citation.end] == quote
    assert citation.span.contains(claim.answers[0])
    assert text[claim.answers[0].start : claim.answers[0].end] == "May"


# --- No answer


def test_an_abstention_says_what_was_asked_for() -> None:
    corpus = Corpus({"a": "Norway signed the pact."})
    corpus.planted = [corpus.evidence(("a", "Norway signed the pact.", "Norway", 0.49))]
    weak = corpus.build(SIGNED)
    assert isinstance(weak, Abstention)
    assert weak.question_type == QuestionType("list", "country", "affirmed")
    assert weak.to_json()["question_type"] == weak.question_type.to_json()
    assert "49%" in weak.reason
    assert [hit.passage.source.id for hit in weak.nearest] == ["a"]
    nothing = Corpus({}).build("When will the port close?")
    assert isinstance(nothing, Abstention)
    assert nothing.question_type == QuestionType("single", "date")
    assert corpus.asked[1:] == []


def test_a_follow_up_shows_both_questions() -> None:
    corpus = Corpus({"a": "Norway signed the pact."})
    corpus.planted = [corpus.evidence(("a", "Norway signed the pact.", "Norway", 0.9))]
    builder = AnswerBuilder(corpus, corpus.documents.__getitem__)
    plain = builder.build(SIGNED, corpus.hits())
    follow_up = builder.build(SIGNED, corpus.hits(), "And the pact?")
    assert (plain.question, plain.rewritten) == (SIGNED, "")
    assert (follow_up.question, follow_up.rewritten) == ("And the pact?", SIGNED)
