"""Development scores: small, quick samples that are never trained on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import torch

from rag.network import Ids
from rag.reader.decoding import Floats, PassageReading
from rag.reader.model import PassageReader
from rag.reader.tokens import PairTokens
from rag.training.data import condaqa, newsroom, polarity, squad
from rag.training.example import YESNO_LABELS, Example, Range
from rag.training.measures import auroc, f1, mean
from rag.training.network import ReaderNetwork
from rag.training.windows import tile

# Questions of each set, for about a minute on two cores.
NEWSROOM_QUESTIONS = 40
SQUAD_QUESTIONS = 80
POLARITY_PAIRS = 30
CONDAQA_QUESTIONS = 40
# Characters of a dev window: the middle of what is trained on.
WINDOW_CHARS = 500


class TorchReader(PassageReader):
    """The network in training, read with the product's own code."""

    def __init__(self, network: ReaderNetwork, tokens: PairTokens, device: torch.device) -> None:
        def run(ids: Ids, attention: Ids, segments: Ids) -> tuple[Floats, Floats]:
            network.eval()
            rows = [torch.from_numpy(a).to(device) for a in (ids, attention, segments)]
            with torch.inference_mode():
                token_logits, verdicts = network(*rows)
            return token_logits.float().cpu().numpy(), verdicts.float().cpu().numpy()

        super().__init__(tokens, run)


def read_examples(reader: PassageReader, examples: Sequence[Example]) -> list[PassageReading]:
    """The reading of each example's context."""
    return [reader.read(e.question, [e.context], [e.sentences], [e.title])[0] for e in examples]


def dev_scores(reader: PassageReader, data: Path, seed: int) -> dict[str, float]:
    """All development scores, by name; higher is better."""
    rng = random.Random(seed)
    scores = newsroom_scores(reader, data / "newsroom/dev", NEWSROOM_QUESTIONS, rng)
    aside = list(squad.build_squad_dev(data / "squad/train.json", seed))[:SQUAD_QUESTIONS]
    scores |= {f"squad_{k}": v for k, v in span_scores(reader, aside).items()}
    pairs = polarity.build_pairs(POLARITY_PAIRS, seed + 1, held_out=False)
    scores["polarity_pairs"] = pair_score(reader, pairs)
    asked = list(condaqa.build(data / "condaqa/dev.jsonl", seed, training=False))
    scores["condaqa"] = yesno_score(reader, asked[:CONDAQA_QUESTIONS])
    return scores


def span_scores(reader: PassageReader, examples: Sequence[Example]) -> dict[str, float]:
    """F1 of the forced span on answerable ones, and AUROC of answerability by both scores."""
    readings = read_examples(reader, examples)
    labels = [e.answerable for e in examples]
    forced = [
        best_f1(example, reading)
        for example, reading in zip(examples, readings, strict=True)
        if example.answerable
    ]
    return {
        "forced_f1": mean(forced),
        "auroc_span": auroc([top_score(r) for r in readings], labels),
        "auroc_answerable": auroc([r.answerable for r in readings], labels),
    }


def top_score(reading: PassageReading) -> float:
    """The best span's score; far below any where there is none."""
    return reading.spans[0].score if reading.spans else -100.0


def best_f1(example: Example, reading: PassageReading) -> float:
    """F1 of the best span against the nearest of the right answers."""
    if not reading.spans:
        return 0.0
    top = reading.spans[0]
    said = example.context[top.start : top.end]
    return max(f1(said, example.context[start:end]) for start, end in example.spans)


def pair_score(reader: PassageReader, pairs: Sequence[tuple[Example, Example]]) -> float:
    """The share of pairs where the best span names a right party for both questions."""
    return mean([float(all(_names_right(reader, example) for example in pair)) for pair in pairs])


def _names_right(reader: PassageReader, example: Example) -> bool:
    spans = read_examples(reader, [example])[0].spans
    return bool(spans) and hits((spans[0].start, spans[0].end), example.spans)


def hits(span: Range, gold: Sequence[Range]) -> bool:
    """Whether a span overlaps one of the right ones."""
    return any(span[0] < end and start < span[1] for start, end in gold)


def yesno_score(reader: PassageReader, examples: Sequence[Example]) -> float:
    """The share of yes-no questions that are answered right."""
    return mean(
        [
            float(YESNO_LABELS[r.yesno.index(max(r.yesno))] == e.yesno)
            for e, r in zip(examples, read_examples(reader, examples), strict=True)
        ]
    )


def newsroom_scores(
    reader: PassageReader, folder: Path, count: int, rng: random.Random
) -> dict[str, float]:
    """Reads every window of a question's event; scores by window, and the event's best window."""
    asked = [(e, q) for e in newsroom.read_events(folder) for q in e.questions]
    windows: list[tuple[Example, PassageReading]] = []
    cited, listed, yesno = [], [], []
    for event, question in rng.sample(asked, k=min(count, len(asked))):
        examples = _event_windows(event, question)
        readings = reader.read(
            question.text,
            [e.context for e in examples],
            [e.sentences for e in examples],
            [e.title for e in examples],
        )
        pairs = list(zip(examples, readings, strict=True))
        windows += pairs
        if not question.gold:
            continue
        best, reading = max(pairs, key=lambda pair: pair[1].answerable + top_score(pair[1]))
        if question.yesno:
            said = YESNO_LABELS[reading.yesno.index(max(reading.yesno))]
            yesno.append(float(best.answerable and said == question.yesno))
        else:
            spans = [(s.start, s.end) for s in reading.spans[:1]]
            cited.append(float(any(hits(span, best.spans) for span in spans)))
        if question.polarity:
            listed.append(_list_f1(pairs))
    right = [(e, r) for e, r in windows if e.answerable]
    plain = [(e, r) for e, r in right if not e.yesno]
    labels = [e.answerable for e, _ in windows]
    return {
        "news_auroc": auroc([r.answerable for _, r in windows], labels),
        "news_auroc_span": auroc([top_score(r) for _, r in windows], labels),
        "news_f1": mean([best_f1(e, r) for e, r in plain]),
        "news_evidence": mean(
            [float(e.evidence[r.sentences.index(max(r.sentences))]) for e, r in right]
        ),
        "news_cited": mean(cited),
        "news_list_f1": mean(listed),
        "news_yesno": mean(yesno),
    }


def _event_windows(event: newsroom.Event, question: newsroom.Question) -> list[Example]:
    found = []
    for article in event.articles:
        for window in tile(article.text, WINDOW_CHARS):
            example = newsroom.label(question, article, window)
            if example is not None:
                found.append(newsroom.titled(example, article.title))
    return found


def _list_f1(pairs: Sequence[tuple[Example, PassageReading]]) -> float:
    """F1 of the tagged runs of the windows that the reader holds to answer."""
    right = said = found = 0
    for example, reading in pairs:
        runs = [(r.start, r.end) for r in reading.tagged] if reading.answerable > 0 else []
        said += len(runs)
        right += sum(hits(run, example.spans) for run in runs)
        found += sum(hits(span, runs) for span in example.spans)
    gold = sum(len(e.spans) for e, _ in pairs)
    if not said or not gold:
        return 0.0
    precision, recall = right / said, found / gold
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
