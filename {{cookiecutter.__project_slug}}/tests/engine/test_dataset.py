"""What data.py hands over: datasets of any kind become batches, and what is none is named."""

import random

import numpy as np
import pytest
import torch
import toy
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset, random_split

from engine import dataset as engine_dataset
from engine.dataset import (
    BatchReader,
    BatchRequest,
    BatchSampler,
    InMemory,
    Sequences,
    Windows,
    labels_of,
    summary,
    to_device,
)
from engine.loader import make_loader
from engine.settings import UserError, one_line_errors

CONFIG = toy.Config()
PIXELS = torch.randint(256, (10, 1, 4, 4), dtype=torch.uint8)
LABELS = torch.arange(10) % 3


def first_batch(dataset, size=4, **settings):
    return next(iter(make_loader(dataset, size, toy.Config(**settings))))


# InMemory: tensors side by side.


def test_an_example_is_an_input_and_a_label():
    points = InMemory(torch.rand(10, 2), LABELS)
    point, label = points[7]
    assert torch.equal(point, points.tensors[0][7])
    assert (label, len(points)) == (LABELS[7], 10)
    assert torch.equal(points.labels, LABELS)


def test_an_input_of_several_parts_is_a_tuple():
    numbers = torch.rand(10, 2)
    words = torch.randint(5, (10, 3))
    both = InMemory((numbers, words), LABELS)
    (number, word), label = both[3]
    assert torch.equal(number, numbers[3])
    assert torch.equal(word, words[3])
    assert label == LABELS[3]
    inputs, labels = both.batch(torch.tensor([2, 0]))
    assert isinstance(inputs, tuple)
    assert torch.equal(inputs[0], numbers[[2, 0]])
    assert torch.equal(inputs[1], words[[2, 0]])
    assert torch.equal(labels, LABELS[[2, 0]])


def test_pictures_in_bytes_come_out_as_float32_in_0_to_1():
    pictures = InMemory(PIXELS, LABELS)
    picture, _ = pictures[2]
    batch, _ = pictures.batch(torch.tensor([2, 5]))
    assert picture.dtype == batch.dtype == torch.float32
    assert torch.equal(picture, PIXELS[2].float() / 255)
    assert torch.equal(batch, PIXELS[[2, 5]].float() / 255)
    assert pictures.tensors[0].dtype == torch.uint8  # the memory keeps bytes


@pytest.mark.parametrize("large", [0, 2**27])
def test_a_part_has_the_examples_at_its_indices_and_can_be_parted_again(monkeypatch, large):
    monkeypatch.setattr(engine_dataset, "LARGE", large)
    whole = InMemory(PIXELS, LABELS)
    part = whole.part(torch.tensor([8, 1, 5, 0]))
    again = part.part(torch.tensor([2, 0]))
    assert (len(part), len(again)) == (4, 2)
    assert torch.equal(part.labels, LABELS[[8, 1, 5, 0]])
    assert torch.equal(again.labels, LABELS[[5, 8]])
    assert torch.equal(part[1][0], whole[1][0])
    assert torch.equal(again.batch(torch.tensor([1, 0]))[0], whole.batch(torch.tensor([8, 5]))[0])
    moved = part.to(torch.device("cpu"))
    assert torch.equal(moved.labels, part.labels)
    assert torch.equal(moved.batch(torch.arange(4))[0], part.batch(torch.arange(4))[0])
    shares_memory = part.tensors[0].data_ptr() == whole.tensors[0].data_ptr()
    assert shares_memory == (large == 0)


def test_pytorchs_own_dataloader_reads_it_too():
    loader = DataLoader(InMemory((PIXELS, torch.rand(10, 2)), LABELS), batch_size=4)
    (pictures, numbers), labels = next(iter(loader))
    assert (pictures.shape, pictures.dtype) == ((4, 1, 4, 4), torch.float32)
    assert numbers.shape == (4, 2)
    assert torch.equal(labels, LABELS[:4])


