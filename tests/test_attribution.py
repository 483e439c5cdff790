from __future__ import annotations

import pytest

from rag.discourse.attribution import Attribution, attribution
from rag.types import Span

LEE = "Foreign Minister Ann Lee arrived in Lima on Monday. "


def at(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def said(text: str, words: str) -> str:
    found = attribution(text, at(text, words))
    return found.speaker if found else ""


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        # Quoted, the speaker behind or before.
        ("“We will not wait,” Lee said.", "not wait", "Ann Lee"),
        ('Lee said: "We will wait."', "will wait", "Ann Lee"),
        ("“We wait,” said Lee.", "We wait", "Ann Lee"),
        ("“We wait,” Lee told reporters on Tuesday.", "We wait", "Ann Lee"),
        ("“We wait,” said the envoy, Bo Kim, on Friday.", "We wait", "Bo Kim"),
        ("“We wait,” said Acme deputy chief executive Bo Kim.", "We wait", "Bo Kim"),
        ("“We wait,” said Bo Kim of the miners’ union.", "We wait", "Bo Kim"),
        ("“We wait,” the foreign minister said.", "We wait", "Ann Lee"),
        ("“We wait,” Peru’s envoy, Bo Kim, said.", "We wait", "Bo Kim"),
        ("‘We wait for you,’ Lee said.", "We wait", "Ann Lee"),
        # Reported.
        ("Lee said Peru “will not wait”.", "not wait", "Ann Lee"),
        ("Lee told reporters that the plan was dead.", "plan", "Ann Lee"),
        ("The plan was dead, Lee said.", "plan", "Ann Lee"),
        ("The plan was dead, said Lee.", "plan", "Ann Lee"),
        ("According to Lee, the plan was dead.", "plan", "Ann Lee"),
        ("The plan was dead, according to Lee.", "plan", "Ann Lee"),
        ("Lee denied that the plan was dead.", "plan", "Ann Lee"),
        ("In Lee’s view, the plan is dead.", "plan", "Ann Lee"),
        ("Lee’s stance emphasizes that the plan is dead.", "plan", "Ann Lee"),
        ("Lee’s brother says that the plan is dead.", "plan", "Lee’s brother"),
        ("Lee’s remark that “tin is gold” was noted.", "tin", "Ann Lee"),
        ("A remark by Bo Kim that tin is gold amused the hall.", "tin", "Bo Kim"),
        ("A comment from Lee that “tin is gold” was noted.", "tin", "Ann Lee"),
        ("Bo Kim said that Lee’s talk of tin had been “grotesque”.", "tin", "Ann Lee"),
        ("Bo Kim said that Lee’s talk of tin had been “grotesque”.", "grotesque", "Bo Kim"),
        ("Lee’s statement from the hospital that “I am well” was read.", "am well", "Ann Lee"),
        ("Lee’s promise of “a new dawn” angered the unions.", "dawn", "Ann Lee"),
        ("Lee’s promise of “a new dawn” angered the unions.", "angered", ""),
        ("The hall expects an answer by March that the plan is dead.", "plan", ""),
        # What is said by noon, or a talk that is held, is nobody's remark.
        ("Bo Kim expects a reply by noon that the plan is dead.", "plan", ""),
        ("Bo Kim said that Lee’s talk on Friday would be about tin.", "tin", "Bo Kim"),
        ("Lee called it “a quarrel of neighbours”.", "quarrel", "Ann Lee"),
        ("The plan was described by Lee as “a fine mess”.", "mess", "Ann Lee"),
        ("Lee, who chairs the talks, said the plan was dead.", "plan", "Ann Lee"),
        ("Lee flew home, adding that the plan was dead.", "plan", "Ann Lee"),
        ("The plan was, in the words of Bo Kim, “a fine mess”.", "mess", "Bo Kim"),
        ("Bo Kim was quoted as saying that the plan was dead.", "plan", "Bo Kim"),
        ("The port shut, with Bo Kim saying the plan was dead.", "plan", "Bo Kim"),
        ("Bo Kim denied having called it “a fine mess”.", "mess", "Bo Kim"),
        ("Bo Kim found it “a very fine mess”.", "mess", "Bo Kim"),
        # Speakers without a name, and no persons.
        ("In a statement, the trade ministry said it had left.", "had left", "the trade ministry"),
        ("“We left,” a spokesman for the ministry said.", "We left",
         "a spokesman for the ministry"),
        ("“We left,” said the mayors of Beja and Odemira.", "We left",
         "the mayors of Beja and Odemira"),
        ("“We left,” said an envoy of Beja and Norway agreed.", "We left", "an envoy of Beja"),
        ("“We left,” two officials said.", "We left", "two officials"),
        ("Norway said the plan was dead.", "plan", "Norway"),
        ("The union said the plan was dead.", "plan", "the union"),
        ("On Monday evening Kim’s board said the plan was dead.", "plan", "Kim’s board"),
        ("The minister: “We have to wait.”", "wait", "Ann Lee"),
    ],
)  # fmt: skip
def test_speaker(text: str, words: str, speaker: str) -> None:
    assert said(LEE + text, words) == speaker


