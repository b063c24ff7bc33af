"""Of the text for validation a few characters are left."""

FILE = "data.py"
EXPECTED = ["data.py: Windows got a tensor (10,) int32 for windows of 16", "longer than one"]
REPLACE = [("        val=part(split.val),\n", "        val=part(split.val[:10]),\n")]