def test_pytorchs_subsets_of_it_are_datasets():
    whole = InMemory(PIXELS, LABELS)
    first, second = random_split(whole, [6, 4])
    for part in (first, second, Subset(whole, [3, 2, 1])):
        inputs, labels = first_batch(part, size=3)
        expected = [whole[index] for index in part.indices[: len(labels)]]
        assert torch.equal(inputs, torch.stack([picture for picture, _ in expected]))
        assert labels.tolist() == [label.item() for _, label in expected]


def test_a_subclass_with_its_own_getitem_is_asked_for_each_example():
    class Doubled(InMemory):
        def __getitem__(self, index):
            picture, label = super().__getitem__(index)
            return 2 * picture, label

    inputs, _ = first_batch(Doubled(PIXELS, LABELS))
    assert torch.equal(inputs, 2 * PIXELS[:4].float() / 255)


def test_in_memory_float64_is_float32_and_labels_are_int64_or_float32():
    points = torch.from_numpy(np.random.rand(10, 2))
    inputs, labels = first_batch(InMemory(points, LABELS.int()))
    assert (inputs.dtype, labels.dtype) == (torch.float32, torch.int64)
    _, numbers = first_batch(InMemory(points, points[:, 0]))
    assert numbers.dtype == torch.float32


@pytest.mark.parametrize(
    ("inputs", "labels", "message"),
    [
        (torch.rand(10, 2), torch.zeros(9), r"10 inputs .* 9 labels"),
        (torch.rand(10, 2), torch.zeros(10, 1), r"a label of shape \(1,\)"),
        (np.zeros((10, 2)), torch.zeros(10), r"an array .* torch\.from_numpy"),
    ],
)
def test_in_memory_refuses_what_does_not_fit_together(inputs, labels, message):
    with pytest.raises(UserError, match=rf"InMemory.*{message}"):
        InMemory(inputs, labels)


# Sequences: of different lengths, one behind the other.


def make_sequences(count=10):
    """Return sequences of 1 to 5 numbers, each full of its own number."""
    values = [torch.full((1 + 3 * number % 5,), number + 1) for number in range(count)]
    return Sequences(values, torch.arange(count) % 3), values


def test_a_sequence_is_as_long_as_it_was():
    sequences, values = make_sequences()
    assert len(sequences) == 10
    for number, value in enumerate(values):
        sequence, label = sequences[number]
        assert torch.equal(sequence, value)
        assert label == number % 3
    assert sequences.sizes.tolist() == [len(value) for value in values]


@pytest.mark.parametrize("rows", [[3], [0, 9, 4], list(range(10))])
def test_a_batch_of_sequences_is_padded_with_0_as_its_own_collate_fn_does(rows):
    sequences, values = make_sequences()
    characters, labels = sequences.batch(torch.tensor(rows))
    assert characters.shape == (len(rows), max(len(values[row]) for row in rows))
    for row, padded in zip(rows, characters, strict=True):
        assert torch.equal(padded[padded > 0], values[row])
        assert torch.equal(padded[: len(values[row])], values[row])
    expected, expected_labels = sequences.collate_fn([sequences[row] for row in rows])
    assert torch.equal(characters, expected)
    assert torch.equal(labels, expected_labels)


def test_sequences_of_like_length_share_a_batch():
    sequences, _ = make_sequences(100)
    for characters, _ in make_loader(sequences, 5, CONFIG, seed=0):
        assert (characters == 0).double().mean() < 0.3


def test_pytorchs_own_dataloader_reads_sequences_with_their_collate_fn():
    sequences, _ = make_sequences()
    loader = DataLoader(sequences, batch_size=4, collate_fn=sequences.collate_fn)
    characters, labels = next(iter(loader))
    assert torch.equal(characters, sequences.batch(torch.arange(4))[0])
    assert labels.tolist() == [0, 1, 2, 0]


# Windows: of one long sequence.


def test_a_window_has_what_follows_at_each_place_for_its_label():
    windows = Windows(torch.arange(11, dtype=torch.int32), 3)
    assert len(windows) == 3  # 9 and 10 are too few for one more
    for number in range(3):
        window, label = windows[number]
        assert window.tolist() == [3 * number, 3 * number + 1, 3 * number + 2]
        assert label.tolist() == [3 * number + 1, 3 * number + 2, 3 * number + 3]
        assert window.dtype == label.dtype == torch.int64


