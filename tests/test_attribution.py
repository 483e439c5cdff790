from __future__ import annotations

import pytest

from rag.discourse.attribution import Attribution, attribution, statements
from rag.types import Span

LEE = "Foreign Minister Ann Lee arrived in Lima on Monday. "


def at(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def said(text: str, words: str) -> tuple[str, str]:
    found = attribution(text, at(text, words))
    if found is None:
        return "", ""
    assert found.quotation is not None
    return found.speaker, text[found.quotation.start : found.quotation.end]


@pytest.mark.parametrize(
    ("text", "words", "speaker", "quotation"),
    [
        # Quoted, the speaker behind or before.
        ("“We will not wait,” Lee said.", "not wait", "Ann Lee", "We will not wait"),
        ('Lee said: "We will wait."', "will wait", "Ann Lee", "We will wait."),
        ("“We wait,” said Lee.", "We wait", "Ann Lee", "We wait"),
        ("“We wait,” Lee told reporters on Tuesday.", "We wait", "Ann Lee", "We wait"),
        ("“We wait,” said the envoy, Bo Kim, on Friday.", "We wait", "Bo Kim", "We wait"),
        ("“We wait,” said Acme deputy chief executive Bo Kim.", "We wait", "Bo Kim", "We wait"),
        ("“We wait,” said Bo Kim of the miners’ union.", "We wait", "Bo Kim", "We wait"),
        ("“We wait,” the foreign minister said.", "We wait", "Ann Lee", "We wait"),
        ("“We wait,” Peru’s envoy, Bo Kim, said.", "We wait", "Bo Kim", "We wait"),
        ("‘We wait for you,’ Lee said.", "We wait", "Ann Lee", "We wait for you"),
        # Reported.
        ("Lee said Peru “will not wait”.", "not wait", "Ann Lee", "Peru “will not wait”."),
        ("Lee told reporters that the plan was dead.", "plan", "Ann Lee", "the plan was dead."),
        ("The plan was dead, Lee said.", "plan", "Ann Lee", "The plan was dead"),
        ("The plan was dead, said Lee.", "plan", "Ann Lee", "The plan was dead"),
        ("According to Lee, the plan was dead.", "plan", "Ann Lee", "the plan was dead."),
        ("The plan was dead, according to Lee.", "plan", "Ann Lee", "The plan was dead"),
        ("Lee denied that the plan was dead.", "plan", "Ann Lee", "the plan was dead."),
        ("In Lee’s view, the plan is dead.", "plan", "Ann Lee", "the plan is dead."),
        ("Lee’s remark that “tin is gold” was noted.", "tin", "Ann Lee", "tin is gold"),
        ("Lee called it “a quarrel of neighbours”.", "quarrel", "Ann Lee",
         "a quarrel of neighbours"),
        ("The plan was described by Lee as “a fine mess”.", "mess", "Ann Lee",
         "a fine mess"),
        ("Lee, who chairs the talks, said the plan was dead.", "plan", "Ann Lee",
         "the plan was dead."),
        ("Lee flew home, adding that the plan was dead.", "plan", "Ann Lee", "the plan was dead."),
        ("The plan was, in the words of Bo Kim, “a fine mess”.", "mess", "Bo Kim", "a fine mess"),
        ("Bo Kim was quoted as saying that the plan was dead.", "plan", "Bo Kim",
         "the plan was dead."),
        ("The port shut, with Bo Kim saying the plan was dead.", "plan", "Bo Kim",
         "the plan was dead."),
        ("Bo Kim denied having called it “a fine mess”.", "mess", "Bo Kim", "a fine mess"),
        ("Bo Kim found it “a very fine mess”.", "mess", "Bo Kim", "a very fine mess"),
        # Speakers without a name, and no persons.
        ("In a statement, the trade ministry said it had left.", "had left", "the trade ministry",
         "it had left."),
        ("“We left,” a spokesman for the ministry said.", "We left",
         "a spokesman for the ministry", "We left"),
        ("“We left,” two officials said.", "We left", "two officials", "We left"),
        ("Norway said the plan was dead.", "plan", "Norway", "the plan was dead."),
        ("The union said the plan was dead.", "plan", "the union", "the plan was dead."),
        ("On Monday evening Kim’s board said the plan was dead.", "plan", "Kim’s board",
         "the plan was dead."),
        ("The minister: “We have to wait.”", "wait", "Ann Lee", "We have to wait."),
    ],
)  # fmt: skip
def test_speaker_and_words(text: str, words: str, speaker: str, quotation: str) -> None:
    assert said(LEE + text, words) == (speaker, quotation)


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
    ],
)
def test_the_outlets_own_words_have_no_speaker(text: str) -> None:
    text = LEE + text
    assert attribution(text, at(text, "plan")) is None


