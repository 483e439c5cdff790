"""What each source of examples adds: the same short training with all of them, and without each."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import torch

from rag.reader.model import TOKENIZER_FILE
from rag.reader.tokens import PairTokens
from rag.training.config import Stage
from rag.training.data import condaqa, polarity, squad, written
from rag.training.loop import Run, train
from rag.training.network import new_network
from rag.training.scores import (
    TorchReader,
    newsroom_scores,
    pair_score,
    span_scores,
    yesno_score,
)

ALL = "all"
# Sources that have but a few examples are left out together.
FEW = 0.02
FEW_NAME = "the small ones"
# Dev questions of each kind: about a minute on two cores.
EVENT_QUESTIONS, SQUAD_QUESTIONS, PAIRS, CONDAQA_QUESTIONS = 60, 200, 60, 150
# Heads that start from noise learn little from a few thousand examples at the rate of a long run.
LEARNING_RATE = 1e-4
WARMUP_SHARE = 0.1


def ablate(run: Run, init: Path, examples: int) -> Iterator[dict[str, object]]:
    """Train `examples` of the last stage's mix from `init`, whole and without each source.

    Every run has as many examples: the other sources fill the place of the one that is left out.
    Gives the dev scores of each, which a file in `OUT/ablation/<examples>` keeps: what has its
    scores is not trained again.
    """
    warm = max(1, round(WARMUP_SHARE * examples / run.config.batch_size))
    for name, mix in variants(run.config.stages[-1].examples, examples).items():
        folder = run.out / "ablation" / str(examples) / name.replace(" ", "-")
        kept = folder / "scores.json"
        if not kept.is_file():
            # One name for all, by which the examples are drawn: the runs share most of theirs.
            stage = Stage("ablation", LEARNING_RATE, dict(mix))
            config = replace(run.config, stages=(stage,), warmup_steps=warm, dev_minutes=0.0)
            folder.mkdir(parents=True, exist_ok=True)
            weights = train(Run(run.data, folder, config, prepared=run.out), init, 0, resume=False)
            row = {"without": name, **_scores(weights, run)}
            kept.write_text(json.dumps(row) + "\n", encoding="utf-8")
        yield json.loads(kept.read_text(encoding="utf-8"))


def variants(mix: Mapping[str, int], examples: int) -> dict[str, dict[str, int]]:
    """How many examples of each source the runs draw, by what they leave out; ALL leaves nothing.

    Sources under the share FEW are left out together.
    """
    few = {name for name, count in mix.items() if count < FEW * sum(mix.values())}
    left_out = [set[str](), *({name} for name in mix if name not in few), *([few] if few else [])]
    found = {}
    for out in left_out:
        rest = {name: count for name, count in mix.items() if name not in out}
        if not rest:
            continue
        scale = examples / sum(rest.values())
        label = FEW_NAME if out == few and few else next(iter(out), ALL)
        found[label] = {name: max(1, round(count * scale)) for name, count in rest.items()}
    return found


def _scores(weights: Path, run: Run) -> dict[str, float]:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokens = PairTokens.from_file(weights / TOKENIZER_FILE, run.config.max_length)
    reader = TorchReader(new_network(weights).to(device), tokens, device)
    seed = run.config.seed
    scores: dict[str, float] = {}
    for name, folder in (
        ("news", run.data / "newsroom/dev"),
        ("documents", written.FOLDER / "documents/dev"),
    ):
        found = newsroom_scores(reader, folder, EVENT_QUESTIONS, random.Random(seed))
        wanted = ("auroc", "cited", "evidence", "list_f1")
        scores |= {f"{name}_{key}": found[f"news_{key}"] for key in wanted}
    aside = list(squad.build_squad_dev(run.data / "squad/train.json", seed))[:SQUAD_QUESTIONS]
    scores |= {f"squad_{key}": value for key, value in span_scores(reader, aside).items()}
    scores["polarity_pairs"] = pair_score(
        reader, polarity.build_pairs(PAIRS, seed + 1, held_out=False)
    )
    asked = list(condaqa.build(run.data / "condaqa/dev.jsonl", seed, training=False))
    scores["condaqa"] = yesno_score(reader, asked[:CONDAQA_QUESTIONS])
    return {name: round(value, 3) for name, value in scores.items()}