def test_windows_do_not_overlap_and_each_place_is_foreseen_once():
    windows = Windows(torch.arange(100), 7)
    inputs, labels = windows.batch(torch.arange(len(windows)))
    assert inputs.flatten().tolist() == list(range(98))
    assert labels.flatten().tolist() == list(range(1, 99))


@pytest.mark.parametrize("rows", [[3], [0, 9, 4], list(range(12))])
def test_a_batch_of_windows_is_its_examples_side_by_side(rows):
    windows = Windows(torch.randint(50, (100,), dtype=torch.int32), 8)
    inputs, labels = windows.batch(torch.tensor(rows))
    assert inputs.dtype == labels.dtype == torch.int64
    for row, window, label in zip(rows, inputs, labels, strict=True):
        assert torch.equal(window, windows[row][0])
        assert torch.equal(label, windows[row][1])
    assert torch.equal(windows.labels[rows], labels)
    assert labels_of(windows) is None  # it is no label for each example


def test_in_each_epoch_of_a_training_the_windows_begin_at_another_place():
    windows = Windows(torch.arange(100), 7)
    loader = make_loader(windows, 4, CONFIG, seed=0)
    firsts = []
    for epoch in range(6):
        go_to(loader, epoch, 0)
        inputs = torch.cat([inputs for inputs, _ in loader])
        begins = inputs[:, 0].sort().values
        firsts.append(int(begins[0]))
        assert len(begins) == len(windows)
        # One behind the other; the last one may begin earlier, so that it does not end outside.
        assert begins[:-1].diff().tolist() == [7] * (len(windows) - 2)
        assert begins[-1] <= 100 - 8
    assert len(set(firsts)) > 2
    assert all(0 <= first < 7 for first in firsts)
    go_to(loader, 3, 0)  # as a resumed training does
    assert int(torch.cat([inputs for inputs, _ in loader]).min()) == firsts[3]


def test_without_a_seed_the_windows_begin_at_the_beginning_in_each_epoch():
    loader = make_loader(Windows(torch.arange(100), 7), 4, CONFIG)
    for epoch in range(3):
        go_to(loader, epoch, 0)
        assert torch.cat([inputs for inputs, _ in loader]).flatten().tolist() == list(range(98))


@pytest.mark.parametrize(("length", "count"), [(5, 1), (8, 1), (9, 2)])
def test_a_sequence_of_a_window_and_one_place_more_is_enough(length, count):
    assert len(Windows(torch.arange(length), 4)) == count


@pytest.mark.parametrize("length", [0, 1, 4])
def test_a_sequence_that_is_too_short_for_a_window_is_refused(length):
    with pytest.raises(UserError) as error:
        Windows(torch.arange(length), 4)
    assert str(error.value) == (
        f"data.py: Windows got a tensor ({length},) int64 for windows of 4: "
        "it must be longer than one of them"
    )


def test_a_subclass_of_windows_with_its_own_getitem_is_asked_for_each_example():
    class Backwards(Windows):
        def __getitem__(self, index):
            window, label = super().__getitem__(index)
            return window.flip(0), label.flip(0)

    request = BatchRequest(torch.tensor([1, 0]), seed=None)
    inputs, labels = BatchReader(Backwards(torch.arange(9), 4))[request]
    assert inputs.tolist() == [[7, 6, 5, 4], [3, 2, 1, 0]]
    assert labels.tolist() == [[8, 7, 6, 5], [4, 3, 2, 1]]


# Any other dataset is asked for each example of each epoch.


class Counted(Dataset):
    """Examples as NumPy and Python values, moved at random; counts how often each is asked for."""

    def __init__(self, count=23):
        self.asked = [0] * count

    def __len__(self):
        return len(self.asked)

    def __getitem__(self, index):
        self.asked[index] += 1
        noise = torch.rand(1).item(), np.random.rand(), random.random()
        return np.array([index, *noise]), index % 3


