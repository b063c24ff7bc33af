"""A small network of timm: what comes in and out, where weights come from, what is refused."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import timm
import torch
from conftest import BACKBONE
from PIL import Image
from safetensors.torch import save_file
from sklearn.datasets import load_sample_image

import engine.hub
from config import Config
from data import Info, load_data, read_input
from engine.backbone import Backbone, backbone_size, fetch, is_at_hand
from engine.baselines import baselines
from engine.batch_norm import share_batch_norm
from engine.contract import check_model, example_batch
from engine.settings import UserError
from model import build_model, compute_loss, metrics

SMALL = "test_efficientnet"  # timm's own, for tests: 160 pixels, a third of a million weights
WHOLE = "test_efficientnet.r160_in1k"
CPU = torch.device("cpu")
DAISY = 985
PALACES = (442, 698)  # a bell cote, a palace


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    """What is read of own pictures is kept under runs/cache of the folder one is in."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture
def pictures():
    """Return four pictures in colour (4, 3, 160, 160)."""
    return torch.rand(4, 3, 160, 160, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Return an empty cache of Hugging Face, with no web behind it."""
    folder = tmp_path / "hub"
    folder.mkdir()
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(folder))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    return folder


def put_into_cache(cache: Path, network: torch.nn.Module) -> Path:
    """Lay out weights as Hugging Face does; return their file."""
    repository = cache / f"models--timm--{WHOLE}"
    snapshot = repository / "snapshots" / ("0" * 40)
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("0" * 40, encoding="utf-8")
    (snapshot / "config.json").write_text(json.dumps({"architecture": SMALL}), encoding="utf-8")
    file = snapshot / "model.safetensors"
    save_file(network.state_dict(), file, metadata={"format": "pt"})
    return file


def test_features_are_those_of_timm_with_its_own_mean_and_std(pictures):
    backbone = Backbone(SMALL).eval()
    described = timm.get_pretrained_cfg(SMALL)
    mean = torch.tensor(described.mean).view(3, 1, 1)
    std = torch.tensor(described.std).view(3, 1, 1)
    with torch.no_grad():
        features = backbone(pictures)
        theirs = backbone.network((pictures - mean) / std)
    assert features.shape == (4, backbone.num_features)
    assert torch.equal(features, theirs)
    assert backbone_size(SMALL) == 160
    assert {"mean", "std"} <= backbone.state_dict().keys()  # so an export has them, too


def test_a_grey_picture_is_one_in_colour_with_three_equal_channels(pictures):
    backbone = Backbone(SMALL).eval()
    grey = pictures[:, :1]
    with torch.no_grad():
        torch.testing.assert_close(backbone(grey), backbone(grey.expand(-1, 3, -1, -1)))


def test_the_weights_come_from_the_cache_without_the_classifier(cache, pictures):
    torch.manual_seed(1)
    whole = timm.create_model(SMALL, num_classes=1000).eval()
    put_into_cache(cache, whole)
    assert is_at_hand(SMALL)
    backbone = Backbone(WHOLE).eval()
    backbone.load_pretrained()
    with torch.no_grad():
        normalised = (pictures - backbone.mean) / backbone.std
        expected = whole.forward_head(whole.forward_features(normalised), pre_logits=True)
        torch.testing.assert_close(backbone(pictures), expected)


def test_real_weights_know_a_daisy_and_a_palace(tmp_path):
    backbone = Backbone(BACKBONE).eval()
    backbone.load_pretrained()
    head = timm.create_model(BACKBONE, pretrained=True).eval().get_classifier()
    info = Info(classes=[], channels=3, height=224, width=224)
    answers = []
    for name in ("flower.jpg", "china.jpg"):
        photo = Image.fromarray(load_sample_image(name))
        left = (photo.width - photo.height) // 2
        square = photo.crop((left, 0, left + photo.height, photo.height))
        path = tmp_path / f"{name}.png"
        square.save(path)
        with torch.no_grad():
            answers.append(int(head(backbone(read_input(path, info)[None])).argmax()))
    assert answers[0] == DAISY
    assert answers[1] in PALACES


@pytest.mark.parametrize("rest", [1000, 0])
def test_a_damaged_file_is_said_in_one_line_with_the_folder_to_remove(cache, rest):
    file = put_into_cache(cache, timm.create_model(SMALL))
    file.write_bytes(file.read_bytes()[:rest])
    folder = re.escape(str(cache / f"models--timm--{WHOLE}"))
    with pytest.raises(UserError, match=rf"cannot be read: remove {folder}, then .*") as raised:
        Backbone(SMALL).load_pretrained()
    assert "\n" not in str(raised.value)


def test_without_a_web_and_without_a_cache_it_says_how_to_load_ahead(cache):
    assert not is_at_hand(SMALL)
    how = f"python -m tools.fetch timm/{WHOLE} loads it ahead"
    with pytest.raises(UserError, match=f"is not in the cache, .* does not answer: .*{how}"):
        fetch(SMALL)


def test_half_a_network_in_the_cache_is_not_taken_for_one_without_safetensors(cache):
    put_into_cache(cache, timm.create_model(SMALL)).unlink()
    with pytest.raises(UserError, match=r"is not in the cache, .* does not answer"):
        fetch(SMALL)


def test_without_tools_the_advice_names_no_command_that_is_not_there(cache, monkeypatch, tmp_path):
    monkeypatch.setattr(engine.hub, "PROJECT", tmp_path)
    with pytest.raises(UserError, match="connect to the web once, then it is kept"):
        fetch(SMALL)


@pytest.mark.parametrize(
    "name, message",
    [
        ("tf_eficientnet_lite0", "is no network .*: did you mean tf_efficientnet_lite0"),
        ("resnet18.a9_in1k", r"is no network .*: did you mean resnet18\.a\d_in1k"),
        ("efficientnet_lite1", "has learned nothing: timm has no weights for it"),
    ],
)
def test_a_name_that_does_not_do_is_refused_with_another_one(name, message):
    with pytest.raises(UserError, match=message):
        Backbone(name)


def test_pictures_get_the_size_of_the_backbone_unless_another_one_is_typed(few_examples):
    config = Config(data=str(few_examples), backbone=SMALL)
    assert load_data(config).info.height == 160
    assert load_data(replace(config, image_size=48)).info.height == 48
    assert load_data(Config(backbone=SMALL)).train[0][0].shape == (1, 160, 160)


def test_enlarged_digits_are_the_digits():
    small = load_data(Config()).train[0][0]
    large = load_data(Config(backbone=SMALL, image_size=16)).train[0][0]
    torch.testing.assert_close(large[:, ::2, ::2], small, rtol=0, atol=0.5 / 255)


def test_a_size_that_a_network_cannot_take_is_refused_in_one_line(few_examples):
    config = Config(data=str(few_examples), backbone="test_vit", image_size=100)
    data = load_data(config)
    model = build_model(config, data.info)
    with pytest.raises(UserError, match=r"cannot take .*\(2, 3, 100, 100\)") as raised:
        check_model(
            model, compute_loss, metrics(data.info), config, data.info, example_batch(data, CPU)
        )
    assert "\n" not in str(raised.value)


def test_several_processes_keep_the_activations_inside_its_normalisation(pictures):
    backbone = Backbone(SMALL).eval()
    with torch.no_grad():
        before = backbone(pictures)
        assert torch.equal(share_batch_norm(backbone, CPU)(pictures), before)


def test_a_frozen_network_is_among_the_simpler_models_where_it_is_at_hand(few_examples, cache):
    config = Config(data=str(few_examples), backbone=SMALL)
    data = load_data(config)

    def names() -> list[str]:
        return [name for name, _ in baselines(data.train, data.test, data.info, config)]

    assert names() == ["logistic regression"]
    file = put_into_cache(cache, timm.create_model(SMALL))
    assert names() == ["logistic regression", f"frozen {SMALL} + logistic regression"]
    file.write_bytes(b"")
    assert names() == ["logistic regression"]
