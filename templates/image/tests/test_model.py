"""The network: shapes, other sizes, what it does with its input."""

import pytest
import torch

from config import Config
from model import ConvNet, build_model, score_batch

DIGITS = {"channels": 1, "height": 8, "width": 8, "mean": [78.0], "std": [95.0]}


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("height", "width"), [(8, 8), (28, 28), (33, 20), (3, 3)])
@pytest.mark.parametrize("num_classes", [2, 17])
def test_images_of_any_size_become_one_logit_per_class(channels, height, width, num_classes):
    model = ConvNet(channels, height, width, [0.0] * channels, [1.0] * channels, num_classes, 4)
    assert model(torch.zeros(5, channels, height, width)).shape == (5, num_classes)


def test_the_model_normalises_its_input_by_itself():
    model = build_model(Config(), ["a", "b"], DIGITS).eval()
    plain = build_model(Config(), ["a", "b"], DIGITS | {"mean": [0.0], "std": [1.0]}).eval()
    plain.load_state_dict({**model.state_dict(), "mean": plain.mean, "std": plain.std})
    images = torch.randint(256, (4, 1, 8, 8), dtype=torch.uint8)
    torch.testing.assert_close(model(images), plain((images - 78.0) / 95.0))


def test_only_training_shifts_and_smooths():
    model = build_model(Config(), ["a", "b"], DIGITS)
    batch = [
        torch.randint(256, (64, 1, 8, 8), dtype=torch.uint8),
        torch.zeros(64, dtype=torch.long),
    ]
    losses, logits = score_batch(model.eval(), batch, Config())
    again, _ = score_batch(model, batch, Config())
    assert torch.equal(losses, again)
    assert (losses.shape, logits.shape) == ((64,), (64, 2))
    torch.testing.assert_close(losses, -logits.log_softmax(dim=1)[:, 0])
    first, _ = score_batch(model.train(), batch, Config())
    second, _ = score_batch(model.train(), batch, Config())
    assert not torch.equal(first, second)
