"""The builders, on a few lines written here: labels and exact offsets."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from rag.training.data import condaqa, newsroom, polarity, sentences, squad, yesno
from rag.training.data.negatives import answer_removed, entity_swapped, names_in
from rag.training.data.polarity_topics import TOPICS
from rag.training.data.polarity_words import (
    AFFIRMED,
    AFFIRMED_HELD_OUT,
    DECLINED,
    DECLINED_HELD_OUT,
    QUESTIONS,
)
from rag.training.example import Example, read_examples, write_examples
from rag.training.windows import cut, sentences_of, tile, window_around, without

ARTICLE = (
    "Oslo and Bergen signed the ferry charter on Monday. Bergen will pay for two ships. "
    "Tromso declined to sign the charter. “It is too dear,” said its mayor, Liv Dahl. "
    "The weather was fine and the harbour was full of people."
)


def event(folder: Path, name: str = "ev1", text: str = ARTICLE) -> None:
    def answer(span: str, quote: str) -> dict[str, object]:
        evidence = {"article": f"{name}-a", "quote": quote, "span": span}
        return {"text": span, "aliases": [], "evidence": [evidence]}

    signed = "Oslo and Bergen signed the ferry charter on Monday."
    declined = "Tromso declined to sign the charter."
    questions = [
        {
            "question": "Which towns signed the charter?",
            "kind": "list",
            "polarity": "affirmed",
            "answers": [answer("Oslo", signed), answer("Bergen", signed)],
        },
        {
            "question": "Did Tromso sign?",
            "kind": "yesno",
            "yesno": "no",
            "answers": [answer("Tromso declined", declined)],
        },
        {"question": "Who built the ships?", "kind": "none", "answers": []},
    ]
    row = {
        "event": "A ferry charter",
        "topic": "transport",
        "articles": [{"id": f"{name}-a", "title": "Towns sign", "text": text}],
        "questions": questions,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(row), encoding="utf-8")


def shown(example: Example) -> list[str]:
    return [example.context[start:end] for start, end in example.spans]


def supported(example: Example) -> list[str]:
    pairs = zip(example.sentences, example.evidence, strict=True)
    return [example.context[start:end] for (start, end), flag in pairs if flag]


def test_newsroom_marks_every_answer_and_its_sentence(tmp_path: Path) -> None:
    event(tmp_path)
    (asked,) = newsroom.read_events(tmp_path)
    article, question = asked.articles[0], asked.questions[0]
    whole = cut(article.text, 0, len(article.text.sentences) - 1)
    example = newsroom.label(question, article, whole)
    assert example is not None
    assert shown(example) == ["Oslo", "Bergen"]
    assert supported(example) == ["Oslo and Bergen signed the ferry charter on Monday."]


def test_newsroom_knows_a_window_of_the_other_side_as_unanswerable(tmp_path: Path) -> None:
    event(tmp_path)
    (asked,) = newsroom.read_events(tmp_path)
    article = asked.articles[0]
    window = cut(article.text, 2, 3)
    listed, yesno, none = (newsroom.label(q, article, window) for q in asked.questions)
    assert listed is not None
    assert not listed.answerable
    assert yesno is not None
    assert (yesno.yesno, shown(yesno)) == ("no", ["Tromso declined"])
    assert none is not None
    assert not none.answerable


def test_newsroom_examples_are_repeatable_and_of_both_kinds(tmp_path: Path) -> None:
    event(tmp_path)
    event(tmp_path, "ev2", ARTICLE)
    first = list(newsroom.build(tmp_path, 2, 7))
    assert first == list(newsroom.build(tmp_path, 2, 7))
    assert {e.answerable for e in first} == {True, False}
    for example in first:
        if example.answerable and not example.yesno:
            assert set(shown(example)) <= {"Oslo", "Bergen"}


def squad_file(path: Path, impossible: bool = False) -> Path:
    context = "The Amsel bridge opened in 1931. It was designed by Ada Rowe. Trams use it."
    answers = [] if impossible else [{"text": "Ada Rowe", "answer_start": context.index("Ada")}]
    asked = {"question": "Who designed the Amsel bridge?", "answers": answers}
    other = {"context": "The Amsel bridge was painted green by volunteers.", "qas": []}
    paragraphs = [{"context": context, "qas": [asked]}, other]
    rows = {"data": [{"title": "Amsel_bridge", "paragraphs": paragraphs}]}
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def test_squad_windows_keep_the_answer_and_its_sentence(tmp_path: Path) -> None:
    examples = list(squad.build_squad(squad_file(tmp_path / "train.json"), 1))
    assert shown(examples[0]) == ["Ada Rowe"]
    assert "It was designed by Ada Rowe." in supported(examples[0])


def test_squad_questions_without_an_answer_stay_without(tmp_path: Path) -> None:
    (example,) = squad.build_squad(squad_file(tmp_path / "train.json", impossible=True), 1)
    assert not example.answerable
    assert example.spans == ()


def test_squad_leaves_an_uncertain_place_out_of_training_but_keeps_its_text(
    tmp_path: Path,
) -> None:
    path = squad_file(tmp_path / "train.json")
    row = json.loads(path.read_text())
    row["data"][0]["paragraphs"][0]["qas"][0]["answers"][0]["ambiguous_start"] = True
    path.write_text(json.dumps(row))
    assert [item.answers for item in squad.read_items(path)] == [("Ada Rowe",)]
    assert list(squad.build_squad(path, 1)) == []


def test_made_up_negatives_have_lost_their_answer() -> None:
    text = sentences_of("Ada Rowe drew the Amsel bridge. Trams use it. Bo Lind paid.")
    window = cut(text, 0, 2)
    example = Example(
        "Did Ada Rowe draw it?", window.text, ((0, 8),), window.sentences, (True, False, False),
        True, "made up",
    )  # fmt: skip
    removed = answer_removed(example)
    assert removed is not None
    assert removed.context == "Trams use it. Bo Lind paid."
    assert [removed.context[s:e] for s, e in removed.sentences] == [
        "Trams use it.",
        "Bo Lind paid.",
    ]
    swapped = entity_swapped(example, ["Bo Lind", "Eva Sund"], random.Random(1))
    assert swapped is not None
    assert swapped.question == "Did Eva Sund draw it?"
    assert not swapped.answerable


def test_names_are_runs_of_capitals_after_the_first_word() -> None:
    assert names_in("Did Ada Rowe meet the King of Spain?") == ["Ada Rowe", "King", "Spain"]


def test_qed_trims_sentences_and_keeps_offsets(tmp_path: Path) -> None:
    text = "Ada Rowe drew it .  She lived in Kell . "
    row = {
        "question_text": "where did ada rowe live",
        "title_text": "Ada Rowe",
        "paragraph_text": text,
        "sentence_starts": [0, 20],
        "original_nq_answers": [[{"start": 33, "end": 37, "string": "Kell"}]],
    }
    path = tmp_path / "qed.jsonlines"
    path.write_text(json.dumps(row) + "\n")
    (example,) = sentences.build_qed(path, 3)
    assert shown(example) == ["Kell"]
    assert supported(example) == ["She lived in Kell ."]


def test_multispan_marks_every_answer(tmp_path: Path) -> None:
    words = "Kell , Orsa and Mora lie there .".split()
    labels = "B O B O B O O O".split()
    row = {"question": ["what", "lies", "there"], "context": words, "label": labels}
    path = tmp_path / "train.json"
    path.write_text(json.dumps({"data": [row]}))
    (example,) = sentences.build_multispan(path, 1)
    assert example.context == "Kell, Orsa and Mora lie there."
    assert shown(example) == ["Kell", "Orsa", "Mora"]


def test_sentence_choice_flags_the_selected_sentence(tmp_path: Path) -> None:
    (tmp_path / "clapnq").mkdir()
    (tmp_path / "selqa").mkdir()
    row = {"question": "Who drew it?", "candidates": ["Ada drew it ."], "answers": [0]}
    (tmp_path / "selqa" / "dev.json").write_text(json.dumps([row]))
    (example,) = sentences.build_choice(tmp_path, 1)
    assert supported(example) == ["Ada drew it."]
    assert example.tasks == sentences.CHOICE_TASKS


def test_condaqa_keeps_only_its_three_labels(tmp_path: Path) -> None:
    rows = [
        {"sentence1": "No tram runs.", "sentence2": f"Question {label}?", "label": label}
        for label in ("YES", "NO", "DON'T KNOW", "Russia")
    ]
    path = tmp_path / "train.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    found = [(e.yesno, e.answerable) for e in condaqa.build(path, 1, training=False)]
    assert sorted(found) == [("no", True), ("unclear", False), ("yes", True)]


def test_polarity_asks_both_sides_of_one_passage() -> None:
    for held_out in (False, True):
        for affirmed, declined in polarity.build_pairs(50, 3, held_out=held_out):
            assert affirmed.context == declined.context
            assert affirmed.spans
            assert declined.spans
            assert not set(affirmed.spans) & set(declined.spans)


def test_polarity_names_the_parties_themselves() -> None:
    for example in polarity.build(300, 5):
        for name in shown(example):
            assert name[0].isupper() or name.startswith("the ")
            assert not name.endswith((" ", ".", ","))


def test_polarity_holds_verbs_and_topics_out() -> None:
    assert not set(AFFIRMED) & set(AFFIRMED_HELD_OUT)
    assert not set(DECLINED) & set(DECLINED_HELD_OUT)
    reserved = [topic.noun for topic in TOPICS if topic.held_out]
    assert len(reserved) == 5
    for example in polarity.build(300, 5):
        assert not any(noun in example.context for noun in reserved)


def test_polarity_fills_every_form_and_asks_the_test_in_its_own_words() -> None:
    asked = {example.question for example in polarity.build(2000, 5)}
    assert any("declined doctors" in question for question in asked)
    for example in polarity.build(2000, 5):
        assert not set("{}\0") & set(example.context + example.question)
        assert example.question.strip()
    kept = [form.split("{")[0] for forms in QUESTIONS.values() for form in forms]
    for pair in polarity.build_pairs(200, 3):
        assert all(any(e.question.startswith(start) for start in kept) for e in pair)


def test_polarity_yesno_answers_what_the_party_did() -> None:
    story = polarity.write_story(random.Random(2), held_out=False, sides=("affirmed",))
    (party, *_) = story.sides
    for seed in range(10):
        example = polarity.ask_yesno(story, party, random.Random(seed))
        asks_refusal = any(
            word in example.question for word in ("refuse", "ruled", "reject", "decl")
        )
        assert example.yesno == ("no" if asks_refusal else "yes")


def test_windows_cover_and_keep_offsets() -> None:
    text = sentences_of(ARTICLE)
    tiles = tile(text, 120)
    assert [number for w in tiles for number in range(w.first, w.last + 1)] == list(
        range(len(text.sentences))
    )
    for window in [*tiles, window_around(text, 2, 2, 200, random.Random(1))]:
        assert ARTICLE[window.start : window.end] == window.text
        for (start, end), whole in zip(
            window.sentences, text.sentences[window.first : window.last + 1], strict=True
        ):
            assert window.text[start:end] == ARTICLE[whole[0] : whole[1]]


def test_without_drops_sentences_and_moves_the_rest() -> None:
    window = cut(sentences_of("One came. Two left. Three stayed."), 0, 2)
    rest = without(window, [1])
    assert rest.text == "One came. Three stayed."
    assert [rest.text[s:e] for s, e in rest.sentences] == ["One came.", "Three stayed."]


def test_examples_survive_the_file(tmp_path: Path) -> None:
    examples = list(polarity.build(5, 1))
    assert write_examples(tmp_path / "mix.jsonl", examples) == len(examples)
    assert list(read_examples(tmp_path / "mix.jsonl")) == examples


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"spans": ((0, 99),)}, "outside"),
        ({"evidence": ()}, "one evidence flag"),
        ({"tasks": ("yesno",)}, "yesno"),
        ({"answerable": False}, "no span"),
    ],
)
def test_an_impossible_example_is_refused(change: dict[str, object], message: str) -> None:
    good: dict[str, object] = {
        "question": "Who?", "context": "Ada came.", "spans": ((0, 3),), "sentences": ((0, 9),),
        "evidence": (True,), "answerable": True, "source": "made up",
    }  # fmt: skip
    with pytest.raises(ValueError, match=message):
        Example(**{**good, **change})  # type: ignore[arg-type]


def told(question: str, answer: str, text: str) -> Example:
    """An example whose answer is found at its first place in a text of sentences."""
    whole = sentences_of(text)
    start = text.index(answer)
    span = start, start + len(answer)
    flags = tuple(first <= start < last for first, last in whole.sentences)
    return Example(question, text, (span,), whole.sentences, flags, True, "made up")


BRIDGE = "Ada Rowe designed the bridge. Bo Lind paid for it in 1931. Trams use it now."
WHO_DESIGNED = told("Who designed the bridge?", "Ada Rowe", BRIDGE)
WHO_PAID = told("Who paid for the bridge?", "Bo Lind", BRIDGE)


@pytest.mark.parametrize(
    ("question", "answer", "kind", "made"),
    [
        ("Who designed the bridge?", "Ada Rowe", "who", "Was it Ada Rowe who designed the bridge?"),
        ("Who was the mayor?", "Ada Rowe", "who", "Was Ada Rowe the mayor?"),
        ("What is the capital?", "Lima", "who", "Is Lima the capital?"),
        ("When did it open?", "1931", "when", "Did it open in 1931?"),
        ("when did it open", "5 May", "when", "Did it open on 5 May?"),
        ("When did it open?", "Monday", "when", "Did it open on Monday?"),
        ("When did it open?", "before dawn", "when", "Did it open before dawn?"),
        ("When did it open?", "three years ago", "when", "Did it open three years ago?"),
        ("Where is it?", "Kell", "where", "Is it in Kell?"),
        ("Where is it?", "near Kell", "where", "Is it near Kell?"),
        ("How many ships are here?", "26", "many", "Are 26 ships here?"),
        ("How many people did it carry?", "40", "many", "Did it carry 40 people?"),
        ("How long is it?", "2 km", "many", "Is it 2 km?"),
        ("What has Ada sold?", "ships", "what", "Was it ships that Ada sold?"),
        ("Why did it close?", "rain", "why", "Did it close because of rain?"),
        ("Why did it close?", "because of rain", "why", "Did it close because of rain?"),
    ],
)
def test_a_question_of_a_known_form_becomes_one_of_yes_or_no(
    question: str, answer: str, kind: str, made: str
) -> None:
    assert yesno.kind_of(question) == kind
    assert yesno.asked(question, answer) == made


@pytest.mark.parametrize(
    "question",
    ["Whose bridge is it?", "Who did Ada meet?", "How did it fall?", "Name the mayor.", ""],
)
def test_other_forms_are_left_alone(question: str) -> None:
    assert yesno.kind_of(question) is None
    assert yesno.asked(question, "Ada Rowe") is None
    assert not list(yesno.build([replace(WHO_DESIGNED, question=question)] * 9, 1))


def test_yes_no_questions_are_labelled_by_the_answer_they_hold() -> None:
    found = [one for seed in range(20) for one in yesno.build([WHO_DESIGNED, WHO_PAID], seed)]
    assert {one.yesno for one in found} == {"yes", "no", "unclear"}
    for one in found:
        name = "Ada Rowe" if "Ada Rowe" in one.question else "Bo Lind"
        right = "Ada Rowe" if "designed" in one.question else "Bo Lind"
        assert one.tasks == yesno.TASKS
        assert one.spans == ()
        if one.yesno == "unclear":
            assert not one.answerable
            assert right not in one.context
        else:
            assert one.yesno == ("yes" if name == right else "no")
            assert right in " ".join(supported(one))
    assert "Was it Ada Rowe who paid for the bridge?" in {one.question for one in found}


def test_yes_no_questions_depend_on_the_seed_only() -> None:
    examples = [WHO_DESIGNED, WHO_PAID] * 4
    made = [list(yesno.build(examples, seed)) for seed in (3, 3, 4)]
    assert made[0] == made[1] != made[2]


def refused(*answers: tuple[str, str]) -> set[str]:
    """The questions with the answer no, over many seeds: each text has one question's answer."""
    examples = [
        told(question, answer, f"{answer} it is. Ada wrote that down. It rained.")
        for question, answer in answers
    ]
    built = (one for seed in range(30) for one in yesno.build(examples, seed))
    return {one.question for one in built if one.yesno == "no"}