@pytest.mark.parametrize(
    "text",
    [
        "The plan was dropped on Tuesday.",
        "Lee refused to say whether the plan was dead.",
        "Lee declined to comment on the plan.",
        "Lee did not say whether the plan was dead.",
        "The plan adds 200 jobs to the port.",
        "Lee was told of the plan on Tuesday.",
        "The claims of the plan are many.",
        "A man accused of opposing the plan was held.",
        "The company reported the plan to the police.",
        "The plan, called “Tin”, was dropped.",
        "Norway said no to the plan.",
        "The council rejected the plan to build a port.",
        "Lee was questioned about the plan by police.",
        "Lee asked for a plan of the port.",
    ],
)
def test_the_outlets_own_words_have_no_speaker(text: str) -> None:
    text = LEE + text
    assert attribution(text, at(text, "plan")) is None


def test_words_that_name_their_speaker_are_the_outlets() -> None:
    text = "Norway will not sign because it fears that the plan is dead."
    assert attribution(text, at(text, "it fears that the plan is dead")) is None
    assert said(text, "the plan is dead") == "Norway"
    quoted = "“We wait,” Norway said."
    assert said(quoted, quoted) == "Norway"


def test_words_beside_a_statement_are_the_outlets() -> None:
    text = "Ann Lee said the plan was dead; a bridge fell in Lima."
    assert said(text, "plan was") == "Ann Lee"
    assert attribution(text, at(text, "bridge")) is None


def test_a_split_quotation_has_one_speaker() -> None:
    text = LEE + "“We read,” Lee said on Friday. “We do not write. We never did.” It rained."
    for part in ("We read", "not write", "never did"):
        assert said(text, part) == "Ann Lee"
    assert attribution(text, at(text, "rained")) is None


def test_a_quotation_goes_on_over_paragraphs_until_it_closes() -> None:
    text = "“We wait,” said Ann Lee. “We always did.\n\n“Others left.”\n\nThe port is empty."
    assert said(text, "Others left") == "Ann Lee"
    assert attribution(text, at(text, "port")) is None


def test_straight_quotes_pair_like_curly_ones() -> None:
    text = 'Ann Lee was calm. "It is late," she said. "It is not over." The hall was empty.'
    assert said(text, "not over") == "Ann Lee"
    assert attribution(text, at(text, "hall")) is None


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Bo Kim said no. “It is late,” he added.", "Bo Kim"),
        ("Bo Kim met Ms Ann Lee. Mr Kim was calm. “It is late,” she said.", "Ann Lee"),
        ("Norway signed first. It said that it is late.", "Norway"),
        ("Asked about Bo Kim’s remark on tin, Ann Lee smiled. “It is late,” she said.", "Ann Lee"),
        ("“It is late,” he said.", ""),
    ],
)
def test_a_pronoun_is_the_last_who_fits(text: str, speaker: str) -> None:
    assert said(text, "is late") == speaker


@pytest.mark.parametrize(
    ("before", "speaker"),
    [
        ("Bo Kim wrote most of it.", "Bo Kim"),
        # Not across a paragraph, and not where the critic is spoken of.
        ("Bo Kim wrote most of it.\n", "the critic"),
        ("Bo Kim met a critic.", "the critic"),
    ],
)
def test_a_role_is_whom_the_sentence_before_is_about(before: str, speaker: str) -> None:
    assert said(f"{before} “It is late,” the critic said.", "is late") == speaker


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Bo Kim was unimpressed. “Late again.”", "Bo Kim"),
        ("Bo Kim was unimpressed.\n“Late again.”", ""),
        ("The storm was over. “Late again.”", ""),
    ],
)
def test_a_bare_quotation_is_its_paragraphs_subjects(text: str, speaker: str) -> None:
    assert said(text, "Late again") == speaker