def test_words_that_name_their_speaker_are_the_outlets() -> None:
    text = "Norway will not sign because it fears that the plan is dead."
    assert attribution(text, at(text, "it fears that the plan is dead")) is None
    assert said(text, "the plan is dead")[0] == "Norway"
    quoted = "“We wait,” Norway said."
    assert said(quoted, quoted)[0] == "Norway"


def test_words_beside_a_statement_are_the_outlets() -> None:
    text = "Ann Lee said the plan was dead; a bridge fell in Lima."
    assert said(text, "plan was")[0] == "Ann Lee"
    assert attribution(text, at(text, "bridge")) is None


def test_a_split_quotation_runs_from_its_first_to_its_last_character() -> None:
    text = LEE + "“We read,” Lee said on Friday. “We do not write. We never did.” It rained."
    words = "We read,” Lee said on Friday. “We do not write. We never did."
    for part in ("We read", "not write", "never did"):
        assert said(text, part) == ("Ann Lee", words)
    assert attribution(text, at(text, "rained")) is None


def test_a_quotation_goes_on_over_paragraphs_until_it_closes() -> None:
    text = "“We wait,” said Ann Lee. “We always did.\n\n“Others left.”\n\nThe port is empty."
    assert said(text, "Others left")[0] == "Ann Lee"
    assert attribution(text, at(text, "port")) is None


def test_straight_quotes_pair_like_curly_ones() -> None:
    text = 'Ann Lee was calm. "It is late," she said. "It is not over." The hall was empty.'
    assert said(text, "not over")[0] == "Ann Lee"
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
    assert said(text, "is late")[0] == speaker


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
    assert said(f"{before} “It is late,” the critic said.", "is late")[0] == speaker


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Bo Kim was unimpressed. “Late again.”", "Bo Kim"),
        ("Bo Kim was unimpressed.\n“Late again.”", ""),
        ("The storm was over. “Late again.”", ""),
    ],
)
def test_a_bare_quotation_is_its_paragraphs_subjects(text: str, speaker: str) -> None:
    assert said(text, "Late again")[0] == speaker


def test_each_quotation_has_its_own_speaker() -> None:
    text = "Ann Lee said she would go “by noon”, a line that Bo Kim called “a poor film”."
    assert said(text, "a poor film")[0] == "Bo Kim"
    assert said(text, "Bo Kim")[0] == "Bo Kim"
    assert said(text, "she would go")[0] == "Ann Lee"


def test_mention_is_where_the_speaker_stands() -> None:
    text = LEE + "“We wait,” Lee said."
    found = attribution(text, at(text, "We wait"))
    assert found is not None
    assert found.mention == Span(text.index("Lee said"), text.index("Lee said") + 3)


def test_statements_lists_the_attributed_words_of_a_range_in_order() -> None:
    text = "Ann Lee said no. It rained. “We wait,” said Bo Kim. Norway said yes."
    found = statements(text, Span(0, text.index("Norway") - 1))
    assert [one.speaker for one in found] == ["Ann Lee", "Bo Kim"]
    assert statements(text, at(text, "It rained.")) == []


def test_a_long_document_is_read_near_the_place_only() -> None:
    filler = "The port was quiet on that day. " * 4000
    text = "Ann Lee came. " + filler + "“We wait,” Lee said. " + filler
    assert attribution(text, at(text, "We wait")) == Attribution(
        "Ann Lee", Span(text.index("Lee said"), text.index("Lee said") + 3), at(text, "We wait")
    )


def test_a_range_past_the_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="past the text"):
        attribution("Short.", Span(0, 99))