def go_to(loader, epoch, batch):
    """Let the loader go on behind so many batches of this epoch."""
    assert isinstance(loader.sampler, BatchSampler)
    loader.sampler.go_to(epoch, batch)


def epoch_of(loader, epoch):
    """Return the inputs of an epoch in the order of the examples."""
    go_to(loader, epoch, 0)
    inputs = torch.cat([inputs for inputs, _ in loader])
    return inputs[inputs[:, 0].argsort()]


def test_each_example_is_asked_for_once_in_every_epoch():
    dataset = Counted()
    loader = make_loader(dataset, 5, CONFIG, seed=0)
    for epoch in range(3):
        epoch_of(loader, epoch)
        assert dataset.asked == [epoch + 1] * len(dataset)


def test_numpy_and_python_values_become_float32_and_int64():
    inputs, labels = first_batch(Counted())
    assert (inputs.shape, inputs.dtype) == ((4, 4), torch.float32)
    assert (labels.tolist(), labels.dtype) == ([0, 1, 2, 0], torch.int64)


def test_random_augmentation_is_fresh_in_each_epoch_and_for_each_example():
    loader = make_loader(Counted(), 5, CONFIG, seed=0)
    first = epoch_of(loader, 0)
    second = epoch_of(loader, 1)
    assert torch.equal(first[:, 0], second[:, 0])
    for source in (1, 2, 3):  # PyTorch's random numbers, NumPy's, Python's
        drawn = torch.cat([first[:, source], second[:, source]])
        assert len(drawn.unique()) == len(drawn)


def test_random_augmentation_is_the_same_again_with_workers_and_behind_a_resume():
    alone = make_loader(Counted(), 5, CONFIG, seed=0)
    whole = epoch_of(alone, 1)
    assert torch.equal(epoch_of(alone, 1), whole)
    assert torch.equal(epoch_of(make_loader(Counted(), 7, CONFIG, seed=0), 1), whole)
    helped = make_loader(Counted(), 5, toy.Config(num_workers=2), seed=0)
    assert torch.equal(epoch_of(helped, 1), whole)
    assert not torch.equal(epoch_of(make_loader(Counted(), 5, CONFIG, seed=1), 1), whole)

    go_to(alone, 1, 0)
    in_order = torch.cat([inputs for inputs, _ in alone])
    resumed = make_loader(Counted(), 5, CONFIG, seed=0)
    go_to(resumed, 1, 2)
    rest = torch.cat([inputs for inputs, _ in resumed])
    assert torch.equal(rest, in_order[-len(rest) :])


class Listed(Dataset):
    """Examples out of a list."""

    def __init__(self, examples, collate_fn=None):
        self.examples = examples
        if collate_fn is not None:
            self.collate_fn = collate_fn

    def __len__(self):
        return len(self.examples)

    def __getitem__(self, index):
        return self.examples[index]


def test_an_input_of_several_parts_reaches_the_model_as_a_tuple():
    dataset = Listed([((np.ones(3), torch.tensor([1, 2])), 0.5)] * 4)
    (numbers, words), labels = first_batch(dataset)
    assert (numbers.shape, numbers.dtype) == ((4, 3), torch.float32)
    assert (words.shape, words.dtype) == ((4, 2), torch.int64)
    assert (labels.shape, labels.dtype) == ((4,), torch.float32)


def test_an_input_may_be_a_dict_which_the_model_takes_as_its_arguments():
    dataset = Listed([({"number": 0.5, "words": np.array([1, 2])}, 0)] * 4)
    inputs, _ = first_batch(dataset)
    assert inputs.keys() == {"number", "words"}
    assert (inputs["number"].shape, inputs["number"].dtype) == ((4,), torch.float32)
    assert (inputs["words"].shape, inputs["words"].dtype) == ((4, 2), torch.int64)
    moved, _ = to_device((inputs, torch.zeros(4)), torch.device("cpu"))
    assert moved.keys() == inputs.keys()


