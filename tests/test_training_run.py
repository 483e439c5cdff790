"""Training, export and reading with a tiny random network: a few seconds, the real code."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from transformers import BertConfig

import rag.training.loop as loop
from rag.errors import ModelError
from rag.reader.model import CARD_FILE, GRAPH_FILE, TOKENIZER_FILE, ReaderModel
from rag.reader.tokens import MAX_QUESTION_TOKENS, PairTokens
from rag.training.average import average
from rag.training.config import PACKAGED, Config, Stage, read_config
from rag.training.data import polarity
from rag.training.example import write_examples
from rag.training.export import FORMS, export
from rag.training.features import UNKNOWN, batches, collate, encode
from rag.training.mix import BUILDERS
from rag.training.network import ReaderNetwork, losses, new_network, save_network, sentence_means
from rag.training.scores import TorchReader

MAX_LENGTH = 256
PASSAGES = ["Oslo signed. Kell refused to sign.", "", "It rained. " * 120]
SENTENCES = [[(0, 12), (13, 34)], [], [(0, 10), (1309, 1319)]]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random network of two narrow layers with a tokenizer of letters and a few words."""
    folder = tmp_path_factory.mktemp("weights")
    letters = [chr(c) for c in range(33, 127)]
    words = ["oslo", "kell", "signed", "refused", "to", "who", "rained", "it"]
    vocabulary = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        *letters,
        *(f"##{c}" for c in letters),
        *words,
    ]
    tokenizer = Tokenizer(
        WordPiece({word: number for number, word in enumerate(dict.fromkeys(vocabulary))},
                  unk_token="[UNK]")
    )  # fmt: skip
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=2,
        num_attention_heads=2, intermediate_size=64, max_position_embeddings=MAX_LENGTH,
        initializer_range=0.3,
    )  # fmt: skip
    save_network(ReaderNetwork(config), folder)
    return folder


