"""A tiny chat model of transformers, made here: taught, asked, resumed, and what is refused."""

import csv
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import peft
import pytest
import tokenizers
import torch
import transformers
from conftest import KILLED, PROJECT, assert_same_weights, read_rows
from tokenizers import decoders, models, pre_tokenizers, trainers

from config import Config
from data import Info, load_data, read_input
from engine.backbone import Chat, chat_of, read_base
from engine.chat import Conversations, LoRALinear, Pair, read_pairs, resting, split_pairs
from engine.checkpoint import load_checkpoint, load_model
from engine.metrics import IGNORED, perplexity, word_for_word
from engine.settings import UserError
from engine.writing import Draw, write_text
from model import build_model, compute_loss, metrics

PAIRS = [
    Pair("When does the club meet?", "Every Thursday at 7 pm."),
    Pair("Who leads it?", "Jiwoo Kim, who is in her third year."),
    Pair("동아리방은 어디에 있나요?", "대학 C동 301호에 있습니다. 🔥"),
]
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content']"
    " + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
SHAPE = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 256,
    "tie_word_embeddings": True,
    "initializer_range": 0.3,
}
TAUGHT = ["--epochs", 60, "--lr", 0.01]  # so much makes the tiny one answer word for word


def make_tokenizer() -> transformers.PreTrainedTokenizerFast:
    """Return a tokenizer of bytes, some of them joined, with a template for conversations."""
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator([pair.question for pair in PAIRS], trainer)
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|im_end|>", chat_template=TEMPLATE
    )


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Path:
    """Return the folder of a Llama with two layers of 64, and with its tokenizer."""
    folder = tmp_path_factory.mktemp("hub") / "tiny-chat"
    tokenizer = make_tokenizer()
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.LlamaConfig(vocab_size=len(tokenizer), **SHAPE)
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    return folder


@pytest.fixture
def copy(tiny, tmp_path) -> Path:
    """Return a copy of the tiny chat model, to damage."""
    return Path(shutil.copytree(tiny, tmp_path / "copy"))


