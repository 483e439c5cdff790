"""Items, sides and values: what the answer builder makes one claim, and what it keeps apart."""

from __future__ import annotations

import pytest

from rag.answers import UNDECIDED_QUESTION
from rag.results import Abstention, Answer
from tests.planted import Corpus, Plan, cited, numbers, texts

SIGNED = "Which countries signed the pact?"
PARTIES = "Which parties signed the pact?"


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


def test_evidence_far_below_the_best_is_no_item() -> None:
    corpus = Corpus({"a": "Norway signed. Peru signed."})
    plans = [("a", "Norway signed.", "Norway", 0.9), ("a", "Peru signed.", "Peru", 0.6)]
    assert texts(corpus.answer(SIGNED, *plans).claims) == ["Norway", "Peru"]
    corpus.share = 0.7
    assert texts(corpus.answer(SIGNED, *plans).claims) == ["Norway"]


def test_weaker_evidence_supports_an_item_but_makes_none() -> None:
    sentences = {
        "a": "Norway signed the pact.",
        "b": "Oslo signed, Peru did too.",
        "c": "Norway may sign.",
        "d": "Norway had been asked.",
    }
    corpus = Corpus(sentences)
    answer = corpus.answer(
        SIGNED,
        ("a", sentences["a"], "Norway", 0.9),
        ("b", sentences["b"], "Oslo", 0.4),
        ("b", sentences["b"], "Peru", 0.4),
        ("c", sentences["c"], "Norway", 0.4),
        ("d", sentences["d"], "Norway", 0.2),
    )
    assert texts(answer.claims) == ["Norway"]
    assert [cited(claim) for claim in answer.claims] == [["a", "b"]]


def test_what_a_sentence_lists_beside_an_item_is_an_item() -> None:
    sentence = "Norway, Peru and Ghana signed."
    corpus = Corpus({"a": sentence})
    corpus.share = 0.9
    answer = corpus.answer(SIGNED, ("a", sentence, "Norway", 0.9), ("a", sentence, "Peru", 0.6))
    assert texts(answer.claims) == ["Norway", "Peru", "Ghana"]
    # What is asked for here is no list.
    answer = corpus.answer("Who was first to sign the pact?", ("a", sentence, "Norway", 0.9))
    assert texts(answer.claims) == ["Norway"]


# --- Sides

TAKEN = "Norway signed the pact. Peru refused. Ghana sent a letter."


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (SIGNED, ["Norway", "Ghana"]),
        ("Which countries refused to sign the pact?", ["Peru", "Ghana"]),
        ("Which countries have not decided about the pact?", ["Ghana"]),
        # No side is asked for.
        ("Which countries are named in the report on the pact?", ["Norway", "Peru", "Ghana"]),
    ],
)
def test_who_takes_another_side_is_no_item(question: str, expected: list[str]) -> None:
    answer = Corpus({"a": TAKEN}).answer(
        question,
        ("a", "Norway signed the pact.", "Norway", 0.9),
        ("a", "Peru refused.", "Peru", 0.8),
        ("a", "Ghana sent a letter.", "Ghana", 0.7),
    )
    assert texts(answer.claims) == expected
    assert answer.undecided == ()


def test_who_takes_another_side_decides_not_what_suffices() -> None:
    corpus = Corpus({"a": TAKEN})
    corpus.share = 0.9
    plans = [("a", "Peru refused.", "Peru", 0.9), ("a", "Norway signed the pact.", "Norway", 0.6)]
    assert texts(corpus.answer(SIGNED, *plans).claims) == ["Norway"]
    corpus.planted = [corpus.evidence(plans[0])]
    assert corpus.build(SIGNED).answered is False


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


def test_a_list_of_the_undecided_takes_the_reader_at_its_word() -> None:
    corpus = Corpus({"a": "Peru will decide in May. Ghana wants its own port left out."})
    answer = corpus.answer(
        "Which countries have not decided about the pact?",
        ("a", "Ghana wants its own port left out.", "Ghana", 0.9),
        ("a", "Peru will decide in May.", "Peru", 0.8),
    )
    assert (texts(answer.claims), answer.undecided) == (["Ghana", "Peru"], ())


