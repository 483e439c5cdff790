from __future__ import annotations

import pytest

from rag.discourse.antecedents import antecedent
from rag.discourse.mentions import name_runs
from rag.discourse.people import full_name, gender, holder, is_person
from rag.discourse.quotations import neighbourhood
from rag.splitting import split_sentences
from rag.types import Document, Source, Span


def at(text: str, words: str) -> Span:
    start = text.rindex(words)
    return Span(start, start + len(words))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On Monday the envoy Ann Lee met Bo Kim in Lima.", ["Ann Lee", "Bo Kim", "Lima"]),
        ("Foreign Minister Ann Lee spoke.", ["Ann Lee"]),
        ("It was Peru’s prime minister who came.", ["Peru"]),
        ("They met Soazig Le Bihan and Ludwig van Beethoven.",
         ["Soazig Le Bihan", "Ludwig van Beethoven"]),
        ("The Bank of the Maghreb and the Farmers’ League agreed.",
         ["Bank of the Maghreb", "Farmers’ League"]),
        ("Fishermen left in March. “Tell Bo Kim,” said Ann Lee.", ["Ann Lee"]),
        ("Stocks fell on Friday.", []),
    ],
)  # fmt: skip
def test_names_of_people_countries_and_organisations(text: str, expected: list[str]) -> None:
    everything = Span(0, len(text))
    found = name_runs(neighbourhood(text, everything), everything)
    assert [text[span.start : span.end] for span in found] == expected


def test_names_keep_to_the_range() -> None:
    text = "Ann Lee met Bo Kim."
    within = Span(8, len(text))
    assert name_runs(neighbourhood(text, within), within) == [at(text, "Bo Kim")]


@pytest.mark.parametrize(
    ("text", "mention", "expected"),
    [
        ("President Vladimir Putin came. Then Putin left.", "Putin", "Vladimir Putin"),
        ("Putin left. President Vladimir Putin came.", "Putin", "Vladimir Putin"),
        ("Mayor Soazig Le Bihan came. Then Le Bihan left.", "Le Bihan", "Soazig Le Bihan"),
        ("It was Acme Motors that grew. Then Acme fell.", "Acme", "Acme Motors"),
        # Of two that fit, the last before; a longer word that ends alike is another name.
        ("Here Ann Lee, there Bo Lee. Then Lee left.", "Lee", "Bo Lee"),
        ("Here came Ann McLee. Then Lee left.", "Lee", "Lee"),
        ("The Lima Police came. Then Lima slept.", "Lima", "Lima"),
        ("Here came Wim de Boer. Then Wim left.", "Wim", "Wim de Boer"),
        ("Mayor Ann Lee came. Then Ann left.", "Ann", "Ann Lee"),
        ("Mayor Ann Lee met Ann Ray. Then Ann left.", "Ann", "Ann"),
        ("The Paris Agreement came. Then Paris slept.", "Paris", "Paris"),
    ],
)
def test_full_name(text: str, mention: str, expected: str) -> None:
    assert full_name(text, at(text, mention)) == expected


@pytest.mark.parametrize(
    ("text", "role", "expected"),
    [
        ("Mayor Ann Lee came. There was the mayor.", "the mayor", "Ann Lee"),
        ("Ann Lee, the mayor of Lima, came. There was the mayor.", "the mayor", "Ann Lee"),
        ("Brazil’s president, Bo Kim, came. There was the Brazilian president.",
         "the Brazilian president", "Bo Kim"),
        # Another country's, another rank's, one of two, nobody's.
        ("Brazil’s president, Bo Kim, came. There was the Chilean president.",
         "the Chilean president", ""),
        ("Mayor Ann Lee came. There was the deputy mayor.", "the deputy mayor", ""),
        ("Mayor Ann Lee and mayor Bo Kim met. There was the mayor.", "the mayor", ""),
        ("Ann Lee came. There was the mayor.", "the mayor", ""),
        ("Mayor Ann Lee came. There was the harbour.", "the harbour", ""),
    ],
)  # fmt: skip
def test_holder_of_a_role(text: str, role: str, expected: str) -> None:
    assert holder(text, at(text, role)) == expected


def test_gender_by_title_and_role() -> None:
    text = (
        "The chairwoman, Ann Lee, met Mr Kim. Jo Ray, his lawyer, came. Mr Kim’s aide Al Day came."
    )
    assert gender(text, at(text, "Ann Lee")) == "she"
    assert gender(text, at(text, "Kim")) == "he"
    assert gender(text, at(text, "Jo Ray")) == ""
    assert gender(text, at(text, "Al Day")) == ""


def test_persons() -> None:
    text = "Here Ann Lee of the Fishing Union met Mr Kim in South Korea."
    assert is_person(text, at(text, "Ann Lee"))
    assert is_person(text, at(text, "Kim"))
    assert not is_person(text, at(text, "Fishing Union"))
    assert not is_person(text, at(text, "South Korea"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann Lee came to Lima. She stayed.", "Ann Lee"),
        ("Ann Lee came. It rained. But she stayed.", "Ann Lee"),
        ("Mr Bo Kim met Ms Ann Lee. She stayed.", "Ann Lee"),
        ("Norway signed the deal. It paid.", "Norway"),
        ("The council wrote a new plan. The plan was liked.", "a new plan"),
        ("Acme Motors grew. The company was praised.", "Acme Motors"),
        ("The talks with Mayor Ann Lee began. The mayor was late.", "Ann Lee"),
        # Nobody fits, two may, or nothing is missing.
        ("It rained. She stayed.", None),
        ("Norway wrote to Sweden. He paid.", None),
        ("The storm reached Norway and Sweden. It paid.", None),
        ("Ann Lee came. The plan was liked.", None),
        ("The council wrote a plan. The plan committee met.", None),
        ("Ann Lee came. Bo Kim stayed.", None),
    ],
)
def test_antecedent(text: str, expected: str | None) -> None:
    sentence = split_sentences(Document(Source("a"), text))[-1]
    found = antecedent(text, sentence)
    assert (text[found.start : found.end] if found else None) == expected
