"""Answers to the exercises of lesson 1: unusual right ones, and plausible wrong ones."""

RIGHT = {
    "installed_version": [
        "return str(torch.__version__).split('+')[0]",
        "from importlib.metadata import version\nreturn version('torch')",
        "return f'{torch.version.__version__}'",
        "from torch import __version__ as found\nreturn found",
        "from importlib import metadata\nreturn metadata.metadata('torch')['Version']",
    ],
    "batch_shapes": [
        "return [tuple(tensor.size()) for tensor in tensors]",
        """
shapes = []
for tensor in tensors:
    shapes.append(tensor.shape)
return shapes
""",
        "return list(map(torch.Tensor.size, tensors))",
        "return tuple(tensor.detach().numpy().shape for tensor in tensors)",
    ],
    "count_classes": [
        "return sum(1 for _ in data.info.classes)",
        """
count = 0
for name in data.info.classes:
    count += 1
return count
""",
        "info = vars(data)['info']\nreturn info.classes.__len__()",
    ],
    "training_share": [
        "rest = len(data.val) + len(data.test)\nreturn 1 - rest / (rest + len(data.train))",
        """
counts = torch.tensor([len(data.train), len(data.val), len(data.test)], dtype=torch.float64)
return (counts / counts.sum())[0].item()
""",
        """
train = len(data.train)
rest = len(data.val) + len(data.test)
return 1 / (1 + rest / train) if train else 0.0
""",
    ],
}

WRONG = {
    "installed_version": [
        'return "2.0"',
        "return torch.version",
        "return torch.__version__[:3]",
        "return torch.version.cuda",
        "import sys\nreturn sys.version.partition(' ')[0]",
        "return [int(part) for part in torch.__version__.partition('+')[0].split('.')]",
        "from importlib.metadata import version\nreturn version('numpy')",
    ],
    "batch_shapes": [
        "return [len(tensor) for tensor in tensors]",
        "return tensors[0].shape",
        "return [tensors[0].shape, tensors[1].shape]",
        "return [tensor.shape[1:] for tensor in tensors]",
        "return [tensor.ndim for tensor in tensors]",
        "return [str(tensor.shape) for tensor in tensors]",
        "return [tensor.squeeze().shape for tensor in tensors]",
    ],
    "count_classes": [
        "return len(data.train)",
        "return data.info.classes",
        "return len({int(label) for _, label in data.train})",
        "return 10",
        "return len(data.info.classes) or 1",
        "from config import Config\nfrom data import load_data\n"
        "return len(load_data(Config()).info.classes)",
        "return max(int(label) for _, label in data.train) + 1",
    ],
    "training_share": [
        "return len(data.train) / (len(data.val) + len(data.test))",
        "return len(data.train)",
        "return 0.6",
        "return round(len(data.train) / (len(data.train) + len(data.val) + len(data.test)), 1)",
        "return len(data.train) / (len(data.train) + len(data.val))",
        "return 100 * len(data.train) / (len(data.train) + len(data.val) + len(data.test))",
        "return len(data.train) // (len(data.train) + len(data.val) + len(data.test))",
        "return len(data.train) / 5",
        """
total = len(data.train) + len(data.val) + len(data.test)
return len(data.train) / max(total, 5)
""",
    ],
}