def test_where_nobody_has_decided_those_are_the_answer() -> None:
    answer = Corpus(SIDES).answer(SIGNED, ("a", "Peru will decide in May.", "Peru", 0.9))
    assert (texts(answer.claims), answer.undecided) == (["Peru"], ())


# --- The second reading

AGAIN = {
    "a": "Norway signed the pact. Peru will decide in May.",
    "b": "Ghana will decide about a port in June.",
    "c": "Kenya signed the pact as well.",
    "d": "The pact was read before they signed. Togo is still considering it.",
}


def test_the_undecided_are_looked_for_in_related_documents_only() -> None:
    corpus = Corpus(AGAIN)
    answer = corpus.answer(
        SIGNED,
        ("a", "Norway signed the pact.", "Norway", 0.9),
        ("c", "Kenya signed the pact as well.", "Kenya", 0.8),
        ("d", "The pact was read before they signed.", "The pact", 0.46),
        ("b", "Ghana will decide about a port in June.", "Ghana", 0.47),
        again=[
            ("a", "Peru will decide in May.", "Peru", 0.7),
            ("b", "Ghana will decide about a port in June.", "Ghana", 0.9),
            ("d", "Togo is still considering it.", "Togo", 0.6),
        ],
    )
    assert texts(answer.claims) == ["Norway", "Kenya"]
    assert texts(answer.undecided) == ["Peru", "Togo"]
    assert numbers(answer) == [1, 2, 3, 4]
    # `b` is too far from the question, and `c` leaves nothing open.
    assert corpus.asked[1:] == [(UNDECIDED_QUESTION.format(parties="countries"), ["a", "d"])]


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
        ("d", "The pact was read before they signed.", "The pact", 0.9),
        again=[("a", "Peru will decide in May.", "Peru", 0.9)],
    )
    assert len(corpus.asked) == 1
    assert answer.undecided == ()


def test_who_takes_the_other_side_is_not_undecided() -> None:
    text = "Norway signed the pact. Peru refused to sign it. Chad may sign. Peru may explain why."
    corpus = Corpus({"a": text})
    answer = corpus.answer(
        SIGNED,
        ("a", "Norway signed the pact.", "Norway", 0.9),
        ("a", "Peru refused to sign it.", "Peru", 0.8),
        again=[
            ("a", "Chad may sign.", "Chad", 0.9),
            ("a", "Peru may explain why.", "Peru", 0.8),
        ],
    )
    assert texts(answer.claims) == ["Norway"]
    assert texts(answer.undecided) == ["Chad"]


# --- Differing values

HOW_MANY = "How many ships sank?"


@pytest.mark.parametrize(
    ("text", "other", "claims"),
    [
        ("The storm sank 26 ships. The harbour has 40 ships.", "The harbour has 40 ships.", 2),
        ("The storm sank 26 ships. The storm sank 40 ships.", "The storm sank 40 ships.", 3),
        ("The storm sank 26 ships, 40 by another count.",) * 2 + (3,),
        ("The storm sank 26 ships, up from 40 in 2021.",) * 2 + (2,),
        ("The storm sank 26 ships, 40 of them in port.",) * 2 + (2,),
        ("The storm sank 26 ships instead of 40.",) * 2 + (2,),
    ],
)
def test_a_document_gives_two_values_only_where_both_are_of_what_was_asked(
    text: str, other: str, claims: int
) -> None:
    corpus = Corpus({"a": text, "b": "The storm sank 30 ships."})
    first = text if other == text else "The storm sank 26 ships."
    answer = corpus.answer(
        HOW_MANY,
        ("a", first, "26", 0.9),
        ("a", other, "40", 0.8),
        ("b", "The storm sank 30 ships.", "30", 0.7),
    )
    assert texts(answer.claims)[:1] + texts(answer.claims)[-1:] == ["26", "30"]
    assert len(answer.claims) == claims


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
        (("The storm sank two dozen boats.", "two dozen"), ("It has 26 crews.", "26"), 0.9),
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


