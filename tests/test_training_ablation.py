"""The ablation of the sources: which trainings it makes, and that it goes on after a stop."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag.training import ablation
from rag.training.config import PACKAGED, Stage, read_config
from rag.training.loop import Run

MIX = {"news": 600, "squad": 380, "qed": 12, "choice": 8}


def test_every_training_has_as_many_examples_and_lacks_one_source() -> None:
    found = ablation.variants(MIX, 1000)
    assert list(found) == ["all", "news", "squad", "the small ones"]
    assert found["all"] == MIX
    assert found["news"] == {"squad": 950, "qed": 30, "choice": 20}
    assert found["the small ones"] == {"news": 612, "squad": 388}


def test_no_source_is_lost_by_rounding() -> None:
    assert ablation.variants(MIX, 10)["all"] == {"news": 6, "squad": 4, "qed": 1, "choice": 1}


def test_a_stopped_ablation_trains_only_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[tuple[Stage, float, Path | None]] = []

    def train(run: Run, _init: Path, _first: int, *, resume: bool) -> Path:
        assert not resume
        trained.append((run.config.stages[0], run.config.dev_minutes, run.prepared))
        return run.out / str(len(trained))

    monkeypatch.setattr(ablation, "train", train)
    monkeypatch.setattr(ablation, "_scores", lambda weights, _: {"f1": float(weights.name)})
    config = replace(read_config(PACKAGED), stages=(Stage("mix", 1e-5, MIX),))
    run = Run(tmp_path, tmp_path, config)
    first = ablation.ablate(run, tmp_path, 1000)
    assert [next(first), next(first)] == [
        {"without": "all", "f1": 1.0},
        {"without": "news", "f1": 2.0},
    ]
    rows = list(ablation.ablate(run, tmp_path, 1000))
    assert [row["without"] for row in rows] == ["all", "news", "squad", "the small ones"]
    assert [set(MIX) - set(stage.examples) for stage, _, _ in trained] == [
        set(),
        {"news"},
        {"squad"},
        {"qed", "choice"},
    ]
    # The examples come from where they were prepared, and no dev scores are made on the way.
    assert {(minutes, folder) for _, minutes, folder in trained} == {(0.0, tmp_path)}
    # Another number of examples is another ablation.
    next(ablation.ablate(run, tmp_path, 500))
    assert len(trained) == 5


def test_of_one_source_only_the_whole_is_trained() -> None:
    assert list(ablation.variants({"news": 600}, 100)) == ["all"]
