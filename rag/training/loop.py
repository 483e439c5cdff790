"""The training loop: resumable, on one GPU or on a few CPU cores, with a log and dev scores."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from rag.reader.tokens import PairTokens
from rag.training.config import Config, Stage
from rag.training.features import Feature, batches, collate, encode
from rag.training.mix import draw
from rag.training.network import ReaderNetwork, losses, new_network, save_network
from rag.training.scores import TorchReader, dev_scores

LOG_EVERY = 20
CHECKPOINT = "checkpoint.pt"
# The mean of the dev scores that choose the best weights: what the product asks of the reader.
CHOSEN_BY = ("news_cited", "news_auroc", "news_list_f1", "squad_forced_f1", "squad_auroc_span")


@dataclass(slots=True)
class Progress:
    """Where a stage stands: batches done, seconds of training, best dev score."""

    step: int = 0
    seconds: float = 0.0
    best: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """What a training run works with; `minutes` ends each stage early, 0 never does.

    The examples are those in the folder where they were `prepared`, by default `out`.
    """

    data: Path
    out: Path
    config: Config
    minutes: float = 0.0
    prepared: Path | None = None


def train(run: Run, init: Path, first_stage: int, *, resume: bool) -> Path:
    """Run the stages from `first_stage` on and return the folder of the final weights."""
    folder = init
    for number in range(first_stage, len(run.config.stages)):
        stage = run.config.stages[number]
        done = run.out / f"stage-{number + 1}-{stage.name}"
        if not (resume and (done / "config.json").is_file()):
            _Trainer(run, stage, folder, init).train(done, resume=resume)
        folder = done
    return folder


class _Trainer:
    def __init__(self, run: Run, stage: Stage, folder: Path, tokenizer: Path) -> None:
        self._run, self._stage, self._config = run, stage, run.config
        torch.manual_seed(run.config.seed)
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._network = new_network(folder).to(self._device)
        if self._device.type == "cpu":
            # The fused operator is slower than its parts there.
            self._network.bert.set_attn_implementation("eager")
        self._tokens = PairTokens.from_file(_tokenizer(folder, tokenizer), run.config.max_length)
        self._tokenizer = _tokenizer(folder, tokenizer)
        self._optimizer = _optimizer(self._network, run.config, stage)
        self._bf16 = _use_bf16(run.config.precision, self._device)
        self._progress = Progress()

    def train(self, done: Path, *, resume: bool) -> None:
        """Train the stage, save as it goes and write the final weights to `done`."""
        examples = draw(self._run.prepared or self._run.out, self._stage, self._config.seed)
        features = [f for f in (encode(self._tokens, e) for e in examples) if f is not None]
        total = -(-len(features) // self._config.batch_size)
        checkpoint = self._run.out / CHECKPOINT
        if resume and checkpoint.is_file():
            self._load(checkpoint)
        self._log("start", examples=len(features), batches=total, bf16=self._bf16,
                  device=str(self._device), step=self._progress.step)  # fmt: skip
        self._steps(features, total, checkpoint)
        if self._config.dev_minutes:
            self._dev()
        self._save_weights(done)
        checkpoint.unlink(missing_ok=True)

    def _steps(self, features: list[Feature], total: int, checkpoint: Path) -> None:
        config, progress = self._config, self._progress
        rows = _skip(batches(features, config.batch_size, config.seed), progress.step)
        saved = scored = progress.seconds
        sums: dict[str, float] = {}
        summed = 0
        for batch in rows:
            began = time.monotonic()
            share = self._share(total)
            if share >= 1:
                break
            for name, value in self._step(batch, share).items():
                sums[name] = sums.get(name, 0.0) + value
            summed += 1
            progress.step += 1
            progress.seconds += time.monotonic() - began
            if progress.step % LOG_EVERY == 0:
                rate = progress.step * config.batch_size / progress.seconds
                means = {name: value / summed for name, value in sums.items()}
                self._log("loss", step=progress.step, share=share, per_second=rate, **means)
                sums, summed = {}, 0
            if progress.seconds - saved > config.save_minutes * 60:
                self._save(checkpoint)
                saved = progress.seconds
            if config.dev_minutes and progress.seconds - scored > config.dev_minutes * 60:
                self._dev()
                self._save(checkpoint)
                scored = progress.seconds

    def _share(self, total: int) -> float:
        """How much of the stage is done, by batches or by the time that is allowed."""
        by_steps = self._progress.step / total
        allowed = self._run.minutes * 60
        return max(by_steps, self._progress.seconds / allowed if allowed else 0.0)

    def _step(self, rows: list[Feature], share: float) -> dict[str, float]:
        warm = min(1.0, (self._progress.step + 1) / self._config.warmup_steps)
        for group in self._optimizer.param_groups:
            group["lr"] = group["peak"] * warm * (1 - share)
        self._network.train()
        batch = collate(rows, self._tokens.pad).to(self._device)
        with torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=self._bf16):
            tokens, window = self._network(batch.ids, batch.attention, batch.segments)
        parts = losses(tokens, window, batch)
        weights = self._config.loss
        total = sum((getattr(weights, name) * value for name, value in parts.items()),
                    start=tokens.new_zeros(()).float())  # fmt: skip
        total.backward()
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), self._config.gradient_norm)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        return {name: float(value.detach()) for name, value in parts.items()}

    def _dev(self) -> None:
        """Log the dev scores and keep the weights if they are the best so far."""
        reader = TorchReader(self._network, self._tokens, self._device)
        scores = dev_scores(reader, self._run.data, self._config.seed)
        chosen = sum(scores[name] for name in CHOSEN_BY) / len(CHOSEN_BY)
        self._log("dev", step=self._progress.step, chosen=chosen, **scores)
        if chosen > self._progress.best:
            self._progress.best = chosen
            self._save_weights(self._run.out / "best")

    def _save_weights(self, folder: Path) -> None:
        save_network(self._network, folder)
        (folder / "tokenizer.json").write_bytes(self._tokenizer.read_bytes())

    def _save(self, path: Path) -> None:
        """Write the checkpoint beside the old one and swap, so that a stop leaves a whole file."""
        progress = self._progress
        state = {
            "stage": self._stage.name,
            "network": self._network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "random": torch.get_rng_state(),
            "progress": (progress.step, progress.seconds, progress.best),
        }
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def _load(self, path: Path) -> None:
        state = torch.load(path, map_location=self._device, weights_only=True)
        if state["stage"] != self._stage.name:
            return
        self._network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"].cpu())
        self._progress = Progress(*state["progress"])

    def _log(self, event: str, **values: Any) -> None:
        row = {"event": event, "stage": self._stage.name, **values}
        row = {k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()}
        row["minutes"] = round(self._progress.seconds / 60, 2)
        with (self._run.out / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def _tokenizer(folder: Path, fallback: Path) -> Path:
    path = folder / "tokenizer.json"
    return path if path.is_file() else fallback / "tokenizer.json"


def _optimizer(network: ReaderNetwork, config: Config, stage: Stage) -> torch.optim.AdamW:
    encoder = list(network.bert.parameters())
    known = {id(p) for p in encoder}
    heads = [p for p in network.parameters() if id(p) not in known]
    rates = ((encoder, stage.learning_rate), (heads, stage.learning_rate * config.head_rate))
    return torch.optim.AdamW(
        [{"params": group, "lr": rate, "peak": rate} for group, rate in rates],
        weight_decay=config.weight_decay,
        fused=True,
    )


def _use_bf16(precision: str, device: torch.device) -> bool:
    """Emulated bf16 is twenty times slower than fp32 (measured): only where it is in hardware."""
    if precision != "auto":
        return precision == "bf16"
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    cpu = torch.cpu
    return bool(cpu._is_avx512_bf16_supported() or cpu._is_amx_tile_supported())


def _skip(rows: Iterator[list[Feature]], count: int) -> Iterator[list[Feature]]:
    for number, batch in enumerate(rows):
        if number >= count:
            yield batch
