"""The network: the MiniLM encoder and three small heads, for tokens, the window and yes or no."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional
from transformers import BertConfig, BertModel

from rag.errors import ModelError
from rag.reader.model import GRAPH_FILE
from rag.training.example import YESNO_LABELS
from rag.training.features import UNKNOWN, Batch
from rag.training.restore import PARTS, restore

TOKEN_LABELS = ("start", "end", "tag", "evidence")
WINDOW_LABELS = ("answerable", *YESNO_LABELS)
WEIGHTS_FILE = "model.safetensors"
# Sentences and answers are rare among tokens: a right one counts for this many wrong ones.
TAG_POSITIVE_WEIGHT = 3.0
EVIDENCE_POSITIVE_WEIGHT = 2.0
_FAR = -1e4  # a logit that no softmax notices, safe in half precision


class ReaderNetwork(nn.Module):
    """Token logits (B, T, 4) and window logits (B, 4), see TOKEN_LABELS and WINDOW_LABELS."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        # Drawing a number for each pair of tokens takes a seventh of a step on a processor.
        config.attention_probs_dropout_prob = 0.0
        self.bert = BertModel(config, add_pooling_layer=False)
        width = config.hidden_size
        self.token_head = nn.Linear(width, len(TOKEN_LABELS))
        self.window_dense = nn.Linear(width, width)
        self.window_head = nn.Linear(width, 1)
        self.yesno_dense = nn.Linear(width, width)
        # The attention that a token gets, and its vote for each of yes, no and unclear.
        self.yesno_head = nn.Linear(width, 1 + len(YESNO_LABELS))
        self.dropout = nn.Dropout(0.1)

    def forward(
        self, ids: torch.Tensor, attention: torch.Tensor, segments: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of a padded batch."""
        states = self.bert(
            input_ids=ids, attention_mask=attention, token_type_ids=segments
        ).last_hidden_state
        first = self.dropout(torch.tanh(self.window_dense(states[:, 0])))
        votes = self.yesno_head(self.dropout(torch.tanh(self.yesno_dense(states))))
        share = votes[..., :1].masked_fill(attention[..., None] == 0, _FAR).softmax(1)
        yesno = (share * votes[..., 1:]).sum(1)
        return self.token_head(states), torch.cat((self.window_head(first), yesno), 1)


def new_network(folder: Path) -> ReaderNetwork:
    """A network on the encoder in `folder`: MiniLM, a span reader on it, or one of our own.

    One of our own may be trained weights or the reader that ships.
    Heads that the folder has are taken over, the others start from noise. Raises ModelError.
    """
    weights = folder / WEIGHTS_FILE
    if not weights.is_file() and (folder / GRAPH_FILE).is_file():
        config, state = restore(folder)
        network = ReaderNetwork(config)
        lost, _ = network.load_state_dict(state, strict=False)
        if lost:
            raise ModelError(f"{folder / GRAPH_FILE}: has no {lost[0]}; it cannot be trained on")
        return network
    if not weights.is_file():
        raise ModelError(f"{folder}: no {WEIGHTS_FILE}; give a folder with a BERT encoder")
    known = set(BertConfig().to_dict())
    row: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    network = ReaderNetwork(BertConfig(**{k: v for k, v in row.items() if k in known}))
    state = {_renamed(name): value.float() for name, value in load_file(weights).items()}
    shapes = {name: value.shape for name, value in network.state_dict().items()}
    # A head of another shape is an older one: it starts anew.
    state = {k: v for k, v in state.items() if k not in shapes or v.shape == shapes[k]}
    span_weight, span_bias = state.pop("qa.weight", None), state.pop("qa.bias", None)
    missing, _ = network.load_state_dict(state, strict=False)
    if any(name.startswith("bert.encoder") for name in missing):
        raise ModelError(f"{weights}: is not a BERT encoder, {missing[0]} is missing")
    if span_weight is not None and span_bias is not None:
        with torch.no_grad():
            network.token_head.weight[:2] = span_weight
            network.token_head.bias[:2] = span_bias
    return network


def _renamed(name: str) -> str:
    """A weight's name in ReaderNetwork."""
    if name.startswith("qa_outputs."):
        return name.replace("qa_outputs.", "qa.")
    return name if name.startswith(PARTS) else f"bert.{name}"


def save_network(network: ReaderNetwork, folder: Path) -> None:
    """Write weights and configuration, so that `new_network` reads them back."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {
        name: value.detach().cpu().contiguous() for name, value in network.state_dict().items()
    }
    save_file(state, folder / WEIGHTS_FILE)
    config = network.bert.config.to_dict()
    (folder / "config.json").write_text(json.dumps(config, indent=1, default=str), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class LossWeights:
    """How much each head's loss counts."""

    span: float
    tag: float
    evidence: float
    answerable: float
    yesno: float


def losses(tokens: torch.Tensor, window: torch.Tensor, batch: Batch) -> dict[str, torch.Tensor]:
    """The mean loss of each head over the rows that teach it, weighted by row."""
    start, end, tag, evidence = tokens.float().unbind(-1)
    window = window.float()
    readable = batch.context.clone()
    readable[:, 0] = 1  # the no-answer place
    span = _marginal(start, batch.starts, readable) + _marginal(end, batch.ends, readable)
    tags = functional.binary_cross_entropy_with_logits(
        tag, batch.tags, reduction="none", pos_weight=tag.new_tensor(TAG_POSITIVE_WEIGHT)
    )
    tags = (tags * batch.context).sum(1) / batch.context.sum(1).clamp(min=1)
    answer = functional.binary_cross_entropy_with_logits(
        window[:, 0], batch.answerable.clamp(min=0), reduction="none"
    )
    yesno = functional.cross_entropy(window[:, 1:], batch.yesno.clamp(min=0), reduction="none")
    scores, support = _evidence(evidence, batch)
    return {
        "span": _mean(span / 2, batch.spans * batch.weight),
        "tag": _mean(tags, batch.tagged * batch.weight),
        "evidence": _mean(scores, support * batch.weight),
        "answerable": _mean(answer, (batch.answerable != UNKNOWN) * batch.weight),
        "yesno": _mean(yesno, (batch.yesno != UNKNOWN) * batch.weight),
    }


def _marginal(logits: torch.Tensor, right: torch.Tensor, readable: torch.Tensor) -> torch.Tensor:
    """Minus the log of the probability that any of the right places is chosen."""
    masked = logits.masked_fill(readable == 0, _FAR)
    return masked.logsumexp(1) - masked.masked_fill(right == 0, _FAR).logsumexp(1)


def sentence_means(logits: torch.Tensor, sentence_of: torch.Tensor, count: int) -> torch.Tensor:
    """The mean logit (B, count) of each sentence's tokens; 0 where a sentence has none."""
    inside = (sentence_of != UNKNOWN).float()
    index = sentence_of.clamp(min=0)
    zeros = logits.new_zeros(len(logits), count)
    total = zeros.scatter_add(1, index, logits * inside)
    return total / zeros.scatter_add(1, index, inside).clamp(min=1)


def _evidence(logits: torch.Tensor, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean loss over each row's sentences, and whether the row has any."""
    means = sentence_means(logits, batch.sentence_of, batch.evidence.shape[1])
    known = (batch.evidence != UNKNOWN).float()
    loss = functional.binary_cross_entropy_with_logits(
        means,
        batch.evidence.clamp(min=0),
        reduction="none",
        pos_weight=means.new_tensor(EVIDENCE_POSITIVE_WEIGHT),
    )
    return (loss * known).sum(1) / known.sum(1).clamp(min=1), (known.sum(1) > 0).float()


def _mean(values: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    return (values * weights).sum() / weights.sum().clamp(min=1)