def test_a_dataset_may_make_its_batches_by_itself():
    def pad(examples):
        longest = max(len(text) for text, _ in examples)
        rows = [[*text, *[0] * (longest - len(text))] for text, _ in examples]
        return torch.tensor(rows), torch.tensor([label for _, label in examples])

    dataset = Listed([([1, 2, 3], 0), ([4], 1)], collate_fn=pad)
    inputs, labels = first_batch(dataset)
    assert inputs.tolist() == [[1, 2, 3], [4, 0, 0]]
    assert labels.tolist() == [0, 1]


ONE = torch.zeros(2)
REFUSED = [
    ([ONE], r"gives a tensor \(2,\) float32: it must return a pair, \(input, label\)"),
    ([(ONE, 0, 1)], r"gives a tuple of 3 \(.*\): it must return a pair"),
    ([{"input": ONE, "label": 0}], "gives a dict: it must return a pair"),
    (
        [(ONE, 0), (torch.zeros(3), 1)],
        r"gives examples that make no batch, .*\(2,\).* and .*\(3,\).* a collate_fn",
    ),
    (
        [(np.zeros(2), 0), (np.zeros((2, 1)), 1)],
        r"gives examples .*an array \(2,\) float64, a int\) and",
    ),
    ([(object(), 0)], "gives examples that make no batch, .*a object, a int"),
    ([(ONE, None)], "gives examples that make no batch, .*, a NoneType"),
    ([(PIXELS[0], 0)], r"gives a tensor \(1, 4, 4\) uint8: .* so write \.float\(\) / 255"),
    ([(ONE, torch.tensor([1]))], r"gives a label of shape \(1,\): it must be a single number"),
    ([(ONE, "cat")], "gives a label that is a str: it must be the number of its class"),
    ([("a text", 0)], "gives an input that holds a str: it must be a number, an array or a t"),
    ([({"a": "b"}, 0)], "gives an input that holds a list"),
]


@pytest.mark.parametrize(("examples", "message"), REFUSED)
def test_what_makes_no_batch_is_answered_with_the_function_to_mend(examples, message):
    with pytest.raises(UserError, match=rf"^data\.py: Listed\.__getitem__ {message}") as error:
        first_batch(Listed(examples))
    assert "\n" not in str(error.value)


def test_what_a_worker_finds_wrong_is_one_line_too(capsys):
    with pytest.raises(SystemExit), one_line_errors():
        first_batch(Listed([(ONE, "cat")] * 4), num_workers=1)
    said = capsys.readouterr().err
    assert said.startswith("error: data.py: Listed.__getitem__ gives a label that is a str")
    assert said.count("\n") == 1


# Labels, and words for messages.


class Labelled(Listed):
    """Two examples that tell their labels."""

    def __init__(self, **labels):
        super().__init__([(ONE, 0)] * 2)
        vars(self).update(labels)


@pytest.mark.parametrize(
    ("dataset", "labels"),
    [
        (InMemory(torch.zeros(2, 2), torch.tensor([0, 1])), torch.tensor([0, 1])),
        (Labelled(targets=[0, 1]), torch.tensor([0, 1])),  # as torchvision's
        (Labelled(labels=np.array([0, 1], np.int32)), torch.tensor([0, 1])),
        (Labelled(labels=np.array([0.5, 1.5])), torch.tensor([0.5, 1.5]).double()),
        (Labelled(labels=["cat", "dog"]), None),
        (Labelled(labels=["cat", "dog"], targets=[0, 1]), torch.tensor([0, 1])),
        (Labelled(targets=[0, 1, 1]), None),  # they are of something else
        (Labelled(), None),
        (TensorDataset(ONE), None),
    ],
)
def test_the_labels_of_a_dataset_are_those_that_it_tells(dataset, labels):
    found = labels_of(dataset)
    if labels is None:
        assert found is None
    else:
        torch.testing.assert_close(found, labels)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (torch.zeros(2, 3), "a tensor (2, 3) float32"),
        (np.zeros(4), "an array (4,) float64"),
        ((ONE, 1), "a tuple of 2 (a tensor (2,) float32, a int)"),
        (None, "a NoneType"),
    ],
)
def test_a_value_is_described_by_its_type_and_shape(value, text):
    assert summary(value) == text
