from __future__ import annotations

import pytest

from rag.language import is_list, is_yes_no
from rag.names import asks_for_country
from rag.question import speaker_wanted, understand
from rag.question_words import side, singular, sort_of
from rag.types import QuestionType

PUBLISHERS = ("Financial Times", "The Guardian", "Reuters", "Harbour Post", "Hill Post")


def test_a_whole_decision() -> None:
    assert understand(
        "Which countries declined to send ships, according to the FT?", PUBLISHERS
    ) == (QuestionType("list", "country", "declined", "", "Financial Times"))


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Which banks signed the charter?", "list"),
        ("Which bank signed the charter?", "single"),
        ("Hotel companies that rejected the freeze?", "list"),
        ("ratifications needed for the pact", "single"),
        ("Who wants nothing to do with the pledge?", "list"),
        ("Who will replace the mayor?", "single"),
        ("Who said no to the code?", "list"),
        ("Who said no song was played?", "list"),
        ("Who joked about the sea?", "single"),
        ("Besides those who walked out, which towns agreed?", "list"),
        ("What are the demands of the strikers?", "list"),
        ("What is the demand of the strikers?", "single"),
        ("Are there any unions that have not decided?", "list"),
        ("Are there any doubts about the deal?", "yes-no"),
        ("Did anybody refuse, and who?", "list"),
        ("Did anybody refuse?", "yes-no"),
        ("By his own account, did he refuse?", "yes-no"),
        ("When asked, what did he say?", "single"),
        ("Is the club for or against the plan?", "yes-no"),
        ("Is the bus red or blue?", "single"),
        ("Which firm supplies Italy with gas?", "single"),
        ("Which company replaced banks as lender?", "single"),
        ("Which country's delegates left early?", "list"),
        ("Which country's delegate left early?", "single"),
    ],
)
def test_form(question: str, form: str) -> None:
    assert understand(question).form == form


def test_saying_inside_a_question_is_no_politeness() -> None:
    assert is_list("Which governments say they would help?")
    assert is_yes_no("Could you say whether — is it open?") is False


@pytest.mark.parametrize(
    ("question", "expects"),
    [
        ("Which nations joined?", "country"),
        ("Which capitals reacted first?", "country"),
        ("Which government minister resigned?", "person"),
        ("Who led the talks?", "person"),
        ("Which minister led the talks?", "person"),
        ("Who warned of delays?", "person"),
        ("Which agency warned of delays?", "organisation"),
        ("Which unions refused?", "organisation"),
        ("Which wild animals got out?", "thing"),
        ("What did Ida Holm say about the bridge?", "quote"),
        ("How did the coach react?", "quote"),
        ("What was the mayor’s answer to the critics?", "quote"),
        ("What did the spokeswoman say about when it opens?", "quote"),
        ("What did the storm destroy?", "thing"),
        ("How many people came?", "number"),
        ("How old is the bridge?", "number"),
        ("What share of voters agreed?", "number"),
        ("How does the bridge open?", "thing"),
        ("When does it open?", "date"),
        ("By what date must they answer?", "date"),
        ("How long ago was it built?", "date"),
        ("passengers through the port last year", "thing"),
        ("Name the last year of growth.", "date"),
        ("Name the company's next chairman.", "person"),
        ("In the last three of which years did it grow?", "date"),
        ("How long did it take?", "number"),
        ("Where do they meet?", "place"),
        ("In which town do they meet?", "place"),
        ("Why did they leave?", "reason"),
        ("For what reason did they leave?", "reason"),
        ("What caused the fire?", "reason"),
        ("What was burnt in the fire?", "thing"),
        ("Did they leave?", "statement"),
        # The noun behind `which` counts, none further on.
        ("Which company raised the price?", "organisation"),
        ("Which councillors support the toll?", "person"),
        ("Which of the two largest banks gave the sum?", "organisation"),
        ("What was the operating profit?", "number"),
        ("Which books did Lee write?", "thing"),
        ("What retort did Lee make to them?", "quote"),
        ("What did Lee make of the plan?", "quote"),
    ],
)
def test_kind_of_answer(question: str, expects: str) -> None:
    assert understand(question).expects == expects


