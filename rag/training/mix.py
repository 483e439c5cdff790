"""The training mix: which builders read which files, and the draw of examples for a stage."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from rag.errors import ModelError
from rag.training.clean import Forbidden, read_forbidden
from rag.training.config import Stage
from rag.training.data import condaqa, newsroom, polarity, sentences, squad, written, yesno
from rag.training.example import Example, read_examples, write_examples

# Passes over the newsroom's questions, each with other windows and negatives.
NEWSROOM_PASSES = 3
POLARITY_EXAMPLES = 20_000


def _yesno(data: Path, seed: int) -> Iterator[Example]:
    """Yes-no questions made from every source of questions with one answer."""
    sources = (
        squad.build_squad(data / "squad/train.json", seed),
        squad.build_shifts(data / "squadshifts", seed),
        newsroom.build(data / "newsroom/train", 1, seed),
    )
    return yesno.build(itertools.chain(*sources), seed)


Builder = Callable[[Path, int], Iterator[Example]]

# Each builder reads only files that may be trained on: never squad/test.json, wikiqa, trecqa,
# scifact, newsroom/test or condaqa/dev.
BUILDERS: dict[str, Builder] = {
    "newsroom": lambda data, seed: newsroom.build(data / "newsroom/train", NEWSROOM_PASSES, seed),
    "squad": lambda data, seed: squad.build_squad(data / "squad/train.json", seed),
    "squadshifts": lambda data, seed: squad.build_shifts(data / "squadshifts", seed),
    "polarity": lambda _, seed: polarity.build(POLARITY_EXAMPLES, seed),
    "condaqa": lambda data, seed: condaqa.build(data / "condaqa/train.jsonl", seed),
    "yesno": _yesno,
    "choice": sentences.build_choice,
    "qed": lambda data, seed: sentences.build_qed(data / "qed/qed-dev.jsonlines", seed),
    "written_paragraphs": lambda data, seed: written.build_paragraphs(
        written.FOLDER / "paragraphs", data, seed
    ),
    "written_news": lambda _, seed: written.build_news(written.FOLDER / "news", seed),
    "written_documents": lambda _, seed: written.build_documents(
        written.FOLDER / "documents", seed
    ),
    "written_stories": lambda _, seed: written.build_news(written.FOLDER / "stories", seed),
    "written_encyclopaedia": lambda _, seed: written.build_news(
        written.FOLDER / "encyclopaedia", seed
    ),
    "multispanqa": lambda data, seed: sentences.build_multispan(
        data / "multispanqa/train.json", seed
    ),
}


def prepare(data: Path, out: Path, seed: int) -> dict[str, int]:
    """Write every source's examples under `out/mix` and return their counts.

    Examples that overlap a test set are left out.
    """
    folder = out / "mix"
    folder.mkdir(parents=True, exist_ok=True)
    forbidden = read_forbidden(data)
    return {
        name: write_examples(folder / f"{name}.jsonl", allowed(name, data, seed, forbidden))
        for name in BUILDERS
    }


def allowed(name: str, data: Path, seed: int, forbidden: Forbidden) -> Iterator[Example]:
    """A source's examples without those that overlap a test set."""
    return (e for e in BUILDERS[name](data, seed) if not forbidden.overlaps(e))


def draw(out: Path, stage: Stage, seed: int) -> list[Example]:
    """The stage's examples, shuffled within each source; depends on the seed only."""
    drawn = []
    for name, count in stage.examples.items():
        path = out / "mix" / f"{name}.jsonl"
        if not path.is_file():
            made = "prepare" if name in BUILDERS else "mine"
            raise ModelError(f"{path}: is missing; run `python -m rag.training {made}` first")
        examples = list(read_examples(path))
        if not examples:
            raise ModelError(f"{path}: holds no example")
        rng = random.Random(f"{seed}-{stage.name}-{name}")
        while count > 0:
            drawn += rng.sample(examples, k=min(count, len(examples)))
            count -= len(examples)
    return drawn
