"""What a trained model answers to new inputs, and how this is put into words."""

import pytest
import torch
import toy
from torch import nn

from engine.answers import BATCH, answer, call, put_into_words
from engine.dataset import Inputs

POINTS = torch.randn(BATCH + 7, 2, generator=torch.Generator().manual_seed(0))


def test_each_input_gets_its_answer_however_many_there_are():
    model = toy.build_model(toy.Config(), toy.Info(classes=toy.CLASSES)).eval()
    names = [str(number) for number in range(len(POINTS))]
    outputs = answer(model, Inputs(names, {"point": names}, list(POINTS)))
    assert outputs.shape == (len(POINTS), 3)
    with torch.no_grad():
        torch.testing.assert_close(outputs, model(POINTS))


def test_several_parts_are_several_arguments_and_a_collate_fn_is_used():
    class Sum(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(1))

        def forward(self, first, second):
            return first.sum(dim=1) + second.sum(dim=1)

    def pad(examples):
        pairs = [inputs for inputs, _ in examples]
        first = nn.utils.rnn.pad_sequence([one for one, _ in pairs], batch_first=True)
        second = torch.stack([other for _, other in pairs])
        return (first, second), torch.tensor([label for _, label in examples])

    examples = [(torch.ones(3), torch.ones(1)), (torch.ones(5), torch.zeros(1))]
    assert answer(Sum(), Inputs(["a", "b"], {}, examples, pad)).tolist() == [4, 5]
    assert call(Sum(), (torch.ones(1, 2), torch.ones(1, 2))).tolist() == [4]


def test_the_likeliest_classes_are_named_with_their_probabilities():
    outputs = torch.tensor([[0.0, 0.0, 3.0], [9.0, 0.0, 0.0]])
    lines, columns = put_into_words(outputs, ["a", "b", "c"], top=2)
    assert lines == ["c 90.9%, a 4.5%", "a 100.0%, b 0.0%"]
    assert columns == {"prediction": ["c", "a"], "probability": ["0.9094", "0.9998"]}
    lines, _ = put_into_words(outputs, ["a", "b", "c"], top=10)
    assert all(line.count("%") == 3 for line in lines)


@pytest.mark.parametrize(
    ("number", "text"),
    [(1.5, "1.5"), (-2e-7, "-0.0000002"), (1234567.0, "1234567"), (1e9, "1000000000"), (0, "0")],
)
def test_numbers_are_written_plainly(number, text):
    lines, columns = put_into_words(torch.tensor([number]).float(), [], top=3)
    assert lines == columns["prediction"] == [text]