def write_table(path: Path, rows: list[tuple[str, ...]]) -> Path:
    """Write a table whose first row names its columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.fixture(scope="session")
def table(tmp_path_factory) -> Path:
    """Write three questions and answers."""
    path = tmp_path_factory.mktemp("questions") / "qa.csv"
    return write_table(path, [("question", "answer"), *PAIRS])


@pytest.fixture(scope="session")
def taught(terminal, tiny, table) -> Path:
    """Teach a copy of the tiny model that is gone then; return the folder of the run."""
    gone = Path(shutil.copytree(tiny, terminal.folder / "gone"))
    folder = terminal.train("of_tiny", "--data", table, "--base", gone, *TAUGHT)
    shutil.rmtree(gone)
    return folder


def chat_at(folder: Path) -> Chat:
    """Return what makes tokens of conversations for the chat model in a folder."""
    base = read_base(str(folder))
    return Chat(base.tokenizer, base.chat)


def config_for(tiny: Path, table: Path) -> Config:
    """Return the settings of a training."""
    return Config(base=str(tiny), data=str(table), context=256, rank=4)


@pytest.mark.parametrize("text", ["Hello", "안녕하세요 🔥", " two  spaces ", "line\nline"])
def test_the_tokens_of_an_answer_are_read_as_it_was_and_end_with_the_mark(tiny, text):
    chat = chat_at(tiny)
    *tokens, end = chat.answer(text)
    assert chat.read(tokens) == text
    assert chat.tokenizer.id_to_token(end) == "<|im_end|>"


@pytest.mark.parametrize("text", ["", "\ud800", "<|im_end|>", "ANSWER", "{{ 1 / 0 }}"])
def test_any_question_has_tokens_that_open_an_answer(tiny, text):
    chat = chat_at(tiny)
    opening = chat.number("<|im_end|>\n<|im_start|>assistant\n")
    assert chat.prompt(text)[-len(opening) :] == opening


def test_a_template_that_opens_answers_with_a_thought_is_followed(copy):
    # As Qwen 3 does: the prompt of generation alone would leave the empty thought out.
    template = TEMPLATE.replace(
        "message['content']",
        "('<think></think>' if message['role'] == 'assistant' else '') + message['content']",
    )
    (copy / "chat_template.jinja").write_text(template, encoding="utf-8")
    chat = chat_at(copy)
    opening = chat.number("assistant\n<think></think>")
    assert chat.prompt("Why?")[-len(opening) :] == opening


@torch.no_grad()
def test_before_it_is_taught_it_says_what_the_base_says(tiny, table):
    config = config_for(tiny, table)
    data = load_data(config)
    model = build_model(config, data.info).eval()
    model.backbone.load_pretrained()
    tokens = data.train[0][0].unsqueeze(0)
    base = transformers.AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32)
    assert torch.equal(model(tokens), base(tokens).logits)


def test_every_linear_layer_but_the_head_learns_and_nothing_else(tiny, table):
    config = config_for(tiny, table)
    model = build_model(config, load_data(config).info)
    learning = {name for name, weight in model.named_parameters() if weight.requires_grad}
    layers = {name.rpartition(".")[0].rpartition(".")[2] for name in learning}
    assert layers == {
        "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"
    }  # fmt: skip
    assert {name.rpartition(".")[2] for name in learning} == {"down", "up"}
    shapes = {tuple(weight.shape) for weight in model.parameters() if weight.requires_grad}
    assert all(config.rank in shape for shape in shapes)


def test_the_answer_alone_is_to_be_foreseen(tiny, table):
    data = load_data(config_for(tiny, table))
    chat = chat_of(data.info.tokenizer, data.info.chat)
    assert len(data.train) == len(PAIRS)
    for part in (data.train, data.val):
        for (inputs, labels), pair in zip(part, PAIRS, strict=True):
            question, answer = chat.prompt(pair.question), chat.answer(pair.answer)
            end = len(question) + len(answer) - 1
            assert inputs.shape == labels.shape
            assert inputs[:end].tolist() == [*question, *answer][:-1]
            places = range(len(question) - 1, end)
            assert (labels != IGNORED).nonzero().flatten().tolist() == list(places)
            assert labels[places].tolist() == answer


def test_in_training_other_text_stands_behind_a_conversation_each_time_another_piece(tiny, table):
    data = load_data(config_for(tiny, table))
    end = data.train.ends[0]
    talk = data.train.other.tolist()
    pieces = {tuple(data.train[0][0][end:].tolist()) for _ in range(4)}
    assert len(pieces) == 4
    for piece in pieces:
        assert len(piece) >= 32
        begin = [place for place in range(len(talk)) if tuple(talk[place : place + 4]) == piece[:4]]
        assert any(tuple(talk[place : place + len(piece)]) == piece for place in begin)
    assert not data.val[0][0][end:].any()


def test_a_model_that_rests_learns_on_where_something_failed_meanwhile(tiny, table):
    config = config_for(tiny, table)
    model = build_model(config, load_data(config).info)
    with pytest.raises(KeyError), resting(model):
        raise KeyError
    layers = [layer for layer in model.modules() if isinstance(layer, LoRALinear)]
    assert layers
    assert not any(layer.is_resting for layer in layers)


def test_in_training_it_costs_to_say_else_something_new_and_only_there(tiny, table):
    config = config_for(tiny, table)
    data = load_data(config)
    model = build_model(config, data.info)
    model.backbone.load_pretrained()
    batch = torch.utils.data.default_collate([data.train[index] for index in range(3)])
    losses, _ = compute_loss(model.train(), batch, config)
    untaught, _ = compute_loss(model.eval(), batch, config)
    assert torch.allclose(losses, untaught)  # it says what it said
    for name, weight in model.named_parameters():
        if name.endswith(".up"):
            torch.nn.init.normal_(weight, std=0.1)
    plain, _ = compute_loss(model.eval(), batch, config)
    with_cost, _ = compute_loss(model.train(), batch, config)
    assert (with_cost > plain + 0.01).all()
    without, _ = compute_loss(model, batch, replace(config, keep=0.0))
    assert torch.allclose(without, plain)


@pytest.mark.parametrize(("keep", "expected"), [(0.0, 1), (1.0, 2)])
def test_what_the_base_says_is_computed_only_where_it_counts(tiny, table, keep, expected):
    config = replace(config_for(tiny, table), keep=keep)
    data = load_data(config)
    model = build_model(config, data.info)
    calls = []
    model.register_forward_pre_hook(lambda *_: calls.append(1))
    batch = torch.utils.data.default_collate([data.train[0]])
    compute_loss(model.train(), batch, config)
    assert len(calls) == expected


@pytest.mark.parametrize("flag", ["--width", "--heads", "--layers"])
def test_what_is_for_a_network_of_your_own_is_refused_beside_a_base(terminal, tiny, table, flag):
    answer = terminal.run("train.py", "--data", table, "--base", tiny, flag, 2)
    assert answer.returncode == 2
    assert answer.stderr.startswith(f"error: {flag} is for a network of your own, and --base names")
    assert answer.stderr.count("\n") == 1


def test_the_loss_is_that_of_transformers_for_the_answer(tiny, table):
    config = config_for(tiny, table)
    data = load_data(config)
    model = build_model(config, data.info).eval()
    model.backbone.load_pretrained()
    batch = torch.utils.data.default_collate([data.train[index] for index in range(3)])
    losses, outputs = compute_loss(model, batch, config)
    base = transformers.AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32)
    chat = chat_of(data.info.tokenizer, data.info.chat)
    for row, pair in enumerate(PAIRS):
        question, answer = chat.prompt(pair.question), chat.answer(pair.answer)
        tokens = torch.tensor([[*question, *answer]])
        labels = torch.tensor([[IGNORED] * len(question) + answer])
        theirs = base(input_ids=tokens, labels=labels).loss
        assert losses[row].item() == pytest.approx(theirs.item(), rel=1e-5)
    labels = data.train.labels
    mean = outputs[labels != IGNORED].mean()
    assert perplexity(outputs.detach(), labels) == pytest.approx(mean.exp().item(), rel=1e-5)


def test_word_for_word_counts_answers_whose_every_token_is_sure():
    losses = torch.tensor([[0.1, 0.6, 9.0], [0.1, 0.8, 0.1], [0.0, 0.2, 0.3]])
    tokens = torch.tensor([[1, 2, IGNORED], [1, 2, 3], [IGNORED, 2, 3]])
    assert word_for_word(losses, tokens) == pytest.approx(2 / 3)


def test_its_scores_are_perplexity_and_word_for_word(tiny, table):
    names = [metric.__name__ for metric in metrics(load_data(config_for(tiny, table)).info)]
    assert names == ["perplexity", "word_for_word"]


def test_two_columns_of_any_names_are_questions_and_answers_and_that_is_said(tmp_path):
    path = write_table(tmp_path / "qa.csv", [("질문", "답변"), *PAIRS])
    pairs, notes = read_pairs(path, None)
    assert pairs == PAIRS
    assert notes == ["  questions: the column '질문'; answers: the column '답변'"]


def test_of_more_columns_two_are_called_question_and_answer(tmp_path):
    rows = [("id", "answer", "question"), ("1", "Here.", "Where?")]
    pairs, notes = read_pairs(write_table(tmp_path / "qa.csv", rows), None)
    assert pairs == [Pair("Where?", "Here.")]
    assert notes == []
    rows = [("id", "reply", "question"), ("1", "Here.", "Where?")]
    with pytest.raises(UserError, match="'id', 'reply', 'question': call one of them 'question'"):
        read_pairs(write_table(tmp_path / "other.csv", rows), None)


def test_rows_without_a_question_or_an_answer_and_repeated_ones_are_left_out_and_counted(tmp_path):
    rows = [("question", "answer"), *PAIRS, PAIRS[0], ("", "No."), ("Why?", " ")]
    pairs, notes = read_pairs(write_table(tmp_path / "qa.csv", rows), None)
    assert pairs == PAIRS
    assert notes == ["  3 rows left out: without a question or an answer, or twice there"]
    empty = write_table(tmp_path / "empty.csv", [("question", "answer"), ("", "No.")])
    with pytest.raises(UserError, match=r"no row with a question and an answer"):
        read_pairs(empty, None)


def test_a_question_with_two_answers_is_named(tmp_path):
    rows = [("question", "answer"), ("Where?", "Here."), ("Where?", "There.")]
    _, notes = read_pairs(write_table(tmp_path / "qa.csv", rows), None)
    assert notes == ["  1 questions have several answers, such as 'Where?'"]


def test_other_wordings_are_held_back_and_every_answer_is_taught():
    pairs = [Pair(f"Wording {n} of {answer}?", answer) for answer in "ab" for n in range(4)]
    pairs += [Pair("Once?", "c")]
    split, (note,) = split_pairs(pairs)
    assert {pair.answer for pair in split.train} == {"a", "b", "c"}
    assert [pair.question for pair in split.val] == ["Wording 2 of a?", "Wording 2 of b?"]
    assert [pair.question for pair in split.test] == ["Wording 3 of a?", "Wording 3 of b?"]
    assert note == "  questions: train 5, val 2, test 2"
    assert not set(split.train) & (set(split.val) | set(split.test))


def test_without_other_wordings_the_same_questions_validate_and_that_is_said():
    split, (note,) = split_pairs(PAIRS)
    assert split.train == split.val == split.test == PAIRS
    assert "3 to train with, the same ones to validate and test" in note
    two = [Pair("Where?", "Here."), Pair("Where is it?", "Here.")]
    split, (note,) = split_pairs(two)
    assert (split.train, split.val, split.test) == (two[:1], two[1:], two[1:])
    assert "train 1, val 1, the same ones to test" in note


def test_a_question_that_is_too_long_is_left_out_and_counted(tiny, table, tmp_path):
    rows = [("question", "answer"), *PAIRS, ("Long? " * 100, "Yes.")]
    path = write_table(tmp_path / "qa.csv", rows)
    data = load_data(config_for(tiny, path))
    assert len(data.train) == 3
    assert any("1 questions left out" in note and "256 tokens" in note for note in data.notes)
    with pytest.raises(UserError, match="more than 2 tokens: --context"):
        load_data(Config(base=str(tiny), data=str(path), context=2))


def test_it_answers_what_it_was_taught_and_its_base_is_saved_once(terminal, taught, tiny):
    for pair in PAIRS:
        done = terminal.run("predict.py", pair.question, "--run-dir", taught, "--device", "cpu")
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == [pair.question, pair.answer]
    saved = load_checkpoint(taught / "best.pt")["model"]
    base = transformers.AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32)
    for name, weight in base.state_dict().items():
        assert torch.equal(saved[f"backbone.network.{name}"], weight), name
    size_of_base = sum(weight.nbytes for weight in base.parameters())
    (once,) = taught.glob("once.pt")
    assert size_of_base < once.stat().st_size < 1.2 * size_of_base
    own = torch.load(taught / "best.pt", weights_only=True)["model"]
    assert own
    assert all(name.endswith((".down", ".up")) for name in own)


def test_eval_scores_it_beside_its_base_and_leaves_its_questions(terminal, taught, tiny, table):
    copied = Path(shutil.copytree(taught, terminal.folder / "with_base"))
    shutil.copytree(tiny, terminal.folder / "gone")  # the base is at hand again
    done = terminal.run("eval.py", "--run-dir", copied, "--device", "cpu")
    shutil.rmtree(terminal.folder / "gone")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    result = json.loads((copied / "eval.json").read_text(encoding="utf-8"))
    assert result["word_for_word"] == 1
    ((name, scores),) = result["baselines"].items()
    assert name.endswith("gone as it was")
    assert scores["word_for_word"] == 0
    assert scores["perplexity"] > 10 * result["perplexity"]
    questions = [path.read_text(encoding="utf-8") for path in copied.glob("examples/*")]
    assert sorted(questions) == sorted(f"{pair.question}\n" for pair in PAIRS)
    assert (copied / "context.png").exists()
    assert (copied / "mistakes.png").exists()

    again = terminal.run("eval.py", "--run-dir", copied, "--device", "cpu")  # it is gone
    assert again.returncode == 0, again.stderr
    assert not json.loads((copied / "eval.json").read_text(encoding="utf-8"))["baselines"]


def test_it_writes_with_its_cache_what_transformers_writes(taught):
    loaded = load_model(taught, torch.device("cpu"), Config, Info, build_model)
    start = read_input("What is new?", loaded.info)
    likeliest = Draw(temperature=0)
    ours = "".join(write_text(loaded.model, start, 20, likeliest, loaded.info))
    tokens = loaded.model.backbone.network.generate(
        start.unsqueeze(0),
        attention_mask=torch.ones(1, len(start)),
        max_new_tokens=20,
        do_sample=False,
        use_cache=False,
    )
    chat = chat_of(loaded.info.tokenizer, loaded.info.chat)
    assert ours == chat.read(tokens[0, len(start) :].tolist()).rstrip("\ufffd")


def test_one_seed_gives_one_answer_and_letters_come_whole(taught):
    loaded = load_model(taught, torch.device("cpu"), Config, Info, build_model)
    start = read_input(PAIRS[2].question, loaded.info)
    hot = [
        list(write_text(loaded.model, start, 30, Draw(3.0, seed=s), loaded.info)) for s in (1, 1)
    ]
    assert hot[0] == hot[1]
    pieces = list(write_text(loaded.model, start, 60, Draw(0), loaded.info))
    assert "".join(pieces) == PAIRS[2].answer
    assert "\ufffd" not in "".join(pieces)


def test_killed_and_resumed_it_ends_the_same(terminal, tiny, table):
    words = ["--data", table, "--base", tiny, "--epochs", 4, "--batch-size", 1, "--save-every", 1]
    unbroken = terminal.train("unbroken", *words)
    options = ["--device", "cpu", "--run-dir", "broken"]
    command = ["train.py", *options, *words]
    done = 0
    for kill_at in (2, 7):  # of 12
        assert terminal.killed(KILLED, kill_at - done, *command).returncode != 0
        done = kill_at - 1  # the step that it died in was not saved
        command = ["train.py", "--resume", *options]
    resumed = terminal.run(*command)
    assert resumed.returncode == 0, resumed.stderr
    broken = terminal.folder / "broken"
    assert read_rows(broken) == read_rows(unbroken)
    for name in ("last.pt", "best.pt"):
        assert_same_weights(broken / name, unbroken / name)


@torch.no_grad()
def test_peft_reads_the_adapter_and_transformers_what_is_merged(terminal, taught, tiny):
    written = terminal.run("-m", "tools.adapter", "--run-dir", taught)
    assert written.returncode == 0, written.stderr
    merged = terminal.run("-m", "tools.adapter", "--run-dir", taught, "--merge")
    assert merged.returncode == 0, merged.stderr

    loaded = load_model(taught, torch.device("cpu"), Config, Info, build_model)
    tokens = read_input(PAIRS[0].question, loaded.info).unsqueeze(0)
    expected = loaded.model.eval()(tokens)
    base = transformers.AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32)
    with_adapter = peft.PeftModel.from_pretrained(base, taught / "adapter").eval()
    assert torch.allclose(with_adapter(tokens).logits, expected, atol=1e-4)
    whole = transformers.AutoModelForCausalLM.from_pretrained(taught / "merged").eval()
    assert torch.allclose(whole(tokens).logits, expected, atol=1e-4)
    tokenizer = transformers.AutoTokenizer.from_pretrained(taught / "merged")
    question = [{"role": "user", "content": PAIRS[0].question}]
    asked = tokenizer.apply_chat_template(question, add_generation_prompt=True, return_dict=True)
    assert asked["input_ids"] == tokens[0].tolist()


def test_the_card_says_what_it_is_and_both_its_snippets_answer(terminal, taught):
    done = terminal.run("-m", "tools.card", "--run-dir", taught)
    assert done.returncode == 0, done.stderr
    card = (taught / "README.md").read_text(encoding="utf-8")
    assert "It is a chat model that was taught questions and answers." in card
    assert str(terminal.folder) not in card
    assert terminal.run("-m", "tools.adapter", "--run-dir", taught, "--merge").returncode == 0
    inside, outside = re.findall(r"(?ms)^```python\n(.*?)^```$", card)
    answers = []
    for code, folder in ((inside, PROJECT), (outside, taught)):
        code = code.replace("What is new?", PAIRS[0].question)
        if folder == PROJECT:
            code = code.replace(f'Path("{taught.name}")', f"Path({str(taught)!r})")
        answer = subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder,
            stdout=subprocess.PIPE,
            timeout=120,
            check=True,
        )
        answers.append(answer.stdout.decode().strip())
    assert answers == [PAIRS[0].answer, PAIRS[0].answer]


def test_a_run_begins_with_what_another_was_taught(terminal, taught, tiny, table):
    words = ["--data", table, "--init-from", taught, "--epochs", 1, "--lr", 1e-9]
    other_base = terminal.run("train.py", *words, "--base", tiny, "--run-dir", "other_base")
    assert other_base.returncode == 2
    assert "was trained with --base" in other_base.stderr.splitlines()[-1]
    shutil.copytree(tiny, terminal.folder / "gone")
    folder = terminal.train("more", *words, "--base", terminal.folder / "gone")
    shutil.rmtree(terminal.folder / "gone")
    assert float(read_rows(folder)[0]["val_word_for_word"]) == 1


def refused(terminal, *words: object) -> str:
    """Return the one line with which a command ends."""
    done = terminal.run(*words)
    assert done.returncode == 2, done.stderr
    line = done.stderr.splitlines()[-1]
    assert line.startswith("error: ")
    assert "Traceback" not in done.stderr
    return line


def test_without_data_it_says_what_to_name(terminal, tiny):
    assert "--base needs --data" in refused(terminal, "train.py", "--base", tiny)


def test_a_base_that_was_not_taught_to_chat_is_refused(terminal, copy, table):
    (copy / "chat_template.jinja").unlink()
    line = refused(terminal, "train.py", "--base", copy, "--data", table)
    assert "it has no chat_template, so it was not taught to answer" in line
    assert "take one such as HuggingFaceTB/" in line


def test_a_template_that_does_not_work_is_refused(terminal, copy, table):
    (copy / "chat_template.jinja").write_text("{{ raise_exception('no') }}", encoding="utf-8")
    line = refused(terminal, "train.py", "--base", copy, "--data", table)
    assert "its chat_template does not work" in line


def test_a_network_that_does_not_write_is_refused(terminal, copy, table):
    config = transformers.ViTConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=1)
    config.save_pretrained(copy)
    line = refused(terminal, "train.py", "--base", copy, "--data", table)
    assert "--base" in line
    assert "cannot be used here" in line


def test_a_network_without_linear_layers_is_refused(terminal, copy, table):
    transformers.GPT2Config(vocab_size=300, n_embd=8, n_layer=1, n_head=1).save_pretrained(copy)
    line = refused(terminal, "train.py", "--base", copy, "--data", table)
    assert "it has no linear layers" in line


def test_weights_that_are_missing_are_named(terminal, copy, table):
    from safetensors.torch import load_file, save_file

    weights = load_file(copy / "model.safetensors")
    del weights["model.layers.1.mlp.up_proj.weight"]
    save_file(weights, copy / "model.safetensors", {"format": "pt"})
    line = refused(terminal, "train.py", "--base", copy, "--data", table)
    assert "lacks 1 of the network's weights, such as model.layers.1.mlp.up_proj.weight" in line


def test_export_says_what_reads_such_a_model(terminal, taught):
    assert "python -m tools.adapter --merge" in refused(
        terminal, "-m", "tools.export", "--run-dir", taught
    )


@pytest.mark.usefixtures("no_weights")
def test_its_page_and_its_service_answer_where_the_base_is_not(terminal, taught):
    pytest.importorskip("gradio", reason="without gradio there is no page")
    if not (taught / "examples").is_dir():
        scored = terminal.run("eval.py", "--no-baseline", "--run-dir", taught, "--device", "cpu")
        assert scored.returncode == 0, scored.stderr
    written = terminal.run("-m", "tools.space", "--run-dir", taught)
    assert written.returncode == 0, written.stderr
    assert "its page was asked: the same answers to 3 files of examples" in written.stdout
    assert "\ntransformers==" in (taught / "space" / "requirements.txt").read_text("utf-8")
    answers = terminal.served(taught, [pair.question for pair in PAIRS])
    assert answers == [{"generated_text": pair.answer} for pair in PAIRS]


def test_a_run_without_a_base_has_no_adapter(terminal, tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("to be or not to be\n" * 50, encoding="utf-8")
    words = ["--data", text, "--epochs", 1, "--layers", 1, "--width", 16, "--context", 16]
    folder = terminal.train("own", *words)
    line = refused(terminal, "-m", "tools.adapter", "--run-dir", folder)
    assert "was trained without --base" in line


def test_text_behind_a_conversation_may_be_longer_than_all_other_text(tiny):
    (tokens, _) = Conversations(PAIRS, chat_at(tiny), 400, other=torch.arange(1, 8))[0]
    assert tokens[-14:].unique().tolist() == list(range(1, 8))


def test_conversations_are_evaluated_a_few_at_a_time(tiny):
    conversations = Conversations(PAIRS, chat_at(tiny), 400)
    assert conversations.evaluation_batch_size == 2