@pytest.mark.parametrize(
    ("question", "polarity"),
    [
        ("Which countries declined?", "declined"),
        ("Which country declined?", "declined"),
        ("Who did not sign?", "declined"),
        ("Which clubs won't take part?", "declined"),
        ("Which parties voted against the law?", "declined"),
        ("Which firms turned the owner's offer down?", "declined"),
        ("museums not joining the pool", "declined"),
        ("Which countries did not reject the plan?", "affirmed"),
        ("Which countries agreed not to build?", "affirmed"),
        ("Which states joined the sanctions against the traders?", "affirmed"),
        ("Which towns will take part?", "affirmed"),
        ("Besides those who refused, which towns agreed?", "affirmed"),
        ("Which towns have yet to decide?", "undecided"),
        ("Who hasn't made up their mind?", "undecided"),
        ("Who has not ruled out joining?", "undecided"),
        ("Whose support hinges on a condition?", "undecided"),
        ("Which airlines might still join?", "undecided"),
        ("Which countries have not come down on one side?", "undecided"),
        ("Which ports never came to a decision?", "undecided"),
        ("Which clubs postponed their decision?", "undecided"),
        ("Which customers postponed their orders?", "affirmed"),
        ("Who may use the garden?", "affirmed"),
        ("Which countries may join?", "undecided"),
        ("Which animals got out of the park?", ""),
        ("Who are the members?", ""),
        ("When did the council refuse?", ""),
        ("Did the council refuse?", ""),
    ],
)
def test_polarity(question: str, polarity: str) -> None:
    assert understand(question).polarity == polarity


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Who said the bridge was safe?", True),
        ("Which official warned of floods?", True),
        ("Whose words are “no more”?", True),
        ("Who described the deal as a gift?", True),
        ("Who is quoted on the cost?", True),
        ("Who made the remark about the soup?", True),
        ("Could you tell me who joked about the roof?", True),
        ("Who hinted that the roof might leak?", True),
        ("Who put the delay down to the weather?", True),
        ("Who played the loss down?", True),
        ("Who disputes that the roof leaks?", True),
        ("According to whom will bread get cheaper?", True),
        ("Who disputes the bill?", False),
        ("Who put the roof on?", False),
        ("Who played the flute?", False),
        ("To whom does the roof belong?", False),
        ("Who said no to the deal?", False),
        ("Which towns said they would leave?", False),
        ("Which town said it would leave?", False),
        ("What did the man who joked about it do?", False),
        ("Who built the bridge?", False),
        ("Whose bridge is it?", False),
        ("When was the disputed remark made?", False),
    ],
)
def test_speaker_wanted(question: str, wanted: bool) -> None:
    assert speaker_wanted(question) is wanted


@pytest.mark.parametrize(
    ("question", "speaker", "publisher"),
    [
        ("What did Ida Holm say about the bridge?", "Ida Holm", ""),
        ("How did the French minister respond?", "the French minister", ""),
        ("What was Holm's reply to the critics?", "Holm", ""),
        ("How many came, according to Lee?", "Lee", ""),
        ("According to Lee did they sign?", "Lee", ""),
        ("How many came, according to reports?", "", ""),
        ("How many came, by the various accounts, according to both sides?", "", ""),
        ("Which books did Lee write?", "", ""),
        ("Which word did Lee use?", "Lee", ""),
        ("What did Lee have to say about it?", "Lee", ""),
        ("On what date did Lee's board reply?", "", ""),
        ("What does the manual say about bleach?", "", ""),
        ("Who said it was late?", "", ""),
        ("What did it say?", "", ""),
        ("Who signed, according to the ft?", "", "Financial Times"),
        ("According to the financial times, who signed?", "", "Financial Times"),
        ("In the Guardian, who is quoted?", "", "The Guardian"),
        ("Who signed, as Reuters reported?", "", "Reuters"),
        ("What does Reuters say about the ship?", "", "Reuters"),
        ("Did the Guardian sack its editor?", "", ""),
        ("Who works in the Guardian building?", "", ""),
        ("Who signed, according to the HP?", "the HP", ""),
        ("Who signed, according to the Hill Post?", "", "Hill Post"),
    ],
)
def test_who_is_named(question: str, speaker: str, publisher: str) -> None:
    decided = understand(question, PUBLISHERS)
    assert (decided.speaker, decided.publisher) == (speaker, publisher)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which of the European nations agreed?", True),
        ("Which capitals tightened controls?", True),
        ("Which EU states agreed?", True),
        ("Which states agreed?", True),
        ("Who are the countries that agreed?", True),
        ("Which US states agreed?", False),
        ("Which German states agreed?", False),
        ("What did the government decide?", False),
        ("Which minister leads the country?", False),
        ("Which government agency decided?", False),
        ("How many countries agreed?", False),
        ("What is the capital of Peru?", False),
    ],
)
def test_countries_asked_for(question: str, expected: bool) -> None:
    assert asks_for_country(question) is expected


def test_words() -> None:
    assert [sort_of(word) for word in ("banks", "Ministers", "cities", "soup")] == [
        "organisation",
        "person",
        "place",
        "",
    ]
    assert [singular(word) for word in ("parties", "churches", "men", "buses", "press")] == [
        "party",
        "church",
        "man",
        "buse",
        "press",
    ]
    assert side("The weather is fine.") == ""
