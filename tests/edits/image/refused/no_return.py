"""forward() forgets to return."""

FILE = "model.py"
EXPECTED = ["build_model", "None"]
REPLACE = [("        return self.classifier(", "        self.classifier(")]
