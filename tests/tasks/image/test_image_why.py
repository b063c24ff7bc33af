"""Why an answer is given to a picture: the heat lies where the thing is."""

import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

from config import Config
from data import Info
from engine.checkpoint import LoadedModel
from tools.texts import WHY
from tools.why import PLANS, explain, heat_of, hide, paint, squares

SIDE = 32
OBJECT = 12
CLASSES = ["ring", "cross", "stripes"]


def pasted(count, seed):
    """Return things on backgrounds (N, 3, 32, 32), their classes, where they are (N, 32, 32)."""
    draw = torch.Generator().manual_seed(seed)
    rough = torch.rand(count, 3, 6, 6, generator=draw)
    pictures = 0.8 * F.interpolate(rough, size=SIDE, mode="bilinear")
    pictures = pictures + 0.1 * torch.rand(count, 3, SIDE, SIDE, generator=draw)
    labels = torch.randint(0, 3, (count,), generator=draw)
    things = torch.zeros(3, OBJECT, OBJECT, dtype=torch.bool)
    things[0] = True
    things[0, 3:9, 3:9] = False
    things[1, 4:8] = True
    things[1, :, 4:8] = True
    things[2, ::4] = True
    things[2, 1::4] = True
    where = torch.zeros(count, SIDE, SIDE, dtype=torch.bool)
    for number, label in enumerate(labels.tolist()):
        top, left = torch.randint(0, SIDE - OBJECT, (2,), generator=draw).tolist()
        part = (slice(top, top + OBJECT), slice(left, left + OBJECT))
        colour = torch.rand(3, 1, generator=draw)
        pictures[number][:, part[0], part[1]][:, things[label]] = colour
        where[number][part] = True
    return pictures.clamp(0, 1), labels, where


@pytest.fixture(scope="module")
def network():
    """A small network that tells the three things apart."""
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 32, 3, padding=1),
        nn.ReLU(),
        nn.AdaptiveMaxPool2d(1),
        nn.Flatten(),
        nn.Linear(32, 3),
    )
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    pictures, labels, _ = pasted(1200, seed=1)
    for _ in range(10):
        for some in torch.randperm(len(labels)).split(64):
            loss = F.cross_entropy(network(pictures[some]), labels[some])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return network.eval()


def test_more_of_the_heat_is_in_the_thing_than_its_area(network):
    pictures, labels, where = pasted(30, seed=2)
    right = network(pictures).argmax(dim=1) == labels
    assert right.sum() > 20
    shares = []
    for picture, mask in zip(pictures[right], where[right], strict=True):
        worth = heat_of(network, picture, CLASSES, seconds=60).worth
        assert worth.shape == picture.shape[1:]
        assert worth.min() >= 0
        shares.append((worth[mask].sum() / worth.sum()).item())
    area = OBJECT**2 / SIDE**2  # 0.14
    assert torch.tensor(shares).mean() > 2.5 * area
    assert sum(share > area for share in shares) > 0.8 * len(shares)


class Constant(nn.Module):
    """Answers the same to anything."""

    def __init__(self):
        super().__init__()
        self.logits = nn.Parameter(torch.tensor([[3.0, 0.0, 0.0]]))

    def forward(self, pictures):
        return self.logits.expand(len(pictures), -1)


def test_a_model_that_always_answers_the_same_has_no_heat():
    heat = heat_of(Constant(), torch.rand(3, 20, 30), CLASSES)
    assert heat.worth.shape == (20, 30)
    assert not heat.worth.any()
    assert heat.words == WHY["no_heat"]


class SumOfLeft(nn.Module):
    """Predicts a number: the sum of the left half."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))

    def forward(self, pictures):
        return self.scale * pictures[:, :, :, : pictures.shape[3] // 2].sum(dim=(1, 2, 3))


def test_the_heat_of_a_number_is_what_moves_it():
    picture = torch.rand(1, 16, 16, generator=torch.Generator().manual_seed(0))
    heat = heat_of(SumOfLeft(), picture, [])
    left, right = heat.worth[:, :8].sum(), heat.worth[:, 8:].sum()
    assert left > 3 * right
    assert heat.words.startswith(WHY["heat"].partition("{")[0])


@pytest.mark.parametrize(("height", "width"), [(1, 1), (4, 4), (8, 8), (33, 17), (224, 300)])
@pytest.mark.parametrize("plan", PLANS)
def test_squares_cover_a_picture_of_any_size(height, width, plan):
    for fit, count in plan:
        covered = torch.zeros(height, width)
        grid = squares(height, width, fit, count)
        assert len(grid) <= count**2
        for top, left, tall, wide in grid:
            covered[top : top + tall, left : left + wide] += 1
            assert top + tall <= height
            assert left + wide <= width
        assert covered.min() > 0


def test_a_hidden_square_has_the_colour_of_the_paper():
    drawing = torch.zeros(1, 8, 8)
    drawing[:, 2:6, 3] = 1
    (square,) = squares(8, 8, fit=1, count=1)
    assert not hide(drawing, square).any()
    assert drawing.any()  # the picture itself is as it was


def test_a_slow_model_is_asked_about_fewer_squares():
    asked = []

    class Slow(Constant):
        def forward(self, pictures):
            asked.append(len(pictures))
            return super().forward(pictures)

    heat_of(Slow(), torch.rand(3, 32, 32), CLASSES, seconds=0)
    assert sum(asked) == 2 + 1 + 9  # twice for the time, the picture, nine squares
    assert max(asked) <= 16


def test_heat_is_orange_and_what_has_none_stays_grey():
    worth = torch.zeros(8, 8)
    worth[0, 0] = 2
    painted = paint(torch.full((3, 8, 8), 0.5), worth)
    assert painted.shape == (240, 240, 3)
    red, green, blue = painted[0, 0].tolist()
    assert red > green > blue
    assert painted[-1, -1].tolist() == [128, 128, 128]


def test_a_picture_file_is_explained_as_a_piece_of_a_page(tmp_path):
    Image.new("RGB", (50, 40), "red").save(tmp_path / "a.png")
    info = Info(classes=["a", "<b>", "c"], channels=3, height=24, width=24)
    network = nn.Sequential(nn.Flatten(), nn.Linear(3 * 24 * 24, 3))
    nn.init.zeros_(network[1].weight)
    with torch.no_grad():
        network[1].weight[1, ::24] = 5  # the left edge speaks for the second class
    loaded = LoadedModel(network.eval(), Config(), info, checkpoint={})
    page = explain(loaded, tmp_path / "a.png")
    assert f'<img alt="{WHY["heat_alt"]}"' in page
    assert 'src="data:image/png;base64,' in page
    # In a red picture each square is like what it is hidden by: nothing changes.
    assert WHY["no_heat"] in page
    half = Image.new("RGB", (50, 40), "black")
    half.paste("red", (0, 0, 20, 40))
    half.save(tmp_path / "b.png")
    assert "&lt;b&gt; " in explain(loaded, tmp_path / "b.png")