def test_each_quotation_has_its_own_speaker() -> None:
    text = "Ann Lee said she would go “by noon”, a line that Bo Kim called “a poor film”."
    assert said(text, "a poor film") == "Bo Kim"
    assert said(text, "Bo Kim") == "Bo Kim"
    assert said(text, "she would go") == "Ann Lee"


@pytest.mark.parametrize(
    ("text", "words", "asserted"),
    [
        ("Lee said that the plan was dead.", "plan", True),
        ("Lee denied that the plan was dead.", "plan", False),
        ("The plan was dead, a claim Lee denied.", "plan", False),
        ("Lee dismissed reports that the plan was dead.", "plan", False),
        ("Lee has rejected the claim that the plan was dead.", "plan", False),
        ("Lee left, denying rumours that the plan was dead.", "plan", False),
        ("Lee denied having called it “a fine mess”.", "mess", False),
        ("Lee denied that it was “a fine mess”.", "mess", False),
        ("Lee’s denial that the plan was dead was noted.", "plan", False),
        # Asked.
        ("Lee asked whether the plan was dead.", "plan", False),
        ("Lee asked reporters if the plan was dead.", "plan", False),
        ("Lee wondered if the plan was dead.", "plan", False),
        ("Lee questioned whether the plan was dead.", "plan", False),
        ("Lee doubted that the plan was dead.", "plan", False),
        ("“Is the plan dead?” Lee asked.", "plan", False),
        # The speaker's own words, beside a denial.
        ("“It is not dead,” Lee denied.", "not dead", True),
        ("Lee denied the charge: “It is a lie.”", "a lie", True),
        ("Lee denied it. “It is a lie.”", "a lie", True),
        ("Lee rejected claims that the plan was dead as “a fine mess”.", "mess", True),
        ("Lee rejected claims that the plan was dead as “a fine mess”.", "plan", False),
        ("Lee denied that the plan was dead, saying that it slept.", "slept", True),
        ("Lee disputed the sum on Sunday: the plan cost less.", "cost", True),
    ],
)
def test_what_is_denied_or_asked_is_not_asserted(text: str, words: str, asserted: bool) -> None:
    text = LEE + text
    found = attribution(text, at(text, words))
    assert found is not None
    assert (found.speaker, found.asserted) == ("Ann Lee", asserted)


def test_words_that_somebody_is_denied_to_have_said_are_not_asserted() -> None:
    text = "Ann Lee denied that Bo Kim said the plan was dead."
    found = attribution(text, at(text, "plan"))
    assert found == Attribution("Bo Kim", at(text, "Bo Kim"), asserted=False)


def test_mention_is_where_the_speaker_stands() -> None:
    text = LEE + "“We wait,” Lee said."
    found = attribution(text, at(text, "We wait"))
    assert found is not None
    assert found.mention == Span(text.index("Lee said"), text.index("Lee said") + 3)


def test_a_long_document_is_read_near_the_place_only() -> None:
    filler = "The port was quiet on that day. " * 4000
    text = "Ann Lee came. " + filler + "“We wait,” Lee said. " + filler
    assert attribution(text, at(text, "We wait")) == Attribution(
        "Ann Lee", Span(text.index("Lee said"), text.index("Lee said") + 3)
    )


def test_hundreds_of_sentences_with_a_pronoun_are_read() -> None:
    text = "Ann Lee came. " + "She said that it rained. " * 270 + "“We wait,” she said."
    assert said(text, "We wait") == "Ann Lee"


def test_a_range_past_the_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="past the text"):
        attribution("Short.", Span(0, 99))


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "LIMA, PERU – Foreign Minister Ann Lee issued a warning, saying that tin is gold.",
            "Ann Lee",
        ),
        ("LIMA, May 2 (Wire) - Ann Lee lost, saying that tin is gold.", "Ann Lee"),
        ("LIMA (Wire) -- Ann Lee lost, saying that tin is gold.", "Ann Lee"),
        ("LIMA, PERU – The Lima Times | Ann Lee lost, saying that tin is gold.", "Ann Lee"),
        ("A tin of gold\nSAN JOSÉ — Ann Lee lost, saying that tin is gold.", "Ann Lee"),
        # An insertion behind a name in capitals, and capitals in the middle of a line.
        ("UNESCO – led by Bo Kim – lost, saying that tin is gold.", "UNESCO"),
        ("UNESCO – Bo Kim’s pride – lost, saying that tin is gold.", "UNESCO"),
        ("It rained. UNESCO – A pride of Kim’s lost, saying that tin is gold.", "UNESCO"),
    ],
)
def test_a_dateline_says_nothing(text: str, speaker: str) -> None:
    assert said(text, "tin is gold") == speaker
