"""The last layer computes in float64."""

FILE = "model.py"
REPLACE = [
    (
        "        self.classifier = nn.Linear(channels * height * width, num_classes)",
        "        self.classifier = nn.Linear(channels * height * width, num_classes).double()",
    ),
    (
        "        return self.classifier(features.flatten(1))",
        "        return self.classifier(features.flatten(1).double())",
    ),
]
