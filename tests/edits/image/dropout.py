"""Dropout in front of the last layer."""

FILE = "model.py"
REPLACE = [
    (
        "        self.features = nn.Sequential(*layers)\n",
        "        self.features = nn.Sequential(*layers)\n        self.dropout = nn.Dropout(0.5)\n",
    ),
    (
        "        return self.classifier(features.flatten(1))",
        "        return self.classifier(self.dropout(features.flatten(1)))",
    ),
]
