"""What a clause leaves open, and which part of a sentence is about a party."""

from __future__ import annotations

import pytest

from rag.stance import clause, is_open, leaves_open
from rag.types import Span


def at(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


@pytest.mark.parametrize(
    "text",
    [
        # Undecided in so many words.
        "The orchestra is undecided about the tour.",
        "The orchestra did not commit to the tour.",
        "The orchestra would not commit.",
        "The orchestra declined to comment but may come.",
        "The orchestra will not say more but might come.",
        "The orchestra ruled out a tour but is considering a concert.",
        "The orchestra will not tour but has not decided about the concert.",
        "The orchestra stayed away, but it may come later.",
        "The orchestra remains on the fence.",
        "The orchestra has not yet decided.",
        "The orchestra hasn’t answered the invitation.",
        "The orchestra has yet to choose a side.",
        "The orchestra would not say whether it will tour.",
        "The orchestra’s answer is still to come: it has put off its vote.",
        "The orchestra is keeping its options open.",
        "The orchestra gave no answer.",
        "The orchestra stopped short of taking a position.",
        # Not ruled out, not refused.
        "The orchestra has not ruled out the tour.",
        "The orchestra did not rule it out.",
        "The orchestra didn't refuse.",
        # Will decide.
        "The orchestra will decide in May.",
        "The orchestra will first ballot its players.",
        "The orchestra said that it was to vote on the tour.",
        # Whether it does is open.
        "Whether the orchestra will tour is still being examined.",
        "Whether the orchestra tours will be decided in May.",
        "The answer of the orchestra is not yet known.",
        "A tour of the orchestra is under discussion.",
        # Considering.
        "The orchestra is considering the tour.",
        "The orchestra is still weighing the offer.",
        "The orchestra is waiting for the hall.",
        # On a condition.
        "The orchestra will tour only if the hall is heated.",
        "The orchestra will tour if the hall is heated.",
        "The orchestra will tour, provided the hall is heated.",
        "The orchestra agreed, provided that it is paid.",
        "The orchestra will stay away unless it is paid.",
        "For the orchestra it depends on the fee.",
        "The orchestra made its yes conditional on the fee.",
        "The orchestra wants a doctor on board first.",
        # Time asked for.
        "The orchestra asked for more time.",
        "The orchestra needs time.",
        "The orchestra has asked for three more weeks.",
        # Might.
        "The orchestra might join the tour.",
        "The orchestra could still sign.",
        # No side taken.
        "The orchestra abstained.",
        "The orchestra neither accepted nor refused.",
        "Neither the orchestra nor the choir has decided.",
        "Mr Lee is ready, stating that the orchestra has yet to decide.",
    ],
)
def test_an_open_answer_is_known(text: str) -> None:
    assert is_open(text, at(text, "orchestra"))
    assert leaves_open(text)


@pytest.mark.parametrize(
    "text",
    [
        "The orchestra, which is known for its tours, will come.",
        # What is refused is refused, whatever else may be done.
        "The orchestra will not tour but may send a choir.",
        "The orchestra ruled out a tour but might back one.",
        "The orchestra would not commit its players to a tour.",
        "Whether or not it rains, the orchestra tours.",
        "Whether you pay by card or cash, the orchestra is open on Sundays.",
        "No matter whether it rains, the orchestra is not yet known to stop.",
        "Whether the orchestra would tour was settled on Monday.",
        "Asked whether it toured, the orchestra said that the matter was settled.",
        "The orchestra, under investigation for fraud, refused.",
        "The bill of the orchestra is to be settled within 30 days.",
        # Decided, in words near those of each cue.
        "The orchestra has decided to tour.",
        "The orchestra has chosen its side.",
        "The orchestra said why it will tour.",
        "The orchestra has put its best players forward.",
        "The orchestra keeps its two halls in the city open.",
        "The orchestra gave its answer in May.",
        "The orchestra stopped short of the border.",
        "The orchestra joined without hesitation.",
        "The orchestra joined without waiting for the choir.",
        "The orchestra, which had hesitated, joined.",
        # Ruled out, refused.
        "The orchestra has ruled out the tour.",
        "The orchestra refused.",
        # Decided what will be done.
        "The orchestra will tour in May.",
        "The orchestra is to tour in May.",
        # Considered before.
        "The orchestra considers the tour a success.",
        "The orchestra weighed its instruments and left.",
        # Whatever happens.
        "The orchestra will tour even if the hall is cold.",
        "The orchestra tours as if nothing had happened.",
        "The orchestra signed without conditions.",
        "The orchestra provided a hall and joined.",
        "The orchestra is independent and joined.",
        "The orchestra was the first to join.",
        # Time.
        "The orchestra, which had asked for more time, signed.",
        "The orchestra needs players for the tour.",
        "The orchestra spent more time on the tour than the choir.",
        # Will.
        "The orchestra will join the tour.",
        "The orchestra could not accept the fee.",
        # Sides taken.
        "The orchestra did not abstain: it voted for the tour.",
        "The orchestra voted against the tour.",
        "Neither the orchestra nor the choir came.",
        "Neither Ida Holm nor the orchestra came.",
        # What is open is another thing; what is told of the party begins behind the telling.
        "The number of players is uncertain, with Mr Lee stating that the orchestra will not come.",
        "If it rains, the mayor loses money, the choir saying that the orchestra has refused.",
    ],
)
def test_a_decided_answer_is_not_open(text: str) -> None:
    assert not is_open(text, at(text, "orchestra"))


@pytest.mark.parametrize(
    ("text", "party", "part"),
    [
        # Another party's clause is left out, on either side.
        ("Orsa paid; Mora is waiting.", "Orsa", "Orsa paid"),
        ("Orsa paid; Mora is waiting.", "Mora", " Mora is waiting."),
        ("Orsa paid, while Mora is waiting.", "Orsa", "Orsa paid, "),
        ("Orsa paid, while Mora is waiting.", "Mora", " Mora is waiting."),
        ("While Orsa paid, Mora is waiting.", "Orsa", "While Orsa paid"),
        ("While Orsa paid, Mora is waiting.", "Mora", "Mora is waiting."),
        ("Orsa paid but Mora is waiting.", "Orsa", "Orsa paid "),
        ("Orsa paid but Mora is waiting.", "Mora", "Mora is waiting."),
        ("Orsa paid, and Mora is waiting.", "Orsa", "Orsa paid"),
        ("Orsa paid and Mora is waiting.", "Orsa", "Orsa paid"),
        ("Orsa paid and Mora is waiting.", "Mora", "Mora is waiting."),
        ("Orsa paid. Mora is waiting.", "Mora", "Mora is waiting."),
        ("Orsa paid. Mora is waiting.", "Orsa", "Orsa paid"),
        # Two parties share one clause, and so does a list of them.
        ("Orsa and Mora are waiting.", "Orsa", "Orsa and Mora are waiting."),
        ("Orsa and Mora are waiting.", "Mora", "Orsa and Mora are waiting."),
        ("Some banks in Orsa, Mora and Leksand are waiting.", "Orsa", None),
        ("Some banks in Orsa, Mora and Leksand are waiting.", "Leksand", None),
        # One party goes on.
        ("Orsa thanked Mora but is waiting.", "Orsa", "Orsa thanked Mora but is waiting."),
        ("Orsa was asked. It is waiting.", "Orsa", "Orsa was asked. It is waiting."),
        ("“No,” Orsa said. Its mayor waits.", "Orsa", "“No,” Orsa said. Its mayor waits."),
        ("While Orsa, a town, waits, it rains.", "Orsa", "While Orsa, a town, waits, it rains."),
        ("Orsa is poor, Mora’s mayor says, but waits.", "Orsa", None),
        # A full stop that ends nothing.
        ("Orsa told Gov. Lee that it waits.", "Orsa", "Orsa told Gov. Lee that it waits."),
        ("Orsa told the U.S. envoy that it waits.", "Orsa", None),
    ],
)
def test_a_clause_is_about_its_party(text: str, party: str, part: str | None) -> None:
    # None: the whole text.
    assert clause(text, at(text, party)) == (text if part is None else part)


def test_a_sentence_may_hold_both_sides() -> None:
    text = "The bakers will pay, but Mora’s millers will decide in May."
    assert not is_open(text, at(text, "bakers"))
    assert is_open(text, at(text, "millers"))
    assert leaves_open(text)


@pytest.mark.parametrize(
    "text",
    ["Ankara kept the İncirlik option open.", "THE MAYOR IS UNDECIDED.", "Ivars ıs waiting."],
)
def test_a_cue_is_found_in_any_letters(text: str) -> None:
    assert leaves_open(text)


def test_two_in_small_letters_are_of_neither_side_and_two_names_refuse() -> None:
    assert leaves_open("They neither joined nor refused.")
    assert not leaves_open("Neither Oslo nor Bergen came.")
