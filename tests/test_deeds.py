"""Which side a sentence says that a party takes."""

from __future__ import annotations

import pytest

from rag.deeds import opposes, side_taken
from rag.types import Evidence, Passage, Source, Span


def at(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


@pytest.mark.parametrize(
    "text",
    [
        "The choir refused the invitation.",
        "The choir voted against.",
        "The choir voted 20 to 4 against singing.",
        "The choir stopped short of joining.",
        "The choir has no appetite for a tour.",
        "The choir wants nothing to do with the tour.",
        "The choir has ruled itself out.",
        "The choir left the tour.",
        "The choir is missing from the list.",
        "The choir refused what it had been offered.",
        "The choir will withdraw.",
        # The party's own verb is negated.
        "The choir will not sing.",
        "The choir, its leader said, hasn’t come.",
        "The choir did not join.",
        "The choir said that it would not take part.",
        "The choir had refused to sign before the deadline.",
        "The choir had refused to sign, but the orchestra joined.",
        "The choir refused last year, but the orchestra signed.",
        "The choir once again refused, but the orchestra came.",
        "The choir would on no account join.",
        # What others do, in clauses around it.
        "The orchestra joined, while the choir refused.",
        "The choir, which had agreed in May, withdrew.",
        "The choir withdrew after the orchestra had joined.",
        "The choir (whose leader had promised to come) refused.",
    ],
)
def test_a_refusal_is_known(text: str) -> None:
    assert side_taken(text, at(text, "choir")) == "declined"


@pytest.mark.parametrize(
    "text",
    [
        "The choir joined the tour.",
        "The choir said that it would take part.",
        "The choir voted for the tour.",
        "The choir is in favour.",
        "While the orchestra refused, the choir signed.",
        "The choir, which denied reports that it had refused, is among those that signed.",
        "The choir signed, but the orchestra refused.",
        "The choir had joined. The hall had been due to open, but it did not.",
        "The choir would rather join than stay at home.",
        "The choir joined although the orchestra did not.",
        "The choir joined because “nobody would not”.",
        "The choir denied that it had refused, and signed.",
        "The choir, which lost 9,000 of its seats and refused in May, signed.",
    ],
)
def test_joining_is_known(text: str) -> None:
    assert side_taken(text, at(text, "choir")) == "affirmed"


@pytest.mark.parametrize(
    "text",
    [
        "The choir sang in May.",
        "The choir published the contributions, which came with its approval.",
        # Left open.
        "The choir will join only if the hall is heated.",
        "The choir has not refused.",
        "The choir has yet to decide whether to join.",
        # One thing is done, and another is not.
        "The choir offered singers but no money.",
        "The choir agreed not to sing.",
        "The choir signed one letter and refused another.",
        "The choir joined the tour and did not sing.",
        # It did what is asked about, whatever else is missing or left.
        "The choir sent doctors to treat the missing.",
        "The choir flew in doctors to treat the missing.",
        "The choir found the missing.",
        "The choir dispatched ships that left the port.",
        "The choir has not left the tour.",
        "The choir has not, in the end, left the tour.",
        "The choir sends ships that left the port.",
        "The choir offered a hall that the fire had left the day before.",
        # Not the party's own deed.
        "The orchestra refused to play with the choir.",
        # What it once did, or was expected to do, before the sentence turns.
        "The choir had been tipped to stay away, yet it came.",
        "The choir had promised to sign, but it is going home.",
        "The choir had been ready to sign until the orchestra threatened to sue.",
        "The choir refused last winter; this time it has come.",
    ],
)
def test_other_words_tell_no_side(text: str) -> None:
    assert side_taken(text, at(text, "choir")) == ""


@pytest.mark.parametrize(
    ("asked", "sentence", "expected"),
    [
        ("affirmed", "Norway refused.", True),
        ("affirmed", "Norway signed.", False),
        ("affirmed", "Norway sent doctors to treat the missing.", False),
        ("affirmed", "Norway has a long coast.", False),
        ("declined", "Norway signed.", True),
        ("declined", "Norway refused.", False),
        ("undecided", "Norway signed.", True),
        ("undecided", "Norway refused.", True),
        # The undecided have a place of their own in an answer.
        ("affirmed", "Norway has yet to decide.", False),
    ],
)
def test_evidence_opposes_what_is_asked_for(asked: str, sentence: str, expected: bool) -> None:
    text = f"Talks went on. {sentence} Rain fell."
    passage = Passage(Source("a"), 0, len(text), text, (at(text, sentence),))
    evidence = Evidence(passage, at(text, sentence), at(text, "Norway"), 0.9)
    assert opposes(asked, evidence) is expected


@pytest.mark.parametrize(
    ("text", "party", "taken"),
    [
        ("In favour: Cllrs Quill and Noor; against: Cllr Tolley.", "Noor", "affirmed"),
        ("In favour: Cllrs Quill and Noor; against: Cllr Tolley.", "Tolley", "declined"),
        ("Views: in favour, the choir; against, the band.", "the band", "declined"),
        ("For: Lee, Mr. Roe. Voting against: Oak.", "Roe", "affirmed"),
        ("Noes (3): Lee, Roe and Oak.", "Oak", "declined"),
        ("Lee and Roe are for it; Oak is not.", "Roe", "affirmed"),
        # The roll has ended, or is none.
        ("Against: Lee; Roe was away.", "Roe", ""),
        ("Against the advice of Lee the choir sat down.", "the choir", ""),
        ("For Lee, Roe sang.", "Roe", ""),
        ("It opens on Monday. No, Lee sings.", "Lee", ""),
        ("In favour 5, against 2: Lee and Oak.", "Oak", "declined"),
        ("In favour: Lee, Roe, against: Oak.", "Oak", "declined"),
        ("In favour: Lee, Roe, abstaining: Oak.", "Oak", ""),
        ("In favour: Lee, with Oak abstaining.", "Oak", ""),
        ("In favour: all but Oak.", "Oak", ""),
        ("In favour: Lee and Roe, while Oak voted against.", "Oak", "declined"),
        ("Ms Berg: in favour, although Acme has refused to pay.", "Acme", "declined"),
        ("Against, or so it seemed, the odds, Norway joined the pact.", "Norway", "affirmed"),
        ("No: Norway will sign the pact and joined the talks.", "Norway", "affirmed"),
        ("Norway said the money was for this purpose and would not sign.", "Norway", "declined"),
    ],
)
def test_a_roll_names_the_side_first(text: str, party: str, taken: str) -> None:
    assert side_taken(text, at(text, party)) == taken
