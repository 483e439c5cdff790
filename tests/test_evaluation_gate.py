"""The gate passes what is as good as accepted, and catches a planted bug of every kind."""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import EvaluationError
from rag.evaluation.accepted import Figure, accept, digest, load_accepted
from rag.evaluation.corpora import Corpus, load_corpus
from rag.evaluation.gate import Checked, Gate, check
from rag.evaluation.questions import GoldQuestion, GoldSpan
from rag.evaluation.recorded import Recorded
from rag.evaluation.report import Report
from rag.evaluation.run import score_replies
from rag.splitting import split_passages
from rag.types import JSON, Document, Source, Span

EVENTS = Path(__file__).parent.parent / "eval" / "newsroom"
# Questions of the quick gate (`make quick-gate`): all planted bugs are found in so many.
SAMPLE = 100
Sentences = dict[str, list[Span]]


@pytest.fixture(scope="module")
def corpus(request: pytest.FixtureRequest) -> Corpus:
    """The whole set, or a sample of it."""
    whole = load_corpus(EVENTS)
    limit = getattr(request, "param", 0)
    return replace(whole, questions=tuple(whole.part(limit=limit)))


whole_and_sample = pytest.mark.parametrize(
    "corpus", [0, SAMPLE], ids=["whole", "sample"], indirect=True
)


@pytest.fixture(scope="module")
def sentences(corpus: Corpus) -> Sentences:
    """The sentences of each article, in order."""
    found = {}
    for article in corpus.articles:
        document = Document(Source(article.document), article.text)
        spans = {s for passage in split_passages(document) for s in passage.sentences}
        found[article.document] = sorted(spans)
    return found


@pytest.fixture(scope="module")
def good(corpus: Corpus, sentences: Sentences) -> list[Recorded]:
    """A good system: the gold, but so often wrong as its confidence, which is calibrated, says.

    A wrong answer is a sentence of some article; unanswerable questions are mostly refused.
    """
    chance = random.Random(5)
    return [
        recorded(question, answer(question, corpus, sentences, chance))
        for question in corpus.questions
    ]


def recorded(question: GoldQuestion, said: JSON) -> Recorded:
    return Recorded(question.id, question.question, 0.5, {"question": question.question, **said})


def answer(
    question: GoldQuestion, corpus: Corpus, sentences: Sentences, chance: random.Random
) -> JSON:
    if not question.answerable and chance.random() < 0.9:
        return refusal(chance.uniform(0.02, 0.4))
    confidence = chance.uniform(0.5, 1) if question.answerable else 0.5
    # A little more often right than it says: the answers to the unanswerable are all wrong.
    if question.answerable and chance.random() < confidence + 0.04:
        return gold(question, confidence)
    article = chance.choice(corpus.articles)
    span = sentences[article.document][0]
    quote = article.text[span.start : span.end]
    return answered(
        [("Nobody", [GoldSpan(article.document, span.start, span.end, quote)])], confidence
    )


def gold(question: GoldQuestion, confidence: float) -> JSON:
    others = [party.text for party in question.others if party.polarity == "undecided"]
    claims = [(one.text, list(one.evidence)) for one in question.answers]
    return {
        **answered(claims, confidence, question.speaker),
        "verdict": question.yesno or None,
        "undecided": [{"text": party, "citations": [1]} for party in others],
        "disagreement": question.kind == "number" and len(claims) > 1,
    }


def answered(
    claims: list[tuple[str, list[GoldSpan]]], confidence: float, speaker: str = ""
) -> JSON:
    spans = list(dict.fromkeys(span for _, evidence in claims for span in evidence))
    return {
        "answered": True,
        "confidence": confidence,
        "claims": [
            {"text": text, "citations": [spans.index(s) + 1 for s in evidence], "speaker": speaker}
            for text, evidence in claims
        ],
        "citations": [
            {"number": n, "document": s.document, "start": s.start, "end": s.end, "quote": s.quote}
            for n, s in enumerate(spans, 1)
        ],
    }


def refusal(confidence: float) -> JSON:
    return {"answered": False, "confidence": confidence, "claims": [], "citations": []}


