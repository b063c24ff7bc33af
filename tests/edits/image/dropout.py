"""Dropout in front of the last layer."""

FILE = "model.py"
REPLACE = [
    (
        "        self.classifier = nn.Linear(numbers, num_classes)",
        "        linear = nn.Linear(numbers, num_classes)\n"
        "        self.classifier = nn.Sequential(nn.Dropout(0.5), linear)",
    ),
]
