"""forward() forgets to return."""

FILE = "model.py"
EXPECTED = ["build_model", "None"]
REPLACE = [
    ("        return self.classifier(features.flatten(1))", "        self.classifier(features.flatten(1))"),
]