def changed(good: list[Recorded], bug: Callable[[JSON], JSON]) -> list[Recorded]:
    """All replies with a bug in each."""
    assert all(one.answer for one in good)
    return [replace(one, answer=bug(deepcopy(one.answer or {}))) for one in good]


@pytest.fixture(scope="module")
def run(corpus: Corpus, good: list[Recorded]) -> Report:
    return report(corpus, good)


@pytest.fixture(scope="module")
def accepted(run: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gate") / "expected.toml"
    accept(run, "newsroom", path)
    return path


def report(corpus: Corpus, replies: list[Recorded]) -> Report:
    return score_replies(corpus.questions, replies, corpus)


def gate(corpus: Corpus, replies: list[Recorded], accepted: Path) -> Gate:
    return check(report(corpus, replies), "newsroom", load_accepted(accepted)["newsroom"])


def fallen(found: Gate) -> set[str]:
    assert not found.passed
    return {one.name for one in found.fell}


# What passes


def test_an_unchanged_run_passes(corpus: Corpus, good: list[Recorded], accepted: Path) -> None:
    found = gate(corpus, good, accepted)
    assert (found.passed, found.fell, found.rose) == (True, (), ())
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["passed"] is True
    assert len(found.checked) == len(load_accepted(accepted)["newsroom"]["test"].figures) > 30


def test_a_run_within_noise_passes_and_one_beyond_it_does_not(
    corpus: Corpus, good: list[Recorded], run: Report, accepted: Path
) -> None:
    right = [
        row.question.id for row in run.rows if row.question.kind == "place" and not row.problems
    ]

    def refused(ids: list[str]) -> Gate:
        replies = [replace(one, answer=refusal(0.3)) if one.id in ids else one for one in good]
        return gate(corpus, replies, accepted)

    one = refused(right[:1])
    now = {checked.name: checked for checked in one.checked}["evidence_accuracy"]
    assert now.now is not None
    assert now.now < now.accepted.value
    assert one.passed
    every = [
        one.id
        for one, q in zip(good, corpus.questions, strict=True)
        if q.kind in ("place", "date", "fact")
    ]
    assert "wrongly_refused" in fallen(refused(every))


def test_a_better_run_passes_and_says_so(corpus: Corpus, accepted: Path) -> None:
    best = [recorded(q, gold(q, 1) if q.answerable else refusal(0)) for q in corpus.questions]
    found = gate(corpus, best, accepted)
    assert found.passed
    assert {"short_answer", "list_f1", "rightly_refused"} <= {one.name for one in found.rose}
    assert "0 of" in found.to_text()


# Planted bugs


@whole_and_sample
def test_offsets_shifted_by_one(corpus: Corpus, good: list[Recorded], accepted: Path) -> None:
    def bug(said: JSON) -> JSON:
        for citation in said["citations"]:
            citation["start"] += 1
            citation["end"] += 1
        return said

    found = gate(corpus, changed(good, bug), accepted)
    assert fallen(found) == {"offset_integrity"}
    assert found.fell[0].now == 0


def one_shifted(good: list[Recorded]) -> list[Recorded]:
    """The replies, the end of one citation one character early."""
    replies = deepcopy(good)
    first = next(one.answer for one in replies if one.answer and one.answer["citations"])
    first["citations"][0]["end"] -= 1
    return replies


@whole_and_sample
def test_one_shifted_citation_is_enough(
    corpus: Corpus, good: list[Recorded], accepted: Path
) -> None:
    replies = one_shifted(good)
    assert fallen(gate(corpus, replies, accepted)) == {"offset_integrity"}


@whole_and_sample
@pytest.mark.parametrize("step", [-1, 1])
def test_citations_of_the_neighbouring_sentence(
    corpus: Corpus, sentences: Sentences, good: list[Recorded], accepted: Path, step: int
) -> None:
    def bug(said: JSON) -> JSON:
        for citation in said["citations"]:
            spans = sentences[citation["document"]]
            here = next(n for n, span in enumerate(spans) if span.end > citation["start"])
            span = spans[(here + step) % len(spans)]
            text = corpus.document(citation["document"]).text
            citation |= {"start": span.start, "end": span.end, "quote": text[span.start : span.end]}
        return said

    found = gate(corpus, changed(good, bug), accepted)
    assert {"evidence_accuracy", "citation_precision", "evidence_recall"} <= fallen(found)
    assert "offset_integrity" not in fallen(found)


@whole_and_sample
def test_flipped_verdicts(corpus: Corpus, good: list[Recorded], accepted: Path) -> None:
    def bug(said: JSON) -> JSON:
        verdict = said.get("verdict")
        return {**said, "verdict": {"yes": "no", "no": "yes"}.get(str(verdict), verdict)}

    assert fallen(gate(corpus, changed(good, bug), accepted)) == {"short_answer", "yesno_right"}


@whole_and_sample
def test_flipped_polarity_of_lists(corpus: Corpus, good: list[Recorded], accepted: Path) -> None:
    others = {
        question.id: [party.text for party in question.others if party.polarity != "undecided"]
        for question in corpus.questions
    }
    replies = deepcopy(good)
    for one in replies:
        if one.answer and one.answer["answered"] and others[one.id]:
            one.answer["claims"] = [{"text": text, "citations": [1]} for text in others[one.id]]
    assert {"wrong_polarity", "list_f1"} <= fallen(gate(corpus, replies, accepted))


@whole_and_sample
def test_a_dropped_source(corpus: Corpus, good: list[Recorded], accepted: Path) -> None:
    """One outlet of each event is not found any more; what only it tells is refused."""

    def bug(said: JSON) -> JSON:
        lost = {c["number"] for c in said["citations"] if c["document"].endswith("-b.txt")}
        for key in ("claims", "undecided"):
            for claim in said.get(key, []):
                claim["citations"] = [n for n in claim["citations"] if n not in lost]
            said[key] = [claim for claim in said.get(key, []) if claim["citations"]]
        said["citations"] = [c for c in said["citations"] if c["number"] not in lost]
        return said if said["claims"] else refusal(said["confidence"])

    assert {"source_recall", "evidence_recall"} <= fallen(
        gate(corpus, changed(good, bug), accepted)
    )


@whole_and_sample
def test_each_answer_loses_one_of_its_sources(
    corpus: Corpus, good: list[Recorded], accepted: Path
) -> None:
    def bug(said: JSON) -> JSON:
        documents = [citation["document"] for citation in said["citations"]]
        lost = {
            c["number"]
            for c in said["citations"]
            if len(set(documents)) > 1 and c["document"] == documents[-1]
        }
        for claim in said["claims"]:
            claim["citations"] = [n for n in claim["citations"] if n not in lost] or [1]
        return said

    assert {"source_recall", "evidence_recall"} <= fallen(
        gate(corpus, changed(good, bug), accepted)
    )


@whole_and_sample
def test_always_answering(corpus: Corpus, good: list[Recorded], accepted: Path) -> None:
    article = corpus.articles[0]
    span = GoldSpan(article.document, 0, 40, article.text[:40])

    def bug(said: JSON) -> JSON:
        return said if said["answered"] else answered([("Nobody", [span])], said["confidence"])

    found = fallen(gate(corpus, changed(good, bug), accepted))
    assert {"rightly_refused", "answered_wrong", "citation_precision"} <= found


@whole_and_sample
def test_never_answering(corpus: Corpus, good: list[Recorded], accepted: Path) -> None:
    found = gate(corpus, changed(good, lambda said: refusal(said["confidence"])), accepted)
    assert {"wrongly_refused", "short_answer", "list_f1", "evidence_accuracy"} <= fallen(found)
    # What cannot be measured any more has fallen too.
    gone = {one.name: one for one in found.fell}["citation_precision"]
    assert gone.now is None
    assert gone.cells()[-1] == "–"


@whole_and_sample
def test_squared_confidences(corpus: Corpus, good: list[Recorded], accepted: Path) -> None:
    found = gate(
        corpus,
        changed(good, lambda said: {**said, "confidence": said["confidence"] ** 2}),
        accepted,
    )
    assert fallen(found) == {"calibration_error"}


def test_no_answers_at_all(corpus: Corpus, accepted: Path) -> None:
    found = fallen(gate(corpus, [], accepted))
    assert {"rightly_refused", "wrongly_refused", "auroc", "aurc", "offset_integrity"} <= found


# One figure


@pytest.mark.parametrize(
    ("name", "now", "fell", "rose"),
    [
        ("short_answer", 0.45, False, False),  # by exactly its noise
        ("short_answer", 0.4499, True, False),
        ("short_answer", 0.5501, False, True),
        ("short_answer", None, True, False),
        ("calibration_error", 0.55, False, False),
        ("calibration_error", 0.5501, True, False),
        ("calibration_error", 0.4499, False, True),
    ],
)
def test_a_figure_falls_by_more_than_its_noise(
    name: str, now: float | None, fell: bool, rose: bool
) -> None:
    one = Checked("dev", name, Figure(0.5, 0.05, 40), now)
    assert (one.fell, one.rose) == (fell, rose)


def test_the_table_of_what_fell() -> None:
    fell = Checked("dev", "aurc", Figure(0.2, 0.01, 40), 0.3)
    rose = Checked("dev", "auroc", Figure(0.8, 0.01, 40), 0.9)
    same = Checked("dev", "short_answer", Figure(0.5, 0.01, 40), 0.5)
    assert Gate("seeds", (fell, rose, same)).to_text().splitlines() == [
        "gate seeds: 1 of 3 figures fell below their accepted value by more than its noise, 1 rose",
        "",
        "fell        accepted  noise    now",
        "dev aurc −     0.200  0.010  0.300",
        "",
        "rose       accepted  noise    now",
        "dev auroc     0.800  0.010  0.900",
    ]


# The file


def test_the_file_holds_values_noise_questions_and_commit(run: Report, accepted: Path) -> None:
    test = run.by_split["test"]
    section = tomllib.loads(accepted.read_text(encoding="utf-8"))["newsroom"]["test"]
    assert section["questions"] == 343
    assert section["digest"] == digest(row.question for row in run.rows)
    assert section["commit"]
    figures = section["figures"]
    short, interval = figures["short_answer"], test.intervals["short_answer"]
    assert short["value"] == pytest.approx(test.values["short_answer"], abs=1e-6)
    assert short["noise"] == pytest.approx(interval.error, abs=1e-6)
    assert (short["better"], short["n"]) == ("higher", test.counts["short_answer"])
    assert figures["wrongly_refused"]["better"] == "lower"
    assert figures["offset_integrity"] == {
        "value": 1,
        "noise": 0,
        "better": "higher",
        "n": test.counts["offset_integrity"],
    }
    assert "yesno_majority" not in figures
    assert "comments that you add are lost" in accepted.read_text(encoding="utf-8")
    # The noise is never less than one question.
    assert all(
        f["noise"] >= 1 / f["n"] - 1e-6 for n, f in figures.items() if n != "offset_integrity"
    )


def test_accepting_a_set_keeps_the_others(run: Report, tmp_path: Path) -> None:
    path = tmp_path / "expected.toml"
    part = Report(run.rows[:40])
    accept(part, "my set", path)
    accept(run, "newsroom", path)
    first = load_accepted(path)
    assert {name: one["test"].questions for name, one in first.items()} == {
        "my set": 40,
        "newsroom": 343,
    }
    accept(Report(run.rows[:50]), "my set", path)
    again = load_accepted(path)
    assert again["my set"]["test"].questions == 50
    assert again["newsroom"] == first["newsroom"]


def test_a_gate_needs_the_questions_that_were_accepted(run: Report, accepted: Path) -> None:
    splits = load_accepted(accepted)["newsroom"]
    with pytest.raises(EvaluationError, match=r"newsroom\.test: has 342 questions .* on 343"):
        check(Report(run.rows[1:]), "newsroom", splits)
    with pytest.raises(EvaluationError, match=r"no figures are accepted for newsroom\.test"):
        check(run, "newsroom", {"dev": splits["test"]})


def renamed(report: Report, **changes: str) -> Report:
    """The report with its first question changed."""
    first = report.rows[0]
    other = replace(first, question=replace(first.question, **changes))
    return Report((other, *report.rows[1:]))


@pytest.mark.parametrize("changes", [{"id": "ev999-q01"}, {"question": "What else?"}])
def test_a_gate_needs_the_ids_and_wordings_that_were_accepted(
    run: Report, accepted: Path, changes: dict[str, str]
) -> None:
    splits = load_accepted(accepted)["newsroom"]
    assert check(Report(run.rows[::-1]), "newsroom", splits).passed  # their order is all the same
    with pytest.raises(EvaluationError, match=r"newsroom\.test: has other questions"):
        check(renamed(run, **changes), "newsroom", splits)


def test_a_gate_without_a_split_needs_all_that_were_accepted(run: Report, accepted: Path) -> None:
    one = load_accepted(accepted)["newsroom"]["test"]
    splits = {"dev": one, "test": one}
    assert check(run, "newsroom", splits, "test").passed
    with pytest.raises(EvaluationError, match=r"newsroom: has no questions of dev here"):
        check(run, "newsroom", splits)


def test_accepting_a_whole_set_drops_the_splits_that_it_lost(run: Report, tmp_path: Path) -> None:
    path = tmp_path / "expected.toml"
    accept(Report(run.rows[:40]), "set", path)
    dev = Report(tuple(replace(r, question=replace(r.question, split="dev")) for r in run.rows))
    accept(dev, "set", path, "dev")
    assert sorted(load_accepted(path)["set"]) == ["dev", "test"]
    accept(dev, "set", path)
    assert sorted(load_accepted(path)["set"]) == ["dev"]


def test_figures_of_a_run_with_failures_are_not_accepted(run: Report, tmp_path: Path) -> None:
    path = tmp_path / "expected.toml"
    failed = Report((*run.rows[:-1], replace(run.rows[-1], error="too hard")))
    with pytest.raises(EvaluationError, match=r"1 of 343 questions .* first ev\S+ \(too hard\)"):
        accept(failed, "newsroom", path)
    assert not path.exists()


def test_quotes_that_do_not_stand_at_their_place_are_not_accepted(
    corpus: Corpus, good: list[Recorded], tmp_path: Path
) -> None:
    replies = one_shifted(good)
    path = tmp_path / "expected.toml"
    with pytest.raises(EvaluationError, match=r"newsroom\.test: offset_integrity is 0\.99\d+ and"):
        accept(report(corpus, replies), "newsroom", path)
    assert not path.exists()


FIGURE = '{ value = 0.5, noise = 0.1, better = "higher", n = 9 }'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("= 7", "is not TOML"),
        ("seeds = 7", r"\[seeds\]: needs a table"),
        ("[seeds.all]\nquestions = 7", r"\[seeds\]: has no split 'all', only train, dev, test"),
        (
            "[seeds.dev]\nquestions = 7",
            r"\[seeds\.dev\]: needs 'questions', 'digest', 'commit', 'figures' and nothing else",
        ),
        (f"short_anwser = {FIGURE}", "short_anwser: there is no such measure"),
        ("short_answer = 0.5", "short_answer: needs a table"),
        (f"aurc = {FIGURE}", 'aurc: needs better = "lower"'),
        (f"auroc = {FIGURE.replace('0.1', '-0.1')}", "'noise' needs a number of at least 0"),
        (
            f"auroc = {FIGURE.replace('0.5', 'nan')}",
            "'value' needs a number of at least 0, not nan",
        ),
        (f"auroc = {FIGURE.replace('9', '9.0')}", "'n' needs a whole number"),
        (f"auroc = {FIGURE.replace('noise = 0.1, ', '')}", "'noise' needs a number .* not None"),
    ],
)
def test_a_wrong_file_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "expected.toml"
    head = '[seeds.dev]\nquestions = 7\ndigest = "d"\ncommit = "x"\n[seeds.dev.figures]\n'
    path.write_text(text if text[0] in "=s[" and "short" not in text else head + text)
    with pytest.raises(EvaluationError, match=rf"expected\.toml.*{message}"):
        load_accepted(path)


def test_a_file_that_cannot_be_read_or_written(run: Report, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="cannot be read"):
        load_accepted(tmp_path / "absent.toml")
    with pytest.raises(EvaluationError, match="cannot be written"):
        accept(run, "newsroom", tmp_path / "absent" / "expected.toml")
