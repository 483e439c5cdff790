"""The answer builder on planted evidence: what becomes one claim, and what stands apart."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.answers import UNDECIDED_QUESTION, AnswerBuilder
from rag.results import Abstention, Answer, Claim
from rag.types import Document, Evidence, Hit, Passage, QuestionType, Source, Span

Plan = tuple[str, str, str, float]  # a document's id, the sentence, the answer in it, how probable
Verdict = tuple[float, float, float]

SIGNED = "Which countries signed the pact?"
PARTIES = "Which parties signed the pact?"
THRESHOLD = 0.5


class Corpus:
    """Documents of one passage each, and a reader that finds what is planted in those it is given.

    `again` is what it finds when it is asked for the undecided.
    """

    def __init__(self, documents: dict[str, str], copies: Sequence[str] = ()) -> None:
        self.documents = {id_: Document(Source(id_), text) for id_, text in documents.items()}
        self.copies = copies
        self.planted: list[Evidence] = []
        self.again: list[Evidence] = []
        self.asked: list[tuple[str, list[str]]] = []

    def hits(self) -> list[Hit]:
        found = []
        for document in self.documents.values():
            end = len(document.text)
            passage = Passage(document.source, 0, end, document.text, (Span(0, end),))
            found.append(Hit(passage, 1.0, 1.0, 1.0))
        return found

    def evidence(self, plan: Plan, verdict: Verdict | None = None) -> Evidence:
        id_, sentence, answer, probability = plan
        passage = next(h.passage for h in self.hits() if h.passage.source.id == id_)
        start = passage.text.index(sentence)
        at = start + sentence.index(answer)
        quote = Span(start, start + len(sentence))
        return Evidence(passage, quote, Span(at, at + len(answer)), probability, verdict)

    def threshold(self, _: str) -> float:
        return THRESHOLD

    def notes(self, _: str) -> tuple[str, ...]:
        return ()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
        ids = [hit.passage.source.id for hit in hits]
        self.asked.append((question, ids))
        found = self.again if question.endswith("set a condition?") else self.planted
        inside = [one for one in found if one.passage.source.id in ids]
        return sorted(inside, key=lambda one: -one.probability)

    def answer(self, question: str, *plans: Plan, again: Sequence[Plan] = ()) -> Answer:
        self.planted = [self.evidence(plan) for plan in plans]
        self.again = [self.evidence(plan) for plan in again]
        result = self.build(question)
        assert isinstance(result, Answer)
        return result

    def build(self, question: str) -> Answer | Abstention:
        def copy_group(id_: str) -> str:
            return "one group" if id_ in self.copies else id_

        builder = AnswerBuilder(self, self.documents.__getitem__, copy_group)
        return builder.build(question, self.hits())


def texts(claims: Sequence[Claim]) -> list[str]:
    return [claim.text for claim in claims]


def cited(claim: Claim) -> list[str]:
    return [citation.source.id for citation in claim.citations]


def numbers(answer: Answer) -> list[int]:
    every = (*answer.claims, *answer.undecided)
    return [answer.number(citation) for claim in every for citation in claim.citations]


# --- Lists


def test_an_item_of_a_list_has_the_citations_of_all_its_names() -> None:
    corpus = Corpus(
        {
            "a": "Britain signed the pact.",
            "b": "The UK has signed, as have the Dutch.",
            "c": "London’s foreign minister signed the pact on Monday.",
        }
    )
    answer = corpus.answer(
        SIGNED,
        ("a", "Britain signed the pact.", "Britain", 0.9),
        ("b", "The UK has signed, as have the Dutch.", "The UK", 0.8),
        ("b", "The UK has signed, as have the Dutch.", "the Dutch", 0.7),
        ("c", "London’s foreign minister signed the pact on Monday.",
         "London’s foreign minister", 0.6),
    )  # fmt: skip
    assert texts(answer.claims) == ["United Kingdom", "Netherlands"]
    assert [cited(claim) for claim in answer.claims] == [["a", "b", "c"], ["b"]]
    assert answer.text == "United Kingdom [1][2][3]; Netherlands [2]"
    assert answer.undecided == ()


def test_who_is_only_from_a_country_stays_apart_where_parties_are_asked_for() -> None:
    text = "Britain signed the pact. The British Bakers signed it."
    corpus = Corpus({"a": text})
    answer = corpus.answer(
        PARTIES,
        ("a", "Britain signed the pact.", "Britain", 0.9),
        ("a", "The British Bakers signed it.", "The British Bakers", 0.8),
    )
    assert texts(answer.claims) == ["United Kingdom", "The British Bakers"]


def test_evidence_below_the_threshold_is_no_item() -> None:
    corpus = Corpus({"a": "Norway signed. Peru may sign."})
    answer = corpus.answer(
        SIGNED, ("a", "Norway signed.", "Norway", 0.5), ("a", "Peru may sign.", "Peru", 0.49)
    )
    assert texts((*answer.claims, *answer.undecided)) == ["Norway"]


# --- Undecided

SIDES = {
    "a": "Norway signed the pact. Peru will decide in May.",
    "b": "Peru has not ruled it out. Ghana signed the pact.",
}


def test_an_item_that_is_left_open_stands_apart() -> None:
    answer = Corpus(SIDES).answer(
        SIGNED,
        ("a", "Peru will decide in May.", "Peru", 0.9),
        ("a", "Norway signed the pact.", "Norway", 0.8),
        ("b", "Peru has not ruled it out.", "Peru", 0.7),
        ("b", "Ghana signed the pact.", "Ghana", 0.6),
    )
    assert texts(answer.claims) == ["Norway", "Ghana"]
    assert texts(answer.undecided) == ["Peru"]
    assert cited(answer.undecided[0]) == ["a", "b"]
    assert numbers(answer) == [1, 2, 3, 4]
    assert answer.text == "Norway [1]; Ghana [2]; undecided: Peru [3][4]"
    row = answer.to_json()
    assert [claim["citations"] for claim in row["claims"]] == [[1], [2]]
    assert [claim["citations"] for claim in row["undecided"]] == [[3, 4]]
    assert [citation["number"] for citation in row["citations"]] == [1, 2, 3, 4]


def test_firm_evidence_beside_an_open_one_decides() -> None:
    corpus = Corpus({"a": "Peru will decide in May.", "b": "Peru signed the pact."})
    answer = corpus.answer(
        SIGNED,
        ("a", "Peru will decide in May.", "Peru", 0.9),
        ("b", "Peru signed the pact.", "Peru", 0.8),
    )
    assert [(claim.text, cited(claim)) for claim in answer.claims] == [("Peru", ["b"])]
    assert answer.undecided == ()


def test_two_sides_of_one_sentence_are_told_apart() -> None:
    sentence = "Norway signed the pact, while Peru will decide in May."
    answer = Corpus({"a": sentence}).answer(
        SIGNED, ("a", sentence, "Norway", 0.9), ("a", sentence, "Peru", 0.8)
    )
    assert (texts(answer.claims), texts(answer.undecided)) == (["Norway"], ["Peru"])
    assert numbers(answer) == [1, 1]


def test_a_list_of_the_undecided_keeps_them_as_claims() -> None:
    answer = Corpus(SIDES).answer(
        "Which countries have not decided about the pact?",
        ("a", "Peru will decide in May.", "Peru", 0.9),
        ("b", "Peru has not ruled it out.", "Peru", 0.7),
    )
    assert answer.question_type.polarity == "undecided"
    assert texts(answer.claims) == ["Peru"]
    assert answer.undecided == ()


def test_where_nobody_has_decided_those_are_the_answer() -> None:
    answer = Corpus(SIDES).answer(SIGNED, ("a", "Peru will decide in May.", "Peru", 0.9))
    assert (texts(answer.claims), answer.undecided) == (["Peru"], ())


# --- The second reading

AGAIN = {
    "a": "Norway signed the pact. Peru will decide in May.",
    "b": "Ghana will decide about a port in June.",
    "c": "Kenya signed the pact as well.",
}


def test_the_undecided_are_looked_for_in_the_cited_documents_only() -> None:
    corpus = Corpus(AGAIN)
    answer = corpus.answer(
        SIGNED,
        ("a", "Norway signed the pact.", "Norway", 0.9),
        ("c", "Kenya signed the pact as well.", "Kenya", 0.8),
        again=[
            ("a", "Peru will decide in May.", "Peru", 0.7),
            ("b", "Ghana will decide about a port in June.", "Ghana", 0.9),
        ],
    )
    assert texts(answer.claims) == ["Norway", "Kenya"]
    assert texts(answer.undecided) == ["Peru"]
    assert numbers(answer) == [1, 2, 3]
    # `c` is cited but leaves nothing open, `b` is not cited.
    assert corpus.asked[1:] == [(UNDECIDED_QUESTION.format(parties="countries"), ["a"])]


@pytest.mark.parametrize(
    "again",
    [
        ("a", "Norway signed the pact.", "Norway", 0.9),  # is an answer
        ("a", "Kenya signed at once.", "Kenya", 0.9),  # leaves nothing open
        ("a", "Peru will decide in May.", "Peru", 0.4),  # too weak
    ],
)
def test_what_is_no_undecided_party_is_not_added(again: Plan) -> None:
    corpus = Corpus({"a": "Norway signed the pact. Kenya signed at once. Peru will decide in May."})
    answer = corpus.answer(SIGNED, ("a", "Norway signed the pact.", "Norway", 0.9), again=[again])
    assert (texts(answer.claims), answer.undecided) == (["Norway"], ())
    assert len(corpus.asked) == 2


def test_a_party_known_to_be_undecided_is_added_once() -> None:
    corpus = Corpus(SIDES)
    answer = corpus.answer(
        SIGNED,
        ("a", "Norway signed the pact.", "Norway", 0.9),
        ("a", "Peru will decide in May.", "Peru", 0.8),
        again=[("a", "Peru will decide in May.", "Peru", 0.9)],
    )
    assert texts(answer.undecided) == ["Peru"]


@pytest.mark.parametrize(
    "question",
    [
        "Which countries have not decided about the pact?",
        "Who was first to sign the pact?",
        "Did Norway sign the pact?",
    ],
)
def test_other_questions_are_read_once(question: str) -> None:
    corpus = Corpus(AGAIN)
    answer = corpus.answer(
        question,
        ("a", "Norway signed the pact.", "Norway", 0.9),
        again=[("a", "Peru will decide in May.", "Peru", 0.9)],
    )
    assert len(corpus.asked) == 1
    assert answer.undecided == ()


# --- Differing values

HOW_MANY = "How many ships sank?"


def test_differing_values_stand_side_by_side_the_most_supported_first() -> None:
    corpus = Corpus(
        {
            "a": "The storm sank two dozen ships.",
            "b": "In the storm 26 ships were lost.",
            "c": "Twenty-six ships went down that night.",
        }
    )
    answer = corpus.answer(
        HOW_MANY,
        ("a", "The storm sank two dozen ships.", "two dozen", 0.9),
        ("b", "In the storm 26 ships were lost.", "26", 0.8),
        ("c", "Twenty-six ships went down that night.", "Twenty-six", 0.3),
    )
    assert answer.disagreement
    assert [(claim.text, cited(claim)) for claim in answer.claims] == [
        ("26", ["b", "c"]),
        ("two dozen", ["a"]),
    ]
    assert answer.text == "26 [1][2]; two dozen [3]"
    assert answer.to_json()["disagreement"] is True
    assert "The sources differ." in answer.to_markdown()


SANK = ("The storm sank two dozen ships.", "two dozen")
LASTED = ("The storm lasted 24 hours, we hear.", "24 hours")


@pytest.mark.parametrize(
    ("one", "other", "probability"),
    [
        (SANK, ("The fleet has 700 ships.", "700"), 0.9),  # far larger: another thing
        (SANK, ("The fleet has 4 ships.", "4"), 0.9),  # far smaller
        (LASTED, ("The repairs took 26 days.", "26 days"), 0.9),  # another unit
        (SANK, ("The storm sank twenty-four ships.", "twenty-four"), 0.9),  # the same value
        (SANK, ("The storm sank hundreds of ships.", "hundreds"), 0.9),  # no value
        (SANK, ("The storm sank 26 ships.", "26"), 0.1),  # too weak beside the best
    ],
)
def test_what_does_not_differ_is_no_disagreement(
    one: tuple[str, str], other: tuple[str, str], probability: float
) -> None:
    corpus = Corpus({"a": one[0], "b": other[0]})
    answer = corpus.answer(HOW_MANY, ("a", *one, 0.95), ("b", *other, probability))
    assert len(answer.claims) == 1
    assert not answer.disagreement
    assert "The sources differ." not in answer.to_markdown()


def test_only_numbers_differ() -> None:
    one, other = "The ferry sank off Orsa.", "The ferry sank off Mora."
    corpus = Corpus({"a": one, "b": other})
    answer = corpus.answer(
        "Where did the ferry sink?", ("a", one, "Orsa", 0.9), ("b", other, "Mora", 0.8)
    )
    assert texts(answer.claims) == ["Orsa"]
    assert not answer.disagreement


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


def test_an_outlets_own_words_have_no_speaker() -> None:
    answer = Corpus(DEBT).answer("Is the debt paid, and since when?", OUTLET)
    assert answer.claims[0].speaker == ""
    assert answer.text.endswith("The debt is paid [1]")
    assert answer.to_json()["claims"][0]["speaker"] is None


def test_items_of_a_list_have_no_speaker() -> None:
    sentence = "“Norway signed the pact,” said Bo Kim."
    answer = Corpus({"a": sentence}).answer(SIGNED, ("a", sentence, "Norway", 0.9))
    assert (texts(answer.claims), answer.claims[0].speaker) == (["Norway"], "")


# --- Yes or no


@pytest.mark.parametrize(
    ("verdicts", "verdict"),
    [
        ([(0.8, 0.1, 0.1)], "yes"),
        ([(0.1, 0.8, 0.1)], "no"),
        ([(0.1, 0.1, 0.8)], "unclear"),
        # The surer sentence weighs more, and a sentence without a reading nothing.
        ([(0.6, 0.4, 0.0), (0.45, 0.55, 0.0)], "yes"),
        ([None, (0.1, 0.8, 0.1)], "no"),
        ([None, None], ""),
    ],
)
def test_a_verdict_is_the_readers(verdicts: Sequence[Verdict | None], verdict: str) -> None:
    corpus = Corpus({str(number): "Norway signed the pact." for number in range(len(verdicts))})
    corpus.planted = [
        corpus.evidence((str(number), "Norway signed the pact.", "Norway", 0.9 - 0.1 * number), one)
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