@pytest.mark.parametrize(
    ("question", "place", "other"),
    [
        ("Where did the ferry sink?", "Orsa", "Mora"),
        ("Where did the ferry sink?", "pier 24", "pier 26"),
        ("Did the ferry sink?", "pier 24", "pier 26"),
    ],
)
def test_only_numbers_that_are_asked_for_differ(question: str, place: str, other: str) -> None:
    corpus = Corpus({"a": f"The ferry sank off {place}.", "b": f"The ferry sank off {other}."})
    answer = corpus.answer(
        question,
        ("a", f"The ferry sank off {place}.", place, 0.9),
        ("b", f"The ferry sank off {other}.", other, 0.8),
    )
    assert texts(answer.claims) == [place]
    assert not answer.disagreement


CRITICS = "The bridge cost £40m. Critics put the bill at £75m. It opened in May."


@pytest.mark.parametrize("question", ["How much did the bridge cost?", "price of the bridge"])
def test_another_count_beside_the_best_is_shown_though_the_reader_has_not_found_it(
    question: str,
) -> None:
    corpus = Corpus({"a": CRITICS})
    answer = corpus.answer(question, ("a", "The bridge cost £40m.", "£40m", 0.9))
    assert answer.disagreement
    assert texts(answer.claims) == ["£40m", "£75m"]


@pytest.mark.parametrize(
    "question",
    ["How much did the bridge cost, according to the mayor?", "Which bridge cost £40m?"],
)
def test_one_account_or_another_kind_of_answer_has_no_other_count(question: str) -> None:
    corpus = Corpus({"a": CRITICS})
    answer = corpus.answer(
        question,
        ("a", "The bridge cost £40m.", "The bridge" if "Which" in question else "£40m", 0.9),
    )
    assert len(answer.claims) == 1
    assert not answer.disagreement


# --- Differing dates

WHEN = "When is the vote?"
MARCH = ("The vote is on March 21.", "March 21")


def test_differing_dates_stand_side_by_side_each_with_its_forms() -> None:
    corpus = Corpus(
        {
            "a": "The vote is on March 21.",
            "b": "It votes on Friday, 28 March 2025.",
            "c": "The members will vote on March 28.",
        }
    )
    answer = corpus.answer(
        WHEN,
        ("a", *MARCH, 0.9),
        ("b", "It votes on Friday, 28 March 2025.", "Friday, 28 March 2025", 0.8),
        ("c", "The members will vote on March 28.", "March 28", 0.7),
    )
    assert answer.disagreement
    assert [(claim.text, cited(claim)) for claim in answer.claims] == [
        ("Friday, 28 March 2025", ["b", "c"]),
        ("March 21", ["a"]),
    ]


@pytest.mark.parametrize(
    ("question", "other", "probability"),
    [
        (WHEN, ("The vote is on 21 March 2025.", "21 March 2025"), 0.8),  # the same day
        (WHEN, ("The vote is on Friday.", "Friday"), 0.8),  # relative to the day of the report
        (WHEN, ("The vote is in 2025.", "2025"), 0.8),  # told less exactly
        (WHEN, ("The vote is on April 3.", "April 3"), 0.4),  # too weak to be an answer
        (WHEN, ("The trial begins on April 3.", "April 3"), 0.8),  # of another matter
        ("Where is the vote?", ("The vote is on April 3.", "April 3"), 0.8),  # no date asked for
    ],
)
def test_what_gives_no_other_date_is_no_disagreement(
    question: str, other: tuple[str, str], probability: float
) -> None:
    corpus = Corpus({"a": MARCH[0], "b": other[0]})
    answer = corpus.answer(question, ("a", *MARCH, 0.9), ("b", *other, probability))
    assert not answer.disagreement
    assert texts(answer.claims) == ["March 21"]