@pytest.fixture(scope="module")
def shipped(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shipped")
    export(weights, folder, "fp32", MAX_LENGTH)
    return folder


def torch_reader(weights: Path) -> TorchReader:
    tokens = PairTokens.from_file(weights / "tokenizer.json", MAX_LENGTH)
    return TorchReader(new_network(weights), tokens, torch.device("cpu"))


def test_the_shipped_reader_scores_as_the_trained_one(weights: Path, shipped: Path) -> None:
    trained = torch_reader(weights).read("Who signed?", PASSAGES, SENTENCES)
    read = ReaderModel(shipped, 1).read("Who signed?", PASSAGES, SENTENCES)
    assert len(read) == len(trained) == 3
    for ours, theirs in zip(read, trained, strict=True):
        assert [(s.start, s.end) for s in ours.spans] == [(s.start, s.end) for s in theirs.spans]
        assert [s.score for s in ours.spans] == pytest.approx(
            [s.score for s in theirs.spans], abs=1e-3
        )
        assert ours.answerable == pytest.approx(theirs.answerable, abs=1e-3)
        assert ours.sentences == pytest.approx(theirs.sentences, abs=1e-3)
        assert ours.yesno == pytest.approx(theirs.yesno, abs=1e-3)


@pytest.mark.parametrize("form", [form for form in FORMS if form != "fp32"])
def test_smaller_forms_stay_near(form: str, shipped: Path, weights: Path, tmp_path: Path) -> None:
    card = export(weights, tmp_path, form, MAX_LENGTH)
    assert card["form"] == form
    exact = ReaderModel(shipped, 1).read("Who signed?", PASSAGES[:1], SENTENCES[:1])[0]
    near = ReaderModel(tmp_path, 1).read("Who signed?", PASSAGES[:1], SENTENCES[:1])[0]
    # Random weights of 0.3 make logits of several units; rounding moves them by a fraction.
    assert near.answerable == pytest.approx(exact.answerable, abs=0.3)
    assert near.sentences == pytest.approx(exact.sentences, abs=0.3)
    assert (tmp_path / GRAPH_FILE).stat().st_size < (shipped / GRAPH_FILE).stat().st_size


@pytest.mark.parametrize("form", ["stored8", "fp16", "fp32"])
def test_training_can_start_from_a_reader_that_ships(
    form: str, weights: Path, tmp_path: Path
) -> None:
    # Trained biases and norms all differ; those of the fixture are zeros and ones.
    network = new_network(weights)
    for value in network.parameters():
        torch.nn.init.normal_(value.data, std=0.3)
    save_network(network, tmp_path / "trained")
    (tmp_path / "trained" / TOKENIZER_FILE).write_bytes((weights / TOKENIZER_FILE).read_bytes())
    card = export(tmp_path / "trained", tmp_path, form, MAX_LENGTH)
    restored = new_network(tmp_path)
    assert restored.bert.config.num_attention_heads == 2
    trained = network.state_dict()
    assert set(restored.state_dict()) == set(trained)
    furthest = max(
        float((value - trained[name]).abs().max()) for name, value in restored.state_dict().items()
    )
    assert furthest <= {"stored8": 0.01, "fp16": 0.001, "fp32": 0.0}[form]
    # Exported again it is the same graph to the byte: nothing is lost from one run to the next.
    assert export(tmp_path, tmp_path / "again", form, MAX_LENGTH)["sha256"] == card["sha256"]


def test_a_reader_with_products_in_integers_cannot_be_trained_on(
    weights: Path, tmp_path: Path
) -> None:
    export(weights, tmp_path, "int8", MAX_LENGTH)
    with pytest.raises(ModelError, match="exported as stored8, fp16 or fp32"):
        new_network(tmp_path)
    (tmp_path / GRAPH_FILE).write_bytes(b"\xff" * 99)
    with pytest.raises(ModelError, match="cannot be read as a graph"):
        new_network(tmp_path)


def test_readings_do_not_depend_on_the_other_passages(shipped: Path) -> None:
    reader = ReaderModel(shipped, 1)
    together = reader.read("Who signed?", PASSAGES, SENTENCES)
    alone = [
        reader.read("Who signed?", [p], [s])[0] for p, s in zip(PASSAGES, SENTENCES, strict=True)
    ]
    for one, other in zip(together, alone, strict=True):
        assert one.answerable == pytest.approx(other.answerable, abs=1e-4)
        assert [s.start for s in one.spans] == [s.start for s in other.spans]


def test_no_passages_no_readings(shipped: Path) -> None:
    assert ReaderModel(shipped, 1).read("Who signed?", [], []) == []


def test_a_long_passage_is_read_to_its_end(shipped: Path) -> None:
    reading = ReaderModel(shipped, 1).read("Who?", PASSAGES[2:], SENTENCES[2:])[0]
    assert len(reading.sentences) == 2
    assert all(score > -20.0 for score in reading.sentences)
    windows = PairTokens.from_file(shipped / TOKENIZER_FILE, MAX_LENGTH).windows(
        "Who?", PASSAGES[2:]
    )
    assert len(windows[0]) > 1
    assert windows[0][-1].offsets[-1] == (1318, 1319)
    assert all(len(window.ids) <= MAX_LENGTH for window in windows[0])
    starts = [window.offsets[0][0] for window in windows[0]]
    ends = [window.offsets[-1][1] for window in windows[0]]
    assert all(start < end for start, end in zip(starts[1:], ends, strict=False))


def test_a_long_question_is_cut_and_said_to_be(shipped: Path) -> None:
    reader = ReaderModel(shipped, 1)
    asked = "who " * (MAX_QUESTION_TOKENS + 1)
    assert reader.question_is_cut(asked)
    assert not reader.question_is_cut("who " * MAX_QUESTION_TOKENS)
    cut, whole = (
        reader.read(text, PASSAGES[:1], SENTENCES[:1])[0].answerable
        for text in (asked, "who " * MAX_QUESTION_TOKENS)
    )
    assert cut == whole


def test_a_title_is_read_and_never_quoted(shipped: Path) -> None:
    reader = ReaderModel(shipped, 1)
    plain = reader.read("Who signed?", PASSAGES[:1], SENTENCES[:1])[0]
    titled = reader.read("Who signed?", PASSAGES[:1], SENTENCES[:1], ["Kell rained"])[0]
    assert titled.answerable != plain.answerable
    assert all(0 <= s.start < s.end <= len(PASSAGES[0]) for s in titled.spans)


def test_missing_and_damaged_files_say_how_to_restore(shipped: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"reader\.json: this file .* missing; restore it by"):
        ReaderModel(tmp_path)
    for name in (CARD_FILE, TOKENIZER_FILE, GRAPH_FILE):
        (tmp_path / name).write_bytes((shipped / name).read_bytes())
    (tmp_path / GRAPH_FILE).write_bytes((shipped / GRAPH_FILE).read_bytes()[:-1])
    with pytest.raises(ModelError, match=r"reader\.onnx: is damaged.*restore it by"):
        ReaderModel(tmp_path)
    (tmp_path / CARD_FILE).write_text("{}")
    with pytest.raises(ModelError, match=r"reader\.json: is damaged"):
        ReaderModel(tmp_path)


def test_targets_are_on_the_tokens_of_the_answer(weights: Path) -> None:
    tokens = PairTokens.from_file(weights / "tokenizer.json", MAX_LENGTH)
    examples = [e for e in polarity.build(200, 2) if e.spans and len(e.context) < 150]
    assert len(examples) > 3
    features = [encode(tokens, e) for e in examples]
    for example, feature in zip(examples, features, strict=True):
        assert feature is not None
        window = feature.window
        for span, start, end in zip(example.spans, feature.starts, feature.ends, strict=True):
            offsets = window.offsets[start - window.first], window.offsets[end - window.first]
            assert (offsets[0][0], offsets[1][1]) == span
        batch = collate([feature], tokens.pad)
        assert batch.tags.sum() == sum(
            e - s + 1 for s, e in zip(feature.starts, feature.ends, strict=True)
        )
        assert batch.evidence[0].tolist() == [float(flag) for flag in example.evidence]


def test_sentence_means_ignore_what_is_outside() -> None:
    logits = torch.tensor([[9.0, 1.0, 3.0, 5.0]])
    sentence_of = torch.tensor([[UNKNOWN, 0, 0, 1]])
    assert sentence_means(logits, sentence_of, 3).tolist() == [[2.0, 5.0, 0.0]]


def test_heads_that_an_example_does_not_teach_have_no_loss(weights: Path) -> None:
    tokens = PairTokens.from_file(weights / "tokenizer.json", MAX_LENGTH)
    listed = [f for e in polarity.build(20, 2) if not e.yesno and (f := encode(tokens, e))]
    batch = collate(listed[:4], tokens.pad)
    network = new_network(weights).eval()
    parts = losses(*network(batch.ids, batch.attention, batch.segments), batch)
    assert parts["yesno"].item() == 0.0
    assert all(parts[name].item() > 0 for name in ("span", "tag", "evidence", "answerable"))


def test_batches_hold_every_example_once_in_a_seeded_order(weights: Path) -> None:
    tokens = PairTokens.from_file(weights / "tokenizer.json", MAX_LENGTH)
    features = [f for e in polarity.build(50, 2) if (f := encode(tokens, e))]
    rows = list(batches(features, 8, seed=3))
    assert sorted(id(f) for row in rows for f in row) == sorted(id(f) for f in features)
    assert [list(map(id, r)) for r in rows] == [
        list(map(id, r)) for r in batches(features, 8, seed=3)
    ]


def tiny_config() -> Config:
    packaged = read_config(PACKAGED)
    stages = (Stage("one", 1e-3, {"polarity": 64}), Stage("two", 1e-3, {"polarity": 32}))
    return Config(
        seed=3, max_length=MAX_LENGTH, batch_size=16, precision="fp32", weight_decay=0.0,
        warmup_steps=2, gradient_norm=1.0, head_rate=1.0, save_minutes=0.0, dev_minutes=60.0,
        loss=packaged.loss, stages=stages,
    )  # fmt: skip


def run_in(out: Path, monkeypatch: pytest.MonkeyPatch) -> loop.Run:
    (out / "mix").mkdir(parents=True)
    write_examples(out / "mix" / "polarity.jsonl", polarity.build(80, 4))
    monkeypatch.setattr(loop, "dev_scores", lambda *_: dict.fromkeys(loop.CHOSEN_BY, 0.5))
    monkeypatch.setattr(loop, "LOG_EVERY", 2)
    return loop.Run(out, out, tiny_config())


def test_training_stopped_and_resumed_ends_where_one_run_does(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run_in(tmp_path / "whole", monkeypatch)
    final = loop.train(whole, weights, 0, resume=False)
    assert final == whole.out / "stage-2-two"

    broken = run_in(tmp_path / "broken", monkeypatch)
    step = loop._Trainer._step

    def stop_at_three(trainer: loop._Trainer, *rest: object) -> dict[str, float]:
        if trainer._progress.step == 3:
            raise KeyboardInterrupt
        return step(trainer, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(loop._Trainer, "_step", stop_at_three)
        with pytest.raises(KeyboardInterrupt):
            loop.train(broken, weights, 0, resume=False)
    resumed = loop.train(broken, weights, 0, resume=True)
    expected, found = (load_file(f / "model.safetensors") for f in (final, resumed))
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, atol=1e-6, err_msg=name)

    log = [json.loads(line) for line in (broken.out / "log.jsonl").read_text().splitlines()]
    started = [row["step"] for row in log if row["event"] == "start"]
    assert started == [0, 3, 0]
    assert not (broken.out / loop.CHECKPOINT).exists()
    assert (broken.out / "best" / "model.safetensors").is_file()


def test_training_lowers_the_loss(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_in(tmp_path / "run", monkeypatch)
    final = loop.train(run, weights, 0, resume=False)
    tokens = PairTokens.from_file(weights / "tokenizer.json", MAX_LENGTH)
    features = [f for e in polarity.build(80, 4) if (f := encode(tokens, e))]
    batch = collate(features, tokens.pad)

    def total(folder: Path) -> float:
        network = new_network(folder).eval()
        with torch.inference_mode():
            parts = losses(*network(batch.ids, batch.attention, batch.segments), batch)
        return float(sum(parts.values()))

    assert total(final) < total(weights)


def test_a_missing_mix_and_a_folder_without_weights_are_clear(
    weights: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="prepare"):
        loop.train(loop.Run(tmp_path, tmp_path, tiny_config()), weights, 0, resume=False)
    with pytest.raises(ModelError, match=r"no model\.safetensors"):
        new_network(tmp_path)


def test_the_packaged_configuration_draws_from_known_sources() -> None:
    config = read_config(PACKAGED)
    assert {name for stage in config.stages for name in stage.examples} <= set(BUILDERS)
    assert config.max_length == MAX_LENGTH


def test_a_configuration_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "reader.toml"
    path.write_text(PACKAGED.read_text().replace("seed =", "sed ="))
    with pytest.raises(ModelError, match="sed"):
        read_config(path)


def test_the_average_of_weights_is_their_mean(weights: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    network = new_network(weights)
    with torch.no_grad():
        network.token_head.weight += 2.0
    save_network(network, other)
    mean = average([weights, other], tmp_path / "mean")
    first, found = (load_file(folder / "model.safetensors") for folder in (weights, mean))
    assert torch.allclose(found["token_head.weight"], first["token_head.weight"] + 1.0)
    assert torch.allclose(found["token_head.bias"], first["token_head.bias"])
    assert (mean / TOKENIZER_FILE).read_bytes() == (weights / TOKENIZER_FILE).read_bytes()
    with pytest.raises(ModelError, match="name at least one folder"):
        average([], tmp_path / "none")
