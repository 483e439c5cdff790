"""The mean of weights along one training: as good as each where it is best (arXiv 2203.05482)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from rag.errors import ModelError
from rag.reader.model import TOKENIZER_FILE
from rag.training.network import new_network, save_network


def average(folders: Sequence[Path], out: Path) -> Path:
    """Write the mean of the weights in `folders` to the folder `out`, and return it.

    They have to come from each other, or from one start. Raises ModelError where one is missing.
    """
    if not folders:
        raise ModelError("no weights to average: name at least one folder")
    networks = [new_network(folder) for folder in folders]
    states = [network.state_dict() for network in networks]
    mean = {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}
    networks[0].load_state_dict(mean)
    save_network(networks[0], out)
    (out / TOKENIZER_FILE).write_bytes((folders[0] / TOKENIZER_FILE).read_bytes())
    return out