@pytest.mark.parametrize(
    ("right", "alike"),
    [
        ("Mayor Ada Rowe", "Ms Rowe"),  # a word
        ("Britain", "the UK"),  # a country
        ("two dozen ships", "24"),  # a number
    ],
)
def test_a_wrong_answer_is_never_like_the_right_one(right: str, alike: str) -> None:
    other, asked = "What was the prize?", "What was the gift?"
    assert refused((other, alike), (asked, right)) == set()
    assert refused((other, "the old mill"), (asked, right)) == {"Was the old mill the gift?"}


def test_the_small_words_alone_do_not_make_answers_alike() -> None:
    made = refused(("What was the prize?", "the mill"), ("What was the gift?", "the boat"))
    assert made == {"Was the mill the gift?"}


def test_what_answers_the_same_question_elsewhere_is_not_wrong() -> None:
    question = "Who designed the bridge?"
    assert refused((question, "Ada Rowe"), (question, "the surveyor")) == set()
    again = ("Who paid for it?", "Ada Rowe")
    assert refused(again, (question, "Ada Rowe"), (question, "the surveyor")) == set()
    assert refused(again, (question, "the surveyor")) != set()


def test_a_wrong_answer_of_the_same_text_is_preferred() -> None:
    far = told("Who drew the map?", "Eva Sund", "Eva Sund drew the map. It rained.")
    part = told("Who kept the gate?", "Bo", "Bo kept the gate. It rained.")
    built = (one for seed in range(30) for one in yesno.build([far, WHO_PAID, WHO_DESIGNED], seed))
    asked = {one.question for one in built if one.yesno == "no" and "designed" in one.question}
    assert asked == {"Was it Bo Lind who designed the bridge?"}
    # `Bo` stands in the text as a part of a word only.
    text = "Ada Rowe designed the Bofors bridge. It rained."
    last = told("Who designed the bridge?", "Ada Rowe", text)
    built = (one for seed in range(30) for one in yesno.build([part, far, last], seed))
    asked = {one.question for one in built if one.yesno == "no" and "designed" in one.question}
    assert asked == {f"Was it {who} who designed the bridge?" for who in ("Bo", "Eva Sund")}


@pytest.mark.parametrize(
    "change",
    [
        {"spans": ((0, 8), (30, 37))},
        {"tasks": yesno.TASKS, "yesno": "yes"},
        {"spans": ((0, len(BRIDGE)),)},
    ],
)
def test_only_one_short_answer_is_asked_about(change: dict[str, object]) -> None:
    example = replace(WHO_DESIGNED, **change)  # type: ignore[arg-type]
    assert not list(yesno.build([example] * 9, 1))
