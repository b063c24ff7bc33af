"""A tiny encoder of transformers, made here: tokens, features, files, and what is refused."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import tokenizers
import torch
import transformers
from conftest import PROJECT
from tokenizers import models, normalizers, pre_tokenizers, processors, trainers

import engine.backbone
from config import Config
from data import Info, load_data, read_input
from engine.backbone import Backbone, fetch, is_at_hand, read_encoder
from engine.baselines import baselines
from engine.checkpoint import load_checkpoint, load_model, load_same_data
from engine.examples import texts_of
from engine.settings import UserError
from engine.tokens import number_tokens
from model import build_model

SENTENCES = [
    "The Runner won the race today",
    "Our team lost the match",
    "Bake the bread slowly",
    "The soup needs more Salt",
    "한국어 문장도 읽는다",
]
SHAPE = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "max_position_embeddings": 64,
}


def make_tokenizer(folder: Path) -> tokenizers.Tokenizer:
    """Write a tokenizer of parts of words, and return it. Its [PAD] is no token number 0."""
    tokenizer = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    marks = ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=200, special_tokens=marks)
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    tokenizer.enable_padding(length=60)  # as some do in their tokenizer.json
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        model_max_length=40,
    ).save_pretrained(folder)
    tokenizer.no_padding()
    return tokenizer


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Path:
    """Return the folder of a BERT with two layers of 32, and with its tokenizer."""
    folder = tmp_path_factory.mktemp("hub") / "tiny-bert"
    tokenizer = make_tokenizer(folder)
    torch.manual_seed(0)
    config = transformers.BertConfig(vocab_size=tokenizer.get_vocab_size(), pad_token_id=3, **SHAPE)
    transformers.BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture
def copy(tiny, tmp_path) -> Path:
    """Return a copy of the tiny encoder, to damage."""
    return Path(shutil.copytree(tiny, tmp_path / "copy"))


@pytest.fixture(scope="session")
def table(tmp_path_factory) -> Path:
    """Write 60 texts of two classes."""
    rows = [{"text": f"{SENTENCES[n % 4]} {n} times", "label": "ab"[n % 4 // 2]} for n in range(60)]
    path = tmp_path_factory.mktemp("texts") / "texts.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def trained(terminal, tiny, table) -> Path:
    """Train with a copy of the tiny encoder that is gone then; return the folder of the run."""
    gone = Path(shutil.copytree(tiny, terminal.folder / "gone"))
    words = ["--data", table, "--backbone", gone, "--epochs", 3, "--frozen-epochs", 2]
    folder = terminal.train("of_tiny", *words)
    shutil.rmtree(gone)
    return folder


def a_backbone(folder: Path) -> Backbone:
    """Return the backbone of a folder with its weights, ready to answer."""
    backbone = Backbone(str(folder), read_encoder(str(folder), 256).config)
    backbone.load_pretrained()
    return backbone.eval()


def test_a_text_begins_and_ends_with_a_mark_also_where_it_is_cut_and_no_token_is_0(tiny):
    encoder = read_encoder(str(tiny), 5)
    whole = number_tokens("our", encoder.tokenizer).tolist()
    assert whole[0] == 1 + 1
    assert whole[-1] == 2 + 1
    cut = number_tokens("our team lost the match today", encoder.tokenizer).tolist()
    assert len(cut) == 5
    assert cut[:2] == whole[:2]
    assert cut[-1] == 2 + 1
    assert min(number_tokens("[UNK] ?", encoder.tokenizer)) > 0


@pytest.mark.parametrize("text", ["", " ", "\ud800", "🔥", "[SEP]"])
def test_any_text_has_tokens(tiny, text):
    tokens = number_tokens(text, read_encoder(str(tiny), 8).tokenizer)
    assert tokens.dtype == torch.int64
    assert 0 < len(tokens) <= 8
    assert (tokens > 0).all()


def test_no_more_tokens_are_read_than_the_encoder_takes(tiny):
    assert read_encoder(str(tiny), 256).max_tokens == 40  # the tokenizer says so
    assert read_encoder(str(tiny), 7).max_tokens == 7


@torch.no_grad()
def test_features_are_the_mean_of_what_transformers_says_of_the_tokens(tiny):
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny)
    network = transformers.AutoModel.from_pretrained(tiny).eval()
    expected = network(**tokenizer(SENTENCES[0], return_tensors="pt")).last_hidden_state.mean(dim=1)
    tokens = number_tokens(SENTENCES[0], read_encoder(str(tiny), 256).tokenizer)
    assert torch.allclose(a_backbone(tiny)(tokens[None]), expected, atol=1e-6)


@torch.no_grad()
def test_features_of_a_text_do_not_depend_on_the_others_in_a_batch(tiny):
    backbone = a_backbone(tiny)
    assert backbone.num_features == 32
    tokenizer = read_encoder(str(tiny), 256).tokenizer
    tokens = [number_tokens(text, tokenizer) for text in SENTENCES]
    together = backbone(torch.nn.utils.rnn.pad_sequence(tokens, batch_first=True))
    for features, one in zip(together, tokens, strict=True):
        assert torch.allclose(features, backbone(one[None])[0], atol=1e-6)


def test_the_layers_are_made_from_the_description_alone_with_other_weights(tiny, copy):
    config = read_encoder(str(copy), 256).config
    shutil.rmtree(copy)
    torch.manual_seed(1)
    made = Backbone(str(copy), config).state_dict()
    learned = a_backbone(tiny).state_dict()
    assert made.keys() == learned.keys()
    assert not any("pooler" in name for name in made)  # nothing uses it
    name = "encoder.encoder.layer.0.output.dense.weight"
    assert not torch.equal(made[name], learned[name])


def test_without_weights_as_safetensors_it_is_refused(copy):
    weights = copy / "model.safetensors"
    weights.rename(copy / "pytorch_model.bin")
    with pytest.raises(UserError, match=r"no weights as \*.safetensors.*can run code"):
        read_encoder(str(copy), 256)


def test_damaged_weights_are_named(copy):
    path = copy / "model.safetensors"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(UserError, match=r"cannot be read: remove .*copy"):
        a_backbone(copy)


def test_weights_that_are_missing_are_not_made_up(copy):
    from safetensors.torch import load_file, save_file

    weights = load_file(copy / "model.safetensors")
    (lost,) = [name for name in weights if name.endswith("layer.1.output.dense.weight")]
    del weights[lost]
    save_file(weights, copy / "model.safetensors", {"format": "pt"})
    with pytest.raises(UserError, match=r"lacks 1 of the network's weights, such as .*layer.1"):
        a_backbone(copy)


def test_without_a_tokenizer_it_is_refused(copy):
    (copy / "tokenizer.json").unlink()
    with pytest.raises(UserError, match=r"no tokenizer.json that can be read"):
        read_encoder(str(copy), 256)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"model_type": "own"}'])
def test_what_transformers_does_not_know_is_refused(copy, text):
    (copy / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"copy cannot be used here: .*; take one such as"):
        read_encoder(str(copy), 256)


@pytest.mark.parametrize("kind", ["t5", "fnet", "convbert"])
def test_a_network_that_cannot_be_used_is_refused(kind):
    shape = SHAPE if kind != "t5" else {}
    config = transformers.AutoConfig.for_model(kind, vocab_size=100, **shape).to_json_string()
    with pytest.raises(UserError, match=f"{kind} cannot be used here"):
        Backbone(kind, config)


@pytest.mark.parametrize("kind", ["roberta", "mpnet", "deberta-v2", "electra", "gpt2", "llama"])
def test_networks_of_other_kinds_can_be_used(kind):
    shape = SHAPE if kind != "gpt2" else {"n_embd": 32, "n_layer": 2, "n_head": 2}
    config = transformers.AutoConfig.for_model(kind, vocab_size=100, **shape)
    assert Backbone(kind, config.to_json_string()).num_features == 32


@pytest.mark.parametrize("name", ["no/such-encoder", "two words", "/nowhere/at-all"])
def test_an_unknown_name_is_answered_in_one_line(name):
    assert not is_at_hand(name)
    with pytest.raises(UserError, match=f"--backbone {name}") as refused:
        fetch(name)
    assert "\n" not in str(refused.value)


def test_a_training_that_cannot_begin_leaves_no_folder(terminal, copy, table):
    path = copy / "model.safetensors"
    path.write_bytes(path.read_bytes()[:5000])
    words = ["--data", table, "--backbone", copy, "--run-dir", "refused"]
    refused = terminal.run("train.py", *words)
    assert refused.returncode == 2
    assert refused.stderr.startswith("error: the weights of ")
    assert refused.stderr.count("\n") == 1
    assert not (terminal.folder / "refused").exists()


def test_a_run_needs_nothing_else_for_eval_predict_and_export(terminal, trained):
    scored = terminal.run("eval.py", "--run-dir", trained, "--device", "cpu", "--no-baseline")
    assert scored.returncode == 0, scored.stderr
    assert "warning: predict" not in scored.stdout
    exported = terminal.run("-m", "tools.export", "--run-dir", trained)
    assert exported.returncode == 0, exported.stderr
    assert "warning" not in exported.stdout
    texts = ["The RUNNER won", "한국어", "🔥", "bake " * 90, "tab\there", "a\0b", "[SEP] x"]
    lines = trained / "lines.txt"
    lines.write_text("\n".join(texts[:4]), encoding="utf-8")
    texts = [text for text in texts if "\0" not in text]
    ours = terminal.run("predict.py", *texts, lines, "--run-dir", trained, "--top", 1)
    assert ours.returncode == 0, ours.stderr
    onnx = terminal.python(str(trained / "export" / "infer_onnx.py"), *texts, str(lines))
    assert onnx.stdout == ours.stdout, onnx.stderr
    about = json.loads((trained / "export" / "model.json").read_text(encoding="utf-8"))
    assert "tokenizer" not in about["inputs"]
    assert (trained / "export" / "tokenizer.json").exists()


def test_a_run_goes_on_where_the_encoder_is_gone(terminal, tiny, table):
    gone = Path(shutil.copytree(tiny, terminal.folder / "gone"))
    words = ["--data", table, "--backbone", gone, "--epochs", 4, "--frozen-epochs", 2]
    unbroken = terminal.train("unbroken_tiny", *words)
    stop = "import engine.run as r, sys, runpy; end = r.Run.end_epoch\n"
    stop += "r.Run.end_epoch = lambda s, v: (end(s, v), s.save('last.pt'), sys.exit(9))\n"
    stop += "sys.argv = sys.argv[2:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    on = ["--device", "cpu", "--run-dir", "broken_tiny"]
    assert terminal.killed(stop, 0, "train.py", *on, *words).returncode == 9
    shutil.rmtree(gone)
    resumed = terminal.run("train.py", "--resume", *on)
    assert resumed.returncode == 0, resumed.stderr
    one = load_checkpoint(unbroken / "last.pt")
    other = load_checkpoint(terminal.folder / "broken_tiny" / "last.pt")
    assert one["info"] == other["info"]
    for name, weight in one["model"].items():
        assert torch.equal(weight, other["model"][name]), name


def test_texts_are_shown_as_they_were_and_split_as_without_a_backbone(trained, table):
    loaded = load_model(trained, torch.device("cpu"), Config, Info, build_model)
    data = load_same_data(load_data, loaded, trained)
    other = load_data(Config(data=str(table)))
    assert data.fingerprint == other.fingerprint
    rows = list(range(len(data.test)))
    shown = texts_of(data.test, rows)
    assert shown == texts_of(other.test, rows)
    assert any("Runner" in text or "Salt" in text for text in shown)
    tokens, _ = data.test[0]
    assert torch.equal(tokens, read_input(shown[0], loaded.info))


def test_a_frozen_encoder_with_a_linear_layer_is_a_simpler_model(trained, tiny, table):
    loaded = load_model(trained, torch.device("cpu"), Config, Info, build_model)
    data = load_same_data(load_data, loaded, trained)
    for name, names in ((tiny, 2), (trained / "none", 1)):
        settings = replace(loaded.config, backbone=str(name))
        found = dict(baselines(data.train, data.test, data.info, settings))
        assert len(found) == names
    settings = replace(loaded.config, backbone=str(tiny))
    found = dict(baselines(data.train, data.test, data.info, settings))
    outputs = found[f"frozen {tiny} + logistic regression"]
    assert outputs.shape == (len(data.test), 2)


def test_two_processes_train_as_one(terminal, tiny, table):
    words = ["--data", table, "--backbone", tiny, "--epochs", 3, "--frozen-epochs", 2]
    words += ["--device", "cpu", "--max-tokens", 9]
    alone = terminal.train("alone", *words)
    start = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    done = subprocess.run(
        [sys.executable, *start, PROJECT / "train.py", *map(str, words), "--run-dir", "two"],
        cwd=terminal.folder,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    one = load_checkpoint(alone / "last.pt")
    two = load_checkpoint(terminal.folder / "two" / "last.pt")
    assert one["info"] == two["info"]
    for mine, theirs in zip(one["progress"]["history"], two["progress"]["history"], strict=True):
        assert mine["val_loss"] == pytest.approx(theirs["val_loss"], abs=0.02)


def test_the_example_of_the_messages_is_the_one_of_the_readme():
    assert engine.backbone.EXAMPLE in (PROJECT / "README.md").read_text(encoding="utf-8")
