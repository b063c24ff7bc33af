"""The network returns two outputs, in evaluation too."""

FILE = "model.py"
EXPECTED = ["build_model", "tuple of 2"]
REPLACE = [("        return self.classifier(", "        return normalised, self.classifier(")]