def test_the_dates_of_one_document_are_of_several_matters() -> None:
    text = "The vote is on March 21. The count is on April 3."
    corpus = Corpus({"a": text})
    answer = corpus.answer(
        WHEN, ("a", *MARCH, 0.9), ("a", "The count is on April 3.", "April 3", 0.8)
    )
    assert (texts(answer.claims), answer.disagreement) == (["March 21"], False)


# --- Whose account is asked for, and what answers nothing


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("According to The Lima Times, how many ships sank?", False),
        ("According to Ann Holm, how many ships sank?", True),
        ("How many ships sank, according to the harbour master?", True),
        ("How many ships sank?", True),
    ],
)
def test_the_account_of_somebody_whom_nothing_names_is_not_given(
    question: str, answered: bool
) -> None:
    text = "The storm sank 26 ships, Mayor Holm said."
    corpus = Corpus({"a": text})
    corpus.planted = [corpus.evidence(("a", text, "26", 0.9))]
    result = corpus.build(question)
    assert isinstance(result, Answer) is answered
    if isinstance(result, Abstention):
        assert result.reason == "No passage that was found names “The Lima Times”."
        assert [hit.passage.source.id for hit in result.nearest] == ["a"]


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("Are dogs allowed in the museum?", "Only guide dogs."),
        ("What did the visitor ask?", "Are dogs allowed?"),
    ],
)
def test_a_question_in_a_document_answers_only_what_was_asked(question: str, claim: str) -> None:
    corpus = Corpus({"a": "Are dogs allowed? Only guide dogs."})
    answer = corpus.answer(
        question,
        ("a", "Are dogs allowed?", "Are dogs allowed?", 0.9),
        ("a", "Only guide dogs.", "Only guide dogs.", 0.8),
    )
    assert texts(answer.claims) == [claim]


def test_an_item_is_claimed_without_its_mark() -> None:
    corpus = Corpus({"a": "Ingredients:\n\n- 4 eggs,\n- a lemon"})
    answer = corpus.answer("What does it need?", ("a", "- 4 eggs,", "- 4 eggs,", 0.9))
    assert texts(answer.claims) == ["4 eggs"]


def test_a_place_keeps_its_own_name_and_no_quotation_is_made_up() -> None:
    text = "Ida Lee said that the envoys met in Rome."
    corpus = Corpus({"a": text})
    (claim,) = corpus.answer("Where did the envoys meet?", ("a", text, "Rome", 0.9)).claims
    assert (claim.text, claim.speaker) == ("Rome", "Ida Lee")
    (claim,) = corpus.answer("What was the envoys' host?", ("a", text, "Rome", 0.9)).claims
    assert (claim.text, claim.speaker) == ("Rome", "Ida Lee")
    (claim,) = corpus.answer("Which country was the host?", ("a", text, "Rome", 0.9)).claims
    assert (claim.text, claim.speaker) == ("Italy", "")


def test_where_a_party_is_counts_only_where_places_are_asked_for() -> None:
    told = "Crust in Leeds came."
    corpus = Corpus({"a": told})
    plans = (("a", told, "Crust", 0.9), ("a", told, "Leeds", 0.8))
    assert texts(corpus.answer("Which bakeries came?", *plans).claims) == ["Crust"]
    assert texts(corpus.answer("Which towns came?", *plans).claims) == ["Crust", "Leeds"]
    weaker = (("a", told, "Crust", 0.1), ("a", told, "Leeds", 0.8))
    assert texts(corpus.answer("Which bakeries came?", *weaker).claims) == ["Leeds"]


def test_where_an_undecided_party_is_is_undecided_nowhere() -> None:
    agreed, left_open = "Boro agreed to join.", "Crust in Leeds has yet to decide whether to join."
    corpus = Corpus({"a": f"{agreed} {left_open}"})
    again = (("a", left_open, "Crust", 0.9), ("a", left_open, "Leeds", 0.8))
    found = ("a", agreed, "Boro", 0.9)
    answer = corpus.answer("Which bakeries agreed to join?", found, again=again)
    assert texts(answer.undecided) == ["Crust"]
