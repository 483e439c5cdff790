"""The training's configuration: one TOML file, read into dataclasses."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import ModelError
from rag.training.network import LossWeights

PACKAGED = Path(__file__).with_name("reader.toml")


@dataclass(frozen=True, slots=True)
class Stage:
    """A run over a mix of sources: how many examples of each, at which peak learning rate."""

    name: str
    learning_rate: float
    examples: dict[str, int]


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that the training's result depends on besides the data."""

    seed: int
    max_length: int
    batch_size: int
    precision: str
    weight_decay: float
    warmup_steps: int
    gradient_norm: float
    head_rate: float
    save_minutes: float
    dev_minutes: float
    loss: LossWeights
    stages: tuple[Stage, ...]


def read_config(path: Path) -> Config:
    """Read a configuration; raises ModelError where a key is missing or not known."""
    row: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        loss = LossWeights(**row.pop("loss"))
        stages = tuple(Stage(**stage) for stage in row.pop("stage"))
        return Config(loss=loss, stages=stages, **row)
    except (KeyError, TypeError) as error:
        raise ModelError(f"{path}: is not a training configuration ({error})") from error
